//! The Feed actor: one for a venue on each worker thread where somebody listens, between the OrderBook and that
//! thread's Sessions.
//!
//! It encodes an announcement once for all of its subscribers, hands it to each, and judges from outside who is too
//! slow or silent: a jammed Session is not even polled. Batches grow with load by themselves: after a round it rests
//! about as long as the round's writes cost, so that fan-out takes at most half of its thread.

pub(crate) mod aside;
pub(crate) mod channels;
pub(crate) mod hears;
pub(crate) mod link;
mod queue;
pub(crate) mod registry;
mod round;
pub(crate) mod subscription;
pub(crate) mod voice;

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Context as Task;
use std::time::Duration;

use actix::{Actor, Addr, AsyncContext, Context, Handler, Message, SpawnHandle};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::clock::timer::Timer;
use crate::stats::{DropReason, Stats};
use crate::turn::{Next, Turns, take_turns};
use aside::{ASIDES_EVERY, Aside, Hearing, Told};
use hears::Hears;
use link::{Announce, FeedLink};
use registry::{Registration, Registry};
use round::Round;
use subscription::{CloseCode, Disconnect, Subscription};

/// Batches that may wait for a Feed. A Feed that is this far behind has lost its thread; its subscribers are cut.
const MAILBOX: usize = 1_024;
/// What one write to a subscriber's socket costs its thread, roughly: the kernel's send.
const WRITE_COST: Duration = Duration::from_micros(10);
/// The longest rest between two rounds.
const REST_AT_MOST: Duration = Duration::from_millis(10);
/// The timer counts in milliseconds: a shorter rest would be rounded up to one.
const REST_AT_LEAST: Duration = Duration::from_millis(1);
/// Changes in one round, give or take a batch: some 100 KB of JSON. After a burst, subscribers get to write between
/// rounds, so that nobody is found slow who had read everything before.
const ROUND_AT_MOST: usize = 512;
/// How often subscribers are looked at.
const SWEEP: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub(crate) struct CloseAll(pub(crate) CloseCode);

/// Somebody hears asides from now on.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub(crate) struct TellAsides;

pub(crate) struct Feed {
    registry: Rc<Registry>,
    /// What came since the last round; a rest is short, so this is bounded by it.
    waiting: VecDeque<Announce>,
    next_round: Instant,
    /// Its rests are of whole milliseconds.
    timer: Timer,
    lost: Arc<AtomicBool>,
    swept: Instant,
    /// Goes on while somebody hears asides.
    asides: Option<SpawnHandle>,
}

impl Feed {
    /// Starts a Feed on this thread.
    pub(crate) fn start(stats: Arc<Stats>) -> FeedHandle {
        let (count, hear_channels, lost) = (Arc::default(), Arc::default(), Arc::new(AtomicBool::new(false)));
        let registry = Rc::new(Registry::new(Arc::clone(&count), Arc::clone(&hear_channels), stats));
        let addr = Actor::start(Feed {
            registry: Rc::clone(&registry),
            waiting: VecDeque::new(),
            next_round: Clock::monotonic(),
            timer: Timer::coarse(Clock::monotonic()),
            lost: Arc::clone(&lost),
            swept: Clock::monotonic(),
            asides: None,
        });
        let link = FeedLink::new(addr.clone().recipient(), count, hear_channels, lost);
        FeedHandle { registry, addr, link }
    }

    fn tell_round(&mut self) {
        let mut changes = 0;
        let fits = |announced: &&Announce| {
            changes += announced.batch.len();
            changes <= ROUND_AT_MOST
        };
        let batches = self.waiting.iter().take_while(fits).count().max(1).min(self.waiting.len());
        let Some(round) = Round::new(self.waiting.drain(..batches).collect()) else { return };
        let subscriptions = self.registry.subscriptions();
        for subscription in subscriptions.values() {
            subscription.tell(&round);
        }
        let rest = (WRITE_COST * u32::try_from(subscriptions.len()).unwrap_or(u32::MAX)).min(REST_AT_MOST);
        if rest >= REST_AT_LEAST {
            self.next_round = Clock::monotonic() + rest;
        }
    }

    /// Tells asides to whoever hears them; ends where nobody does any more.
    fn tell_asides(&mut self, ctx: &mut Context<Feed>) {
        let (subscriptions, mut told) = (self.registry.subscriptions(), Told::default());
        let mut hearing = subscriptions.values().filter(|subscription| subscription.hears_asides()).peekable();
        if hearing.peek().is_none()
            && let Some(asides) = self.asides.take()
        {
            ctx.cancel_future(asides);
        }
        hearing.for_each(|subscription| subscription.tell_aside(&mut told));
    }

    fn sweep(&mut self) {
        let lost = self.lost.swap(false, Ordering::AcqRel);
        let now = Clock::monotonic();
        // The process was stopped for so long, or had no processor: it could hear nobody.
        let absent = now.saturating_duration_since(self.swept + SWEEP);
        self.swept = now;
        let mut largest = 0;
        for subscription in self.registry.subscriptions().values() {
            largest = largest.max(subscription.unread_bytes());
            if lost {
                subscription.drop_for(DropReason::FeedBehind);
            }
            subscription.excuse(absent, now);
            subscription.look_after(now);
        }
        self.registry.note_backlog(largest);
    }
}

impl Actor for Feed {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(MAILBOX);
        take_turns(ctx);
        ctx.run_interval(SWEEP, |feed, _| feed.sweep());
    }
}

impl Turns for Feed {
    fn end_turn(&mut self, task: &mut Task<'_>) -> Next {
        if self.waiting.is_empty() {
            return Next::Rest;
        }
        if self.timer.poll(self.next_round, Clock::monotonic(), task).is_pending() {
            return Next::Rest;
        }
        self.tell_round();
        if self.waiting.is_empty() { Next::Rest } else { Next::Turn }
    }

    fn wake(&mut self, _: &mut Context<Self>) {}
}

impl Handler<Announce> for Feed {
    type Result = ();

    fn handle(&mut self, announced: Announce, _: &mut Self::Context) {
        self.waiting.push_back(announced);
    }
}

impl Handler<TellAsides> for Feed {
    type Result = ();

    fn handle(&mut self, _: TellAsides, ctx: &mut Self::Context) {
        if self.asides.is_none() {
            self.asides = Some(ctx.run_interval(ASIDES_EVERY, Feed::tell_asides));
        }
    }
}

impl Handler<CloseAll> for Feed {
    type Result = ();

    fn handle(&mut self, CloseAll(code): CloseAll, _: &mut Self::Context) {
        while !self.waiting.is_empty() {
            self.tell_round();
        }
        for subscription in self.registry.subscriptions().values() {
            subscription.close(code);
        }
    }
}

/// The way to the Feed of this thread.
#[derive(Clone)]
pub struct FeedHandle {
    registry: Rc<Registry>,
    addr: Addr<Feed>,
    link: FeedLink,
}

impl FeedHandle {
    pub(crate) fn addr(&self) -> Addr<Feed> {
        self.addr.clone()
    }

    /// Where the OrderBook announces to.
    pub(crate) fn link(&self) -> FeedLink {
        self.link.clone()
    }

    /// Registers a subscriber. What is announced is kept for it until it is known where it stands.
    pub(crate) fn register(&self, hears: Hears, disconnect: Disconnect) -> Registration {
        let stats = Arc::clone(self.registry.stats());
        self.registry.add(Subscription::new(hears, disconnect, stats))
    }

    /// Lets a subscriber of this Feed hear something beside the changes, from now on.
    pub fn hear(&self, registration: &Registration, source: Arc<dyn Aside>) {
        registration.subscription.hear(Hearing::begin(source));
        // One for each such handshake, which this thread makes and the Feed outruns; none may be lost.
        self.addr.do_send(TellAsides);
    }

    /// The largest backlog of any of its subscribers, as of the last look.
    pub(crate) fn backlog(&self) -> Arc<AtomicUsize> {
        self.registry.backlog()
    }
}

impl std::fmt::Debug for FeedHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FeedHandle").field("link", &self.link).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feed").field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}
