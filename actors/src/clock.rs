//! The one clock. UTC in microseconds, taken once at start plus monotonic time since: a stepped wall clock moves
//! nothing (invariant 8), unless whoever owns the clock sets it forward. It reads tokio's monotonic clock, so a test with
//! paused time owns it.

#![expect(clippy::disallowed_methods, reason = "the one file that may read a clock")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;
use tradepit_engine::Time;

use crate::timer::Timer;

/// Tells the time, and when a moment will be on tokio's clock.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start_utc: Time,
    start: Instant,
    /// Whether it runs as the machine's, and not as a test wants.
    is_machines: bool,
}

impl Clock {
    /// A clock set to the machine's wall clock, once.
    #[must_use]
    pub fn system() -> Clock {
        Clock { is_machines: true, ..Clock::starting_at(Clock::wall()) }
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
        Clock { start_utc: time, start: Instant::now(), is_machines: false }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Time {
        let elapsed = self.start.elapsed().as_micros();
        self.start_utc.plus_us(u64::try_from(elapsed).unwrap_or(u64::MAX))
    }

    /// The same clock, set forward where it shows a time before `time`.
    #[must_use]
    pub fn not_before(self, time: Time) -> Clock {
        let is_machines = self.is_machines;
        if self.now() < time { Clock { is_machines, ..Clock::starting_at(time) } } else { self }
    }

    /// A timer for moments of this clock.
    pub(crate) fn timer(&self) -> Timer {
        let now = Instant::now();
        if self.is_machines { Timer::fine(now) } else { Timer::coarse(now) }
    }

    /// When `time` is, for a timer; a year ahead at most.
    #[must_use]
    pub fn instant_of(&self, time: Time) -> Instant {
        const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
        self.start + Duration::from_micros(time.us_since(self.start_utc)).min(self.start.elapsed() + YEAR)
    }

    /// The monotonic moment now, for pauses and time-outs.
    #[must_use]
    pub fn monotonic() -> Instant {
        Instant::now()
    }
}
