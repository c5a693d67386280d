//! What things are worth at a moment: an instrument at its mark, one currency in another.

use super::Exchange;
use crate::accounts::ledger::InstrumentNumber;
use crate::market::book::Side;
use crate::market::instrument::Instrument;
use crate::values::{Money, Symbol, Time};

/// The mark of an instrument, in half ticks: it may lie between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// So many.
    pub(super) half_ticks: u64,
}

impl Mark {
    /// What so many lots are worth, rounded half to even; `None` where that is out of range.
    pub(super) fn worth(self, instrument: &Instrument, lots: i128) -> Option<Money> {
        Money(lots.checked_mul(instrument.lot_price(self.half_ticks).0)?).share(1, 2)
    }
}

/// What one of a currency is in another: the product of at most two fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate([(u128, u128); 2]);

impl Rate {
    const ONE: Rate = Rate([(1, 1); 2]);

    /// So much of the one currency in the other, rounded half to even; `None` where that is out of range.
    pub(super) fn convert(self, amount: Money) -> Option<Money> {
        self.0.into_iter().try_fold(amount, |amount, (part, whole)| match part == whole {
            true => Some(amount),
            false => amount.share(part, whole),
        })
    }
}

impl Exchange {
    /// The best bid and ask at a moment, of clients and the house, in ticks.
    pub(super) fn touch(&self, number: InstrumentNumber, at: Time) -> (Option<u64>, Option<u64>) {
        let book = &self.pits[number as usize].book;
        let best = |side: Side| side.better(book.best(side), self.best_of_house(number, side, at));
        (best(Side::Buy), best(Side::Sell))
    }

    /// The mid of the best bid and ask, else the last trade, else the reference.
    pub(super) fn mark(&self, number: InstrumentNumber, at: Time) -> Mark {
        let instrument = self.clearing.instrument(number);
        let half_ticks = match (self.touch(number, at), self.clearing.last_ticks(number)) {
            // No price comes near half of what is counted.
            ((Some(bid), Some(ask)), _) => bid + ask,
            (_, Some(last)) => 2 * last,
            (_, None) => 2 * instrument.reference_ticks(),
        };
        Mark { half_ticks }
    }

    /// The mark of an instrument, rounded up to the tick.
    pub(super) fn mark_above(&self, number: InstrumentNumber, at: Time) -> u64 {
        self.mark(number, at).half_ticks.div_ceil(2)
    }

    /// What one of a currency is in another: at the mark of a pair of them, either way round, or over dollars.
    pub(super) fn rate(&self, from: Symbol, to: Symbol, at: Time) -> Option<Rate> {
        self.rate_by(from, to, &mut |number| self.mark(number, at))
    }

    /// The same, at marks of whatever moment.
    pub(super) fn rate_by(
        &self,
        from: Symbol,
        to: Symbol,
        mark: &mut impl FnMut(InstrumentNumber) -> Mark,
    ) -> Option<Rate> {
        if from == to {
            return Some(Rate::ONE);
        }
        let dollars = Symbol::new("USD").expect("it is a symbol");
        match self.leg(from, to, mark) {
            Some(leg) => Some(Rate([leg, (1, 1)])),
            None => Some(Rate([self.leg(from, dollars, mark)?, self.leg(dollars, to, mark)?])),
        }
    }

    /// The same, of one pair.
    fn leg(&self, from: Symbol, to: Symbol, mark: &mut impl FnMut(InstrumentNumber) -> Mark) -> Option<(u128, u128)> {
        let mut fraction = |number: InstrumentNumber| {
            let (tick, mark) = (self.clearing.instrument(number).tick(), mark(number));
            let units = u128::try_from(tick.size().units(tick.decimals())?).ok()?;
            let whole = 2 * 10_u128.checked_pow(tick.decimals())?;
            Some((u128::from(mark.half_ticks) * units, whole))
        };
        match (self.clearing.pair(from, to), self.clearing.pair(to, from)) {
            (Some(pair), _) => fraction(pair),
            (None, Some(pair)) => fraction(pair).map(|(part, whole)| (whole, part)),
            (None, None) => None,
        }
    }
}
