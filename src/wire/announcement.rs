//! What subscribers are told: a change as text or JSON, a gap, an open order.

use serde::Serialize;
use tradepit_actors::Wire;
use tradepit_engine::{Change, Event, Order, OrderId, Quantity, Seq, Symbol};

use super::order::{WireId, WireOrder, WireStatus, write_id, write_quantity, write_seq, write_symbol};
use super::time::WireTime;

/// The contract's announcements.
pub(crate) const WIRE: Wire = Wire { text: write_text, json: write_json, lagged: write_lagged, order: write_order };

#[derive(Serialize)]
struct Announcement {
    #[serde(serialize_with = "write_seq")]
    seq: Seq,
    at: WireTime,
    #[serde(serialize_with = "write_id")]
    id: OrderId,
    #[serde(serialize_with = "write_symbol")]
    stoks: Symbol,
    #[serde(serialize_with = "write_quantity")]
    quantity: Quantity,
    status: WireStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<WireTime>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Notice {
    Lagged { oldest: u64, seq: u64 },
    Order(WireOrder),
}

fn status_after(change: Change) -> WireStatus {
    match change {
        Change::Accepted { .. } => WireStatus::Pending,
        Change::Executed => WireStatus::Executed,
        Change::Cancelled => WireStatus::Cancelled,
    }
}

/// A change as cells of a table: number, time, id, symbol, quantity, status, due time (empty but with `PENDING`).
pub(crate) fn cells(event: &Event) -> String {
    let due_at = match event.change {
        Change::Accepted { due_at } => WireTime(due_at).to_string(),
        Change::Executed | Change::Cancelled => String::new(),
    };
    let (at, mut id) = (WireTime(event.at), [0; 36]);
    let (id, symbol, status) = (WireId(event.id).write(&mut id), event.symbol.as_str(), status_after(event.change));
    format!("{},{at},{id},{symbol},{},{},{due_at}", event.seq.0, event.quantity.get(), status.name())
}

fn write_text(event: &Event, out: &mut Vec<u8>) {
    out.extend_from_slice(WireId(event.id).write(&mut [0; 36]).as_bytes());
    out.extend_from_slice(b" is ");
    out.extend_from_slice(status_after(event.change).name().as_bytes());
}

fn write_json(event: &Event, out: &mut Vec<u8>) {
    let due_at = match event.change {
        Change::Accepted { due_at } => Some(WireTime(due_at)),
        Change::Executed | Change::Cancelled => None,
    };
    let announcement = Announcement {
        seq: event.seq,
        at: WireTime(event.at),
        id: event.id,
        stoks: event.symbol,
        quantity: event.quantity,
        status: status_after(event.change),
        due_at,
    };
    write(&announcement, out);
}

fn write_lagged(oldest: Seq, as_of: Seq, out: &mut Vec<u8>) {
    write(&Notice::Lagged { oldest: oldest.0, seq: as_of.0 }, out);
}

fn write_order(order: &Order, out: &mut Vec<u8>) {
    write(&Notice::Order(order.into()), out);
}

fn write(value: &impl Serialize, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("a Vec takes every byte, and these shapes have string keys only");
}
