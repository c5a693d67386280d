//! What an account had at an earlier moment, and what that was worth then.
//!
//! What it had follows from what it has now, less what moved it since: that is exact. What an instrument was worth then
//! is told by what the house quoted, a function of time or a quote by hand, else by its last trade: what clients
//! offered then is nowhere kept.

use std::collections::BTreeMap;

use super::Exchange;
use super::marks::Mark;
use super::worth::{less, plus};
use crate::accounts::ledger::{AccountNumber, CurrencyNumber, InstrumentNumber};
use crate::activities::{Activity, Moved, Part, Whose};
use crate::market::book::Side;
use crate::market::instrument::{Instrument, Trading};
use crate::traces::{Known, Seek, Traces};
use crate::values::{Money, Number, Symbol, Time};

/// What an account has, or had.
#[derive(Clone, Debug)]
pub struct Had {
    /// Whose it is.
    pub whose: Whose,
    /// When that was opened, unless it was always there.
    pub opened_at: Option<Time>,
    /// The newest change when it was asked for …
    pub as_of: Number,
    /// … and the time.
    pub now: Time,
    /// In which currency it is told what it is worth.
    currency: Symbol,
    cash: BTreeMap<CurrencyNumber, Money>,
    /// What came in from outside, less what went out.
    paid_in: BTreeMap<CurrencyNumber, Money>,
    lots: BTreeMap<InstrumentNumber, i128>,
}

/// What an account was worth at a moment. `None` where nothing leads to its currency from all that it had, or that is
/// more than is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: Time,
    /// Cash and positions.
    pub equity: Option<Money>,
    /// The same, less what was paid in.
    pub profit: Option<Money>,
}

/// What must be known of instruments before it can be told what something was worth.
pub type Missing = Vec<(Symbol, Seek)>;

impl Had {
    /// How many things it is made of.
    #[must_use]
    pub fn size(&self) -> usize {
        self.cash.len() + self.paid_in.len() + self.lots.len()
    }
}

impl Exchange {
    /// What an account has now.
    #[must_use]
    pub fn had(&self, number: AccountNumber, now: Time) -> Option<Had> {
        let account = self.clearing.account(number)?;
        let holdings = self.clearing.ledger().holdings(number)?;
        Some(Had {
            whose: Whose { number, id: account.id },
            opened_at: account.opened_at,
            as_of: self.last_number,
            now: now.max(self.last_at),
            currency: account.currency,
            cash: holdings.cash.clone(),
            paid_in: holdings.payments.iter().map(|(currency, payments)| (*currency, payments.paid_in)).collect(),
            lots: holdings.positions.iter().map(|(number, position)| (*number, position.lots)).collect(),
        })
    }

    /// Takes back what moved it last.
    pub fn take_back(&self, had: &mut Had, activity: &Activity) {
        match &activity.what {
            Moved::Transfer(code) => {
                let Some(currency) = self.clearing.find_currency(*code) else { return };
                lessen(&mut had.cash, currency, activity.amount);
                lessen(&mut had.paid_in, currency, activity.amount);
            }
            Moved::Fill(part) | Moved::Fee(part) => {
                let Some(number) = self.clearing.find(part.symbol) else { return };
                let instrument = self.clearing.instrument(number);
                let Some(currency) = self.clearing.find_currency(instrument.listing().quote) else { return };
                lessen(&mut had.cash, currency, activity.amount);
                if let Moved::Fill(_) = activity.what {
                    let held = had.lots.entry(number).or_default();
                    *held = held.saturating_sub(signed_lots(instrument, part));
                }
            }
        }
    }

    /// What it was worth at this time, once all that moved it since is taken back.
    ///
    /// # Errors
    /// What must be known first.
    pub fn worth_then(&self, had: &Had, at: Time, traces: &Traces) -> Result<Moment, Missing> {
        let mut missing = Missing::new();
        let worth = self.sum_then(had, &mut |number| self.mark_then(number, at, traces, &mut missing));
        missing.sort_unstable();
        missing.dedup();
        if !missing.is_empty() {
            return Err(missing);
        }
        let (equity, profit) = worth.unzip();
        Ok(Moment { at, equity, profit })
    }

    /// How it is now what is sought of an instrument.
    #[must_use]
    pub fn known(&self, symbol: Symbol, seek: Seek) -> Known {
        let Some(number) = self.clearing.find(symbol) else { return seek.at_first() };
        let by_hand = self.clearing.by_hand(number).copied();
        seek.now(self.clearing.instrument(number), self.clearing.last_ticks(number), by_hand)
    }

    /// Equity and profit at these marks.
    fn sum_then(&self, had: &Had, mark: &mut impl FnMut(InstrumentNumber) -> Mark) -> Option<(Money, Money)> {
        let (mut equity, mut paid_in) = (Some(Money::ZERO), Some(Money::ZERO));
        // All marks that are missing are told at once, also where the sum cannot be.
        for (cash, sum) in [(&had.cash, &mut equity), (&had.paid_in, &mut paid_in)] {
            for (&own, &amount) in cash.iter().filter(|(_, amount)| **amount != Money::ZERO) {
                let worth = self.clearing.currency(own).and_then(|code| self.converted(amount, code, had, mark));
                *sum = sum.zip(worth).and_then(|(sum, worth)| plus(sum, worth));
            }
        }
        for (&number, &lots) in had.lots.iter().filter(|(_, lots)| **lots != 0) {
            let instrument = self.clearing.instrument(number);
            let value = mark(number).worth(instrument, lots);
            let worth = value.and_then(|value| self.converted(value, instrument.listing().quote, had, mark));
            equity = equity.zip(worth).and_then(|(equity, worth)| plus(equity, worth));
        }
        let (equity, paid_in) = (equity?, paid_in?);
        Some((equity, less(equity, paid_in)?))
    }

    fn converted(
        &self,
        amount: Money,
        code: Symbol,
        had: &Had,
        mark: &mut impl FnMut(InstrumentNumber) -> Mark,
    ) -> Option<Money> {
        self.rate_by(code, had.currency, mark)?.convert(amount)
    }

    /// The mark of an instrument at an earlier moment: the mid of what the house quoted then, by hand as it was set, by
    /// its rule before anything was taken of it; else the last trade, else the reference.
    fn mark_then(&self, number: InstrumentNumber, at: Time, traces: &Traces, missing: &mut Missing) -> Mark {
        let instrument = self.clearing.instrument(number);
        let symbol = instrument.listing().symbol;
        let mut sought = |seek: Seek| {
            let found = traces.at(symbol, seek, at);
            missing.extend(found.is_none().then_some((symbol, seek)));
            found
        };
        let reference = 2 * instrument.reference_ticks();
        let (status, quote) = (sought(Seek::Status), sought(Seek::Quote));
        let (Some(Known::Status(status)), Some(Known::Quote(quote))) = (status, quote) else {
            return Mark { half_ticks: reference };
        };
        if status == Trading::Open && instrument.listing().hours.is_open(at) {
            let best = |side| match quote {
                Some(quote) => Some(quote.offer(side).ticks),
                None => self.quoting.best_then(instrument, &self.pits[number as usize], side, at),
            };
            if let (Some(bid), Some(ask)) = (best(Side::Buy), best(Side::Sell)) {
                return Mark { half_ticks: bid + ask };
            }
        }
        match sought(Seek::Trade) {
            Some(Known::Trade(Some(last))) => Mark { half_ticks: 2 * last },
            _ => Mark { half_ticks: reference },
        }
    }
}

fn lessen(amounts: &mut BTreeMap<CurrencyNumber, Money>, currency: CurrencyNumber, amount: Money) {
    let own = amounts.entry(currency).or_default();
    own.0 = own.0.saturating_sub(amount.0);
}

/// How many lots of the instrument a part brought; below zero what it gave. Native orders count whole ones.
fn signed_lots(instrument: &Instrument, part: &Part) -> i128 {
    let in_one = if part.lot == instrument.lot() { 1 } else { u128::from(instrument.lots_in_one()) };
    let lots = part.lots.checked_mul(in_one).and_then(|lots| i128::try_from(lots).ok()).unwrap_or(i128::MAX);
    match part.side {
        Side::Buy => lots,
        Side::Sell => -lots,
    }
}
