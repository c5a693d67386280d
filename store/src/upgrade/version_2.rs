//! From version 2 of the tables, in which every change was one of some order's status, and there were no accounts.

use rusqlite::{Connection, Row};
use tradepit_engine::{Event, Number, Order, Seq, Time};

use super::{Moving, Orders};
use crate::damage::{Damage, Failure, Read};
use crate::journal::{End, Tail};
use crate::names;
use crate::record::{Misread, version_2};
use crate::step::Tell;
use crate::sum::Sum;
use crate::tables::{OF_MARKET, OF_RULES, TABLES};
use crate::views::VIEWS;

const ROWS: &str = "SELECT first_seq, version, changes, accepted, at, crc, records FROM old_batches ORDER BY first_seq";
const BLOCKS: &str = "SELECT first_seq, version, orders, closed_by, crc, records FROM old_blocks ORDER BY first_seq";

/// Moves all of it, up to the newest change.
pub(super) fn move_all(connection: &Connection, last: Number, tell: Tell<'_>) -> Read<()> {
    connection.execute_batch(
        "DROP VIEW events; DROP VIEW orders; DROP INDEX blocks_open; DROP INDEX blocks_closed;
        ALTER TABLE batches RENAME TO old_batches; ALTER TABLE blocks RENAME TO old_blocks;
        ALTER TABLE id_keys RENAME COLUMN first_seq TO first_number;
        ALTER TABLE names RENAME COLUMN order_seq TO order_number;",
    )?;
    [TABLES, OF_MARKET, OF_RULES, VIEWS].iter().try_for_each(|parts| connection.execute_batch(parts))?;
    names::check(connection)?;
    move_events(connection, last, tell)?;
    move_orders(connection)?;
    Ok(connection.execute_batch("DROP TABLE old_batches; DROP TABLE old_blocks;")?)
}

fn move_events(connection: &Connection, last: Number, tell: Tell<'_>) -> Read<()> {
    let mut statement = connection.prepare(ROWS)?;
    let mut rows = statement.query([])?;
    let mut first = rows.next()?.map(read_row).transpose()?;
    let end = first.as_ref().map_or(End::NOTHING, |(accepted, events)| {
        let before = events.first().map_or(0, |event| event.number.0 - 1);
        End { number: Number(before), seq: Seq(before), at: Time(i64::MIN), accepted: *accepted }
    });
    let mut moving = Moving::begin(Tail::prepare(connection, end)?, last, tell);
    loop {
        let row = match first.take() {
            Some(row) => Some(row),
            None => rows.next()?.map(read_row).transpose()?,
        };
        let Some((accepted, events)) = row else { return moving.end() };
        if accepted != moving.tail.end().accepted {
            let number = moving.tail.end().number.next().0;
            return Err(Failure::Damage(format!("before change {number} there were not {accepted} orders")));
        }
        events.iter().try_for_each(|event| moving.push(event))?;
    }
}

fn move_orders(connection: &Connection) -> Read<()> {
    let mut orders = Orders::begin(connection)?;
    let mut statement = connection.prepare(BLOCKS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        read_block(row)?.into_iter().try_for_each(|order| orders.push(order))?;
    }
    orders.end()
}

/// Reads a row of changes: how many orders were accepted before it, and the changes.
fn read_row(row: &Row<'_>) -> Read<(u64, Vec<Event>)> {
    let numbers: [i64; 5] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
    let [first, version, changes, accepted, at] = numbers;
    let (crc, records): (i64, &str) = (row.get(5)?, row.get_ref(6)?.as_str()?);
    let is_intact = crc == Sum::new(&numbers).bytes(records.as_bytes()).done();
    let what = format!("change {first}");
    let (first, count) = intact(is_intact, first, changes, &what)?;
    let events = version_2::read_events(version, records, first, count, Time(at));
    Ok((accepted.cast_unsigned(), events.map_err(|misread| misread.of(&what))?))
}

/// Reads a row of orders.
fn read_block(row: &Row<'_>) -> Read<Vec<Order>> {
    let (first, version, orders): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let (closed_by, crc, records): (Option<i64>, i64, &str) = (row.get(3)?, row.get(4)?, row.get_ref(5)?.as_str()?);
    let sum = Sum::new(&[first, version, orders, closed_by.unwrap_or(0)]).bytes(records.as_bytes()).done();
    let is_intact = crc == i64::from((sum as u32).cast_signed());
    let what = format!("the row of orders from change {first} on");
    let (_, count) = intact(is_intact, first, orders, &what)?;
    Ok(version_2::read_orders(version, records, count).map_err(|misread| misread.of(&what))?)
}

/// The number and the length of a row, if its checksum holds.
fn intact(is_intact: bool, first: i64, count: i64, what: &str) -> Result<(Number, usize), Damage> {
    let numbers = u64::try_from(first).map(Number).ok().zip(usize::try_from(count).ok());
    let numbers = numbers.filter(|(first, _)| is_intact && *first > Number(0));
    numbers.ok_or_else(|| Misread::Garbled.of(what))
}
