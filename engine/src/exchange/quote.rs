//! What the house quotes in an instrument: by its rule, or by hand in place of it.

use super::Exchange;
use super::telling::Telling;
use crate::accounts::ledger::InstrumentNumber;
use crate::command::Rejection;
use crate::event::Body;
use crate::market::book::Side;
use crate::market::by_hand::{AskedQuote, Quoted};
use crate::market::house::House;
use crate::market::instrument::Instrument;
use crate::market::pit::Pit;
use crate::market::quoting::{Quoting, Sells};
use crate::orders::terms::Terms;
use crate::values::{Symbol, Time};

impl Exchange {
    /// Sets a quote by hand; without one, takes back what was set.
    pub(super) fn set_quote(
        &self,
        telling: &mut Telling<'_>,
        symbol: Symbol,
        asked: Option<&AskedQuote>,
    ) -> Result<(), Rejection> {
        let number = self.clearing.find(symbol).ok_or(Rejection::UnknownSymbol)?;
        let instrument = self.clearing.instrument(number);
        let quote = asked.map(|asked| instrument.quote(asked)).transpose().map_err(Rejection::FaultyQuote)?;
        if quote.is_some() || self.clearing.by_hand(number).is_some() {
            let (tick, lot) = (instrument.tick(), instrument.lot());
            telling.tell(Body::Quoted(Box::new(Quoted { symbol, tick, lot, quote })));
        }
        Ok(())
    }

    /// What the house offers in an instrument at this time: nothing while that does not trade.
    pub(super) fn house(&self, number: InstrumentNumber, at: Time) -> House {
        if !self.trades(number, at) {
            return House::default();
        }
        match self.clearing.by_hand(number) {
            Some(quote) => House::from(*quote),
            None => {
                let (instrument, pit) = (self.clearing.instrument(number), &self.pits[number as usize]);
                self.quoting.house(instrument, pit, at)
            }
        }
    }

    /// Whether the house quotes anything in an instrument, at any time.
    #[inline(always)]
    pub(super) fn is_quoted(&self, number: InstrumentNumber) -> bool {
        !matches!(self.quoting, Quoting::Nobody)
            || self.clearing.by_hand(number).is_some()
            || !self.pits[number as usize].rows.is_empty()
    }

    /// The same for an order of these terms: nothing where that would not take what the house offers.
    #[inline]
    pub(super) fn house_for(&self, number: InstrumentNumber, terms: &Terms, at: Time) -> House {
        if self.is_quoted(number) { self.house_within(number, terms, at) } else { House::default() }
    }

    fn house_within(&self, number: InstrumentNumber, terms: &Terms, at: Time) -> House {
        let best = self.best_untaken(number, terms.side.other(), at);
        let is_beyond = |limit| best.is_none_or(|best| !terms.side.takes(limit, best));
        if terms.limit_ticks().is_some_and(is_beyond) {
            return House::default();
        }
        self.house(number, at)
    }

    /// What it sells next to who takes any price, where the instrument trades.
    pub(super) fn sells(&self, number: InstrumentNumber, at: Time) -> Option<Sells> {
        match self.clearing.by_hand(number) {
            Some(quote) => Some(Sells { ticks: quote.ask.ticks, left: quote.ask.lots, is_endless: false }),
            None => {
                let (instrument, pit) = (self.clearing.instrument(number), &self.pits[number as usize]);
                self.quoting.sells(instrument, pit, at)
            }
        }
    }

    /// The best price of a side, in ticks, of what the house has left: nothing while that does not trade.
    pub(super) fn best_of_house(&self, number: InstrumentNumber, side: Side, at: Time) -> Option<u64> {
        let left = |instrument: &Instrument, pit: &Pit| self.quoting.best_left(instrument, pit, side, at);
        if self.trades(number, at) { self.best(number, side, left) } else { None }
    }

    /// The same, where nothing was taken of it: of a quote by hand that is as it stands.
    pub(super) fn best_untaken(&self, number: InstrumentNumber, side: Side, at: Time) -> Option<u64> {
        self.best(number, side, |instrument, pit| self.quoting.best(instrument, pit, side, at))
    }

    /// What is left of a quote by hand, where there is one, else the best by the rule.
    #[inline]
    fn best(
        &self,
        number: InstrumentNumber,
        side: Side,
        by_rule: impl FnOnce(&Instrument, &Pit) -> Option<u64>,
    ) -> Option<u64> {
        match self.clearing.by_hand(number) {
            Some(quote) => Some(quote.offer(side)).filter(|offer| offer.lots > 0).map(|offer| offer.ticks),
            None => by_rule(self.clearing.instrument(number), &self.pits[number as usize]),
        }
    }
}
