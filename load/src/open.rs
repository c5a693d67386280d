//! The open loop: orders leave on a fixed schedule, whatever the server does.
//!
//! Owns the workers (one connection and one request in flight each) and the one
//! subscriber that hears all ends; `schedule` gives the turns. An order is timed
//! from the moment at which it was scheduled, so a stall of the server shows in
//! every order that had to wait for it.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::clock::{self, Clock, Micros};
use super::demand::Demand;
use super::failure::Failure;
use super::feed::Feed;
use super::ledger::Ledger;
use super::phase::Course;
use super::post::Poster;
use super::schedule::Turns;
use super::target::Server;

/// How much the subscriber takes in one read.
pub(super) const READ_BUFFER: usize = 128 * 1024;

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
    let (turns, closer) = Turns::begin(shared.clock, rate, connections, length);
    let mut workers = JoinSet::new();
    for poster in posters {
        workers.spawn_local(work(shared.clone(), turns.clone(), poster));
    }
    let sweeper = tokio::task::spawn_local(sweep(shared.clone()));

    let (stopped, left) = tokio::select! {
        failure = listen(&shared, feed) => (shared.clock.now(), failure),
        stopped = finish(&shared, &mut workers) => (stopped, Failure::BrokenOff),
    };
    closer.abort();
    let pace = turns.stop();
    sweeper.abort();
    workers.shutdown().await;

    let mut ledger = shared.ledger.borrow_mut();
    ledger.give_up(&left);
    ledger.failed(Failure::NotSent("order"), turns.missed(stopped));
    if matches!(left, Failure::SocketClosed(_)) {
        ledger.failed(left, 1);
    }
    Ok(Demand::Rate(pace))
}

/// Takes turns and places an order at each, until there are no more.
async fn work(shared: Rc<Shared>, turns: Rc<Turns>, first: Poster) {
    let mut poster = Some(first);
    let mut course = shared.course.clone();
    while let Some(moment) = turns.next(&mut course).await {
        turns.asked();
        let placed = place(&shared, &mut poster, moment).await;
        turns.answered();
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

/// Gives up what is long overdue, now and then.
async fn sweep(shared: Rc<Shared>) {
    loop {
        clock::sleep(SWEEP).await;
        let now = shared.clock.now();
        shared.ledger.borrow_mut().sweep(now, shared.grace);
    }
}
