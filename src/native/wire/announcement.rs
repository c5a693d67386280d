//! What subscribers are told: a change as text or JSON, a gap, an open order. The voices of the contract.
//!
//! Owns the bytes of each; the feed calls a voice once for all who get the same. Exports are written in the same words.

use tradepit_actors::{Gap, Voice};
use tradepit_engine::{Event, Lost, Order, OrderRef, Time};

use super::id::WireId;
use super::idempotency::write_names;
use super::nullable::write_time;
use super::object::Object;
use super::order::{self, WireStatus};
use crate::time::WireTime;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// `<id> is PENDING`
    Text,
    Json,
}

impl Format {
    /// The voice that speaks so.
    pub(crate) fn voice(self) -> &'static Voice {
        match self {
            Format::Text => &TEXT,
            Format::Json => &JSON,
        }
    }
}

static TEXT: Voice = Voice { event: write_text, gap: None };

static JSON: Voice = Voice { event: write_json, gap: Some(Gap { lagged: write_lagged, order: write_order }) };

/// What a change of status tells: its order, the status from now on, and where it is accepted, when it is due, if it
/// waits for no act. Any other is nothing that native clients hear of.
fn told(event: &Event) -> Option<(OrderRef, WireStatus, Option<Option<Time>>)> {
    let status = event.status()?;
    Some((event.order()?, status.into(), event.accepted().map(|accepted| accepted.due_at)))
}

/// A change as cells of a table: number, time, id, symbol, quantity, status, due time (empty but with `PENDING`).
///
/// `None` of a change that native clients do not hear of.
pub(crate) fn cells(event: &Event) -> Option<[String; 7]> {
    let (order, status, due_at) = told(event)?;
    let due_at = due_at.flatten().map_or_else(String::new, |due_at| WireTime(due_at).to_string());
    let (at, mut id) = (WireTime(event.at), [0; WireId::LENGTH]);
    let [id, symbol, status] =
        [WireId(order.id).write(&mut id), order.symbol.as_str(), status.name()].map(str::to_owned);
    let quantity = order.quantity.get().to_string();
    Some([event.seq.0.to_string(), at.to_string(), id, symbol, quantity, status, due_at])
}

fn write_text(event: &Event, out: &mut Vec<u8>) {
    let Some((order, status, _)) = told(event) else { return };
    out.extend_from_slice(WireId(order.id).write(&mut [0; WireId::LENGTH]).as_bytes());
    out.extend_from_slice(b" is ");
    out.extend_from_slice(status.name().as_bytes());
}

/// A change with the name that its client gave the order, where it accepts one that has it.
fn write_json(event: &Event, out: &mut Vec<u8>) {
    let Some(what) = told(event) else { return };
    let mut json = Object::begin(out);
    write_change(event, what, &mut json);
    if let Some(name) = event.origin().and_then(|origin| origin.client_order_id.as_ref()) {
        json.text("client_order_id", name.as_str());
    }
    json.end();
}

/// A change as an export has it, with both names of the order that it accepts.
pub(crate) fn write_exported(event: &Event, out: &mut Vec<u8>) {
    let Some(what) = told(event) else { return };
    let mut json = Object::begin(out);
    write_change(event, what, &mut json);
    if let Some(origin) = event.origin() {
        write_names(origin, &mut json);
    }
    json.end();
}

fn write_change(
    event: &Event,
    (order, status, due_at): (OrderRef, WireStatus, Option<Option<Time>>),
    json: &mut Object<'_>,
) {
    json.number("seq", event.seq.0);
    json.time("at", event.at);
    json.id("id", order.id);
    json.plain("stoks", order.symbol.as_str());
    json.number("quantity", order.quantity.get());
    json.plain("status", status.name());
    if let Some(due_at) = due_at {
        write_time("due_at", due_at, json);
    }
}

fn write_lagged(lost: &Lost, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    json.plain("type", "lagged");
    json.number("oldest", lost.oldest.0);
    json.number("seq", lost.as_of_seq.0);
    json.end();
}

fn write_order(order: &Order, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    json.plain("type", "order");
    order::write_native_fields(order, &mut json);
    json.end();
}
