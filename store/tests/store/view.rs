//! The views `orders` and `events`, as anybody sees them who opens the file with a tool of theirs.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Row};
use tradepit_engine::{Body, Event, Label, Order, State, Time};

use crate::life::BEGINNING;
use crate::twin::Twin;

type Line = (u64, String, String, u64, String, String, String, Option<String>, u64, Option<String>, Option<String>);

/// A change as its view shows it, but for its names.
type Told = (u64, String, i64, u64, String, String, u64, Option<i64>);

/// Requires that the views show the twin's orders and changes, and no others.
pub(crate) fn agrees(database: &Path, twin: &Twin) {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let select = "SELECT accepted_seq, id, stoks, quantity, status, accepted_at, due_at, closed_at, seq, \
        client_order_id, idempotency_key FROM orders ORDER BY accepted_seq";
    let mut statement = connection.prepare(select).unwrap();
    let lines: Vec<Line> = statement.query_map([], read).unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(lines, twin.orders.iter().map(line).collect::<Vec<_>>());
    agrees_on_events(&connection, twin);
}

fn agrees_on_events(connection: &Connection, twin: &Twin) {
    let select = "SELECT seq, status, at, order_seq, id, symbol, quantity, due_at FROM events ORDER BY seq";
    let mut statement = connection.prepare(select).unwrap();
    let told: Vec<Told> = statement.query_map([], read_event).unwrap().collect::<Result<_, _>>().unwrap();
    let kept = || twin.events.iter().filter(|event| event.number > twin.horizon);
    assert_eq!(told, kept().map(tell).collect::<Vec<_>>());
    let select = "SELECT client_order_id, idempotency_key FROM events ORDER BY seq";
    let mut statement = connection.prepare(select).unwrap();
    let named = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let named: Vec<(Option<String>, Option<String>)> = named.collect::<Result<_, _>>().unwrap();
    let text = |key: &Label| key.as_str().to_owned();
    let names = |event: &Event| match event.origin() {
        Some(origin) => (origin.client_order_id.as_ref().map(text), origin.idempotency_key.as_ref().map(text)),
        None => (None, None),
    };
    assert_eq!(named, kept().map(names).collect::<Vec<_>>());
}

fn read_event(row: &Row<'_>) -> rusqlite::Result<Told> {
    let order = (row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?);
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, order.0, order.1, order.2, order.3, row.get(7)?))
}

fn tell(event: &Event) -> Told {
    let (status, due_at) = match &event.body {
        Body::Accepted(accepted) => ("PENDING", Some(accepted.due_at.0)),
        Body::Executed(_) => ("EXECUTED", None),
        Body::Cancelled(_) => ("CANCELLED", None),
    };
    let order = event.order().unwrap();
    let (id, symbol) = (format!("{:?}", order.id), order.symbol.as_str().to_owned());
    (event.number.0, status.to_owned(), event.at.0, order.accepted_number.0, id, symbol, order.quantity.get(), due_at)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Line> {
    let closed = (row.get(7)?, row.get(8)?, row.get(9)?, row.get(10)?);
    let times = (row.get(5)?, row.get(6)?);
    let of = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
    Ok((of.0, of.1, of.2, of.3, of.4, times.0, times.1, closed.0, closed.1, closed.2, closed.3))
}

fn line(order: &Order) -> Line {
    let (status, closed_at) = match order.state {
        State::Pending => ("PENDING", None),
        State::Executed { at } => ("EXECUTED", Some(text(at))),
        State::Cancelled { at } => ("CANCELLED", Some(text(at))),
    };
    let id = format!("{:?}", order.id);
    let id = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
    let idempotency_key = order.origin.as_ref().and_then(|origin| origin.idempotency_key.as_ref());
    (
        order.accepted_number.0,
        id,
        order.symbol.as_str().to_owned(),
        order.quantity.get(),
        status.to_owned(),
        text(order.accepted_at),
        text(order.due_at),
        closed_at,
        order.number.0,
        order.client_order_id().map(|key| key.as_str().to_owned()),
        idempotency_key.map(|key| key.as_str().to_owned()),
    )
}

/// A time of the one day on which lives are lived.
fn text(time: Time) -> String {
    let us = time.us_since(BEGINNING);
    let s = us / 1_000_000;
    format!("2026-01-02T{:02}:{:02}:{:02}.{:06}Z", s / 3_600, s / 60 % 60, s % 60, us % 1_000_000)
}
