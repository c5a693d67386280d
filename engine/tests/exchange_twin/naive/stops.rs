//! What the twin does with orders that wait for a price: they follow the market, and are triggered.
//!
//! All that wait are looked at each time, whatever happened: nobody keeps in mind who comes next.

use std::cmp::Reverse;
use std::rc::Rc;

use tradepit_engine::{Body, Ending, Followed, OrderType, Side, State, Symbol, Trail, Triggered};

use super::terms::stays;
use super::{Entry, Naive};
use crate::market::Market;

/// A hundred percent, as trails are counted.
const ALL: u128 = 100_000_000;

impl Entry {
    /// Whether it is at the exchange and waits for a price.
    pub(crate) fn waits(&self) -> bool {
        self.is_open() && self.state != State::Accepted && self.arrived_at.is_some() && self.is_to_wait()
    }

    /// Whether it waits for a price, or will once it is there.
    pub(crate) fn is_to_wait(&self) -> bool {
        let waits = |order_type| {
            matches!(order_type, OrderType::Stop { .. } | OrderType::StopLimit { .. } | OrderType::TrailingStop { .. })
        };
        waits(self.terms.order_type) && !self.triggered
    }

    fn trail(&self) -> Option<Trail> {
        match self.terms.order_type {
            OrderType::TrailingStop { trail } => Some(trail),
            _ => None,
        }
    }

    /// The price that it waits for.
    pub(super) fn trigger_price(&self) -> Option<u64> {
        let trail = match self.terms.order_type {
            OrderType::Stop { stop } | OrderType::StopLimit { stop, .. } => return Some(stop),
            _ => self.trail()?,
        };
        let mark = u128::from(self.mark?);
        let distance = match trail {
            Trail::Ticks(ticks) => ticks.into(),
            Trail::Percent(part) => (mark * u128::from(part)).div_ceil(ALL),
        };
        let price = if self.terms.side == Side::Sell { mark.checked_sub(distance)? } else { mark + distance };
        u64::try_from(price).ok().filter(|price| *price > 0)
    }
}

impl Naive {
    /// Whether something follows at once from what happened.
    pub(crate) fn acts_now(&self) -> bool {
        self.trading().is_some()
            || self.in_place_of_another().is_some()
            || self.released(self.last_at, false).is_some()
            || self.released(self.last_at, true).is_some()
            || self.restless().is_some()
    }

    /// The best bid for one that sells, the best ask for one that buys; whoever offers it.
    pub(super) fn best_for(&self, market: &Market, side: Side, at: i64) -> Option<u64> {
        self.offered(market.symbol, side.other(), at).first().map(|(ticks, _)| *ticks)
    }

    fn waiting(&self, market: &Market) -> impl Iterator<Item = (usize, &Entry)> {
        let orders = self.orders.iter().enumerate();
        orders.filter(|(_, entry)| entry.waits() && entry.symbol == market.symbol)
    }

    /// Those that trail the market and have not followed it to where it is, each with where that is. Those that sell
    /// come first, and of one side those that are behind furthest; whoever has not followed it at all is further still.
    pub(super) fn behind(&self, market: &Market, at: i64) -> Vec<(usize, u64)> {
        let mut behind = Vec::new();
        for side in [Side::Sell, Side::Buy] {
            let Some(best) = self.best_for(market, side, at) else { continue };
            let trailing =
                self.waiting(market).filter(|(_, entry)| entry.terms.side == side && entry.trail().is_some());
            let distance = |entry: &Entry| match (entry.mark, side) {
                (None, _) => u64::MAX,
                (Some(mark), Side::Sell) => best.saturating_sub(mark),
                (Some(mark), Side::Buy) => mark.saturating_sub(best),
            };
            let mut of_side: Vec<_> = trailing.filter(|(_, entry)| distance(entry) > 0).collect();
            of_side.sort_by_key(|(_, entry)| (Reverse(distance(entry)), entry.line));
            behind.extend(of_side.into_iter().map(|(place, _)| (place, best)));
        }
        behind
    }

    /// Those whose price came about: with how far it is from their side's best, and their place in line; the nearest
    /// first, then whoever came first.
    pub(super) fn triggered(&self, market: &Market, at: i64) -> Vec<(u64, Option<u64>, usize)> {
        let mut triggered = Vec::new();
        for side in [Side::Buy, Side::Sell] {
            let Some(best) = self.best_for(market, side, at) else { continue };
            for (place, entry) in self.waiting(market).filter(|(_, entry)| entry.terms.side == side) {
                let distance = |price: u64| match side {
                    Side::Buy => best.checked_sub(price),
                    Side::Sell => price.checked_sub(best),
                };
                triggered.extend(entry.trigger_price().and_then(distance).map(|far| (far, entry.line, place)));
            }
        }
        triggered.sort_unstable();
        triggered
    }

    /// Where somebody is to follow the market, or is triggered, since something happened there.
    pub(crate) fn restless(&self) -> Option<Rc<Market>> {
        let mut symbols: Vec<Symbol> = Vec::new();
        for entry in self.orders.iter().filter(|entry| entry.waits()) {
            if !symbols.contains(&entry.symbol) {
                symbols.push(entry.symbol);
            }
        }
        let stirs = |market: &&Rc<Market>| {
            let is_here = |at: &&i64| symbols.contains(&market.symbol) && self.trades(market, **at);
            let at = self.touched.get(&market.symbol).filter(is_here);
            at.is_some_and(|at| !self.behind(market, *at).is_empty() || !self.triggered(market, *at).is_empty())
        };
        self.markets.iter().find(stirs).cloned()
    }

    /// Those that are to be triggered, where nobody is to follow before: how near each is, and its place in line.
    pub(crate) fn to_trigger(&self, at: i64) -> Vec<(u64, Option<u64>, Side)> {
        let Some(market) = self.restless().filter(|market| self.behind(market, at).is_empty()) else {
            return Vec::new();
        };
        let triggered = self.triggered(&market, at).into_iter();
        triggered.map(|(distance, line, place)| (distance, line, self.orders[place].terms.side)).collect()
    }

    /// One follows the market; where all have, one is triggered.
    pub(super) fn stir(&mut self, at: i64, market: &Market) {
        if let Some(&(place, mark)) = self.behind(market, at).first() {
            self.orders[place].mark = Some(mark);
            self.tell(at, 0, 0, Body::Followed(Followed { order: self.refer(place), mark }));
        } else if let Some(&(_, _, place)) = self.triggered(market, at).first() {
            self.trigger(at, place);
        }
    }

    fn trigger(&mut self, at: i64, place: usize) {
        if self.orders[place].terms.expires_at.is_some_and(|end| end.0 <= at) {
            return self.end(at, place, Ending::Expired);
        }
        let killed = self.killed(at, place);
        if killed.is_none() {
            self.clear_the_way(at, place);
        }
        let order = self.refer(place);
        let rests = !self.acts(at, place) && stays(&self.orders[place].terms);
        self.orders[place].triggered = true;
        self.tell(at, 1, 0, Body::Triggered(Triggered { order, rests }));
        let number = self.last_number;
        let entry = &mut self.orders[place];
        (entry.number, entry.updated_at, entry.line) = (number, at, rests.then_some(number));
        if let Some(ending) = killed {
            self.end(at, place, ending);
        } else if !rests {
            self.trade(at, place);
        }
    }

    /// The twin of an exchange that a store brings back: nobody knows what was taken from the house.
    pub(crate) fn resumed(&self) -> Naive {
        let mut resumed = self.clone();
        resumed.takes.iter_mut().filter(|take| !take.by_hand).for_each(|take| take.lots = 0);
        resumed.touched = self.markets.iter().map(|market| (market.symbol, self.last_at)).collect();
        (0..resumed.teams.len()).for_each(|which| resumed.look_whether_shut_out(which, self.last_at));
        for place in 0..self.orders.len() {
            let (entry, now) = (&self.orders[place], self.last_at);
            // Who had come while that did not trade keeps the turn, also where it trades by now.
            let has_come = entry.came().0 <= now && self.is_for_outside(place, entry.accepted_at);
            resumed.orders[place].outside = has_come || self.is_for_outside(place, now);
        }
        resumed
    }
}
