//! A venue that is made as a copy of another one: what of the body counts for it from then on.

use std::sync::Arc;

use serde_json::value::RawValue;
use tradepit_actors::{Advance, Clock, ListInstrument, Otherwise, RunClock, Venue};
use tradepit_engine::{Rejection, Time};

use super::entry::{Entry, Made, Started};
use super::error::ControlError;
use super::fields::symbol_taken;
use super::roster::Roster;
use crate::config::ClockConfig;
use crate::edge::faults::Faults;
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::{Flaw, Flaws, Place};
use crate::native::wire::input::Input;

/// Of which venue a copy is asked for, and what of it shall be otherwise.
pub(super) struct CopyDraft<'a> {
    pub(super) of: Arc<Entry>,
    pub(super) otherwise: Otherwise,
    /// Its faults, where other ones are asked for.
    pub(super) faults: Option<Faults>,
    /// How its clock shall run, where that is said, as it was sent.
    pub(super) clock: Option<(ClockConfig, &'a RawValue)>,
    /// What is listed beside, each with its place.
    pub(super) listed: Vec<(usize, ListInstrument)>,
}

/// What is left to do in a copy that has started.
pub(super) struct Copied<'a> {
    clock: Option<(ClockConfig, &'a RawValue)>,
    listed: Vec<(usize, ListInstrument)>,
    /// The moment that it is of.
    now: Time,
}

impl<'a> CopyDraft<'a> {
    /// Starts the copy.
    pub(super) async fn start(self, is_named: bool, roster: &Roster) -> Result<(Started, Copied<'a>), ControlError> {
        let (started, now) = roster.start_copy(&self.of, self.otherwise, self.faults, is_named).await?;
        Ok((started, Copied { clock: self.clock, listed: self.listed, now }))
    }
}

impl Copied<'_> {
    /// Lists what is asked for beside; returns what is wrong with it.
    pub(super) async fn list(&mut self, venue: &Venue) -> Result<Vec<Flaw>, ControlError> {
        let mut flaws = Vec::new();
        for (number, list) in std::mem::take(&mut self.listed) {
            let symbol = list.listing.symbol;
            match venue.list_instrument(list).await? {
                Ok(_) => {}
                Err(Rejection::TooManyInstruments) => {
                    return Err(ControlError::overloaded("There are as many instruments as may be"));
                }
                // What else it may be refused for is found as it is read.
                Err(_) => {
                    let input = Input::of_string(symbol.as_str());
                    flaws.push(symbol_taken(number, "There is an instrument of this symbol", input));
                }
            }
        }
        Ok(flaws)
    }

    /// Lets its clock run as it shall from where it stands, and notes where that was.
    ///
    /// # Errors
    /// It cannot.
    pub(super) async fn run_clock(&self, venue: &Venue, made: &mut Made) -> Result<(), ControlError> {
        let Some((clock, sent)) = self.clock else { return Ok(()) };
        let refused = |kind, place: &[&'static str], msg| {
            let place = ["clock"].iter().chain(place).copied().map(Place::Name);
            Err(ApiError::Invalid(Flaws { detail: vec![Flaw::in_body(kind, place, msg, sent.into())] }).into())
        };
        let ClockConfig::Virtual { start, speed } = clock else {
            let msg =
                "The clock is ahead of the machine's, and time never goes back: it cannot become real before that";
            let runs = venue.run_clock(RunClock::AsMachines(Clock::wall)).await?;
            return if runs.is_ok() { Ok(()) } else { refused("time_goes_back", &[], msg) };
        };
        if let Some(start) = start {
            if start < self.now {
                let msg = "The clock shows a later time, and time never goes back";
                return refused("time_goes_back", &["start"], msg);
            }
            if venue.advance(Advance::To(start)).await?.is_err() {
                return refused("too_far", &["start"], "A clock goes no further than the year 9999");
            }
        }
        made.config.clock = ClockConfig::Virtual { start: Some(start.unwrap_or(self.now)), speed };
        // It is virtual, and goes on from where it is.
        let _ = venue.run_clock(RunClock::Virtually(speed)).await?;
        Ok(())
    }
}
