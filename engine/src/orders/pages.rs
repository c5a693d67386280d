//! The orders that are held, by the change that accepted them.
//!
//! An order is found by its number, and by nothing else: an id carries that number (sealed; the actors open it), so no
//! index of ids is kept. Numbers come in order and nearly without gaps, so they are looked up by place: some are a
//! page, and behind a page's first order stands how many orders of the page were accepted before.

use std::collections::{BTreeMap, VecDeque};
use std::ops::{Index, IndexMut};

use super::row::Row;
use super::slab::{MaybePlace, Place, Slab};
use crate::values::{Number, Time};

/// Numbers in a page: as many as a word has bits.
const PAGE: u64 = u64::BITS as u64;

/// Pages that are looked up by place; what is older is seldom asked for.
const RECENT: usize = 65_536;

/// Where the orders of [`PAGE`] numbers that follow each other are.
#[derive(Clone, Copy, Debug, Default)]
struct Page {
    /// Which of the numbers are of orders.
    accepted: u64,
    /// Where the places of these begin.
    first: u64,
    /// How many of them are held.
    held: u32,
}

/// All orders held. One costs its own 112 bytes and little more.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    rows: Slab<Row>,
    /// Pages that follow each other, empty ones too, from `first_recent` on.
    recent: VecDeque<Page>,
    first_recent: u64,
    /// Where each order of these pages is, in order, those that are held no more too; counted from `first_place` on.
    places: VecDeque<MaybePlace>,
    first_place: u64,
    /// Where those of earlier pages are.
    old: BTreeMap<Number, Place>,
    /// The highest number there was.
    last: Number,
    count: usize,
}

impl Pages {
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Where the order is that this change accepted.
    pub(crate) fn find(&self, accepted: Number) -> Option<Place> {
        match (accepted.0 / PAGE).checked_sub(self.first_recent) {
            Some(page) => {
                let page = self.recent.get(usize::try_from(page).ok()?)?;
                self.places.get(self.at(page, accepted)?)?.get()
            }
            None => self.old.get(&accepted).copied(),
        }
    }

    /// The order that this change accepted.
    pub(crate) fn get(&self, accepted: Number) -> Option<&Row> {
        self.find(accepted).map(|place| &self.rows[place])
    }

    /// Adds an order; one of the same number gives way to it.
    pub(crate) fn insert(&mut self, order: Row) -> Place {
        let accepted = order.accepted_number;
        if let Some(place) = self.find(accepted) {
            self.rows[place] = order;
            return place;
        }
        let place = self.rows.insert(order);
        self.count += 1;
        if accepted > self.last {
            self.last = accepted;
            self.append(accepted, place);
        } else {
            // Whatever is old comes before whatever is not.
            while !self.recent.is_empty() {
                self.retire_first();
            }
            self.first_recent = self.last.0 / PAGE + 1;
            self.old.insert(accepted, place);
        }
        place
    }

    pub(crate) fn remove(&mut self, accepted: Number) -> Option<Row> {
        let place = self.find(accepted)?;
        match (accepted.0 / PAGE).checked_sub(self.first_recent) {
            Some(page) => {
                let page = usize::try_from(page).ok()?;
                let at = self.at(&self.recent[page], accepted)?;
                self.places[at] = MaybePlace::NONE;
                self.recent[page].held -= 1;
                // More may come to the last one.
                while self.recent.len() > 1 && self.recent[0].held == 0 {
                    self.retire_first();
                }
            }
            None => drop(self.old.remove(&accepted)),
        }
        self.count -= 1;
        Some(self.rows.remove(place))
    }

    /// The order of this number, which is higher than all before it, is here.
    fn append(&mut self, accepted: Number, place: Place) {
        let number = accepted.0 / PAGE;
        if number < self.first_recent {
            self.old.insert(accepted, place);
            return;
        }
        while !self.recent.is_empty() && self.first_recent + (RECENT as u64) <= number {
            self.retire_first();
        }
        if self.recent.is_empty() {
            self.first_recent = number;
        }
        let first = self.first_place + self.places.len() as u64;
        while self.first_recent + (self.recent.len() as u64) <= number {
            self.recent.push_back(Page { accepted: 0, first, held: 0 });
        }
        self.places.push_back(place.into());
        if let Some(page) = self.recent.back_mut() {
            page.accepted |= bit(accepted);
            page.held += 1;
        }
    }

    /// The first recent page is one no more: what is held of it is old.
    fn retire_first(&mut self) {
        let Some(page) = self.recent.pop_front() else { return };
        self.first_recent += 1;
        let of_page = page.accepted.count_ones() as usize;
        for place in self.places.drain(..of_page).filter_map(MaybePlace::get) {
            self.old.insert(self.rows[place].accepted_number, place);
        }
        self.first_place += of_page as u64;
    }

    /// Where the place of the order of this number stands among the places, if there was one of it.
    fn at(&self, page: &Page, accepted: Number) -> Option<usize> {
        let is_there = page.accepted & bit(accepted) != 0;
        is_there.then(|| self.start(page) + page.before(accepted))
    }

    /// Where the places of a page start.
    fn start(&self, page: &Page) -> usize {
        (page.first - self.first_place) as usize
    }

    /// The orders accepted after the change `after`, in order.
    pub(crate) fn after(&self, after: Number) -> impl Iterator<Item = &Row> {
        let first = after.0.saturating_add(1);
        let old = self.old.range(Number(first)..).map(|(_, place)| &self.rows[*place]);
        old.chain(self.recent_pages(first / PAGE, u64::MAX).flat_map(move |(number, page)| {
            let skipped = if number == first / PAGE { page.before(Number(first)) } else { 0 };
            self.held(page, skipped, page.accepted.count_ones() as usize)
        }))
    }

    /// The orders accepted before the change `before`, the youngest first.
    pub(crate) fn before(&self, before: Number) -> impl Iterator<Item = &Row> {
        let last = before.0 / PAGE;
        let recent = self.recent_pages(0, last.saturating_add(1)).rev().flat_map(move |(number, page)| {
            let all = page.accepted.count_ones() as usize;
            self.held(page, 0, if number == last { page.before(before) } else { all }).rev()
        });
        recent.chain(self.old.range(..before).rev().map(|(_, place)| &self.rows[*place]))
    }

    /// The number of the first order that was accepted at this time or later; beyond all where there is none. Times
    /// rise with numbers, so halving finds it.
    pub(crate) fn first_since(&self, time: Time) -> Number {
        let (mut low, mut high) = (0, self.last.0 + 1);
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

    /// The recent pages of these numbers that hold orders, each with its own.
    fn recent_pages(&self, from: u64, to: u64) -> impl DoubleEndedIterator<Item = (u64, &Page)> {
        let place = |number: u64| {
            let place = usize::try_from(number.saturating_sub(self.first_recent)).unwrap_or(usize::MAX);
            place.min(self.recent.len())
        };
        let (first, last) = (place(from), place(to.max(from)));
        let recent = self.recent.range(first..last).enumerate().filter(|(_, page)| page.held > 0);
        recent.map(move |(at, page)| (self.first_recent + (first + at) as u64, page))
    }

    /// What is held of the orders of a page, from one place among them to another.
    fn held(&self, page: &Page, from: usize, to: usize) -> impl DoubleEndedIterator<Item = &Row> {
        let start = self.start(page);
        self.places.range(start + from..start + to).filter_map(|place| place.get()).map(|place| &self.rows[place])
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

impl Page {
    /// How many orders of this page were accepted before this number.
    fn before(&self, number: Number) -> usize {
        (self.accepted & (bit(number) - 1)).count_ones() as usize
    }
}

fn bit(number: Number) -> u64 {
    1 << (number.0 % PAGE)
}
