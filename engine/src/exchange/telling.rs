//! Events as they are decided: each with the numbers that follow from the one before it.

use crate::event::{Body, Event};
use crate::values::{Number, Seq, Time};

/// What a command brings about, so far.
pub(super) struct Telling {
    pub(super) number: Number,
    seq: Seq,
    pub(super) at: Time,
    pub(super) events: Vec<Event>,
}

impl Telling {
    /// Nothing yet, after these numbers, at this time.
    pub(super) fn after(number: Number, seq: Seq, at: Time) -> Telling {
        Telling { number, seq, at, events: Vec::with_capacity(1) }
    }

    /// What comes next; returns its number.
    pub(super) fn tell(&mut self, body: Body) -> Number {
        self.number.0 += body.changes();
        self.seq.0 += u64::from(body.status().is_some());
        self.events.push(Event { number: self.number, seq: self.seq, at: self.at, body });
        self.number
    }
}
