//! A clock as JSON, and as the documents describe it.

use tradepit_actors::{Advanced, ClockStanding, Mode};
use tradepit_engine::{Hours, Time};
use utoipa::ToSchema;

use crate::native::wire::object::Object;

// As the documents describe it; `clock_body` writes it.
/// A venue's clock.
#[derive(ToSchema)]
#[schema(as = Clock)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(super) struct WireClock {
    /// What it shows.
    #[schema(format = DateTime)]
    now: String,
    /// `real`, `frozen` or `running`.
    #[schema(example = "frozen")]
    mode: String,
    /// How many times as fast as the machine's it runs: 1 where it is real, 0 where it is frozen.
    #[schema(example = 0)]
    speed: f64,
    /// Whether equities trade.
    is_open: bool,
    /// When they begin to next; null where they always do.
    #[schema(required = true, format = DateTime)]
    next_open: Option<String>,
    /// When they end to next; null where they never do.
    #[schema(required = true, format = DateTime)]
    next_close: Option<String>,
    /// When something may happen by itself next; null where nothing will.
    #[schema(required = true, format = DateTime)]
    next: Option<String>,
}

// As the documents describe it; `advanced_body` writes it.
/// How far a clock went.
#[derive(ToSchema)]
#[schema(as = ClockAdvanced)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(super) struct WireAdvanced {
    /// What it shows.
    #[schema(format = DateTime)]
    now: String,
    /// So many kept changes happened on the way.
    #[schema(example = 2)]
    changes: u64,
    /// The newest of all.
    #[schema(example = 7)]
    number: u64,
}

pub(super) fn clock_body(standing: &ClockStanding) -> Vec<u8> {
    let ClockStanding { now, mode, hours, next } = *standing;
    let mut body = Vec::with_capacity(256);
    let mut json = Object::begin(&mut body);
    json.time("now", now);
    write_mode(mode, &mut json);
    json.spelled("is_open", if hours.is_open(now) { "true" } else { "false" });
    write_time("next_open", next_open(hours, now), &mut json);
    write_time("next_close", next_close(hours, now), &mut json);
    write_time("next", next.map(|next| next.max(now)), &mut json);
    json.end();
    body
}

pub(super) fn advanced_body(advanced: &Advanced) -> Vec<u8> {
    let mut body = Vec::with_capacity(96);
    let mut json = Object::begin(&mut body);
    json.time("now", advanced.now);
    json.number("changes", advanced.changes);
    json.number("number", advanced.number.0);
    json.end();
    body
}

/// How a clock runs.
pub(in crate::control) fn write_mode(mode: Mode, json: &mut Object<'_>) {
    let (name, speed) = match mode {
        Mode::Real => ("real", "1".to_owned()),
        Mode::Frozen => ("frozen", "0".to_owned()),
        Mode::Running(speed) => ("running", speed.to_string()),
    };
    json.plain("mode", name);
    json.spelled("speed", &speed);
}

pub(in crate::control) fn write_time(name: &str, time: Option<Time>, json: &mut Object<'_>) {
    match time {
        Some(time) => json.time(name, time),
        None => json.null(name),
    }
}

fn next_open(hours: Hours, now: Time) -> Option<Time> {
    let closed_from = if hours.is_open(now) { hours.changes_after(now)? } else { now };
    Some(hours.opens_by(closed_from))
}

fn next_close(hours: Hours, now: Time) -> Option<Time> {
    hours.changes_after(hours.opens_by(now))
}
