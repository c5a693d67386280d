//! Fills as JSON and as the documents describe them. Also the query of them.

use tradepit_actors::{AccountIds, ReadFills};
use tradepit_engine::{Decimal, Fill, FillFilter, Number, Order, OrderId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::error::ApiError;
use super::flaw::{Flaw, Flaws};
use super::market::Price;
use super::object::{Object, write_list};
use super::order::{ORDER_BYTES, WireOrder, write_order};
use super::query::{
    LIST_AT_MOST, note, parameter, read_account, read_direction, read_limit, read_number, read_symbol, refuse,
};
use super::terms::{WireSide, side_name, write_account_id};
use crate::native::wire::id::WireId;

/// How many fills an order shows.
pub(crate) const SHOWN_AT_MOST: usize = 100;

// As the documents describe it; `write_fill` writes it.
/// A fill, as an order shows it.
#[derive(ToSchema)]
#[schema(as = Fill)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireFill {
    /// The trade that it is a part of: both of its orders have it.
    #[schema(example = "7")]
    trade_id: String,
    /// The number of this change, among all that the venue keeps.
    #[schema(minimum = 1)]
    number: u64,
    /// When it happened.
    #[schema(format = DateTime)]
    at: String,
    /// The price, with the decimals of the tick.
    #[schema(example = "1.08501")]
    price: String,
    /// How much.
    #[schema(example = "123")]
    qty: String,
    /// Whether the order rested, or came later.
    liquidity: WireLiquidity,
    /// What the account paid beside, in the quote currency.
    #[schema(example = "0")]
    fee: String,
}

/// Whether an order rested before it traded, or came later.
#[derive(ToSchema)]
#[schema(as = Liquidity, rename_all = "lowercase")]
#[expect(dead_code, reason = "described here, written by name")]
pub(super) enum WireLiquidity {
    Maker,
    Taker,
}

// As the documents describe it; `write_listed` writes it.
/// A fill in a list of those of many orders.
#[derive(ToSchema)]
#[schema(as = ListedFill)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireListedFill {
    #[serde(flatten)]
    fill: WireFill,
    /// The order.
    order_id: Uuid,
    /// What was traded.
    #[schema(example = "EURUSD")]
    symbol: String,
    /// Whose order it is.
    #[schema(example = "default")]
    account: String,
    side: WireSide,
}

// As the documents describe it; `shown_body` writes it.
/// An order that is shown alone.
#[derive(ToSchema)]
#[schema(as = ShownOrder)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireShownOrder {
    #[serde(flatten)]
    order: WireOrder,
    /// The newest 100 of its fills, the oldest of them first; left out while there are none.
    #[schema(value_type = Vec<WireFill>, required = false)]
    fills: Option<Vec<WireFill>>,
}

/// Writes the fields of a fill.
pub(crate) fn write_fill(fill: &Fill, json: &mut Object<'_>) {
    json.decimal("trade_id", fill.trade.0);
    json.number("number", fill.number.0);
    json.time("at", fill.at);
    json.decimal("price", Price(fill.tick, fill.ticks));
    write_qty(fill.qty, json);
    json.plain("liquidity", liquidity_name(fill.is_maker));
    json.decimal("fee", fill.fee);
}

/// The name of what a part in a trade was to the book.
pub(super) fn liquidity_name(is_maker: bool) -> &'static str {
    if is_maker { "maker" } else { "taker" }
}

fn write_qty(qty: Option<Decimal>, json: &mut Object<'_>) {
    write_decimal("qty", qty, json);
}

/// Writes a number that may have too many digits to be written.
pub(super) fn write_decimal(name: &str, number: Option<Decimal>, json: &mut Object<'_>) {
    match number {
        Some(number) => json.decimal(name, number),
        None => json.null(name),
    }
}

/// Writes a fill among those of other orders.
pub(crate) fn write_listed(fill: &Fill, accounts: &AccountIds, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    write_fill(fill, &mut json);
    json.id("order_id", fill.order.id);
    json.plain("symbol", fill.order.symbol.as_str());
    write_account_id(fill.account, accounts, &mut json);
    json.plain("side", side_name(fill.side));
    json.end();
}

pub(crate) fn fills_body(fills: &[Fill], accounts: &AccountIds) -> Vec<u8> {
    let mut body = Vec::with_capacity(2 + 288 * fills.len());
    write_list(&mut body, fills, |fill, out| write_listed(fill, accounts, out));
    body
}

/// An order with its newest fills, which come the newest first.
pub(crate) fn shown_body(order: &Order, fills: &[Fill], accounts: &AccountIds) -> Vec<u8> {
    let mut body = Vec::with_capacity(ORDER_BYTES + 160 * fills.len().max(1));
    let mut json = Object::begin(&mut body);
    write_order(order, accounts, &mut json);
    if !fills.is_empty() {
        json.list("fills", fills.iter().rev(), |fill, out| {
            let mut json = Object::begin(out);
            write_fill(fill, &mut json);
            json.end();
        });
    }
    json.end();
    body
}

/// What `GET /fills` is asked for.
pub(crate) fn read_fills_query(query: &str, accounts: &AccountIds) -> Result<ReadFills, ApiError> {
    let (mut flaws, mut filter) = (Vec::new(), FillFilter::default());
    let limit = limit_of(query, &mut flaws);
    let mut after = None;
    if let Some(text) = parameter(query, "after") {
        after = read_number_of("after", &text).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
    }
    let direction = parameter(query, "order").map(|text| read_direction(&text)).transpose();
    let direction = direction.unwrap_or_else(|flaw| note(&mut flaws, flaw)).unwrap_or_default();
    let mut order = None;
    if let Some(text) = parameter(query, "order_id") {
        order = read_order(&text).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
    }
    if let Some(text) = parameter(query, "account") {
        filter.account = read_account(&text, accounts).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
    }
    if let Some(text) = parameter(query, "symbol") {
        filter.symbol = read_symbol("symbol", &text).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
    }
    refuse(flaws).map(|()| ReadFills { order, filter, after, direction, limit })
}

pub(super) fn limit_of(query: &str, flaws: &mut Vec<Flaw>) -> usize {
    let limit = parameter(query, "limit").map(|text| read_limit("limit", &text, LIST_AT_MOST));
    limit.map_or(LIST_AT_MOST, |limit| limit.unwrap_or_else(|flaw| note(flaws, flaw)))
}

fn read_number_of(field: &'static str, text: &str) -> Result<Number, Flaw> {
    let flaw = || Flaw::in_query("int_parsing", field, "Input should be the number of a fill", text);
    read_number(text).map(Number).ok_or_else(flaw)
}

fn read_order(text: &str) -> Result<OrderId, Flaw> {
    WireId::parse(text).ok_or_else(|| unknown_order(text))
}

fn unknown_order(text: &str) -> Flaw {
    Flaw::in_query("unknown_order", "order_id", "Input should be the id of an order", text)
}

/// What to tell where no order has the id whose fills are asked for.
pub(crate) fn unknown_filter(query: &str) -> ApiError {
    let text = parameter(query, "order_id").unwrap_or_default();
    ApiError::Invalid(Flaws { detail: vec![unknown_order(&text)] })
}
