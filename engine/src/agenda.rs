//! The agenda: open orders by due time, then by age.
//!
//! Orders that are due in the same millisecond, about, wait together and unordered; only those that come next are put
//! in order. So an order that is accepted is put behind others, and one that executes stands in front. One that is
//! cancelled is passed over when its turn comes; where there are more of them than of the others, all are taken out.

use std::collections::{BTreeMap, BTreeSet};

use crate::values::{Number, Time};

/// So many cancelled orders are kept in any case.
const STALE_AT_LEAST: usize = 64;

/// When an order is due, and the change that accepted it.
type Due = (Time, Number);

/// Which orders wait together: 1 024 microseconds.
type Tick = i64;

fn tick((due_at, _): Due) -> Tick {
    due_at.0 >> 10
}

/// Open orders, by due time.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    /// Those of the first tick, in order. The first one is open; where there is none, no order is.
    next: BTreeSet<Due>,
    /// Those of later ticks, none of which is empty.
    later: BTreeMap<Tick, Vec<Due>>,
    /// How many there are, open or not.
    count: usize,
    /// How many of them are no longer open.
    stale: usize,
}

impl Agenda {
    /// How many orders are open.
    pub(crate) fn len(&self) -> usize {
        self.count - self.stale
    }

    /// The order that is due first.
    pub(crate) fn first(&self) -> Option<Due> {
        self.next.first().copied()
    }

    /// An order was accepted.
    pub(crate) fn open(&mut self, due: Due) {
        self.count += 1;
        match self.first().map(tick) {
            Some(first) if first < tick(due) => self.later.entry(tick(due)).or_default().push(due),
            Some(first) if first > tick(due) => {
                self.later.insert(first, std::mem::take(&mut self.next).into_iter().collect());
                self.next.insert(due);
            }
            _ => {
                self.next.insert(due);
            }
        }
    }

    /// An order was closed; `is_open` tells of each order whether it still is.
    pub(crate) fn close(&mut self, due: Due, is_open: impl Fn(Number) -> bool) {
        if self.next.remove(&due) {
            self.count -= 1;
        } else {
            self.stale += 1;
        }
        if self.stale > STALE_AT_LEAST.max(self.len()) {
            self.take_out_stale(&is_open);
        }
        // The first tick has an open order, or the one after it comes first.
        while self.next.is_empty() {
            let Some((_, orders)) = self.later.pop_first() else { break };
            let among = orders.len();
            self.next = if self.stale == 0 {
                orders.into_iter().collect()
            } else {
                orders.into_iter().filter(|&(_, accepted)| is_open(accepted)).collect()
            };
            self.forget(among - self.next.len());
        }
    }

    /// The orders that are due by `now`, earliest first; some of them may no longer be open.
    pub(crate) fn by(&self, now: Time) -> impl Iterator<Item = Number> {
        let later = self.later.iter().take_while(move |&(&first, _)| first <= now.0 >> 10);
        let later = later.flat_map(|(_, orders)| {
            let mut orders = orders.clone();
            orders.sort_unstable();
            orders
        });
        let all = self.next.iter().copied().chain(later);
        all.take_while(move |&(due_at, _)| due_at <= now).map(|(_, accepted)| accepted)
    }

    fn take_out_stale(&mut self, is_open: impl Fn(Number) -> bool) {
        self.later.retain(|_, orders| {
            orders.retain(|&(_, accepted)| is_open(accepted));
            orders.shrink_to(2 * orders.len());
            !orders.is_empty()
        });
        self.count = self.next.len() + self.later.values().map(Vec::len).sum::<usize>();
        self.stale = 0;
    }

    /// So many that were no longer open have been taken out.
    fn forget(&mut self, stale: usize) {
        self.count -= stale;
        self.stale -= stale;
    }
}
