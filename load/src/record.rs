//! What a run has measured so far.
//!
//! Owns every sample, unrounded; nothing is sorted into buckets here or later.
//! `closed`, `open` and `mixed` write it, `progress` glances at it, `summary` reads it.

use super::clock::Micros;
use super::failure::Failures;
use super::instrument::Instrument;
use super::kind::Kind;
use super::orders::Tally;

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
    /// What a mix has beside; `None` where native orders alone were placed.
    pub(super) mixed: Option<Mixed>,
}

/// Of a mix: from sending a request to the end of its reply, and what became of the orders.
#[derive(Default)]
pub(super) struct Mixed {
    pub(super) patches: Vec<Sample>,
    pub(super) replaces: Vec<Sample>,
    pub(super) deletes: Vec<Sample>,
    /// What became of the orders, when the run is over.
    pub(super) tally: Tally,
    /// What traded, as a decimal, and of what.
    pub(super) traded: String,
    pub(super) symbol: String,
}

impl Record {
    /// Notes a reply that came at `now` to a POST of the moment `sent`.
    pub(super) fn replied(&mut self, sent: Micros, now: Micros) {
        self.posts.push(Sample { at: now, took: now - sent });
    }

    /// A record of a mix.
    pub(super) fn of_mix() -> Self {
        Self { mixed: Some(Mixed::default()), ..Self::default() }
    }

    /// Notes a reply that came at `now` to a request of a mix, of the moment `sent`.
    pub(super) fn answered(&mut self, kind: Kind, sent: Micros, now: Micros) {
        let mixed = self.mixed.get_or_insert_default();
        let samples = match kind {
            Kind::Post => &mut self.posts,
            Kind::Patch => &mut mixed.patches,
            Kind::Replace => &mut mixed.replaces,
            Kind::Delete => &mut mixed.deletes,
        };
        samples.push(Sample { at: now, took: now - sent });
    }

    /// Notes what became of the orders of a mix.
    pub(super) fn settled(&mut self, tally: Tally, instrument: &Instrument) {
        let mixed = self.mixed.get_or_insert_default();
        mixed.traded = instrument.quantity(tally.traded);
        mixed.symbol = instrument.symbol().to_owned();
        mixed.tally = tally;
    }

    /// How much has come of the run so far: orders executed, or requests of a mix answered.
    pub(super) fn done(&self) -> usize {
        match &self.mixed {
            Some(mixed) => self.posts.len() + mixed.patches.len() + mixed.replaces.len() + mixed.deletes.len(),
            None => self.executions.len(),
        }
    }

    /// Notes an EXECUTED message of `now` for an order sent at the moment `sent`.
    pub(super) fn executed(&mut self, sent: Micros, now: Micros) {
        self.executions.push(Sample { at: now, took: now - sent });
    }
}
