//! From events to orders: what was appended but is not yet in the table of orders.
//!
//! An order's row is found again when it closes, somewhere among those of the last second: under load nearly every
//! closing would write a row of many orders anew. So the table of orders trails the events by [`TRAIL_US`], by which
//! time most orders are closed and are written once, in order, at the end; by less only where more than [`WINDOW`]
//! changes happened in that time. A store at rest trails by nothing.

use std::collections::VecDeque;

use tradepit_engine::{Body, Event, Number, Order, State, Time};

use crate::damage::Damage;

/// By how many changes the orders may trail: what 40 000 native orders a second do in [`TRAIL_US`], three each, and
/// some 25 MB.
const WINDOW: usize = 196_608;
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
    /// One for each number: what a number stands for is found by it.
    changes: VecDeque<Unsettled>,
}

struct Unsettled {
    at: Time,
    what: What,
}

enum What {
    /// An order that is not in the table, as it stands after everything in the backlog.
    Order(Box<Order>),
    /// What befell an order that is in the table.
    Change(Box<Event>),
    /// What befell an order of this backlog, or none at all.
    Aside(Box<Event>),
    /// It is told with the change after it.
    Told,
}

/// What a change does to the tables.
pub(crate) enum Step {
    /// A new order.
    Insert(Order),
    /// An order that is in the table changes.
    Change(Event),
    /// No order changes by it that is not written as it stood later.
    Aside(Event),
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

    /// Adds the event that comes next.
    pub(crate) fn push(&mut self, event: &Event) -> Result<(), Damage> {
        let settled = self.settled;
        let what = match (&event.body, event.order()) {
            (Body::Accepted(accepted), _) => What::Order(Box::new(Order::accepted(event, accepted))),
            (_, None) => What::Aside(Box::new(event.clone())),
            (_, Some(of)) => match self.order_mut(of.accepted_number) {
                Some(order) => {
                    change(order, event)?;
                    What::Aside(Box::new(event.clone()))
                }
                None if of.accepted_number <= settled => What::Change(Box::new(event.clone())),
                None => return Err(format!("change {} is of an order that is missing", event.number.0)),
            },
        };
        for _ in 1..event.body.changes() {
            self.changes.push_back(Unsettled { at: event.at, what: What::Told });
        }
        self.changes.push_back(Unsettled { at: event.at, what });
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.changes.len()
    }

    /// How many changes shall become orders at `now`, while more are coming.
    pub(crate) fn ripe(&self, now: Time) -> usize {
        let last = self.changes.get(AT_A_TIME - 1);
        let is_ripe = |last: &Unsettled| self.len() > WINDOW || now.us_since(last.at) > TRAIL_US;
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

    /// Takes the oldest event out, with all the changes that it tells.
    pub(crate) fn pop(&mut self) -> Option<Step> {
        let step = loop {
            let change = self.changes.pop_front()?;
            self.settled = self.settled.next();
            match change.what {
                What::Told => {}
                What::Order(order) => break Step::Insert(*order),
                What::Change(event) => break Step::Change(*event),
                What::Aside(event) => break Step::Aside(*event),
            }
        };
        if self.changes.is_empty() {
            // The room for a busy second is not kept for quiet ones.
            self.changes.shrink_to(AT_A_TIME);
        }
        match &step {
            Step::Insert(_) => {}
            Step::Change(event) | Step::Aside(event) => self.closed += u64::from(event.closes()),
        }
        Some(step)
    }

    /// The order that this change accepted, if it is here.
    fn order_mut(&mut self, accepted: Number) -> Option<&mut Order> {
        let place = usize::try_from(accepted.0.checked_sub(self.settled.next().0)?).ok()?;
        match &mut self.changes.get_mut(place)?.what {
            What::Order(order) => Some(order),
            What::Change(_) | What::Aside(_) | What::Told => None,
        }
    }
}

/// What becomes of an order by an event that befell it; an error where it cannot.
///
/// An order that is written as it stood after this event stays as it is: it may be written so before the mark of what
/// is settled has come as far.
pub(crate) fn change(order: &mut Order, event: &Event) -> Result<(), Damage> {
    let is_known = event.number <= order.number;
    let is_right = if is_known { has_been(order, event) } else { order.change(event) };
    if is_right {
        return Ok(());
    }
    let (number, accepted) = (event.number.0, order.accepted_number.0);
    let name = event.happens().map(|what| format!("{what:?}")).unwrap_or_default();
    Err(format!("change {number} says {name} of the order of change {accepted}, which is {}", order.state))
}

/// Whether an order that stands as after this event, or a later one, can have gone through it.
pub(crate) fn has_been(order: &Order, event: &Event) -> bool {
    if event.number < order.number {
        return order.accepted_number < event.number && !event.closes();
    }
    let Some(what) = event.happens() else { return false };
    let leads_here = State::ALL.into_iter().any(|before| before.after(what) == Some(order.state));
    let is_newest = event.number == order.number && order.accepted_number < event.number;
    is_newest && leads_here && (!event.closes() || (order.seq, order.closed_at) == (event.seq, Some(event.at)))
}

#[cfg(test)]
mod tests {
    use tradepit_engine::{Number, Order, Time};
    use tradepit_kit::{accepted, bought, cancelled, executed};

    use super::{Backlog, Step, change};

    /// Orders are settled in pieces: one may end between an order's acceptance and its closing, which its row has
    /// already.
    #[test]
    fn an_order_that_is_written_as_closed_stays_so_when_its_closing_comes() {
        let event = accepted(1_024);
        let mut order = Order::accepted(&event, event.accepted().expect("it accepts one"));
        change(&mut order, &executed(1_025, 1_024)).expect("it was open");
        let closed = order.clone();
        change(&mut order, &executed(1_025, 1_024)).expect("it is the same closing");
        assert_eq!(order, closed);
        for other in [executed(1_026, 1_024), cancelled(1_025, 1_024), cancelled(1_026, 1_024), executed(1_024, 1_024)]
        {
            assert!(change(&mut order, &other).is_err(), "{other:?}");
        }
    }

    /// An event may tell of more than one change: no piece ends amid them, and an order is found by its number.
    #[test]
    fn an_event_of_two_changes_is_settled_whole() {
        let events = [accepted(1), accepted(2), bought(4, 1), accepted(5), bought(7, 2), cancelled(8, 5)];
        let mut backlog = Backlog::of(Number(0), &events).expect("they follow each other");
        assert_eq!((backlog.len(), backlog.ripe(Time(0))), (8, 0));
        let mut settled = Vec::new();
        while let Some(step) = backlog.pop() {
            let accepts = match step {
                Step::Insert(order) => Some(order.number.0),
                Step::Change(_) => panic!("no order is in the table"),
                Step::Aside(_) => None,
            };
            settled.push((backlog.settled().0, accepts));
        }
        assert_eq!(settled, [(1, Some(4)), (2, Some(7)), (4, None), (5, Some(8)), (7, None), (8, None)]);
        assert_eq!(backlog.closed(), 3);
    }
}
