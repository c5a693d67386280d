//! One subscriber: where it stands, what it is told, and when it is cut off. The Feed tells it and looks after it, the
//! Session's outgoing stream takes what is queued, both on one thread.
//!
//! Bounded in bytes. A subscriber that lets more than [`SLOW_AT_BYTES`] gather is cut off: with close code 1013 where
//! its socket still takes it, from outside where not.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::net::Shutdown;
use std::sync::Arc;
use std::task::Context;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;
use tradepit_engine::{ChangeFilter, Number, Symbol};

use crate::clock::Clock;
use crate::feed::aside::{Hearing, ROOM_BYTES, Told};
use crate::feed::channels::Listener;
use crate::feed::closing::{CloseCode, Disconnect};
use crate::feed::hears::Hears;
use crate::feed::market::follower::Follower;
use crate::feed::phase::Phase;
use crate::feed::queue::Queue;
use crate::feed::registry::Shared;
use crate::feed::round::Round;
use crate::feed::voice::{PING, Voice, close_frame};
use crate::feed::way::{Ending, Next, Way};
use crate::stats::{DropReason, Stats};

/// Where a subscriber counts as too slow. The contract never cuts below 256 KiB and lets it cost 1 MiB at most: this, a
/// round on top, and what actix has in hand.
const SLOW_AT_BYTES: usize = 768 * 1024;
/// Changes kept while a subscriber joins. One that takes longer draws them from the history instead.
const KEPT_AT_MOST: usize = 8_192;
/// The server pings each subscriber so often …
const PING_EVERY: Duration = Duration::from_secs(15);
/// … and drops one that sent nothing for so long.
const SILENT_AT: Duration = Duration::from_secs(40);
/// How long a client may take to answer a close frame before its socket is shut.
const CLOSE_WITHIN: Duration = Duration::from_secs(3);

/// A subscriber, as the Feed sees it.
pub(crate) struct Subscription {
    hears: Hears,
    /// What it hears beside changes, if anything.
    hearing: OnceCell<Hearing>,
    /// What it follows of the market, if anything.
    follower: Option<Follower>,
    queue: RefCell<Queue>,
    /// From the queue to the socket.
    way: Way,
    phase: RefCell<Phase>,
    heard: Cell<Instant>,
    next_ping: Cell<Instant>,
    disconnect: Disconnect,
    stats: Arc<Stats>,
}

impl Subscription {
    pub(crate) fn new(
        hears: Hears,
        follower: Option<Follower>,
        disconnect: Disconnect,
        (stats, crowd, board): Shared,
    ) -> Subscription {
        let now = Clock::monotonic();
        Subscription {
            way: hears.way(board),
            hears,
            hearing: OnceCell::new(),
            follower,
            queue: RefCell::new(Queue::new(crowd)),
            phase: RefCell::new(Phase::joining()),
            heard: Cell::new(now),
            next_ping: Cell::new(now + PING_EVERY),
            disconnect,
            stats,
        }
    }

    /// What it hears, where that is changes of status.
    pub(crate) fn statuses(&self) -> Option<(&'static Voice, ChangeFilter)> {
        match &self.hears {
            Hears::Statuses(voice, filter) => Some((voice, *filter)),
            Hears::Channels(_) => None,
        }
    }

    /// What it hears, where that is channels.
    pub(crate) fn channels(&self) -> Option<&Listener> {
        match &self.hears {
            Hears::Statuses(..) => None,
            Hears::Channels(listener) => Some(listener),
        }
    }

    /// Whether it hears of orders whole.
    pub(crate) fn hears_orders(&self) -> bool {
        self.channels().is_some_and(|listener| listener.channels.orders)
    }

    /// Takes part in a round.
    pub(crate) fn tell(&self, round: &Round) {
        let mut phase = self.phase.borrow_mut();
        let after = match &mut *phase {
            Phase::Joining { kept, changes } => {
                *changes += round.events().count();
                if *changes > KEPT_AT_MOST {
                    *phase = Phase::Replaying;
                } else {
                    kept.extend(round.announced.iter().cloned());
                }
                return;
            }
            Phase::Live(after) => *after,
            Phase::Replaying | Phase::Closing { .. } => return,
        };
        // Judged by what it left before: a burst makes nobody slow who had read everything.
        if self.unread_bytes() > SLOW_AT_BYTES {
            drop(phase);
            return self.drop_for(DropReason::Slow);
        }
        let frames = self.hears.frames(after, round);
        *phase = Phase::Live(after.max(round.last));
        self.queue.borrow_mut().push(frames);
    }

    /// Hears something beside the changes from now on.
    pub(crate) fn hear(&self, hearing: Hearing) {
        // There is one thing to hear, and it is asked for once.
        let _ = self.hearing.set(hearing);
    }

    pub(crate) fn hears_asides(&self) -> bool {
        self.hearing.get().is_some() && !self.is_closing()
    }

    /// Tells what was said beside the changes, where it is live and has room.
    pub(crate) fn tell_aside(&self, told: &mut Told) {
        let has_room = self.unread_bytes() <= ROOM_BYTES;
        let is_live = matches!(*self.phase.borrow(), Phase::Live(_));
        let hearing = self.hearing.get().filter(|_| has_room && is_live);
        if let Some(frames) = hearing.and_then(|hearing| hearing.next(told)) {
            self.queue.borrow_mut().push(frames);
        }
    }

    /// The market is otherwise in these instruments; returns whether that is news for this subscriber.
    pub(crate) fn look(&self, changed: &BTreeSet<Symbol>) -> bool {
        let has_news = self.follower.as_ref().is_some_and(|follower| follower.note(changed));
        if has_news {
            self.queue.borrow().wake();
        }
        has_news
    }

    /// What it follows of the market, as that stands now, where that is news: asked for once all else is written.
    pub(crate) fn draw(&self, task: &mut Context<'_>) -> Option<Bytes> {
        let follower = self.follower.as_ref().filter(|_| !self.is_closing())?;
        if !self.way.is_disturbed() {
            return follower.next();
        }
        let has_room = self.unread_bytes() <= ROOM_BYTES && !self.is_silent();
        let frames = has_room.then(|| follower.next()).flatten()?;
        self.queue.borrow_mut().push(frames);
        self.take_disturbed(task)
    }

    /// What it has not read yet.
    pub(crate) fn unread_bytes(&self) -> usize {
        self.queue.borrow().bytes() + self.way.bytes()
    }

    /// Keeps what is announced from now on, until [`Subscription::go_live`] or [`Subscription::let_pass`].
    pub(crate) fn hold(&self) {
        self.set_phase(Phase::joining());
    }

    /// Lets announcements pass by.
    pub(crate) fn let_pass(&self) {
        self.set_phase(Phase::Replaying);
    }

    /// Tells what was kept and everything from now on, as far as it comes after `after`. Returns whether it could:
    /// where too much came meanwhile, the rest must be drawn from the history.
    pub(crate) fn go_live(&self, after: Number) -> bool {
        let mut phase = self.phase.borrow_mut();
        let kept = match &mut *phase {
            Phase::Joining { kept, .. } => std::mem::take(kept),
            Phase::Replaying => return false,
            Phase::Live(_) | Phase::Closing { .. } => return true,
        };
        self.queue.borrow_mut().push(self.hears.frames_after(after, &kept));
        let last = kept.last().and_then(|announced| announced.batch.last()).map_or(after, |event| event.number);
        *phase = Phase::Live(after.max(last));
        true
    }

    /// Queues what a replay drew; it never counts as slow.
    pub(crate) fn push_replayed(&self, frames: Bytes) {
        if !self.is_closing() {
            self.queue.borrow_mut().push(frames);
        }
    }

    /// The next bytes to write, if there are any; whoever asks is woken when there are more.
    pub(crate) fn take(&self, task: &mut Context<'_>) -> Option<Bytes> {
        if self.way.is_disturbed() { self.take_disturbed(task) } else { self.queue.borrow_mut().take(task) }
    }

    /// The same, where faults may concern what there is.
    fn take_disturbed(&self, task: &mut Context<'_>) -> Option<Bytes> {
        loop {
            let (time, is_closing) = (self.stats.time(), self.is_closing());
            let next = self.way.take(&mut self.queue.borrow_mut(), time, is_closing, task);
            match next {
                Next::Frames(frames) => return Some(frames),
                Next::Nothing => return None,
                Next::End(ending) => {
                    self.queue.borrow_mut().clear();
                    self.end_by_fault(ending);
                }
            }
        }
    }

    /// Ends it as a fault says, whatever close frame was to come.
    fn end_by_fault(&self, ending: Ending) {
        let code = match ending {
            Ending::Close(code) => Some(CloseCode::of_fault(code)),
            Ending::Drop => None,
        };
        *self.phase.borrow_mut() = Phase::Closing { since: Clock::monotonic(), answered: code.is_some() };
        if let Some(code) = code {
            self.queue.borrow_mut().push(close_frame(code.code, code.reason));
        }
    }

    /// Wakes whoever writes to its socket.
    pub(crate) fn wake(&self) {
        self.queue.borrow().wake();
    }

    /// Whether there is something that can go its way at this moment.
    pub(crate) fn has_more(&self) -> bool {
        !self.queue.borrow().is_empty() && !self.is_silent()
    }

    /// Whether a fault keeps its socket silent: nothing is written, no pong either.
    pub(crate) fn is_silent(&self) -> bool {
        self.way.is_silent() && !self.is_closing()
    }

    pub(crate) fn is_drained(&self) -> bool {
        self.queue.borrow().is_empty() && self.way.is_empty()
    }

    pub(crate) fn is_closing(&self) -> bool {
        matches!(*self.phase.borrow(), Phase::Closing { .. })
    }

    /// Something came from the client.
    pub(crate) fn heard(&self) {
        self.heard.set(Clock::monotonic());
    }

    /// Sends a close frame after what is queued, and nothing more.
    pub(crate) fn close(&self, code: CloseCode) {
        self.close_with(code, true);
    }

    /// The client broke the protocol: what it says from here on is not read, its answer neither.
    pub(crate) fn close_for_breach(&self, code: CloseCode) {
        if self.close_with(code, false) {
            self.stats.drop_one(DropReason::Breach);
        }
    }

    /// The client closes: nothing more is told. Returns whether it was the first to.
    pub(crate) fn closed_by_client(&self) -> bool {
        let first = self.stop_telling(false);
        if first {
            self.forget();
        }
        first
    }

    /// Lets go of what it did not take yet.
    fn forget(&self) {
        self.queue.borrow_mut().clear();
        self.way.clear();
    }

    /// Whether all was said that there was to say: the close frame is written, and no answer is waited for.
    pub(crate) fn is_done(&self) -> bool {
        self.is_drained() && matches!(*self.phase.borrow(), Phase::Closing { answered: false, .. })
    }

    /// Tells the client that nothing more will come.
    pub(crate) fn hang_up(&self) {
        (self.disconnect)(Shutdown::Write);
    }

    fn close_with(&self, code: CloseCode, answered: bool) -> bool {
        let first = self.stop_telling(answered);
        if first {
            self.queue.borrow_mut().push(close_frame(code.code, code.reason));
        }
        first
    }

    fn stop_telling(&self, answered: bool) -> bool {
        let first = !self.is_closing();
        if first {
            *self.phase.borrow_mut() = Phase::Closing { since: Clock::monotonic(), answered };
        }
        first
    }

    /// Cuts the subscriber off; what it did not take yet is dropped.
    pub(crate) fn drop_for(&self, reason: DropReason) {
        if !self.is_closing() {
            self.stats.drop_one(reason);
            self.forget();
            self.close(CloseCode::TRY_AGAIN_LATER);
        }
    }

    /// The server did not run for so long: that counts against nobody. After a long time whoever is there is pinged
    /// again, and has as long to answer as ever.
    pub(crate) fn excuse(&self, absent: Duration, now: Instant) {
        let excused = |since: Instant| (since + absent).min(now);
        if let Phase::Closing { since, .. } = &mut *self.phase.borrow_mut() {
            *since = excused(*since);
        }
        self.heard.set(excused(self.heard.get()));
        if absent >= PING_EVERY {
            self.heard.set(self.heard.get().max(now - PING_EVERY));
            self.next_ping.set(now);
        }
    }

    /// The regular look: ping, and end what is silent or does not close.
    pub(crate) fn look_after(&self, now: Instant) {
        self.queue.borrow_mut().look_after();
        let closing_since = match *self.phase.borrow() {
            Phase::Closing { since, .. } => Some(since),
            Phase::Joining { .. } | Phase::Live(_) | Phase::Replaying => None,
        };
        if let Some(since) = closing_since {
            if now.saturating_duration_since(since) >= CLOSE_WITHIN {
                (self.disconnect)(Shutdown::Both);
            }
        } else if self.is_silent() {
            // It is not pinged, so it need not answer.
            self.heard.set(now);
        } else if now.saturating_duration_since(self.heard.get()) >= SILENT_AT {
            self.stats.drop_one(DropReason::Silent);
            self.stop_telling(false);
            (self.disconnect)(Shutdown::Both);
        } else if now >= self.next_ping.get() {
            self.next_ping.set(now + PING_EVERY);
            self.queue.borrow_mut().push(PING);
        }
    }

    fn set_phase(&self, phase: Phase) {
        if !self.is_closing() {
            *self.phase.borrow_mut() = phase;
        }
    }
}

#[cfg(test)]
mod tests;
