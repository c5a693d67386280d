//! An order as JSON: alone, in a list, and as the documents describe it.
//!
//! Written field by field, with `object`; reads nothing.

use tradepit_engine::{Order, Origin, State, Status};
use utoipa::ToSchema;
use uuid::Uuid;

use super::id::WireId;
use super::object::Object;

/// An order, as the documents describe it; [`write_order`] writes it.
#[derive(ToSchema)]
#[schema(as = Order)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireOrder {
    /// Chosen by the server: a UUID of version 4.
    id: Uuid,
    /// The symbol.
    #[schema(min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$", example = "EURUSD")]
    stoks: String,
    /// How much.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_u64, example = 123)]
    quantity: u64,
    /// `PENDING`, then exactly one of `EXECUTED` or `CANCELLED`.
    status: WireStatus,
    /// When the order was accepted.
    #[schema(format = DateTime)]
    accepted_at: String,
    /// When the order executes, or would have.
    #[schema(format = DateTime)]
    due_at: String,
    /// When it was executed or cancelled; null while it is pending.
    #[schema(format = DateTime, required = true)]
    closed_at: Option<String>,
    /// The number of the order's last change.
    #[schema(minimum = 1)]
    number: u64,
    /// The number of the change that accepted the order: ascending in order of creation.
    #[schema(minimum = 1)]
    accepted_number: u64,
    /// The client's own id of the order, where it gave one.
    #[schema(value_type = String, required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$",
        example = "bot-7/42")]
    client_order_id: Option<String>,
    /// The `Idempotency-Key` that the order was placed with, where there was one.
    #[schema(value_type = String, required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    idempotency_key: Option<String>,
}

/// Writes an order's fields.
pub(crate) fn write_order(order: &Order, json: &mut Object<'_>) {
    json.id("id", order.id);
    json.plain("stoks", order.symbol.as_str());
    json.number("quantity", order.quantity.get());
    json.plain("status", WireStatus::from(Status::from(order.state)).name());
    json.time("accepted_at", order.accepted_at);
    json.time("due_at", order.due_at);
    match order.state {
        State::Pending => json.null("closed_at"),
        State::Executed { at } | State::Cancelled { at } => json.time("closed_at", at),
    }
    json.number("seq", order.number.0);
    json.number("accepted_seq", order.accepted_number.0);
    if let Some(origin) = &order.origin {
        write_names(origin, json);
    }
}

/// Writes the names that a client gave.
pub(crate) fn write_names(origin: &Origin, json: &mut Object<'_>) {
    if let Some(key) = &origin.client_order_id {
        json.text("client_order_id", key.as_str());
    }
    if let Some(key) = &origin.idempotency_key {
        json.text("idempotency_key", key.as_str());
    }
}

/// What an order without names takes at most, nearly: a body of this size seldom grows.
const ORDER_BYTES: usize = 352;

pub(crate) fn order_body(order: &Order) -> Vec<u8> {
    let mut body = Vec::with_capacity(ORDER_BYTES);
    let mut json = Object::begin(&mut body);
    write_order(order, &mut json);
    json.end();
    body
}

/// Orders as one JSON object, by id, in the order given.
pub(crate) fn orders_body(orders: &[Order]) -> Vec<u8> {
    let mut body = Vec::with_capacity(2 + (ORDER_BYTES + 41) * orders.len());
    let mut list = Object::begin(&mut body);
    for order in orders {
        list.object(WireId(order.id).write(&mut [0; WireId::LENGTH]), |json| write_order(order, json));
    }
    list.end();
    body
}

/// An order's status, by its name on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(as = Status, rename_all = "UPPERCASE")]
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

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tradepit_engine::{Label, Number, Order, OrderId, Origin, Quantity, State, Symbol, Time};

    use super::{order_body, orders_body};

    fn order(number: u8, state: State, names: [Option<&str>; 2]) -> Order {
        let key = |name: Option<&str>| name.map(|name| Label::new(name).expect("a key"));
        Order {
            id: OrderId([number; 16]),
            symbol: Symbol::new("BTC/USD").expect("a symbol"),
            quantity: Quantity::new(Quantity::MAX).expect("in range"),
            accepted_at: Time(1_795_680_000_000_001),
            accepted_number: Number(7),
            due_at: Time(1_795_680_000_500_000),
            state,
            number: Number(8),
            origin: Origin::new(key(names[0]), key(names[1])),
        }
    }

    #[test]
    fn an_order_is_json_whatever_its_names_are() {
        let closed = State::Executed { at: Time(1_795_680_000_600_000) };
        let named = order(0xab, closed, [Some(r#"a"b\c"#), Some("</script>")]);
        let plain = order(1, State::Pending, [None, None]);
        let read: serde_json::Value = serde_json::from_slice(&order_body(&named)).expect("JSON");
        assert_eq!(
            read,
            json!({
                "id": "abababab-abab-abab-abab-abababababab", "stoks": "BTC/USD", "quantity": 9_007_199_254_740_991_u64,
                "status": "EXECUTED", "accepted_at": "2026-11-26T08:00:00.000001Z",
                "due_at": "2026-11-26T08:00:00.500000Z", "closed_at": "2026-11-26T08:00:00.600000Z",
                "number": 8, "accepted_number": 7, "client_order_id": r#"a"b\c"#, "idempotency_key": "</script>",
            })
        );
        let list: serde_json::Value = serde_json::from_slice(&orders_body(&[named, plain.clone()])).expect("JSON");
        assert_eq!(list["abababab-abab-abab-abab-abababababab"], read);
        let read: serde_json::Value = serde_json::from_slice(&order_body(&plain)).expect("JSON");
        assert_eq!(list["01010101-0101-0101-0101-010101010101"], read);
        assert_eq!((&read["closed_at"], &read["status"]), (&json!(null), &json!("PENDING")));
        assert_eq!(read.get("client_order_id"), None);
    }

    #[test]
    fn no_orders_are_an_empty_object() {
        assert_eq!(orders_body(&[]), b"{}");
    }
}
