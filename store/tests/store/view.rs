//! The view `orders`, as anybody sees it who opens the file with a tool of theirs.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Row};
use tradepit_engine::{Order, State, Time};

use crate::life::BEGINNING;
use crate::twin::Twin;

type Line = (u64, String, String, u64, String, String, String, Option<String>, u64, Option<String>, Option<String>);

/// Requires that the view shows the twin's orders, and no others.
pub(crate) fn agrees(database: &Path, twin: &Twin) {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let select = "SELECT accepted_seq, id, stoks, quantity, status, accepted_at, due_at, closed_at, seq, \
        client_order_id, idempotency_key FROM orders ORDER BY accepted_seq";
    let mut statement = connection.prepare(select).unwrap();
    let lines: Vec<Line> = statement.query_map([], read).unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(lines, twin.orders.iter().map(line).collect::<Vec<_>>());
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
        order.accepted_seq.0,
        id,
        order.symbol.as_str().to_owned(),
        order.quantity.get(),
        status.to_owned(),
        text(order.accepted_at),
        text(order.due_at),
        closed_at,
        order.seq.0,
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
