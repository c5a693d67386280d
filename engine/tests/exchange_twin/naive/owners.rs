//! Whose orders and money the twin has: accounts in a list, the house first.

use tradepit_engine::{
    AccountFault, AccountId, AccountKind, AccountOpened, Body, Class, Money, OpenAccount, Rejection, SelfTrade, Side,
    Symbol, Transferred,
};
use tradepit_kit::symbol;

use super::Naive;
use super::paying::value;
use crate::accounts::{DEFAULT, FEES, HOUSE, share};
use crate::market::{Market, ONE};

/// A thousand millionths, of which a leverage is so many.
const LEVERAGE: i128 = 1_000_000_000;

#[derive(Clone)]
pub(crate) struct Owner {
    id: AccountId,
    pub(super) kind: AccountKind,
    pub(super) currency: Symbol,
    leverage: i128,
    pub(super) self_trade: SelfTrade,
    /// Whether it was opened: those that were always there can pay all.
    pub(super) is_limited: bool,
}

impl Owner {
    /// Those that are always there.
    pub(super) fn always() -> Vec<Owner> {
        let owner = |id: &str| Owner {
            id: AccountId::new(id).expect("it is an id"),
            kind: AccountKind::Margin,
            currency: symbol("USD"),
            leverage: LEVERAGE,
            self_trade: SelfTrade::Allow,
            is_limited: false,
        };
        ["house", "fees", "default"].map(owner).to_vec()
    }

    pub(super) fn leveraged(&self, amount: i128) -> i128 {
        share(amount, self.leverage.unsigned_abs(), LEVERAGE.unsigned_abs())
    }
}

impl Naive {
    pub(super) fn open_account(&mut self, at: i64, open: &OpenAccount) -> Result<(), Rejection> {
        let OpenAccount { id, kind, currency, leverage, self_trade, ref cash } = *open;
        let found = id.and_then(|id| self.owners.iter().position(|owner| owner.id == id));
        let mut faults = Vec::new();
        faults.extend(found.filter(|own| *own < DEFAULT as usize).map(|_| AccountFault::Reserved));
        let is_unknown = !self.is_currency(currency);
        faults.extend(is_unknown.then_some(AccountFault::Currency));
        for &(code, amount) in cash {
            faults.extend((amount.0 < 0).then_some(AccountFault::CashAmount(code)));
            let is_told = code == currency && is_unknown;
            faults.extend((!self.leads_to(code, currency) && !is_told).then_some(AccountFault::CashCurrency(code)));
        }
        let most = if kind == AccountKind::Spot { 1 } else { 100 };
        let units = leverage.units(9).filter(|units| (LEVERAGE..=most * LEVERAGE).contains(units));
        faults.extend(units.is_none().then_some(AccountFault::Leverage));
        let Some(leverage_units) = units.filter(|_| faults.is_empty()) else {
            return Err(Rejection::AccountFaulty(faults));
        };
        if found.is_some() {
            return Err(Rejection::AccountTaken);
        }
        let number = self.owners.len();
        let numbered = |number: usize| AccountId::new(&format!("account-{number}")).expect("it is an id");
        let id = id.unwrap_or_else(|| {
            let mut free = (number..).map(numbered);
            free.find(|id| self.owners.iter().all(|owner| owner.id != *id)).expect("not all are taken")
        });
        let opened = AccountOpened { id, kind, currency, leverage, self_trade, cash: cash.clone() };
        self.tell(at, 1, 0, Body::AccountOpened(Box::new(opened)));
        self.owners.push(Owner { id, kind, currency, leverage: leverage_units, self_trade, is_limited: true });
        for &(code, amount) in cash {
            self.moves(number as u32, code, amount.0);
        }
        Ok(())
    }

    pub(super) fn transfer(&mut self, at: i64, transferred: &Transferred) -> Result<(), Rejection> {
        let Transferred { account, currency, amount } = *transferred;
        self.check_owner(account)?;
        let owner = &self.owners[account as usize];
        let mut faults = Vec::new();
        let is_worth = self.leads_to(currency, owner.currency);
        faults.extend((!is_worth).then_some(AccountFault::CashCurrency(currency)));
        faults.extend((amount == Money::ZERO).then_some(AccountFault::Amount));
        if !faults.is_empty() {
            return Err(Rejection::AccountFaulty(faults));
        }
        let leaves = owner.is_limited && amount < Money::ZERO;
        if leaves && self.left_without(account, (currency, -amount.0), at) < 0 {
            return Err(Rejection::InsufficientBuyingPower);
        }
        self.tell(at, 1, 0, Body::Transferred(Box::new(*transferred)));
        self.moves(account, currency, amount.0);
        Ok(())
    }

    fn moves(&mut self, account: u32, code: Symbol, amount: i128) {
        self.moved.push((account, code, amount));
        let cash = self.accounts.cash.entry((account, code)).or_default();
        *cash += amount;
        let all = self.moved.iter().map(|(_, _, amount)| amount.abs()).sum::<i128>();
        self.accounts.extent = self.accounts.extent.max(cash.abs()).max(all);
    }

    /// Whether clients trade with it.
    pub(super) fn check_owner(&self, account: u32) -> Result<(), Rejection> {
        let is_there = (account as usize) < self.owners.len() && account != HOUSE && account != FEES;
        if is_there { Ok(()) } else { Err(Rejection::UnknownAccount) }
    }

    fn is_currency(&self, code: Symbol) -> bool {
        let mut markets = self.markets.iter().map(|market| &market.listing);
        markets.any(|own| own.quote == code || (own.class != Class::Equity && own.base == code))
    }

    fn leads_to(&self, code: Symbol, currency: Symbol) -> bool {
        self.is_currency(code) && self.rate(code, currency, self.last_at).is_some()
    }

    /// How much it holds of a market, with its sign.
    pub(super) fn held(&self, account: u32, symbol: Symbol) -> i128 {
        self.accounts.positions.get(&(account, symbol)).map_or(0, |own| own.lots)
    }

    /// What an account that borrows nothing has of a code.
    pub(super) fn total(&self, account: u32, code: Symbol) -> i128 {
        let cash = self.accounts.cash.get(&(account, code)).copied().unwrap_or_default();
        let bought = self.markets.iter().filter(|market| market.listing.base == code);
        cash + bought.map(|market| self.held(account, market.symbol) * market.lot).sum::<i128>()
    }

    /// Cash and positions in the account's currency, and the size of its positions; but for those of one market.
    pub(super) fn worth(&self, account: u32, but: Option<Symbol>, at: i64) -> (i128, i128) {
        let currency = self.owners[account as usize].currency;
        let (mut equity, mut exposure) = (0, 0);
        for ((_, code), cash) in self.accounts.cash.iter().filter(|((own, _), cash)| *own == account && **cash != 0) {
            equity += self.converted(*cash, *code, currency, at);
        }
        for market in self.markets.iter().filter(|market| Some(market.symbol) != but) {
            let lots = self.held(account, market.symbol);
            if lots != 0 {
                let value = value(market, self.half_ticks(market, at), lots);
                let value = self.converted(value, market.listing.quote, currency, at);
                (equity, exposure) = (equity + value, exposure + value.abs());
            }
        }
        (equity, exposure)
    }

    /// The middle of the best bid and ask, else the last trade's price, else the reference price; in half ticks.
    pub(super) fn half_ticks(&self, market: &Market, at: i64) -> u64 {
        let last = self.deals.iter().rev().find(|deal| deal.symbol == market.symbol).map(|deal| deal.ticks);
        match (self.best_for(market, Side::Sell, at), self.best_for(market, Side::Buy, at)) {
            (Some(bid), Some(ask)) => bid + ask,
            _ => 2 * last.unwrap_or(market.reference_ticks),
        }
    }

    pub(super) fn converted(&self, amount: i128, from: Symbol, to: Symbol, at: i64) -> i128 {
        let (part, whole) = self.rate(from, to, at).expect("it was looked at");
        share(amount, part, whole)
    }

    /// What one of a currency is in another: by a market of the two, whichever way round.
    ///
    /// Over dollars would be two steps, each rounded: no account here has what takes these.
    pub(super) fn rate(&self, from: Symbol, to: Symbol, at: i64) -> Option<(u128, u128)> {
        if from == to {
            return Some((1, 1));
        }
        let of = |base: Symbol, quote: Symbol| {
            let listing =
                |market: &Market| (market.listing.class != Class::Equity, market.listing.base, market.listing.quote);
            let market = self.markets.iter().find(|market| listing(market) == (true, base, quote))?;
            let part = u128::from(self.half_ticks(market, at)) * market.tick.unsigned_abs();
            Some((part, 2 * ONE.unsigned_abs()))
        };
        of(from, to).or_else(|| of(to, from).map(|(part, whole)| (whole, part)))
    }
}
