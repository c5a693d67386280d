//! A world with a clock of its own, an OrderBook, a [`FakeLog`] behind it, clients and subscribers: each judges what it
//! is told by the log at the moment when it is told.

mod clients;
mod subscribers;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::JoinHandle;
use tradepit_actors::{Begin, Chance, Clock, DelayModel, FeedHandle, Refused, Setup, Stats, Venue};
use tradepit_engine::{Event, Exchange, Number, Order, OrderId, Status};
use tradepit_kit::orders;
use tradepit_store::Error;
use tradepit_world::{FakeLog, pass};

use subscribers::{Subscriber, change_of};

/// How an OrderBook and its store begin.
pub(crate) struct Beginning {
    pub(crate) max_orders: usize,
    pub(crate) recent: usize,
    pub(crate) history: usize,
    pub(crate) mailbox: usize,
    /// What the store holds from an earlier life, and the key of its ids.
    pub(crate) log: Vec<Event>,
    pub(crate) earlier: Chance,
    pub(crate) fails_at: Option<usize>,
}

pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) venue: Arc<Venue>,
    pub(crate) stats: Arc<Stats>,
    pub(crate) fake: Arc<FakeLog>,
    max_orders: usize,
    feed: FeedHandle,
    /// How many events anybody was told of, by a reply or an announcement.
    told: Cell<usize>,
    /// How many events a reply to whoever caused the last of them told of.
    acknowledged: Cell<usize>,
    pub(crate) ids: RefCell<Vec<OrderId>>,
    new: RefCell<BTreeSet<Number>>,
    subscribers: RefCell<Vec<Rc<Subscriber>>>,
    met: RefCell<BTreeSet<&'static str>>,
}

impl World {
    pub(crate) async fn begin(beginning: Beginning) -> Rc<World> {
        let fake = FakeLog::new(beginning.log.clone(), beginning.fails_at);
        let setup = Setup {
            long_delay: DelayModel::Fixed { us: 400_000 },
            max_orders: beginning.max_orders,
            history: beginning.history,
            mailbox: beginning.mailbox,
            ..tradepit_world::setup(DelayModel::Uniform { min_us: 1_000, max_us: 200_000 })
        };
        let exchange = Exchange::backed(beginning.max_orders, beginning.recent);
        let world = tradepit_world::World::behind(setup, &fake, exchange, beginning.earlier);
        let tradepit_world::World { clock, venue, stats } = world;
        // A reply waits for what fell due before to be durable.
        let mut begun = Box::pin(venue.find(OrderId([7; 16])));
        while (&mut begun).now_or_never().is_none() {
            tokio::task::yield_now().await;
            fake.catch_up_once_started();
        }
        drop(begun);
        let (told, ids) = (fake.confirmed(), beginning.log.iter().filter_map(Event::order).map(|order| order.id));
        Rc::new(World {
            clock,
            feed: venue.start_feed(),
            stats,
            venue,
            fake,
            max_orders: beginning.max_orders,
            told: Cell::new(told),
            acknowledged: Cell::new(0),
            ids: RefCell::new(ids.collect::<BTreeSet<_>>().into_iter().collect()),
            new: RefCell::default(),
            subscribers: RefCell::default(),
            met: RefCell::default(),
        })
    }

    fn met(&self, what: &'static str) {
        self.met.borrow_mut().insert(what);
    }

    pub(crate) fn all_met(&self) -> BTreeSet<&'static str> {
        self.met.borrow().union(&self.fake.met()).copied().collect()
    }

    /// Somebody was told of a change: it must be durable (invariant 3).
    fn tells(&self, number: Number, durable: usize) {
        let events = self.fake.upto(number);
        assert!(events <= durable, "told of change {number:?}, but only {durable} events are durable");
        self.told.set(self.told.get().max(events));
    }

    /// The same for a reply to whoever caused the change: the OrderBook must know that it is durable.
    fn acknowledges(&self, number: Number) {
        self.tells(number, self.fake.confirmed());
        self.acknowledged.set(self.acknowledged.get().max(self.told.get().min(self.fake.upto(number))));
    }

    fn refused(&self, refused: Refused) {
        match refused {
            Refused::Full => self.met("refused: full"),
            Refused::Stopped => {
                assert!(self.fake.has_failed(), "refused as stopped, but the store works");
                self.met("refused: stopped");
            }
        }
    }

    fn durable_orders(&self) -> BTreeMap<Number, Order> {
        orders(&self.fake.log()[..self.fake.durable()])
    }

    /// Lets everything happen that can happen now. What a reply told of before is then heard by every subscriber: it
    /// was on its way.
    pub(crate) async fn settle(&self) {
        let acknowledged = self.acknowledged.get();
        pass(Duration::from_millis(1)).await;
        for subscriber in self.subscribers.borrow().iter() {
            let Begin::Live(after) = subscriber.begin else { continue };
            let heard = subscriber.heard.borrow();
            let newest = heard.last().and_then(|text| change_of(text)).unwrap_or(after);
            let log = self.fake.log();
            let mut told = log[..acknowledged].iter().filter(|event| event.status().is_some());
            let missed = told.any(|event| subscriber.filter.matches(event) && event.number > newest);
            assert!(!missed, "replies told of {acknowledged} events, but a subscriber stands at {newest:?}");
        }
    }

    /// Whether nothing is left to happen.
    pub(crate) fn is_at_rest(&self) -> bool {
        let nothing_waits = !self.fake.is_asked() && self.stats.mailbox.get() == 0;
        let nothing_open = self.stats.open.get() == 0 && self.fake.confirmed() == self.fake.appended();
        nothing_waits && (nothing_open || self.fake.has_failed())
    }

    /// Judges the whole: what is in the log, and what every subscriber heard. `whole` where nothing failed.
    pub(crate) fn judge(&self, whole: bool) {
        let log = self.fake.log();
        let mut names = BTreeSet::new();
        for order in orders(&log).values() {
            assert!(!whole || order.status() != Status::Pending, "{order:?} in the end");
            for name in order.origin.iter().flat_map(|origin| origin.names()) {
                assert!(names.insert(format!("{name:?}")), "two orders of {name:?}");
            }
        }
        for subscriber in self.subscribers.borrow().iter() {
            self.judge_subscriber(subscriber, &log, whole);
        }
    }

    /// How it must be when the store has failed and all has come to rest.
    pub(crate) async fn judge_failure(&self) {
        assert!(self.venue.stopped().now_or_never().is_some(), "the OrderBook goes on");
        assert!(matches!(self.venue.take_failure(), Some(Error::Full(_))));
        assert!(self.venue.take_failure().is_none(), "told twice");
        let asked = self.venue.cancel(OrderId([7; 16])).now_or_never();
        assert_eq!(asked, Some(Err(Refused::Stopped)));
        assert_eq!(self.stats.mailbox.get(), 0, "requests still count as waiting");
    }

    /// How many orders were told to be new.
    pub(crate) fn new_orders(&self) -> usize {
        self.new.borrow().len()
    }
}

/// A client's task. What it finds wrong comes out when it is joined.
pub(crate) fn client(task: impl Future<Output = ()> + 'static) -> JoinHandle<()> {
    tokio::task::spawn_local(task)
}
