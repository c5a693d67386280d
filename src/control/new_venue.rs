//! The bodies of `POST /venues` and `POST /venues/{v}/reset`. Every fault is told at once.

use serde_json::value::RawValue;
use tradepit_actors::{Chance, Clock, DelayModel, ListInstrument, Speed};
use tradepit_engine::{Symbol, Time};

use super::clock::bodies::read_speed;
use super::entry::Made;
use super::faults::reading::read_values_of;
use super::fields::{read_span, refused_at};
use crate::config::{ClockConfig, EquityHours, Market, RuleList, VenueConfig};
use crate::delay::parse_delay;
use crate::edge::faults::Faults;
use crate::edge::here::{NAME_AT_MOST, is_name};
use crate::edge::table::Table;
use crate::native::wire::body::reading::Reading;
use crate::native::wire::body::values::{Wrong, read_bool, read_text, read_time};
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::{Flaw, Flaws, Place, one_of};
use crate::native::wire::listing::read_listing;
use crate::native::wire::new_account::AccountDraft;
use crate::native::wire::number::{NoInteger, read_integer};
use crate::native::wire::query::refuse;
use crate::rules::read_list;

pub(super) const MARKETS: [(&str, Market); 4] =
    [("calm", Market::Calm), ("volatile", Market::Volatile), ("frozen", Market::Frozen), ("none", Market::None)];
pub(super) const HOURS: [(&str, EquityHours); 2] = [("always", EquityHours::Always), ("nyse", EquityHours::Nyse)];

/// How long a venue in memory is kept that nobody uses, in microseconds, where nothing is said.
const TTL_US: u64 = 3_600_000_000;
/// A drawn seed is a number that every reader of JSON takes for what it is.
const DRAWN_SEED_BITS: u32 = 53;

/// What a venue is like where its body says nothing, and what that is read with.
#[derive(Clone, Copy)]
pub(super) struct Basis<'a> {
    pub(super) defaults: &'a VenueConfig,
    pub(super) faults: &'a Faults,
    pub(super) table: &'a Table,
    /// Whether there is a data folder.
    pub(super) can_keep: bool,
}

/// A body, as far as it could be read. What could not be has a flaw.
pub(super) struct VenueDraft<'a> {
    reading: Reading<'a>,
    pub(super) name: Option<String>,
    pub(super) made: Made,
    /// Its accounts, each with its place.
    pub(super) accounts: Vec<(usize, AccountDraft<'a>)>,
}

impl<'a> VenueDraft<'a> {
    /// Reads a body; one that is empty asks for nothing.
    ///
    /// # Errors
    /// All that is wrong where it has no fields.
    pub(super) fn read(body: &'a [u8], basis: &Basis<'_>) -> Result<VenueDraft<'a>, ApiError> {
        let Basis { defaults, faults, table, can_keep } = *basis;
        let mut reading = Reading::of(if body.is_empty() { b"{}" } else { body })?;
        let name = reading.optional("name", read_name);
        let seed = reading.optional("seed", read_seed).unwrap_or_else(draw_seed);
        let delay = reading.optional("delay", read_delay).unwrap_or(defaults.delay);
        let long_delay = reading.optional("long_delay", read_delay).unwrap_or(defaults.long_delay);
        let market = reading.choice_or_none("market", &MARKETS).unwrap_or(defaults.market);
        let hours = reading.choice_or_none("hours", &HOURS).unwrap_or(defaults.hours);
        let clock = read_clock(&mut reading);
        let is_durable = reading.optional("durable", read_bool).unwrap_or(false);
        if is_durable && !can_keep {
            let msg = "This server keeps nothing: start it with --data-dir";
            reading.flaw("durable", "no_data_folder", msg);
        }
        let ttl_us = reading.optional("ttl", read_span).or((!is_durable).then_some(TTL_US));
        let is_named = reading.optional("metrics", read_bool).unwrap_or(false);
        refuse_unbuilt(&mut reading);
        let listed = read_listings(&mut reading);
        let instruments = if listed.is_empty() {
            defaults.instruments.clone()
        } else {
            let listed = listed.into_iter().map(|ListInstrument { listing, hours }| (listing, hours.is_some()));
            Some(defaults.instruments.clone().unwrap_or_default().with(listed))
        };
        let seed = Some(seed);
        let rules = reading.nested("rules", read_list).map(RuleList).or_else(|| defaults.rules.clone());
        let defaults = defaults.clone();
        let config = VenueConfig { seed, clock, delay, long_delay, market, hours, instruments, rules, ..defaults };
        let accounts = read_accounts(&mut reading);
        let opened = accounts.iter().map(|(_, account)| account.open.clone()).collect();
        let faults = read_faults(&mut reading, table).unwrap_or_else(|| faults.clone());
        let made = Made { config, accounts: opened, faults, ttl_us, is_named, is_durable };
        Ok(VenueDraft { reading, name, made, accounts })
    }

    /// Whether nothing is wrong with it by itself, its accounts apart.
    pub(super) fn is_flawless(&self) -> bool {
        self.reading.flaws.is_empty()
    }

    /// What it asks for.
    ///
    /// # Errors
    /// What is wrong with it, and this beside, where there is anything.
    pub(super) fn made_unless(self, more: Vec<Flaw>) -> Result<Made, ApiError> {
        let mut detail = self.reading.flaws;
        detail.extend(more);
        refuse(detail).map(|()| self.made)
    }
}

/// What a reset is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reset {
    pub(super) seed: Option<u64>,
    pub(super) keeps_accounts: bool,
    pub(super) keeps_instruments: bool,
    pub(super) keeps_rules: bool,
}

impl Reset {
    /// Reads a body; one that is empty asks for nothing.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub(super) fn read(body: &[u8]) -> Result<Reset, ApiError> {
        let mut reading = Reading::of(if body.is_empty() { b"{}" } else { body })?;
        let mut reset = Reset { seed: reading.optional("seed", read_seed), ..Reset::default() };
        for (number, json) in items(&mut reading, "keep") {
            match serde_json::from_str(json.get()).unwrap_or("") {
                "accounts" => reset.keeps_accounts = true,
                "instruments" => reset.keeps_instruments = true,
                "rules" => reset.keeps_rules = true,
                _ => {
                    let place = [Place::Name("keep"), Place::Position(number)];
                    let msg = one_of(["accounts", "instruments", "rules"]);
                    reading.flaws.push(Flaw::in_body("enum", place, msg, json.into()));
                }
            }
        }
        refuse(reading.flaws).map(|()| reset)
    }

    /// What it is refused with where accounts cannot be kept.
    pub(super) fn cannot_keep_accounts(body: &[u8]) -> ApiError {
        let msg = "An account has a currency that is known by instruments only that are not kept";
        refused_at(body, "keep", "unknown_currency", msg)
    }
}

fn draw_seed() -> u64 {
    Chance::random().number() >> (63 - DRAWN_SEED_BITS)
}

fn read_name(json: &RawValue) -> Result<String, Wrong> {
    let text = read_text(json)?;
    if is_name(&text) {
        return Ok(text.into_owned());
    }
    let msg = format!("Input should be 1 to {NAME_AT_MOST} of the characters a-z 0-9 - _, first a letter or a digit");
    Err(("string_pattern_mismatch", msg.into()))
}

fn read_seed(json: &RawValue) -> Result<u64, Wrong> {
    match read_integer(json.get()) {
        Ok(u64::MAX) if json.get() != "18446744073709551615" => {
            Err(("less_than_equal", format!("Input should be at most {}", u64::MAX).into()))
        }
        Ok(seed) => Ok(seed),
        Err(NoInteger::Negative) => Err(("greater_than_equal", "Input should be greater than or equal to 0".into())),
        Err(NoInteger::Fraction | NoInteger::OtherType) => Err(("int_type", "Input should be a valid integer".into())),
    }
}

fn read_delay(json: &RawValue) -> Result<DelayModel, Wrong> {
    parse_delay(&read_text(json)?).map_err(|wrong| ("delay", wrong.into()))
}

/// Notes what of the contract is not built yet, where it is asked for.
fn refuse_unbuilt(reading: &mut Reading<'_>) {
    let msg = "This server does not do this yet: leave it out";
    let asks_nothing = [("from", "")];
    for (field, nothing) in asks_nothing {
        if reading.fields.given(field).is_some_and(|json| json.get() != nothing) {
            reading.flaw(field, "not_built", msg);
        }
    }
}

/// `"real"`, `"frozen"`, or when it starts, and how fast it runs. A reset lets it begin there again.
fn read_clock(reading: &mut Reading<'_>) -> ClockConfig {
    let from =
        |start: Option<Time>, speed| ClockConfig::Virtual { start: Some(start.unwrap_or_else(Clock::wall)), speed };
    if !reading.fields.given("clock").is_some_and(|json| json.get().starts_with('{')) {
        let clocks = [("real", ClockConfig::Real), ("frozen", from(None, Speed::STILL))];
        return reading.choice("clock", &clocks).unwrap_or(ClockConfig::Real);
    }
    let read = |inner: &mut Reading<'_>| (inner.optional("start", read_start), inner.optional("speed", read_speed));
    let (start, speed) = reading.within("clock", read).unwrap_or_default();
    from(start, speed.unwrap_or(Speed::STILL))
}

fn read_start(json: &RawValue) -> Result<Time, Wrong> {
    let start = read_time(json)?;
    if start.0 >= 0 { Ok(start) } else { Err(("too_early", "Input should be a time since 1970".into())) }
}

/// The items of a field that is a list; none where nothing is given.
fn items<'a>(reading: &mut Reading<'a>, field: &'static str) -> Vec<(usize, &'a RawValue)> {
    let Some(json) = reading.fields.given(field) else { return Vec::new() };
    match serde_json::from_str::<Vec<&RawValue>>(json.get()) {
        Ok(items) => items.into_iter().enumerate().collect(),
        Err(_) => {
            reading.flaw(field, "list_type", "Input should be a valid list");
            Vec::new()
        }
    }
}

fn note(reading: &mut Reading<'_>, field: &'static str, number: usize, error: ApiError) {
    if let ApiError::Invalid(Flaws { detail }) = error {
        let within = |flaw: Flaw| flaw.within([Place::Name(field), Place::Position(number)]);
        reading.flaws.extend(detail.into_iter().map(within));
    }
}

fn read_listings(reading: &mut Reading<'_>) -> Vec<ListInstrument> {
    let (mut listed, mut seen): (Vec<ListInstrument>, Vec<Symbol>) = (Vec::new(), Vec::new());
    for (number, json) in items(reading, "instruments") {
        match read_listing(json.get().as_bytes()) {
            Ok(list) if seen.contains(&list.listing.symbol) => {
                let place = [Place::Name("instruments"), Place::Position(number), Place::Name("symbol")];
                let msg = "There is an instrument of this symbol before it";
                reading.flaws.push(Flaw::in_body("instrument_exists", place, msg, json.into()));
            }
            Ok(list) => {
                seen.push(list.listing.symbol);
                listed.push(list);
            }
            Err(error) => note(reading, "instruments", number, error),
        }
    }
    listed
}

fn read_faults(reading: &mut Reading<'_>, table: &Table) -> Option<Faults> {
    reading.fields.given("faults")?;
    let values: Vec<&RawValue> = items(reading, "faults").into_iter().map(|(_, json)| json).collect();
    let mut flaws = Vec::new();
    let faults = read_values_of(&values, table, &mut flaws);
    reading.note_within("faults", flaws);
    Some(faults)
}

fn read_accounts<'a>(reading: &mut Reading<'a>) -> Vec<(usize, AccountDraft<'a>)> {
    let mut drafts = Vec::new();
    for (number, json) in items(reading, "accounts") {
        match AccountDraft::read(json.get().as_bytes()) {
            Ok(draft) => drafts.push((number, draft)),
            Err(error) => note(reading, "accounts", number, error),
        }
    }
    drafts
}
