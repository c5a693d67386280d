//! How virtual time goes on: from one due time to the next, everything at its own, in slices. Between two of them
//! readers get their turn, and see the time of that slice; what changes something waits until the way is done, and
//! comes then in order.
//!
//! It goes no faster than the store keeps what happens and subscribers read of it: nobody loses a history who reads.

use std::collections::VecDeque;
use std::task::Context as Task;
use std::time::Duration;

use tokio::sync::oneshot;
use tradepit_engine::{Class, Number, Time};

use super::OrderBook;
use super::answers::Answers;
use crate::ask::{Advance, Advanced, CannotAdvance, ClockStanding, Compare, ReadClock, RunClock};
use crate::clock::timer::Timer;
use crate::clock::{Clock, Mode, Speed};
use crate::feed::link::FeedLink;

/// Changes in a slice, or some more where they are due at one instant.
const SLICE: usize = 1_024;
/// So many changes may wait for the store.
const UNCONFIRMED_AT_MOST: u64 = 16_384;
/// How long it waits before it looks again whether subscribers have read.
const PAUSE: Duration = Duration::from_millis(1);

type Parked = Box<dyn FnOnce(&mut OrderBook)>;

/// The way that time is on, and what waits for its end.
#[derive(Default)]
pub(super) struct Journey {
    way: Option<Way>,
    parked: VecDeque<Parked>,
    pause: Option<Timer>,
}

struct Way {
    until: Until,
    /// The newest change when it began.
    begun: Number,
    /// How the clock runs afterwards, where it was stopped for the way.
    then: Option<Mode>,
    tell: Option<oneshot::Sender<Advanced>>,
}

#[derive(Clone, Copy)]
enum Until {
    /// This time.
    Then(Time),
    /// So many moments more at which something happened.
    Events(u32),
}

impl Journey {
    pub(super) fn is_on(&self) -> bool {
        self.way.is_some()
    }

    /// Lets this wait for the end of the way. It counts as waiting, so the mailbox's limit bounds these too.
    pub(super) fn park(&mut self, parked: Parked) {
        self.parked.push_back(parked);
    }

    /// Whether subscribers are so far behind that it waits for them; then it looks again in a moment.
    fn waits(&mut self, feeds: &[FeedLink], task: &mut Task<'_>) -> bool {
        if !feeds.iter().any(FeedLink::is_crowded) {
            return false;
        }
        let now = Clock::monotonic();
        self.pause.get_or_insert_with(|| Timer::coarse(now)).poll(now + PAUSE, now, task).is_pending()
    }
}

impl OrderBook {
    /// Does what is due by a time, at once as far as a slice goes.
    pub(super) fn catch_up(&mut self, to: Time) {
        if !self.journey.is_on() {
            self.set_out(Until::Then(to), None, None);
            self.go_on();
        }
    }

    /// Goes on where time is on its way, unless that waits; returns whether there is more to do at once.
    pub(super) fn go_on_in_time(&mut self, task: &mut Task<'_>) -> bool {
        if !self.journey.is_on() || self.waits_for_store() || self.journey.waits(&self.feeds, task) {
            return false;
        }
        self.go_on();
        while !self.journey.is_on() {
            let Some(parked) = self.journey.parked.pop_front() else { return false };
            self.execute_due();
            if self.journey.is_on() {
                self.journey.parked.push_front(parked);
            } else {
                parked(self);
            }
        }
        true
    }

    fn set_out(&mut self, until: Until, then: Option<Mode>, tell: Option<oneshot::Sender<Advanced>>) {
        if then.is_some() {
            self.clock.go_by(Clock::standing_at(self.now));
        }
        self.journey.way = Some(Way { until, begun: self.exchange.last_number(), then, tell });
    }

    /// The store tells when it has kept more.
    fn waits_for_store(&self) -> bool {
        let unconfirmed = self.exchange.last_number().0.saturating_sub(self.outbox.durable().0);
        self.store.is_some() && unconfirmed > UNCONFIRMED_AT_MOST
    }

    /// One slice.
    fn go_on(&mut self) {
        let mut happened = 0;
        while let Some(next) = self.next_on_way() {
            if happened >= SLICE || (happened > 0 && self.feeds.iter().any(FeedLink::is_crowded)) {
                self.clock.show_on_the_way(self.now);
                return;
            }
            let before = self.exchange.last_number();
            self.now = self.now.max(next);
            happened += self.execute_until_now().max(1);
            if let Some(Way { until: Until::Events(left), .. }) = &mut self.journey.way
                && before != self.exchange.last_number()
            {
                *left -= 1;
            }
        }
        self.arrive();
    }

    /// What is due next on the way, if anything is before its end.
    fn next_on_way(&self) -> Option<Time> {
        let due_at = self.exchange.next_due()?;
        let is_on_way = match self.journey.way.as_ref()?.until {
            Until::Then(to) => due_at <= to,
            Until::Events(left) => left > 0 && due_at <= Time::LAST,
        };
        is_on_way.then_some(due_at)
    }

    fn arrive(&mut self) {
        let Some(Way { until, begun, then, tell }) = self.journey.way.take() else { return };
        if let Until::Then(to) = until {
            self.now = self.now.max(to);
        }
        match then {
            Some(Mode::Real) => self.clock.go_by(Clock::system().not_before(self.now)),
            Some(Mode::Frozen) => self.clock.go_by(Clock::standing_at(self.now)),
            Some(Mode::Running(speed)) => self.clock.go_by(Clock::running_from(self.now, speed)),
            None => {}
        }
        if let Some(tell) = tell {
            let number = self.exchange.last_number();
            let advanced = Advanced { now: self.now, changes: number.0 - begun.0, number };
            let deliver = move || {
                // It fails where whoever asked has gone, and nobody misses the answer.
                let _ = tell.send(advanced);
            };
            self.outbox.hold_reply(number, Box::new(deliver));
            self.batch_replies += 1;
        }
    }

    /// Sets out to a time, or over so many events.
    fn travel(&mut self, until: Until, then: Option<Mode>) -> oneshot::Receiver<Advanced> {
        let (tell, told) = oneshot::channel();
        self.set_out(until, then, Some(tell));
        told
    }
}

impl Answers<ReadClock> for OrderBook {
    const CHANGES: bool = false;

    type Answer = ClockStanding;

    fn answer(&mut self, ReadClock: ReadClock) -> ClockStanding {
        let then = self.journey.way.as_ref().and_then(|way| way.then);
        let mode = then.unwrap_or_else(|| self.clock.clock().mode());
        let (hours, next) = (self.exchange.hours_of(Class::Equity), self.exchange.next_due());
        ClockStanding { now: self.now, mode, hours, next }
    }
}

impl Answers<Advance> for OrderBook {
    /// What tells when it is there.
    type Answer = Result<oneshot::Receiver<Advanced>, CannotAdvance>;

    fn answer(&mut self, advance: Advance) -> Self::Answer {
        let mode = self.clock.clock().mode();
        if mode == Mode::Real {
            return Err(CannotAdvance::RealClock);
        }
        let to = match advance {
            Advance::Events(events) => return Ok(self.travel(Until::Events(events), Some(mode))),
            Advance::To(to) => to,
            Advance::By(us) => self.now.plus_us(us),
        };
        if to < self.now {
            return Err(CannotAdvance::Backwards(self.now));
        }
        if to > Time::LAST {
            return Err(CannotAdvance::TooFar);
        }
        Ok(self.travel(Until::Then(to), Some(mode)))
    }
}

impl Answers<RunClock> for OrderBook {
    /// What tells when it does.
    type Answer = Result<oneshot::Receiver<Advanced>, CannotAdvance>;

    fn answer(&mut self, run: RunClock) -> Self::Answer {
        let before = self.clock.clock().mode();
        let (to, then) = match (run, before) {
            (RunClock::AsMachines(_), Mode::Real) => (self.now, None),
            (RunClock::AsMachines(machine), _) => (machine(), Some(Mode::Real)),
            (RunClock::Virtually(Speed::STILL), _) => (self.now, Some(Mode::Frozen)),
            (RunClock::Virtually(speed), _) | (RunClock::Onward, Mode::Running(speed)) => {
                (self.now, Some(Mode::Running(speed)))
            }
            (RunClock::Onward, Mode::Real | Mode::Frozen) => (self.now, Some(Mode::Running(Speed::USUAL))),
        };
        if to < self.now {
            return Err(CannotAdvance::Backwards(self.now));
        }
        Ok(self.travel(Until::Then(to), then))
    }
}

impl Answers<Compare> for OrderBook {
    const CHANGES: bool = false;

    /// How far the venue's clock was ahead of the machine's, in microseconds.
    type Answer = i64;

    /// What fell due by a step forward is executed at the end of this turn, whose timer is over by then.
    fn answer(&mut self, compare: Compare) -> i64 {
        let machine = (compare.machine)();
        let ahead_us = self.clock.ahead_of(machine);
        if ahead_us <= -compare.slack_us {
            self.clock.set_forward(machine);
        }
        ahead_us
    }
}
