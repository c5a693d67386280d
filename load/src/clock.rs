//! The one place of the load tool that reads clocks and sleeps.
//!
//! Owns the time axis of a run: whole microseconds since its start, taken from
//! the monotonic clock. The wall clock is read for lateness only, because a
//! server announces `due_at` in UTC. Knows nothing of orders or connections.
#![allow(clippy::disallowed_methods, reason = "a load tool measures real time; every read of it is in this file")]

use std::future::Future;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Whole microseconds: a duration, a moment since the start of a run, or since 1970.
pub(super) type Micros = i64;

/// The time axis of one run.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    start: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// The time since the start of the run.
    pub(super) fn now(self) -> Micros {
        micros(self.start.elapsed())
    }

    /// Sleeps until `moment`, rounded up to the timer's millisecond.
    pub(super) async fn sleep_until(self, moment: Micros) {
        tokio::time::sleep_until((self.start + duration(moment)).into()).await;
    }

    /// Blocks this thread until `moment`, to within the kernel's timer slack
    /// (some 60 µs), which is why the open loop keeps its schedule on a thread.
    pub(super) fn block_until(self, moment: Micros) {
        let left = moment - self.now();
        if left > 0 {
            std::thread::sleep(duration(left));
        }
    }
}

/// The wall clock, UTC, since 1970.
pub(super) fn wall() -> Micros {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, micros)
}

pub(super) async fn sleep(time: Duration) {
    tokio::time::sleep(time).await;
}

/// The output of `future`, or `None` when it took longer than `limit`.
pub(super) async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    tokio::time::timeout(limit, future).await.ok()
}

/// A duration in whole microseconds; what does not fit is the largest number.
pub(super) fn micros(time: Duration) -> Micros {
    Micros::try_from(time.as_micros()).unwrap_or(Micros::MAX)
}

/// Microseconds as a duration; a negative number is none.
pub(super) fn duration(time: Micros) -> Duration {
    Duration::from_micros(u64::try_from(time).unwrap_or(0))
}
