//! What an account was worth from time to time as JSON, and as the documents describe it. Also the query of it.

use tradepit_actors::ReadHistory;
use tradepit_engine::{AccountNumber, Moment, Time, Timeframe};
use utoipa::ToSchema;

use super::account::{read_page_limit, write_shown};
use super::error::ApiError;
use super::object::{Object, write_list};
use super::query::{note, parameter, read_time, refuse};
use super::timeframe::read_timeframe;
use crate::time::WireTime;

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
    let mut step_us = Timeframe::Day.us();
    if let Some(text) = parameter(query, "timeframe") {
        step_us = read_timeframe(&text).map(Timeframe::us).unwrap_or_else(|flaw| note(&mut flaws, flaw));
    }
    refuse(flaws).map(|()| ReadHistory { account, start, end, step_us, limit })
}
