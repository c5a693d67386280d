//! The OrderBook actor: owns all state, answers every request, executes what falls due.
//!
//! Requests come in through [`OrderBookAddr`]; replies go back and announcements go to the Feeds, both through the
//! [`Outbox`], which waits for the store. Everything drained from the mailbox in one turn is one batch. Knows nothing of
//! HTTP or JSON.

mod addr;
mod durable;
mod history;
mod outbox;

use std::sync::Arc;

use actix::{Actor, AsyncContext, Context, Handler, Message};
use tokio::sync::{oneshot, watch};
use tradepit_engine::{
    Body, Book, Changes, Command, EXECUTE_AT_MOST, Event, OpenOrders, Order, OrderId, Page, Rejection, Seq, Time,
};
use tradepit_store::{Batch, Store};

use crate::ask::{Compare, Delay, Lookup, Placed, ReadChanges, ReadOpenOrders, Submit};
use crate::chance::{Chance, DelayModel, Delays, Ids};
use crate::clock::Clock;
use crate::feed::link::{Announce, FeedLink};
use crate::stats::Stats;
use crate::turn::{Next, Turns, take_turns};
use addr::{Envelope, Shared, Waiting};
use history::History;
use outbox::Outbox;

pub use addr::{OrderBookAddr, Refused};
pub use durable::{Restore, StartStore};

/// A turn that gathered so many changes or replies is told in parts: a batch is bounded, and the timer is not starved.
const BATCH_AT_MOST: usize = 256;

/// The timer rests so long after whatever came last, in microseconds: a message executes what is due by itself, and those
/// that are due within a moment of each other execute together, and are told of in one go.
const REST_US: u64 = 100;

/// What an OrderBook is started with.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How long orders wait.
    pub delay: DelayModel,
    /// How long orders wait that ask for it.
    pub long_delay: DelayModel,
    /// Where ids and delays come from.
    pub chance: Chance,
    /// The time.
    pub clock: Clock,
    /// Orders held, open and closed.
    pub max_orders: usize,
    /// Recent changes held for `since`.
    pub history: usize,
    /// Messages that may wait in the mailbox; one more is refused.
    pub mailbox: usize,
}

/// The actor.
pub struct OrderBook {
    setup: Setup,
    book: Book,
    /// The time of the message in hand: read once, so that what was due by then was executed by then.
    now: Time,
    /// The timer does not fire before.
    rest_until: Time,
    /// The changes of this turn, not yet told to anybody.
    batch: Vec<Event>,
    /// Replies that wait for this turn's batch.
    batch_replies: usize,
    outbox: Outbox,
    history: History,
    feeds: Vec<FeedLink>,
    store: Option<Arc<dyn Store>>,
    /// Which ids were given.
    ids: Ids,
    delays: Delays,
    shared: Arc<Shared>,
    stats: Arc<Stats>,
    /// Dropped with the actor: that is how [`OrderBookAddr::stopped`] knows.
    _alive: watch::Sender<()>,
}

impl OrderBook {
    /// Starts an OrderBook on this thread.
    #[must_use]
    pub fn start(setup: Setup, stats: Arc<Stats>) -> OrderBookAddr {
        let mailbox = setup.mailbox;
        let (alive, watched) = watch::channel(());
        let shared = Arc::new(Shared::new(mailbox, Arc::clone(&stats)));
        let order_book = OrderBook {
            book: Book::new(setup.max_orders),
            now: setup.clock.now(),
            rest_until: Time(i64::MIN),
            batch: Vec::new(),
            batch_replies: 0,
            outbox: Outbox::default(),
            history: History::new(setup.history),
            feeds: Vec::new(),
            store: None,
            ids: Ids::new([(Seq(1), setup.chance)].into_iter()),
            delays: Delays::new(setup.chance),
            shared: Arc::clone(&shared),
            stats,
            setup,
            _alive: alive,
        };
        OrderBookAddr::new(Actor::start(order_book), shared, watched)
    }

    pub(crate) fn book(&self) -> &Book {
        &self.book
    }

    pub(crate) fn submit(&mut self, request: Submit) -> Result<Placed, Rejection> {
        let Submit { symbol, quantity, delay, origin, unknown_as_of } = request;
        // A name that was stored after the store was asked must still be here.
        if self.store.is_some() && origin.is_some() && unknown_as_of.is_none_or(|seq| seq < self.book.forgotten()) {
            return Ok(Placed::LookFirst);
        }
        let model = match delay {
            Delay::Usual => &self.setup.delay,
            Delay::Long => &self.setup.long_delay,
        };
        let delay_us = self.delays.order_us(self.book.accepted_orders(), model);
        let accepted = self.book.last_seq().next();
        let id = self.setup.chance.id(accepted);
        let placed = match self.commit(&Command::Submit { id, symbol, quantity, delay_us, origin }) {
            Ok(_) => self.book.order(accepted).cloned().map(Placed::New),
            Err(Rejection::AlreadyPlaced(seq)) => self.book.order(seq).map(|order| Placed::Again(order.while_open())),
            Err(rejection) => return Err(rejection),
        };
        placed.ok_or(Rejection::UnknownOrder)
    }

    pub(crate) fn cancel(&mut self, id: OrderId) -> Result<(), Rejection> {
        let accepted_seq = self.find(id).ok_or(Rejection::UnknownOrder)?.accepted_seq;
        self.commit(&Command::Cancel { accepted_seq }).map(drop)
    }

    /// The order of this id, if it is held: the id carries the order's number.
    pub(crate) fn find(&self, id: OrderId) -> Option<&Order> {
        self.book.order(self.ids.seq_of(id)?).filter(|order| order.id == id)
    }

    pub(crate) fn add_feed(&mut self, feed: FeedLink) {
        if !self.feeds.contains(&feed) {
            self.feeds.push(feed);
        }
    }

    pub(crate) fn read_changes(&self, request: ReadChanges) -> Lookup<Changes, ()> {
        if self.store.is_some() && !self.history.holds_after(request.after) {
            return Lookup::InStore(());
        }
        Lookup::Here(self.history.read(&request))
    }

    pub(crate) fn read_open_orders(&self, request: ReadOpenOrders) -> Lookup<OpenOrders, ()> {
        if self.store.is_some() { Lookup::InStore(()) } else { Lookup::Here(self.held_open_orders(request)) }
    }

    fn held_open_orders(&self, request: ReadOpenOrders) -> OpenOrders {
        if !self.history.holds_after(request.as_of) || self.book.forgotten() > request.as_of {
            return OpenOrders::Lost(self.history.lost());
        }
        let Page { orders, next } = self.book.open_orders_at(request.as_of, request.after, request.filter);
        OpenOrders::Held { orders, next }
    }

    /// What fell due by a step forward is executed at the end of this turn, whose timer is over by then.
    pub(crate) fn compare_clocks(&mut self, compare: Compare) -> i64 {
        let (machine, venue) = ((compare.machine)(), self.setup.clock.now());
        let ahead_us = venue.0.saturating_sub(machine.0);
        if ahead_us <= -compare.slack_us {
            self.setup.clock = self.setup.clock.not_before(machine);
        }
        ahead_us
    }

    /// The one place that changes state (invariant 1). Returns how many changes there were.
    fn commit(&mut self, command: &Command) -> Result<usize, Rejection> {
        let events = self.book.decide(self.now, command)?;
        for event in &events {
            self.book.apply(event);
            self.count(event);
        }
        let changes = events.len();
        self.batch.extend(events);
        Ok(changes)
    }

    /// Executes all that is due by now: done before anything else, so no reader ever sees an order pending past its
    /// time (invariant 8).
    fn execute_due(&mut self) {
        self.now = self.setup.clock.now();
        self.rest_until = self.now.plus_us(REST_US);
        while self.book.next_due().is_some_and(|due_at| due_at <= self.now) {
            let executed = self.commit(&Command::ExecuteDue).unwrap_or(0);
            if self.batch.len() >= BATCH_AT_MOST {
                self.end_batch();
            }
            if executed < EXECUTE_AT_MOST {
                break;
            }
        }
    }

    /// Ends a batch: it goes to the store, and what may be told now is told, announcements before replies.
    fn end_batch(&mut self) {
        if !self.batch.is_empty() {
            self.history.extend(&self.batch);
            // Who subscribes later than now begins after this batch.
            let is_heard = self.feeds.iter().any(FeedLink::has_subscribers);
            if is_heard || self.store.is_some() {
                let batch = self.batch.drain(..).collect();
                self.hand_over(batch, is_heard);
            }
            self.batch.clear();
            self.stats.open.set(self.book.open_orders());
            self.stats.held.set(self.book.held_orders());
        }
        self.batch_replies = 0;
        self.release(if self.store.is_some() { self.outbox.durable() } else { self.book.last_seq() });
    }

    fn hand_over(&mut self, batch: Batch, is_heard: bool) {
        self.outbox.hold(Arc::clone(&batch), is_heard);
        if let Some(store) = &self.store {
            store.append(batch);
            self.count_unconfirmed();
        }
    }

    /// Tells what may be told once everything up to `durable` is durable.
    fn release(&mut self, durable: Seq) {
        let feeds = &mut self.feeds;
        self.outbox.release(durable, |batch| feeds.retain(|feed| feed.announce(Announce(Arc::clone(&batch)))));
    }

    /// Answers now, or once what the answer tells of is durable. Until then the request counts as waiting: so the
    /// mailbox's limit bounds also what waits for a slow disk.
    fn reply<T: Send + 'static>(&mut self, waiting: Waiting, reply: oneshot::Sender<T>, answer: T) {
        let newest = self.book.last_seq();
        let deliver = move || {
            drop(waiting);
            // A failed send: whoever asked has gone, and nobody misses the answer.
            drop(reply.send(answer));
        };
        if self.outbox.is_durable(newest) {
            deliver();
        } else {
            self.outbox.hold_reply(newest, Box::new(deliver));
            self.batch_replies += 1;
        }
        if self.batch.len() >= BATCH_AT_MOST || self.batch_replies >= BATCH_AT_MOST {
            self.end_batch();
        }
    }

    fn count(&self, event: &Event) {
        match &event.body {
            Body::Accepted(_) => self.stats.accepted.add(1),
            Body::Cancelled(_) => self.stats.cancelled.add(1),
            Body::Executed(order) => {
                self.stats.executed.add(1);
                let due_at = self.book.order(order.accepted_seq).map_or(event.at, |order| order.due_at);
                self.stats.lateness.observe_us(event.at.us_since(due_at));
            }
        }
    }
}

impl Actor for OrderBook {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        // Set once: an actor starts once.
        let _ = self.shared.addr.set(ctx.address());
        // One more than is let in by `OrderBookAddr`, which counts for all senders together.
        ctx.set_mailbox_capacity(self.setup.mailbox + 1);
        take_turns(ctx, self.setup.clock.timer());
    }
}

impl Turns for OrderBook {
    fn end_turn(&mut self) -> Next {
        self.end_batch();
        let Some(due_at) = self.book.next_due() else { return Next::Message };
        let wake_at = if due_at <= self.now { due_at } else { due_at.max(self.rest_until) };
        Next::Timer(self.setup.clock.instant_of(wake_at))
    }

    fn wake(&mut self, ctx: &mut Context<Self>) {
        self.handle(Due, ctx);
    }
}

/// The delayed-execution message: the timer of the earliest open order fired. It tells no order: what is due is
/// decided by the time, so one that comes early, late or twice is harmless.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Due;

impl Handler<Due> for OrderBook {
    type Result = ();

    fn handle(&mut self, _: Due, _: &mut Self::Context) {
        self.execute_due();
    }
}

impl<R: crate::ask::Request> Handler<Envelope<R>> for OrderBook {
    type Result = ();

    fn handle(&mut self, envelope: Envelope<R>, _: &mut Self::Context) {
        self.execute_due();
        let answer = envelope.request.handle(self);
        self.reply(envelope.waiting, envelope.reply, answer);
    }
}

impl std::fmt::Debug for OrderBook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderBook").field("setup", &self.setup).finish_non_exhaustive()
    }
}
