//! The delay queue: open orders by due time, then by age.
//!
//! A heap in one piece of memory. An order that is cancelled stays in it until its turn comes, or until there are as many of
//! them as of the others; the first one is always open.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::values::{Seq, Time};

/// So many cancelled orders are kept in any case.
const STALE_AT_LEAST: usize = 64;

/// When an order is due, and the change that accepted it.
type Due = (Time, Seq);

/// Open orders, by due time.
#[derive(Debug, Default)]
pub(crate) struct DelayQueue {
    heap: BinaryHeap<Reverse<Due>>,
    /// How many in the heap are no longer open.
    stale: usize,
}

impl DelayQueue {
    /// How many orders are open.
    pub(crate) fn len(&self) -> usize {
        self.heap.len() - self.stale
    }

    /// The order that is due first.
    pub(crate) fn first(&self) -> Option<Due> {
        self.heap.peek().map(|&Reverse(due)| due)
    }

    /// An order was accepted.
    pub(crate) fn open(&mut self, due: Due) {
        self.heap.push(Reverse(due));
    }

    /// An order was closed; `is_open` tells of each order whether it still is.
    pub(crate) fn close(&mut self, due: Due, is_open: impl Fn(Seq) -> bool) {
        if self.first() == Some(due) {
            self.heap.pop();
        } else {
            self.stale += 1;
        }
        while self.stale > 0 && self.first().is_some_and(|(_, accepted)| !is_open(accepted)) {
            self.heap.pop();
            self.stale -= 1;
        }
        if self.stale > STALE_AT_LEAST.max(self.len()) {
            self.heap.retain(|&Reverse((_, accepted))| is_open(accepted));
            self.heap.shrink_to(2 * self.heap.len());
            self.stale = 0;
        }
    }

    /// The orders that are due by `now`, earliest first; some of them may no longer be open.
    pub(crate) fn by(&self, now: Time) -> impl Iterator<Item = Seq> {
        // The heap is a tree in which nobody is due before who stands above: whoever comes next stands below one that came.
        let heap = self.heap.as_slice();
        let entry = move |place: usize| heap.get(place).map(|&due| (due, Reverse(place)));
        let mut next: BinaryHeap<_> = entry(0).into_iter().collect();
        std::iter::from_fn(move || {
            let (Reverse((_, accepted)), Reverse(place)) = next.pop().filter(|&(Reverse((at, _)), _)| at <= now)?;
            next.extend(entry(2 * place + 1));
            next.extend(entry(2 * place + 2));
            Some(accepted)
        })
    }
}
