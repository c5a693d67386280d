//! How long a commit waits for more to come: where little comes not at all, where much comes as long as one takes.
//!
//! A commit costs about the same whatever is in it, most of it the sync. Where changes come one by one, whoever waits
//! for one shall not wait for others; where many come together anyway, a third of the commits is worth more than a part
//! of a millisecond. So the wait follows from how many changes the last commits had, and from how long they took.
//! Nobody waits for an execution as for an answer: with executions alone, a few are many.

use std::time::Duration;

/// Changes in one transaction, give or take a batch: none waits long for those before it.
pub(crate) const COMMIT_AT_MOST: usize = 4_096;
/// With fewer changes in a commit, on average, none waits.
const FEW: u32 = 14;
/// With fewer changes in a commit, on average, not even executions wait.
const FEW_EXECUTIONS: u32 = 3;
/// A wait is as long as a commit takes on average, twice as long where nobody waits for an answer, and never longer
/// than this.
const AT_MOST: Duration = Duration::from_millis(2);
/// Where those who ask do so in step, a wait ends when all are there, or after this.
const IN_STEP_AT_MOST: Duration = Duration::from_millis(5);
/// The averages are of about so many commits.
const COMMITS: u32 = 8;
/// The average number of changes is kept in parts of a change, this many.
const PARTS: u32 = 64;

/// How a commit waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) at_most: Duration,
    /// It ends with the first who asks; otherwise with the last who is expected.
    pub(crate) for_first: bool,
}

/// Knows what the last commits were like.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    changes_parts: u32,
    took: Duration,
}

impl Pace {
    /// A commit had so many changes, and took so long.
    pub(crate) fn count(&mut self, changes: usize, took: Duration) {
        let parts = changes.min(COMMIT_AT_MOST) as u32 * PARTS;
        self.changes_parts = (self.changes_parts * (COMMITS - 1) + parts) / COMMITS;
        self.took = (self.took * (COMMITS - 1) + took.min(AT_MOST)) / COMMITS;
    }

    /// How the next one waits, if it does; whether somebody waits for what it begins with, and whether those who ask do
    /// so in step.
    pub(crate) fn wait(&self, is_asked_for: bool, is_in_step: bool) -> Option<Wait> {
        let (few, times) = if is_asked_for { (FEW, 1) } else { (FEW_EXECUTIONS, 2) };
        let at_most = if is_in_step { IN_STEP_AT_MOST } else { (times * self.took).min(AT_MOST) };
        let changes = self.changes_parts / PARTS;
        (changes >= few).then_some(Wait { at_most, for_first: changes < FEW })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{AT_MOST, IN_STEP_AT_MOST, Pace, Wait};

    #[test]
    fn a_commit_waits_only_where_many_changes_come_together() {
        let (mut pace, took) = (Pace::default(), Duration::from_micros(300));
        (0..1_000).for_each(|_| pace.count(10, took));
        assert_eq!(pace.wait(true, false), None);
        // One that is large says little.
        pace.count(20, took);
        assert_eq!(pace.wait(true, false), None);
        (0..100).for_each(|_| pace.count(20, took));
        let wait = pace.wait(true, false).expect("they are many");
        assert!(wait.at_most > took / 2 && wait.at_most <= took && !wait.for_first, "{wait:?}");
        assert_eq!(pace.wait(true, true), Some(Wait { at_most: IN_STEP_AT_MOST, for_first: false }));
        (0..100).for_each(|_| pace.count(usize::MAX, Duration::MAX));
        assert!(pace.wait(true, false).expect("they are many").at_most <= AT_MOST);
        (0..200).for_each(|_| pace.count(1, took));
        assert_eq!(pace.wait(true, false), None);
    }

    #[test]
    fn executions_wait_for_the_first_who_asks_where_a_few_come_together() {
        let mut pace = Pace::default();
        (0..100).for_each(|_| pace.count(2, Duration::from_micros(300)));
        assert_eq!(pace.wait(false, false), None);
        (0..100).for_each(|_| pace.count(5, Duration::from_micros(300)));
        assert!(pace.wait(false, false).expect("they are a few").for_first);
        assert_eq!(pace.wait(true, false), None);
        (0..100).for_each(|_| pace.count(20, Duration::from_micros(300)));
        assert!(!pace.wait(false, false).expect("they are many").for_first);
    }
}
