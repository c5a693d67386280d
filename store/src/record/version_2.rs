//! Version 2 of the records: a JSON array each, in a list of them in a row.
//!
//! | record | places |
//! |---|---|
//! | an order is accepted | 0, µs after the row's `at`, id, symbol, quantity, µs until it is due; names as below |
//! | an order is executed, cancelled | 1, 2; µs after the row's `at`, id, symbol, quantity, number of the change that accepted |
//! | an order | that number, accepted at (µs since 1970), id, symbol, quantity, µs until it is due; then 0 pending, 1 executed or 2 cancelled, µs from accepted to closed, number of the change that closed it; names as below |
//!
//! Names are two places more, `client_order_id` and the idempotency key, each a string or null; where an order has
//! neither, they are left out. What is read is what would be written, to the byte.

use std::borrow::Cow;
use std::sync::Arc;

use tradepit_engine::{
    Accepted, Body, Event, Label, Number, Order, OrderId, OrderRef, Origin, Quantity, State, Symbol, Time,
};

use super::Misread;
use super::text::{Garbled, Reader, push_hex, push_number, push_padded, push_text};

/// What a record of an event takes, give or take a name.
pub(crate) const EVENT_BYTES: usize = 96;

/// The kinds of events, and an order's states.
const ACCEPTED: i64 = 0;
const PENDING: i64 = 0;
const EXECUTED: i64 = 1;
const CANCELLED: i64 = 2;

/// An order that is written while it is open has room for its closing: then only that much of its row changes.
const CLOSED_AFTER_WIDTH: usize = 8;
const CLOSED_SEQ_WIDTH: usize = 8;

/// Appends the record of an event to the list that `records` is, in a row of that time.
pub(crate) fn push_event(records: &mut Vec<u8>, event: &Event, row_at: Time) {
    records.push(if records.is_empty() { b'[' } else { b',' });
    records.push(b'[');
    let after = event.at.0.wrapping_sub(row_at.0);
    match &event.body {
        Body::Accepted(accepted) => {
            push_head(records, ACCEPTED, after);
            push_what(records, accepted.id, &accepted.symbol, accepted.quantity);
            push_number(records, accepted.due_at.0.wrapping_sub(event.at.0));
            push_names(records, accepted.origin.as_deref());
        }
        Body::Executed(order) => push_closing(records, EXECUTED, after, order),
        Body::Cancelled(order) => push_closing(records, CANCELLED, after, order),
    }
    records.push(b']');
}

/// Appends the record of an order to the list that `records` is.
pub(crate) fn push_order(records: &mut Vec<u8>, order: &Order) {
    records.push(if records.is_empty() { b'[' } else { b',' });
    records.push(b'[');
    push_head(records, signed(order.accepted_number), order.accepted_at.0);
    push_what(records, order.id, &order.symbol, order.quantity);
    push_number(records, order.due_at.0.wrapping_sub(order.accepted_at.0));
    let (state, closed) = match order.state {
        State::Pending => (PENDING, None),
        State::Executed { at } => (EXECUTED, Some(at)),
        State::Cancelled { at } => (CANCELLED, Some(at)),
    };
    records.push(b',');
    push_number(records, state);
    records.push(b',');
    push_padded(records, closed.map_or(0, |at| at.0.wrapping_sub(order.accepted_at.0)), CLOSED_AFTER_WIDTH);
    records.push(b',');
    push_padded(records, closed.map_or(0, |_| signed(order.number)), CLOSED_SEQ_WIDTH);
    push_names(records, order.origin.as_deref());
    records.push(b']');
}

fn push_head(records: &mut Vec<u8>, first: i64, second: i64) {
    push_number(records, first);
    records.push(b',');
    push_number(records, second);
}

fn push_closing(records: &mut Vec<u8>, kind: i64, after: i64, order: &OrderRef) {
    push_head(records, kind, after);
    push_what(records, order.id, &order.symbol, order.quantity);
    push_number(records, signed(order.accepted_number));
}

fn push_what(records: &mut Vec<u8>, id: OrderId, symbol: &Symbol, quantity: Quantity) {
    records.extend_from_slice(b",\"");
    push_hex(records, &id.0);
    records.extend_from_slice(b"\",\"");
    // A symbol has no character that JSON escapes.
    records.extend_from_slice(symbol.as_str().as_bytes());
    records.extend_from_slice(b"\",");
    push_number(records, quantity.get().cast_signed());
    records.push(b',');
}

fn push_names(records: &mut Vec<u8>, origin: Option<&Origin>) {
    let Some(origin) = origin else { return };
    for name in [&origin.client_order_id, &origin.idempotency_key] {
        records.push(b',');
        match name {
            Some(name) => push_text(records, name.as_str()),
            None => records.extend_from_slice(b"null"),
        }
    }
}

/// Ends a list, which is not empty.
pub(crate) fn end_list(records: &mut Vec<u8>) -> &str {
    records.push(b']');
    str::from_utf8(records).expect("records are ASCII")
}

/// Reads the record of the event `number` in a row of that time.
pub(super) fn read_event(reader: &mut Reader<'_>, number: Number, row_at: Time) -> Result<Event, Misread> {
    reader.open()?;
    let kind = reader.number()?;
    let at = Time(row_at.0.wrapping_add(reader.next_number()?));
    let body = match kind {
        ACCEPTED => {
            let (id, symbol, quantity) = read_what(reader)?;
            let due_at = Time(at.0.wrapping_add(reader.next_number()?));
            let origin = read_names(reader)?;
            Body::Accepted(Accepted { id, symbol, quantity, due_at, origin })
        }
        EXECUTED => Body::Executed(read_closed(reader)?),
        CANCELLED => Body::Cancelled(read_closed(reader)?),
        kind => return Err(Misread::Kind { number, kind }),
    };
    reader.close()?;
    Ok(Event { number, at, body })
}

pub(super) fn read_order(reader: &mut Reader<'_>) -> Result<Order, Misread> {
    reader.open()?;
    let accepted_number = number(reader.number()?)?;
    let accepted_at = Time(reader.next_number()?);
    let (id, symbol, quantity) = read_what(reader)?;
    let due_at = Time(accepted_at.0.wrapping_add(reader.next_number()?));
    let closed: Option<fn(Time) -> State> = match reader.next_number()? {
        PENDING => None,
        EXECUTED => Some(|at| State::Executed { at }),
        CANCELLED => Some(|at| State::Cancelled { at }),
        kind => return Err(Misread::State { accepted_number, kind }),
    };
    let closed_after = reader.next_padded(CLOSED_AFTER_WIDTH)?;
    let closed_number = number(reader.next_padded(CLOSED_SEQ_WIDTH)?)?;
    let (state, number) = match closed {
        Some(state) => (state(Time(accepted_at.0.wrapping_add(closed_after))), closed_number),
        None if (closed_after, closed_number) == (0, Number(0)) => (State::Pending, accepted_number),
        None => return Err(Misread::Garbled),
    };
    let origin = read_names(reader)?;
    reader.close()?;
    Ok(Order { id, symbol, quantity, accepted_at, accepted_number, due_at, state, number, origin })
}

fn read_closed(reader: &mut Reader<'_>) -> Result<OrderRef, Garbled> {
    let (id, symbol, quantity) = read_what(reader)?;
    Ok(OrderRef { accepted_number: number(reader.next_number()?)?, id, symbol, quantity })
}

fn read_what(reader: &mut Reader<'_>) -> Result<(OrderId, Symbol, Quantity), Garbled> {
    let id = OrderId(reader.next_hex()?);
    let Cow::Borrowed(symbol) = reader.next_text()? else { return Err(Garbled) };
    let symbol = Symbol::new(symbol).map_err(|_| Garbled)?;
    let quantity = u64::try_from(reader.next_number()?).map_err(|_| Garbled)?;
    Ok((id, symbol, Quantity::new(quantity).map_err(|_| Garbled)?))
}

fn read_names(reader: &mut Reader<'_>) -> Result<Option<Arc<Origin>>, Garbled> {
    if reader.is_at_end() {
        return Ok(None);
    }
    let mut name = || match reader.next_text_or_null()? {
        Some(text) => Label::new(&text).map(Some).map_err(|_| Garbled),
        None => Ok(None),
    };
    let (client_order_id, idempotency_key) = (name()?, name()?);
    Origin::new(client_order_id, idempotency_key).ok_or(Garbled).map(Some)
}

/// Numbers of changes stay below 2^63.
fn signed(number: Number) -> i64 {
    number.0.cast_signed()
}

fn number(number: i64) -> Result<Number, Garbled> {
    u64::try_from(number).map(Number).map_err(|_| Garbled)
}
