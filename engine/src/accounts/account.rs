//! An account as it was opened: its name, its kind, and what it may do.

use std::collections::HashMap;
use std::fmt;

use super::clearing::Clearing;
use super::ledger::{AccountNumber, Ledger};
use crate::market::matching::SelfTrade;
use crate::values::{Decimal, InvalidSymbol, Money, Symbol, Time};

/// By what an account is known: 1 to 32 characters of `A-Z a-z 0-9 . _ -`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(Symbol);

impl AccountId {
    /// The greatest length, in characters.
    pub const MAX_LEN: usize = Symbol::MAX_LEN;

    /// Reads an id; refuses what its characters or length do not allow.
    ///
    /// # Errors
    /// Why it is none.
    pub fn new(text: &str) -> Result<AccountId, InvalidSymbol> {
        let id = Symbol::new(text)?;
        if text.contains('/') { Err(InvalidSymbol::Character) } else { Ok(AccountId(id)) }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an account may borrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// It buys and sells what it has not, as far as its leverage reaches; positions stand apart from cash.
    Margin,
    /// It borrows nothing. What it bought it has, and can spend elsewhere.
    Spot,
}

/// An account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// By what it is known.
    pub id: AccountId,
    /// What it may borrow.
    pub kind: AccountKind,
    /// In which currency it is told what it is worth.
    pub currency: Symbol,
    /// How many times its equity its positions may be.
    pub leverage: Decimal,
    /// What becomes of an order of it that meets another one of it.
    pub self_trade: SelfTrade,
    /// When it was opened; `None` of those that are always there, which have no limit.
    pub opened_at: Option<Time>,
}

impl Account {
    /// Whether its orders are looked at for what it can pay.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.opened_at.is_some()
    }
}

/// All accounts by number and by name: as many as the ledger has.
#[derive(Clone, Debug)]
pub(crate) struct Accounts {
    accounts: Vec<Account>,
    /// Clients choose these: hashed so that none can make the table slow. Looked up, never iterated.
    by_id: HashMap<AccountId, AccountNumber>,
}

impl Default for Accounts {
    /// Those that are always there.
    fn default() -> Accounts {
        let mut accounts = Accounts { accounts: Vec::new(), by_id: HashMap::new() };
        for (number, id) in [(Ledger::HOUSE, "house"), (Ledger::FEES, "fees"), (Clearing::DEFAULT, "default")] {
            let added = accounts.add(Account {
                id: AccountId::new(id).expect("it is an id"),
                kind: AccountKind::Margin,
                currency: Symbol::new("USD").expect("it is a symbol"),
                leverage: Decimal::ONE,
                self_trade: SelfTrade::Allow,
                opened_at: None,
            });
            assert_eq!(added, number, "they come in this order");
        }
        accounts
    }
}

impl Accounts {
    pub(crate) fn add(&mut self, account: Account) -> AccountNumber {
        let number = AccountNumber::try_from(self.accounts.len()).expect("accounts are fewer than 2^32");
        self.by_id.insert(account.id, number);
        self.accounts.push(account);
        number
    }

    pub(crate) fn find(&self, id: AccountId) -> Option<AccountNumber> {
        self.by_id.get(&id).copied()
    }

    pub(crate) fn get(&self, number: AccountNumber) -> Option<&Account> {
        self.accounts.get(number as usize)
    }
}

/// A new account: its number is the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountOpened {
    /// By what it is known.
    pub id: AccountId,
    /// What it may borrow.
    pub kind: AccountKind,
    /// In which currency it is told what it is worth.
    pub currency: Symbol,
    /// How many times its equity its positions may be.
    pub leverage: Decimal,
    /// What becomes of an order of it that meets another one of it.
    pub self_trade: SelfTrade,
    /// What it begins with, each currency once.
    pub cash: Vec<(Symbol, Money)>,
}

/// Money that came in from outside, or went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transferred {
    /// Whose it is.
    pub account: AccountNumber,
    /// The code of its currency.
    pub currency: Symbol,
    /// How much; below zero what went out.
    pub amount: Money,
}

impl AccountOpened {
    /// The account that is opened at this time.
    #[must_use]
    pub fn account(&self, at: Time) -> Account {
        let AccountOpened { id, kind, currency, leverage, self_trade, .. } = *self;
        Account { id, kind, currency, leverage, self_trade, opened_at: Some(at) }
    }
}
