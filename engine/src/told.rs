//! The events that a command brings about, in room that is used again: whoever gives it back for the next command asks
//! the system for no memory.

use std::ops::Deref;
use std::sync::Arc;
use std::vec::Drain;

use crate::event::{Accepted, Amended, Arrived, Body, Event, Filled};
use crate::orders::terms::Rich;

/// What a command brought about: see [`crate::Exchange::decide_into`].
#[derive(Debug, Default)]
#[expect(clippy::vec_box, reason = "the boxes are what is used again")]
pub struct Told {
    events: Vec<Event>,
    /// What the large parts of earlier events were in.
    filled: Vec<Box<Filled>>,
    amended: Vec<Box<Amended>>,
    rich: Vec<Arc<Rich>>,
}

impl Deref for Told {
    type Target = [Event];

    fn deref(&self) -> &[Event] {
        &self.events
    }
}

impl Told {
    /// Takes the events out, to keep them.
    pub fn drain(&mut self) -> Drain<'_, Event> {
        self.events.drain(..)
    }

    /// The events alone.
    #[must_use]
    pub fn into_events(self) -> Vec<Event> {
        self.events
    }

    /// Nothing is told any more; what can be used again is kept.
    pub(crate) fn clear(&mut self) {
        for event in self.events.drain(..) {
            match event.body {
                Body::Filled(filled) => self.filled.push(filled),
                Body::Amended(amended) => self.amended.push(amended),
                Body::Accepted(Accepted { rich: Some(rich), .. }) | Body::Arrived(Arrived { rich: Some(rich), .. }) => {
                    self.rich.push(rich);
                }
                Body::Accepted(_)
                | Body::Executed(_)
                | Body::Cancelled(_)
                | Body::Bought(_)
                | Body::Arrived(_)
                | Body::Ended(_)
                | Body::Replaced(_)
                | Body::Triggered(_)
                | Body::Followed(_)
                | Body::Listed(_)
                | Body::InstrumentChanged(_)
                | Body::Quoted(_)
                | Body::RowsChanged(_)
                | Body::AccountOpened(_)
                | Body::Transferred(_) => {}
            }
        }
    }

    pub(crate) fn push(&mut self, event: Event) {
        self.events.push(event);
    }

    pub(crate) fn reserve(&mut self, more: usize) {
        self.events.reserve(more);
    }

    pub(crate) fn filled(&mut self, filled: Filled) -> Body {
        Body::Filled(boxed(&mut self.filled, filled))
    }

    pub(crate) fn amended(&mut self, amended: Amended) -> Body {
        Body::Amended(boxed(&mut self.amended, amended))
    }

    pub(crate) fn rich(&mut self, rich: &Rich) -> Arc<Rich> {
        // One that somebody else has kept cannot be used again.
        while let Some(mut used) = self.rich.pop() {
            if let Some(place) = Arc::get_mut(&mut used) {
                *place = *rich;
                return used;
            }
        }
        Arc::new(*rich)
    }
}

fn boxed<T>(used: &mut Vec<Box<T>>, thing: T) -> Box<T> {
    match used.pop() {
        Some(mut place) => {
            *place = thing;
            place
        }
        None => Box::new(thing),
    }
}
