//! An order as JSON.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use tradepit_engine::{Key, Order, OrderId, Quantity, Seq, State, Symbol};
use tradepit_store::Status;
use utoipa::ToSchema;
use uuid::Uuid;

use super::time::WireTime;

/// An order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub(crate) struct WireOrder {
    /// Chosen by the server: a UUID of version 4.
    #[serde(serialize_with = "write_id")]
    #[schema(value_type = Uuid)]
    id: OrderId,
    /// The symbol.
    #[serde(serialize_with = "write_symbol")]
    #[schema(value_type = String, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$", example = "EURUSD")]
    stoks: Symbol,
    /// How much.
    #[serde(serialize_with = "write_quantity")]
    #[schema(value_type = u64, minimum = 1, maximum = 9_007_199_254_740_991_u64, example = 123)]
    quantity: Quantity,
    /// `PENDING`, then exactly one of `EXECUTED` or `CANCELLED`.
    status: WireStatus,
    /// When the order was accepted.
    #[schema(value_type = String, format = DateTime)]
    accepted_at: WireTime,
    /// When the order executes, or would have.
    #[schema(value_type = String, format = DateTime)]
    due_at: WireTime,
    /// When it was executed or cancelled; null while it is pending.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    closed_at: Option<WireTime>,
    /// The number of the order's last change.
    #[serde(serialize_with = "write_seq")]
    #[schema(value_type = u64, minimum = 1)]
    seq: Seq,
    /// The number of the change that accepted the order: ascending in order of creation.
    #[serde(serialize_with = "write_seq")]
    #[schema(value_type = u64, minimum = 1)]
    accepted_seq: Seq,
    /// The client's own id of the order, where it gave one.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "write_key")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255, pattern = "^[!-~]+$", example = "bot-7/42")]
    client_order_id: Option<Key>,
    /// The `Idempotency-Key` that the order was placed with, where there was one.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "write_key")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    idempotency_key: Option<Key>,
}

impl From<&Order> for WireOrder {
    fn from(order: &Order) -> WireOrder {
        let closed_at = match order.state {
            State::Pending => None,
            State::Executed { at } | State::Cancelled { at } => Some(WireTime(at)),
        };
        WireOrder {
            id: order.id,
            stoks: order.symbol,
            quantity: order.quantity,
            status: Status::from(order.state).into(),
            accepted_at: WireTime(order.accepted_at),
            due_at: WireTime(order.due_at),
            closed_at,
            seq: order.seq,
            accepted_seq: order.accepted_seq,
            client_order_id: order.client_order_id().cloned(),
            idempotency_key: order.origin.as_ref().and_then(|origin| origin.idempotency_key.clone()),
        }
    }
}

/// An order's status, by its name on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schema(as = Status)]
pub(crate) enum WireStatus {
    Pending,
    Executed,
    Cancelled,
}

impl WireStatus {
    /// The name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            WireStatus::Pending => "PENDING",
            WireStatus::Executed => "EXECUTED",
            WireStatus::Cancelled => "CANCELLED",
        }
    }
}

impl From<Status> for WireStatus {
    fn from(status: Status) -> WireStatus {
        match status {
            Status::Pending => WireStatus::Pending,
            Status::Executed => WireStatus::Executed,
            Status::Cancelled => WireStatus::Cancelled,
        }
    }
}

/// Orders as one JSON object, by id, in the order given.
#[derive(Debug)]
pub(crate) struct WireOrders<'a>(pub(crate) &'a [Order]);

impl Serialize for WireOrders<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for order in self.0 {
            map.serialize_entry(&WireId(order.id), &WireOrder::from(order))?;
        }
        map.end()
    }
}

/// An id, written with hyphens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WireId(pub(crate) OrderId);

impl WireId {
    /// Reads an id: a UUID with hyphens, in either case. Other spellings of a UUID are none that this server gave.
    pub(crate) fn parse(text: &str) -> Option<OrderId> {
        let id = Uuid::try_parse(text).ok().filter(|_| text.len() == uuid::fmt::Hyphenated::LENGTH)?;
        Some(OrderId(id.into_bytes()))
    }

    /// Writes the id into a buffer of its length.
    pub(crate) fn write(self, buffer: &mut [u8; uuid::fmt::Hyphenated::LENGTH]) -> &str {
        Uuid::from_bytes(self.0.0).as_hyphenated().encode_lower(buffer)
    }
}

impl Serialize for WireId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.write(&mut [0; uuid::fmt::Hyphenated::LENGTH]))
    }
}

pub(crate) fn write_id<S: Serializer>(id: &OrderId, serializer: S) -> Result<S::Ok, S::Error> {
    WireId(*id).serialize(serializer)
}

pub(crate) fn write_symbol<S: Serializer>(symbol: &Symbol, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(symbol.as_str())
}

pub(crate) fn write_quantity<S: Serializer>(quantity: &Quantity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(quantity.get())
}

fn write_key<S: Serializer>(key: &Option<Key>, serializer: S) -> Result<S::Ok, S::Error> {
    key.as_ref().map(Key::as_str).serialize(serializer)
}

pub(crate) fn write_seq<S: Serializer>(seq: &Seq, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(seq.0)
}
