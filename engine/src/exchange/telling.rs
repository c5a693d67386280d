//! Events as they are decided: each with the numbers that follow from the one before it.

use crate::event::{Amended, Body, Filled};
use crate::told::{Head, Told};
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

    /// What comes next; returns its number. What it is is known where it is told: all that follows from that is made
    /// there, and not looked up.
    #[inline(always)]
    pub(super) fn tell(&mut self, body: Body) -> Number {
        let head = self.head(body.changes(), body.status().is_some());
        self.told.push(head, body);
        self.number
    }

    /// The same, of an order's part in a trade, after which the order is closed or not.
    #[inline]
    pub(super) fn tell_filled(&mut self, closes: bool, filled: impl Fn() -> Filled) {
        let head = self.head(1, closes);
        self.told.push_filled(head, filled);
    }

    /// The same, of an amendment.
    #[inline]
    pub(super) fn tell_amended(&mut self, amended: impl Fn() -> Amended) {
        self.tell_amended_in_place(&amended, |place| *place = amended());
    }

    /// The same: what is otherwise than in a blank one is written.
    #[inline]
    pub(super) fn tell_amended_in_place(&mut self, blank: impl Fn() -> Amended, write: impl Fn(&mut Amended)) {
        let head = self.head(1, false);
        self.told.push_amended(head, blank, write);
    }

    /// Counts what is told next.
    #[inline]
    fn head(&mut self, changes: u64, changes_status: bool) -> Head {
        self.number.0 += changes;
        self.seq.0 += u64::from(changes_status);
        (self.number, self.seq, self.at)
    }
}
