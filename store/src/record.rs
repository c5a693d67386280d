//! How a change and an order are written down and read back: a JSON array each, in a list of them in a row.
//!
//! | record | places |
//! |---|---|
//! | a change that accepts | 0, µs after the row's `at`, id, symbol, quantity, µs until it is due; names as below |
//! | a change that closes | 1 executed or 2 cancelled, µs after the row's `at`, id, symbol, quantity, number of the change that accepted |
//! | an order | that number, accepted at (µs since 1970), id, symbol, quantity, µs until it is due; then 0 pending, 1 executed or 2 cancelled, µs from accepted to closed, number of the change that closed it; names as below |
//!
//! Names are two places more, `client_order_id` and the idempotency key, each a string or null; where an order has
//! neither, they are left out. Each row carries a checksum of what it says, and the version of its records.

use std::borrow::Cow;
use std::sync::Arc;

use tradepit_engine::{Change, Event, Key, Order, OrderId, Origin, Quantity, Seq, State, Status, Symbol, Time};

use crate::fault::Damage;
use crate::text::{Reader, push_hex, push_number, push_padded, push_text};

/// The version of the records that are written now. Version 1 had a row for each change and each order (`upgrade.rs`).
pub(crate) const RECORD_VERSION: i64 = 2;

/// What a record of a change takes, give or take a name.
pub(crate) const CHANGE_BYTES: usize = 96;

/// An order that is written while it is open has room for its closing: then only that much of its row changes.
const CLOSED_AFTER_WIDTH: usize = 8;
const CLOSED_SEQ_WIDTH: usize = 8;

/// Appends the record of a change to the list that `records` is, in a row of that time.
pub(crate) fn push_change(records: &mut Vec<u8>, event: &Event, row_at: Time) {
    records.push(if records.is_empty() { b'[' } else { b',' });
    records.push(b'[');
    let (kind, last) = match event.change {
        Change::Accepted { due_at } => (0, due_at.0.wrapping_sub(event.at.0)),
        Change::Executed => (1, signed(event.accepted_seq)),
        Change::Cancelled => (2, signed(event.accepted_seq)),
    };
    push_number(records, kind);
    records.push(b',');
    push_number(records, event.at.0.wrapping_sub(row_at.0));
    push_what(records, event.id, &event.symbol, event.quantity);
    push_number(records, last);
    if kind == 0 {
        push_names(records, event.origin.as_deref());
    }
    records.push(b']');
}

/// Appends the record of an order to the list that `records` is.
pub(crate) fn push_order(records: &mut Vec<u8>, order: &Order) {
    records.push(if records.is_empty() { b'[' } else { b',' });
    records.push(b'[');
    push_number(records, signed(order.accepted_seq));
    records.push(b',');
    push_number(records, order.accepted_at.0);
    push_what(records, order.id, &order.symbol, order.quantity);
    push_number(records, order.due_at.0.wrapping_sub(order.accepted_at.0));
    let (kind, closed) = match order.state {
        State::Pending => (0, None),
        State::Executed { at } => (1, Some(at)),
        State::Cancelled { at } => (2, Some(at)),
    };
    records.push(b',');
    push_number(records, kind);
    records.push(b',');
    push_padded(records, closed.map_or(0, |at| at.0.wrapping_sub(order.accepted_at.0)), CLOSED_AFTER_WIDTH);
    records.push(b',');
    push_padded(records, closed.map_or(0, |_| signed(order.seq)), CLOSED_SEQ_WIDTH);
    push_names(records, order.origin.as_deref());
    records.push(b']');
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

/// Reads `count` changes from `first` on; `None` where they are not what is written today.
pub(crate) fn read_changes(records: &str, first: Seq, count: usize, row_at: Time) -> Option<Vec<Event>> {
    let mut reader = Reader::new(records);
    let mut events = Vec::with_capacity(count.min(records.len() / 32 + 1));
    reader.list(|reader| {
        let seq = Seq(first.0 + events.len() as u64);
        events.push(read_change(reader, seq, row_at)?);
        Some(())
    })?;
    (events.len() == count).then_some(events)
}

fn read_change(reader: &mut Reader<'_>, seq: Seq, row_at: Time) -> Option<Event> {
    reader.open()?;
    let kind = reader.number()?;
    let at = Time(row_at.0.wrapping_add(reader.next_number()?));
    let (id, symbol, quantity) = read_what(reader)?;
    let last = reader.next_number()?;
    let (change, accepted_seq) = match kind {
        0 => (Change::Accepted { due_at: Time(at.0.wrapping_add(last)) }, seq),
        1 => (Change::Executed, Seq(u64::try_from(last).ok()?)),
        2 => (Change::Cancelled, Seq(u64::try_from(last).ok()?)),
        _ => return None,
    };
    let origin = if kind == 0 { read_names(reader)? } else { None };
    reader.close()?;
    Some(Event { seq, at, id, accepted_seq, symbol, quantity, change, origin })
}

/// Reads `count` orders; `None` where they are not what is written today.
pub(crate) fn read_orders(records: &str, count: usize) -> Option<Vec<Order>> {
    let mut reader = Reader::new(records);
    let mut orders = Vec::with_capacity(count.min(records.len() / 32 + 1));
    reader.list(|reader| {
        orders.push(read_order(reader)?);
        Some(())
    })?;
    (orders.len() == count).then_some(orders)
}

fn read_order(reader: &mut Reader<'_>) -> Option<Order> {
    reader.open()?;
    let accepted_seq = Seq(u64::try_from(reader.number()?).ok()?);
    let accepted_at = Time(reader.next_number()?);
    let (id, symbol, quantity) = read_what(reader)?;
    let due_at = Time(accepted_at.0.wrapping_add(reader.next_number()?));
    let kind = reader.next_number()?;
    let at = Time(accepted_at.0.wrapping_add(reader.next_number()?));
    let closed_seq = Seq(u64::try_from(reader.next_number()?).ok()?);
    let (state, seq) = match kind {
        0 => (State::Pending, accepted_seq),
        1 => (State::Executed { at }, closed_seq),
        2 => (State::Cancelled { at }, closed_seq),
        _ => return None,
    };
    let origin = read_names(reader)?;
    reader.close()?;
    Some(Order { id, symbol, quantity, accepted_at, accepted_seq, due_at, state, seq, origin })
}

fn read_what(reader: &mut Reader<'_>) -> Option<(OrderId, Symbol, Quantity)> {
    let id = OrderId(reader.next_hex()?);
    let Cow::Borrowed(symbol) = reader.next_text()? else { return None };
    let symbol = Symbol::new(symbol).ok()?;
    let quantity = Quantity::new(u64::try_from(reader.next_number()?).ok()?).ok()?;
    Some((id, symbol, quantity))
}

#[expect(clippy::option_option, reason = "nothing readable, or no names")]
fn read_names(reader: &mut Reader<'_>) -> Option<Option<Arc<Origin>>> {
    if reader.is_at_end() {
        return Some(None);
    }
    let mut name = || match reader.next_text_or_null()? {
        Some(text) => Key::new(&text).ok().map(Some),
        None => Some(None),
    };
    let (client_order_id, idempotency_key) = (name()?, name()?);
    Origin::new(client_order_id, idempotency_key).map(Some)
}

fn signed(seq: Seq) -> i64 {
    // Numbers of changes stay below 2^63.
    seq.0.cast_signed()
}

/// What becomes of an order by an event that closes it; an error where it cannot.
///
/// An order that is written as it stood after this event stays as it is: an order may be written as closed before the mark of
/// what is settled has come as far as its closing.
pub(crate) fn close(order: &mut Order, event: &Event) -> Result<(), Damage> {
    if order.close(event) {
        return Ok(());
    }
    let mut closed = order.while_open();
    if closed.close(event) && closed == *order {
        return Ok(());
    }
    let (seq, change, status) = (event.seq.0, event.change, Status::from(order.state));
    Err(format!("change {seq} says {change:?} of an order that is {status:?}"))
}

#[cfg(test)]
mod tests {
    use tradepit_engine::{Change, Event, Order, Time};

    use super::close;
    use crate::samples;

    fn event(seq: u64, change: Change) -> Event {
        samples::event(seq, 1_024, change)
    }

    /// Orders are settled in pieces: one may end between an order's acceptance and its closing, which its row has already.
    #[test]
    fn an_order_that_is_written_as_closed_stays_so_when_its_closing_comes() {
        let due_at = Time(1_024);
        let mut order = Order::accepted(&event(1_024, Change::Accepted { due_at }), due_at);
        close(&mut order, &event(1_025, Change::Executed)).expect("it was open");
        let closed = order.clone();
        close(&mut order, &event(1_025, Change::Executed)).expect("it is the same closing");
        assert_eq!(order, closed);
        for other in [event(1_026, Change::Executed), event(1_025, Change::Cancelled)] {
            assert!(close(&mut order, &other).is_err(), "{other:?}");
        }
    }
}
