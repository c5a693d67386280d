//! What the records of several versions have in common: the parts of an order that every record of it repeats.

use std::sync::Arc;

use tradepit_engine::{Label, Number, OrderId, Origin, Quantity, ReasonText, Symbol, Time};

use super::text::{Garbled, Reader, push_hex, push_number, push_text};

pub(super) fn push_head(records: &mut Vec<u8>, first: i64, second: i64) {
    push_number(records, first);
    records.push(b',');
    push_number(records, second);
}

pub(super) fn push_what(records: &mut Vec<u8>, id: OrderId, symbol: &Symbol, quantity: Quantity) {
    records.extend_from_slice(b",\"");
    push_hex(records, &id.0);
    records.extend_from_slice(b"\",\"");
    // A symbol has no character that JSON escapes.
    records.extend_from_slice(symbol.as_str().as_bytes());
    records.extend_from_slice(b"\",");
    push_number(records, quantity.get().cast_signed());
    records.push(b',');
}

/// Appends names, each a text or null; where there are none, and nothing follows them, nothing.
pub(super) fn push_names(records: &mut Vec<u8>, origin: Option<&Origin>, is_followed: bool) {
    let names = match origin {
        Some(origin) => [&origin.client_order_id, &origin.idempotency_key],
        None if is_followed => [&None, &None],
        None => return,
    };
    for name in names {
        records.push(b',');
        match name {
            Some(name) => push_text(records, name.as_str()),
            None => records.extend_from_slice(b"null"),
        }
    }
}

pub(super) fn read_what(reader: &mut Reader<'_>) -> Result<(OrderId, Symbol, Quantity), Garbled> {
    let id = OrderId(reader.next_hex()?);
    reader.comma()?;
    let symbol = read_symbol(reader.plain_text()?)?;
    let quantity = u64::try_from(reader.next_number()?).map_err(|_| Garbled)?;
    Ok((id, symbol, Quantity::new(quantity).map_err(|_| Garbled)?))
}

/// Reads what [`push_names`] writes; without names something must follow where they could have been left out.
pub(super) fn read_names(reader: &mut Reader<'_>) -> Result<Option<Arc<Origin>>, Garbled> {
    if reader.is_at_end() {
        return Ok(None);
    }
    let mut name = || match reader.next_text_or_null()? {
        Some(text) => Label::new(&text).map(Some).map_err(|_| Garbled),
        None => Ok(None),
    };
    let (client_order_id, idempotency_key) = (name()?, name()?);
    let origin = Origin::new(client_order_id, idempotency_key);
    if origin.is_none() && reader.is_at_end() { Err(Garbled) } else { Ok(origin) }
}

/// Appends when an order is due, from that time on; null where it waits for an act.
pub(super) fn push_due(records: &mut Vec<u8>, due_at: Option<Time>, from: Time) {
    match due_at {
        Some(due_at) => push_number(records, due_at.0.wrapping_sub(from.0)),
        None => records.extend_from_slice(b"null"),
    }
}

pub(super) fn next_due(reader: &mut Reader<'_>, from: Time) -> Result<Option<Time>, Garbled> {
    Ok(reader.next_number_or_null()?.map(|after| Time(from.0.wrapping_add(after))))
}

pub(super) fn push_reason_text(records: &mut Vec<u8>, text: Option<&ReasonText>) {
    match text {
        Some(text) => push_text(records, text.as_str()),
        None => records.extend_from_slice(b"null"),
    }
}

pub(super) fn next_reason_text(reader: &mut Reader<'_>) -> Result<Option<ReasonText>, Garbled> {
    let text = reader.next_text_or_null()?;
    text.map(|text| ReasonText::new(&text)).transpose().map_err(|_| Garbled)
}

pub(crate) fn read_symbol(text: &str) -> Result<Symbol, Garbled> {
    Symbol::new(text).map_err(|_| Garbled)
}

/// Numbers of changes stay below 2^63.
pub(super) fn signed(number: Number) -> i64 {
    number.0.cast_signed()
}

pub(super) fn number(number: i64) -> Result<Number, Garbled> {
    u64::try_from(number).map(Number).map_err(|_| Garbled)
}
