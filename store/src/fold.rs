//! From events to orders: what was appended but is not yet in the table of orders.
//!
//! An event is one row at the end of a table, and cheap. An order's row is found again when it closes, somewhere among
//! those of the last second: under load nearly every closing would write a page of its own. So the table of orders
//! trails the events by up to [`WINDOW`] changes, by which time most orders are closed and are written once, in order,
//! at the end. A quiet store trails by nothing: both are then written in the same transaction.

use std::collections::VecDeque;

use tradepit_engine::{Change, Event, Order, Seq};

use crate::record::{Fault, close, order_of};

/// By how many changes the orders may trail under load: most of what 10 000 orders a second do in a second, and about
/// 4 MB.
pub(crate) const WINDOW: usize = 16_384;

/// The changes that the table of orders does not have yet: an unbroken run.
#[derive(Default)]
pub(crate) struct Backlog {
    changes: VecDeque<Unsettled>,
}

enum Unsettled {
    /// An order without a row, as it stands after everything in the backlog.
    Order(Order),
    /// What closes an order that has a row.
    Closing(Event),
    /// What closed an order of this backlog.
    Merged(Seq),
}

/// What a change does to the table of orders.
pub(crate) enum Step {
    /// A new row.
    Insert(Order),
    /// A row that is there changes.
    Close(Event),
    /// The row was written as closed.
    Nothing,
}

impl Backlog {
    /// Adds the change that comes next.
    pub(crate) fn push(&mut self, event: &Event) -> Result<(), Fault> {
        let unsettled = match event.change {
            Change::Accepted { due_at } => Unsettled::Order(order_of(event, due_at)),
            Change::Executed | Change::Cancelled => match self.order_mut(event.accepted_seq) {
                Some(order) => close(order, event).map(|()| Unsettled::Merged(event.seq))?,
                None => Unsettled::Closing(event.clone()),
            },
        };
        self.changes.push_back(unsettled);
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.changes.len()
    }

    /// Takes the oldest change out, with its number.
    pub(crate) fn pop(&mut self) -> Option<(Seq, Step)> {
        Some(match self.changes.pop_front()? {
            Unsettled::Order(order) => (order.accepted_seq, Step::Insert(order)),
            Unsettled::Closing(event) => (event.seq, Step::Close(event)),
            Unsettled::Merged(seq) => (seq, Step::Nothing),
        })
    }

    /// The order that this change accepted, if it is here. Numbers rise by one: its place follows from the first's.
    fn order_mut(&mut self, accepted: Seq) -> Option<&mut Order> {
        let first = match self.changes.front()? {
            Unsettled::Order(order) => order.accepted_seq,
            Unsettled::Closing(event) => event.seq,
            Unsettled::Merged(seq) => *seq,
        };
        let place = usize::try_from(accepted.0.checked_sub(first.0)?).ok()?;
        match self.changes.get_mut(place)? {
            Unsettled::Order(order) => Some(order),
            Unsettled::Closing(_) | Unsettled::Merged(_) => None,
        }
    }
}
