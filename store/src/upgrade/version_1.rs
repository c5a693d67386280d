//! From version 1 of the tables, which had a row for each change and each order.

use rusqlite::Connection;
use tradepit_engine::{Label, Name, Number, Seq, Time};

use super::{Moving, Orders};
use crate::damage::{Failure, Read};
use crate::journal::{End, Tail};
use crate::marks;
use crate::names::{Names, RETIRED};
use crate::record::version_1;
use crate::step::Tell;
use crate::sum::Sum;
use crate::tables::{NAMES, OF_MARKET, OF_RULES, TABLES};
use crate::views::VIEWS;

/// Moves all of it, up to the newest change.
pub(super) fn move_all(connection: &Connection, last: Number, tell: Tell<'_>) -> Read<()> {
    connection.execute_batch(
        "DROP VIEW orders; ALTER TABLE events RENAME TO old_events;
        ALTER TABLE id_keys RENAME COLUMN first_seq TO first_number;",
    )?;
    [NAMES, TABLES, OF_MARKET, OF_RULES, VIEWS].iter().try_for_each(|tables| connection.execute_batch(tables))?;
    let horizon = marks::read(connection, marks::HORIZON)?;
    let settled = settled(connection, horizon)?;
    marks::write(connection, marks::SETTLED, settled)?;
    move_events(connection, horizon, last, tell)?;
    move_orders(connection, settled)?;
    retire_names(connection)?;
    Ok(connection.execute_batch("DROP TABLE old_events; DROP TABLE settled; DROP TABLE retired;")?)
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
fn move_events(connection: &Connection, horizon: Number, last: Number, tell: Tell<'_>) -> Read<()> {
    // Each change up to the horizon accepted an order or closed one: the closed ones are gone, with both.
    let older = "SELECT count(*) FROM old_events WHERE seq <= ?1";
    let older: u64 = connection.query_row(older, [horizon.0.cast_signed()], |row| row.get(0))?;
    let (seq, accepted) = (Seq(horizon.0), (horizon.0 + older) / 2);
    let end = End { number: horizon, seq, at: Time(i64::MIN), accepted };
    let mut moving = Moving::begin(Tail::prepare(connection, end)?, last, tell);
    let mut names = Names::prepare(connection)?;
    let mut statement = connection.prepare(version_1::EVENTS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let event = version_1::read_event(row)?;
        for name in event.names() {
            names.give(&name, event.number)?;
        }
        if event.number > horizon {
            moving.push(&event)?;
        }
    }
    moving.end()
}

/// Moves the orders, as the changes up to `settled` made them.
fn move_orders(connection: &Connection, settled: Number) -> Read<()> {
    let mut orders = Orders::begin(connection)?;
    let mut statement = connection.prepare(version_1::ORDERS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let order = version_1::read_order(row)?;
        // A row was written as closed where the closing was at hand, before it was its turn.
        orders.push(if order.number > settled { order.as_accepted() } else { order })?;
    }
    orders.end()
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
            Ok(key) if intact => names.give(&Name::ClientOrderId(key), RETIRED)?,
            _ => return Err(Failure::Damage(format!("the retired name {text:?} is not what was written"))),
        }
    }
    Ok(())
}
