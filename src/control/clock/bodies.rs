//! What a client sends about a clock: read, and as the OpenAPI document describes it.

use serde_json::value::RawValue;
use tradepit_actors::{Advance, CannotAdvance, Clock, RunClock, Speed};
use utoipa::ToSchema;

use crate::control::error::ControlError;
use crate::control::fields::{read_span, refused_at};
use crate::native::wire::body::reading::Reading;
use crate::native::wire::body::values::{Wrong, read_number, read_time};
use crate::native::wire::error::ApiError;
use crate::native::wire::number::read_integer;
use crate::native::wire::query::refuse;

/// What lets a clock run otherwise: a mode, a speed, or both.
#[derive(ToSchema)]
#[schema(as = RunClock)]
#[expect(dead_code, reason = "described here, read by read_run")]
pub(super) struct RunBody {
    /// `real`, `frozen` or `running`; where only a speed is given, `running`.
    #[schema(example = "running")]
    mode: Option<String>,
    /// How many times as fast as the machine's it runs, to the thousandth; where nothing is said as before, or 1. 0 is
    /// frozen.
    #[schema(minimum = 0, maximum = 1_000_000, example = 60)]
    speed: Option<f64>,
}

/// How far a clock shall go: one of these.
#[derive(ToSchema)]
#[schema(as = AdvanceClock)]
#[expect(dead_code, reason = "described here, read by read_advance")]
pub(super) struct AdvanceBody {
    /// By so long, up to 3650d.
    #[schema(example = "1h")]
    by: Option<String>,
    /// To this time, which is not past.
    #[schema(format = DateTime)]
    to: Option<String>,
    /// Over so many moments at which something kept happens: all of it does.
    #[schema(minimum = 1, maximum = 1_000_000, example = 1)]
    events: Option<u32>,
}

/// More than anybody counts one by one.
const EVENTS_AT_MOST: u64 = 1_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Real,
    Frozen,
    Running,
}

const MODES: [(&str, Asked); 3] = [("real", Asked::Real), ("frozen", Asked::Frozen), ("running", Asked::Running)];

/// Reads what `PUT /clock` asks.
///
/// # Errors
/// All that is wrong with it.
pub(super) fn read_run(body: &[u8]) -> Result<RunClock, ApiError> {
    let mut reading = Reading::of(body)?;
    let mode = reading.choice_or_none("mode", &MODES);
    let speed = reading.optional("speed", read_speed);
    let is_still = speed.map(|speed| speed == Speed::STILL);
    match (mode, is_still) {
        (Some(Asked::Real), Some(_)) => {
            reading.flaw("speed", "speed_conflict", "A real clock runs as the machine's: leave the speed out");
        }
        (Some(Asked::Frozen), Some(false)) => {
            reading.flaw("speed", "speed_conflict", "A frozen clock stands: give 0, or leave the speed out");
        }
        (Some(Asked::Running), Some(true)) => {
            reading.flaw("speed", "speed_conflict", "A clock that runs does not stand: give more than 0, or frozen");
        }
        (None, None) if reading.flaws.is_empty() => {
            reading.flaw("mode", "missing", "Give a mode, a speed, or both");
        }
        _ => {}
    }
    refuse(reading.flaws)?;
    Ok(match (mode, speed) {
        (Some(Asked::Real), _) => RunClock::AsMachines(Clock::wall),
        (Some(Asked::Frozen), _) => RunClock::Virtually(Speed::STILL),
        (_, Some(speed)) => RunClock::Virtually(speed),
        (_, None) => RunClock::Onward,
    })
}

/// Reads what `POST /clock/advance` asks.
///
/// # Errors
/// All that is wrong with it.
pub(super) fn read_advance(body: &[u8]) -> Result<Advance, ApiError> {
    let mut reading = Reading::of(body)?;
    let given = ["by", "to", "events"].map(|field| reading.fields.given(field).is_some());
    let by = reading.optional("by", read_span).map(Advance::By);
    let to = reading.optional("to", read_time).map(Advance::To);
    let events = reading.optional("events", read_events).map(Advance::Events);
    match given.iter().filter(|given| **given).count() {
        1 => {}
        0 => reading.flaw("by", "missing", "Give one of by, to and events"),
        _ => reading.flaw("by", "advance_conflict", "Give only one of by, to and events"),
    }
    refuse(reading.flaws)?;
    // One of them is given, and has no flaw.
    Ok(by.or(to).or(events).unwrap_or(Advance::By(0)))
}

/// What a clock refuses that was to run otherwise.
pub(super) fn refuse_run(body: &[u8]) -> ControlError {
    let msg = "The clock is ahead of the machine's, and time never goes back: it cannot become real before that";
    refused_at(body, "mode", "time_goes_back", msg).into()
}

/// What a clock refuses that was to go on.
pub(super) fn refuse_advance(body: &[u8], cannot: CannotAdvance) -> ControlError {
    match cannot {
        CannotAdvance::RealClock => ControlError::RealClock,
        CannotAdvance::Backwards(_) => {
            refused_at(body, "to", "time_goes_back", "The clock shows a later time, and time never goes back").into()
        }
        CannotAdvance::TooFar => {
            let field =
                if Reading::of(body).is_ok_and(|reading| reading.fields.given("to").is_some()) { "to" } else { "by" };
            refused_at(body, field, "too_far", "A clock goes no further than the year 9999").into()
        }
    }
}

/// A number from 0 to a million, to the thousandth.
pub(in crate::control) fn read_speed(json: &RawValue) -> Result<Speed, Wrong> {
    let msg = "Input should be a number from 0 to 1000000, of three digits after the point at most";
    Speed::of(read_number(json)?).ok_or(("speed", msg.into()))
}

fn read_events(json: &RawValue) -> Result<u32, Wrong> {
    let events = read_integer(json.get()).ok().filter(|events| (1..=EVENTS_AT_MOST).contains(events));
    let events = events.and_then(|events| u32::try_from(events).ok());
    events.ok_or_else(|| ("events", format!("Input should be a whole number from 1 to {EVENTS_AT_MOST}").into()))
}
