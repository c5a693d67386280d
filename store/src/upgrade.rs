//! From version 1 of the tables, which had a row for each change and each order, to version 2.
//!
//! All of it is one transaction: a start that is broken off begins anew, and what is refused is left as it was. Every
//! row is read with its checksum; nothing is taken over that was not what was written.

use rusqlite::Connection;
use tradepit_engine::{Label, Number, Order, Time};

use crate::blocks::{BLOCK, Block, Blocks};
use crate::check;
use crate::damage::{Failure, Read};
use crate::journal::{End, Tail};
use crate::marks;
use crate::names::{Names, RETIRED};
use crate::record::version_1;
use crate::stamp::Stamp;
use crate::step::{Step, Tell};
use crate::sum::Sum;
use crate::tables::TABLES;

/// How often progress is told, in changes.
const TELL_EVERY: u64 = 16_384;

/// The newest change.
pub(crate) fn last_number(connection: &Connection) -> rusqlite::Result<Number> {
    let last: i64 = connection.query_row("SELECT coalesce(max(seq), 0) FROM events", [], |row| row.get(0))?;
    Ok(Number(last.cast_unsigned()))
}

/// Brings a database of version 1 up to date. A small one is checked whole before anything of it is kept.
pub(crate) fn from_version_1(connection: &Connection, stamp: &Stamp, is_small: bool, tell: Tell<'_>) -> Read<()> {
    let transaction = connection.unchecked_transaction()?;
    if is_small {
        let said: String = transaction.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if said != "ok" {
            return Err(Failure::Damage(said.lines().last().unwrap_or_default().to_owned()));
        }
    }
    let last = last_number(&transaction)?;
    stamp.write_if_due(&transaction)?;
    transaction.execute_batch("DROP VIEW orders; ALTER TABLE events RENAME TO old_events;")?;
    transaction.execute_batch(TABLES)?;
    move_all(&transaction, last, tell)?;
    transaction.execute_batch("DROP TABLE old_events; DROP TABLE settled; DROP TABLE retired;")?;
    transaction.pragma_update(None, "user_version", 2)?;
    if is_small {
        let report = check::report(&transaction, &mut |_, _| {})?;
        if let Some(what) = report.damage.into_iter().next() {
            return Err(Failure::Damage(what));
        }
    }
    Ok(transaction.commit()?)
}

fn move_all(connection: &Connection, last: Number, tell: Tell<'_>) -> Read<()> {
    let horizon = marks::read(connection, marks::HORIZON)?;
    let settled = settled(connection, horizon)?;
    marks::write(connection, marks::SETTLED, settled)?;
    move_events(connection, horizon, |done| tell(Step::Upgrade, done, last.0 - horizon.0))?;
    move_orders(connection, settled)?;
    retire_names(connection)
}

/// All changes up to this one were in the table of orders: the mark, which was let lag behind, or further.
///
/// Orders entered their table in order, so the last one in it tells how far it was at least. Where that one was removed
/// meanwhile, the horizon does: only what was settled was removed.
fn settled(connection: &Connection, horizon: Number) -> Read<Number> {
    let last: i64 = connection.query_row("SELECT coalesce(max(seq), 0) FROM settled", [], |row| row.get(0))?;
    let mark = marks::read(connection, marks::SETTLED)?;
    Ok(mark.max(horizon).max(Number(last.cast_unsigned())))
}

/// Moves the changes after the horizon, and the names of all orders that are there.
fn move_events(connection: &Connection, horizon: Number, mut progress: impl FnMut(u64)) -> Read<()> {
    // Each change up to the horizon accepted an order or closed one: the closed ones are gone, with both.
    let older = "SELECT count(*) FROM old_events WHERE seq <= ?1";
    let older: u64 = connection.query_row(older, [horizon.0.cast_signed()], |row| row.get(0))?;
    let end = End { number: horizon, at: Time(i64::MIN), accepted: (horizon.0 + older) / 2 };
    let (mut tail, mut names) = (Tail::prepare(connection, end)?, Names::prepare(connection)?);
    let mut statement = connection.prepare(version_1::EVENTS)?;
    let mut rows = statement.query([])?;
    let mut done = 0;
    while let Some(row) = rows.next()? {
        let event = version_1::read_event(row)?;
        for name in event.origin().into_iter().flat_map(|origin| origin.names()) {
            names.give(&name, event.number)?;
        }
        if event.number <= horizon {
            continue;
        }
        if event.number != tail.end().number.next() {
            return Err(Failure::Damage(format!("change {} is missing", tail.end().number.next().0)));
        }
        tail.push(&event)?;
        done += 1;
        if done % TELL_EVERY == 0 {
            progress(done);
        }
    }
    Ok(tail.flush()?)
}

/// Moves the orders, as the changes up to `settled` made them.
fn move_orders(connection: &Connection, settled: Number) -> Read<()> {
    let mut blocks = Blocks::prepare(connection)?;
    let mut statement = connection.prepare(version_1::ORDERS)?;
    let mut rows = statement.query([])?;
    let mut orders = Vec::with_capacity(BLOCK);
    while let Some(row) = rows.next()? {
        let order = version_1::read_order(row)?;
        // A row was written as closed where the closing was at hand, before it was its turn.
        orders.push(if order.number > settled { order.while_open() } else { order });
        if orders.len() == BLOCK {
            write(&mut blocks, &mut orders)?;
        }
    }
    Ok(write(&mut blocks, &mut orders)?)
}

fn write(blocks: &mut Blocks<'_>, orders: &mut Vec<Order>) -> rusqlite::Result<()> {
    let Some(first) = orders.first() else { return Ok(()) };
    let first_number = first.accepted_number;
    blocks.write(&Block { first_number, orders: std::mem::take(orders) })
}

/// Moves the names of orders that are no longer kept.
fn retire_names(connection: &Connection) -> Read<()> {
    let mut names = Names::prepare(connection)?;
    let mut statement = connection.prepare("SELECT client_order_id, crc FROM retired")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let text = row.get_ref(0)?.as_str()?;
        let intact = row.get::<_, i64>(1)? == Sum::new(&[]).text(Some(text)).done();
        match Label::new(text) {
            Ok(key) if intact => names.give(&tradepit_engine::Name::ClientOrderId(key), RETIRED)?,
            _ => return Err(Failure::Damage(format!("the retired name {text:?} is not what was written"))),
        }
    }
    Ok(())
}
