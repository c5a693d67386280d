//! How accounts and positions stand at a moment, as they are told.

use super::Exchange;
use super::worth::Worth;
use crate::accounts::account::{Account, AccountKind};
use crate::accounts::clearing::Clearing;
use crate::accounts::commitments::Instead;
use crate::accounts::ledger::{AccountNumber, CurrencyNumber, InstrumentNumber};
use crate::accounts::position::Position;
use crate::market::book::Side;
use crate::values::{Money, Number, Step, Symbol, Time};

/// An account, and what it is worth. What is told in its own currency is `None` where nothing leads there from all that
/// it has, or it is more than is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountStanding {
    /// Which one.
    pub number: AccountNumber,
    /// As it was opened.
    pub account: Account,
    /// Its cash, by the code of the currency; below zero what is owed.
    pub cash: Vec<(Symbol, Money)>,
    /// What it has of each code, by the code.
    pub balances: Vec<Balance>,
    /// Cash and positions.
    pub equity: Option<Money>,
    /// The size of all positions.
    pub exposure: Option<Money>,
    /// What it may still take on; `None` also where it has no limit.
    pub buying_power: Option<Money>,
    /// What was won by what is closed, before fees.
    pub realized: Option<Money>,
    /// What would be won by closing what is open, before fees.
    pub unrealized: Option<Money>,
    /// What was paid in fees.
    pub fees: Option<Money>,
}

/// What an account has of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Of which.
    pub code: Symbol,
    /// How much.
    pub total: Money,
    /// How much of that open orders hold, where nothing is borrowed.
    pub locked: Money,
}

/// A position, and what it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionStanding {
    /// Of which instrument.
    pub symbol: Symbol,
    /// What its prices are multiples of.
    pub tick: Step,
    /// What its quantities are multiples of.
    pub lot: Step,
    /// How much, what it cost, and what was won.
    pub position: Position,
    /// How many lots of it no open order would close.
    pub available: u128,
    /// The mark, in half ticks.
    pub mark_half_ticks: u64,
    /// What it is worth at the mark; `None` where that is more than is counted.
    pub market_value: Option<Money>,
}

impl PositionStanding {
    /// What would be won by closing it, before fees.
    #[must_use]
    pub fn unrealized(&self) -> Option<Money> {
        self.market_value?.0.checked_sub(self.position.cost.0).map(Money)
    }
}

impl Exchange {
    /// How an account stands at this time.
    #[must_use]
    pub fn account_standing(&self, number: AccountNumber, at: Time) -> Option<AccountStanding> {
        let (account, at) = (*self.clearing.account(number)?, at.max(self.last_at));
        let worth = self.worth(number, account.currency, None, at);
        let of = |part: fn(Worth) -> Money| worth.map(part);
        Some(AccountStanding {
            number,
            account,
            cash: self.cash(number),
            balances: self.balances(number, &account, at),
            equity: of(|worth| worth.equity),
            exposure: of(|worth| worth.exposure),
            buying_power: self.buying_power(number, &account, at),
            realized: of(|worth| worth.realized),
            unrealized: of(|worth| worth.unrealized),
            fees: of(|worth| worth.fees),
        })
    }

    fn cash(&self, number: AccountNumber) -> Vec<(Symbol, Money)> {
        let holdings = self.clearing.ledger().holdings(number);
        let cash = holdings.into_iter().flat_map(|holdings| &holdings.cash);
        let coded = cash.filter_map(|(currency, amount)| Some((self.clearing.currency(*currency)?, *amount)));
        let mut cash: Vec<(Symbol, Money)> = coded.collect();
        cash.sort_unstable();
        cash
    }

    fn balances(&self, number: AccountNumber, account: &Account, at: Time) -> Vec<Balance> {
        let Some(holdings) = self.clearing.ledger().holdings(number) else { return Vec::new() };
        let is_spot = account.kind == AccountKind::Spot;
        let code = |currency: &CurrencyNumber| self.clearing.currency(*currency);
        let mut codes: Vec<Symbol> = holdings.cash.keys().filter_map(code).chain([account.currency]).collect();
        if is_spot {
            let base = |number: &InstrumentNumber| self.clearing.instrument(*number).listing().base;
            codes.extend(holdings.positions.keys().map(base));
        }
        codes.sort_unstable();
        codes.dedup();
        let nothing = (InstrumentNumber::MAX, Instead::default());
        let balance = |code: Symbol| {
            let cash = self.clearing.find_currency(code).and_then(|currency| holdings.cash.get(&currency));
            let (total, locked) = match is_spot {
                true => (self.spot_total(number, code), self.locked(number, code, nothing, at)),
                false => (cash.copied(), None),
            };
            Balance { code, total: total.unwrap_or_default(), locked: locked.unwrap_or_default() }
        };
        codes.into_iter().map(balance).collect()
    }

    /// The instruments in which an account holds a position, in the order in which they were listed.
    pub fn open_positions(&self, account: AccountNumber) -> impl Iterator<Item = InstrumentNumber> {
        let holdings = self.clearing.ledger().holdings(account);
        let positions = holdings.into_iter().flat_map(|holdings| &holdings.positions);
        positions.filter(|(_, position)| position.lots != 0).map(|(&number, _)| number)
    }

    /// How a position stands at this time; also one that is flat.
    #[must_use]
    pub fn position_standing(&self, account: AccountNumber, number: InstrumentNumber, at: Time) -> PositionStanding {
        let (instrument, at) = (self.clearing.instrument(number), at.max(self.last_at));
        let holdings = self.clearing.ledger().holdings(account);
        let position = holdings.and_then(|holdings| holdings.positions.get(&number)).copied().unwrap_or_default();
        let mark = self.mark(number, at);
        let size = position.lots.unsigned_abs();
        let closing = if position.lots > 0 { Side::Sell } else { Side::Buy };
        PositionStanding {
            symbol: instrument.listing().symbol,
            tick: instrument.tick(),
            lot: instrument.lot(),
            position,
            available: size - self.open_lots(account, number, closing, size),
            mark_half_ticks: mark.half_ticks,
            market_value: mark.worth(instrument, position.lots),
        }
    }

    /// How many lots the open orders of an account come to on a side, at most so many. Of the account that has no limit
    /// those count that rest: nobody counts the others.
    fn open_lots(&self, account: AccountNumber, number: InstrumentNumber, side: Side, at_most: u128) -> u128 {
        if self.is_looked_at(account, number) {
            return self.open_of(account, number).lots(side).min(at_most);
        }
        let mut lots = 0_u128;
        for (_, resting) in self.pits[number as usize].book.line(side) {
            if lots >= at_most {
                break;
            }
            let counts = resting.account == Clearing::DEFAULT && !self.is_counted_with_rival(Number(resting.order));
            lots += u128::from(if counts { resting.left } else { 0 });
        }
        lots.min(at_most)
    }
}
