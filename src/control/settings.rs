//! What a venue that is kept was made with, as its folder tells it: the body that made it, with all that it left to
//! `main` and to chance.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use tradepit_engine::Time;

use super::clock::shown::write_time;
use super::entry::Made;
use super::new_venue::{HOURS, MARKETS, VenueDraft};
use super::roster::Roster;
use crate::config::ClockConfig;
use crate::delay::{spell_delay, spell_span};
use crate::edge::table::Table;
use crate::native::wire::body::values::read_time;
use crate::native::wire::object::Object;
use crate::native::wire::terms::name_of;

/// What was given stays as it was given.
const AS_GIVEN: [&str; 4] = ["accounts", "instruments", "rules", "faults"];

#[derive(Deserialize)]
struct Settings<'a> {
    #[serde(borrow)]
    made_at: &'a RawValue,
    #[serde(borrow)]
    venue: &'a RawValue,
}

/// Writes what a venue was made with; `given` is the body that made it, flawless.
pub(super) fn write(made: &Made, made_at: Time, given: &[u8]) -> Vec<u8> {
    let given: BTreeMap<String, &RawValue> = serde_json::from_slice(given).unwrap_or_default();
    let mut text = Vec::with_capacity(640);
    let mut json = Object::begin(&mut text);
    json.time("made_at", made_at);
    json.object("venue", |json| {
        let config = &made.config;
        if let Some(seed) = config.seed {
            json.number("seed", seed);
        }
        match config.clock {
            ClockConfig::Real => json.plain("clock", "real"),
            ClockConfig::Virtual { start, speed } => json.object("clock", |json| {
                write_time("start", start, json);
                json.spelled("speed", &speed.to_string());
            }),
        }
        json.text("delay", &spell_delay(&config.delay));
        json.text("long_delay", &spell_delay(&config.long_delay));
        json.plain("market", name_of(&MARKETS, &config.market));
        json.plain("hours", name_of(&HOURS, &config.hours));
        if let Some(ttl_us) = made.ttl_us {
            json.text("ttl", &spell_span(ttl_us));
        }
        json.spelled("durable", "true");
        json.spelled("metrics", if made.is_named { "true" } else { "false" });
        for field in AS_GIVEN {
            if let Some(value) = given.get(field) {
                json.spelled(field, value.get());
            }
        }
    });
    json.end();
    text.push(b'\n');
    text
}

/// What was given of these settings, for whoever writes them anew.
pub(super) fn given(settings: &[u8]) -> Option<&[u8]> {
    serde_json::from_slice::<Settings<'_>>(settings).ok().map(|settings| settings.venue.get().as_bytes())
}

/// Reads what a venue was made with, and when; `None` where that is not what was written.
pub(super) fn read(settings: &[u8], roster: &Roster, table: &Table) -> Option<(Made, Time)> {
    let Settings { made_at, venue } = serde_json::from_slice(settings).ok()?;
    let draft = VenueDraft::read(venue.get().as_bytes(), roster, table).ok()?;
    let made = draft.is_flawless().then_some(draft.made)?;
    Some((made, read_time(made_at).ok()?))
}
