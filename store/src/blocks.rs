//! The table `blocks`: the orders that the changes up to the mark `settled` accepted, in order of creation, many in a
//! row. An order that was closed by one of these changes is closed here; one that a later change closed, may be.
//!
//! A row holds the orders accepted from its number on, up to the next row. It is written when most of them are closed
//! (`fold.rs`); an order that closes later changes its row once more.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension, Params, Row, Statement, params};
use tradepit_engine::{Event, Number, Order, Time};

use crate::damage::Read;
use crate::fold::change;
use crate::journal::first_row;
use crate::record::{Misread, VERSION, end_list, push_order, read_orders};
use crate::sum::Sum;

/// Orders in a row, at most: to read one order is to read its row.
pub(crate) const BLOCK: usize = 256;

const REPLACE: &str = "INSERT INTO blocks VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (first_number) DO UPDATE SET \
    version = ?2, orders = ?3, crc = ?4, closed_by = ?5, records = ?6";
const COLUMNS: &str = "first_number, version, orders, crc, closed_by, records";

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) first_number: Number,
    pub(crate) orders: Vec<Order>,
}

impl Block {
    pub(crate) fn find(&self, accepted: Number) -> Option<&Order> {
        let place = self.orders.binary_search_by_key(&accepted, |order| order.accepted_number).ok()?;
        self.orders.get(place)
    }

    /// The change by which all of its orders were closed; `None` while one is open.
    pub(crate) fn closed_by(&self) -> Option<Number> {
        let closed = self.orders.iter().map(|order| order.state.is_closed().then_some(order.number));
        closed.collect::<Option<Vec<_>>>()?.into_iter().max()
    }
}

pub(crate) struct Blocks<'a> {
    connection: &'a Connection,
    replace: Statement<'a>,
    records: Vec<u8>,
}

impl<'a> Blocks<'a> {
    pub(crate) fn prepare(connection: &'a Connection) -> rusqlite::Result<Blocks<'a>> {
        Ok(Blocks { connection, replace: connection.prepare(REPLACE)?, records: Vec::new() })
    }

    /// How many orders the last row has room for.
    pub(crate) fn room(&self) -> rusqlite::Result<usize> {
        let select = "SELECT orders FROM blocks ORDER BY first_number DESC LIMIT 1";
        let last: Option<i64> = self.connection.prepare_cached(select)?.query_row([], |row| row.get(0)).optional()?;
        Ok(last.and_then(|orders| BLOCK.checked_sub(usize::try_from(orders).ok()?)).unwrap_or(0))
    }

    /// Adds orders, younger than those in the table.
    pub(crate) fn add(&mut self, orders: Vec<Order>) -> Read<()> {
        let mut orders = orders.into_iter().peekable();
        let mut last = self.last()?.filter(|block| block.orders.len() < BLOCK);
        while let Some(first) = orders.peek() {
            let first_number = first.accepted_number;
            let mut block = last.take().unwrap_or(Block { first_number, orders: Vec::with_capacity(BLOCK) });
            let room = BLOCK - block.orders.len();
            block.orders.extend(orders.by_ref().take(room));
            self.write(&block)?;
        }
        Ok(())
    }

    /// Brings orders that are in the table up to date by what befell them, in order.
    pub(crate) fn change(&mut self, events: &[Event]) -> Read<()> {
        let mut blocks: BTreeMap<Number, Block> = BTreeMap::new();
        for event in events {
            let Some(accepted) = event.order().map(|order| order.accepted_number) else { continue };
            let known = blocks.range(..=accepted).next_back().is_some_and(|(_, block)| block.find(accepted).is_some());
            if !known && let Some(block) = holding(self.connection, accepted)? {
                blocks.insert(block.first_number, block);
            }
            let block = blocks.range_mut(..=accepted).next_back().map(|(_, block)| block);
            let order = block.and_then(|block| block.orders.iter_mut().find(|order| order.accepted_number == accepted));
            let missing = || format!("the order of change {} is missing", accepted.0);
            change(order.ok_or_else(missing)?, event)?;
        }
        Ok(blocks.values().try_for_each(|block| self.write(block))?)
    }

    /// Writes a row, anew or in its place.
    pub(crate) fn write(&mut self, block: &Block) -> rusqlite::Result<()> {
        self.records.clear();
        block.orders.iter().for_each(|order| push_order(&mut self.records, order));
        let records = end_list(&mut self.records);
        let (first, orders) = (block.first_number.0.cast_signed(), block.orders.len() as i64);
        let closed_by = block.closed_by().map(|number| number.0.cast_signed());
        let sum = sum(first, VERSION, orders, closed_by, records);
        self.replace.execute(params![first, VERSION, orders, sum, closed_by, records]).map(drop)
    }

    fn last(&self) -> Read<Option<Block>> {
        let select = format!("SELECT {COLUMNS} FROM blocks ORDER BY first_number DESC LIMIT 1");
        first_row(self.connection, &select, [], read)
    }
}

fn sum(first: i64, version: i64, orders: i64, closed_by: Option<i64>, records: &str) -> i64 {
    let sum = Sum::new(&[first, version, orders, closed_by.unwrap_or(0)]).bytes(records.as_bytes()).done();
    // As a signed number of 32 bits it takes as much room whatever it is: a row stays as long as it was.
    i64::from((sum as u32).cast_signed())
}

fn read(row: &Row<'_>) -> Read<Block> {
    let (first, version, orders, crc): (i64, i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
    let (closed_by, records): (Option<i64>, &str) = (row.get(4)?, row.get_ref(5)?.as_str()?);
    let is_intact = crc == sum(first, version, orders, closed_by, records);
    let count = usize::try_from(orders).ok().filter(|_| is_intact);
    let orders = count.ok_or(Misread::Garbled).and_then(|count| read_orders(version, records, count));
    let orders = orders.map_err(|misread| misread.of(&format!("the row of orders from change {first} on")))?;
    Ok(Block { first_number: Number(first.cast_unsigned()), orders })
}

/// The row that an order is in, or would be.
pub(crate) fn holding(connection: &Connection, accepted: Number) -> Read<Option<Block>> {
    let select = format!("SELECT {COLUMNS} FROM blocks WHERE first_number <= ?1 ORDER BY first_number DESC LIMIT 1");
    first_row(connection, &select, [signed(accepted)], read)
}

/// The row after the one of this number.
pub(crate) fn next(connection: &Connection, first_number: Number) -> Read<Option<Block>> {
    let select = format!("SELECT {COLUMNS} FROM blocks WHERE first_number > ?1 ORDER BY first_number LIMIT 1");
    first_row(connection, &select, [signed(first_number)], read)
}

/// The order that this change accepted.
pub(crate) fn find(connection: &Connection, accepted: Number) -> Read<Option<Order>> {
    Ok(holding(connection, accepted)?.and_then(|block| block.find(accepted).cloned()))
}

/// Tells the rows with orders that were accepted after this change, oldest first, until it is told not to go on.
pub(crate) fn each_after(
    connection: &Connection,
    after: Number,
    go_on: impl FnMut(Block) -> Read<ControlFlow<()>>,
) -> Read<()> {
    let from = "SELECT coalesce(max(first_number), 0) FROM blocks WHERE first_number <= ?1";
    each(connection, &format!("first_number >= ({from}) ORDER BY first_number"), [signed(after)], go_on)
}

/// Tells the rows with orders that were accepted before this change, newest first, until it is told not to go on.
pub(crate) fn each_before(
    connection: &Connection,
    before: Number,
    go_on: impl FnMut(Block) -> Read<ControlFlow<()>>,
) -> Read<()> {
    each(connection, "first_number < ?1 ORDER BY first_number DESC", [signed(before)], go_on)
}

/// From this number on rows begin with an order that was accepted at this time or later; beyond all rows where none
/// does. Times rise with numbers: halving finds it by reading a row for each doubling of their count.
pub(crate) fn first_since(connection: &Connection, time: Time) -> Read<Number> {
    let ends = "SELECT (SELECT min(first_number) FROM blocks), (SELECT max(first_number) FROM blocks)";
    let ends = connection.prepare_cached(ends)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (Some(first), Some(last)): (Option<i64>, Option<i64>) = ends else { return Ok(Number(0)) };
    let select = format!(
        "SELECT {COLUMNS} FROM blocks WHERE first_number >= ?1 AND first_number < ?2 ORDER BY first_number LIMIT 1"
    );
    let (mut low, mut high) = (first, last + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        match first_row(connection, &select, [middle, high], read)? {
            Some(row) if row.orders.first().is_some_and(|order| order.accepted_at < time) => {
                low = row.first_number.next().0.cast_signed();
            }
            _ => high = middle,
        }
    }
    Ok(Number(low.cast_unsigned()))
}

/// Tells the rows with open orders, oldest first.
pub(crate) fn each_open(connection: &Connection, mut tell: impl FnMut(Block)) -> Read<()> {
    each(connection, "closed_by IS NULL ORDER BY first_number", [], |block| {
        tell(block);
        Ok(ControlFlow::Continue(()))
    })
}

/// How many orders are in the rows that [`each_open`] tells.
pub(crate) fn orders_beside_open(connection: &Connection) -> rusqlite::Result<u64> {
    let select = "SELECT coalesce(sum(orders), 0) FROM blocks WHERE closed_by IS NULL";
    connection.query_row(select, [], |row| row.get(0))
}

/// How many orders were closed after this change.
pub(crate) fn count_closed_after(connection: &Connection, number: Number) -> Read<u64> {
    // What was accepted after it was closed after it too.
    let younger = "SELECT coalesce(sum(orders), 0) FROM blocks WHERE first_number > ?1 AND closed_by IS NOT NULL";
    let mut count: u64 = connection.query_row(younger, [signed(number)], |row| row.get(0))?;
    each(connection, "(first_number <= ?1 AND closed_by > ?1) OR closed_by IS NULL", [signed(number)], |block| {
        let is_closed_after = |order: &&Order| order.state.is_closed() && order.number > number;
        count += block.orders.iter().filter(is_closed_after).count() as u64;
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(count)
}

/// At most so many of the rows whose orders were all closed by this change.
pub(crate) fn closed_by(connection: &Connection, number: Number, at_most: usize) -> Read<Vec<Block>> {
    let mut blocks = Vec::new();
    each(connection, "closed_by <= ?1", [signed(number)], |block| {
        blocks.push(block);
        Ok(if blocks.len() < at_most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(blocks)
}

fn each(
    connection: &Connection,
    which: &str,
    params: impl Params,
    mut go_on: impl FnMut(Block) -> Read<ControlFlow<()>>,
) -> Read<()> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM blocks WHERE {which}"))?;
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        if go_on(read(row)?)?.is_break() {
            break;
        }
    }
    Ok(())
}

pub(crate) fn remove(connection: &Connection, block: &Block) -> rusqlite::Result<()> {
    let delete = "DELETE FROM blocks WHERE first_number = ?1";
    connection.prepare_cached(delete)?.execute([block.first_number.0.cast_signed()]).map(drop)
}

/// A number that a reader names. Beyond what SQLite can count there is nothing, as at its end.
fn signed(number: Number) -> i64 {
    i64::try_from(number.0).unwrap_or(i64::MAX)
}
