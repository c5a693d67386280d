//! From older versions of the tables to the one of today.
//!
//! All of it is one transaction: a start that is broken off begins anew, and what is refused is left as it was. Every
//! row is read with its checksum; nothing is taken over that was not what was written.

mod version_1;
mod version_2;
mod version_3;
mod version_4;

use rusqlite::Connection;
use tradepit_engine::{Event, Number, Order};

use crate::blocks::{BLOCK, Block, Blocks};
use crate::check;
use crate::damage::{Failure, Read};
use crate::journal::{self, Tail};
use crate::schema;
use crate::stamp::Stamp;
use crate::step::{Step, Tell};

/// How often progress is told, in changes.
const TELL_EVERY: u64 = 16_384;

/// The newest change in a database of an older version.
pub(crate) fn last_number(connection: &Connection, version: u32) -> rusqlite::Result<Number> {
    let select = match version {
        1 => "SELECT coalesce(max(seq), 0) FROM events",
        2 => "SELECT coalesce(max(first_seq + changes - 1), 0) FROM batches",
        _ => return journal::last_number(connection),
    };
    let last: i64 = connection.query_row(select, [], |row| row.get(0))?;
    Ok(Number(last.cast_unsigned()))
}

/// Brings a database of an older version up to date. A small one is checked whole before anything of it is kept.
pub(crate) fn run(connection: &Connection, version: u32, stamp: &Stamp, is_small: bool, tell: Tell<'_>) -> Read<()> {
    let transaction = connection.unchecked_transaction()?;
    if is_small {
        let said: String = transaction.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if said != "ok" {
            return Err(Failure::Damage(said.lines().last().unwrap_or_default().to_owned()));
        }
    }
    let last = last_number(&transaction, version)?;
    stamp.write_if_due(&transaction)?;
    match version {
        1 => version_1::move_all(&transaction, last, tell)?,
        2 => version_2::move_all(&transaction, last, tell)?,
        3 => version_3::move_all(&transaction, last, tell)?,
        _ => version_4::move_all(&transaction)?,
    }
    transaction.pragma_update(None, "user_version", schema::VERSION)?;
    if is_small {
        let report = check::report(&transaction, &mut |_, _| {})?;
        if let Some(what) = report.damage.into_iter().next() {
            return Err(Failure::Damage(what));
        }
    }
    Ok(transaction.commit()?)
}

/// Moves changes to the table of today, one after the other, and tells how far that is.
struct Moving<'a, 'b> {
    tail: Tail<'a>,
    first: Number,
    of: u64,
    tell: Tell<'b>,
}

impl<'a, 'b> Moving<'a, 'b> {
    /// Those from `tail` on; `last` is the newest.
    fn begin(tail: Tail<'a>, last: Number, tell: Tell<'b>) -> Moving<'a, 'b> {
        let first = tail.end().number;
        Moving { tail, first, of: last.0.saturating_sub(first.0), tell }
    }

    fn push(&mut self, event: &Event) -> Read<()> {
        if (event.number, event.seq) != self.tail.end().next(event) {
            return Err(Failure::Damage(format!("change {} is missing", self.tail.end().number.next().0)));
        }
        self.tail.push(event)?;
        let done = event.number.0 - self.first.0;
        if done.is_multiple_of(TELL_EVERY) {
            (self.tell)(Step::Upgrade, done, self.of);
        }
        Ok(())
    }

    fn end(mut self) -> Read<()> {
        Ok(self.tail.flush()?)
    }
}

/// Moves orders to the table of today, one after the other.
struct Orders<'a> {
    blocks: Blocks<'a>,
    orders: Vec<Order>,
}

impl<'a> Orders<'a> {
    fn begin(connection: &'a Connection) -> Read<Orders<'a>> {
        Ok(Orders { blocks: Blocks::prepare(connection)?, orders: Vec::with_capacity(BLOCK) })
    }

    fn push(&mut self, order: Order) -> Read<()> {
        self.orders.push(order);
        if self.orders.len() == BLOCK { self.end() } else { Ok(()) }
    }

    fn end(&mut self) -> Read<()> {
        let Some(first) = self.orders.first() else { return Ok(()) };
        let first_number = first.accepted_number;
        Ok(self.blocks.write(&Block { first_number, orders: std::mem::take(&mut self.orders) })?)
    }
}
