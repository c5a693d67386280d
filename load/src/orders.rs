//! The orders of a mix: which are open, how the others ended, and what of them traded.
//!
//! Owns the one map of them. Traders tell it what they ask for and what was answered, the one subscriber of ends what
//! befell them, in whichever order these come. Says in the end how many there were of each. Time is an argument.

use std::collections::HashMap;
use std::time::Duration;

use serde::Serialize;

use super::clock::{self, Micros};
use super::failure::{Failure, Failures};
use super::frame::{End, OrderId};

/// What became of the orders of a run: `placed` = `filled` + `cancelled` + `open`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Tally {
    pub(super) placed: u64,
    pub(super) filled: u64,
    /// For whatever reason, those below among them.
    pub(super) cancelled: u64,
    /// By another order that was placed in their stead.
    pub(super) replaced: u64,
    /// By this tool, after the run.
    pub(super) cancelled_at_end: u64,
    /// Cancelled after a part of them had traded.
    pub(super) partly_filled: u64,
    /// Never seen to end.
    pub(super) open: u64,
    /// Requests about an order that had ended meanwhile.
    pub(super) too_late: u64,
    /// Cancelled orders of which the server did not tell how much of them had traded.
    pub(super) unread: u64,
    /// What traded, in units of the instrument.
    #[serde(skip)]
    pub(super) traded: u128,
}

/// The orders of a run.
#[derive(Default)]
pub(super) struct Orders {
    open: HashMap<OrderId, Open>,
    /// Ends of orders whose reply is still on its way, or that somebody else placed, and when they were heard.
    early: HashMap<OrderId, (End, Micros)>,
    swept: Micros,
    /// How long an end may be heard before the reply.
    grace: Duration,
    /// Orders that were cancelled, of which a part may have traded.
    cancelled: Vec<OrderId>,
    first: Option<OrderId>,
    tally: Tally,
}

struct Open {
    quantity: u128,
    /// Whether it is cancelled without being asked to.
    passing: bool,
    asked: Asked,
}

/// Why an order may be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Nothing,
    Cancel,
    Replace,
    /// A cancel after the run.
    Leave,
}

impl Orders {
    /// None yet; a reply comes within `grace`.
    pub(super) fn new(grace: Duration) -> Self {
        Self { grace, ..Self::default() }
    }

    pub(super) fn is_open(&self, id: &OrderId) -> bool {
        self.open.contains_key(id)
    }

    /// Notes what is about to be asked for.
    pub(super) fn asked(&mut self, id: OrderId, asked: Asked) {
        if let Some(order) = self.open.get_mut(&id) {
            order.asked = asked;
        }
    }

    /// Enters an order that a reply told of.
    pub(super) fn placed(&mut self, id: OrderId, quantity: u128, passing: bool, failures: &mut Failures) {
        self.tally.placed += 1;
        self.first.get_or_insert(id);
        let order = Open { quantity, passing, asked: Asked::Nothing };
        match self.early.remove(&id) {
            Some((end, _)) => self.close(id, &order, end, failures),
            None => {
                self.open.insert(id, order);
            }
        }
    }

    /// Counts a request about an order that had ended.
    pub(super) fn too_late(&mut self) {
        self.tally.too_late += 1;
    }

    /// Takes note of an order's end that was heard at `now`.
    pub(super) fn ended(&mut self, id: OrderId, end: End, now: Micros, failures: &mut Failures) {
        if let Some(order) = self.open.remove(&id) {
            return self.close(id, &order, end, failures);
        }
        self.early.insert(id, (end, now));
        // A reply takes at most `grace`: an end heard before that is somebody else's.
        let grace = clock::micros(self.grace);
        if now - self.swept > grace {
            self.swept = now;
            self.early.retain(|_, (_, heard)| *heard >= now - grace);
        }
    }

    fn close(&mut self, id: OrderId, order: &Open, end: End, failures: &mut Failures) {
        let tally = &mut self.tally;
        match (end, order.asked) {
            (End::Executed, asked) => {
                tally.filled += 1;
                tally.traded += order.quantity;
                // A cancel of it is answered like any other; that of a replacement tells it itself.
                tally.too_late += u64::from(asked == Asked::Cancel);
            }
            (End::Cancelled, asked) => {
                tally.cancelled += 1;
                self.cancelled.push(id);
                match asked {
                    Asked::Replace => tally.replaced += 1,
                    Asked::Leave => tally.cancelled_at_end += 1,
                    Asked::Nothing if !order.passing => failures.add_order(id, Failure::Cancelled),
                    Asked::Nothing | Asked::Cancel => {}
                }
            }
        }
    }

    pub(super) fn open(&self) -> Vec<OrderId> {
        self.open.keys().copied().collect()
    }

    /// Gives up every order that is open, for the reason `failure`.
    pub(super) fn give_up(&mut self, failure: &Failure, failures: &mut Failures) {
        for (id, _) in self.open.drain() {
            self.tally.open += 1;
            failures.add_order(id, failure.clone());
        }
    }

    /// The first order that was placed, and those whose traded part only the server knows.
    pub(super) fn cancelled(&mut self) -> (Option<OrderId>, Vec<OrderId>) {
        (self.first, std::mem::take(&mut self.cancelled))
    }

    /// How much of a cancelled order had traded; `None` where the server does not tell.
    pub(super) fn traded(&mut self, part: Option<u128>) {
        match part {
            Some(part) => {
                self.tally.traded += part;
                self.tally.partly_filled += u64::from(part > 0);
            }
            None => self.tally.unread += 1,
        }
    }

    pub(super) fn tally(&self) -> Tally {
        self.tally.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct World {
        orders: Orders,
        failures: Failures,
    }

    impl World {
        fn new() -> Self {
            Self { orders: Orders::new(Duration::from_secs(10)), failures: Failures::default() }
        }

        fn placed(&mut self, digit: u8, passing: bool) {
            self.orders.placed(id(digit), 7, passing, &mut self.failures);
        }

        fn ended(&mut self, digit: u8, end: End) {
            self.orders.ended(id(digit), end, 1_000, &mut self.failures);
        }
    }

    fn id(digit: u8) -> OrderId {
        OrderId::new(&[digit; 36]).unwrap()
    }

    #[test]
    fn every_order_is_filled_cancelled_or_open() {
        let mut world = World::new();
        for digit in b'1'..=b'6' {
            world.placed(digit, digit == b'6');
        }
        for (digit, asked) in [(b'2', Asked::Cancel), (b'3', Asked::Replace), (b'4', Asked::Leave)] {
            world.orders.asked(id(digit), asked);
        }
        world.ended(b'1', End::Executed);
        for digit in [b'2', b'3', b'4', b'6'] {
            world.ended(digit, End::Cancelled);
        }
        assert_eq!(world.orders.open(), [id(b'5')]);
        let (first, cancelled) = world.orders.cancelled();
        assert_eq!((first, cancelled.as_slice()), (Some(id(b'1')), &[b'2', b'3', b'4', b'6'].map(id)[..]));
        for part in [Some(0), Some(3), None, Some(0)] {
            world.orders.traded(part);
        }
        assert_eq!(world.failures.total(), 0);
        world.orders.give_up(&Failure::NotEnded, &mut world.failures);
        assert_eq!(world.failures.orders(), [(id(b'5'), Failure::NotEnded)]);
        let expected = Tally {
            placed: 6,
            filled: 1,
            cancelled: 4,
            replaced: 1,
            cancelled_at_end: 1,
            partly_filled: 1,
            open: 1,
            too_late: 0,
            unread: 1,
            traded: 7 + 3,
        };
        assert_eq!(world.orders.tally(), expected);
    }

    #[test]
    fn an_order_that_nobody_cancelled_and_is_cancelled_is_a_failure() {
        let mut world = World::new();
        world.placed(b'1', false);
        world.ended(b'1', End::Cancelled);
        assert_eq!(world.failures.orders(), [(id(b'1'), Failure::Cancelled)]);
    }

    #[test]
    fn a_cancel_of_an_order_that_fills_meanwhile_is_too_late() {
        let mut world = World::new();
        world.placed(b'1', false);
        world.orders.asked(id(b'1'), Asked::Cancel);
        world.ended(b'1', End::Executed);
        assert_eq!((world.orders.tally().too_late, world.orders.tally().filled), (1, 1));
    }

    #[test]
    fn an_end_heard_before_the_reply_counts_and_foreign_ones_are_forgotten() {
        let mut world = World::new();
        world.ended(b'1', End::Executed);
        world.placed(b'1', false);
        assert_eq!((world.orders.tally().filled, world.orders.is_open(&id(b'1'))), (1, false));
        world.ended(b'7', End::Executed);
        world.orders.ended(id(b'8'), End::Executed, 20_000_000, &mut world.failures);
        assert_eq!(world.orders.early.keys().copied().collect::<Vec<_>>(), [id(b'8')]);
    }
}
