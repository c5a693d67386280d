//! How much of what is given to the writer somebody waits for, so that it knows when no more will come.
//!
//! Clients that each wait for an answer before they ask again are answered together, after a commit, and come back together:
//! once as many have asked as were answered and as waited already, all are there, and to wait on is to wait for nobody. They
//! are known by their number, which stays the same from one commit to the next; who asks without waiting comes at random.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};
use std::time::Duration;

use tradepit_engine::{Change, Event};

/// How many of these changes somebody waits for: nobody asks for an execution.
pub(crate) fn asked_for(batch: &[Event]) -> u64 {
    batch.iter().filter(|event| !matches!(event.change, Change::Executed)).count() as u64
}

/// Counts what was asked for since the start, and wakes the writer when that is as much as it waits for.
#[derive(Debug)]
pub(crate) struct Asked {
    changes: AtomicU64,
    /// The count at which the writer goes on.
    wake_at: AtomicU64,
    writer: OnceLock<Thread>,
}

/// So many commits in a row show that those who ask are always the same.
const COMMITS_IN_STEP: u32 = 3;
/// They may be one more or fewer in so many.
const STRAGGLERS: u64 = 32;
/// The writer waits for no count.
const NEVER: u64 = u64::MAX;

impl Default for Asked {
    fn default() -> Asked {
        Asked { changes: AtomicU64::new(0), wake_at: AtomicU64::new(NEVER), writer: OnceLock::new() }
    }
}

impl Asked {
    /// A batch was given to the writer.
    pub(crate) fn count(&self, batch: &[Event]) {
        let more = asked_for(batch);
        // In one order with the writer's store and load, so that one of the two sees that all are there.
        let changes = self.changes.fetch_add(more, Ordering::SeqCst) + more;
        if changes >= self.wake_at.load(Ordering::SeqCst)
            && let Some(writer) = self.writer.get()
        {
            writer.unpark();
        }
    }
}

/// What the writer knows of those who ask.
#[derive(Debug)]
pub(crate) struct Gathering {
    asked: Arc<Asked>,
    /// What was asked for and is committed.
    taken: u64,
    /// How many will have asked before the next commit, if all who are answered ask again.
    expected: u64,
    /// Commits in a row with about as many.
    alike: u32,
}

impl Gathering {
    /// Begins on the writer's thread.
    pub(crate) fn begin(asked: &Arc<Asked>) -> Gathering {
        asked.writer.get_or_init(thread::current);
        Gathering { asked: Arc::clone(asked), taken: 0, expected: 0, alike: 0 }
    }

    /// Waits until all who are expected have asked, or for so long. It may end early, which does no harm.
    pub(crate) fn wait(&mut self, at_most: Duration) {
        let all = if self.expected > 0 { self.taken + self.expected } else { NEVER };
        self.asked.wake_at.store(all, Ordering::SeqCst);
        if self.asked.changes.load(Ordering::SeqCst) < all {
            thread::park_timeout(at_most);
        }
        self.asked.wake_at.store(NEVER, Ordering::SeqCst);
        if self.is_in_step() && self.asked.changes.load(Ordering::SeqCst) < all {
            self.alike = 0;
        }
    }

    /// Whether those who ask do so in step with the answers.
    pub(crate) fn is_in_step(&self) -> bool {
        self.alike >= COMMITS_IN_STEP
    }

    /// So much of what was asked for is committed, and will be answered now.
    pub(crate) fn committed(&mut self, changes: u64) {
        self.taken += changes;
        let expected = changes + self.asked.changes.load(Ordering::SeqCst).saturating_sub(self.taken);
        let is_alike = expected.abs_diff(self.expected) <= expected / STRAGGLERS;
        self.alike = if is_alike && expected > 0 { self.alike + 1 } else { 0 };
        self.expected = expected;
    }
}
