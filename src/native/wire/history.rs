//! What an account was worth from time to time as JSON, and as the documents describe it. Also the query of it.

use tradepit_actors::ReadHistory;
use tradepit_engine::{AccountNumber, Moment, Time};
use utoipa::ToSchema;

use super::account::{read_page_limit, write_shown};
use super::error::ApiError;
use super::flaw::{Flaw, one_of};
use super::object::{Object, write_list};
use super::query::{note, parameter, read_time, refuse};
use super::time::WireTime;

/// The spans between two moments, in microseconds.
const TIMEFRAMES: [(&str, i64); 6] = [
    ("1s", 1_000_000),
    ("1m", 60_000_000),
    ("5m", 300_000_000),
    ("15m", 900_000_000),
    ("1h", 3_600_000_000),
    ("1d", A_DAY_US),
];
const A_DAY_US: i64 = 86_400_000_000;

// As the documents describe it; `history_body` writes it.
/// What an account was worth at a moment, in its currency. Null where nothing led there
/// from all that it had.
#[derive(ToSchema)]
#[schema(as = Moment)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireMoment {
    /// When: all that had happened by then counts.
    #[schema(format = DateTime)]
    at: String,
    /// Cash, and positions at their mark.
    #[schema(required = true, example = "25133.5")]
    equity: Option<String>,
    /// The same, less what was paid in.
    #[schema(required = true, example = "133.5")]
    profit: Option<String>,
}

/// How far apart the moments of a history are.
#[derive(ToSchema)]
#[schema(as = Timeframe)]
#[expect(dead_code, reason = "described here, read by name")]
pub(crate) enum WireTimeframe {
    #[schema(rename = "1s")]
    Second,
    #[schema(rename = "1m")]
    Minute,
    #[schema(rename = "5m")]
    FiveMinutes,
    #[schema(rename = "15m")]
    Quarter,
    #[schema(rename = "1h")]
    Hour,
    #[schema(rename = "1d")]
    Day,
}

fn write_moment(moment: &Moment, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    json.time("at", moment.at);
    write_shown("equity", moment.equity, &mut json);
    write_shown("profit", moment.profit, &mut json);
    json.end();
}

pub(crate) fn history_body(moments: &[Moment]) -> Vec<u8> {
    let mut body = Vec::with_capacity(2 + 96 * moments.len());
    write_list(&mut body, moments, write_moment);
    body
}

/// Where the next page starts.
pub(crate) fn start_text(time: Time) -> String {
    WireTime(time).to_string()
}

/// Of which times the history of an account is asked for.
pub(crate) fn read_history_query(query: &str, account: AccountNumber) -> Result<ReadHistory, ApiError> {
    let mut flaws = Vec::new();
    let limit = read_page_limit(query, &mut flaws);
    let mut time = |name| match parameter(query, name) {
        Some(text) => read_time(name, &text).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw)),
        None => None,
    };
    let (start, end) = (time("start"), time("end"));
    let mut step_us = A_DAY_US;
    if let Some(text) = parameter(query, "timeframe") {
        step_us = read_timeframe(&text).unwrap_or_else(|flaw| note(&mut flaws, flaw));
    }
    refuse(flaws).map(|()| ReadHistory { account, start, end, step_us, limit })
}

fn read_timeframe(text: &str) -> Result<i64, Flaw> {
    let found = TIMEFRAMES.iter().find(|(name, _)| *name == text).map(|(_, step_us)| *step_us);
    let msg = || one_of(TIMEFRAMES.iter().map(|(name, _)| *name));
    found.ok_or_else(|| Flaw::in_query("enum", "timeframe", msg(), text))
}
