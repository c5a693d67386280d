//! What several bodies of this surface have: how it is read, and how it is refused once the venue was asked.

use serde_json::value::RawValue;

use crate::delay::parse_span;
use crate::native::wire::body::reading::Reading;
use crate::native::wire::body::values::{Wrong, read_text};
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::{Flaw, Flaws, Place};
use crate::native::wire::input::Input;

/// A span of time, in microseconds.
pub(super) fn read_span(json: &RawValue) -> Result<u64, Wrong> {
    parse_span(&read_text(json)?).map_err(|wrong| ("duration", wrong.into()))
}

/// The flaw of an instrument at this place whose symbol another one has.
pub(super) fn symbol_taken(number: usize, msg: &'static str, input: Input) -> Flaw {
    let place = [Place::Name("instruments"), Place::Position(number), Place::Name("symbol")];
    Flaw::in_body("instrument_exists", place, msg, input)
}

/// Refuses a body, in which nothing was wrong by itself, for one of its fields.
pub(super) fn refused_at(body: &[u8], field: &'static str, kind: &'static str, msg: &'static str) -> ApiError {
    match Reading::of(body) {
        Ok(mut reading) => {
            reading.flaw(field, kind, msg);
            ApiError::Invalid(Flaws { detail: reading.flaws })
        }
        Err(error) => error,
    }
}
