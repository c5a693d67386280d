//! The bodies of `POST /accounts` and `POST /accounts/{id}/transfers`. Every flaw is told at once: what the body tells
//! by itself, and what only the venue can tell.

use std::collections::HashSet;

use serde_json::value::RawValue;
use tradepit_engine::{AccountFault, AccountId, Decimal, Money, OpenAccount, SelfTrade, Symbol};

use super::account::{KINDS, SELF_TRADES};
use super::body::reading::Reading;
use super::body::values::{Wrong, read_number, read_symbol};
use super::error::ApiError;
use super::flaw::{Flaw, Flaws, Place};
use super::json::Members;

/// What an account begins with where nothing is said, in whole ones of its own currency.
const CASH: i128 = 100_000;

/// A body, as far as it could be read. What could not be has a flaw.
pub(crate) struct AccountDraft<'a> {
    reading: Reading<'a>,
    pub(crate) open: OpenAccount,
}

impl<'a> AccountDraft<'a> {
    /// Reads a body; one that is empty asks for nothing.
    ///
    /// # Errors
    /// All that is wrong where it has no fields.
    pub(crate) fn read(body: &'a [u8]) -> Result<AccountDraft<'a>, ApiError> {
        let mut reading = Reading::of(if body.is_empty() { b"{}" } else { body })?;
        let id = reading.optional("id", read_id);
        let kind = reading.choice("kind", &KINDS).unwrap_or(KINDS[0].1);
        let dollars = Symbol::new("USD").expect("it is a symbol");
        let currency = reading.optional("currency", read_symbol).unwrap_or(dollars);
        let leverage = reading.optional("leverage", read_number).unwrap_or(Decimal::ONE);
        let self_trade = reading.choice("self_trade", &SELF_TRADES).unwrap_or_default();
        let mut draft = AccountDraft {
            open: OpenAccount { id, kind, currency, leverage, self_trade: SelfTrade::default(), cash: Vec::new() },
            reading,
        };
        draft.open.self_trade = self_trade;
        draft.open.cash = draft.cash();
        Ok(draft)
    }

    /// Whether nothing is wrong with it by itself.
    pub(crate) fn is_flawless(&self) -> bool {
        self.reading.flaws.is_empty()
    }

    /// Refuses it for that, and for what the venue has against it.
    pub(crate) fn refused_by(mut self, faults: &[AccountFault]) -> ApiError {
        let flaws: Vec<Flaw> = faults.iter().map(|fault| self.flaw_of(*fault)).collect();
        self.reading.flaws.extend(flaws);
        ApiError::Invalid(Flaws { detail: self.reading.flaws })
    }

    /// Refuses it because what is counted would be too much.
    pub(crate) fn refused_as_out_of_range(self) -> ApiError {
        let input = self.reading.fields.input("cash");
        let msg = "With all that there is it could come to more than is counted";
        ApiError::Invalid(Flaws { detail: vec![Flaw::in_body("out_of_range", [Place::Name("cash")], msg, input)] })
    }

    fn cash(&mut self) -> Vec<(Symbol, Money)> {
        let Some(json) = self.reading.fields.given("cash") else {
            let amount = Decimal::new(CASH, 0).and_then(Money::of).unwrap_or_default();
            return vec![(self.open.currency, amount)];
        };
        let Some(Members(members)) =
            json.get().starts_with('{').then(|| serde_json::from_str(json.get()).ok()).flatten()
        else {
            self.reading.flaw("cash", "dict_type", "Input should be an object: amounts by currency");
            return Vec::new();
        };
        let (mut cash, mut seen) = (Vec::new(), HashSet::new());
        for (name, json) in members {
            let place = || [Place::Name("cash"), Place::Field(name.chars().take(Symbol::MAX_LEN).collect())];
            let read = match Symbol::new(&name) {
                _ if !seen.insert(name.clone()) => Err(("duplicate_key", "Field given twice".into())),
                Err(_) => Err(("unknown_currency", "This is no currency that is traded or paid in".into())),
                Ok(code) => read_amount(json).map(|amount| (code, amount)),
            };
            match read {
                Ok(found) => cash.push(found),
                Err((kind, msg)) => self.reading.flaws.push(Flaw::in_body(kind, place(), msg, json.into())),
            }
        }
        cash
    }

    fn flaw_of(&self, fault: AccountFault) -> Flaw {
        let fields = &self.reading.fields;
        let in_cash = |kind, code: Symbol, msg: &str| {
            let place = [Place::Name("cash"), Place::Field(code.as_str().to_owned())];
            Flaw::in_body(kind, place, msg, fields.input("cash"))
        };
        let (field, kind, msg) = match fault {
            AccountFault::Reserved => ("id", "reserved", "This is the name of an account of the house".to_owned()),
            AccountFault::Currency => {
                ("currency", "unknown_currency", "This is no currency that is traded or paid in".to_owned())
            }
            AccountFault::Leverage => {
                let msg = format!("Input should be from 1 to {}, and 1 for spot", OpenAccount::MOST_LEVERAGE);
                ("leverage", "leverage_range", msg)
            }
            AccountFault::CashCurrency(code) => {
                let msg =
                    "This is no currency that is traded or paid in, or nothing leads from it to the account's own";
                return in_cash("unknown_currency", code, msg);
            }
            AccountFault::CashAmount(code) => {
                return in_cash("greater_than_equal", code, "Input should be greater than or equal to 0");
            }
            AccountFault::Amount => ("cash", "amount", "Input should not be 0".to_owned()),
        };
        Flaw::in_body(kind, [Place::Name(field)], msg, fields.input(field))
    }
}

/// A transfer, as far as its body could be read. What could not be has a flaw.
pub(crate) struct TransferDraft<'a> {
    reading: Reading<'a>,
    currency: Option<Symbol>,
    amount: Option<Money>,
}

impl<'a> TransferDraft<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// All that is wrong where it has no fields.
    pub(crate) fn read(body: &'a [u8]) -> Result<TransferDraft<'a>, ApiError> {
        let mut reading = Reading::of(body)?;
        let currency = match reading.fields.get("currency") {
            Some(json) => reading.value("currency", json, read_symbol),
            None => reading.missing("currency"),
        };
        let amount = match reading.fields.get("amount") {
            Some(json) => reading.value("amount", json, read_amount),
            None => reading.missing("amount"),
        };
        Ok(TransferDraft { reading, currency, amount })
    }

    /// The currency and the amount, where nothing is wrong with them by themselves.
    pub(crate) fn transfer(&self) -> Option<(Symbol, Money)> {
        self.currency.zip(self.amount).filter(|_| self.reading.flaws.is_empty())
    }

    /// The same; in place of what could not be read something with which nothing is wrong.
    pub(crate) fn nearest(&self, currency: Symbol) -> (Symbol, Money) {
        (self.currency.unwrap_or(currency), self.amount.unwrap_or(Money(1)))
    }

    /// Refuses it for all that is wrong with it by itself, and for what the venue has against it.
    pub(crate) fn refused_by(mut self, faults: &[AccountFault]) -> ApiError {
        for fault in faults {
            match fault {
                AccountFault::Amount => self.reading.flaw("amount", "amount", "Input should not be 0"),
                AccountFault::CashCurrency(_)
                | AccountFault::Currency
                | AccountFault::Reserved
                | AccountFault::CashAmount(_)
                | AccountFault::Leverage => {
                    let msg = "This is no currency that is traded or paid in, or nothing leads to the account's own";
                    self.reading.flaw("currency", "unknown_currency", msg);
                }
            }
        }
        ApiError::Invalid(Flaws { detail: self.reading.flaws })
    }

    /// Refuses it because what is counted would be too much.
    pub(crate) fn refused_as_out_of_range(mut self) -> ApiError {
        self.reading.flaw("amount", "out_of_range", "With all that there is it could come to more than is counted");
        ApiError::Invalid(Flaws { detail: self.reading.flaws })
    }
}

fn read_id(json: &RawValue) -> Result<AccountId, Wrong> {
    let text: String =
        serde_json::from_str(json.get()).map_err(|_| ("string_type", "Input should be a valid string".into()))?;
    AccountId::new(&text).map_err(|_| {
        let msg = format!("Input should be 1 to {} of the characters A-Z a-z 0-9 . _ -", AccountId::MAX_LEN);
        ("account_id", msg.into())
    })
}

/// An amount of money, as a number or as a string that spells one.
fn read_amount(json: &RawValue) -> Result<Money, Wrong> {
    let msg = || format!("Input should have at most {} decimals", Money::DECIMALS);
    Money::of(read_number(json)?).ok_or_else(|| ("decimal_max_places", msg().into()))
}
