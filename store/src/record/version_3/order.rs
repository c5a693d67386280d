//! The record of an order.

use tradepit_engine::{Bought, Number, Order, Seq, State, Time};

use super::rich::{push_rich, read_rich};
use crate::record::Misread;
use crate::record::amounts::{push_price_paid, read_price_paid};
use crate::record::parts::{
    next_due, next_reason_text, number, push_due, push_head, push_names, push_reason_text, push_what, read_names,
    read_what, signed,
};
use crate::record::text::{Garbled, Reader, push_number, push_padded};

/// An order that is written while it is open has room for its closing: then only that much of its row changes.
const CLOSED_AFTER_WIDTH: usize = 8;
const CHANGES_WIDTH: usize = 6;
const PRICE_WIDTH: usize = 10;

/// Appends the record of an order to the list that `records` is.
pub(crate) fn push_order(records: &mut Vec<u8>, order: &Order) {
    records.push(if records.is_empty() { b'[' } else { b',' });
    records.push(b'[');
    push_head(records, signed(order.accepted_number), order.accepted_seq.0.cast_signed());
    records.push(b',');
    push_number(records, order.accepted_at.0);
    push_what(records, order.id, &order.symbol, order.quantity);
    push_due(records, order.due_at, order.accepted_at);
    records.push(b',');
    push_number(records, code(order.state));
    records.push(b',');
    let closed_after = order.closed_at.map_or(0, |at| at.0.wrapping_sub(order.accepted_at.0));
    push_padded(records, closed_after, CLOSED_AFTER_WIDTH);
    let changes = order.number.0.wrapping_sub(order.accepted_number.0);
    for since in [changes, order.seq.0.wrapping_sub(order.accepted_seq.0)] {
        records.push(b',');
        push_padded(records, since.cast_signed(), CHANGES_WIDTH);
    }
    records.push(b',');
    push_bought(records, order.bought);
    push_names(records, order.origin.as_deref(), order.rich.is_some());
    push_rich(records, order.rich.as_deref());
    if order.reason_text.is_some() {
        // Whoever has one is rich.
        records.push(b',');
        push_reason_text(records, order.reason_text.as_ref());
    }
    records.push(b']');
}

fn push_bought(records: &mut Vec<u8>, bought: Option<Bought>) {
    let from = records.len();
    match bought {
        Some(Bought { ticks, tick, fee }) => push_price_paid(records, ticks, tick, fee),
        None => records.extend_from_slice(b"null"),
    }
    let spaces = PRICE_WIDTH.saturating_sub(records.len() - from);
    records.resize(records.len() + spaces, b' ');
    records[from..].rotate_right(spaces);
}

/// Reads the record of an order.
pub(crate) fn read_order(reader: &mut Reader<'_>) -> Result<Order, Misread> {
    reader.open()?;
    let accepted_number = number(reader.number()?)?;
    let accepted_seq = Seq(number(reader.next_number()?)?.0);
    let accepted_at = Time(reader.next_number()?);
    let (id, symbol, quantity) = read_what(reader)?;
    let due_at = next_due(reader, accepted_at)?;
    let kind = reader.next_number()?;
    let state = State::ALL.into_iter().find(|state| code(*state) == kind);
    let state = state.ok_or(Misread::State { accepted_number, kind })?;
    let closed_after = reader.next_padded(CLOSED_AFTER_WIDTH)?;
    let closed_at = match state.is_closed() {
        true => Some(Time(accepted_at.0.wrapping_add(closed_after))),
        false if closed_after == 0 => None,
        false => return Err(Misread::Garbled),
    };
    let number = Number(after(accepted_number.0, reader)?);
    let seq = Seq(after(accepted_seq.0, reader)?);
    reader.comma()?;
    let bought = reader.padded(PRICE_WIDTH, read_bought)?;
    let origin = read_names(reader)?;
    let rich = read_rich(reader)?;
    let reason_text = if reader.is_at_end() { None } else { Some(next_reason_text(reader)?.ok_or(Garbled)?) };
    reader.close()?;
    Ok(Order {
        id,
        symbol,
        quantity,
        accepted_at,
        accepted_number,
        accepted_seq,
        due_at,
        state,
        closed_at,
        number,
        seq,
        origin,
        bought,
        rich,
        reason_text,
        put_off: None,
    })
}

/// A number that is so much greater than this one.
fn after(first: u64, reader: &mut Reader<'_>) -> Result<u64, Garbled> {
    let since = u64::try_from(reader.next_padded(CHANGES_WIDTH)?).map_err(|_| Garbled)?;
    first.checked_add(since).filter(|last| i64::try_from(*last).is_ok()).ok_or(Garbled)
}

fn read_bought(reader: &mut Reader<'_>) -> Result<Option<Bought>, Garbled> {
    if reader.null() {
        return Ok(None);
    }
    let (ticks, tick, fee) = read_price_paid(reader)?;
    Ok(Some(Bought { ticks, tick, fee }))
}

fn code(state: State) -> i64 {
    match state {
        State::Held => -1,
        State::Accepted => 0,
        State::New => 1,
        State::PartiallyFilled => 2,
        State::Filled => 3,
        State::Cancelled => 4,
        State::Expired => 5,
        State::Rejected => 6,
        State::Replaced => 7,
    }
}
