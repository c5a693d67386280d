//! The orders that are held, by the change that accepted them.
//!
//! An order is found by its number, and by nothing else: an id carries that number (sealed; the actors open it), so no
//! index of ids is kept. Numbers come in order and nearly without gaps, so where an order is stands in a row that is
//! read by place.

use std::collections::{BTreeMap, VecDeque};
use std::ops::{Index, IndexMut};

use super::row::Row;
use super::slab::{MaybePlace, Place, Slab};
use crate::values::{Number, Time};

/// So many numbers are looked up by place; what is older is seldom asked for.
const RECENT: u64 = 1 << 22;

/// All orders held. One costs its own 104 bytes, and 4 for each change from its acceptance to the next one's.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    rows: Slab<Row>,
    /// Where the order of each number is, from `first` on.
    recent: VecDeque<MaybePlace>,
    first: u64,
    /// Where those of lower numbers are.
    old: BTreeMap<Number, Place>,
    count: usize,
}

impl Pages {
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Where the order is that this change accepted.
    #[inline]
    pub(crate) fn find(&self, accepted: Number) -> Option<Place> {
        match accepted.0.checked_sub(self.first) {
            Some(at) => self.recent.get(usize::try_from(at).ok()?)?.get(),
            None => self.old.get(&accepted).copied(),
        }
    }

    /// The order that this change accepted.
    #[inline]
    pub(crate) fn get(&self, accepted: Number) -> Option<&Row> {
        self.find(accepted).map(|place| &self.rows[place])
    }

    /// Adds an order; one of the same number gives way to it.
    #[inline]
    pub(crate) fn insert(&mut self, order: Row) -> Place {
        let accepted = order.accepted_number;
        let end = self.first + self.recent.len() as u64;
        if self.recent.is_empty() || accepted.0 < end || accepted.0 - self.first >= RECENT {
            return self.insert_among(order);
        }
        // Nearly all come one after the other.
        let place = self.rows.insert(order);
        self.count += 1;
        (end..accepted.0).for_each(|_| self.recent.push_back(MaybePlace::NONE));
        self.recent.push_back(place.into());
        place
    }

    fn insert_among(&mut self, order: Row) -> Place {
        let accepted = order.accepted_number;
        if let Some(place) = self.find(accepted) {
            self.rows[place] = order;
            return place;
        }
        let place = self.rows.insert(order);
        self.count += 1;
        if accepted.0 < self.first {
            self.old.insert(accepted, place);
            return place;
        }
        // Orders that a store restores may lie far apart.
        while !self.recent.is_empty() && accepted.0 - self.first >= RECENT {
            self.retire_first();
        }
        if self.recent.is_empty() {
            self.first = accepted.0;
        }
        let at = (accepted.0 - self.first) as usize;
        if at >= self.recent.len() {
            self.recent.resize(at + 1, MaybePlace::NONE);
        }
        self.recent[at] = place.into();
        place
    }

    /// Takes an order out that is in this place.
    #[inline]
    pub(crate) fn remove(&mut self, place: Place) {
        let accepted = self.rows[place].accepted_number;
        match accepted.0.checked_sub(self.first) {
            Some(at) => {
                self.recent[at as usize] = MaybePlace::NONE;
                while self.recent.front() == Some(&MaybePlace::NONE) {
                    self.recent.pop_front();
                    self.first += 1;
                }
            }
            None => drop(self.old.remove(&accepted)),
        }
        self.count -= 1;
        self.rows.free(place);
    }

    /// The first recent number is one no more.
    fn retire_first(&mut self) {
        if let Some(place) = self.recent.pop_front().and_then(MaybePlace::get) {
            self.old.insert(Number(self.first), place);
        }
        self.first += 1;
    }

    /// The orders accepted after the change `after`, in order.
    pub(crate) fn after(&self, after: Number) -> impl Iterator<Item = &Row> {
        let first = after.0.saturating_add(1);
        let old = self.old.range(Number(first)..).map(|(_, place)| *place);
        let recent = self.recent.range(self.at(first)..).filter_map(|place| place.get());
        old.chain(recent).map(|place| &self.rows[place])
    }

    /// The orders accepted before the change `before`, the youngest first.
    pub(crate) fn before(&self, before: Number) -> impl Iterator<Item = &Row> {
        let recent = self.recent.range(..self.at(before.0)).rev().filter_map(|place| place.get());
        let old = self.old.range(..before).rev().map(|(_, place)| *place);
        recent.chain(old).map(|place| &self.rows[place])
    }

    /// The number of the first order that was accepted at this time or later; beyond all where there is none. Times
    /// rise with numbers, so halving finds it.
    pub(crate) fn first_since(&self, time: Time) -> Number {
        let first_old = self.old.first_key_value().map(|(number, _)| number.0);
        let (mut low, mut high) = (first_old.unwrap_or(self.first), self.first + self.recent.len() as u64);
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

    /// Where a number stands among the recent ones, or the first of them that is not lower.
    fn at(&self, number: u64) -> usize {
        usize::try_from(number.saturating_sub(self.first)).unwrap_or(usize::MAX).min(self.recent.len())
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
