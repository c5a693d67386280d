//! The open loop: orders leave on a fixed schedule, whatever the server does.
//!
//! Owns the schedule, the workers (one connection and one request in flight
//! each) and the one subscriber that hears all ends. An order is timed from the
//! moment at which it was scheduled, so a stall of the server shows in every
//! order that had to wait for it. Orders that wait are a number, not a queue:
//! the schedule tells the moment of each, so waiting costs no memory.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::clock::{self, Clock, Micros};
use super::demand::Demand;
use super::failure::Failure;
use super::feed::Feed;
use super::ledger::Ledger;
use super::pace::Watch;
use super::phase::Course;
use super::post::Poster;
use super::target::Server;

/// The shortest sleep of the pacer: at high rates several orders are released at once.
///
/// A wake-up for each of 10 000 orders a second costs a sixth of a core.
const TICK: Micros = 250;

/// How much the subscriber takes in one read.
const READ_BUFFER: usize = 128 * 1024;

/// How often outstanding orders are looked through for lost ones.
const SWEEP: Duration = Duration::from_millis(250);

/// A run of the open loop.
pub(super) struct Shared {
    pub(super) server: Server,
    pub(super) clock: Clock,
    /// Ends a grace after the time limit: what was scheduled in time and had to wait is sent.
    pub(super) course: Course,
    pub(super) ledger: RefCell<Ledger>,
    /// How long after its due time an order may still be executed.
    pub(super) grace: Duration,
    /// Orders that a worker has taken out of the queue.
    pub(super) taken: Cell<u64>,
}

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

/// Places `rate` orders a second over `connections` connections for `length`.
///
/// Tells how it stood to that; fails only when the connections cannot be opened in the first place.
pub(super) async fn run(shared: Rc<Shared>, rate: f64, connections: u64, length: Duration) -> Result<Demand, Failure> {
    let feed = Feed::subscribe(&shared.server, READ_BUFFER).await?;
    let mut posters = Vec::new();
    for _ in 0..connections {
        posters.push(Poster::connect(&shared.server, shared.grace).await?);
    }
    let watch = Rc::new(Watch::begin(shared.clock, rate, connections));
    let schedule = Schedule::new(watch.start(), rate, length);
    let released = Arc::new(Semaphore::new(0));
    {
        let (clock, released) = (shared.clock, released.clone());
        // Left alone in the end: it goes home when nobody waits for orders any more.
        std::thread::spawn(move || pace(clock, schedule, &released));
    }
    let mut workers = JoinSet::new();
    for poster in posters {
        workers.spawn_local(work(shared.clone(), watch.clone(), schedule, released.clone(), poster));
    }
    let sweeper = tokio::task::spawn_local(sweep(shared.clone()));

    let closer = tokio::task::spawn_local(close(shared.clone(), watch.clone(), schedule));

    let (stopped, left) = tokio::select! {
        failure = listen(&shared, feed) => (shared.clock.now(), failure),
        stopped = finish(&shared, &mut workers) => (stopped, Failure::BrokenOff),
    };
    closer.abort();
    let pace = watch.close(shared.taken.get(), schedule.next(shared.taken.get()));
    released.close();
    sweeper.abort();
    workers.shutdown().await;

    let mut ledger = shared.ledger.borrow_mut();
    ledger.give_up(&left);
    let unsent = schedule.due_by(stopped).saturating_sub(shared.taken.get());
    ledger.failed(Failure::NotSent, unsent);
    if matches!(left, Failure::SocketClosed(_)) {
        ledger.failed(left, 1);
    }
    Ok(Demand::Rate(pace))
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

/// Takes released orders and places them, one at a time, until there are no more.
async fn work(shared: Rc<Shared>, watch: Rc<Watch>, schedule: Schedule, released: Arc<Semaphore>, first: Poster) {
    let mut poster = Some(first);
    let mut course = shared.course.clone();
    loop {
        let permit = tokio::select! {
            biased;
            () = course.ended() => return,
            permit = released.acquire() => permit,
        };
        // Closed: the last order is taken.
        let Ok(permit) = permit else { return };
        permit.forget();
        let number = shared.taken.get();
        shared.taken.set(number + 1);
        if number + 1 == schedule.total {
            released.close();
        }
        watch.asked();
        let placed = place(&shared, &mut poster, schedule.moment(number)).await;
        watch.answered();
        if let Err(failure) = placed {
            shared.ledger.borrow_mut().failed(failure, 1);
        }
    }
}

async fn place(shared: &Shared, poster: &mut Option<Poster>, scheduled: Micros) -> Result<(), Failure> {
    // A server may close a connection that was idle for long: that is no failure.
    if let Some(open) = poster
        && !open.usable().await
    {
        *poster = None;
    }
    let poster = match poster {
        Some(open) => open,
        None => poster.insert(Poster::connect(&shared.server, shared.grace).await?),
    };
    let placed = poster.post().await?;
    shared.ledger.borrow_mut().placed(scheduled, &placed, shared.clock.now(), clock::wall(), shared.grace);
    Ok(())
}

/// Hears how orders end; returns only when the socket is closed.
async fn listen(shared: &Shared, mut feed: Feed) -> Failure {
    loop {
        match feed.next_end().await {
            Ok((id, end)) => {
                let now = shared.clock.now();
                shared.ledger.borrow_mut().ended(id, end, now, clock::wall());
            }
            Err(failure) => return failure,
        }
    }
}

/// Waits until every scheduled order is placed, and every placed one executed or given up.
///
/// Tells when the placing ended.
async fn finish(shared: &Shared, workers: &mut JoinSet<()>) -> Micros {
    let mut course = shared.course.clone();
    let mut placing = pin!(async { while workers.join_next().await.is_some() {} });
    let placed = tokio::select! {
        biased;
        () = course.ended() => false,
        () = &mut placing => true,
    };
    let stopped = shared.clock.now();
    let settled = async {
        // Requests in flight are read to their end; their orders count.
        if !placed {
            placing.await;
        }
        while shared.ledger.borrow().outstanding() > 0 {
            clock::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        () = settled => {}
        () = course.broken_off() => {}
    }
    stopped
}

/// Takes the figures when the schedule ends: what is sent after that came too late.
async fn close(shared: Rc<Shared>, watch: Rc<Watch>, schedule: Schedule) {
    shared.clock.sleep_until(schedule.end()).await;
    watch.close(shared.taken.get(), schedule.next(shared.taken.get()));
}

/// Gives up what is long overdue, now and then.
async fn sweep(shared: Rc<Shared>) {
    loop {
        clock::sleep(SWEEP).await;
        let now = shared.clock.now();
        shared.ledger.borrow_mut().sweep(now, shared.grace);
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
