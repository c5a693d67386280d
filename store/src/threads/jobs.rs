//! What a writer is told, and how it takes that.

use std::cell::Cell;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::Duration;

use tradepit_engine::Time;

use crate::{Answer, Batch};

/// What the writer is told.
pub(crate) enum Job {
    /// Keep these changes.
    Append(Batch),
    /// Keep that the clock has come so far.
    KeepClock(Time, Answer<()>),
    /// Finish, and end.
    Close,
}

/// The jobs of one writer.
#[derive(Debug)]
pub(crate) struct Jobs {
    given: Receiver<Job>,
    /// How many were taken since somebody asked.
    taken: Cell<usize>,
}

impl Jobs {
    pub(crate) fn of(given: Receiver<Job>) -> Jobs {
        Jobs { given, taken: Cell::default() }
    }

    pub(crate) fn wait(&self, at_most: Duration) -> Result<Job, RecvTimeoutError> {
        self.given.recv_timeout(at_most).inspect(|_| self.taken.update(|taken| taken + 1))
    }

    pub(crate) fn next(&self) -> Result<Job, TryRecvError> {
        self.given.try_recv().inspect(|_| self.taken.update(|taken| taken + 1))
    }

    /// How many were taken since this was asked last.
    pub(crate) fn take_count(&self) -> usize {
        self.taken.take()
    }
}
