//! From events to orders: what was appended but is not yet in the table of orders.
//!
//! An order's row is found again when it closes, somewhere among those of the last second: under load nearly every
//! closing would write a row of many orders anew. So the table of orders trails the events by [`TRAIL_US`], by which
//! time most orders are closed and are written once, in order, at the end; by less only where more than [`WINDOW`]
//! changes happened in that time. A store at rest trails by nothing.

use std::collections::VecDeque;

use tradepit_engine::{Body, Event, Number, Order, Status, Time};

use crate::damage::Damage;

/// By how many changes the orders may trail: what 40 000 orders a second do in [`TRAIL_US`], and some 20 MB.
const WINDOW: usize = 131_072;
/// By how long the orders trail under load, in microseconds: most delays are over by then.
const TRAIL_US: u64 = 1_500_000;
/// Changes that become orders at a time under load: some full rows of the table.
const AT_A_TIME: usize = 1_024;

/// The changes that the table of orders does not have yet: an unbroken run.
pub(crate) struct Backlog {
    /// The change before the first one.
    settled: Number,
    /// Orders that were closed by the changes that were taken out.
    closed: u64,
    changes: VecDeque<Unsettled>,
}

enum Unsettled {
    /// An order that is not in the table, as it stands after everything in the backlog.
    Order(Order),
    /// What befell the order that this change accepted, which is in the table.
    Change(Number, Event),
    /// What befell an order of this backlog, when, and whether it closed it.
    Merged { at: Time, closes: bool },
}

impl Unsettled {
    fn at(&self) -> Time {
        match self {
            Unsettled::Order(order) => order.accepted_at,
            Unsettled::Change(_, event) => event.at,
            Unsettled::Merged { at, .. } => *at,
        }
    }
}

/// What a change does to the table of orders.
pub(crate) enum Step {
    /// A new order.
    Insert(Order),
    /// The order that this change accepted is in the table, and changes.
    Change(Number, Event),
    /// The order is written as it stood later.
    Nothing,
}

impl Backlog {
    /// An empty backlog: the table has all changes up to this one.
    pub(crate) fn new(settled: Number) -> Backlog {
        Backlog { settled, closed: 0, changes: VecDeque::new() }
    }

    /// The backlog of these changes, which follow that one.
    pub(crate) fn of(settled: Number, events: &[Event]) -> Result<Backlog, Damage> {
        let mut backlog = Backlog::new(settled);
        events.iter().try_for_each(|event| backlog.push(event))?;
        Ok(backlog)
    }

    /// Adds the change that comes next.
    pub(crate) fn push(&mut self, event: &Event) -> Result<(), Damage> {
        let settled = self.settled;
        let unsettled = match &event.body {
            Body::Accepted(accepted) => Unsettled::Order(Order::accepted(event.number, event.at, accepted)),
            Body::Executed(of) | Body::Cancelled(of) => match self.order_mut(of.accepted_number) {
                Some(order) => {
                    close(order, event)?;
                    Unsettled::Merged { at: event.at, closes: event.closes() }
                }
                None if of.accepted_number <= settled => Unsettled::Change(of.accepted_number, event.clone()),
                None => return Err(format!("change {} closes an order that is missing", event.number.0)),
            },
        };
        self.changes.push_back(unsettled);
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.changes.len()
    }

    /// How many changes shall become orders at `now`, while more are coming.
    pub(crate) fn ripe(&self, now: Time) -> usize {
        let last = self.changes.get(AT_A_TIME - 1);
        let is_ripe = |last: &Unsettled| self.len() > WINDOW || now.us_since(last.at()) > TRAIL_US;
        if last.is_some_and(is_ripe) { AT_A_TIME } else { 0 }
    }

    /// The table has all changes up to this one, once what was taken out is done.
    pub(crate) fn settled(&self) -> Number {
        self.settled
    }

    /// Orders that were closed by what was taken out so far.
    pub(crate) fn closed(&self) -> u64 {
        self.closed
    }

    /// Takes the oldest change out.
    pub(crate) fn pop(&mut self) -> Option<Step> {
        let unsettled = self.changes.pop_front()?;
        if self.changes.is_empty() {
            // The room for a busy second is not kept for quiet ones.
            self.changes.shrink_to(AT_A_TIME);
        }
        self.settled = self.settled.next();
        let (step, closes) = match unsettled {
            Unsettled::Order(order) => (Step::Insert(order), false),
            Unsettled::Merged { closes, .. } => (Step::Nothing, closes),
            Unsettled::Change(accepted, event) => {
                let closes = event.closes();
                (Step::Change(accepted, event), closes)
            }
        };
        self.closed += u64::from(closes);
        Some(step)
    }

    /// The order that this change accepted, if it is here. Numbers rise by one: its place follows from its number.
    fn order_mut(&mut self, accepted: Number) -> Option<&mut Order> {
        let place = usize::try_from(accepted.0.checked_sub(self.settled.next().0)?).ok()?;
        match self.changes.get_mut(place)? {
            Unsettled::Order(order) => Some(order),
            Unsettled::Change(..) | Unsettled::Merged { .. } => None,
        }
    }
}

/// What becomes of an order by an event that closes it; an error where it cannot.
///
/// An order that is written as it stood after this event stays as it is: an order may be written as closed before the
/// mark of what is settled has come as far as its closing.
pub(crate) fn close(order: &mut Order, event: &Event) -> Result<(), Damage> {
    if order.close(event) {
        return Ok(());
    }
    let mut closed = order.while_open();
    if closed.close(event) && closed == *order {
        return Ok(());
    }
    let (number, said) = match event.body {
        Body::Accepted(_) => (event.number.0, Status::Pending),
        Body::Executed(_) => (event.number.0, Status::Executed),
        Body::Cancelled(_) => (event.number.0, Status::Cancelled),
    };
    Err(format!("change {number} says {said:?} of an order that is {:?}", Status::from(order.state)))
}

#[cfg(test)]
mod tests {
    use tradepit_engine::Order;
    use tradepit_kit::{accepted, cancelled, executed};

    use super::close;

    /// Orders are settled in pieces: one may end between an order's acceptance and its closing, which its row has
    /// already.
    #[test]
    fn an_order_that_is_written_as_closed_stays_so_when_its_closing_comes() {
        let event = accepted(1_024);
        let mut order = Order::accepted(event.number, event.at, event.accepted().expect("it accepts one"));
        close(&mut order, &executed(1_025, 1_024)).expect("it was open");
        let closed = order.clone();
        close(&mut order, &executed(1_025, 1_024)).expect("it is the same closing");
        assert_eq!(order, closed);
        for other in [executed(1_026, 1_024), cancelled(1_025, 1_024)] {
            assert!(close(&mut order, &other).is_err(), "{other:?}");
        }
    }
}
