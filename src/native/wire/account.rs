//! Accounts and positions as JSON, and as the documents describe them. Also the queries of both.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use tradepit_actors::{AccountIds, Closing, WhichAccount, WhichPositions};
use tradepit_engine::{
    AccountId, AccountKind, AccountStanding, Balance, Decimal, Money, Number, PositionStanding, SelfTrade, Symbol,
    Time, Transferred,
};
use utoipa::ToSchema;

use super::error::ApiError;
use super::flaw::{Flaw, Flaws};
use super::object::{Object, write_list};
use super::order::{WireOrder, order_body};
use super::query::{note, parameter, read_limit, read_symbol, refuse};

/// How many accounts, or positions, are told of at once, at most.
const LISTED_AT_MOST: usize = 1_000;

/// Decimals of what is divided or converted (exchange contract, "Numbers").
const SHOWN_DECIMALS: u32 = 9;

pub(crate) const KINDS: [(&str, AccountKind); 2] = [("margin", AccountKind::Margin), ("spot", AccountKind::Spot)];

pub(crate) const SELF_TRADES: [(&str, SelfTrade); 4] = [
    ("cancel_newest", SelfTrade::CancelNewest),
    ("cancel_oldest", SelfTrade::CancelOldest),
    ("cancel_both", SelfTrade::CancelBoth),
    ("allow", SelfTrade::Allow),
];

/// What an account may borrow: `margin` as far as its leverage reaches, `spot` nothing.
#[derive(ToSchema)]
#[schema(as = AccountKind, rename_all = "lowercase")]
#[expect(dead_code, reason = "described here, written by name")]
pub(crate) enum WireKind {
    Margin,
    Spot,
}

/// What becomes of an order that meets another one of its account: of the one that arrives the rest is cancelled, the
/// one that rests, or both; or they trade.
#[derive(ToSchema)]
#[schema(as = SelfTrade, rename_all = "snake_case")]
#[expect(dead_code, reason = "described here, written by name")]
pub(crate) enum WireSelfTrade {
    CancelNewest,
    CancelOldest,
    CancelBoth,
    Allow,
}

/// An account, as the documents describe it; [`account_body`] writes it. What is told in its own currency is null where
/// nothing leads there from all that it has.
#[derive(ToSchema)]
#[schema(as = Account)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireAccount {
    /// By what it is known.
    #[schema(min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._-]+$", example = "alice")]
    id: String,
    /// What it may borrow.
    kind: WireKind,
    /// In which currency it is told what it is worth.
    #[schema(example = "USD")]
    currency: String,
    /// How many times its equity its positions may be.
    #[schema(example = "2")]
    leverage: String,
    /// What becomes of an order that meets another one of it.
    self_trade: WireSelfTrade,
    /// What it has of each code, and how much of that open orders hold. Of a `spot` account also what was bought.
    #[schema(example = json!({"USD": {"total": "25000", "locked": "0"}}))]
    balances: BTreeMap<String, WireBalance>,
    /// Cash and positions at their mark.
    #[schema(required = true, example = "25000")]
    equity: Option<String>,
    /// The size of all positions at their mark.
    #[schema(required = true, example = "0")]
    exposure: Option<String>,
    /// What it may still take on; null where it has no limit, as `default` has not.
    #[schema(required = true, example = "50000")]
    buying_power: Option<String>,
    /// What was won by what is closed, before fees.
    #[schema(required = true, example = "0")]
    realized: Option<String>,
    /// What would be won by closing what is open at its mark, before fees.
    #[schema(required = true, example = "0")]
    unrealized: Option<String>,
    /// What was paid in fees.
    #[schema(required = true, example = "0")]
    fees: Option<String>,
    /// When it was opened; null of those that are always there.
    #[schema(required = true, format = DateTime)]
    created_at: Option<String>,
}

/// What an account has of a code.
#[derive(ToSchema)]
#[schema(as = Balance)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireBalance {
    /// How much; below zero what is owed.
    #[schema(example = "25000")]
    total: String,
    /// How much of that open orders hold, where nothing is borrowed.
    #[schema(example = "0")]
    locked: String,
}

fn write_account(standing: &AccountStanding, out: &mut Vec<u8>) {
    let account = &standing.account;
    let mut json = Object::begin(out);
    json.plain("id", account.id.as_str());
    json.plain("kind", name_of(&KINDS, account.kind));
    json.plain("currency", account.currency.as_str());
    json.decimal("leverage", account.leverage);
    json.plain("self_trade", name_of(&SELF_TRADES, account.self_trade));
    json.object("balances", |json| {
        for Balance { code, total, locked } in &standing.balances {
            json.object(code.as_str(), |json| {
                json.decimal("total", total);
                json.decimal("locked", locked);
            });
        }
    });
    write_shown("equity", standing.equity, &mut json);
    write_shown("exposure", standing.exposure, &mut json);
    write_shown("buying_power", standing.buying_power, &mut json);
    write_shown("realized", standing.realized, &mut json);
    write_shown("unrealized", standing.unrealized, &mut json);
    write_shown("fees", standing.fees, &mut json);
    match account.opened_at {
        Some(at) => json.time("created_at", at),
        None => json.null("created_at"),
    }
    json.end();
}

pub(crate) fn account_body(standing: &AccountStanding) -> Vec<u8> {
    let mut body = Vec::new();
    write_account(standing, &mut body);
    body
}

pub(crate) fn accounts_body(standings: &[AccountStanding]) -> Vec<u8> {
    let mut body = Vec::new();
    write_list(&mut body, standings, write_account);
    body
}

/// A transfer, as the documents describe it; [`transfer_body`] writes it.
#[derive(ToSchema)]
#[schema(as = Transfer)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireTransfer {
    /// The number of the change.
    #[schema(minimum = 1)]
    number: u64,
    /// When it was.
    #[schema(format = DateTime)]
    at: String,
    /// Whose money it is.
    #[schema(example = "alice")]
    account: String,
    /// The code of its currency.
    #[schema(example = "USD")]
    currency: String,
    /// How much; below zero what went out.
    #[schema(example = "-250.5")]
    amount: String,
}

pub(crate) fn transfer_body((number, at): (Number, Time), id: &str, transferred: &Transferred) -> Vec<u8> {
    let mut body = Vec::new();
    let mut json = Object::begin(&mut body);
    json.number("number", number.0);
    json.time("at", at);
    json.plain("account", id);
    json.plain("currency", transferred.currency.as_str());
    json.decimal("amount", transferred.amount);
    json.end();
    body
}

/// A position, as the documents describe it; [`position_body`] writes it. Amounts are of the instrument's currency.
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
            Closing::Rejected(_) => {
                json.number("status", 403);
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

/// Writes what was divided or converted, rounded half to even.
fn write_shown(name: &str, amount: Option<Money>, json: &mut Object<'_>) {
    let unit = 10_i128.pow(Money::DECIMALS - SHOWN_DECIMALS);
    let shown = amount.and_then(|amount| Some(Money(amount.share(1, unit.unsigned_abs())?.0.checked_mul(unit)?)));
    match shown {
        Some(shown) => json.decimal(name, shown),
        None => json.null(name),
    }
}

fn name_of<T: Copy + PartialEq>(names: &[(&'static str, T)], value: T) -> &'static str {
    names.iter().find(|(_, named)| *named == value).map_or("", |(name, _)| name)
}

/// Which accounts a list is asked for.
pub(crate) fn read_which_accounts(query: &str, accounts: &AccountIds) -> Result<WhichAccount, ApiError> {
    let (mut flaws, mut after) = (Vec::new(), None);
    let limit = read_page_limit(query, &mut flaws);
    if let Some(text) = parameter(query, "after") {
        after = AccountId::new(&text).ok().and_then(|id| accounts.number(id));
        if after.is_none() {
            let msg = "Input should be the id of an account";
            flaws.push(Flaw::in_query("unknown_account", "after", msg, &text));
        }
    }
    refuse(flaws).map(|()| WhichAccount::Page { after, limit })
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

fn read_page_limit(query: &str, flaws: &mut Vec<Flaw>) -> usize {
    parameter(query, "limit").map_or(LISTED_AT_MOST, |text| {
        read_limit("limit", &text, LISTED_AT_MOST).unwrap_or_else(|flaw| note(flaws, flaw))
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_divided_is_shown_to_nine_decimals_half_to_even() {
        let shown = |units: i128| {
            let mut out = Vec::new();
            let mut json = Object::begin(&mut out);
            write_shown("x", Some(Money(units)), &mut json);
            json.end();
            String::from_utf8(out).expect("text")
        };
        for (units, text) in [(500, "0"), (1_500, "0.000000002"), (-2_501, "-0.000000003"), (-400, "0")] {
            assert_eq!(shown(units), format!("{{\"x\":\"{text}\"}}"));
        }
    }
}
