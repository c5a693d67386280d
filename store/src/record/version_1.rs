//! Version 1 of the records: a row for each change and each order, a column for each place. Only read, where a database
//! is brought up to date (`upgrade/`).

use std::sync::Arc;

use rusqlite::Row;
use tradepit_engine::{
    Accepted, Body, Event, Label, Number, Order, OrderId, OrderRef, Origin, Quantity, Seq, State, Time,
};

use super::Misread;
use super::parts::read_symbol;
use crate::damage::Read;
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
    let (number, version, kind, at): (i64, i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
    let (order_number, crc): (i64, i64) = (row.get(4)?, row.get(5)?);
    let id: [u8; 16] = row.get(6)?;
    let symbol = row.get_ref(7)?.as_str()?;
    let (quantity, due_at): (i64, i64) = (row.get(8)?, row.get(9)?);
    let names = (row.get_ref(10)?.as_str_or_null()?, row.get_ref(11)?.as_str_or_null()?);
    let (accepted_at, crc_of_order, version_of_order): (i64, i64, i64) = (row.get(12)?, row.get(13)?, row.get(14)?);
    let of_order = Sum::new(&[order_number, version_of_order, 0, accepted_at, order_number, quantity, due_at]);
    let of_order = of_order.bytes(&id).text(Some(symbol)).text(names.0).text(names.1).done();
    let of_closing = Sum::new(&[number, version, kind, at, order_number]).done();
    let is_intact = of_order == crc_of_order && if kind == 0 { number == order_number } else { of_closing == crc };
    let event = || {
        known(version, is_intact)?;
        known(version_of_order, is_intact)?;
        let (symbol, quantity) = (read_symbol(symbol)?, read_quantity(quantity)?);
        let (id, number, accepted_number) =
            (OrderId(id), Number(number.cast_unsigned()), Number(order_number.cast_unsigned()));
        let order = OrderRef { accepted_number, id, symbol, quantity };
        let body = match kind {
            0 => {
                let (due_at, origin) = (Some(Time(due_at)), read_origin(names)?);
                Body::Accepted(Accepted { id, symbol, quantity, due_at, origin, rich: None })
            }
            1 => Body::Executed(order),
            2 => Body::Cancelled(order),
            kind => return Err(Misread::Kind { number, kind }),
        };
        Ok(Event { number, seq: Seq(number.0), at: Time(at), body })
    };
    event().map_err(|misread| misread.of(&format!("change {number}")).into())
}

/// Reads a row of [`ORDERS`].
pub(crate) fn read_order(row: &Row<'_>) -> Read<Order> {
    let number: i64 = row.get(0)?;
    let id: [u8; 16] = row.get(1)?;
    let symbol = row.get_ref(2)?.as_str()?;
    let (quantity, accepted_at, due_at): (i64, i64, i64) = (row.get(3)?, row.get(4)?, row.get(5)?);
    let (kind, closed_at, closed_number, crc): (i64, i64, i64, i64) =
        (row.get(6)?, row.get(7)?, row.get(8)?, row.get(9)?);
    let names = (row.get_ref(10)?.as_str_or_null()?, row.get_ref(11)?.as_str_or_null()?);
    let sum = Sum::new(&[number, quantity, accepted_at, due_at, kind, closed_at, closed_number]);
    let is_intact = crc == sum.bytes(&id).text(Some(symbol)).text(names.0).text(names.1).done();
    let order = || {
        // The rows of orders had no version of their own.
        known(VERSION, is_intact)?;
        let accepted_number = Number(number.cast_unsigned());
        let (state, last) = match kind {
            0 => (State::Accepted, number),
            1 => (State::Filled, closed_number),
            2 => (State::Cancelled, closed_number),
            kind => return Err(Misread::State { accepted_number, kind }),
        };
        Ok(Order {
            id: OrderId(id),
            symbol: read_symbol(symbol)?,
            quantity: read_quantity(quantity)?,
            accepted_at: Time(accepted_at),
            accepted_number,
            accepted_seq: Seq(accepted_number.0),
            due_at: Some(Time(due_at)),
            state,
            closed_at: state.is_closed().then_some(Time(closed_at)),
            number: Number(last.cast_unsigned()),
            seq: Seq(last.cast_unsigned()),
            origin: read_origin(names)?,
            bought: None,
            rich: None,
            reason_text: None,
            put_off: None,
        })
    };
    order().map_err(|misread| misread.of(&format!("the order of change {number}")).into())
}

fn known(version: i64, is_intact: bool) -> Result<(), Misread> {
    match version {
        VERSION if is_intact => Ok(()),
        VERSION => Err(Misread::Garbled),
        version => Err(Misread::Version(version)),
    }
}

fn read_quantity(number: i64) -> Result<Quantity, Misread> {
    Quantity::new(number.cast_unsigned()).map_err(|_| Misread::Garbled)
}

fn read_origin(names: (Option<&str>, Option<&str>)) -> Result<Option<Arc<Origin>>, Misread> {
    let key = |text: Option<&str>| text.map(|text| Label::new(text).map_err(|_| Misread::Garbled)).transpose();
    Ok(Origin::new(key(names.0)?, key(names.1)?))
}
