//! Version 1: a row for each change and each order.

use rusqlite::{Connection, params};
use tradepit_engine::{Event, Number, Order};

use super::{Past, Sum, kind, names};
use crate::twin::Twin;

/// The tables as version 1 made them.
const TABLES: &str = include_str!("version_1.sql");

pub(super) fn write(connection: &Connection, past: &Past, settled: Number) {
    let twin = &past.twin;
    connection.execute_batch(TABLES).unwrap();
    twin.events.iter().for_each(|event| write_event(connection, event, twin));
    for order in twin.orders.iter().filter(|order| order.accepted_number <= settled) {
        // It wrote an order as closed where the closing was at hand, before the mark said so.
        write_order(connection, order);
    }
    for name in &twin.retired {
        let sum = Sum::default().bytes(name.as_str().as_bytes()).done();
        connection.execute("INSERT INTO retired VALUES (?1, ?2)", params![name.as_str(), sum]).unwrap();
    }
}

fn write_event(connection: &Connection, event: &Event, twin: &Twin) {
    let (number, at, order_number) =
        (event.number.0 as i64, event.at.0, event.order().unwrap().accepted_number.0 as i64);
    if number == order_number {
        let order = twin.order(event.number).unwrap();
        let (id, symbol, quantity) = (order.id.0, order.symbol.as_str(), order.quantity.get() as i64);
        let (due_at, names) = (order.due_at.expect("it has a time").0, names(order));
        let sum = Sum::default().numbers(&[number, 1, 0, at, number, quantity, due_at]);
        let sum = sum.bytes(&id).bytes(symbol.as_bytes()).text(names.0).text(names.1).done();
        let insert = "INSERT INTO events VALUES (?1, 1, 0, ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        connection.execute(insert, params![number, at, sum, id, symbol, quantity, due_at, names.0, names.1]).unwrap();
    } else {
        let kind = kind(twin.order(Number(order_number as u64)).unwrap());
        let sum = Sum::default().numbers(&[number, 1, kind, at, order_number]).done();
        let insert = "INSERT INTO events (seq, version, kind, at, order_seq, crc) VALUES (?1, 1, ?2, ?3, ?4, ?5)";
        connection.execute(insert, params![number, kind, at, order_number, sum]).unwrap();
    }
}

fn write_order(connection: &Connection, order: &Order) {
    let (number, quantity, names) = (order.accepted_number.0 as i64, order.quantity.get() as i64, names(order));
    let closed_number = order.closed_at.map_or(0, |_| order.number.0 as i64);
    let (kind, closed_at) = (kind(order), order.closed_at.map_or(0, |at| at.0));
    let (accepted_at, due_at, id, symbol) =
        (order.accepted_at.0, order.due_at.expect("it has a time").0, order.id.0, order.symbol.as_str());
    let sum = Sum::default().numbers(&[number, quantity, accepted_at, due_at, kind, closed_at, closed_number]);
    let sum = sum.bytes(&id).bytes(symbol.as_bytes()).text(names.0).text(names.1).done();
    let row = params![
        number,
        id,
        symbol,
        quantity,
        accepted_at,
        due_at,
        kind,
        closed_at,
        closed_number,
        sum,
        names.0,
        names.1
    ];
    let insert = "INSERT INTO settled VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    connection.execute(insert, row).unwrap();
}
