//! The events that a command brings about, in room that is used again: whoever gives it back for the next command asks
//! the system for no memory.

use std::ops::Deref;
use std::sync::Arc;
use std::vec::Drain;

use crate::event::{Accepted, Amended, Arrived, Body, Event, Filled, Rescheduled};
use crate::orders::terms::Rich;
use crate::values::{Number, Seq, Time};

/// What a command brought about: see [`crate::Exchange::decide_into`].
#[derive(Debug, Default)]
#[expect(clippy::vec_box, reason = "the boxes are what is used again")]
pub struct Told {
    /// What is told now, and behind it what was told before: an event of the same kind is written where that one was.
    events: Vec<Event>,
    /// So many are told now.
    count: usize,
    /// What the large parts of earlier events were in.
    filled: Vec<Box<Filled>>,
    amended: Vec<Box<Amended>>,
    rich: Vec<Arc<Rich>>,
}

impl Deref for Told {
    type Target = [Event];

    fn deref(&self) -> &[Event] {
        &self.events[..self.count]
    }
}

/// What every event has: its number, how many changes of status there were by then, and when it happened.
pub(crate) type Head = (Number, Seq, Time);

impl Told {
    /// Takes the events out, to keep them.
    pub fn drain(&mut self) -> Drain<'_, Event> {
        let told = std::mem::take(&mut self.count);
        self.events.drain(..told)
    }

    /// The events alone.
    #[must_use]
    pub fn into_events(mut self) -> Vec<Event> {
        self.events.truncate(self.count);
        self.events
    }

    /// Nothing is told any more; what can be used again is kept.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.count = 0;
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, (number, seq, at): Head, body: Body) {
        match self.events.get_mut(self.count) {
            Some(event) => {
                (event.number, event.seq, event.at) = (number, seq, at);
                let before = std::mem::replace(&mut event.body, body);
                self.keep(before);
            }
            None => self.events.push(Event { number, seq, at, body }),
        }
        self.count += 1;
    }

    /// The same, of an order's part in a trade.
    #[inline]
    pub(crate) fn push_filled(&mut self, head: Head, make: impl Fn() -> Filled) {
        match self.events.get_mut(self.count) {
            Some(Event { number, seq, at, body: Body::Filled(room) }) => {
                (*number, *seq, *at) = head;
                **room = make();
                self.count += 1;
            }
            _ => {
                let body = Body::Filled(boxed(&mut self.filled, make));
                self.push(head, body);
            }
        }
    }

    /// The same, of an amendment: where most of it is as it was, only what is otherwise is written.
    #[inline]
    pub(crate) fn push_amended(&mut self, head: Head, blank: impl Fn() -> Amended, write: impl Fn(&mut Amended)) {
        match self.events.get_mut(self.count) {
            Some(Event { number, seq, at, body: Body::Amended(room) }) => {
                (*number, *seq, *at) = head;
                write(room);
                self.count += 1;
            }
            _ => {
                let mut room = boxed(&mut self.amended, blank);
                write(&mut room);
                self.push(head, Body::Amended(room));
            }
        }
    }

    pub(crate) fn reserve(&mut self, more: usize) {
        self.events.reserve(more);
    }

    #[inline]
    pub(crate) fn rich(&mut self, rich: impl Fn() -> Rich) -> Arc<Rich> {
        self.rich_in_place(&rich, |place| *place = rich())
    }

    #[inline]
    pub(crate) fn rich_in_place(&mut self, blank: impl FnOnce() -> Rich, write: impl Fn(&mut Rich)) -> Arc<Rich> {
        // One that somebody else has kept cannot be used again.
        while let Some(mut used) = self.rich.pop() {
            if let Some(place) = Arc::get_mut(&mut used) {
                write(place);
                return used;
            }
        }
        let mut fresh = blank();
        write(&mut fresh);
        Arc::new(fresh)
    }

    /// Keeps what can be used again of what was told before.
    #[inline]
    fn keep(&mut self, before: Body) {
        match before {
            Body::Filled(filled) => self.filled.push(filled),
            Body::Amended(amended) => self.amended.push(amended),
            Body::Accepted(Accepted { rich: Some(rich), .. })
            | Body::Arrived(Arrived { rich: Some(rich), .. })
            | Body::Rescheduled(Rescheduled { rich: Some(rich), .. }) => self.rich.push(rich),
            Body::Accepted(_)
            | Body::Executed(_)
            | Body::Cancelled(_)
            | Body::Bought(_)
            | Body::Arrived(_)
            | Body::Ended(_)
            | Body::Replaced(_)
            | Body::Rescheduled(_)
            | Body::Scripted(_)
            | Body::Triggered(_)
            | Body::Followed(_)
            | Body::Listed(_)
            | Body::InstrumentChanged(_)
            | Body::Quoted(_)
            | Body::RowsChanged(_)
            | Body::AccountOpened(_)
            | Body::Transferred(_)
            | Body::RulesSet(_)
            | Body::Ruled(_)
            | Body::Refused(_) => {}
        }
    }
}

/// Makes a thing where an earlier one was, or in a place of its own.
#[inline]
fn boxed<T>(used: &mut Vec<Box<T>>, make: impl Fn() -> T) -> Box<T> {
    match used.pop() {
        Some(mut place) => {
            *place = make();
            place
        }
        None => Box::new(make()),
    }
}
