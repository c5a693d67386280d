//! One number that stands for all rows of what is listed and who has what.
//!
//! Each row has a checksum of its own, and tells nothing of when it was written. Where a log has lost its end after it
//! was brought into the database, SQLite shows some pages as they were before and others as they are: what was settled
//! would be settled twice. The sum over all rows is a mark, written with them, and such a mixture has another one.

use rusqlite::{Connection, OptionalExtension as _, Params};
use tradepit_engine::Number;

use crate::damage::{Failure, Read};
use crate::marks;

/// The sum over all rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Total(i64);

impl Total {
    /// Requires that it is the one that was written with the rows.
    pub(crate) fn check(self, connection: &Connection) -> Read<()> {
        // A folder of an earlier version has none before its first change is settled.
        match marks::find(connection, marks::TOTAL)? {
            Some(written) if written.0.cast_signed() != self.0 => {
                Err(Failure::Damage("the accounts are of different moments".to_owned()))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// A row with this sum is there beside the others.
    pub(crate) fn add(&mut self, sum: i64) {
        self.0 = self.0.wrapping_add(sum);
    }

    /// A row with this sum takes the place of the one that `select` finds by `key`, if there is one.
    pub(crate) fn replace(
        &mut self,
        connection: &Connection,
        (select, key): (&str, impl Params),
        sum: i64,
    ) -> rusqlite::Result<()> {
        let before = connection.prepare_cached(select)?.query_row(key, |row| row.get(0)).optional()?;
        self.0 = self.0.wrapping_sub(before.unwrap_or(0)).wrapping_add(sum);
        Ok(())
    }

    /// Writes it, in the transaction that writes the rows.
    pub(crate) fn write(self, connection: &Connection) -> rusqlite::Result<()> {
        marks::write(connection, marks::TOTAL, Number(self.0.cast_unsigned()))
    }
}
