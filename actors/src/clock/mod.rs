//! Time. A venue's clock is its own: real or virtual.
//!
//! A real one shows UTC in microseconds, taken once at start plus monotonic time since: a stepped wall clock moves
//! nothing (invariant 8), unless whoever owns the clock sets it forward. It reads tokio's monotonic clock, so a test
//! with paused time owns it. A virtual one stands still until it is told to advance.
//!
//! Whoever waits for a time has a [`Timekeeper`]: a clock and the one timer that goes with it.

#![expect(clippy::disallowed_methods, reason = "the one file that may read a clock")]

pub(crate) mod timer;

use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;
use tradepit_engine::Time;

use timer::Timer;

/// Tells the time.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Copy, Debug)]
enum Kind {
    Real {
        start_utc: Time,
        start: Instant,
        /// Whether it runs as the machine's, and not as a test wants.
        is_machines: bool,
    },
    Virtual {
        now: Time,
    },
}

impl Clock {
    /// A clock set to the machine's wall clock, once.
    #[must_use]
    pub fn system() -> Clock {
        Clock(Kind::Real { start_utc: Clock::wall(), start: Instant::now(), is_machines: true })
    }

    /// What the machine's wall clock shows now.
    #[must_use]
    pub fn wall() -> Time {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Time(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }

    /// A clock that shows `time` now, and runs as tokio's does.
    #[must_use]
    pub fn starting_at(time: Time) -> Clock {
        Clock(Kind::Real { start_utc: time, start: Instant::now(), is_machines: false })
    }

    /// A clock that shows `time` until somebody advances it.
    #[must_use]
    pub fn standing_at(time: Time) -> Clock {
        Clock(Kind::Virtual { now: time })
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Time {
        match self.0 {
            Kind::Real { start_utc, start, .. } => {
                start_utc.plus_us(u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX))
            }
            Kind::Virtual { now } => now,
        }
    }

    /// The same clock, set forward where it shows a time before `time`.
    #[must_use]
    pub fn not_before(self, time: Time) -> Clock {
        match self.0 {
            _ if self.now() >= time => self,
            Kind::Real { is_machines, .. } => Clock(Kind::Real { start_utc: time, start: Instant::now(), is_machines }),
            Kind::Virtual { .. } => Clock::standing_at(time),
        }
    }

    /// When `time` is on tokio's clock, a year ahead at most; `None` where that is up to whoever advances this one.
    #[must_use]
    pub fn instant_of(&self, time: Time) -> Option<Instant> {
        const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
        match self.0 {
            Kind::Real { start_utc, start, .. } => {
                Some(start + Duration::from_micros(time.us_since(start_utc)).min(start.elapsed() + YEAR))
            }
            Kind::Virtual { .. } => None,
        }
    }

    /// The monotonic moment now, for pauses and time-outs.
    #[must_use]
    pub fn monotonic() -> Instant {
        Instant::now()
    }

    fn timer(&self) -> Option<Timer> {
        match self.0 {
            Kind::Real { is_machines: true, .. } => Some(Timer::fine(Instant::now())),
            Kind::Real { is_machines: false, .. } => Some(Timer::coarse(Instant::now())),
            Kind::Virtual { .. } => None,
        }
    }
}

/// A clock, and the one timer that goes with it; a virtual clock needs none.
pub(crate) struct Timekeeper {
    clock: Clock,
    timer: Option<Timer>,
}

impl Timekeeper {
    /// For the actor of this thread.
    pub(crate) fn new(clock: Clock) -> Timekeeper {
        Timekeeper { clock, timer: clock.timer() }
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    /// Whether it is `time`; whoever asks is woken when it is, or before.
    pub(crate) fn poll(&mut self, time: Time, task: &mut Context<'_>) -> Poll<()> {
        match (self.clock.instant_of(time), &mut self.timer) {
            (Some(at), Some(timer)) => timer.poll(at, Instant::now(), task),
            _ if time <= self.clock.now() => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }

    /// Sets it forward to `time`, if it shows a time before that.
    pub(crate) fn set_forward(&mut self, time: Time) {
        self.clock = self.clock.not_before(time);
    }

    /// How far it is ahead of `machine`'s time, in microseconds; a virtual one has nothing to do with that.
    pub(crate) fn ahead_of(&self, machine: Time) -> i64 {
        match self.clock.0 {
            Kind::Real { .. } => self.now().0.saturating_sub(machine.0),
            Kind::Virtual { .. } => 0,
        }
    }

    /// Whether it stands still until somebody advances it.
    pub(crate) fn is_virtual(&self) -> bool {
        matches!(self.clock.0, Kind::Virtual { .. })
    }
}
