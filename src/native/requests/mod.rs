//! What a client sends, as the OpenAPI document describes it. Nothing is read by these types: `wire` reads by hand, and
//! finds every flaw at once. A test compares the two.

#![expect(dead_code, reason = "described here, read in native/wire")]

pub(crate) mod accounts;
pub(crate) mod batch;
pub(crate) mod listing;
pub(crate) mod parameters;

use utoipa::ToSchema;

use crate::native::wire::terms::{WireClass, WireSide, WireTimeInForce, WireType};

/// What a client sends to place an order.
#[derive(ToSchema)]
#[schema(as = NewOrder)]
pub(crate) struct NewOrderBody {
    /// The symbol. `symbol` is accepted in its place, not beside it.
    #[schema(min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$", example = "EURUSD")]
    stoks: String,
    /// How much, in whole ones, unless `qty` or `notional` says it. `7.0` and `"7"` are read as 7; a string is digits
    /// only, without leading zeros. What is out of range is a fault `greater_than_equal` or `less_than_equal`, as
    /// number and as string.
    #[schema(required = false, minimum = 1, maximum = 9_007_199_254_740_991_u64, example = 123)]
    quantity: u64,
    /// How much, instead of `quantity`: greater than 0, a multiple of the instrument's lot. As every decimal, a string
    /// or a number, and read by its digits.
    #[schema(example = "0.5")]
    qty: Option<Decimal>,
    /// Instead of both, of a `market` order: a sum of the quote currency. On arrival it trades as many whole lots as
    /// that pays for, fees apart, and is cancelled where that is none.
    #[schema(example = "1000")]
    notional: Option<Decimal>,
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
    /// `simple` where nothing is said. A `bracket` has both `take_profit` and `stop_loss`, which wait until the order
    /// is filled whole (it is `market` or `limit`, `gtc` or `day`), an `oto` one of them. An `oco` is a `limit` order
    /// that takes a profit itself, beside its `stop_loss`: its price may stand in `take_profit` instead. What one of
    /// two fills the other loses; where one ends otherwise, so does the other.
    order_class: Option<WireClass>,
    /// The leg that takes a profit: a limit order of the other side.
    take_profit: Option<TakeProfitBody>,
    /// The leg that stops a loss: a stop order of the other side, or of an `oco` of the same; a stop_limit order where
    /// it has a limit price. The prices may stand the wrong way round: what is true on arrival triggers at once.
    stop_loss: Option<StopLossBody>,
    /// The id of the account whose order it is; `default` where nothing is said.
    #[schema(min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._-]+$", example = "default")]
    account: Option<String>,
    /// The client's own id of the order: never used for two. The same order again is answered as the first time.
    #[schema(min_length = 1, max_length = 255, pattern = "^[!-~]+$", example = "bot-7/42")]
    client_order_id: Option<String>,
}

/// Where a leg takes a profit.
#[derive(ToSchema)]
#[schema(as = TakeProfit)]
pub(crate) struct TakeProfitBody {
    /// The worst price that it takes.
    #[schema(example = "1.10000", value_type = Decimal)]
    limit_price: Decimal,
}

/// Where a leg stops a loss.
#[derive(ToSchema)]
#[schema(as = StopLoss)]
pub(crate) struct StopLossBody {
    /// The price that it waits for.
    #[schema(example = "1.07000", value_type = Decimal)]
    stop_price: Decimal,
    /// The worst price that it takes then; any where nothing is said.
    #[schema(example = "1.06500")]
    limit_price: Option<Decimal>,
}

/// What a client sends to amend an order: at least one of these. Of a new order in its place any, or none.
#[derive(ToSchema)]
#[schema(as = Amendment)]
pub(crate) struct AmendmentBody {
    /// How much in all, in whole ones: more than has traded already. Of a new order in place of the old one: all that
    /// it is for; what was left of the old one where nothing is said.
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

/// What a client sends to replace an order: what an amendment says, of the new order, or nothing.
#[derive(ToSchema)]
#[schema(as = Replacement)]
pub(crate) struct ReplacementBody {
    #[serde(flatten)]
    amendment: AmendmentBody,
    /// The client's own id of the new order; it has none where none is given.
    #[schema(required = false, value_type = String, min_length = 1, max_length = 255, pattern = "^[!-~]+$",
        example = "bot-7/43")]
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

/// A quote of the house, and from when on it stands.
#[derive(ToSchema)]
#[schema(as = NewRow)]
pub(crate) struct RowBody {
    /// From when on: RFC 3339, later than the row before it.
    #[schema(example = "2026-11-28T08:00:00Z")]
    at: String,
    /// The price at which the house buys: below `ask`, a multiple of the instrument's tick, and at most 100 times its
    /// reference price.
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

/// A decimal: a string or a number.
#[derive(ToSchema)]
#[schema(as = Decimal)]
#[serde(untagged)]
pub(crate) enum Decimal {
    Text(String),
    Number(f64),
}
