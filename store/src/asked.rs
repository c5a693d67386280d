//! How much of what is given to the writer somebody waits for, so that it knows when no more will come.
//!
//! Clients that each wait for an answer before they ask again are answered together, after a commit, and come back
//! together: once as many have asked as were answered and as waited already, all are there, and to wait on is to wait
//! for nobody. They are known by their number, which stays the same from one commit to the next; who asks without
//! waiting comes at random.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Thread};
use std::time::Instant;

use tradepit_engine::{Body, Event};

use crate::pace::{COMMIT_AT_MOST, Wait};

/// How many of these changes somebody waits for: nobody asks for what happens to an order by itself.
pub(crate) fn asked_for(batch: &[Event]) -> u64 {
    let is_asked_for = |place: &usize| match batch[*place].body {
        Body::Accepted(_)
        | Body::InstrumentChanged(_)
        | Body::Cancelled(_)
        | Body::Rescheduled(_)
        | Body::Scripted(_)
        | Body::Amended(_)
        | Body::Quoted(_)
        | Body::RowsChanged(_)
        | Body::AccountOpened(_)
        | Body::Transferred(_)
        | Body::RulesSet(_)
        | Body::Refused(_) => true,
        Body::Executed(_)
        | Body::Bought(_)
        | Body::Arrived(_)
        | Body::Filled(_)
        | Body::Ended(_)
        | Body::Replaced(_)
        | Body::Triggered(_)
        | Body::Followed(_)
        | Body::Ruled(_) => false,
        // It may come along with an order.
        Body::Listed(_) => !batch.get(place + 1).is_some_and(|next| matches!(next.body, Body::Accepted(_))),
    };
    (0..batch.len()).filter(is_asked_for).count() as u64
}

/// Counts what was asked for since the start, and wakes the writer when that is as much as it waits for.
#[derive(Debug)]
pub(crate) struct Asked {
    changes: AtomicU64,
    /// The count at which the writer goes on.
    wake_at: AtomicU64,
    /// The thread that it is on.
    writer: Mutex<Option<Thread>>,
}

/// So many commits in a row show that those who ask are always the same.
const COMMITS_IN_STEP: u32 = 3;
/// They may be one more or fewer in so many.
const STRAGGLERS: u64 = 32;
/// The writer waits for no count.
const NEVER: u64 = u64::MAX;

impl Default for Asked {
    fn default() -> Asked {
        Asked { changes: AtomicU64::new(0), wake_at: AtomicU64::new(NEVER), writer: Mutex::default() }
    }
}

impl Asked {
    /// A batch was given to the writer.
    pub(crate) fn count(&self, batch: &[Event]) {
        let more = asked_for(batch);
        // In one order with the writer's store and load, so that one of the two sees that all are there.
        let changes = self.changes.fetch_add(more, Ordering::SeqCst) + more;
        if changes >= self.wake_at.load(Ordering::SeqCst)
            && let Some(writer) = &*self.writer.lock().unwrap_or_else(PoisonError::into_inner)
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
    /// Before anybody asked.
    pub(crate) fn of(asked: &Arc<Asked>) -> Gathering {
        Gathering { asked: Arc::clone(asked), taken: 0, expected: 0, alike: 0 }
    }

    /// The writer is on this thread from now on.
    pub(crate) fn is_here(&self) {
        *self.asked.writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current());
    }

    #[expect(clippy::disallowed_methods, reason = "it waits for real: nothing that is kept follows from it")]
    pub(crate) fn wait(&mut self, wait: Wait) {
        let enough = match self.expected {
            _ if wait.for_first => self.taken + 1,
            0 => NEVER,
            // More than one commit takes are not waited for.
            expected => self.taken + expected.min(COMMIT_AT_MOST as u64),
        };
        let until = Instant::now() + wait.at_most;
        self.asked.wake_at.store(enough, Ordering::SeqCst);
        while self.asked.changes.load(Ordering::SeqCst) < enough {
            let rest = until.saturating_duration_since(Instant::now());
            if rest.is_zero() {
                if self.is_in_step() {
                    self.alike = 0;
                }
                break;
            }
            // It may end early.
            thread::park_timeout(rest);
        }
        self.asked.wake_at.store(NEVER, Ordering::SeqCst);
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::Ordering;
    use std::time::{Duration, Instant};

    use tradepit_engine::Event;
    use tradepit_kit::{accepted, cancelled, executed};

    use super::{Asked, COMMITS_IN_STEP, Gathering, asked_for};
    use crate::pace::Wait;

    /// Longer than any wait that ends as it should.
    const LONG: Duration = Duration::from_secs(60);

    /// Whether a wait ends by itself.
    #[expect(clippy::disallowed_methods, reason = "it is about time")]
    fn ends(wait: impl FnOnce()) -> bool {
        let begun = Instant::now();
        wait();
        begun.elapsed() < LONG
    }

    fn orders(count: u64) -> Vec<Event> {
        (1..=count).map(accepted).collect()
    }

    #[test]
    fn somebody_waits_for_all_but_executions() {
        assert_eq!(asked_for(&[accepted(1), cancelled(2, 1)]), 2);
        assert_eq!(asked_for(&[executed(2, 1), executed(4, 3)]), 0);
    }

    #[test]
    fn those_who_ask_in_step_are_known_by_their_number() {
        let asked = Arc::new(Asked::default());
        let mut gathering = Gathering::of(&asked);
        gathering.is_here();
        for _ in 0..=COMMITS_IN_STEP {
            assert!(!gathering.is_in_step());
            asked.count(&orders(40));
            // These come while the commit is under way.
            asked.count(&orders(24));
            gathering.committed(40);
            gathering.committed(24);
        }
        let others = [5, 90, 17, 40];
        for answered in others {
            asked.count(&orders(answered));
            gathering.committed(answered);
            assert!(!gathering.is_in_step(), "{answered}");
        }
        for _ in 0..=COMMITS_IN_STEP {
            asked.count(&orders(64));
            gathering.committed(64);
        }
        assert!(gathering.is_in_step());
    }

    #[test]
    fn a_wait_ends_when_all_are_there_who_were_answered_or_waited() {
        let asked = Arc::new(Asked::default());
        let mut gathering = Gathering::of(&asked);
        gathering.is_here();
        asked.count(&orders(10));
        asked.count(&orders(6));
        gathering.committed(10);
        // Six wait, ten are answered.
        let clients = std::thread::spawn({
            let asked = Arc::clone(&asked);
            move || (0..10).for_each(|_| asked.count(&orders(1)))
        });
        let ended = ends(|| gathering.wait(Wait { at_most: LONG, for_first: false }));
        assert!(ended && asked.changes.load(Ordering::SeqCst) == 26, "{asked:?}");
        clients.join().expect("they ask");
        gathering.committed(16);
        asked.count(&orders(1));
        assert!(ends(|| gathering.wait(Wait { at_most: LONG, for_first: true })));
    }

    #[test]
    fn those_who_do_not_come_back_are_waited_for_once() {
        let asked = Arc::new(Asked::default());
        let mut gathering = Gathering::of(&asked);
        gathering.is_here();
        for _ in 0..=COMMITS_IN_STEP {
            asked.count(&orders(64));
            gathering.committed(64);
        }
        assert!(gathering.is_in_step());
        gathering.wait(Wait { at_most: Duration::from_millis(1), for_first: false });
        assert!(!gathering.is_in_step());
    }
}
