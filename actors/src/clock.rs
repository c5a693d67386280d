//! The one clock. UTC in microseconds, taken once at start plus monotonic time since: a stepped wall clock moves
//! nothing (invariant 8). It reads tokio's monotonic clock, so a test with paused time owns it.

#![expect(clippy::disallowed_methods, reason = "the one file that may read a clock")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;
use tradepit_engine::Time;

/// Tells the time, and when a moment will be on tokio's clock.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start_utc: Time,
    start: Instant,
}

impl Clock {
    /// A clock set to the machine's wall clock, once.
    #[must_use]
    pub fn system() -> Clock {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Clock::starting_at(Time(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX)))
    }

    /// A clock that shows `time` now.
    #[must_use]
    pub fn starting_at(time: Time) -> Clock {
        Clock { start_utc: time, start: Instant::now() }
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
        if self.now() < time { Clock::starting_at(time) } else { self }
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
