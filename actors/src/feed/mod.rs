//! The Feed actor: one for a venue on each worker thread where somebody listens, between the OrderBook and that
//! thread's Sessions.
//!
//! It encodes an announcement once for all of its subscribers, hands it to each, and judges from outside who is too
//! slow or silent: a jammed Session is not even polled. Batches grow with load by themselves: after a round it rests
//! about as long as the round's writes cost, so that fan-out takes at most half of its thread.

pub(crate) mod aside;
pub(crate) mod channels;
pub(crate) mod closing;
pub(crate) mod growing;
pub(crate) mod hears;
pub(crate) mod link;
pub(crate) mod market;
mod phase;
mod queue;
pub(crate) mod registry;
mod round;
pub(crate) mod subscription;
pub(crate) mod voice;
mod way;

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Context as Task;
use std::time::Duration;

use actix::{Actor, ActorContext, Addr, AsyncContext, Context, Handler, Message, SpawnHandle};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::clock::timer::Timer;
use crate::faults::Board;
use crate::stats::{DropReason, Stats};
use crate::turn::{Next, Turns, take_turns};
use aside::{ASIDES_EVERY, Aside, Hearing, Told};
use channels::ChannelVoice;
use closing::{CloseCode, Disconnect};
use growing::{AskBars, Growing, TellBars};
use hears::Hears;
use link::{Announce, Crowd, FeedLink, Look};
use market::Following;
use market::desk::Desk;
use market::follower::Follower;
use market::sights::Sights;
use registry::{Registration, Registry};
use round::Round;
use subscription::Subscription;

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
/// So many times the cost of its writes it rests after it told of the market, and so long at most: what came meanwhile
/// is told together, each change once. A write of four frames costs hardly more than one of one.
const LOOK_REST: u32 = 10;
const LOOK_REST_AT_MOST: Duration = Duration::from_millis(20);
/// How often subscribers are looked at.
const SWEEP: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub(crate) struct CloseAll(pub(crate) CloseCode);

/// Other faults hang on the board.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub(crate) struct LookAtFaults;

/// Somebody listens where nobody did.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub(crate) struct LookAfter;

/// Somebody hears asides from now on.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub(crate) struct TellAsides;

pub(crate) struct Feed {
    registry: Rc<Registry>,
    /// What came since the last round; a rest is short, so this is bounded by it.
    waiting: VecDeque<Announce>,
    next_round: Instant,
    /// What comes of the market.
    sights: Arc<Sights>,
    next_look: Instant,
    /// Its rests are of whole milliseconds.
    timer: Timer,
    lost: Arc<AtomicBool>,
    swept: Instant,
    /// Go on while somebody listens.
    sweeps: Option<SpawnHandle>,
    /// Goes on while somebody hears asides.
    asides: Option<SpawnHandle>,
    growing: Growing,
}

impl Feed {
    /// Starts a Feed on this thread, which asks for bars so. Faults of what it tells hang on the board.
    pub(crate) fn start(stats: Arc<Stats>, board: Arc<Board>, ask_bars: AskBars) -> FeedHandle {
        let (count, hear_channels, lost) = (Arc::default(), Arc::default(), Arc::new(AtomicBool::new(false)));
        let sights = Arc::new(Sights::default());
        let desk = Desk::new(Arc::clone(&sights));
        let crowd = Arc::<Crowd>::default();
        let counts = (Arc::clone(&count), Arc::clone(&hear_channels));
        let registry = Rc::new(Registry::new(desk, counts, (stats, Arc::clone(&crowd), board)));
        let addr = Actor::start(Feed {
            registry: Rc::clone(&registry),
            waiting: VecDeque::new(),
            next_round: Clock::monotonic(),
            sights: Arc::clone(&sights),
            next_look: Clock::monotonic(),
            timer: Timer::coarse(Clock::monotonic()),
            lost: Arc::clone(&lost),
            swept: Clock::monotonic(),
            sweeps: None,
            asides: None,
            growing: Growing::of(ask_bars),
        });
        let to = (addr.clone().recipient(), addr.clone().recipient());
        let link = FeedLink::new(to, sights, (count, hear_channels), (lost, crowd));
        FeedHandle { registry, addr, link }
    }

    fn tell_round(&mut self) {
        let mut changes = 0;
        let fits = |announced: &&Announce| {
            changes += announced.batch.len();
            changes <= ROUND_AT_MOST
        };
        let batches = self.waiting.iter().take_while(fits).count().max(1).min(self.waiting.len());
        self.registry.crowd().told(batches);
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

    /// Looks at what came of the market, and wakes whom it concerns; they draw it themselves.
    fn look(&mut self) {
        let (changed, owed) = self.registry.desk().see();
        let subscriptions = self.registry.subscriptions();
        let told = subscriptions.values().filter(|subscription| subscription.look(&changed)).count();
        if let Some(order_book) = owed {
            order_book.wake();
        }
        let writes = WRITE_COST * u32::try_from(told).unwrap_or(u32::MAX);
        let rest = writes.saturating_mul(LOOK_REST).min(LOOK_REST_AT_MOST);
        if rest >= REST_AT_LEAST {
            self.next_look = Clock::monotonic() + rest;
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

    /// Looks after subscribers; ends where there are none any more, and a closed Feed with that.
    fn sweep(&mut self, ctx: &mut Context<Feed>) {
        let lost = self.lost.swap(false, Ordering::AcqRel);
        if self.registry.is_empty() {
            self.registry.note_backlog(0);
            if let Some(sweeps) = self.sweeps.take() {
                ctx.cancel_future(sweeps);
            }
            if self.registry.is_closing() {
                ctx.stop();
            }
            return;
        }
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
    }
}

impl Turns for Feed {
    fn end_turn(&mut self, task: &mut Task<'_>) -> Next {
        let round_at = (!self.waiting.is_empty()).then_some(self.next_round);
        let look_at = self.sights.has_come().then_some(self.next_look);
        let Some(at) = round_at.into_iter().chain(look_at).min() else { return Next::Rest };
        let now = Clock::monotonic();
        if self.timer.poll(at, now, task).is_pending() {
            return Next::Rest;
        }
        if round_at == Some(at) {
            self.tell_round();
        } else {
            self.look();
        }
        if self.waiting.is_empty() && !self.sights.has_come() { Next::Rest } else { Next::Turn }
    }

    fn wake(&mut self, _: &mut Context<Self>) {}
}

impl Handler<Announce> for Feed {
    type Result = ();

    fn handle(&mut self, announced: Announce, _: &mut Self::Context) {
        self.waiting.push_back(announced);
    }
}

impl Handler<Look> for Feed {
    type Result = ();

    /// At the end of the turn.
    fn handle(&mut self, Look: Look, _: &mut Self::Context) {}
}

impl Handler<LookAfter> for Feed {
    type Result = ();

    fn handle(&mut self, LookAfter: LookAfter, ctx: &mut Self::Context) {
        if self.sweeps.is_none() {
            self.swept = Clock::monotonic();
            self.sweeps = Some(ctx.run_interval(SWEEP, Feed::sweep));
        }
    }
}

impl Handler<LookAtFaults> for Feed {
    type Result = ();

    /// What was held back by others comes at once.
    fn handle(&mut self, LookAtFaults: LookAtFaults, _: &mut Self::Context) {
        self.registry.subscriptions().values().for_each(|subscription| subscription.wake());
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

    fn handle(&mut self, CloseAll(code): CloseAll, ctx: &mut Self::Context) {
        while !self.waiting.is_empty() {
            self.tell_round();
        }
        self.registry.close(code);
        // Those who listen are looked after until they have gone.
        if self.registry.is_empty() {
            ctx.stop();
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
        self.add(hears, None, disconnect)
    }

    /// The same for one that follows something of the market, which is told once it is known.
    pub(crate) fn register_follower(
        &self,
        hears: Hears,
        (voice, following): (&'static ChannelVoice, &Following),
        disconnect: Disconnect,
    ) -> Registration {
        let follower = Follower::begin(Rc::clone(self.registry.desk()), voice, following);
        if !following.bars.is_empty() {
            // As with asides: one for each such handshake.
            self.addr.do_send(TellBars);
        }
        self.add(hears, Some(follower), disconnect)
    }

    fn add(&self, hears: Hears, follower: Option<Follower>, disconnect: Disconnect) -> Registration {
        let shared = self.registry.shared().clone();
        let is_first = self.registry.is_empty();
        let registration = self.registry.add(Subscription::new(hears, follower, disconnect, shared));
        if is_first {
            // One for each such handshake, which this thread makes and the Feed outruns; none may be lost.
            self.addr.do_send(LookAfter);
        }
        registration
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
