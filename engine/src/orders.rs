//! The orders that are held, by the change that accepted them.
//!
//! An order is found by its number, and by nothing else: an id carries that number (sealed; the actors open it), so no
//! index of ids is kept. Numbers come in order and nearly without gaps, so they are looked up by place: some are a
//! page, and in a page an order's place is how many are held before it.

use std::collections::{BTreeMap, VecDeque};

use crate::order::Order;
use crate::values::Seq;

/// Numbers in a page: as many as a word has bits.
const PAGE: u64 = u64::BITS as u64;

/// Room for orders that a page begins with: some more than it takes where each order is soon closed, by a number of its
/// own.
const ROOM: usize = 40;

/// The orders of [`PAGE`] numbers that follow each other.
#[derive(Debug, Default)]
struct Page {
    /// Which of the numbers are of orders that are held.
    held: u64,
    /// These orders, in order.
    orders: Vec<Order>,
}

/// Pages that are looked up by place; what is older is seldom asked for.
const RECENT: usize = 65_536;

/// All orders held. One costs its own 112 bytes and little more.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    /// Pages that follow each other, empty ones too, from `first_recent` on.
    recent: VecDeque<Page>,
    first_recent: u64,
    /// Those before them that are not empty.
    old: BTreeMap<u64, Page>,
    count: usize,
}

impl Orders {
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// The order that this change accepted.
    pub(crate) fn get(&self, accepted: Seq) -> Option<&Order> {
        let page = self.page(accepted.0 / PAGE)?;
        page.orders.get(page.place(accepted)?)
    }

    pub(crate) fn get_mut(&mut self, accepted: Seq) -> Option<&mut Order> {
        let page = self.page_mut(accepted.0 / PAGE)?;
        let place = page.place(accepted)?;
        page.orders.get_mut(place)
    }

    /// Adds an order; one of the same number gives way to it.
    pub(crate) fn insert(&mut self, order: Order) {
        let page = self.page_for(order.accepted_seq.0 / PAGE);
        let is_new = page.insert(order);
        self.count += usize::from(is_new);
    }

    pub(crate) fn remove(&mut self, accepted: Seq) -> Option<Order> {
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
    pub(crate) fn after(&self, after: Seq) -> impl Iterator<Item = &Order> {
        let first = after.0 / PAGE;
        let skipped = usize::try_from(first.saturating_sub(self.first_recent)).unwrap_or(usize::MAX);
        let old = self.old.range(first..).map(|(&number, page)| (number, page));
        let recent = (self.first_recent..).zip(&self.recent).skip(skipped);
        old.chain(recent).flat_map(move |(number, page)| {
            let skipped = if number == first { page.upto(after) } else { 0 };
            &page.orders[skipped..]
        })
    }
}

impl Page {
    /// Adds an order; returns whether its number was not held.
    fn insert(&mut self, order: Order) -> bool {
        let accepted = order.accepted_seq;
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

    fn remove(&mut self, accepted: Seq) -> Option<Order> {
        let order = self.orders.remove(self.place(accepted)?);
        self.held &= !bit(accepted);
        if self.orders.len() <= self.orders.capacity() / 4 {
            // A page that has been nearly emptied does not keep its room: an old order may be open for long.
            self.orders.shrink_to_fit();
        }
        Some(order)
    }

    /// How many orders of this page come before this number.
    fn before(&self, accepted: Seq) -> usize {
        (self.held & (bit(accepted) - 1)).count_ones() as usize
    }

    /// How many orders of this page have this number or one before it.
    fn upto(&self, accepted: Seq) -> usize {
        self.before(accepted) + usize::from(self.held & bit(accepted) != 0)
    }

    /// Where the order of this number is, if it is held.
    fn place(&self, accepted: Seq) -> Option<usize> {
        (self.held & bit(accepted) != 0).then(|| self.before(accepted))
    }
}

fn bit(accepted: Seq) -> u64 {
    1 << (accepted.0 % PAGE)
}
