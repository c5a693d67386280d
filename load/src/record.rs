//! What a run has measured so far.
//!
//! Owns every sample, unrounded; nothing is sorted into buckets here or later.
//! `closed` and `open` write it, `progress` glances at it, `summary` reads it.

use super::clock::Micros;
use super::failure::Failures;

/// One measured duration, and when on the run's time axis it ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) at: Micros,
    pub(super) took: Micros,
}

/// The samples and failures of a run.
#[derive(Default)]
pub(super) struct Record {
    /// From sending a POST to the end of its reply.
    pub(super) posts: Vec<Sample>,
    /// From sending a POST to receiving the order's EXECUTED message.
    pub(super) executions: Vec<Sample>,
    /// Open loop: wall clock at an EXECUTED message minus the order's `due_at`.
    pub(super) lateness: Vec<Micros>,
    pub(super) failures: Failures,
}

impl Record {
    /// Notes a reply that came at `now` to a POST of the moment `sent`.
    pub(super) fn replied(&mut self, sent: Micros, now: Micros) {
        self.posts.push(Sample { at: now, took: now - sent });
    }

    /// Notes an EXECUTED message of `now` for an order sent at the moment `sent`.
    pub(super) fn executed(&mut self, sent: Micros, now: Micros) {
        self.executions.push(Sample { at: now, took: now - sent });
    }
}
