//! The recent changes, for subscribers that ask with `since`. Bounded by number; the oldest goes first.

use std::collections::VecDeque;

use tradepit_engine::{Event, Seq};
use tradepit_store::{Changes, Lost};

use crate::requests::ReadChanges;

/// How many changes one piece of a replay looks at: about 50 KB of JSON.
const PIECE: usize = 256;

/// The newest changes that were announced.
pub(crate) struct History {
    events: VecDeque<Event>,
    max: usize,
    newest: Seq,
}

impl History {
    /// An empty history of at most `max` changes.
    pub(crate) fn new(max: usize) -> History {
        History { events: VecDeque::new(), max, newest: Seq(0) }
    }

    /// What comes next comes after this change; what came before is held elsewhere.
    pub(crate) fn resume(&mut self, newest: Seq) {
        self.newest = newest;
    }

    /// Adds the changes that come next.
    pub(crate) fn extend(&mut self, events: &[Event]) {
        let Some(last) = events.last() else { return };
        self.newest = last.seq;
        let kept = &events[events.len().saturating_sub(self.max)..];
        let room = self.max - kept.len();
        self.events.drain(..self.events.len().saturating_sub(room));
        self.events.extend(kept.iter().cloned());
    }

    /// Whether the change after `seq` is held, or is yet to come.
    pub(crate) fn holds_after(&self, seq: Seq) -> bool {
        seq.next() >= self.oldest()
    }

    /// What a reader is told that asked for more than is held.
    pub(crate) fn lost(&self) -> Lost {
        Lost { oldest: self.oldest(), as_of: self.newest }
    }

    /// The next piece of what a reader asks for.
    pub(crate) fn read(&self, request: &ReadChanges) -> Changes {
        let after = request.after;
        if !self.holds_after(after) {
            return Changes::Lost(self.lost());
        }
        let from = usize::try_from(after.next().0 - self.oldest().0).unwrap_or(usize::MAX);
        let piece = || self.events.iter().skip(from).take(PIECE);
        let events = piece().filter(|event| request.filter.matches(event)).cloned().collect();
        let upto = piece().next_back().map_or(after, |event| event.seq);
        Changes::Held { events, upto, newest: self.newest }
    }

    fn oldest(&self) -> Seq {
        self.events.front().map_or(self.newest.next(), |event| event.seq)
    }
}
