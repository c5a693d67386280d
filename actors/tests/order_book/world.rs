//! A venue in a world whose clock the test owns, and what tests do in it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use tradepit_actors::{
    Chance, Clock, Delay, DelayModel, FeedHandle, Placed, Refused, Registration, Setup, Stats, Submit, Venue, VenueId,
    Voice,
};
use tradepit_engine::{Body, ChangeFilter, Event, Order, OrderId, Quantity, Rejection, Seq, State, Symbol, Time};

/// The timer counts in milliseconds and rounds up.
pub(crate) const TICK_US: i64 = 1_000;

pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) venue: Arc<Venue>,
    pub(crate) stats: Arc<Stats>,
}

pub(crate) fn setup(delay: DelayModel) -> Setup {
    Setup {
        delay,
        long_delay: DelayModel::Fixed { us: 5_000_000 },
        chance: Chance::seeded(1),
        clock: Clock::starting_at(Time(0)),
        max_orders: 100_000,
        history: 100_000,
        mailbox: 10_000,
    }
}

pub(crate) fn fixed(us: u64) -> Setup {
    setup(DelayModel::Fixed { us })
}

pub(crate) fn start(setup: Setup) -> World {
    let clock = setup.clock;
    let venue = Venue::start(VenueId(1), setup, None).expect("it has no store to start");
    World { clock, stats: Arc::clone(venue.stats()), venue }
}

pub(crate) fn symbol(text: &str) -> Symbol {
    Symbol::new(text).expect("a symbol")
}

pub(crate) fn submit_of(text: &str) -> Submit {
    let quantity = Quantity::new(1).expect("a quantity");
    Submit { symbol: symbol(text), quantity, delay: Delay::Usual, origin: None }
}

/// An order that was accepted just now.
pub(crate) fn new(placed: Placed) -> Order {
    match placed {
        Placed::New(order) => order,
        other => panic!("it is new: {other:?}"),
    }
}

impl World {
    pub(crate) async fn place(&self, submit: Submit) -> Result<Placed, Rejection> {
        self.venue.place(submit).await.expect("the mailbox has room")
    }

    /// Whether there is such an order.
    pub(crate) async fn cancel(&self, id: OrderId) -> bool {
        self.venue.cancel(id).await.expect("the mailbox has room")
    }

    pub(crate) async fn submit(&self) -> Order {
        self.submit_as(submit_of("EURUSD")).await
    }

    pub(crate) async fn submit_as(&self, submit: Submit) -> Order {
        new(self.place(submit).await.expect("the book has room"))
    }

    pub(crate) async fn find(&self, id: OrderId) -> Order {
        self.venue.find(id).await.expect("the mailbox has room").expect("the order is held")
    }

    /// Lets time pass, and everything happen that happens by then; asks the OrderBook nothing.
    pub(crate) async fn sleep_until(&self, us: i64) {
        tokio::time::sleep_until(self.clock.instant_of(Time(us)).expect("it is real")).await;
    }

    pub(crate) fn executed(&self) -> u64 {
        self.stats.executed.get()
    }
}

/// Lets time pass without a chance for anything to happen: the timer cannot fire.
pub(crate) fn skip(us: u64) {
    // It moves the clock when first polled; the rest is a yield.
    let moved = tokio::time::advance(Duration::from_micros(us)).now_or_never();
    assert!(moved.is_none(), "it yields after it moved the clock");
}

pub(crate) fn executed_at(order: &Order) -> Time {
    match order.state {
        State::Executed { at } => at,
        other => panic!("{:?} is {other:?}", order.id),
    }
}

/// One frame for each change: `<id> <what happened>`.
pub(crate) static VOICE: Voice = Voice { event: write_text, gap: None };

pub(crate) fn write_text(event: &Event, out: &mut Vec<u8>) {
    let word = match event.body {
        Body::Accepted(_) => "ACCEPTED",
        Body::Executed(_) => "EXECUTED",
        Body::Cancelled(_) => "CANCELLED",
    };
    out.extend_from_slice(format!("{:?} {word}", event.order().expect("it is about one").id).as_bytes());
}

pub(crate) async fn subscribe(feed: &FeedHandle, world: &World) -> (Registration, Seq) {
    let subscribed = world.venue.subscribe(feed, &VOICE, ChangeFilter::default(), Box::new(|_| {})).await;
    subscribed.expect("the mailbox has room")
}

/// What a session writes, read until nothing more comes within a second.
pub(crate) async fn written(session: impl futures_util::Stream<Item = Result<Bytes, actix_web::Error>>) -> String {
    let mut session = Box::pin(session);
    let mut written = Vec::new();
    let second = Duration::from_secs(1);
    while let Ok(Some(Ok(bytes))) = tokio::time::timeout(second, session.next()).await {
        written.extend_from_slice(&bytes);
    }
    String::from_utf8_lossy(&written).into_owned()
}

/// Calls a function whenever it is woken, on the spot: it sees the world as it is while a reply is sent.
pub(crate) struct OnWake<F>(F);

impl<F: Fn() + Send + Sync> Wake for OnWake<F> {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

pub(crate) fn on_wake(act: impl Fn() + Send + Sync + 'static) -> Waker {
    Waker::from(Arc::new(OnWake(act)))
}

pub(crate) type Asked<T> = Pin<Box<dyn Future<Output = Result<T, Refused>>>>;

/// Places an order without waiting for the reply.
pub(crate) fn send(world: &World, submit: Submit) -> Asked<Result<Placed, Rejection>> {
    let venue = Arc::clone(&world.venue);
    Box::pin(async move { venue.place(submit).await })
}

pub(crate) fn poll_with<T>(asked: &mut Asked<T>, waker: &Waker) -> Poll<Result<T, Refused>> {
    asked.as_mut().poll(&mut Context::from_waker(waker))
}
