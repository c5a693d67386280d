//! Time. A venue's clock is its own: real or virtual.
//!
//! A real one shows UTC in microseconds, taken once at start plus monotonic time since: a stepped wall clock moves
//! nothing (invariant 8), unless whoever owns the clock sets it forward. It reads tokio's monotonic clock, so a test
//! with paused time owns it. A virtual one begins at any time, and runs as fast as it is told, or stands still; it goes
//! on where it is told to advance.
//!
//! Whoever waits for a time has a [`Timekeeper`]: a clock and the one timer that goes with it. What that shows stands
//! on its [`Dial`], for those who may not ask.

#![expect(clippy::disallowed_methods, reason = "the one file that may read a clock")]

mod speed;
pub(crate) mod timer;

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;
use tradepit_engine::Time;

pub use speed::Speed;
use timer::Timer;

/// No timer is set further ahead.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

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
        /// What it showed at a moment.
        shown: Time,
        since: Instant,
        speed: Speed,
    },
}

/// How a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As the machine's.
    Real,
    /// Not by itself.
    Frozen,
    /// Virtual, and so fast.
    Running(Speed),
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
        Clock::running_from(time, Speed::STILL)
    }

    /// A virtual clock that shows `time` now, and runs so fast.
    #[must_use]
    pub fn running_from(time: Time, speed: Speed) -> Clock {
        Clock(Kind::Virtual { shown: time, since: Instant::now(), speed })
    }

    /// How it runs.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match self.0 {
            Kind::Real { .. } => Mode::Real,
            Kind::Virtual { speed: Speed::STILL, .. } => Mode::Frozen,
            Kind::Virtual { speed, .. } => Mode::Running(speed),
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Time {
        match self.0 {
            Kind::Real { start_utc, start, .. } => {
                start_utc.plus_us(u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX))
            }
            Kind::Virtual { shown, since, speed } => shown.plus_us(speed.passed_us(since.elapsed())),
        }
    }

    /// The same clock, set forward where it shows a time before `time`.
    #[must_use]
    pub fn not_before(self, time: Time) -> Clock {
        match self.0 {
            _ if self.now() >= time => self,
            Kind::Real { is_machines, .. } => Clock(Kind::Real { start_utc: time, start: Instant::now(), is_machines }),
            Kind::Virtual { speed, .. } => Clock::running_from(time, speed),
        }
    }

    /// When `time` is on tokio's clock, a year ahead at most; `None` where that is up to whoever advances this one.
    #[must_use]
    pub fn instant_of(&self, time: Time) -> Option<Instant> {
        let (after, since) = match self.0 {
            Kind::Real { start_utc, start, .. } => (Duration::from_micros(time.us_since(start_utc)), start),
            Kind::Virtual { shown, since, speed } => (speed.takes(time.us_since(shown))?, since),
        };
        Some(since + after.min(since.elapsed() + YEAR))
    }

    /// The monotonic moment now, for pauses and time-outs.
    #[must_use]
    pub fn monotonic() -> Instant {
        Instant::now()
    }

    /// A virtual one is not told more of than a millisecond: what is due happens at its own time, however late.
    fn timer(&self) -> Timer {
        match self.0 {
            Kind::Real { is_machines: true, .. } => Timer::fine(Instant::now()),
            Kind::Real { is_machines: false, .. } | Kind::Virtual { .. } => Timer::coarse(Instant::now()),
        }
    }
}

/// What a clock shows, for whoever is on another thread.
#[derive(Debug)]
pub(crate) struct Dial(Mutex<Clock>);

impl Dial {
    pub(crate) fn of(clock: Clock) -> Dial {
        Dial(Mutex::new(clock))
    }

    fn show(&self, clock: Clock) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = clock;
    }

    /// The time now; while a virtual one is advanced, how far that has come.
    pub(crate) fn now(&self) -> Time {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).now()
    }
}

/// A clock, and the one timer that goes with it: made when it is first needed.
pub(crate) struct Timekeeper {
    clock: Clock,
    timer: Option<Timer>,
    dial: Arc<Dial>,
}

impl Timekeeper {
    /// For the actor of this thread. The dial shows this clock.
    pub(crate) fn new(clock: Clock, dial: Arc<Dial>) -> Timekeeper {
        Timekeeper { clock, timer: None, dial }
    }

    /// The clock, as it runs.
    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// Goes by another clock from now on, which shows no earlier time.
    pub(crate) fn go_by(&mut self, clock: Clock) {
        (self.clock, self.timer) = (clock, None);
        self.dial.show(clock);
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    /// Whether it is `time`; whoever asks is woken when it is, or before.
    pub(crate) fn poll(&mut self, time: Time, task: &mut Context<'_>) -> Poll<()> {
        match self.clock.instant_of(time) {
            Some(at) => self.timer.get_or_insert_with(|| self.clock.timer()).poll(at, Instant::now(), task),
            None if time <= self.clock.now() => Poll::Ready(()),
            None => Poll::Pending,
        }
    }

    /// Sets it forward to `time`, if it shows a time before that.
    pub(crate) fn set_forward(&mut self, time: Time) {
        self.clock = self.clock.not_before(time);
        self.dial.show(self.clock);
    }

    /// Lets it be seen how far time has come that is on its way, and shows itself later.
    pub(crate) fn show_on_the_way(&self, now: Time) {
        self.dial.show(Clock::standing_at(now));
    }

    /// How far it is ahead of `machine`'s time, in microseconds; a virtual one has nothing to do with that.
    pub(crate) fn ahead_of(&self, machine: Time) -> i64 {
        match self.clock.0 {
            Kind::Real { .. } => self.now().0.saturating_sub(machine.0),
            Kind::Virtual { .. } => 0,
        }
    }

    /// Whether it has nothing to do with the machine's.
    pub(crate) fn is_virtual(&self) -> bool {
        matches!(self.clock.0, Kind::Virtual { .. })
    }
}
