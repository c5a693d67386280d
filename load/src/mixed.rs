//! A run of a mix: traders that send requests of all kinds, one subscriber that hears how their orders end.
//!
//! Owns the course of it, in either loop: users that wait for each reply, or turns on a schedule. In the end it cancels
//! what is open, its own orders only, and asks how much of the cancelled ones had traded. Latencies go to the `Record`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::clock::{self, Clock, Micros};
use super::closed::{RECONNECT_PAUSE, REFUSED_PAUSE, start_users};
use super::demand::{Demand, Orders as Requests};
use super::failure::Failure;
use super::feed::Feed;
use super::instrument::Instrument;
use super::mix::Mix;
use super::open::READ_BUFFER;
use super::orders::Orders;
use super::phase::Course;
use super::post::Poster;
use super::record::Record;
use super::schedule::Turns;
use super::settle;
use super::target::Server;
use super::trader::Trader;

/// What all traders of a run have in common.
pub(super) struct Shared {
    pub(super) server: Server,
    pub(super) clock: Clock,
    pub(super) course: Course,
    pub(super) record: Rc<RefCell<Record>>,
    /// How long a reply may take, and the end of an order that was cancelled.
    pub(super) grace: Duration,
    pub(super) mix: Mix,
    pub(super) instrument: Instrument,
    pub(super) orders: RefCell<Orders>,
}

/// Which loop.
#[derive(Debug, Clone, Copy)]
pub(super) enum Loop {
    /// So many users, so many of them started a second, and so many requests at most.
    Closed { users: u64, spawn_rate: f64, requests: Option<u64> },
    /// So many requests a second for `length`.
    Open { rate: f64, connections: u64, length: Duration },
}

/// Runs the mix, and tells how it stood to what was asked.
///
/// Fails only when the connections cannot be opened in the first place.
pub(super) async fn run(shared: Rc<Shared>, how: Loop) -> Result<Demand, Failure> {
    let feed = Feed::subscribe(&shared.server, READ_BUFFER).await?;
    // In a task of its own: it hears while the run is settled, too.
    let ear = tokio::task::spawn_local(listen(shared.clone(), feed));
    let demand = match how {
        Loop::Closed { users, spawn_rate, requests } => closed(&shared, users, spawn_rate, requests).await,
        Loop::Open { rate, connections, length } => open(&shared, rate, connections, length).await?,
    };
    settle::cancel(&shared).await;
    ear.abort();
    settle::ask(&shared).await;
    let tally = shared.orders.borrow().tally();
    shared.record.borrow_mut().settled(tally, &shared.instrument);
    Ok(demand)
}

/// Users that send one request after the other.
async fn closed(shared: &Rc<Shared>, users: u64, spawn_rate: f64, requests: Option<u64>) -> Demand {
    let left = Rc::new(Cell::new(requests.unwrap_or(u64::MAX)));
    let mut alive = JoinSet::new();
    let start = |number| {
        let trader = Trader::new(shared.clone(), number, None);
        alive.spawn_local(live(trader, shared.clone(), left.clone()));
    };
    let started = start_users(shared.clock, shared.course.clone(), &left, users, spawn_rate, start).await;
    join(shared, &mut alive).await;
    let orders = requests.map(|asked| Requests { asked, tried: asked - left.get() });
    Demand::Users { asked: users, started, orders }
}

/// The life of a user.
async fn live(mut trader: Trader, shared: Rc<Shared>, left: Rc<Cell<u64>>) {
    let mut course = shared.course.clone();
    while course.running() && left.get() > 0 {
        let connected = trader.connect().await;
        // Asked again: connecting took a while.
        if !course.running() || left.get() == 0 {
            break;
        }
        let done = match connected {
            Ok(()) => {
                left.set(left.get() - 1);
                trader.act(shared.clock.now()).await
            }
            Err(failure) => Err(failure),
        };
        if let Err(failure) = done {
            shared.record.borrow_mut().failures.add(failure, 1);
            course.pause(if trader.connected() { REFUSED_PAUSE } else { RECONNECT_PAUSE }).await;
        }
    }
}

/// Connections that send a request at each turn of the schedule.
async fn open(shared: &Rc<Shared>, rate: f64, connections: u64, length: Duration) -> Result<Demand, Failure> {
    let mut posters = Vec::new();
    for _ in 0..connections {
        posters.push(Poster::connect(&shared.server, shared.grace).await?);
    }
    let (turns, closer) = Turns::begin(shared.clock, rate, connections, length);
    let mut workers = JoinSet::new();
    for (number, poster) in (0..).zip(posters) {
        let trader = Trader::new(shared.clone(), number, Some(poster));
        workers.spawn_local(work(trader, shared.clone(), turns.clone()));
    }
    let stopped = join(shared, &mut workers).await;
    closer.abort();
    let pace = turns.stop();
    shared.record.borrow_mut().failures.add(Failure::NotSent("request"), turns.missed(stopped));
    Ok(Demand::Rate(pace))
}

/// Takes turns and sends a request at each, until there are no more.
async fn work(mut trader: Trader, shared: Rc<Shared>, turns: Rc<Turns>) {
    let mut course = shared.course.clone();
    while let Some(moment) = turns.next(&mut course).await {
        turns.asked();
        let done = trader.act(moment).await;
        turns.answered();
        if let Err(failure) = done {
            shared.record.borrow_mut().failures.add(failure, 1);
        }
    }
}

/// Waits until all tasks are done, or the run is broken off; tells when no more was sent.
async fn join(shared: &Shared, tasks: &mut JoinSet<()>) -> Micros {
    let mut course = shared.course.clone();
    let ended = tokio::select! {
        biased;
        () = course.ended() => true,
        () = all(tasks) => false,
    };
    let stopped = shared.clock.now();
    if ended {
        // Requests under way are read to their end; their orders count.
        tokio::select! {
            () = all(tasks) => {}
            () = course.broken_off() => {}
        }
        tasks.shutdown().await;
    }
    stopped
}

async fn all(tasks: &mut JoinSet<()>) {
    while tasks.join_next().await.is_some() {}
}

/// Hears how orders end, and subscribes again where it is cut off: that is a failure, and ends may have been missed.
async fn listen(shared: Rc<Shared>, feed: Feed) {
    let mut hearing = Some(feed);
    loop {
        let failure = match &mut hearing {
            Some(feed) => match feed.next_end().await {
                Ok((id, end)) => {
                    let now = shared.clock.now();
                    let mut record = shared.record.borrow_mut();
                    shared.orders.borrow_mut().ended(id, end, now, &mut record.failures);
                    continue;
                }
                Err(failure) => failure,
            },
            None => match Feed::subscribe(&shared.server, READ_BUFFER).await {
                Ok(feed) => {
                    hearing = Some(feed);
                    continue;
                }
                Err(failure) => failure,
            },
        };
        hearing = None;
        shared.record.borrow_mut().failures.add(failure, 1);
        clock::sleep(RECONNECT_PAUSE).await;
    }
}
