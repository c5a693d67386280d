//! An order as JSON: alone, in a list, and as the documents describe it.
//!
//! Written field by field, with `object`; reads nothing.

use tradepit_actors::AccountIds;
use tradepit_engine::{Order, Status};
use utoipa::ToSchema;
use uuid::Uuid;

use super::id::WireId;
use super::idempotency::write_names;
use super::nullable::{write_price, write_time};
use super::object::Object;
use super::rich::write_rich;
use super::terms::{WireClass, WireSide, WireState, WireTimeInForce, WireType};

// As the documents describe it; `write_order` writes it.
/// An order.
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
    /// When the order executes, or would have; null where it waits for an act, and where it ended as it did.
    #[schema(format = DateTime, required = true)]
    due_at: Option<String>,
    /// When it was executed or cancelled; null while it is pending.
    #[schema(format = DateTime, required = true)]
    closed_at: Option<String>,
    /// The number of the order's last change of status, among all of them.
    #[schema(minimum = 1)]
    seq: u64,
    /// The number of the change of status that accepted the order: ascending in order of creation.
    #[schema(minimum = 1)]
    accepted_seq: u64,
    /// The client's own id of the order, where it gave one.
    #[schema(value_type = String, required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$",
        example = "bot-7/42")]
    client_order_id: Option<String>,
    /// The `Idempotency-Key` that the order was placed with, where there was one.
    #[schema(value_type = String, required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    idempotency_key: Option<String>,
    /// Where the order stands, in more words than `status` has.
    state: WireState,
    side: WireSide,
    #[schema(rename = "type")]
    r#type: WireType,
    time_in_force: WireTimeInForce,
    /// The worst price that a `limit` or `stop_limit` order takes, with the decimals of the tick; null of any other.
    #[schema(required = true, example = "1.08500")]
    limit_price: Option<String>,
    /// The price that a `stop` or `stop_limit` order waits for; null of any other.
    #[schema(required = true, example = "1.09000")]
    stop_price: Option<String>,
    /// How far behind the market a `trailing_stop` order waits: as a price, or in hundredths of the market's; the other
    /// is null.
    #[schema(required = true, example = "0.00500")]
    trail_price: Option<String>,
    #[schema(required = true, example = "0.5")]
    trail_percent: Option<String>,
    /// Whether it is rejected rather than trade when it arrives.
    post_only: bool,
    order_class: WireClass,
    /// Whose it is.
    #[schema(example = "default")]
    account: String,
    /// The sum of the quote currency that it trades for, where it says that in place of a quantity.
    #[schema(required = true, example = "1000")]
    notional: Option<String>,
    /// How much, exactly: `quantity` is this, rounded up. Null of one for a `notional` that has not arrived: there
    /// `quantity` is what that would have bought at the quote of its acceptance, and stays so.
    #[schema(required = true, example = "123")]
    qty: Option<String>,
    /// How much of it has traded.
    #[schema(example = "0")]
    filled_qty: String,
    /// What one came to on average, with the decimals of the tick or more, rounded half to even to 9; null before it
    /// trades.
    #[schema(required = true, example = "1.08501")]
    average_price: Option<String>,
    /// How far the market has gone for a `trailing_stop` order since it arrived: the highest bid for one that sells,
    /// the lowest ask for one that buys; null of any other, and before there is a market.
    #[schema(required = true, example = "1.08990")]
    hwm: Option<String>,
    /// When it reached the exchange; null before, and while it waits outside the book for trading.
    #[schema(format = DateTime, required = true)]
    arrived_at: Option<String>,
    /// When its time ends; null where it has no end.
    #[schema(format = DateTime, required = true)]
    expires_at: Option<String>,
    /// When it last changed.
    #[schema(format = DateTime)]
    updated_at: String,
    /// The number of the order's last change, among all that the venue keeps.
    #[schema(minimum = 1)]
    number: u64,
    /// Why it was `canceled` (`client`, `ioc`, `fok`, `group`, `self_trade`, `no_liquidity`, `not_trading`,
    /// `insufficient_buying_power`, `script`: somebody made it) or `rejected` (`post_only`, `script`); null elsewhere.
    #[schema(required = true, example = "client")]
    reason: Option<String>,
    /// The same in the words of whoever made it; null where nobody said it.
    #[schema(required = true, example = "insufficient margin")]
    reason_text: Option<String>,
    /// Whose leg it is, as of when it was accepted; null of most. One that was replaced since tells by which.
    #[schema(required = true)]
    parent: Option<Uuid>,
    /// Its own legs, as of the same: the one that takes a profit first. Each is an order of its own.
    #[schema(required = true)]
    legs: Option<Vec<Uuid>>,
    /// The order in place of which it was placed; null of most.
    #[schema(required = true)]
    replaces: Option<Uuid>,
    /// The order that was placed in its place; null of most.
    #[schema(required = true)]
    replaced_by: Option<Uuid>,
}

/// Writes the fields of an order that native clients know.
///
/// A frame that tells an open order has these alone: `type` is its own there.
pub(crate) fn write_native_fields(order: &Order, json: &mut Object<'_>) {
    json.id("id", order.id);
    json.plain("stoks", order.symbol.as_str());
    json.number("quantity", order.quantity.get());
    json.plain("status", WireStatus::from(order.status()).name());
    json.time("accepted_at", order.accepted_at);
    write_time("due_at", order.due_at, json);
    write_time("closed_at", order.closed_at, json);
    json.number("seq", order.seq.0);
    json.number("accepted_seq", order.accepted_seq.0);
    if let Some(origin) = &order.origin {
        write_names(origin, json);
    }
}

/// Writes all fields of an order.
pub(super) fn write_order(order: &Order, accounts: &AccountIds, json: &mut Object<'_>) {
    write_native_fields(order, json);
    json.plain("state", order.state_name());
    match &order.rich {
        None => write_native(order, json),
        Some(rich) => write_rich(order, rich, accounts, json),
    }
}

/// What every native order asks for.
const NATIVE_TERMS: &str = concat!(
    r#","side":"buy","type":"market","time_in_force":"gtc","limit_price":null,"stop_price":null,"trail_price":null"#,
    r#","trail_percent":null,"post_only":false,"order_class":"simple","account":"default","notional":null"#,
);

/// What a native order has got by the time it is placed.
const NOTHING_YET: &str = r#","filled_qty":"0","average_price":null,"hwm":null,"arrived_at":null,"expires_at":null"#;

/// What an order has of which nobody said why it ended, and that has to do with no others.
pub(super) const NO_OTHERS: &str =
    r#","reason_text":null,"parent":null,"legs":null,"replaces":null,"replaced_by":null"#;

/// The rest of a native order: nearly all of it is the same for all, and is written in a few pieces.
fn write_native(order: &Order, json: &mut Object<'_>) {
    let mut digits = itoa::Buffer::new();
    let quantity = digits.format(order.quantity.get());
    json.fields(NATIVE_TERMS);
    json.plain("qty", quantity);
    // It arrives and trades at one moment, or never.
    let filled_at = order.closed_at.filter(|_| order.status() == Status::Executed);
    match filled_at {
        None => json.fields(NOTHING_YET),
        Some(at) => {
            json.plain("filled_qty", quantity);
            match order.bought {
                Some(bought) => write_price("average_price", bought.tick, bought.ticks, json),
                None => json.null("average_price"),
            }
            json.null("hwm");
            json.time("arrived_at", at);
            json.null("expires_at");
        }
    }
    json.time("updated_at", order.closed_at.unwrap_or(order.accepted_at));
    json.number("number", order.number.0);
    match order.status() {
        Status::Cancelled => json.plain("reason", "client"),
        Status::Pending | Status::Executed => json.null("reason"),
    }
    json.fields(NO_OTHERS);
}

/// What an order without names takes at most, nearly: a body of this size seldom grows.
pub(super) const ORDER_BYTES: usize = 896;

pub(crate) fn order_body(order: &Order, accounts: &AccountIds) -> Vec<u8> {
    let mut body = Vec::with_capacity(ORDER_BYTES);
    let mut json = Object::begin(&mut body);
    write_order(order, accounts, &mut json);
    json.end();
    body
}

/// Orders as one JSON object, by id, in the order given.
pub(crate) fn orders_body(orders: &[Order], accounts: &AccountIds) -> Vec<u8> {
    let mut body = Vec::with_capacity(2 + (ORDER_BYTES + 41) * orders.len());
    let mut list = Object::begin(&mut body);
    for order in orders {
        list.object(WireId(order.id).write(&mut [0; WireId::LENGTH]), |json| write_order(order, accounts, json));
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
    use tradepit_actors::AccountIds;
    use tradepit_engine::{Label, Number, Order, OrderId, Origin, Quantity, Seq, State, Symbol, Time};

    use super::{order_body, orders_body};

    fn order(number: u8, state: State, names: [Option<&str>; 2]) -> Order {
        let key = |name: Option<&str>| name.map(|name| Label::new(name).expect("a key"));
        Order {
            id: OrderId([number; 16]),
            symbol: Symbol::new("BTC/USD").expect("a symbol"),
            quantity: Quantity::new(Quantity::MAX).expect("in range"),
            accepted_at: Time(1_795_680_000_000_001),
            accepted_number: Number(11),
            accepted_seq: Seq(7),
            due_at: Some(Time(1_795_680_000_500_000)),
            state,
            closed_at: state.is_closed().then_some(Time(1_795_680_000_600_000)),
            number: Number(13),
            seq: Seq(8),
            origin: Origin::new(key(names[0]), key(names[1])),
            bought: None,
            rich: None,
            reason_text: None,
            put_off: None,
        }
    }

    #[test]
    fn an_order_is_json_whatever_its_names_are() {
        let named = order(0xab, State::Filled, [Some(r#"a"b\c"#), Some("</script>")]);
        let plain = order(1, State::Accepted, [None, None]);
        let read: serde_json::Value =
            serde_json::from_slice(&order_body(&named, &AccountIds::default())).expect("JSON");
        assert_eq!(
            read,
            json!({
                "id": "abababab-abab-abab-abab-abababababab", "stoks": "BTC/USD", "quantity": 9_007_199_254_740_991_u64,
                "status": "EXECUTED", "accepted_at": "2026-11-26T08:00:00.000001Z",
                "due_at": "2026-11-26T08:00:00.500000Z", "closed_at": "2026-11-26T08:00:00.600000Z",
                "seq": 8, "accepted_seq": 7, "client_order_id": r#"a"b\c"#, "idempotency_key": "</script>",
                "state": "filled", "side": "buy", "type": "market", "time_in_force": "gtc", "limit_price": null,
                "stop_price": null, "trail_price": null, "trail_percent": null, "post_only": false,
                "order_class": "simple", "account": "default", "notional": null, "qty": "9007199254740991",
                "filled_qty": "9007199254740991", "average_price": null, "hwm": null,
                "arrived_at": "2026-11-26T08:00:00.600000Z", "expires_at": null,
                "updated_at": "2026-11-26T08:00:00.600000Z", "number": 13, "reason": null, "reason_text": null, "parent": null,
                "legs": null, "replaces": null, "replaced_by": null,
            })
        );
        let list: serde_json::Value =
            serde_json::from_slice(&orders_body(&[named, plain.clone()], &AccountIds::default())).expect("JSON");
        assert_eq!(list["abababab-abab-abab-abab-abababababab"], read);
        let read: serde_json::Value =
            serde_json::from_slice(&order_body(&plain, &AccountIds::default())).expect("JSON");
        assert_eq!(list["01010101-0101-0101-0101-010101010101"], read);
        assert_eq!((&read["closed_at"], &read["status"]), (&json!(null), &json!("PENDING")));
        assert_eq!(read.get("client_order_id"), None);
    }

    #[test]
    fn no_orders_are_an_empty_object() {
        assert_eq!(orders_body(&[], &AccountIds::default()), b"{}");
    }
}
