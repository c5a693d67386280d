//! How a list of faults is read. Every fault of it is told at once.

use std::num::NonZeroU64;

use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use serde_json::value::RawValue;
use tradepit_actors::{Between, Choice, Probability, StreamFault};
use tradepit_engine::{AccountId, Time};

use super::deeds::{Deed, read_deed};
use crate::edge::faults::{Fault, Faults, Of, RequestFault, WhichRoute};
use crate::edge::table::Table;
use crate::native::wire::body::list::read_list as read_values;
use crate::native::wire::body::reading::Reading;
use crate::native::wire::body::values::{Wrong, read_number, read_text, read_time};
use crate::native::wire::channel_query::NAMES as STREAMS;
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::{Flaw, Flaws, Place, one_of};
use crate::native::wire::number::read_integer;
use crate::native::wire::query::refuse;

/// In one list.
const FAULTS_AT_MOST: usize = 100;
/// A name is told in a header.
const NAME_AT_MOST: usize = 64;
/// A number that every reader of JSON takes for what it is.
const COUNT_AT_MOST: u64 = 1 << 53;

const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// Reads a body that is a list.
///
/// # Errors
/// All that is wrong with it.
pub(super) fn read_list(body: &[u8], table: &Table) -> Result<Faults, ApiError> {
    let values = read_values(body).map_err(|flaw| ApiError::Invalid(Flaws { detail: vec![flaw] }))?;
    let mut flaws = Vec::new();
    let faults = read_values_of(&values, table, &mut flaws);
    refuse(flaws).map(|()| faults)
}

/// Reads the items of a list; what is wrong with them is noted, each at its place.
pub(in crate::control) fn read_values_of(values: &[&RawValue], table: &Table, flaws: &mut Vec<Flaw>) -> Faults {
    if values.len() > FAULTS_AT_MOST {
        let msg = format!("List should have at most {FAULTS_AT_MOST} items");
        flaws.push(Flaw::in_body("too_long", [Place::Position(FAULTS_AT_MOST)], msg, values[FAULTS_AT_MOST].into()));
    }
    let mut faults = Vec::new();
    for (at, value) in values.iter().enumerate().take(FAULTS_AT_MOST) {
        match read_fault(at, value, table) {
            Ok(fault) => faults.push(fault),
            Err(found) => flaws.extend(found.into_iter().map(|flaw| flaw.within([Place::Position(at)]))),
        }
    }
    Faults(faults.into())
}

fn read_fault(at: usize, value: &RawValue, table: &Table) -> Result<Fault, Vec<Flaw>> {
    let mut reading = Reading::of_value(value)?;
    reading.know(&["name", "match", "do", "times"]);
    let name = reading.optional("name", read_name);
    let times = reading.optional("times", read_count);
    let matching = reading.within("match", |inner| read_matching(inner, table)).unwrap_or_default();
    let deed = match reading.fields.given("do") {
        Some(_) => reading.within("do", |inner| read_deed(inner, matching.stream.is_some())).flatten(),
        None => reading.missing("do"),
    };
    refuse_mixture(&mut reading, &matching, deed.as_ref());
    let spelled = |field, otherwise: &str| reading.fields.given(field).map_or(otherwise, RawValue::get).into();
    let (matches, does) = (spelled("match", "{}"), spelled("do", "{}"));
    let name = name.unwrap_or_else(|| drawn_name(at));
    match deed {
        Some(deed) if reading.flaws.is_empty() => Ok(Fault { name, matches, does, times, of: matching.doing(deed) }),
        _ => Err(reading.flaws),
    }
}

/// A fault that was given no name has that of its place.
fn drawn_name(at: usize) -> HeaderValue {
    HeaderValue::try_from(format!("fault-{}", at + 1)).expect("letters and digits are a header")
}

/// What a fault is to match.
#[derive(Debug, Default)]
struct Matching {
    route: Option<WhichRoute>,
    stream: Option<&'static str>,
    account: Option<AccountId>,
    between: Option<Between>,
    choice: Choice,
}

fn read_matching(reading: &mut Reading<'_>, table: &Table) -> Matching {
    reading.know(&["route", "stream", "account", "between", "nth", "every", "probability"]);
    Matching {
        route: reading.optional("route", |json| read_route(json, table)),
        stream: reading.optional("stream", read_stream),
        account: reading.optional("account", read_account),
        between: reading.optional("between", read_between),
        choice: Choice {
            nth: reading.optional("nth", read_count),
            every: reading.optional("every", read_count),
            probability: reading.optional("probability", read_probability),
        },
    }
}

impl Matching {
    fn doing(self, deed: Deed) -> Of {
        let Matching { route, stream, account, between, choice } = self;
        match deed {
            Deed::OfRequests(deed) => {
                let account = account.map(|account| account.as_str().into());
                Of::Requests(RequestFault { route, account, between, choice, deed })
            }
            Deed::OfStreams(deed) => Of::Streams(StreamFault { stream, account, between, choice, deed }),
        }
    }
}

/// Notes where what is matched and what is done do not belong together.
fn refuse_mixture(reading: &mut Reading<'_>, matching: &Matching, deed: Option<&Deed>) {
    let (field, msg) = match (deed, matching.route.is_some(), matching.stream.is_some()) {
        (_, true, true) => ("stream", "A fault befalls requests or streams: give route or stream, not both"),
        (Some(Deed::OfRequests(_)), _, true) => ("stream", "This is done to requests: leave the stream out"),
        (Some(Deed::OfStreams(_)), true, _) => ("route", "This is done to streams: leave the route out"),
        _ => return,
    };
    let (place, input) = ([Place::Name("match"), Place::Name(field)], reading.fields.input("match"));
    reading.flaws.push(Flaw::in_body("fault_conflict", place, msg, input));
}

fn read_name(json: &RawValue) -> Result<HeaderValue, Wrong> {
    let text = read_text(json)?;
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && text.trim() == text;
    let name = HeaderValue::try_from(&*text).ok().filter(|_| is_plain && (1..=NAME_AT_MOST).contains(&text.len()));
    name.ok_or_else(|| {
        let msg = format!("Input should be 1 to {NAME_AT_MOST} visible ASCII characters, with spaces between at most");
        ("string_pattern_mismatch", msg.into())
    })
}

/// A whole number from 1 on.
fn read_count(json: &RawValue) -> Result<NonZeroU64, Wrong> {
    let count = read_integer(json.get()).ok().filter(|count| *count <= COUNT_AT_MOST).and_then(NonZeroU64::new);
    count.ok_or_else(|| ("count", format!("Input should be a whole number from 1 to {COUNT_AT_MOST}").into()))
}

fn read_route(json: &RawValue, table: &Table) -> Result<WhichRoute, Wrong> {
    let text = read_text(json)?;
    let (method, path) = match text.split_once(' ') {
        Some((method, path)) => (METHODS.into_iter().find(|known| *known == method).map(Some), path),
        None => (Some(None), &*text),
    };
    let route = table.unsteady(path);
    let is_known = |method: &Option<Method>| {
        route.is_some_and(|route| {
            method.as_ref().is_none_or(|method| route.allow().split(", ").any(|one| *method == one))
        })
    };
    match (method.filter(is_known), route) {
        (Some(method), Some(route)) => Ok(WhichRoute { method, path: route.path() }),
        _ => {
            let msg = "Input should be a route of venues, as /openapi.json writes it and no control: POST /orders";
            Err(("unknown_route", msg.into()))
        }
    }
}

fn read_stream(json: &RawValue) -> Result<&'static str, Wrong> {
    let text = read_text(json)?;
    STREAMS.into_iter().find(|known| *known == text).ok_or_else(|| ("enum", one_of(STREAMS).into()))
}

fn read_account(json: &RawValue) -> Result<AccountId, Wrong> {
    AccountId::new(&read_text(json)?).map_err(|_| {
        let msg = format!("Input should be 1 to {} of the characters A-Z a-z 0-9 . _ -", AccountId::MAX_LEN);
        ("account_id", msg.into())
    })
}

fn read_between(json: &RawValue) -> Result<Between, Wrong> {
    let wrong = || ("between", "Input should be two times of the venue, the earlier first".into());
    let times: [&RawValue; 2] = serde_json::from_str(json.get()).map_err(|_| wrong())?;
    let [Time(from), Time(to)] = [read_time(times[0])?, read_time(times[1])?];
    if from < to { Ok(Between(Time(from), Time(to))) } else { Err(wrong()) }
}

fn read_probability(json: &RawValue) -> Result<Probability, Wrong> {
    let msg = "Input should be a number from 0 to 1, of nine digits after the point at most";
    Probability::of(read_number(json)?).ok_or_else(|| ("probability", msg.into()))
}
