//! What the OrderBook shows of the market to those who follow it: an instrument at the end of each turn in which
//! something happened there, or by itself may have, once for all.
//!
//! Nobody follows what nobody asked for, and then all of this is one look at a number. What is shown tells of nothing
//! that is not durable yet: it waits for that as an announcement does, an instrument's one sight at a time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::task::{Context as Task, Waker};

use tradepit_engine::{Body, Event, Exchange, InstrumentNumber, Number, Symbol, Time, begin_of_step, step_from};

use super::OrderBook;
use super::bars::{Printing, printing_of};
use crate::feed::link::FeedLink;
use crate::feed::market::{Sight, Sought};

/// So many are shown in a turn; others are answered before the rest.
const SHOWN_AT_MOST: usize = 256;

/// What is followed, and what of that is to be shown.
#[derive(Default)]
pub(super) struct Watch {
    watched: BTreeMap<Symbol, Watched>,
    /// In which something else may be offered than was shown.
    changed: BTreeSet<Symbol>,
    /// When something else may be offered though nothing happens.
    changes_at: BTreeSet<(Time, Symbol)>,
    /// What may not be told yet, with the change that it tells of.
    held: VecDeque<(Number, Arc<Sight>)>,
    /// What the Feeds said when they were asked what is followed.
    version: u64,
}

/// An instrument that somebody follows.
struct Watched {
    shown: Shown,
    changes_at: Option<Time>,
    is_held: bool,
}

/// What is shown of it.
#[derive(Clone)]
struct Shown {
    number: InstrumentNumber,
    /// Prices on each side.
    depth: usize,
    /// What is printed there, where somebody follows that and anything is.
    printing: Option<Arc<Printing>>,
}

impl Watch {
    /// Notes what happened, where that is in an instrument that somebody follows.
    pub(super) fn note(&mut self, event: &Event) {
        if self.watched.is_empty() {
            return;
        }
        let symbol = match &event.body {
            Body::InstrumentChanged(changed) => changed.symbol,
            Body::Quoted(quoted) => quoted.symbol,
            Body::RowsChanged(changed) => changed.symbol,
            Body::Bought(trade) => trade.order.symbol,
            Body::Arrived(arrived) => arrived.order.symbol,
            Body::Filled(filled) => filled.order.symbol,
            Body::Ended(ended) => ended.order.symbol,
            Body::Replaced(replaced) => replaced.order.symbol,
            Body::Rescheduled(rescheduled) => rescheduled.order.symbol,
            Body::Scripted(scripted) => scripted.order.symbol,
            Body::Amended(amended) => amended.order.symbol,
            Body::Triggered(triggered) => triggered.order.symbol,
            Body::Executed(order) | Body::Cancelled(order) => order.symbol,
            Body::Accepted(_)
            | Body::Followed(_)
            | Body::Listed(_)
            | Body::AccountOpened(_)
            | Body::Transferred(_)
            | Body::RulesSet(_)
            | Body::Ruled(_)
            | Body::Refused(_) => return,
        };
        if self.watched.contains_key(&symbol) {
            self.changed.insert(symbol);
        }
    }

    /// When it is to be looked again, though nothing happens.
    pub(super) fn next_at(&self) -> Option<Time> {
        self.changes_at.first().map(|(at, _)| *at)
    }

    /// Whether more is to be shown than could be.
    pub(super) fn owes(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Learns what is followed, where that is otherwise than before.
    fn learn(&mut self, feeds: &[FeedLink], exchange: &Exchange, printing: impl Fn(Symbol) -> Option<Printing>) {
        let version = feeds.iter().map(|feed| feed.sights().version()).fold(0, u64::wrapping_add);
        if version == self.version {
            return;
        }
        self.version = version;
        for symbol in feeds.iter().flat_map(|feed| feed.sights().changed()) {
            self.forget(symbol);
            let sought = feeds.iter().filter_map(|feed| feed.sights().sought(symbol)).reduce(Sought::with);
            if let Some((Sought { depth, prints }, number)) = sought.zip(exchange.clearing().find(symbol)) {
                let printing = prints.then(|| printing(symbol)).flatten();
                let printing = printing.filter(|printing| printing.simulated.is_some());
                if depth == 0 && printing.is_none() {
                    continue;
                }
                let shown = Shown { number, depth, printing: printing.map(Arc::new) };
                let is_held = self.held.iter().any(|(_, sight)| sight.offered.symbol == symbol);
                self.watched.insert(symbol, Watched { shown, changes_at: None, is_held });
                self.changed.insert(symbol);
            }
        }
    }

    fn forget(&mut self, symbol: Symbol) {
        self.changed.remove(&symbol);
        if let Some(at) = self.watched.remove(&symbol).and_then(|watched| watched.changes_at) {
            self.changes_at.remove(&(at, symbol));
        }
    }

    /// Notes what may be otherwise by now though nothing happened.
    fn note_time(&mut self, now: Time) {
        while let Some((at, symbol)) = self.changes_at.first().copied().filter(|(at, _)| *at <= now) {
            self.changes_at.remove(&(at, symbol));
            if let Some(watched) = self.watched.get_mut(&symbol) {
                watched.changes_at = None;
                self.changed.insert(symbol);
            }
        }
    }

    /// Shows what was held and is durable.
    fn release(&mut self, durable: Number, feeds: &[FeedLink]) {
        while let Some((_, sight)) = self.held.pop_front_if(|(number, _)| *number <= durable) {
            if let Some(watched) = self.watched.get_mut(&sight.offered.symbol) {
                watched.is_held = false;
            }
            feeds.iter().for_each(|feed| feed.show(&sight));
        }
    }

    /// The next that is to be shown and can be, with what to look at of it.
    fn next(&mut self, after: Option<Symbol>, feeds: &[FeedLink], task: &Waker) -> Option<(Symbol, Shown)> {
        let from = after.map_or(std::ops::Bound::Unbounded, std::ops::Bound::Excluded);
        let can_be = |symbol: &&Symbol| {
            let is_held = self.watched.get(symbol).is_none_or(|watched| watched.is_held);
            !is_held && feeds.iter().any(|feed| feed.sights().wants(**symbol, task))
        };
        let symbol = *self.changed.range((from, std::ops::Bound::Unbounded)).find(can_be)?;
        let watched = self.watched.get(&symbol)?;
        self.changed.remove(&symbol);
        Some((symbol, watched.shown.clone()))
    }

    fn changes_at(&mut self, symbol: Symbol, at: Option<Time>) {
        let Some(watched) = self.watched.get_mut(&symbol) else { return };
        let before = std::mem::replace(&mut watched.changes_at, at);
        if before != at {
            if let Some(before) = before {
                self.changes_at.remove(&(before, symbol));
            }
            self.changes_at.extend(at.map(|at| (at, symbol)));
        }
    }
}

impl OrderBook {
    /// Shows what changed of what is followed; returns whether there is more of that.
    pub(super) fn show_watched(&mut self, task: &Task<'_>) -> bool {
        let watch = &mut self.watch;
        let printing = |symbol| printing_of(&self.exchange, self.simulated, symbol, self.now);
        watch.learn(&self.feeds, &self.exchange, printing);
        watch.release(self.outbox.durable(), &self.feeds);
        watch.note_time(self.now);
        if !watch.owes() {
            return false;
        }
        let (newest, mut last) = (self.exchange.last_number(), None);
        let is_durable = self.outbox.is_durable(newest);
        for _ in 0..SHOWN_AT_MOST {
            let Some((symbol, shown)) = watch.next(last, &self.feeds, task.waker()) else { return false };
            last = Some(symbol);
            let Shown { number, depth, printing } = shown;
            // A print comes with a step, whatever is offered then.
            let printed_at = printing.is_some().then(|| begin_of_step(step_from(Time(self.now.0.saturating_add(1)))));
            let changes_at = self.exchange.offer_changes_after(number, self.now);
            watch.changes_at(symbol, changes_at.into_iter().chain(printed_at).min());
            let sight = Arc::new(Sight { offered: self.exchange.offered(number, self.now, depth), depth, printing });
            if is_durable {
                self.feeds.iter().for_each(|feed| feed.show(&sight));
            } else if let Some(watched) = watch.watched.get_mut(&symbol) {
                watched.is_held = true;
                watch.held.push_back((newest, sight));
            }
        }
        true
    }
}
