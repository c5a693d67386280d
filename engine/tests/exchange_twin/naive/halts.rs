//! What waits outside the twin's books while nothing trades there, and what of an instrument may change.

use std::rc::Rc;

use tradepit_engine::{
    Body, Hours, InstrumentChange, InstrumentChanged, Listing, Rejection, State, Symbol, TimeInForce, Trading,
};

use super::terms::whole;
use super::{Entry, Naive};
use crate::accounts::DEFAULT;
use crate::market::Market;

impl Naive {
    pub(super) fn list(&mut self, at: i64, listing: &Listing, hours: Option<Hours>) -> Result<(), Rejection> {
        if self.markets.iter().any(|market| market.symbol == listing.symbol) {
            return Err(Rejection::AlreadyListed);
        }
        if self.markets.len() >= self.max_instruments {
            return Err(Rejection::TooManyInstruments);
        }
        let listing = Listing { hours: hours.unwrap_or(Hours::Always), ..*listing };
        self.tell(at, 1, 0, Body::Listed(Box::new(listing)));
        self.markets.push(Rc::new(Market::of(&listing)));
        Ok(())
    }

    pub(super) fn change(&mut self, at: i64, symbol: Symbol, change: &InstrumentChange) -> Result<(), Rejection> {
        let place = self.markets.iter().position(|market| market.symbol == symbol).ok_or(Rejection::UnknownSymbol)?;
        let before = Rc::clone(&self.markets[place]);
        let mut after = (*before).clone();
        after.status = change.status.unwrap_or(before.status);
        after.listing.maker_fee = change.maker_fee.unwrap_or(after.listing.maker_fee);
        after.listing.taker_fee = change.taker_fee.unwrap_or(after.listing.taker_fee);
        after.listing.short = change.short.unwrap_or(after.listing.short);
        let is_fee =
            |fee: tradepit_engine::Decimal| fee.units(12).is_some_and(|part| (0..=1_000_000_000_000).contains(&part));
        let Listing { maker_fee, taker_fee, short, .. } = after.listing;
        if !is_fee(maker_fee) || !is_fee(taker_fee) {
            return Err(Rejection::FaultyListing(vec![tradepit_engine::InvalidListing::Fee]));
        }
        if (after.listing, after.status) == (before.listing, before.status) {
            return Ok(());
        }
        let changed = InstrumentChanged { symbol, status: after.status, maker_fee, taker_fee, short };
        self.tell(at, 1, 0, Body::InstrumentChanged(Box::new(changed)));
        self.touched.insert(symbol, at);
        let after = Rc::new(after);
        self.markets[place] = Rc::clone(&after);
        let own = self.orders.iter_mut().filter(|entry| entry.symbol == symbol);
        own.for_each(|entry| entry.market = Rc::clone(&after));
        let (was_open, is_open) = (before.status == Trading::Open, after.status == Trading::Open);
        for place in 0..self.orders.len() {
            let entry = &self.orders[place];
            // Who has come, and waits, acts in its turn.
            let has_come = entry.outside && entry.came().0 <= at;
            if entry.symbol == symbol && was_open != is_open && !(is_open && has_come) {
                self.orders[place].outside = self.is_for_outside(place, at);
            }
        }
        Ok(())
    }

    /// Whether an order on its way waits outside, as things stand, when it comes.
    pub(super) fn is_for_outside(&self, place: usize, at: i64) -> bool {
        let entry = &self.orders[place];
        let does_not_trade = |due_at: i64| !self.trades(&entry.market, due_at.max(at));
        let comes_then = entry.line.is_some() || entry.due_at.is_some_and(does_not_trade);
        self.can_wait_outside(place) && comes_then
    }

    /// An order was amended: where it is on its way it may wait outside from now on. Whoever did before keeps the turn.
    pub(super) fn queue_amended(&mut self, at: i64, place: usize, waited: bool) {
        if self.orders[place].state == State::Accepted {
            let keeps = waited && self.can_wait_outside(place);
            self.orders[place].outside = keeps || self.is_for_outside(place, at);
        }
    }

    /// Whether it does not end where nothing trades, nor is executed all the same.
    pub(super) fn can_wait_outside(&self, place: usize) -> bool {
        let entry = &self.orders[place];
        let stands = matches!(entry.terms.time_in_force, TimeInForce::GoodTillCancelled | TimeInForce::Day);
        let is_as_native =
            entry.account == DEFAULT && entry.group.is_none() && entry.terms == whole(&entry.market, entry.quantity);
        entry.state == State::Accepted && stands && entry.is_rich && !is_as_native
    }

    /// Who acts next of those that wait outside, in all markets: when, and its place.
    pub(super) fn first_outside(&self) -> Option<(i64, usize)> {
        let waits = |market: &Rc<Market>| {
            let own = (0..self.orders.len()).filter(|place| {
                let entry = &self.orders[*place];
                entry.is_open() && entry.outside && entry.symbol == market.symbol
            });
            let place = own.min_by_key(|place| self.orders[*place].came())?;
            let came = self.orders[place].came();
            let since = self.touched.get(&market.symbol).copied().unwrap_or(i64::MIN);
            Some((self.trades_from(market, came.0.max(since))?, came, place))
        };
        let (acts_at, _, place) = self.markets.iter().filter_map(waits).min()?;
        Some((acts_at, place))
    }

    /// The mark, rounded up: in the middle of clients, else where it last traded, else where it began.
    pub(super) fn mark_above(&self, market: &Market) -> u64 {
        use tradepit_engine::Side;
        let best = |side| self.levels(market.symbol, side).first().map(|level| level.0);
        let last = self.deals.iter().rev().find(|deal| deal.symbol == market.symbol).map(|deal| deal.ticks);
        match (best(Side::Buy), best(Side::Sell)) {
            (Some(bid), Some(ask)) => (bid + ask).div_ceil(2),
            _ => last.unwrap_or(market.reference_ticks),
        }
    }
}

impl Entry {
    /// When it came, and by which change: it came again where it was amended at the exchange.
    pub(super) fn came(&self) -> (i64, u64) {
        match (self.arrived_at, self.line) {
            (Some(at), Some(number)) => (at, number),
            _ => (self.due_at.unwrap_or(i64::MAX), self.accepted),
        }
    }
}
