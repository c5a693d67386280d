//! From events to orders: what was appended but is not yet in the table of orders.
//!
//! An event is one row at the end of a table, and cheap. An order's row is found again when it closes, somewhere among
//! those of the last second: under load nearly every closing would write a page of its own. So the table of orders
//! trails the events by up to [`WINDOW`] changes, by which time most orders are closed and are written once, in order,
//! at the end. A quiet store trails by nothing: both are then written in the same transaction.

use std::collections::VecDeque;

use tradepit_engine::{Change, Event, Order, Seq};

use crate::record::{Fault, close};

/// By how many changes the orders may trail under load: most of what 10 000 orders a second do in a second, and about
/// 4 MB.
pub(crate) const WINDOW: usize = 16_384;

/// The changes that the table of orders does not have yet: an unbroken run.
pub(crate) struct Backlog {
    /// The change before the first one.
    settled: Seq,
    changes: VecDeque<Unsettled>,
}

enum Unsettled {
    /// An order without a row, as it stands after everything in the backlog.
    Order(Order),
    /// What closes an order that has a row.
    Closing(Event),
    /// What closed an order of this backlog.
    Merged,
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
    /// An empty backlog: the table has all changes up to this one.
    pub(crate) fn new(settled: Seq) -> Backlog {
        Backlog { settled, changes: VecDeque::new() }
    }

    /// The backlog of these changes, which follow that one.
    pub(crate) fn of(settled: Seq, events: &[Event]) -> Result<Backlog, Fault> {
        let mut backlog = Backlog::new(settled);
        events.iter().try_for_each(|event| backlog.push(event))?;
        Ok(backlog)
    }

    /// Adds the change that comes next.
    pub(crate) fn push(&mut self, event: &Event) -> Result<(), Fault> {
        let unsettled = match event.change {
            Change::Accepted { due_at } => Unsettled::Order(Order::accepted(event, due_at)),
            Change::Executed | Change::Cancelled => match self.order_mut(event.accepted_seq) {
                Some(order) => close(order, event).map(|()| Unsettled::Merged)?,
                None => Unsettled::Closing(event.clone()),
            },
        };
        self.changes.push_back(unsettled);
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.changes.len()
    }

    /// The table has all changes up to this one, once what was taken out is done.
    pub(crate) fn settled(&self) -> Seq {
        self.settled
    }

    /// Takes the oldest change out.
    pub(crate) fn pop(&mut self) -> Option<Step> {
        let unsettled = self.changes.pop_front()?;
        self.settled = self.settled.next();
        Some(match unsettled {
            Unsettled::Order(order) => Step::Insert(order),
            Unsettled::Closing(event) => Step::Close(event),
            Unsettled::Merged => Step::Nothing,
        })
    }

    /// The order that this change accepted, if it is here. Numbers rise by one: its place follows from its number.
    fn order_mut(&mut self, accepted: Seq) -> Option<&mut Order> {
        let place = usize::try_from(accepted.0.checked_sub(self.settled.next().0)?).ok()?;
        match self.changes.get_mut(place)? {
            Unsettled::Order(order) => Some(order),
            Unsettled::Closing(_) | Unsettled::Merged => None,
        }
    }
}
