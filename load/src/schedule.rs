//! The schedule of the open loop: what leaves at which moment, whatever the server does.
//!
//! Owns the moments, the thread that keeps them and the turns that it gives to the workers, each of which carries one
//! request at a time. What waits is a number, not a queue: the schedule tells the moment of each, so waiting costs no
//! memory. Says in the end how it stood to that; knows nothing of what is sent.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use super::clock::{Clock, Micros};
use super::pace::{Pace, Watch};
use super::phase::Course;

/// The shortest sleep of the pacer: at high rates several orders are released at once.
///
/// A wake-up for each of 10 000 orders a second costs a sixth of a core.
const TICK: Micros = 250;

/// The fixed schedule: order `n` leaves at `start + n / rate`.
#[derive(Debug, Clone, Copy)]
struct Schedule {
    start: Micros,
    rate: f64,
    total: u64,
}

impl Schedule {
    fn new(start: Micros, rate: f64, length: Duration) -> Self {
        Self { start, rate, total: (rate * length.as_secs_f64()).ceil() as u64 }
    }

    /// When all should have left.
    fn end(self) -> Micros {
        self.start + (self.total as f64 * 1e6 / self.rate) as Micros
    }

    fn moment(self, number: u64) -> Micros {
        // Up, so that `due_by` counts the order at its own moment.
        self.start + (number as f64 * 1e6 / self.rate).ceil() as Micros
    }

    /// When the next order after so many should leave.
    fn next(self, taken: u64) -> Option<Micros> {
        (taken < self.total).then(|| self.moment(taken))
    }

    /// How many orders should have left by `now`.
    fn due_by(self, now: Micros) -> u64 {
        let passed = (now - self.start).max(0) as f64;
        self.total.min((passed * self.rate / 1e6) as u64 + 1)
    }
}

/// A schedule that is being kept.
pub(super) struct Turns {
    clock: Clock,
    schedule: Schedule,
    watch: Watch,
    released: Arc<Semaphore>,
    /// Turns that a worker has taken.
    taken: Cell<u64>,
}

impl Turns {
    /// Begins now, on the current `LocalSet`: `rate` turns a second for `length`, for so many connections.
    pub(super) fn begin(clock: Clock, rate: f64, connections: u64, length: Duration) -> (Rc<Self>, AbortHandle) {
        let watch = Watch::begin(clock, rate, connections);
        let schedule = Schedule::new(watch.start(), rate, length);
        let released = Arc::new(Semaphore::new(0));
        {
            let released = released.clone();
            // Left alone in the end: it goes home when nobody waits for orders any more.
            std::thread::spawn(move || pace(clock, schedule, &released));
        }
        let turns = Rc::new(Self { clock, schedule, watch, released, taken: Cell::new(0) });
        let closer = tokio::task::spawn_local(close(turns.clone())).abort_handle();
        (turns, closer)
    }

    /// Waits for the next turn, and tells the moment that it was scheduled for; `None` when there are no more.
    pub(super) async fn next(&self, course: &mut Course) -> Option<Micros> {
        let permit = tokio::select! {
            biased;
            () = course.ended() => return None,
            permit = self.released.acquire() => permit,
        };
        // Closed: the last one is taken.
        permit.ok()?.forget();
        let number = self.taken.get();
        self.taken.set(number + 1);
        if number + 1 == self.schedule.total {
            self.released.close();
        }
        Some(self.schedule.moment(number))
    }

    /// A connection begins to wait for a reply.
    pub(super) fn asked(&self) {
        self.watch.asked();
    }

    /// A connection has its reply, or will not get it.
    pub(super) fn answered(&self) {
        self.watch.answered();
    }

    /// Gives no more turns, and tells how it stood to the schedule when that ended, or else now.
    pub(super) fn stop(&self) -> Pace {
        self.released.close();
        self.figures()
    }

    /// How many turns nobody had taken that should have been by `now`.
    pub(super) fn missed(&self, now: Micros) -> u64 {
        self.schedule.due_by(now).saturating_sub(self.taken.get())
    }

    fn figures(&self) -> Pace {
        self.watch.close(self.taken.get(), self.schedule.next(self.taken.get()))
    }
}

/// Takes the figures when the schedule ends: what is sent after that came too late.
async fn close(turns: Rc<Turns>) {
    turns.clock.sleep_until(turns.schedule.end()).await;
    turns.figures();
}

/// Keeps the schedule, on a thread: releases each order at its moment.
fn pace(clock: Clock, schedule: Schedule, released: &Semaphore) {
    let mut done = 0;
    while done < schedule.total && !released.is_closed() {
        clock.block_until(schedule.moment(done).max(clock.now() + TICK));
        let due = schedule.due_by(clock.now());
        // No more at once than a semaphore surely holds; what is left is released next time.
        let some = (due - done).min(1 << 20);
        released.add_permits(some as usize);
        done += some;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(rate: f64, seconds: u64) -> Schedule {
        Schedule::new(500, rate, Duration::from_secs(seconds))
    }

    #[test]
    fn orders_are_scheduled_evenly_from_the_start_and_within_the_limit() {
        let schedule = schedule(1000.0, 20);
        assert_eq!(schedule.total, 20_000);
        assert_eq!(schedule.moment(0), 500);
        assert_eq!(schedule.moment(1), 1_500);
        assert_eq!(schedule.moment(19_999), 500 + 19_999_000);
    }

    #[test]
    fn a_slow_schedule_still_has_its_first_order() {
        assert_eq!(schedule(0.1, 1).total, 1);
        assert_eq!(schedule(2.5, 1).total, 3);
    }

    #[test]
    fn an_order_is_due_at_its_moment_and_not_before() {
        let schedule = schedule(3_000.0, 1);
        for number in 0..schedule.total {
            let moment = schedule.moment(number);
            assert_eq!(schedule.due_by(moment), number + 1);
            assert_eq!(schedule.due_by(moment - 1).max(1), number.max(1));
        }
    }

    #[test]
    fn what_should_have_left_never_exceeds_the_total() {
        let schedule = schedule(10.0, 2);
        assert_eq!(schedule.due_by(500), 1);
        assert_eq!(schedule.due_by(500 + 99_999), 1);
        assert_eq!(schedule.due_by(500 + 100_000), 2);
        assert_eq!(schedule.due_by(60_000_000), 20);
    }
}
