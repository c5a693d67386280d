//! The agenda: open orders by due time. Of one moment those that expire come first, then those that arrive, each by
//! age.
//!
//! Orders that are due in the same millisecond, about, wait together and unordered; only those that come next are put
//! in order. So an order that is accepted is put behind others, and one that executes stands in front. One that is
//! cancelled, or waits for something else by now, is passed over when its turn comes; where there are more of them than
//! of the others, all are taken out.

use crate::sheets::Sorted;
use crate::values::{Number, Time};

/// So many cancelled orders are kept in any case.
const STALE_AT_LEAST: usize = 64;

/// When an order is due, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Due {
    pub(crate) at: Time,
    /// The change that accepted it; greater by [`Due::ARRIVES`] where it arrives. No number comes near that.
    turn: u64,
}

impl Due {
    const ARRIVES: u64 = 1 << 63;

    /// The order that this change accepted reaches the exchange.
    pub(crate) fn arrival(at: Time, accepted: Number) -> Due {
        Due { at, turn: accepted.0 | Due::ARRIVES }
    }

    /// It expires.
    pub(crate) fn expiry(at: Time, accepted: Number) -> Due {
        Due { at, turn: accepted.0 }
    }

    /// The change that accepted it.
    pub(crate) fn accepted(self) -> Number {
        Number(self.turn & !Due::ARRIVES)
    }
}

/// Which orders wait together: 1 024 microseconds.
type Tick = i64;

fn tick(due: Due) -> Tick {
    due.at.0 >> 10
}

/// Open orders, by due time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agenda {
    /// The first, which is open; where there is none, no order is. It stands apart so that one that comes and goes
    /// while nothing else is due costs no more than that.
    first: Option<Due>,
    /// The others of its tick, in order; all are open.
    next: Sorted<Due, ()>,
    /// Those of later ticks, none of which is empty.
    later: Sorted<Tick, Vec<Due>>,
    /// How many there are, open or not.
    count: usize,
    /// How many of them are no longer open, wait for something else, or are there twice.
    stale: usize,
}

impl Agenda {
    /// How many orders are open.
    pub(crate) fn len(&self) -> usize {
        self.count - self.stale
    }

    /// The order that is due first.
    pub(crate) fn first(&self) -> Option<Due> {
        self.first
    }

    /// An order was accepted.
    #[inline]
    pub(crate) fn open(&mut self, due: Due) {
        self.count += 1;
        match self.first {
            None => self.first = Some(due),
            // It waits for the same again, and was not yet taken out.
            Some(first) if first == due => {}
            Some(first) if tick(first) < tick(due) => self.later.entry(tick(due)).push(due),
            Some(first) if tick(first) > tick(due) => {
                let all = std::mem::take(&mut self.next);
                let all = all.iter().map(|(due, ())| *due);
                self.later.insert(tick(first), [first].into_iter().chain(all).collect());
                self.first = Some(due);
            }
            Some(first) => {
                self.next.insert(first.max(due), ());
                self.first = Some(first.min(due));
            }
        }
    }

    /// An order was closed, or waits for this no more; `is_due` tells of each whether it still is open and waits for
    /// it.
    #[inline]
    pub(crate) fn close(&mut self, due: Due, is_due: impl Fn(Due) -> bool) {
        if self.first == Some(due) && self.count == 1 {
            // Nothing else is there, open or not.
            (self.first, self.count) = (None, 0);
        } else {
            self.close_among(due, is_due);
        }
    }

    /// The same where there are others.
    fn close_among(&mut self, due: Due, is_due: impl Fn(Due) -> bool) {
        if self.first == Some(due) {
            self.first = self.next.pop_first().map(|(due, ())| due);
            self.count -= 1;
        } else if self.next.remove(&due).is_some() {
            self.count -= 1;
        } else {
            self.stale += 1;
        }
        if self.stale > STALE_AT_LEAST.max(self.len()) {
            self.take_out_stale(&is_due);
        }
        // The first tick has an open order, or the one after it comes first.
        while self.first.is_none() {
            let Some((_, orders)) = self.later.pop_first() else { break };
            let among = orders.len();
            let all = self.stale == 0;
            self.next = orders.into_iter().filter(|&due| all || is_due(due)).collect();
            self.forget(among - self.next.len());
            self.first = self.next.pop_first().map(|(due, ())| due);
        }
    }

    /// What is due by `now`, earliest first; some of it may no longer be open, or wait for something else.
    pub(crate) fn by(&self, now: Time) -> impl Iterator<Item = Due> {
        let later = self.later.iter().take_while(move |(first, _)| **first <= now.0 >> 10);
        let later = later.flat_map(|(_, orders)| {
            let mut orders = orders.clone();
            orders.sort_unstable();
            orders.dedup();
            orders
        });
        let all = self.first.into_iter().chain(self.in_order()).chain(later);
        all.take_while(move |due| due.at <= now)
    }

    /// All that is there, in no order; some of it may no longer be open, wait for something else, or be there twice.
    pub(crate) fn all(&self) -> impl Iterator<Item = Due> {
        let later = self.later.iter().flat_map(|(_, orders)| orders).copied();
        self.first.into_iter().chain(self.in_order()).chain(later)
    }

    /// Those of the first tick that are due after the first.
    fn in_order(&self) -> impl Iterator<Item = Due> {
        self.next.iter().map(|(due, ())| *due)
    }

    /// A copy shares it from now on.
    pub(crate) fn share(&mut self) {
        self.next.share();
        self.later.share();
    }

    fn take_out_stale(&mut self, is_due: impl Fn(Due) -> bool) {
        self.later.retain(|_, orders| {
            orders.retain(|&due| is_due(due));
            // One that waits for the same again was put there again.
            orders.sort_unstable();
            orders.dedup();
            orders.shrink_to(2 * orders.len());
            !orders.is_empty()
        });
        let later: usize = self.later.iter().map(|(_, orders)| orders.len()).sum();
        self.count = usize::from(self.first.is_some()) + self.next.len() + later;
        self.stale = 0;
    }

    /// So many that were no longer open have been taken out.
    fn forget(&mut self, stale: usize) {
        self.count -= stale;
        self.stale -= stale;
    }
}
