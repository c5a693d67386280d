//! What is told in one go: the changes of some batches, said once in each voice.

use std::cell::RefCell;

use bytes::Bytes;
use tradepit_engine::{Event, Number};
use tradepit_store::Batch;

use crate::feed::voice::Voice;

/// What a round tells: the changes of all batches that came since the last one.
pub(crate) struct Round {
    pub(crate) batches: Vec<Batch>,
    pub(crate) first: Number,
    pub(crate) last: Number,
    /// What was said already: for each voice that somebody wants, once.
    said: RefCell<Vec<(&'static Voice, Bytes)>>,
}

impl Round {
    pub(crate) fn new(batches: Vec<Batch>) -> Option<Round> {
        let first = batches.first()?.first()?.number;
        let last = batches.last()?.last()?.number;
        Some(Round { batches, first, last, said: RefCell::default() })
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.batches.iter().flat_map(|batch| batch.iter())
    }

    /// The frames of all changes. There are few voices: a list is looked through faster than anything else.
    pub(crate) fn frames(&self, voice: &'static Voice) -> Bytes {
        let mut said = self.said.borrow_mut();
        if let Some((_, frames)) = said.iter().find(|(other, _)| std::ptr::eq(*other, voice)) {
            return frames.clone();
        }
        let frames = voice.events(self.events());
        said.push((voice, frames.clone()));
        frames
    }
}
