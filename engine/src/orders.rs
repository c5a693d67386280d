//! The orders that are held, by the change that accepted them.
//!
//! An order is found by its number, and by nothing else: an id carries that number (sealed; the actors open it), so no
//! index of ids is kept. Numbers come in order and nearly without gaps, so they are looked up by place: some are a page,
//! and in a page an order's place is how many are held before it.

use std::collections::BTreeMap;

use crate::order::Order;
use crate::values::Seq;

/// Numbers in a page: as many as a word has bits.
const PAGE: u64 = u64::BITS as u64;

/// Room for orders that a page begins with: some more than it takes where each order is soon closed, by a number of its
/// own.
const ROOM: usize = 40;

/// The orders of [`PAGE`] numbers that follow each other.
#[derive(Debug)]
struct Page {
    /// Which of the numbers are of orders that are held.
    held: u64,
    /// These orders, in order.
    orders: Vec<Order>,
}

/// All orders held. One costs its own 112 bytes and little more.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    pages: BTreeMap<u64, Page>,
    count: usize,
}

impl Orders {
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// The order that this change accepted.
    pub(crate) fn get(&self, accepted: Seq) -> Option<&Order> {
        let page = self.pages.get(&(accepted.0 / PAGE))?;
        page.orders.get(page.place(accepted)?)
    }

    pub(crate) fn get_mut(&mut self, accepted: Seq) -> Option<&mut Order> {
        let page = self.pages.get_mut(&(accepted.0 / PAGE))?;
        let place = page.place(accepted)?;
        page.orders.get_mut(place)
    }

    /// Adds an order; one of the same number gives way to it.
    pub(crate) fn insert(&mut self, order: Order) {
        let accepted = order.accepted_seq;
        let number = accepted.0 / PAGE;
        if let Some(last) = self.pages.last_entry().filter(|last| *last.key() < number) {
            // Nothing comes to it any more, as long as numbers rise.
            last.into_mut().orders.shrink_to_fit();
        }
        let page = self.pages.entry(number).or_insert_with(Page::new);
        let place = page.before(accepted);
        if page.held & bit(accepted) == 0 {
            if page.orders.len() == page.orders.capacity() {
                page.orders.reserve_exact(PAGE as usize - page.orders.len());
            }
            page.orders.insert(place, order);
            page.held |= bit(accepted);
            self.count += 1;
        } else {
            page.orders[place] = order;
        }
    }

    /// Takes an order out.
    pub(crate) fn remove(&mut self, accepted: Seq) -> Option<Order> {
        let number = accepted.0 / PAGE;
        let page = self.pages.get_mut(&number)?;
        let place = page.place(accepted)?;
        let order = page.orders.remove(place);
        page.held &= !bit(accepted);
        self.count -= 1;
        if page.held == 0 {
            self.pages.remove(&number);
        } else if page.orders.len() <= page.orders.capacity() / 4 {
            // A page that has been nearly emptied does not keep its room: an old order may be open for long.
            page.orders.shrink_to_fit();
        }
        Some(order)
    }

    /// The orders accepted after the change `after`, in order.
    pub(crate) fn after(&self, after: Seq) -> impl Iterator<Item = &Order> {
        let first = after.0 / PAGE;
        let pages = self.pages.range(first..);
        pages.flat_map(move |(&number, page)| {
            let skipped = if number == first { page.upto(after) } else { 0 };
            &page.orders[skipped..]
        })
    }
}

impl Page {
    fn new() -> Page {
        Page { held: 0, orders: Vec::with_capacity(ROOM) }
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
