//! The orders that are held, by the change that accepted them.
//!
//! An order is found by its number, and by nothing else: an id carries that number (sealed; the actors open it), so no
//! index of ids is kept. Numbers come in order and nearly without gaps, so they are looked up by place: some are a
//! page, and in a page an order's place is how many are held before it.

use std::collections::{BTreeMap, VecDeque};

use super::row::Row;
use crate::values::{Number, Time};

/// Numbers in a page: as many as a word has bits.
const PAGE: u64 = u64::BITS as u64;

/// Room for orders that a page begins with: some more than it takes where each order is soon closed, by a number of its
/// own.
const ROOM: usize = 26;

/// The orders of [`PAGE`] numbers that follow each other.
#[derive(Debug, Default)]
struct Page {
    /// Which of the numbers are of orders that are held.
    held: u64,
    /// These orders, in order.
    orders: Vec<Row>,
}

/// Pages that are looked up by place; what is older is seldom asked for.
const RECENT: usize = 65_536;

/// All orders held. One costs its own 112 bytes and little more.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    /// Pages that follow each other, empty ones too, from `first_recent` on.
    recent: VecDeque<Page>,
    first_recent: u64,
    /// Those before them that are not empty.
    old: BTreeMap<u64, Page>,
    count: usize,
}

impl Pages {
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// The order that this change accepted.
    pub(crate) fn get(&self, accepted: Number) -> Option<&Row> {
        let page = self.page(accepted.0 / PAGE)?;
        page.orders.get(page.place(accepted)?)
    }

    pub(crate) fn get_mut(&mut self, accepted: Number) -> Option<&mut Row> {
        let page = self.page_mut(accepted.0 / PAGE)?;
        let place = page.place(accepted)?;
        page.orders.get_mut(place)
    }

    /// Adds an order; one of the same number gives way to it.
    pub(crate) fn insert(&mut self, order: Row) {
        let page = self.page_for(order.accepted_number.0 / PAGE);
        let is_new = page.insert(order);
        self.count += usize::from(is_new);
    }

    pub(crate) fn remove(&mut self, accepted: Number) -> Option<Row> {
        let number = accepted.0 / PAGE;
        let page = self.page_mut(number)?;
        let order = page.remove(accepted)?;
        if page.held == 0 {
            self.old.remove(&number);
        }
        while self.recent.front().is_some_and(|page| page.held == 0) {
            self.recent.pop_front();
            self.first_recent += 1;
        }
        self.count -= 1;
        Some(order)
    }

    fn page(&self, number: u64) -> Option<&Page> {
        match number.checked_sub(self.first_recent) {
            Some(place) => self.recent.get(usize::try_from(place).ok()?),
            None => self.old.get(&number),
        }
    }

    fn page_mut(&mut self, number: u64) -> Option<&mut Page> {
        match number.checked_sub(self.first_recent) {
            Some(place) => self.recent.get_mut(usize::try_from(place).ok()?),
            None => self.old.get_mut(&number),
        }
    }

    /// The page of this number, which is there from now on.
    fn page_for(&mut self, number: u64) -> &mut Page {
        if self.recent.is_empty() {
            self.first_recent = self.first_recent.max(number);
        }
        if number < self.first_recent {
            return self.old.entry(number).or_default();
        }
        let last_recent = self.first_recent + self.recent.len() as u64;
        if number >= last_recent {
            if let Some(last) = self.recent.back_mut() {
                // Nothing comes to it any more.
                last.orders.shrink_to_fit();
            }
            let first_recent = (number + 1).saturating_sub(RECENT as u64);
            while self.first_recent < first_recent
                && let Some(page) = self.recent.pop_front()
            {
                if page.held != 0 {
                    self.old.insert(self.first_recent, page);
                }
                self.first_recent += 1;
            }
            if self.recent.is_empty() {
                self.first_recent = number;
            }
        }
        let place = (number - self.first_recent) as usize;
        if place >= self.recent.len() {
            self.recent.resize_with(place + 1, Page::default);
        }
        &mut self.recent[place]
    }

    /// The orders accepted after the change `after`, in order.
    pub(crate) fn after(&self, after: Number) -> impl Iterator<Item = &Row> {
        let first = after.0 / PAGE;
        self.pages(first, u64::MAX).flat_map(move |(number, page)| {
            let skipped = if number == first { page.upto(after) } else { 0 };
            &page.orders[skipped..]
        })
    }

    /// The orders accepted before the change `before`, the youngest first.
    pub(crate) fn before(&self, before: Number) -> impl Iterator<Item = &Row> {
        let last = before.0 / PAGE;
        self.pages(0, last.saturating_add(1)).rev().flat_map(move |(number, page)| {
            let taken = if number == last { page.before(before) } else { page.orders.len() };
            page.orders[..taken].iter().rev()
        })
    }

    /// The number of the first order that was accepted at this time or later; beyond all where there is none. Times
    /// rise with numbers, so halving finds it.
    pub(crate) fn first_since(&self, time: Time) -> Number {
        let end = self.first_recent + self.recent.len() as u64;
        let first_old = self.old.first_key_value().map(|(&number, _)| number);
        let (mut low, mut high) = (first_old.unwrap_or(self.first_recent), end);
        let first_held = |from, to| self.pages(from, to).find_map(|(number, page)| Some((number, page.orders.last()?)));
        while low < high {
            let middle = low + (high - low) / 2;
            // What is empty from the middle on is passed over once: the next half is before it.
            match first_held(middle, high) {
                Some((number, last)) if last.accepted_at < time => low = number + 1,
                _ => high = middle,
            }
        }
        let mut since =
            self.pages(low, end).flat_map(|(_, page)| &page.orders).filter(|order| order.accepted_at >= time);
        since.next().map_or(Number(u64::MAX), |order| order.accepted_number)
    }

    /// The pages of these numbers, each with its own; some are empty.
    fn pages(&self, from: u64, to: u64) -> impl DoubleEndedIterator<Item = (u64, &Page)> {
        let place = |number: u64| {
            let place = usize::try_from(number.saturating_sub(self.first_recent)).unwrap_or(usize::MAX);
            place.min(self.recent.len())
        };
        let (first, last) = (place(from), place(to.max(from)));
        let old = self.old.range(from..to.max(from)).map(|(&number, page)| (number, page));
        let recent = self.recent.range(first..last).enumerate();
        old.chain(recent.map(move |(at, page)| (self.first_recent + (first + at) as u64, page)))
    }
}

impl Page {
    /// Adds an order; returns whether its number was not held.
    fn insert(&mut self, order: Row) -> bool {
        let accepted = order.accepted_number;
        if let Some(place) = self.place(accepted) {
            self.orders[place] = order;
            return false;
        }
        if self.orders.len() == self.orders.capacity() {
            let room = if self.orders.is_empty() { ROOM } else { PAGE as usize };
            self.orders.reserve_exact(room - self.orders.len());
        }
        self.orders.insert(self.before(accepted), order);
        self.held |= bit(accepted);
        true
    }

    fn remove(&mut self, accepted: Number) -> Option<Row> {
        let order = self.orders.remove(self.place(accepted)?);
        self.held &= !bit(accepted);
        if self.orders.len() <= self.orders.capacity() / 4 {
            // A page that has been nearly emptied does not keep its room: an old order may be open for long.
            self.orders.shrink_to_fit();
        }
        Some(order)
    }

    /// How many orders of this page come before this number.
    fn before(&self, accepted: Number) -> usize {
        (self.held & (bit(accepted) - 1)).count_ones() as usize
    }

    /// How many orders of this page have this number or one before it.
    fn upto(&self, accepted: Number) -> usize {
        self.before(accepted) + usize::from(self.held & bit(accepted) != 0)
    }

    /// Where the order of this number is, if it is held.
    fn place(&self, accepted: Number) -> Option<usize> {
        (self.held & bit(accepted) != 0).then(|| self.before(accepted))
    }
}

fn bit(accepted: Number) -> u64 {
    1 << (accepted.0 % PAGE)
}
