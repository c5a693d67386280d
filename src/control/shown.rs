//! A venue as JSON, and as the documents describe it. Also the query of the list of them.

use std::sync::Arc;

use tradepit_actors::{Chance, Mode, Speed, Venue};
use tradepit_engine::Number;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::clock::shown::{write_mode, write_time};
use super::entry::{Entry, There};
use super::new_venue::{HOURS, MARKETS};
use crate::config::ClockConfig;
use crate::delay::{spell_delay, spell_span};
use crate::edge::faults::boards;
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::{Flaw, Flaws};
use crate::native::wire::object::{Object, write_list};
use crate::native::wire::query::{note, parameter, read_limit, refuse};
use crate::native::wire::terms::name_of;

/// How many a list shows at most.
const VENUES_LISTED: usize = 1_000;

// As the documents describe it; `write_venue` writes it.
/// A venue: one exchange, whole.
#[derive(ToSchema)]
#[schema(as = Venue)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(super) struct WireVenue {
    /// By what it is known: what `main` serves at `/X`, it serves at `/venues/NAME/X`.
    #[schema(example = "ci-42")]
    name: String,
    /// Which life of it this is: another one after each reset.
    instance: Uuid,
    /// What its ids, delays and prices follow from; null of `main` where no `--seed` was given.
    #[schema(required = true, example = 42)]
    seed: Option<u64>,
    clock: WireMadeClock,
    /// How long an order waits, as `--delay` writes it.
    #[schema(example = "100ms..1s")]
    delay: String,
    /// The same, of an order that asks for a long wait.
    #[schema(example = "5s")]
    long_delay: String,
    /// Who quotes beside the clients.
    #[schema(example = "calm")]
    market: String,
    /// When equities trade that were listed without saying so.
    #[schema(example = "always")]
    hours: String,
    /// How long it is kept after its last request or socket; null of one that stays.
    #[schema(required = true, example = "1h")]
    ttl: Option<String>,
    /// Whether it is kept on disk.
    durable: bool,
    /// Whether `/metrics` tells its figures by its name.
    metrics: bool,
    /// When it was made, or reset, by the machine's clock.
    #[schema(format = DateTime)]
    made_at: String,
    counts: WireCounts,
    /// What it holds in memory, roughly.
    #[schema(example = 51456)]
    bytes: u64,
}

/// Who lets the venue's time pass.
#[derive(ToSchema)]
#[schema(as = VenueClock)]
#[expect(dead_code, reason = "described here, written field by field")]
struct WireMadeClock {
    /// `real`, `frozen` or `running`.
    #[schema(example = "frozen")]
    mode: String,
    /// How many times as fast as the machine's it runs: 1 where it is real, 0 where it is frozen.
    #[schema(example = 0)]
    speed: f64,
    /// Where it started; null where it is real.
    #[schema(required = true, format = DateTime)]
    start: Option<String>,
}

/// What a venue counts, since it was made or reset.
#[derive(ToSchema)]
#[schema(as = VenueCounts)]
#[expect(dead_code, reason = "described here, written field by field")]
struct WireCounts {
    /// Orders that were accepted.
    orders: u64,
    /// Those that are open now.
    open: u64,
    executed: u64,
    cancelled: u64,
    /// WebSockets now.
    subscribers: u64,
    /// Faults in force now.
    faults: u64,
}

pub(super) fn venue_body(entry: &Entry, there: &There) -> Vec<u8> {
    let mut body = Vec::with_capacity(640);
    write_venue(entry, there, &mut body);
    body
}

pub(super) fn venues_body(venues: &[(Arc<Entry>, There)]) -> Vec<u8> {
    let mut body = Vec::with_capacity(640 * venues.len());
    write_list(&mut body, venues, |(entry, there), out| write_venue(entry, there, out));
    body
}

fn write_venue(entry: &Entry, there: &There, out: &mut Vec<u8>) {
    let There { venue, made, made_at, .. } = there;
    let config = &made.config;
    let mut json = Object::begin(out);
    json.plain("name", &entry.name);
    json.id("instance", Chance::seeded(venue.id().0).id(Number(0)));
    match config.seed {
        Some(seed) => json.number("seed", seed),
        None => json.null("seed"),
    }
    json.object("clock", |json| write_clock(config.clock, json));
    json.text("delay", &spell_delay(&config.delay));
    json.text("long_delay", &spell_delay(&config.long_delay));
    json.plain("market", name_of(&MARKETS, &config.market));
    json.plain("hours", name_of(&HOURS, &config.hours));
    match made.ttl_us {
        Some(ttl_us) => json.text("ttl", &spell_span(ttl_us)),
        None => json.null("ttl"),
    }
    json.spelled("durable", word(made.is_durable));
    json.spelled("metrics", word(made.is_named));
    json.time("made_at", *made_at);
    json.object("counts", |json| {
        write_counts(venue, json);
        json.number("faults", boards::in_force(venue).faults.0.len() as u64);
    });
    json.number("bytes", venue.held_bytes() as u64);
    json.end();
}

fn word(is: bool) -> &'static str {
    if is { "true" } else { "false" }
}

fn write_clock(clock: ClockConfig, json: &mut Object<'_>) {
    let (mode, start) = match clock {
        ClockConfig::Real => (Mode::Real, None),
        ClockConfig::Virtual { start, speed: Speed::STILL } => (Mode::Frozen, start),
        ClockConfig::Virtual { start, speed } => (Mode::Running(speed), start),
    };
    write_mode(mode, json);
    write_time("start", start, json);
}

fn write_counts(venue: &Venue, json: &mut Object<'_>) {
    let stats = venue.stats();
    json.number("orders", stats.accepted.get());
    json.number("open", stats.open.get() as u64);
    json.number("executed", stats.executed.get());
    json.number("cancelled", stats.cancelled.get());
    json.number("subscribers", stats.subscribers.get() as u64);
}

/// The query of `GET /venues`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described here, read by VenuesQuery")]
pub(super) struct VenuesParameters {
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Start after the venue of this name.
    #[param(required = false, min_length = 1, max_length = 64, pattern = "^[a-z0-9_-]+$")]
    after: String,
}

/// What `GET /venues` is asked for.
pub(super) struct VenuesQuery {
    pub(super) limit: usize,
    pub(super) after: Option<String>,
}

impl VenuesQuery {
    pub(super) fn parse(query: &str) -> Result<VenuesQuery, ApiError> {
        let (mut flaws, mut limit) = (Vec::new(), VENUES_LISTED);
        if let Some(text) = parameter(query, "limit") {
            limit = read_limit("limit", &text, VENUES_LISTED).unwrap_or_else(|flaw| note(&mut flaws, flaw));
        }
        let after = parameter(query, "after").map(std::borrow::Cow::into_owned);
        refuse(flaws).map(|()| VenuesQuery { limit, after })
    }

    /// The flaw of an `after` that names no venue.
    pub(super) fn unknown_after(&self) -> ApiError {
        let after = self.after.as_deref().unwrap_or_default();
        let flaw = Flaw::in_query("unknown_venue", "after", "Input should be the name of a venue", after);
        ApiError::Invalid(Flaws { detail: vec![flaw] })
    }
}
