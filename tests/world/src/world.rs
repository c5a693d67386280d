//! A venue in a world whose clock the test owns: nothing sleeps, time jumps.
//!
//! It wants tokio's paused clock and a `LocalSet` around it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tradepit_actors::{Chance, Clock, Delay, DelayModel, Ids, Placed, Recovered, Setup, Stats, Submit, Venue, VenueId};
use tradepit_engine::{Exchange, Number, Order, OrderId, Rejection, Rules, Seq, Status, Time};
use tradepit_kit::{orders, quantity, symbol};
use tradepit_store::Store;

use crate::log::FakeLog;

/// The timer counts in milliseconds and rounds up.
pub const TICK_US: i64 = 1_000;

/// A venue, and what shows from outside.
pub struct World {
    /// Its clock.
    pub clock: Clock,
    /// Its face.
    pub venue: Arc<Venue>,
    /// Its figures.
    pub stats: Arc<Stats>,
}

/// A venue with room for all that a test does, whose clock begins at 0.
#[must_use]
pub fn setup(delay: DelayModel) -> Setup {
    Setup {
        delay,
        long_delay: DelayModel::Fixed { us: 5_000_000 },
        chance: Chance::seeded(1),
        clock: Clock::starting_at(Time(0)),
        rules: Rules::default(),
        rule_list: Arc::default(),
        simulated: None,
        max_orders: 100_000,
        history: 100_000,
        mailbox: 10_000,
    }
}

/// The same, where every order waits so long.
#[must_use]
pub fn fixed(us: u64) -> Setup {
    setup(DelayModel::Fixed { us })
}

/// An order for this symbol.
#[must_use]
pub fn submit_of(text: &str) -> Submit {
    Submit { symbol: symbol(text), quantity: quantity(1), delay: Delay::Usual, origin: None, asked: None, group: None }
}

/// An order that was accepted just now.
#[must_use]
pub fn new(placed: Placed) -> Order {
    match placed {
        Placed::New(order) => order,
        other => panic!("it is new: {other:?}"),
    }
}

impl World {
    /// Starts a venue that keeps nothing.
    #[must_use]
    pub fn start(setup: Setup) -> World {
        World::begin(setup, None)
    }

    /// Starts a venue in front of a log that holds an earlier life, of which `exchange` keeps what is open; `earlier`
    /// gave its orders their ids.
    #[must_use]
    pub fn behind(setup: Setup, log: &Arc<FakeLog>, mut exchange: Exchange, earlier: Chance) -> World {
        let events = log.log();
        let open = orders(&events).into_values().filter(|order| !order.state.is_closed());
        let open: Vec<Number> = open.map(|order| order.accepted_number).collect();
        events.iter().filter(|event| open.contains(&event.number)).for_each(|event| exchange.apply(event));
        let (last_number, last_seq, last_at) =
            events.last().map_or((Number(0), Seq(0), Time(i64::MIN)), |event| (event.number, event.seq, event.at));
        let accepted = events.iter().filter(|event| event.accepted().is_some()).count();
        exchange.resume(last_number, last_seq, last_at, accepted as u64);
        let ids = Ids::new([(Number(1), earlier), (last_number.next(), setup.chance)].into_iter());
        let store = Arc::clone(log);
        let start = Box::new(move |confirm: &_| {
            store.start(confirm);
            Ok(store as Arc<dyn Store>)
        });
        let clock = setup.clock.not_before(last_at);
        World::begin(Setup { clock, ..setup }, Some(Recovered { exchange, ids, kept_orders: 0, start }))
    }

    fn begin(setup: Setup, recovered: Option<Recovered>) -> World {
        let clock = setup.clock;
        let venue = Venue::start(VenueId(1), setup, recovered).expect("it has no store, or one that starts");
        World { clock, stats: Arc::clone(venue.stats()), venue }
    }

    /// Places an order.
    pub async fn place(&self, submit: Submit) -> Result<Placed, Rejection> {
        self.venue.place(submit).await.expect("the mailbox has room")
    }

    /// Whether there is such an order; it is cancelled, where it was open.
    pub async fn cancel(&self, id: OrderId) -> bool {
        self.venue.cancel(id).await.expect("the mailbox has room")
    }

    /// Places some order.
    pub async fn submit(&self) -> Order {
        self.submit_as(submit_of("EURUSD")).await
    }

    /// Places an order that is new.
    pub async fn submit_as(&self, submit: Submit) -> Order {
        new(self.place(submit).await.expect("the book has room"))
    }

    /// An order that there is.
    pub async fn find(&self, id: OrderId) -> Order {
        self.venue.find(id).await.expect("the mailbox has room").expect("the order is held")
    }

    /// Lets time pass, and everything happen that happens by then; asks the OrderBook nothing.
    pub async fn sleep_until(&self, us: i64) {
        tokio::time::sleep_until(self.clock.instant_of(Time(us)).expect("it is real")).await;
    }

    /// How many orders were executed.
    #[must_use]
    pub fn executed(&self) -> u64 {
        self.stats.executed.get()
    }
}

/// Lets time pass, and everything happen that happens by then.
pub async fn pass(time: Duration) {
    tokio::time::sleep_until(Clock::monotonic() + time).await;
}

/// Lets time pass without a chance for anything to happen: the timer cannot fire.
pub fn skip(us: u64) {
    // It moves the clock when first polled; the rest is a yield.
    let moved = tokio::time::advance(Duration::from_micros(us)).now_or_never();
    assert!(moved.is_none(), "it yields after it moved the clock");
}

/// When this order was executed. Panics where it was not.
pub fn executed_at(order: &Order) -> Time {
    match (order.status(), order.closed_at) {
        (Status::Executed, Some(at)) => at,
        other => panic!("{:?} is {other:?}", order.id),
    }
}
