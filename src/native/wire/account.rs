//! Accounts and transfers as JSON, and as the documents describe them. Also the query of accounts.

use std::collections::BTreeMap;

use tradepit_actors::{AccountIds, WhichAccount};
use tradepit_engine::{
    Account, AccountId, AccountKind, AccountStanding, Balance, Money, Number, SelfTrade, Symbol, Time, Transferred,
};
use utoipa::ToSchema;

use super::error::ApiError;
use super::flaw::Flaw;
use super::object::{Object, write_list};
use super::query::{note, parameter, read_limit, refuse};
use super::terms::name_of;

/// How many accounts, or positions, are told of at once, at most.
const LISTED_AT_MOST: usize = 1_000;

/// Decimals of what is divided or converted (exchange contract, "Numbers").
pub(super) const SHOWN_DECIMALS: u32 = 9;

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

// As the documents describe it; `account_body` writes it.
/// An account. What is told in its own currency is null where
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
    /// Its cash, by currency; below zero what is owed.
    #[schema(example = json!({"USD": "25000"}))]
    cash: BTreeMap<String, String>,
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

/// Writes what an account is, and which cash it has.
pub(super) fn write_terms(account: &Account, cash: &[(Symbol, Money)], json: &mut Object<'_>) {
    json.plain("id", account.id.as_str());
    json.plain("kind", name_of(&KINDS, &account.kind));
    json.plain("currency", account.currency.as_str());
    json.decimal("leverage", account.leverage);
    json.plain("self_trade", name_of(&SELF_TRADES, &account.self_trade));
    json.object("cash", |json| {
        for (code, amount) in cash {
            json.decimal(code.as_str(), amount);
        }
    });
}

fn write_account(standing: &AccountStanding, out: &mut Vec<u8>) {
    let account = &standing.account;
    let mut json = Object::begin(out);
    write_terms(account, &standing.cash, &mut json);
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

// As the documents describe it; `transfer_body` writes it.
/// A transfer.
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
    write_amount(transferred, &mut json);
    json.end();
    body
}

/// Writes what was transferred.
pub(super) fn write_amount(transferred: &Transferred, json: &mut Object<'_>) {
    json.plain("currency", transferred.currency.as_str());
    json.decimal("amount", transferred.amount);
}

/// Writes what was divided or converted, rounded half to even.
pub(super) fn write_shown(name: &str, amount: Option<Money>, json: &mut Object<'_>) {
    let unit = 10_i128.pow(Money::DECIMALS - SHOWN_DECIMALS);
    let shown = amount.and_then(|amount| Some(Money(amount.share(1, unit.unsigned_abs())?.0.checked_mul(unit)?)));
    match shown {
        Some(shown) => json.decimal(name, shown),
        None => json.null(name),
    }
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

pub(super) fn read_page_limit(query: &str, flaws: &mut Vec<Flaw>) -> usize {
    parameter(query, "limit").map_or(LISTED_AT_MOST, |text| {
        read_limit("limit", &text, LISTED_AT_MOST).unwrap_or_else(|flaw| note(flaws, flaw))
    })
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
