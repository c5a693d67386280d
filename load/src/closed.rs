//! The closed loop: users that wait for one order before they place the next.
//!
//! Owns the life of a user: subscribe, place an order, wait for its EXECUTED
//! message, go on. A user hears the frames of every order and always reads on,
//! while it posts too: a message may overtake the reply that tells its order's
//! id. Samples and failures go to the shared `Record`.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::clock::{self, Clock, Micros};
use super::demand::{Demand, Orders};
use super::failure::Failure;
use super::feed::Feed;
use super::frame::{End, OrderId};
use super::phase::Course;
use super::post::{Placed, Poster};
use super::record::Record;
use super::target::Server;

/// A user's share of memory for reading; with a thousand users it adds up.
const READ_BUFFER: usize = 16 * 1024;

/// The pause after a failed connection, so that a dead server is not hammered.
pub(super) const RECONNECT_PAUSE: Duration = Duration::from_millis(500);

/// The pause after a refused request, such as a 503.
pub(super) const REFUSED_PAUSE: Duration = Duration::from_millis(100);

/// What the users of a run have in common.
pub(super) struct Shared {
    pub(super) server: Server,
    pub(super) clock: Clock,
    pub(super) course: Course,
    pub(super) record: Rc<RefCell<Record>>,
    /// How long after its due time an order may still be executed.
    pub(super) grace: Duration,
    /// How many orders may still be placed.
    pub(super) left: Cell<u64>,
}

/// Starts `users` users, `spawn_rate` a second, and waits for the last of them; they place `orders` orders at most.
pub(super) async fn run(shared: Rc<Shared>, users: u64, spawn_rate: f64, orders: Option<u64>) -> Demand {
    let mut alive = JoinSet::new();
    let start = |_| drop(alive.spawn_local(User::new(shared.clone()).live()));
    let started = start_users(shared.clock, shared.course.clone(), &shared.left, users, spawn_rate, start).await;
    while alive.join_next().await.is_some() {}
    let orders = orders.map(|asked| Orders { asked, tried: asked - shared.left.get() });
    Demand::Users { asked: users, started, orders }
}

/// Starts users by their numbers, `spawn_rate` a second, while something is left to do; tells how many.
pub(super) async fn start_users(
    clock: Clock,
    mut course: Course,
    left: &Cell<u64>,
    users: u64,
    spawn_rate: f64,
    mut start: impl FnMut(u64),
) -> u64 {
    for number in 0..users {
        let moment = (number as f64 / spawn_rate * 1e6) as Micros;
        // Not slept for when it is past: at a high rate the timer's millisecond adds up.
        if moment > clock.now() {
            tokio::select! {
                () = clock.sleep_until(moment) => {}
                () = course.ended() => {}
            }
        }
        if !course.running() || left.get() == 0 {
            return number;
        }
        start(number);
    }
    users
}

struct User {
    shared: Rc<Shared>,
    course: Course,
    /// Ends heard while the POST was under way, and when; kept for its memory.
    early: Vec<(OrderId, End, Micros)>,
}

/// What went wrong with one order, and its id where that is known.
struct Failed {
    id: Option<OrderId>,
    failure: Failure,
}

impl User {
    fn new(shared: Rc<Shared>) -> Self {
        Self { course: shared.course.clone(), shared, early: Vec::new() }
    }

    async fn live(mut self) {
        let (mut feed, mut poster) = (None, None);
        while self.course.running() && self.shared.left.get() > 0 {
            let connected = connect(&self.shared, &mut feed, &mut poster).await;
            let (feed_now, poster_now) = match connected {
                Ok(both) => both,
                Err(failure) => {
                    self.shared.record.borrow_mut().failures.add(failure, 1);
                    self.course.pause(RECONNECT_PAUSE).await;
                    continue;
                }
            };
            // Asked again: connecting took a while.
            if !self.course.running() || !self.take_turn() {
                break;
            }
            if let Err(failed) = self.order(feed_now, poster_now).await {
                self.settle(failed, &mut feed).await;
            }
        }
        if let Some(feed) = feed {
            feed.leave().await;
        }
    }

    /// Takes one of the orders that are left to place.
    fn take_turn(&self) -> bool {
        let left = self.shared.left.get();
        self.shared.left.set(left.saturating_sub(1));
        left > 0
    }

    /// Places an order and waits until it is executed.
    async fn order(&mut self, feed: &mut Feed, poster: &mut Poster) -> Result<(), Failed> {
        let sent = self.shared.clock.now();
        let placed = self.place(feed, poster).await?;
        let now = self.shared.clock.now();
        self.shared.record.borrow_mut().replied(sent, now);
        let heard = self.early.iter().find(|(id, ..)| *id == placed.id);
        let (end, at) = match heard {
            Some((_, end, at)) => (*end, *at),
            None => self.wait_for(feed, &placed).await?,
        };
        match end {
            End::Executed => {
                self.shared.record.borrow_mut().executed(sent, at);
                Ok(())
            }
            End::Cancelled => Err(Failed::order(placed.id, Failure::Cancelled)),
        }
    }

    /// Posts, and meanwhile notes which orders are heard to end.
    async fn place(&mut self, feed: &mut Feed, poster: &mut Poster) -> Result<Placed, Failed> {
        self.early.clear();
        let mut post = pin!(poster.post());
        loop {
            tokio::select! {
                biased;
                heard = feed.next_end() => match heard {
                    Ok((id, end)) => self.early.push((id, end, self.shared.clock.now())),
                    Err(failure) => {
                        // The order may have been placed: its id belongs into the list.
                        let id = post.await.ok().map(|placed| placed.id);
                        return Err(Failed { id, failure });
                    }
                },
                () = self.course.broken_off() => return Err(Failed::nameless(Failure::BrokenOff)),
                reply = &mut post => return reply.map_err(Failed::nameless),
            }
        }
    }

    /// Waits for the end of the user's own order, and tells when it was heard.
    async fn wait_for(&mut self, feed: &mut Feed, placed: &Placed) -> Result<(End, Micros), Failed> {
        let limit = patience(self.shared.grace, placed.due, clock::wall());
        let mut given_up = pin!(async {
            tokio::select! {
                () = clock::sleep(limit) => Failure::NotExecuted,
                () = self.course.broken_off() => Failure::BrokenOff,
            }
        });
        loop {
            tokio::select! {
                // In this order, so that foreign frames do not cost a look at the timer.
                biased;
                heard = feed.next_end() => match heard {
                    Ok((id, end)) if id == placed.id => return Ok((end, self.shared.clock.now())),
                    Ok(_) => {}
                    Err(failure) => return Err(Failed::order(placed.id, failure)),
                },
                failure = &mut given_up => return Err(Failed::order(placed.id, failure)),
            }
        }
    }

    /// Records a failure, and makes the user fit for the next order.
    async fn settle(&mut self, failed: Failed, feed: &mut Option<Feed>) {
        let closed = matches!(failed.failure, Failure::SocketClosed(_));
        {
            let failures = &mut self.shared.record.borrow_mut().failures;
            match failed.id {
                Some(id) => failures.add_order(id, failed.failure),
                None => failures.add(failed.failure, 1),
            }
        }
        if closed {
            *feed = None;
        }
        if failed.id.is_some() && !closed {
            return;
        }
        match feed {
            // Read on during the pause: a subscriber that does not is cut off.
            Some(open) => {
                let drained = tokio::select! {
                    failure = open.drain() => Some(failure),
                    () = self.course.pause(REFUSED_PAUSE) => None,
                };
                if let Some(failure) = drained {
                    self.shared.record.borrow_mut().failures.add(failure, 1);
                    *feed = None;
                }
            }
            None => self.course.pause(RECONNECT_PAUSE).await,
        }
    }
}

impl Failed {
    fn order(id: OrderId, failure: Failure) -> Self {
        Self { id: Some(id), failure }
    }

    fn nameless(failure: Failure) -> Self {
        Self { id: None, failure }
    }
}

/// Opens what is missing of a user's two connections.
async fn connect<'a>(
    shared: &Shared,
    feed: &'a mut Option<Feed>,
    poster: &'a mut Option<Poster>,
) -> Result<(&'a mut Feed, &'a mut Poster), Failure> {
    if let Some(open) = poster
        && !open.usable().await
    {
        *poster = None;
    }
    let feed = match feed {
        Some(open) => open,
        None => feed.insert(Feed::subscribe(&shared.server, READ_BUFFER).await?),
    };
    let poster = match poster {
        Some(open) => open,
        None => poster.insert(Poster::connect(&shared.server, shared.grace).await?),
    };
    Ok((feed, poster))
}

/// How long an order that was answered at `now` is waited for: until `grace` after it is due.
pub(super) fn patience(grace: Duration, due: Option<Micros>, now: Micros) -> Duration {
    /// No order of the contract is pending longer; a longer wait is a wrong clock.
    const LONGEST_DELAY: Micros = 60_000_000;
    let until_due = due.map_or(0, |due| (due - now).clamp(0, LONGEST_DELAY));
    grace + clock::duration(until_due)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grace_counts_from_the_due_time() {
        let grace = Duration::from_secs(10);
        let patience_ms = |due| patience(grace, due, 1_000_000).as_millis();
        assert_eq!(patience_ms(Some(1_500_000)), 10_500);
        assert_eq!(patience_ms(Some(400_000)), 10_000);
        assert_eq!(patience_ms(None), 10_000);
        assert_eq!(patience_ms(Some(Micros::MAX / 2)), 70_000);
    }
}
