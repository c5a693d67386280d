//! The OrderBook actor: owns all state, answers every request, executes what falls due.
//!
//! Questions come in through its address (`addr.rs`) and are answered in `answers.rs`; replies go back and
//! announcements go to the Feeds, both through the [`Outbox`], which waits for the store. Everything drained from the
//! mailbox in one turn is one batch. Knows nothing of HTTP or JSON.

mod accounts;
pub(crate) mod acts;
pub(crate) mod addr;
mod advancing;
pub(crate) mod answers;
pub(crate) mod bars;
pub(crate) mod copying;
mod counting;
pub(crate) mod durable;
pub(crate) mod ending;
mod envelope;
pub(crate) mod fills;
mod history;
mod instruments;
mod kept;
mod outbox;
mod past;
pub(crate) mod put_off;
pub(crate) mod replacing;
mod rows;
mod rules;
pub(crate) mod together;
mod watching;

use std::sync::Arc;
use std::task::Context as Task;

use actix::{Actor, Context, Handler, Message};
use tokio::sync::{oneshot, watch};
use tradepit_engine::{Body, Command, Event, Exchange, Number, Order, Rejection, Rule, Rules, Time, Told};
use tradepit_market::Simulated;
use tradepit_store::Store;

use crate::accounts::AccountIds;
use crate::chance::{Chance, DelayModel, Delays, Ids};
use crate::clock::{Clock, Dial, Timekeeper};
use crate::feed::link::{Announce, FeedLink};
use crate::stats::Stats;
use crate::turn::{Next, Turns, take_turns};
use advancing::Journey;
use bars::Bars;
use copying::Likeness;
use envelope::Waiting;
use history::History;
use outbox::Outbox;
use put_off::Waits;
use together::Memory;
use watching::Watch;

/// A turn that gathered so many changes or replies is told in parts: a batch is bounded, and the timer is not starved.
const BATCH_AT_MOST: usize = 256;

/// The timer rests so long after whatever came last, in microseconds: a message executes what is due by itself, and
/// those that are due within a moment of each other execute together, and are told of in one go.
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
    /// The time, and who makes it pass.
    pub clock: Clock,
    /// Orders held, open and closed.
    pub max_orders: usize,
    /// How the exchange is set up, where no store has one to go on from.
    pub rules: Rules,
    /// What becomes of orders on purpose, where no store says that.
    pub rule_list: Arc<[Rule]>,
    /// What the rest of the world trades with the house, where that is simulated.
    pub simulated: Option<Simulated>,
    /// Recent changes held for `since`.
    pub history: usize,
    /// Messages that may wait in the mailbox; one more is refused.
    pub mailbox: usize,
}

pub(crate) struct OrderBook {
    delay: DelayModel,
    long_delay: DelayModel,
    chance: Chance,
    clock: Timekeeper,
    /// The way that virtual time is on.
    journey: Journey,
    exchange: Exchange,
    /// The names of its accounts, for others to read.
    accounts: Arc<AccountIds>,
    /// The time of the message in hand: read once, so that what was due by then was executed by then.
    now: Time,
    /// The timer does not fire before.
    rest_until: Time,
    /// What the last command brought about, and room for the next.
    told: Told,
    /// The changes of this turn, not yet told to anybody.
    batch: Vec<Event>,
    /// Orders as they stood after some of these changes: of rich ones, and of all that somebody hears so.
    orders: Vec<(Number, Arc<Order>)>,
    /// Replies that wait for this turn's batch.
    batch_replies: usize,
    outbox: Outbox,
    history: History,
    /// What was traded, where no store keeps that.
    bars: Bars,
    simulated: Option<Simulated>,
    /// Rows of quotes that came since it started.
    rows_held: usize,
    /// What was done together, for whoever asks it again.
    memory: Memory,
    feeds: Vec<FeedLink>,
    /// What they follow of the market.
    watch: Watch,
    /// Who waits until something is decided.
    waits: Waits,
    store: Option<Arc<dyn Store>>,
    /// Which ids were given.
    ids: Ids,
    delays: Delays,
    stats: Arc<Stats>,
    /// Dropped with the actor: that is how its address knows that it has ended.
    _alive: watch::Sender<()>,
}

/// What an OrderBook is made of, beside what it holds.
struct Parts {
    accounts: Arc<AccountIds>,
    store: Option<Arc<dyn Store>>,
    stats: Arc<Stats>,
    /// Shows the setup's clock.
    dial: Arc<Dial>,
    alive: watch::Sender<()>,
}

impl OrderBook {
    fn new(likeness: Likeness, parts: Parts) -> OrderBook {
        let Parts { accounts, store, stats, dial, alive } = parts;
        let Likeness { delay, long_delay, chance, clock, exchange, ids, history, bars, memory, .. } = likeness;
        OrderBook {
            delay,
            long_delay,
            chance,
            now: clock.now(),
            clock: Timekeeper::new(clock, dial),
            journey: Journey::default(),
            rest_until: Time(i64::MIN),
            told: Told::default(),
            batch: Vec::new(),
            orders: Vec::new(),
            batch_replies: 0,
            outbox: Outbox::after(exchange.last_number()),
            history,
            bars,
            simulated: likeness.simulated,
            rows_held: likeness.rows_held,
            memory,
            feeds: Vec::new(),
            watch: Watch::default(),
            waits: Waits::default(),
            store,
            ids,
            delays: Delays::new(chance),
            stats,
            exchange,
            accounts,
            _alive: alive,
        }
    }

    /// The one place that changes state (invariant 1). Returns how many changes there were.
    fn commit(&mut self, command: &Command) -> Result<usize, Rejection> {
        let mut told = std::mem::take(&mut self.told);
        let decided = self.exchange.decide_into(self.now, command, &mut told);
        let (changes, is_heard) = (told.len(), self.feeds.iter().any(FeedLink::hears_channels));
        for event in told.drain() {
            self.exchange.apply(&event);
            self.count(&event);
            self.show(&event, is_heard);
            self.watch.note(&event);
            self.batch.push(event);
        }
        self.told = told;
        decided?;
        while *command != Command::ExecuteDue && self.exchange.acts_now() && self.commit(&Command::ExecuteDue)? > 0 {
            // What follows at once is done before anything else.
        }
        self.do_decided();
        Ok(changes)
    }

    /// Keeps the order as it stands after a change: of a native one only where somebody hears of it so.
    fn show(&mut self, event: &Event, is_heard: bool) {
        let is_of_rich = match &event.body {
            Body::Arrived(_)
            | Body::Filled(_)
            | Body::Ended(_)
            | Body::Replaced(_)
            | Body::Rescheduled(_)
            | Body::Scripted(_)
            | Body::Amended(_)
            | Body::Triggered(_) => true,
            Body::Cancelled(order) => self.exchange.is_rich(order.accepted_number),
            Body::Accepted(_)
            | Body::Executed(_)
            | Body::Bought(_)
            | Body::Listed(_)
            | Body::InstrumentChanged(_)
            | Body::Quoted(_)
            | Body::RowsChanged(_)
            | Body::AccountOpened(_)
            | Body::Transferred(_)
            | Body::RulesSet(_)
            | Body::Refused(_) => false,
            // It is no change: it is shown with the next one.
            Body::Followed(_) | Body::Ruled(_) => return,
        };
        let Some(of) = event.order().filter(|_| is_heard || is_of_rich) else { return };
        let order = self.exchange.order(of.accepted_number);
        self.orders.extend(order.map(|order| (event.number, Arc::new(order))));
    }

    /// Executes all that is due by now: done before anything else, so no reader ever sees an order pending past its
    /// time (invariant 8). Where time is virtual, each at its own.
    fn execute_due(&mut self) {
        if self.clock.is_virtual() {
            return self.catch_up(self.clock.now());
        }
        self.now = self.clock.now();
        self.rest_until = self.now.plus_us(REST_US);
        self.execute_until_now();
    }

    /// The same, where the time was read already. Returns how many changes there were.
    fn execute_until_now(&mut self) -> usize {
        let mut all = 0;
        while self.exchange.next_due().is_some_and(|due_at| due_at <= self.now) {
            let executed = self.commit(&Command::ExecuteDue).unwrap_or(0);
            all += executed;
            if self.batch.len() >= BATCH_AT_MOST {
                self.end_batch();
            }
            if executed == 0 {
                break;
            }
        }
        all
    }

    /// Ends a batch: it goes to the store, and what may be told now is told, announcements before replies.
    fn end_batch(&mut self) {
        if !self.batch.is_empty() {
            self.history.extend(&self.batch, &self.orders);
            if self.store.is_none() {
                self.bars.extend(&self.batch);
            }
            // Who subscribes later than now begins after this batch.
            let is_heard = self.feeds.iter().any(FeedLink::has_subscribers);
            if is_heard || self.store.is_some() {
                let is_shown = self.feeds.iter().any(FeedLink::hears_channels);
                let orders = if is_shown { self.orders.drain(..).collect() } else { Arc::default() };
                let batch = self.batch.drain(..).collect();
                self.hand_over(Announce { batch, orders }, is_heard);
            }
            self.batch.clear();
            self.orders.clear();
            self.count_held();
        }
        self.batch_replies = 0;
        self.release(if self.store.is_some() { self.outbox.durable() } else { self.exchange.last_number() });
    }

    /// Counts what it holds.
    fn count_held(&self) {
        self.stats.open.set(self.exchange.open_orders());
        self.stats.held.set(self.exchange.held_orders());
        self.stats.changes.set(self.history.held());
        let clearing = self.exchange.clearing();
        self.stats.note_beside(clearing.instruments().len(), clearing.ledger().len(), self.rows_held);
        if self.store.is_none() {
            self.stats.listed.set(self.exchange.held_orders());
        }
    }

    fn hand_over(&mut self, announce: Announce, is_heard: bool) {
        let batch = Arc::clone(&announce.batch);
        self.outbox.hold(announce, is_heard);
        if let Some(store) = &self.store {
            store.append(batch);
            self.count_unconfirmed();
        }
    }

    /// Counts what the store was given and did not confirm.
    fn count_unconfirmed(&self) {
        let unconfirmed = self.exchange.last_number().0.saturating_sub(self.outbox.durable().0);
        self.stats.unconfirmed.set(usize::try_from(unconfirmed).unwrap_or(usize::MAX));
    }

    /// Tells what may be told once everything up to `durable` is durable.
    fn release(&mut self, durable: Number) {
        let feeds = &mut self.feeds;
        self.outbox.release(durable, |announce| feeds.retain(|feed| feed.announce(announce.clone())));
    }

    /// Answers now, or once what the answer tells of is durable. Until then the request counts as waiting: so the
    /// mailbox's limit bounds also what waits for a slow disk.
    fn reply<T: Send + 'static>(&mut self, waiting: Waiting, reply: oneshot::Sender<T>, answer: T) {
        let newest = self.exchange.last_number();
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
}

impl Actor for OrderBook {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        take_turns(ctx);
        self.count_held();
        self.execute_due();
    }
}

impl Turns for OrderBook {
    fn end_turn(&mut self, task: &mut Task<'_>) -> Next {
        if self.watch.owes() {
            // Woken for that: it is shown as of now.
            self.execute_due();
        }
        let goes_on = self.go_on_in_time(task);
        self.end_batch();
        self.stats.note_time(self.now);
        if self.show_watched(task) || goes_on {
            return Next::Turn;
        }
        if self.journey.is_on() {
            // It is woken once the store or the subscribers have caught up.
            return Next::Rest;
        }
        let due_at = self.exchange.next_due();
        let due_at = due_at.map(|due_at| if due_at <= self.now { due_at } else { due_at.max(self.rest_until) });
        let Some(wake_at) = due_at.into_iter().chain(self.watch.next_at()).min() else { return Next::Rest };
        if self.clock.poll(wake_at, task).is_ready() { Next::Wake } else { Next::Rest }
    }

    fn wake(&mut self, ctx: &mut Context<Self>) {
        self.handle(Due, ctx);
    }
}

/// The delayed-execution message: the timer of the earliest open order fired. It tells no order: what is due is
/// decided by the time, so one that comes early, late or twice is harmless.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub(crate) struct Due;

impl Handler<Due> for OrderBook {
    type Result = ();

    fn handle(&mut self, _: Due, _: &mut Self::Context) {
        self.execute_due();
    }
}

impl std::fmt::Debug for OrderBook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderBook").field("now", &self.now).finish_non_exhaustive()
    }
}
