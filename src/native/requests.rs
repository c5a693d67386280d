//! What a client sends, as the OpenAPI document describes it. Nothing is read by these types: `wire` reads by hand, and
//! finds every flaw at once. A test compares the two.

#![expect(dead_code, reason = "described here, read in native/wire")]

use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::native::wire::order::WireStatus;
use crate::native::wire::terms::{WireClass, WireSide, WireState, WireTimeInForce, WireType};

/// What a client sends to place an order.
#[derive(ToSchema)]
#[schema(as = NewOrder)]
pub(crate) struct NewOrderBody {
    /// The symbol. `symbol` is accepted in its place, not beside it.
    #[schema(min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$", example = "EURUSD")]
    stoks: String,
    /// How much, in whole ones, unless `qty` says it. `7.0` and `"7"` are read as 7; a string is digits only,
    /// without leading zeros. What is out of range is a fault `greater_than_equal` or `less_than_equal`, as number and
    /// as string.
    #[schema(required = false, minimum = 1, maximum = 9_007_199_254_740_991_u64, example = 123)]
    quantity: u64,
    /// How much, instead of `quantity`: greater than 0, a multiple of the instrument's lot. As every decimal, a string
    /// or a number, and read by its digits.
    #[schema(example = "0.5")]
    qty: Option<Decimal>,
    /// Buys or sells; `buy` where nothing is said.
    side: Option<WireSide>,
    /// `market` where nothing is said: it takes any price. A `limit` order takes its `limit_price` or a better one, and
    /// what is left of it rests in the book. The others wait for a price and are one of these then: a buy for the best
    /// ask to be at `stop_price` or above, a sell for the best bid to be at it or below; `trailing_stop` follows the
    /// market.
    #[schema(rename = "type")]
    r#type: Option<WireType>,
    /// `gtc` where nothing is said.
    time_in_force: Option<WireTimeInForce>,
    /// The worst price of a `limit` or `stop_limit` order, which no other has: a multiple of the instrument's tick, and
    /// at most 100 times its reference price.
    #[schema(example = "1.08500")]
    limit_price: Option<Decimal>,
    /// The price that a `stop` or `stop_limit` order waits for.
    #[schema(example = "1.09000")]
    stop_price: Option<Decimal>,
    /// How far behind the market a `trailing_stop` order waits: a multiple of the tick. Not beside `trail_percent`.
    #[schema(example = "0.00500")]
    trail_price: Option<Decimal>,
    /// The same, in hundredths of the market's price: below 100, with at most 6 decimals.
    #[schema(example = "0.5")]
    trail_percent: Option<Decimal>,
    /// Rejects a limit order rather than let it trade when it arrives. Not with `ioc` or `fok`.
    post_only: Option<bool>,
    /// `simple`: nothing else is taken so far.
    order_class: Option<WireClass>,
    /// The id of the account whose order it is; `default` where nothing is said.
    #[schema(min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._-]+$", example = "default")]
    account: Option<String>,
    /// The client's own id of the order: never used for two. The same order again is answered as the first time.
    #[schema(min_length = 1, max_length = 255, pattern = "^[!-~]+$", example = "bot-7/42")]
    client_order_id: Option<String>,
}

/// What a client sends to amend an order: at least one of these.
#[derive(ToSchema)]
#[schema(as = Amendment)]
pub(crate) struct AmendmentBody {
    /// How much in all, in whole ones: more than has traded already.
    #[schema(required = false, minimum = 1, maximum = 9_007_199_254_740_991_u64, example = 100)]
    quantity: u64,
    /// The same, instead of `quantity`, as a decimal.
    #[schema(example = "0.5")]
    qty: Option<Decimal>,
    /// The price of a `limit` or `stop_limit` order.
    #[schema(example = "1.08450")]
    limit_price: Option<Decimal>,
    /// The price that a `stop` or `stop_limit` order waits for, as long as it does.
    #[schema(example = "1.09000")]
    stop_price: Option<Decimal>,
    /// How far behind the market a `trailing_stop` order waits, as long as it does.
    #[schema(example = "0.00500")]
    trail_price: Option<Decimal>,
    /// The same, in hundredths.
    #[schema(example = "0.5")]
    trail_percent: Option<Decimal>,
    /// How long it stands: `gtc` or `day` where it has reached the exchange.
    time_in_force: Option<WireTimeInForce>,
}

/// What a client sends to replace an order.
#[derive(ToSchema)]
#[schema(as = Replacement)]
pub(crate) struct ReplacementBody {
    /// How much, in whole ones; what was left of the old order where nothing is said.
    #[schema(required = false, minimum = 1, maximum = 9_007_199_254_740_991_u64, example = 100)]
    quantity: u64,
    /// The same, instead of `quantity`, as a decimal.
    #[schema(example = "0.5")]
    qty: Option<Decimal>,
    /// The price of a `limit` or `stop_limit` order.
    #[schema(example = "1.08450")]
    limit_price: Option<Decimal>,
    /// The price that a `stop` or `stop_limit` order waits for.
    #[schema(example = "1.09000")]
    stop_price: Option<Decimal>,
    /// How far behind the market a `trailing_stop` order waits.
    #[schema(example = "0.00500")]
    trail_price: Option<Decimal>,
    /// The same, in hundredths.
    #[schema(example = "0.5")]
    trail_percent: Option<Decimal>,
    /// How long it stands.
    time_in_force: Option<WireTimeInForce>,
    /// The client's own id of the new order; it has none where none is given.
    #[schema(min_length = 1, max_length = 255, pattern = "^[!-~]+$", example = "bot-7/43")]
    client_order_id: Option<String>,
}

/// What the house shall quote, in place of what it quotes by itself.
#[derive(ToSchema)]
#[schema(as = NewQuote)]
pub(crate) struct QuoteBody {
    /// The price at which it buys: below `ask`, a multiple of the instrument's tick, and at most 100 times its
    /// reference price. As every decimal, a string or a number, and read by its digits.
    #[schema(example = "1.08450", value_type = Decimal)]
    bid: Decimal,
    /// The price at which it sells.
    #[schema(example = "1.08550", value_type = Decimal)]
    ask: Decimal,
    /// How much it buys: a multiple of the lot; the greatest quantity of an order where nothing is said.
    #[schema(example = "1000000")]
    bid_size: Option<Decimal>,
    /// How much it sells; the same.
    #[schema(example = "1000000")]
    ask_size: Option<Decimal>,
}

/// One of several requests: exactly one of these.
#[derive(ToSchema)]
#[schema(as = BatchItem)]
pub(crate) struct BatchItemBody {
    /// As `POST /orders` takes it.
    place: Option<NewOrderBody>,
    /// As `PATCH /orders/{id}` takes it, and the id.
    amend: Option<BatchAmendmentBody>,
    /// As `POST /orders/{id}/replace` takes it, and the id.
    replace: Option<BatchReplacementBody>,
    /// As `DELETE /orders/{id}`: the id.
    cancel: Option<BatchCancelBody>,
}

/// What an amendment among several says.
#[derive(ToSchema)]
#[schema(as = BatchAmendment)]
pub(crate) struct BatchAmendmentBody {
    /// Which order.
    id: Uuid,
    #[serde(flatten)]
    amendment: AmendmentBody,
}

/// What a replacement among several says.
#[derive(ToSchema)]
#[schema(as = BatchReplacement)]
pub(crate) struct BatchReplacementBody {
    /// Which order.
    id: Uuid,
    #[serde(flatten)]
    replacement: ReplacementBody,
}

/// Which order is to be cancelled among several requests.
#[derive(ToSchema)]
#[schema(as = BatchCancel)]
pub(crate) struct BatchCancelBody {
    /// Which order.
    id: Uuid,
}

/// A decimal: a string or a number.
#[derive(ToSchema)]
#[schema(as = Decimal)]
#[serde(untagged)]
pub(crate) enum Decimal {
    Text(String),
    Number(f64),
}

/// The headers of `POST /orders`.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct PlaceHeaders {
    /// Any value but `false` and `0` makes the delay long (5 s); the header `long-pending`, which proxies let through,
    /// is the same.
    #[param(required = false)]
    long_pending: String,
    /// The request's name, so that it can be sent again: 1 to 255 visible ASCII characters, bare or in quotes as a
    /// string of RFC 9651. `null`, `undefined`, `None` and `nil` are none.
    #[param(rename = "Idempotency-Key", required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    idempotency_key: String,
}

/// The header of `POST /orders/{id}/replace`.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct KeyHeader {
    /// The request's name, as that of `POST /orders`.
    #[param(rename = "Idempotency-Key", required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    idempotency_key: String,
}

/// The query of `GET /orders`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParameters {
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Start after this order, in the direction of the list.
    #[param(required = false)]
    after: Uuid,
    /// Only orders of this status.
    #[param(required = false)]
    status: WireStatus,
    /// Only orders of this symbol.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    stoks: String,
    /// Only orders in this state.
    #[param(required = false)]
    state: WireState,
    /// Only orders of this side; native ones buy.
    #[param(required = false)]
    side: WireSide,
    /// Only orders of this account. Names are looked up in it, and in `default` where none is said.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._-]+$")]
    account: String,
    /// Only the order of this name.
    #[param(required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    client_order_id: String,
    /// Only the order that was placed with this `Idempotency-Key`; beside `client_order_id` it must have both.
    #[param(required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    idempotency_key: String,
    /// Only orders accepted at this time or later: RFC 3339, with any offset.
    #[param(required = false, format = DateTime)]
    from: String,
    /// Only orders accepted before this time.
    #[param(required = false, format = DateTime)]
    until: String,
    /// In order of creation, or the newest first; `asc` where nothing is said.
    #[param(required = false, inline)]
    order: Direction,
}

/// The query of `DELETE /open-orders`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CancelParameters {
    /// Only orders of this symbol.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    symbol: String,
    /// The same.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    stoks: String,
    /// Only orders in this state.
    #[param(required = false)]
    state: WireState,
    /// Only orders of this side; native ones buy.
    #[param(required = false)]
    side: WireSide,
    /// Only orders of this account.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._-]+$")]
    account: String,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
enum Direction {
    Asc,
    Desc,
}

/// The query of `/ws`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SubscribeParameters {
    /// How changes are told; `text` where nothing is said.
    #[param(required = false, inline)]
    format: Format,
    /// Only changes of this order.
    #[param(required = false)]
    order_id: Uuid,
    /// Only changes of orders of this symbol.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    stoks: String,
    /// With `format=json`: first the changes after this number, at most the newest; 0 begins with the first of all.
    /// Where the one after it is no longer held, a `lagged` message comes first.
    #[param(required = false, minimum = 0)]
    since: u64,
    /// With `format=json`, not beside `since`: first so many of the newest changes, as `since` would tell them. Counted
    /// before `order_id` and `stoks` filter.
    #[param(required = false, minimum = 0)]
    last: u64,
    /// With `format=json`: refused requests are told too, between the changes, as `GET /rejects` lists them.
    #[param(required = false, inline)]
    rejects: Told,
    /// With `format=json`: all kept changes of these channels (`orders`, `accounts`, `instruments`, with commas
    /// between) in place of changes of status, each with its `number`. Not beside `since`, `last`, `order_id`, `stoks`,
    /// `rejects`.
    #[param(required = false, example = "orders,instruments")]
    channels: String,
    /// Beside `channels`: only what is of these symbols, with commas between, at most 1000.
    #[param(required = false, example = "EURUSD,BTC/USD")]
    symbols: String,
    /// Beside `channels`: only orders and accounts of this one.
    #[param(required = false, example = "default")]
    account: String,
    /// Beside `channels`: first the changes after this `number`, at most the newest. Where the one after it is no
    /// longer held, a frame of the channel `lagged` comes first.
    #[param(required = false, minimum = 0)]
    after: u64,
    /// The venue whose numbers are meant, as `Tradepit-Venue` named it before: 422 where this is another one. It is,
    /// where nothing is kept, after each start; and where a backup or a copy of a data folder went on.
    #[param(required = false)]
    venue: String,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
enum Format {
    Text,
    Json,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
enum Told {
    True,
    False,
}

/// The query of `GET /instruments`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct InstrumentsParameters {
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Start after the instrument of this symbol.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    after: String,
}

/// The query of `GET /fills`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FillsParameters {
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Start after the fill of this `number`.
    #[param(required = false, minimum = 0)]
    after: u64,
    /// Only those of this order.
    #[param(required = false)]
    order_id: Uuid,
    /// Only those of orders of this account.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._-]+$")]
    account: String,
    /// Only those of this symbol.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    symbol: String,
}

/// The query of `GET /trades/{symbol}`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TradesParameters {
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Only those before the trade of this `trade_id`.
    #[param(required = false, example = "7")]
    before: String,
}

/// The query of `GET /quotes`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct QuotesParameters {
    /// Only those of these symbols, with commas between: at most 1000. Without it all are told, in pages.
    #[param(required = false, example = "EURUSD,BTC/USD")]
    symbols: String,
    /// At most so many of all; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Start after the instrument of this symbol.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    after: String,
}

/// The query of `GET /book/{symbol}`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BookParameters {
    /// At most so many prices on each side; above 1000 means 1000.
    #[param(required = false, minimum = 1, default = 20)]
    depth: u64,
}

/// The query of `GET /rejects`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RejectsParameters {
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Only those older than the one of this number.
    #[param(required = false, minimum = 0)]
    after: u64,
}
