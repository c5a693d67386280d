//! What a client sends about venues, as the OpenAPI document describes it; `new_venue` reads it.

#![expect(dead_code, reason = "described here, read in new_venue")]

use serde::Serialize;
use utoipa::ToSchema;

use super::faults::bodies::FaultBody;
use super::rules::described::RulesBody;
use crate::native::requests::accounts::NewAccountBody;
use crate::native::requests::listing::NewInstrumentBody;

/// What a client sends to make a venue. Whatever is not said is as `main` was started.
#[derive(ToSchema)]
#[schema(as = NewVenue)]
pub(super) struct NewVenueBody {
    /// By what it shall be known; drawn where nothing is said.
    #[schema(min_length = 1, max_length = 64, pattern = "^[a-z0-9][a-z0-9_-]*$", example = "ci-42")]
    name: Option<String>,
    /// The venue of which it is a copy, with all that this one holds at one moment; whatever is not said is as there.
    #[schema(example = "main")]
    from: Option<String>,
    /// What ids, delays and prices follow from; drawn, and shown, where nothing is said.
    #[schema(example = 42)]
    seed: Option<u64>,
    /// Who lets its time pass: the machine, where nothing is said.
    #[schema(required = false, inline)]
    clock: ClockBody,
    /// How long an order waits, as `--delay` writes it.
    #[schema(example = "none")]
    delay: Option<String>,
    /// The same, of an order that asks for a long wait.
    #[schema(example = "5s")]
    long_delay: Option<String>,
    /// Who quotes beside the clients.
    market: Option<WireMarket>,
    /// When equities trade that are listed without saying so.
    hours: Option<WireEquityHours>,
    /// Instruments that are listed beside those of `main`'s start, or in place of those of the same symbol.
    instruments: Option<Vec<NewInstrumentBody>>,
    /// Accounts that are opened at once.
    accounts: Option<Vec<NewAccountBody>>,
    /// What becomes of orders on purpose, as `PUT /rules` takes it.
    #[schema(required = false)]
    rules: Option<RulesBody>,
    /// What is made to go wrong from its start on, as `PUT /faults` takes it. As `main` was started where
    /// nothing is said.
    faults: Option<Vec<FaultBody>>,
    /// How long it is kept after its last request or socket, in real time, up to 3650d; where nothing is said an hour,
    /// or for ever if it is `durable`.
    #[schema(example = "10m")]
    ttl: Option<String>,
    /// Whether it is kept below the data folder, and there again after a restart; not without `--data-dir`.
    durable: Option<bool>,
    /// Whether `/metrics` tells its figures by its name.
    metrics: Option<bool>,
}

/// `real`, `frozen` (it stands at the moment of its making), or where it stands.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum ClockBody {
    Mode(ClockMode),
    Start(ClockStart),
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ClockMode {
    Real,
    Frozen,
}

/// A clock of its own.
#[derive(Serialize, ToSchema)]
struct ClockStart {
    /// Where; at the moment of its making where nothing is said.
    #[schema(format = DateTime, example = "2026-01-05T14:30:00Z")]
    start: Option<String>,
    /// How many times as fast as the machine's it runs from there, to the thousandth; not at all where nothing is said.
    #[schema(minimum = 0, maximum = 1_000_000, example = 60)]
    speed: Option<f64>,
}

#[derive(ToSchema)]
#[schema(as = Market, rename_all = "lowercase")]
enum WireMarket {
    Calm,
    Volatile,
    Frozen,
    None,
}

#[derive(ToSchema)]
#[schema(as = EquityHours, rename_all = "lowercase")]
enum WireEquityHours {
    Always,
    Nyse,
}

/// What a client sends to let a venue begin anew.
#[derive(ToSchema)]
#[schema(as = VenueReset)]
pub(super) struct ResetBody {
    /// Another seed; it stays where nothing is said.
    #[schema(example = 7)]
    seed: Option<u64>,
    /// What there is now and shall be there then too: accounts with what they were opened with.
    keep: Option<Vec<Kept>>,
}

#[derive(ToSchema)]
#[schema(as = KeptOfVenue, rename_all = "lowercase")]
enum Kept {
    Accounts,
    Instruments,
    Rules,
}
