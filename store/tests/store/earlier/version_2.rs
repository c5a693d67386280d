//! Version 2: many changes, and many orders, in a row of JSON.

use rusqlite::{Connection, params};
use tradepit_engine::{Body, Event, Name, Number, Order};
use tradepit_kit::Dice;

use super::{Past, Sum, kind, names};

/// The tables as version 2 made them.
const TABLES: &str = include_str!("version_2.sql");

pub(super) fn write(connection: &Connection, past: &Past, settled: Number) {
    connection.execute_batch(TABLES).unwrap();
    let mut dice = Dice::seeded(settled.0);
    write_events(connection, past, &mut dice);
    // Orders that were accepted up to the mark; closed, where the closing was at hand, before the mark said so.
    let is_ahead = |order: &Order| order.number > settled;
    let known = past.twin.orders.iter().filter(|order| order.accepted_number <= settled);
    let mut as_written = |order: &Order| match is_ahead(order) && dice.once_in(2) {
        true => order.as_accepted(),
        false => order.clone(),
    };
    let orders: Vec<Order> = known.map(&mut as_written).collect();
    orders.chunks(256).for_each(|orders| write_orders(connection, orders));
    write_names(connection, past);
}

/// From the horizon on, in rows of some changes; the first row begins before it.
fn write_events(connection: &Connection, past: &Past, dice: &mut Dice) {
    let from = past.twin.horizon.0.saturating_sub(3) as usize;
    let mut events = &past.events[from..];
    while let Some(first) = events.first() {
        let (row, rest) = events.split_at(events.len().min(1 + dice.below(512_usize)));
        events = rest;
        let before = past.events.iter().take_while(|event| event.number < first.number);
        let accepted = before.filter(|event| event.accepted().is_some()).count() as i64;
        let (number, changes, at) = (first.number.0 as i64, row.len() as i64, first.at.0);
        let records: Vec<String> = row.iter().map(|event| record_of_event(event, at)).collect();
        let records = format!("[{}]", records.join(","));
        let sum = Sum::default().numbers(&[number, 2, changes, accepted, at]).bytes(records.as_bytes()).done();
        let insert = "INSERT INTO batches VALUES (?1, 2, ?2, ?3, ?4, ?5, ?6)";
        connection.execute(insert, params![number, changes, accepted, at, sum, records]).unwrap();
    }
}

fn record_of_event(event: &Event, row_at: i64) -> String {
    let order = event.order().expect("it is about one");
    let what = format!("{},\"{:?}\",\"{:?}\",{}", event.at.0 - row_at, order.id, order.symbol, order.quantity.get());
    match &event.body {
        Body::Accepted(accepted) => {
            let order = tradepit_kit::order(event, accepted);
            format!("[0,{what},{}{}]", accepted.due_at.expect("it has a time").0 - event.at.0, record_of_names(&order))
        }
        Body::Executed(order) => format!("[1,{what},{}]", order.accepted_number.0),
        Body::Cancelled(order) => format!("[2,{what},{}]", order.accepted_number.0),
        body => panic!("it was not known then: {body:?}"),
    }
}

fn write_orders(connection: &Connection, orders: &[Order]) {
    let (first, count) = (orders[0].accepted_number.0 as i64, orders.len() as i64);
    let closed = orders.iter().map(|order| order.closed_at.map(|_| order.number.0 as i64));
    let closed_by = closed.collect::<Option<Vec<i64>>>().and_then(|closed| closed.into_iter().max());
    let records: Vec<String> = orders.iter().map(record_of_order).collect();
    let records = format!("[{}]", records.join(","));
    let sum = Sum::default().numbers(&[first, 2, count, closed_by.unwrap_or(0)]).bytes(records.as_bytes()).done();
    let sum = i64::from(sum as u32 as i32);
    let insert = "INSERT INTO blocks VALUES (?1, 2, ?2, ?3, ?4, ?5)";
    connection.execute(insert, params![first, count, sum, closed_by, records]).unwrap();
}

fn record_of_order(order: &Order) -> String {
    let Order { accepted_number, accepted_at, id, symbol, quantity, due_at, .. } = order;
    let (closed_after, closed_number) = order.closed_at.map_or((0, 0), |at| (at.0 - accepted_at.0, order.number.0));
    format!(
        "[{},{},\"{id:?}\",\"{symbol:?}\",{},{},{},{closed_after:8},{closed_number:8}{}]",
        accepted_number.0,
        accepted_at.0,
        quantity.get(),
        due_at.expect("it has a time").0 - accepted_at.0,
        kind(order),
        record_of_names(order),
    )
}

fn record_of_names(order: &Order) -> String {
    let text = |name: Option<&str>| name.map_or("null".to_owned(), |name| format!("\"{name}\""));
    match names(order) {
        (None, None) => String::new(),
        (client_order_id, idempotency_key) => format!(",{},{}", text(client_order_id), text(idempotency_key)),
    }
}

/// An idempotency key goes with its order; a `client_order_id` stays.
fn write_names(connection: &Connection, past: &Past) {
    for event in &past.events {
        for name in event.origin().into_iter().flat_map(|origin| origin.names()) {
            let (kind, text) = match &name {
                Name::ClientOrderId(text) => (0, text),
                Name::IdempotencyKey(_) if past.twin.order(event.number).is_none() => continue,
                Name::IdempotencyKey(text) => (1, text),
            };
            let (text, order) = (text.as_str(), event.number.0 as i64);
            let sum = Sum::default().numbers(&[kind, order]).bytes(text.as_bytes()).done();
            connection.execute("INSERT INTO names VALUES (?1, ?2, ?3, ?4)", params![kind, text, order, sum]).unwrap();
        }
    }
}
