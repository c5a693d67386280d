//! Events as they are decided: each with the numbers that follow from the one before it.

use crate::event::{Body, Event};
use crate::told::Told;
use crate::values::{Number, Seq, Time};

/// What a command brings about, so far.
pub(super) struct Telling<'a> {
    pub(super) number: Number,
    seq: Seq,
    pub(super) at: Time,
    pub(super) told: &'a mut Told,
}

impl Telling<'_> {
    /// Nothing yet, after these numbers, at this time.
    pub(super) fn after(number: Number, seq: Seq, at: Time, told: &mut Told) -> Telling<'_> {
        told.clear();
        Telling { number, seq, at, told }
    }

    /// What comes next; returns its number.
    #[inline]
    pub(super) fn tell(&mut self, body: Body) -> Number {
        self.number.0 += body.changes();
        self.seq.0 += u64::from(body.status().is_some());
        self.told.push(Event { number: self.number, seq: self.seq, at: self.at, body });
        self.number
    }
}
