//! One venue, by its name: how it is, and what it was made with.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tradepit_actors::{Clock, MAIN, Venue};
use tradepit_engine::{OpenAccount, Time};

use super::error::ControlError;
use crate::config::VenueConfig;
use crate::edge::faults::Faults;
use crate::edge::refusal::Refusal;
use crate::keeping::Place;

/// What a venue was made with: a reset comes back to it.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) config: VenueConfig,
    pub(super) accounts: Vec<OpenAccount>,
    /// What is made to go wrong from its start on.
    pub(super) faults: Faults,
    /// Removed when nobody has used it so long, in microseconds.
    pub(super) ttl_us: Option<u64>,
    /// Whether its figures are told by its name.
    pub(super) is_named: bool,
    pub(super) is_durable: bool,
}

/// A venue that was started, and where it is kept, if it is.
#[derive(Clone, Debug)]
pub(super) struct Started {
    pub(super) venue: Arc<Venue>,
    pub(super) place: Option<Place>,
}

/// How a venue is.
#[derive(Clone, Debug)]
pub(super) struct There {
    pub(super) venue: Arc<Venue>,
    pub(super) place: Option<Place>,
    pub(super) made: Arc<Made>,
    pub(super) made_at: Time,
}

/// Whether a venue is there.
#[derive(Clone, Debug)]
pub(super) enum State {
    There(There),
    /// It is kept, and cannot be used.
    Broken {
        why: Arc<str>,
        place: Place,
    },
    Gone,
}

/// A venue, by its name.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) name: Box<str>,
    state: Mutex<State>,
    /// Held by whoever does something with it.
    pub(super) turn: tokio::sync::Mutex<()>,
}

impl Entry {
    pub(super) fn new(number: u64, name: Box<str>, state: State) -> Entry {
        Entry { number, name, state: Mutex::new(state), turn: tokio::sync::Mutex::default() }
    }

    pub(super) fn is_main(&self) -> bool {
        *self.name == *MAIN
    }

    pub(super) fn check_not_main(&self) -> Result<(), ControlError> {
        if self.is_main() { Err(ControlError::IsMain) } else { Ok(()) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it is, where it is there.
    pub(super) fn there(&self) -> Option<There> {
        match &*self.state() {
            State::There(there) => Some(there.clone()),
            State::Broken { .. } | State::Gone => None,
        }
    }

    /// The same.
    ///
    /// # Errors
    /// It is gone, or cannot be used.
    pub(super) fn usable(&self) -> Result<There, ControlError> {
        match &*self.state() {
            State::There(there) => Ok(there.clone()),
            State::Broken { why, .. } => Err(Refusal::Broken(Arc::clone(why)).into()),
            State::Gone => Err(ControlError::UNKNOWN_VENUE),
        }
    }

    /// Where it is kept, if it is.
    ///
    /// # Errors
    /// It is gone.
    pub(super) fn place(&self) -> Result<Option<Place>, ControlError> {
        match &*self.state() {
            State::There(there) => Ok(there.place.clone()),
            State::Broken { place, .. } => Ok(Some(place.clone())),
            State::Gone => Err(ControlError::UNKNOWN_VENUE),
        }
    }

    /// Returns how it was.
    pub(super) fn set(&self, state: State) -> State {
        std::mem::replace(&mut *self.state(), state)
    }

    /// Says of it that it cannot be used, where it is still this venue; returns whether it is.
    pub(super) fn break_off(&self, venue: &Arc<Venue>, why: &Arc<str>) -> bool {
        let mut state = self.state();
        let place = match &*state {
            State::There(There { venue: own, place: Some(place), .. }) if Arc::ptr_eq(own, venue) => place.clone(),
            State::There(_) | State::Broken { .. } | State::Gone => return false,
        };
        *state = State::Broken { why: Arc::clone(why), place };
        true
    }
}

impl There {
    pub(super) fn new(made: Made, made_at: Time, Started { venue, place }: Started) -> There {
        There { venue, place, made: Arc::new(made), made_at }
    }

    pub(super) fn now(made: Made, started: Started) -> There {
        There::new(made, Clock::wall(), started)
    }

    /// Whether its time is over.
    pub(super) fn is_over(&self) -> bool {
        if self.venue.stats().subscribers.get() > 0 {
            self.venue.visits().touch();
        }
        self.made.ttl_us.is_some_and(|ttl_us| self.venue.visits().idle() >= Duration::from_micros(ttl_us))
    }
}
