//! The few numbers that a database keeps beside its rows, and the secrets that ids were made with.

use rusqlite::{Connection, OptionalExtension, params};
use tradepit_engine::Number;

use crate::damage::{Failure, Read};
use crate::sum::Sum;

/// All changes up to this one are in the table of orders.
pub(crate) const SETTLED: &str = "settled";

/// All orders that were closed by this change are removed: they count as gone, whether or not their rows still stand.
pub(crate) const HORIZON: &str = "horizon";

/// Of what the market's chance is made.
pub(crate) const MARKET: &str = "market";

/// What the chance of rules follows from, once any were set.
pub(crate) const RULES: &str = "rules";

/// What stands for all rows of what is listed and who has what.
pub(crate) const TOTAL: &str = "total";

/// How far a virtual clock has come.
pub(crate) const CLOCK: &str = "clock";

/// The secret by which ids were given from some change on, and can be told to be ours. The actors make and read it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IdKey {
    /// The first change that may have used it.
    pub first_number: Number,
    /// The secret.
    pub key: [u8; 32],
}

impl std::fmt::Debug for IdKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdKey").field("first_number", &self.first_number).finish_non_exhaustive()
    }
}

fn sum_of_mark(name: &str, value: i64) -> i64 {
    Sum::new(&[value]).text(Some(name)).done()
}

fn sum_of_id_key(first_number: i64, key: &[u8]) -> i64 {
    Sum::new(&[first_number]).bytes(key).done()
}

pub(crate) fn write(connection: &Connection, name: &str, number: Number) -> rusqlite::Result<()> {
    let value = number.0.cast_signed();
    let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO marks VALUES (?1, ?2, ?3)")?;
    statement.execute(params![name, value, sum_of_mark(name, value)]).map(drop)
}

/// Reads a mark, which must be there.
pub(crate) fn read(connection: &Connection, name: &str) -> Read<Number> {
    find(connection, name)?.ok_or_else(|| Failure::Damage(format!("the mark {name:?} is missing")))
}

/// Reads a mark, which may be missing.
pub(crate) fn find(connection: &Connection, name: &str) -> Read<Option<Number>> {
    let mut statement = connection.prepare_cached("SELECT value, crc FROM marks WHERE name = ?1")?;
    let found: Option<(i64, i64)> = statement.query_row([name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match found {
        Some((value, sum)) if sum == sum_of_mark(name, value) => Ok(Some(Number(value.cast_unsigned()))),
        Some(_) => Err(Failure::Damage(format!("the mark {name:?} is not what was written"))),
        None => Ok(None),
    }
}

/// Every secret that ids were made with, oldest first.
pub(crate) fn id_keys(connection: &Connection) -> Read<Vec<IdKey>> {
    let mut statement = connection.prepare("SELECT first_number, id_key, crc FROM id_keys ORDER BY first_number")?;
    let mut rows = statement.query([])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let (first_number, key, sum): (i64, [u8; 32], i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if sum != sum_of_id_key(first_number, &key) {
            return Err(Failure::Damage(format!("the id key of change {first_number} is not what was written")));
        }
        keys.push(IdKey { first_number: Number(first_number.cast_unsigned()), key });
    }
    Ok(keys)
}

/// Remembers a secret. One that was never used, because no change came, gives way to it.
pub(crate) fn add_id_key(connection: &Connection, id_key: &IdKey) -> rusqlite::Result<()> {
    let (first_number, key) = (id_key.first_number.0.cast_signed(), &id_key.key);
    let sum = sum_of_id_key(first_number, key);
    connection.execute("INSERT OR REPLACE INTO id_keys VALUES (?1, ?2, ?3)", params![first_number, key, sum]).map(drop)
}
