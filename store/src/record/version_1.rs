//! Version 1 of the records: a row for each change and each order, a column for each place. Only read, where a database is
//! brought up to date (`upgrade.rs`).

use std::sync::Arc;

use rusqlite::Row;
use tradepit_engine::{
    Accepted, Body, Event, Key, Order, OrderId, OrderRef, Origin, Quantity, Seq, State, Symbol, Time,
};

use crate::damage::{Failure, Read};
use crate::sum::Sum;

const VERSION: i64 = 1;

/// Every event, with the accepting one of its order.
pub(crate) const EVENTS: &str = "SELECT e.seq, e.version, e.kind, e.at, e.order_seq, e.crc, a.id, a.symbol, \
    a.quantity, a.due_at, a.client_order_id, a.idempotency_key, a.at, a.crc, a.version \
    FROM old_events e JOIN old_events a ON a.seq = e.order_seq ORDER BY e.seq";

/// Every order that is settled.
pub(crate) const ORDERS: &str = "SELECT seq, id, symbol, quantity, accepted_at, due_at, kind, closed_at, closed_seq, \
    crc, client_order_id, idempotency_key FROM settled ORDER BY seq";

/// Reads a row of [`EVENTS`].
pub(crate) fn read_event(row: &Row<'_>) -> Read<Event> {
    let (seq, version, kind, at): (i64, i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
    let (order_seq, crc): (i64, i64) = (row.get(4)?, row.get(5)?);
    let version_of_order: i64 = row.get(14)?;
    if version != VERSION || version_of_order != VERSION {
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

/// Reads a row of [`ORDERS`].
pub(crate) fn read_order(row: &Row<'_>) -> Read<Order> {
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
