//! A world with a clock of its own, an OrderBook, a [`Fake`] behind it, clients and subscribers: each judges what it is
//! told by the store's log at the moment when it is told.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use tokio::task::JoinHandle;
use tradepit_actors::{
    Begin, Chance, Clock, DelayModel, FeedHandle, Gap, Ids, List, Listed, Placed, Recovered, Refused, Setup, Start,
    Stats, Submit, Venue, VenueId, Voice, open,
};
use tradepit_engine::{Body, ChangeFilter, Event, Exchange, Name, Order, OrderId, Rejection, Seq, State, Time};
use tradepit_store::{Error, Store};

use crate::fake::{Fake, happen, has, orders};

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
    pub(crate) fake: Arc<Fake>,
    max_orders: usize,
    feed: FeedHandle,
    /// The greatest number that anybody was told of, by a reply or an announcement.
    told: Cell<usize>,
    /// The greatest number that a reply to whoever caused it told of.
    acknowledged: Cell<usize>,
    pub(crate) ids: RefCell<Vec<OrderId>>,
    new: RefCell<BTreeSet<Seq>>,
    subscribers: RefCell<Vec<Rc<Subscriber>>>,
    met: RefCell<BTreeSet<&'static str>>,
}

/// Where somebody stood who asked.
struct Asked {
    told: usize,
    at: Time,
}

struct Subscriber {
    begin: Begin,
    filter: ChangeFilter,
    heard: RefCell<Vec<String>>,
}

/// What a new OrderBook in front of a store of this log is given.
fn recovered(beginning: &Beginning, chance: Chance, fake: &Arc<Fake>) -> (Recovered, Time) {
    let Beginning { max_orders, recent, ref log, earlier, .. } = *beginning;
    let mut exchange = Exchange::backed(max_orders, recent);
    let open = orders(log).into_values().filter(|order| order.state == State::Pending);
    let open: BTreeSet<Seq> = open.map(|order| order.accepted_seq).collect();
    log.iter().filter(|event| open.contains(&event.seq)).for_each(|event| exchange.apply(event));
    let (last_seq, last_at) = log.last().map_or((Seq(0), Time(i64::MIN)), |event| (event.seq, event.at));
    let accepted = log.iter().filter(|event| event.accepted().is_some()).count();
    exchange.resume(last_seq, last_at, accepted as u64);
    let ids = Ids::new([(Seq(1), earlier), (last_seq.next(), chance)].into_iter());
    let store = Arc::clone(fake);
    let start = Box::new(move |confirm: &_| {
        store.start(confirm);
        Ok(store as Arc<dyn Store>)
    });
    (Recovered { exchange, ids, start }, last_at)
}

impl World {
    pub(crate) async fn begin(beginning: Beginning) -> Rc<World> {
        let chance = Chance::seeded(1);
        let fake = Fake::new(beginning.log.clone(), beginning.fails_at);
        let (recovered, last_at) = recovered(&beginning, chance, &fake);
        let clock = Clock::starting_at(Time(0)).not_before(last_at);
        let setup = Setup {
            delay: DelayModel::Uniform { min_us: 1_000, max_us: 200_000 },
            long_delay: DelayModel::Fixed { us: 400_000 },
            chance,
            clock,
            max_orders: beginning.max_orders,
            history: beginning.history,
            mailbox: beginning.mailbox,
        };
        let venue = Venue::start(VenueId(1), setup, Some(recovered)).expect("a fake store starts");
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
            stats: Arc::clone(venue.stats()),
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

    fn asked(&self) -> Asked {
        Asked { told: self.told.get(), at: self.clock.now() }
    }

    /// Somebody was told of a change: it must be durable (invariant 3).
    fn tells(&self, seq: Seq, durable: usize) {
        let number = usize::try_from(seq.0).expect("small");
        assert!(number <= durable, "told of change {number}, but only {durable} are durable");
        self.told.set(self.told.get().max(number));
    }

    /// The same for a reply to whoever caused the change: the OrderBook must know that it is durable.
    fn acknowledges(&self, seq: Seq) {
        self.tells(seq, self.fake.confirmed());
        self.acknowledged.set(self.acknowledged.get().max(self.told.get().min(seq.0 as usize)));
    }

    fn durable_orders(&self) -> BTreeMap<Seq, Order> {
        orders(&self.fake.log()[..self.fake.durable()])
    }

    /// A reply is true if it was true at some moment after all that anybody had been told of when it was asked for, and
    /// if that moment is durable.
    fn was_true(&self, asked: &Asked, is_true: impl Fn(&BTreeMap<Seq, Order>) -> bool) -> bool {
        let log = &self.fake.log()[..self.fake.durable()];
        let mut orders = orders(&log[..asked.told]);
        let mut later = log[asked.told..].iter();
        loop {
            if is_true(&orders) {
                return true;
            }
            let Some(event) = later.next() else { return false };
            happen(&mut orders, event);
        }
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

    pub(crate) async fn place(self: Rc<World>, submit: Submit) {
        let asked = self.asked();
        let placed = match self.venue.place(submit.clone()).await {
            Ok(placed) => placed,
            Err(refused) => return self.refused(refused),
        };
        let Submit { symbol, quantity, ref origin, .. } = submit;
        let names = || origin.iter().flat_map(|origin| origin.names());
        let is_same = |order: &Order| order.is_for(symbol, quantity, origin.as_deref());
        match placed {
            Ok(Placed::New(order)) => {
                self.met("new");
                self.acknowledges(order.accepted_seq);
                assert_eq!((order.symbol, order.quantity, &order.origin), (symbol, quantity, origin));
                assert_eq!(self.durable_orders()[&order.accepted_seq].while_open(), order);
                assert!(order.accepted_at >= asked.at && self.new.borrow_mut().insert(order.accepted_seq));
                self.ids.borrow_mut().push(order.id);
            }
            Ok(Placed::Again(order)) => {
                self.met("again");
                self.tells(order.seq, self.fake.durable());
                assert_eq!(self.durable_orders()[&order.accepted_seq].while_open(), order);
                assert!(is_same(&order) && names().any(|name| has(&order, &name)), "{order:?} for {submit:?}");
            }
            Err(Rejection::NameTaken(taken)) => {
                self.met("name taken");
                assert!(names().any(|name| name == taken), "{taken:?} for {submit:?}");
                let durable = self.durable_orders();
                let other = durable.values().find(|order| has(order, &taken));
                assert!(other.is_some_and(|order| !is_same(order)), "{taken:?} is no other order's");
            }
            Err(Rejection::BookFull) => {
                self.met("book full");
                let open =
                    |orders: &BTreeMap<Seq, Order>| orders.values().filter(|o| o.state == State::Pending).count();
                assert!(self.was_true(&asked, |orders| open(orders) >= self.max_orders), "it had room");
            }
            Err(_) => panic!("{placed:?}"),
        }
    }

    pub(crate) async fn cancel(self: Rc<World>, id: OrderId) {
        let known = self.ids.borrow().contains(&id);
        match self.venue.cancel(id).await {
            Ok(found) => {
                assert_eq!(found, known, "{id:?}");
                let durable = self.durable_orders();
                let order = durable.values().find(|order| order.id == id);
                assert!(order.is_none_or(|order| order.state != State::Pending), "{order:?} was cancelled");
                if let Some(order) = order {
                    self.met("cancelled");
                    self.acknowledges(order.seq.min(Seq(self.fake.confirmed() as u64)));
                }
            }
            Err(refused) => self.refused(refused),
        }
    }

    pub(crate) async fn find(self: Rc<World>, id: OrderId) {
        let asked = self.asked();
        match self.venue.find(id).await {
            Ok(found) => self.judge_found(&asked, found, |order| order.id == id),
            Err(refused) => self.refused(refused),
        }
    }

    pub(crate) async fn find_named(self: Rc<World>, name: Name) {
        let asked = self.asked();
        match self.venue.find_named(name.clone()).await {
            Ok(found) => self.judge_found(&asked, found, |order| has(order, &name)),
            Err(refused) => self.refused(refused),
        }
    }

    fn judge_found(&self, asked: &Asked, found: Option<Order>, is_it: impl Fn(&Order) -> bool) {
        let is_true = |orders: &BTreeMap<Seq, Order>| orders.values().find(|order| is_it(order)) == found.as_ref();
        assert!(self.was_true(asked, is_true), "{found:?} as of no moment since {}", asked.told);
        self.met(if found.is_some() { "found" } else { "not found" });
        found.iter().for_each(|order| self.tells_order(asked, order));
    }

    /// Nobody is told that an order is open which was due when it was asked for (invariant 8).
    fn tells_order(&self, asked: &Asked, order: &Order) {
        self.tells(order.seq, self.fake.durable());
        assert!(order.state != State::Pending || order.due_at > asked.at, "{order:?} is open at {:?}", asked.at);
    }

    pub(crate) async fn list(self: Rc<World>, scan: List) {
        let asked = self.asked();
        let listed = match self.venue.list(scan).await {
            Ok(listed) => listed,
            Err(refused) => return self.refused(refused),
        };
        let is_true = |orders: &BTreeMap<Seq, Order>| {
            let after = match scan.start {
                Start::First => Some(Seq(0)),
                Start::At(seq) => Some(seq),
                Start::After(id) => orders.values().find(|order| order.id == id).map(|order| order.accepted_seq),
            };
            let expected = after.map(|after| {
                let after = orders.range(after.next()..).map(|(_, order)| order);
                let mut matching: Vec<Order> = after.filter(|order| scan.filter.matches(order)).cloned().collect();
                let has_more = matching.len() > scan.limit;
                matching.truncate(scan.limit);
                Listed { orders: matching, has_more }
            });
            expected == listed
        };
        assert!(self.was_true(&asked, is_true), "{listed:?} for {scan:?} as of no moment since {}", asked.told);
        self.met("listed");
        listed.iter().flat_map(|listed| &listed.orders).for_each(|order| self.tells_order(&asked, order));
    }

    /// Subscribes, from now on or from some change of the past on, and listens for ever.
    pub(crate) async fn listen(self: Rc<World>, since: Option<usize>, filter: ChangeFilter) {
        let subscribed = self.venue.subscribe(&self.feed, &VOICE, filter, Box::new(|_| {})).await;
        let (registration, newest) = match subscribed {
            Ok(subscribed) => subscribed,
            Err(refused) => return self.refused(refused),
        };
        self.tells(newest, self.fake.confirmed());
        let since = since.map(|share| Begin::Since(Seq(newest.0 * share as u64 / 4)));
        let begin = since.unwrap_or(Begin::Live(newest));
        let subscriber = Rc::new(Subscriber { begin, filter, heard: RefCell::default() });
        self.subscribers.borrow_mut().push(Rc::clone(&subscriber));
        let nothing = stream::pending::<Result<Bytes, PayloadError>>();
        let mut session = Box::pin(open(registration, begin, Arc::clone(&self.venue), nothing));
        while let Some(bytes) = session.next().await {
            let texts = texts(&bytes.expect("nothing fails"));
            let durable = if let Begin::Live(_) = begin { self.fake.confirmed() } else { self.fake.durable() };
            texts.iter().filter_map(|text| change_of(text)).for_each(|seq| self.tells(seq, durable));
            subscriber.heard.borrow_mut().extend(texts);
        }
    }

    /// Lets time pass, and everything happen that happens by then.
    pub(crate) async fn pass(&self, us: u64) {
        let until = self.clock.instant_of(self.clock.now().plus_us(us));
        tokio::time::sleep_until(until.expect("it is real")).await;
    }

    /// Lets time pass without a chance for anything to happen: no timer fires before the next request comes.
    pub(crate) fn skip(&self, us: u64) {
        // It moves the clock when first polled; the rest is a yield.
        let moved = tokio::time::advance(Duration::from_micros(us)).now_or_never();
        assert!(moved.is_none(), "it yields after it moved the clock");
    }

    /// Lets everything happen that can happen now. What a reply told of before is then heard by every subscriber: it
    /// was on its way.
    pub(crate) async fn settle(&self) {
        let acknowledged = Seq(self.acknowledged.get() as u64);
        self.pass(1_000).await;
        for subscriber in self.subscribers.borrow().iter() {
            let Begin::Live(after) = subscriber.begin else { continue };
            let heard = subscriber.heard.borrow();
            let newest = heard.last().and_then(|text| change_of(text)).unwrap_or(after);
            let missed = self
                .fake
                .log()
                .iter()
                .any(|event| subscriber.filter.matches(event) && event.seq > newest && event.seq <= acknowledged);
            assert!(!missed, "replies told of {acknowledged:?}, but a subscriber stands at {newest:?}");
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
            assert!(!whole || order.state != State::Pending, "{order:?} in the end");
            for name in order.origin.iter().flat_map(|origin| origin.names()) {
                assert!(names.insert(format!("{name:?}")), "two orders of {name:?}");
            }
        }
        for subscriber in self.subscribers.borrow().iter() {
            self.judge_subscriber(subscriber, &log, whole);
        }
    }

    /// Each change once, in order, from where it began; after a gap the open orders, and on from there (invariant 4).
    fn judge_subscriber(&self, subscriber: &Subscriber, log: &[Event], whole: bool) {
        let heard = subscriber.heard.borrow();
        let (mut after, since) = match subscriber.begin {
            Begin::Live(seq) => (seq.0 as usize, false),
            Begin::Since(seq) => (seq.0 as usize, true),
        };
        let mut open: Option<Vec<&str>> = None;
        let next = |after: usize| log[after..].iter().find(|event| subscriber.filter.matches(event));
        let open_at = |as_of: usize| {
            let mut open: Vec<Order> = orders(&log[..as_of]).into_values().collect();
            open.retain(|order| order.state == State::Pending && subscriber.filter.matches_order(order));
            open.iter().map(|order| text_of(|out| write_order(order, out))).collect::<Vec<_>>()
        };
        for text in heard.iter() {
            let words: Vec<&str> = text.split(' ').collect();
            match words[0] {
                "CHANGE" => {
                    let seq = change_of(text).expect("it is one").0 as usize;
                    if let Some(open) = open.take() {
                        assert_eq!(open, open_at(after), "open as of {after}");
                    }
                    let expected = next(after).map(|event| text_of(|out| write_event(event, out)));
                    assert_eq!(Some(text), expected.as_ref(), "after {after} in {heard:?}");
                    after = seq;
                }
                "LAGGED" => {
                    assert!(since, "{heard:?}");
                    self.met("lagged");
                    after = words[2].parse().expect("a number");
                    open = Some(Vec::new());
                }
                _ => open.as_mut().expect("after a gap").push(text),
            }
        }
        if whole {
            if let Some(open) = open {
                assert_eq!(open, open_at(after), "open as of {after}");
            }
            assert!(next(after).is_none(), "{after} is the last of {} in {heard:?}", log.len());
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

/// One short frame for each thing that a subscriber is told.
static VOICE: Voice = Voice {
    event: write_event,
    gap: Some(Gap {
        lagged: |oldest, as_of, out| out.extend_from_slice(format!("LAGGED {} {}", oldest.0, as_of.0).as_bytes()),
        order: write_order,
    }),
};

fn write_event(event: &Event, out: &mut Vec<u8>) {
    let (word, id) = match &event.body {
        Body::Accepted(accepted) => ("ACCEPTED", accepted.id),
        Body::Executed(order) => ("EXECUTED", order.id),
        Body::Cancelled(order) => ("CANCELLED", order.id),
    };
    out.extend_from_slice(format!("CHANGE {} {id:?} {word} {}", event.seq.0, event.at.0).as_bytes());
}

fn write_order(order: &Order, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("OPEN {} {:?} {}", order.accepted_seq.0, order.id, order.seq.0).as_bytes());
}

fn text_of(write: impl Fn(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).expect("it is text")
}

fn change_of(text: &str) -> Option<Seq> {
    text.strip_prefix("CHANGE ")?.split(' ').next()?.parse().ok().map(Seq)
}

/// The texts in whole frames of up to 125 bytes; pings are passed over.
fn texts(mut frames: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    while let [kind, len, rest @ ..] = frames {
        let (payload, next) = rest.split_at(usize::from(*len));
        if *kind == 0x81 {
            texts.push(String::from_utf8(payload.to_vec()).expect("it is text"));
        }
        frames = next;
    }
    texts
}
