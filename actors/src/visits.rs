//! Who uses a venue now, and when somebody did last: by that a venue is told apart that nobody uses any more, and how
//! much of the process it may take is bounded.

use std::any::Any;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::clock::Clock;
use crate::venue::Venue;

/// The requests of a venue.
#[derive(Debug)]
pub struct Visits {
    now: AtomicUsize,
    begun: Instant,
    /// When the last one came or went, in microseconds since `begun`.
    last_us: AtomicU64,
}

impl Default for Visits {
    fn default() -> Visits {
        Visits { now: AtomicUsize::new(0), begun: Clock::monotonic(), last_us: AtomicU64::new(0) }
    }
}

impl Visits {
    /// A request comes in; returns how many there were before it.
    pub fn begin(&self) -> usize {
        self.touch();
        self.now.fetch_add(1, Ordering::AcqRel)
    }

    /// It has gone.
    pub fn end(&self) {
        self.touch();
        self.now.fetch_sub(1, Ordering::AcqRel);
    }

    /// Somebody uses it at this moment.
    pub fn touch(&self) {
        let since = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.last_us.fetch_max(since, Ordering::Relaxed);
    }

    /// How many there are.
    #[must_use]
    pub fn now(&self) -> usize {
        self.now.load(Ordering::Acquire)
    }

    /// How long nobody has used it.
    #[must_use]
    pub fn idle(&self) -> Duration {
        let last = Duration::from_micros(self.last_us.load(Ordering::Relaxed));
        if self.now() > 0 { Duration::ZERO } else { self.begun.elapsed().saturating_sub(last) }
    }
}

impl Venue {
    /// Who uses it.
    #[must_use]
    pub fn visits(&self) -> &Visits {
        &self.visits
    }

    /// Whether it can no longer be found by its name.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.is_gone.load(Ordering::Acquire)
    }

    /// Whether its figures are told by its name.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.is_named.load(Ordering::Relaxed)
    }

    /// Lets its figures be told by its name.
    pub fn name_figures(&self) {
        self.is_named.store(true, Ordering::Relaxed);
    }

    pub(crate) fn let_go(&self) {
        self.is_gone.store(true, Ordering::Release);
    }

    /// What whoever serves it keeps beside it, one of each kind, for as long as it is there: made when it is first
    /// asked for.
    pub fn beside<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let mut beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = beside.iter().find_map(|kept| Arc::clone(kept).downcast().ok()) {
            return kept;
        }
        let made = Arc::new(make());
        beside.push(Arc::clone(&made) as Arc<dyn Any + Send + Sync>);
        made
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Visits;

    #[tokio::test(start_paused = true)]
    async fn a_venue_is_idle_from_its_last_request_on() {
        let visits = Visits::default();
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!((visits.idle(), visits.begin()), (Duration::from_secs(2), 0));
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!((visits.idle(), visits.now()), (Duration::ZERO, 1), "while it lasts");
        visits.end();
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!(visits.idle(), Duration::from_secs(3));
    }
}
