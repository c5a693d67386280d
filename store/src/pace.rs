//! How long a commit waits for more to come: where little comes not at all, where much comes twice as long as one takes.
//!
//! A commit costs about the same whatever is in it, most of it the sync. Where changes come one by one, whoever waits for
//! one shall not wait for others; where many come together anyway, a third of the commits is worth more than a part of a
//! millisecond. So the wait follows from how many changes the last commits had, and from how long they took.

use std::time::Duration;

/// With fewer changes in a commit, on average, none waits.
const FEW: u32 = 14;
/// A wait is so many times as long as a commit takes on average …
const TIMES: u32 = 2;
/// … but not longer than this.
const AT_MOST: Duration = Duration::from_millis(2);
/// The averages are of about so many commits.
const COMMITS: u32 = 8;
/// The average number of changes is kept in parts of a change, this many.
const PARTS: u32 = 64;
/// More changes count as so many.
const MANY: usize = 4_096;

/// Knows what the last commits were like.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    changes_parts: u32,
    took: Duration,
}

impl Pace {
    /// A commit had so many changes, and took so long.
    pub(crate) fn count(&mut self, changes: usize, took: Duration) {
        let parts = changes.min(MANY) as u32 * PARTS;
        self.changes_parts = (self.changes_parts * (COMMITS - 1) + parts) / COMMITS;
        self.took = (self.took * (COMMITS - 1) + took.min(AT_MOST)) / COMMITS;
    }

    /// How long the next one waits, if it does.
    pub(crate) fn wait(&self) -> Option<Duration> {
        (self.changes_parts / PARTS >= FEW).then(|| (TIMES * self.took).min(AT_MOST))
    }
}

#[cfg(test)]
mod tests {
    use super::{AT_MOST, Pace};
    use std::time::Duration;

    #[test]
    fn a_commit_waits_only_where_many_changes_come_together() {
        let (mut pace, took) = (Pace::default(), Duration::from_micros(300));
        (0..1_000).for_each(|_| pace.count(10, took));
        assert_eq!(pace.wait(), None);
        // One that is large says little.
        pace.count(20, took);
        assert_eq!(pace.wait(), None);
        (0..100).for_each(|_| pace.count(20, took));
        let wait = pace.wait().expect("they are many");
        assert!(wait > took && wait <= 2 * took, "{wait:?}");
        (0..100).for_each(|_| pace.count(usize::MAX, Duration::MAX));
        assert_eq!(pace.wait(), Some(AT_MOST));
        (0..200).for_each(|_| pace.count(1, took));
        assert_eq!(pace.wait(), None);
    }
}
