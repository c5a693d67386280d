//! What is told in one go: the changes of some batches, said once in each voice.

use std::cell::RefCell;

use bytes::Bytes;
use tradepit_engine::{Event, Number};

use crate::feed::channels::{self, Listener};
use crate::feed::link::Announce;
use crate::feed::voice::Voice;

/// What a round tells: the changes of all batches that came since the last one.
pub(crate) struct Round {
    pub(crate) announced: Vec<Announce>,
    pub(crate) first: Number,
    pub(crate) last: Number,
    /// What was said already: for each voice that somebody wants, once.
    said: RefCell<Vec<(&'static Voice, Bytes)>>,
    /// The same for those who hear channels.
    channels: channels::Said,
}

impl Round {
    pub(crate) fn new(announced: Vec<Announce>) -> Option<Round> {
        let first = announced.first()?.batch.first()?.number;
        let last = announced.last()?.batch.last()?.number;
        Some(Round { announced, first, last, said: RefCell::default(), channels: channels::Said::default() })
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.announced.iter().flat_map(|announced| announced.batch.iter())
    }

    /// The frames of what is heard of all changes, in channels.
    pub(crate) fn channel_frames(&self, listener: &Listener) -> Bytes {
        self.channels.frames(listener, self.announced.iter().flat_map(Announce::changes))
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
