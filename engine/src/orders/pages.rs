//! The orders that are held, by the change that accepted them.
//!
//! An order is found by its number, and by nothing else: an id carries that number (sealed; the actors open it), so no
//! index of ids is kept. Numbers come in order and nearly without gaps, so where an order is stands in a row that is
//! read by place.

use std::ops::{Index, IndexMut};

use super::numbers::Numbers;
use super::row::Row;
use super::slab::{Place, Slab};
use crate::sheets::Sorted;
use crate::values::{Number, Time};

/// So many numbers are looked up by place; what is older is seldom asked for.
const RECENT: u64 = 1 << 22;

/// All orders held. One costs its own 104 bytes, and 4 for each change from its acceptance to the next one's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pages {
    rows: Slab<Row>,
    /// Where the order of each number is, but of the lowest.
    recent: Numbers,
    /// Where those of lower numbers are.
    old: Sorted<Number, Place>,
    /// No order of a higher number was ever there.
    newest: Number,
    count: usize,
}

impl Pages {
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Where the order is that this change accepted.
    #[inline(always)]
    pub(crate) fn find(&self, accepted: Number) -> Option<Place> {
        if accepted.0 >= self.recent.first() {
            return self.recent.get(accepted.0);
        }
        self.old.get(&accepted).copied()
    }

    /// The order that this change accepted.
    #[inline(always)]
    pub(crate) fn get(&self, accepted: Number) -> Option<&Row> {
        self.find(accepted).map(|place| &self.rows[place])
    }

    /// Adds an order; one of the same number gives way to it.
    #[inline]
    pub(crate) fn insert(&mut self, order: Row) -> Place {
        let accepted = order.accepted_number;
        if accepted > self.newest {
            // Nearly all come one after the other.
            self.newest = accepted;
        } else if let Some(place) = self.find(accepted) {
            self.rows[place] = order;
            return place;
        }
        let place = self.rows.insert(order);
        self.count += 1;
        // Those that a store restores may lie far apart.
        if accepted.0.wrapping_sub(self.recent.first()) >= RECENT {
            self.make_room(accepted);
        }
        if accepted.0 >= self.recent.first() || self.recent.is_empty() {
            self.recent.put(accepted.0, place);
        } else {
            self.old.insert(accepted, place);
        }
        place
    }

    /// Numbers that are too far from this one are recent no more.
    #[cold]
    fn make_room(&mut self, accepted: Number) {
        while !self.recent.is_empty() && accepted.0.saturating_sub(self.recent.first()) >= RECENT {
            self.old.extend(self.recent.pop_first().map(|(number, place)| (Number(number), place)));
        }
    }

    /// Takes an order out that is in this place.
    #[inline]
    pub(crate) fn remove(&mut self, place: Place) {
        let accepted = self.rows[place].accepted_number;
        if accepted.0 >= self.recent.first() {
            self.recent.remove(accepted.0);
        } else {
            self.old.remove(&accepted);
        }
        self.count -= 1;
        self.rows.free(place);
    }

    /// A copy shares them from now on.
    pub(crate) fn share(&mut self) {
        self.rows.share();
        self.recent.share();
        self.old.share();
    }

    /// The orders accepted after the change `after`, in order.
    pub(crate) fn after(&self, after: Number) -> impl Iterator<Item = &Row> {
        let first = after.0.saturating_add(1);
        let old = self.old.since(Number(first)).map(|(_, place)| *place);
        let recent = self.recent.since(first);
        old.chain(recent).map(|place| &self.rows[place])
    }

    /// The orders accepted before the change `before`, the youngest first.
    pub(crate) fn before(&self, before: Number) -> impl Iterator<Item = &Row> {
        let recent = self.recent.below(before.0);
        let old = self.old.below(before).map(|(_, place)| *place);
        recent.chain(old).map(|place| &self.rows[place])
    }

    /// The number of the first order that was accepted at this time or later; beyond all where there is none. Times
    /// rise with numbers, so halving finds it.
    pub(crate) fn first_since(&self, time: Time) -> Number {
        let first_old = self.old.first().map(|(number, _)| number.0);
        let (mut low, mut high) = (first_old.unwrap_or(self.recent.first()), self.recent.end());
        while low < high {
            let middle = low + (high - low) / 2;
            // What is empty from the middle on is passed over once: the next half is before it.
            match self.after(Number(middle.saturating_sub(1))).next() {
                Some(first) if first.accepted_at < time => low = first.accepted_number.0 + 1,
                _ => high = middle,
            }
        }
        self.after(Number(low.saturating_sub(1))).next().map_or(Number(u64::MAX), |order| order.accepted_number)
    }
}

impl Index<Place> for Pages {
    type Output = Row;

    fn index(&self, place: Place) -> &Row {
        &self.rows[place]
    }
}

impl IndexMut<Place> for Pages {
    fn index_mut(&mut self, place: Place) -> &mut Row {
        &mut self.rows[place]
    }
}
