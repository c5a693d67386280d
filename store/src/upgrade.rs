//! From version 1 of the tables, which had a row for each change and each order, to version 2.
//!
//! All of it is one transaction: a start that is broken off begins anew, and what is refused is left as it was. Every row
//! is read with its checksum; nothing is taken over that was not what was written.

use std::sync::Arc;

use rusqlite::{Connection, Row};
use tradepit_engine::{
    Accepted, Body, Event, Key, Order, OrderId, OrderRef, Origin, Quantity, Seq, State, Symbol, Time,
};

use crate::blocks::{BLOCK, Block, Blocks};
use crate::check;
use crate::damage::{Failure, Read};
use crate::journal::{End, Tail};
use crate::marks;
use crate::names::{Names, RETIRED};
use crate::stamp::Stamp;
use crate::step::{Step, Tell};
use crate::sum::Sum;
use crate::tables::TABLES;

/// The version of the records that version 1 had.
const RECORD_VERSION: i64 = 1;
/// How often progress is told, in changes.
const TELL_EVERY: u64 = 16_384;

/// An event, with the accepting one of its order.
const EVENTS: &str = "SELECT e.seq, e.version, e.kind, e.at, e.order_seq, e.crc, a.id, a.symbol, a.quantity, a.due_at, \
    a.client_order_id, a.idempotency_key, a.at, a.crc, a.version \
    FROM old_events e JOIN old_events a ON a.seq = e.order_seq ORDER BY e.seq";
const ORDERS: &str = "SELECT seq, id, symbol, quantity, accepted_at, due_at, kind, closed_at, closed_seq, crc, \
    client_order_id, idempotency_key FROM settled ORDER BY seq";

/// The newest change.
pub(crate) fn last_seq(connection: &Connection) -> rusqlite::Result<Seq> {
    let last: i64 = connection.query_row("SELECT coalesce(max(seq), 0) FROM events", [], |row| row.get(0))?;
    Ok(Seq(last.cast_unsigned()))
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
    let last = last_seq(&transaction)?;
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

fn move_all(connection: &Connection, last: Seq, tell: Tell<'_>) -> Read<()> {
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
fn settled(connection: &Connection, horizon: Seq) -> Read<Seq> {
    let last: i64 = connection.query_row("SELECT coalesce(max(seq), 0) FROM settled", [], |row| row.get(0))?;
    let mark = marks::read(connection, marks::SETTLED)?;
    Ok(mark.max(horizon).max(Seq(last.cast_unsigned())))
}

/// Moves the changes after the horizon, and the names of all orders that are there.
fn move_events(connection: &Connection, horizon: Seq, mut progress: impl FnMut(u64)) -> Read<()> {
    // Each change up to the horizon accepted an order or closed one: the closed ones are gone, with both.
    let older = "SELECT count(*) FROM old_events WHERE seq <= ?1";
    let older: u64 = connection.query_row(older, [horizon.0.cast_signed()], |row| row.get(0))?;
    let end = End { seq: horizon, at: Time(i64::MIN), accepted: (horizon.0 + older) / 2 };
    let (mut tail, mut names) = (Tail::prepare(connection, end)?, Names::prepare(connection)?);
    let mut statement = connection.prepare(EVENTS)?;
    let mut rows = statement.query([])?;
    let mut done = 0;
    while let Some(row) = rows.next()? {
        let event = read_event(row)?;
        for name in event.origin().into_iter().flat_map(|origin| origin.names()) {
            names.give(&name, event.seq)?;
        }
        if event.seq <= horizon {
            continue;
        }
        if event.seq != tail.end().seq.next() {
            return Err(Failure::Damage(format!("change {} is missing", tail.end().seq.next().0)));
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
fn move_orders(connection: &Connection, settled: Seq) -> Read<()> {
    let mut blocks = Blocks::prepare(connection)?;
    let mut statement = connection.prepare(ORDERS)?;
    let mut rows = statement.query([])?;
    let mut orders = Vec::with_capacity(BLOCK);
    while let Some(row) = rows.next()? {
        let order = read_order(row)?;
        // A row was written as closed where the closing was at hand, before it was its turn.
        orders.push(if order.seq > settled { order.while_open() } else { order });
        if orders.len() == BLOCK {
            write(&mut blocks, &mut orders)?;
        }
    }
    Ok(write(&mut blocks, &mut orders)?)
}

fn write(blocks: &mut Blocks<'_>, orders: &mut Vec<Order>) -> rusqlite::Result<()> {
    let Some(first) = orders.first() else { return Ok(()) };
    let first_seq = first.accepted_seq;
    blocks.write(&Block { first_seq, orders: std::mem::take(orders) })
}

/// Moves the names of orders that are no longer kept.
fn retire_names(connection: &Connection) -> Read<()> {
    let mut names = Names::prepare(connection)?;
    let mut statement = connection.prepare("SELECT client_order_id, crc FROM retired")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let text = row.get_ref(0)?.as_str()?;
        let intact = row.get::<_, i64>(1)? == Sum::new(&[]).text(Some(text)).done();
        match Key::new(text) {
            Ok(key) if intact => names.give(&tradepit_engine::Name::ClientOrderId(key), RETIRED)?,
            _ => return Err(Failure::Damage(format!("the retired name {text:?} is not what was written"))),
        }
    }
    Ok(())
}

fn read_event(row: &Row<'_>) -> Read<Event> {
    let (seq, version, kind, at): (i64, i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
    let (order_seq, crc): (i64, i64) = (row.get(4)?, row.get(5)?);
    let version_of_order: i64 = row.get(14)?;
    if version != RECORD_VERSION || version_of_order != RECORD_VERSION {
        let version = version.max(version_of_order);
        return Err(Failure::Damage(format!(
            "change {seq} has a record of version {version}, which this Tradepit does not know"
        )));
    }
    let id: [u8; 16] = row.get(6)?;
    let symbol = row.get_ref(7)?.as_str()?;
    let (quantity, due_at): (i64, i64) = (row.get(8)?, row.get(9)?);
    let names = (row.get_ref(10)?.as_str_or_null()?, row.get_ref(11)?.as_str_or_null()?);
    let (accepted_at, crc_of_order): (i64, i64) = (row.get(12)?, row.get(13)?);
    let of_order = Sum::new(&[order_seq, version_of_order, 0, accepted_at, order_seq, quantity, due_at]);
    let of_order = of_order.bytes(&id).text(Some(symbol)).text(names.0).text(names.1).done();
    let of_closing = Sum::new(&[seq, version, kind, at, order_seq]).done();
    let symbol = Symbol::new(symbol).ok().filter(|_| of_order == crc_of_order);
    let (Some(symbol), Ok(quantity)) = (symbol, Quantity::new(quantity.cast_unsigned())) else {
        return Err(Failure::Damage(format!("change {seq} is not what was written")));
    };
    let (id, accepted_seq) = (OrderId(id), Seq(order_seq.cast_unsigned()));
    let order = OrderRef { accepted_seq, id, symbol, quantity };
    let body = match kind {
        0 if seq == order_seq => {
            let (due_at, origin) = (Time(due_at), read_origin(names));
            Body::Accepted(Accepted { id, symbol, quantity, due_at, origin })
        }
        1 if crc == of_closing => Body::Executed(order),
        2 if crc == of_closing => Body::Cancelled(order),
        _ => return Err(Failure::Damage(format!("change {seq} is not what was written"))),
    };
    Ok(Event { seq: Seq(seq.cast_unsigned()), at: Time(at), body })
}

fn read_order(row: &Row<'_>) -> Read<Order> {
    let seq: i64 = row.get(0)?;
    let id: [u8; 16] = row.get(1)?;
    let symbol = row.get_ref(2)?.as_str()?;
    let (quantity, accepted_at, due_at): (i64, i64, i64) = (row.get(3)?, row.get(4)?, row.get(5)?);
    let (kind, closed_at, closed_seq, crc): (i64, i64, i64, i64) = (row.get(6)?, row.get(7)?, row.get(8)?, row.get(9)?);
    let names = (row.get_ref(10)?.as_str_or_null()?, row.get_ref(11)?.as_str_or_null()?);
    let sum = Sum::new(&[seq, quantity, accepted_at, due_at, kind, closed_at, closed_seq]);
    let intact = crc == sum.bytes(&id).text(Some(symbol)).text(names.0).text(names.1).done();
    let state = match kind {
        0 => Some((State::Pending, seq)),
        1 => Some((State::Executed { at: Time(closed_at) }, closed_seq)),
        2 => Some((State::Cancelled { at: Time(closed_at) }, closed_seq)),
        _ => None,
    };
    let symbol = Symbol::new(symbol).ok().filter(|_| intact);
    let (Some((state, last)), Some(symbol), Ok(quantity)) = (state, symbol, Quantity::new(quantity.cast_unsigned()))
    else {
        return Err(Failure::Damage(format!("the order of change {seq} is not what was written")));
    };
    Ok(Order {
        id: OrderId(id),
        symbol,
        quantity,
        accepted_at: Time(accepted_at),
        accepted_seq: Seq(seq.cast_unsigned()),
        due_at: Time(due_at),
        state,
        seq: Seq(last.cast_unsigned()),
        origin: read_origin(names),
    })
}

fn read_origin(names: (Option<&str>, Option<&str>)) -> Option<Arc<Origin>> {
    let key = |text: Option<&str>| text.and_then(|text| Key::new(text).ok());
    Origin::new(key(names.0), key(names.1))
}
