//! The open loop's book of orders: which are outstanding, and how each ended.
//!
//! Owns the map from an order's id to its scheduled moment. Workers tell it of
//! placed orders, the one subscriber of ends, in whichever order these come; it
//! writes samples and failures to the `Record`. Time is an argument throughout.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use super::clock::{self, Micros};
use super::closed::patience;
use super::failure::Failure;
use super::frame::{End, OrderId};
use super::post::Placed;
use super::record::Record;

/// The orders of an open-loop run.
pub(super) struct Ledger {
    record: Rc<RefCell<Record>>,
    outstanding: HashMap<OrderId, Outstanding>,
    /// Ends of orders whose reply is still on its way, or that somebody else placed.
    early: HashMap<OrderId, Heard>,
}

struct Outstanding {
    /// When the order should have been sent.
    scheduled: Micros,
    /// When it executes, on the wall clock.
    due: Option<Micros>,
    /// When it counts as lost.
    deadline: Micros,
}

#[derive(Clone, Copy)]
struct Heard {
    end: End,
    at: Micros,
    /// The same moment on the wall clock.
    wall: Micros,
}

impl Ledger {
    /// An empty book that writes to `record`.
    pub(super) fn new(record: Rc<RefCell<Record>>) -> Self {
        Self { record, outstanding: HashMap::new(), early: HashMap::new() }
    }

    /// Enters an order whose reply was read at `now`, which is `wall` on the wall clock.
    pub(super) fn placed(&mut self, scheduled: Micros, placed: &Placed, now: Micros, wall: Micros, grace: Duration) {
        self.record.borrow_mut().replied(scheduled, now);
        let order = Outstanding {
            scheduled,
            due: placed.due,
            deadline: now + clock::micros(patience(grace, placed.due, wall)),
        };
        match self.early.remove(&placed.id) {
            Some(heard) => self.close(placed.id, &order, heard),
            None => {
                self.outstanding.insert(placed.id, order);
            }
        }
    }

    /// Takes note of an order's end that was heard at `now`.
    pub(super) fn ended(&mut self, id: OrderId, end: End, now: Micros, wall: Micros) {
        let heard = Heard { end, at: now, wall };
        match self.outstanding.remove(&id) {
            Some(order) => self.close(id, &order, heard),
            None => {
                self.early.insert(id, heard);
            }
        }
    }

    fn close(&self, id: OrderId, order: &Outstanding, heard: Heard) {
        let mut record = self.record.borrow_mut();
        match heard.end {
            End::Executed => {
                record.executed(order.scheduled, heard.at);
                record.lateness.extend(order.due.map(|due| heard.wall - due));
            }
            End::Cancelled => record.failures.add_order(id, Failure::Cancelled),
        }
    }

    /// Gives up the orders whose grace is over, and forgets ends that nobody will ask for.
    ///
    /// A reply takes at most `grace`: an end heard before that is somebody else's.
    pub(super) fn sweep(&mut self, now: Micros, grace: Duration) {
        self.lose(|order| order.deadline < now, &Failure::NotExecuted);
        let oldest = now - clock::micros(grace);
        self.early.retain(|_, heard| heard.at >= oldest);
    }

    /// Gives up every outstanding order, for the reason `failure`.
    pub(super) fn give_up(&mut self, failure: &Failure) {
        self.lose(|_| true, failure);
    }

    /// Moves the orders that are `lost` to the failures, oldest first.
    fn lose(&mut self, lost: impl Fn(&Outstanding) -> bool, failure: &Failure) {
        let mut gone: Vec<_> =
            self.outstanding.extract_if(|_, order| lost(order)).map(|(id, order)| (order.scheduled, id)).collect();
        gone.sort_unstable_by_key(|(scheduled, _)| *scheduled);
        let failures = &mut self.record.borrow_mut().failures;
        for (_, id) in gone {
            failures.add_order(id, failure.clone());
        }
    }

    /// Counts `count` orders that were not placed.
    pub(super) fn failed(&self, failure: Failure, count: u64) {
        self.record.borrow_mut().failures.add(failure, count);
    }

    /// How many placed orders have not ended.
    pub(super) fn outstanding(&self) -> usize {
        self.outstanding.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRACE: Duration = Duration::from_secs(10);

    fn id(digit: u8) -> OrderId {
        OrderId::new(&[digit; 36]).unwrap()
    }

    fn ledger() -> (Ledger, Rc<RefCell<Record>>) {
        let record = Rc::new(RefCell::new(Record::default()));
        (Ledger::new(record.clone()), record)
    }

    fn place(ledger: &mut Ledger, digit: u8, due: Option<Micros>) {
        let placed = Placed { id: id(digit), due };
        ledger.placed(1_000, &placed, 3_000, 900_003_000, GRACE);
    }

    #[test]
    fn an_execution_is_timed_from_the_schedule_and_late_by_the_wall_clock() {
        let (mut ledger, record) = ledger();
        place(&mut ledger, b'1', Some(900_500_000));
        ledger.ended(id(b'1'), End::Executed, 500_700, 900_500_583);
        let record = record.borrow();
        assert_eq!(record.posts[0].took, 2_000);
        assert_eq!(record.executions[0].took, 499_700);
        assert_eq!(record.lateness, [583]);
        assert_eq!(ledger.outstanding(), 0);
    }

    #[test]
    fn an_end_heard_before_the_reply_counts_all_the_same() {
        let (mut ledger, record) = ledger();
        ledger.ended(id(b'1'), End::Executed, 2_000, 900_002_000);
        place(&mut ledger, b'1', Some(900_002_500));
        assert_eq!(record.borrow().executions[0].took, 1_000);
        assert_eq!(record.borrow().lateness, [-500]);
        assert_eq!(ledger.outstanding(), 0);
    }

    #[test]
    fn an_order_is_lost_once_its_grace_after_due_is_over() {
        let (mut ledger, record) = ledger();
        place(&mut ledger, b'1', Some(900_503_000));
        ledger.sweep(10_503_000, GRACE);
        assert_eq!(record.borrow().failures.total(), 0);
        ledger.sweep(10_503_001, GRACE);
        assert_eq!(record.borrow().failures.orders(), [(id(b'1'), Failure::NotExecuted)]);
    }

    #[test]
    fn lost_orders_are_listed_in_the_order_of_the_schedule() {
        let (mut ledger, record) = ledger();
        for digit in [b'3', b'1', b'4', b'2'] {
            let placed = Placed { id: id(digit), due: None };
            ledger.placed(digit.into(), &placed, 3_000, 0, GRACE);
        }
        ledger.give_up(&Failure::BrokenOff);
        let listed: Vec<_> = record.borrow().failures.orders().iter().map(|(id, _)| *id).collect();
        assert_eq!(listed, [b'1', b'2', b'3', b'4'].map(id));
    }

    #[test]
    fn a_cancelled_order_is_a_failure_with_its_id() {
        let (mut ledger, record) = ledger();
        place(&mut ledger, b'1', None);
        ledger.ended(id(b'1'), End::Cancelled, 4_000, 900_004_000);
        let record = record.borrow();
        assert_eq!(record.failures.orders(), [(id(b'1'), Failure::Cancelled)]);
        assert!(record.executions.is_empty() && record.lateness.is_empty());
    }

    #[test]
    fn ends_of_foreign_orders_are_forgotten() {
        let (mut ledger, _) = ledger();
        ledger.ended(id(b'7'), End::Executed, 1_000, 0);
        ledger.sweep(10_001_001, GRACE);
        assert!(ledger.early.is_empty());
    }
}
