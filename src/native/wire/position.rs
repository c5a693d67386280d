//! Positions as JSON, and as the documents describe them. Also their queries, and what became of those that were to be
//! closed.

use std::borrow::Cow;
use std::fmt;

use tradepit_actors::{AccountIds, Closing, WhichPositions};
use tradepit_engine::{Decimal, Money, PositionStanding, Symbol};
use utoipa::ToSchema;

use super::account::{SHOWN_DECIMALS, read_page_limit, write_shown};
use super::error::ApiError;
use super::flaw::{Flaw, Flaws};
use super::object::{Object, write_list};
use super::order::{WireOrder, order_body};
use super::query::{note, parameter, read_symbol, refuse};

// As the documents describe it; `position_body` writes it.
/// A position. Amounts are of the instrument's currency.
#[derive(ToSchema)]
#[schema(as = Position)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WirePosition {
    /// In which instrument.
    #[schema(example = "BTC/USD")]
    symbol: String,
    /// How much; below zero what was sold short.
    #[schema(example = "0.5")]
    qty: String,
    /// How much of it no open order would close.
    #[schema(example = "0.5")]
    available: String,
    /// What one cost.
    #[schema(required = true, example = "64980.00")]
    average_price: Option<String>,
    /// The mid of the best bid and ask, else the last trade, else the reference.
    #[schema(example = "65000.00")]
    mark: String,
    /// What it is worth at the mark, with the sign of `qty`.
    #[schema(required = true, example = "32500")]
    market_value: Option<String>,
    /// What it cost, with the sign of `qty`.
    #[schema(example = "32490")]
    cost: String,
    /// What was won by what is closed, before fees.
    #[schema(example = "0")]
    realized: String,
    /// What would be won by closing it at the mark, before fees.
    #[schema(required = true, example = "10")]
    unrealized: Option<String>,
}

fn write_position(standing: &PositionStanding, out: &mut Vec<u8>) {
    let PositionStanding { symbol, tick, lot, position, available, mark_half_ticks, .. } = *standing;
    let size = lot.times(position.lots.unsigned_abs());
    let average =
        size.and_then(|size| Money(position.cost.0.saturating_abs()).per(size, tick.decimals().max(SHOWN_DECIMALS)));
    // Half a tick has a digit more.
    let mark = tick.times(u128::from(mark_half_ticks) * 5);
    let mark = mark.and_then(|tenfold| Decimal::new(tenfold.units(tick.decimals())?, tick.decimals() + 1));
    let mut json = Object::begin(out);
    json.plain("symbol", symbol.as_str());
    json.decimal("qty", Signed(position.lots < 0, size));
    json.decimal("available", Signed(false, lot.times(available)));
    match average {
        Some(average) => json.decimal("average_price", average.with_decimals(tick.decimals())),
        None => json.null("average_price"),
    }
    json.decimal("mark", mark.unwrap_or(Decimal::ZERO).with_decimals(tick.decimals()));
    write_shown("market_value", standing.market_value, &mut json);
    json.decimal("cost", position.cost);
    json.decimal("realized", position.realized);
    write_shown("unrealized", standing.unrealized(), &mut json);
    json.end();
}

pub(crate) fn position_body(standing: &PositionStanding) -> Vec<u8> {
    let mut body = Vec::new();
    write_position(standing, &mut body);
    body
}

pub(crate) fn positions_body(standings: &[PositionStanding]) -> Vec<u8> {
    let mut body = Vec::new();
    write_list(&mut body, standings, write_position);
    body
}

/// What became of one of several positions that shall be closed.
#[derive(ToSchema)]
#[schema(as = ClosedPosition)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireClosed {
    /// In which instrument.
    #[schema(example = "EURUSD")]
    symbol: String,
    /// As its own request would have been answered.
    #[schema(example = 200)]
    status: u16,
    /// The order that closes it; null where it was refused.
    #[schema(required = true)]
    body: Option<WireOrder>,
}

/// What became of positions, a row each.
pub(crate) fn closed_body(closed: &[(Symbol, Closing)], accounts: &AccountIds) -> Vec<u8> {
    let mut body = Vec::new();
    write_list(&mut body, closed, |(symbol, closing), out| {
        let mut json = Object::begin(out);
        json.plain("symbol", symbol.as_str());
        match closing {
            Closing::Closes(order) => {
                json.number("status", 200);
                let order = order_body(order, accounts);
                json.spelled("body", str::from_utf8(&order).expect("JSON is UTF-8"));
            }
            Closing::Flat => {
                json.number("status", 404);
                json.null("body");
            }
            Closing::Beyond => {
                json.number("status", 422);
                json.null("body");
            }
            Closing::Rejected(rejection) => {
                json.number("status", if rejection.is_temporary() { 403 } else { 422 });
                json.null("body");
            }
        }
        json.end();
    });
    body
}

/// A quantity with its sign.
struct Signed(bool, Option<Decimal>);

impl fmt::Display for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Signed(is_negative, size) = self;
        // No order is taken by which a position would have too many digits.
        let size = size.unwrap_or(Decimal::ZERO);
        write!(f, "{}{size}", if *is_negative { "-" } else { "" })
    }
}

/// Which positions a list is asked for.
pub(crate) fn read_which_positions(query: &str) -> Result<WhichPositions, ApiError> {
    let (mut flaws, mut after) = (Vec::new(), None);
    let limit = read_page_limit(query, &mut flaws);
    if let Some(text) = parameter(query, "after") {
        after = read_symbol("after", &text).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
    }
    refuse(flaws).map(|()| WhichPositions::Page { after, limit })
}

/// What to tell where nobody knows the instrument to start after.
pub(crate) fn unknown_after(query: &str) -> ApiError {
    let after = parameter(query, "after").unwrap_or(Cow::Borrowed(""));
    let flaw = Flaw::in_query("unknown_symbol", "after", "Input should be the symbol of an instrument", &after);
    ApiError::Invalid(Flaws { detail: vec![flaw] })
}

/// How a position shall be closed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CloseQuery {
    /// How much of it; all where nothing is said.
    pub(crate) qty: Option<Decimal>,
    /// Whether open orders are cancelled first.
    pub(crate) cancel_orders: bool,
}

impl CloseQuery {
    /// Reads `cancel_orders`, and `qty` where that is of one position.
    pub(crate) fn parse(query: &str, is_of_one: bool) -> Result<CloseQuery, ApiError> {
        let mut flaws = Vec::new();
        let cancel_orders = match parameter(query, "cancel_orders").as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(text) => {
                flaws.push(Flaw::in_query("enum", "cancel_orders", "Input should be 'true' or 'false'", text));
                false
            }
        };
        let mut qty = None;
        if let Some(text) = parameter(query, "qty") {
            let found = Decimal::parse(&text).ok().filter(|qty| qty.is_positive());
            match found {
                Some(found) if is_of_one => qty = Some(found),
                Some(_) => {
                    let msg = "A quantity is of one position: name its symbol in the path";
                    flaws.push(Flaw::in_query("unexpected", "qty", msg, &text));
                }
                None => {
                    flaws.push(Flaw::in_query(
                        "greater_than",
                        "qty",
                        "Input should be a decimal greater than 0",
                        &text,
                    ));
                }
            }
        }
        refuse(flaws).map(|()| CloseQuery { qty, cancel_orders })
    }

    /// What to tell of a quantity that the position has not.
    pub(crate) fn beyond(query: &str) -> ApiError {
        let text = parameter(query, "qty").unwrap_or(Cow::Borrowed(""));
        let msg = "Input should be a multiple of the lot, and no more than the position";
        ApiError::Invalid(Flaws { detail: vec![Flaw::in_query("quantity_range", "qty", msg, &text)] })
    }
}
