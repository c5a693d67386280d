//! Spans of time by name, as queries have them.

use std::collections::BTreeSet;

use tradepit_engine::Timeframe;
use utoipa::ToSchema;

use super::flaw::{Flaw, one_of};

/// What is meant where none is said.
pub(super) const TIMEFRAME: Timeframe = Timeframe::Minute;

const TIMEFRAMES: [(&str, Timeframe); 6] = [
    ("1s", Timeframe::Second),
    ("1m", Timeframe::Minute),
    ("5m", Timeframe::FiveMinutes),
    ("15m", Timeframe::Quarter),
    ("1h", Timeframe::Hour),
    ("1d", Timeframe::Day),
];

/// How long a bar is, or how far apart the moments of a history are.
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

pub(super) fn timeframe_name(timeframe: Timeframe) -> &'static str {
    TIMEFRAMES[timeframe as usize].0
}

/// Those of these names, with commas between, the shortest first.
pub(super) fn read_timeframes(text: &str) -> Result<Vec<Timeframe>, Flaw> {
    let read: BTreeSet<Timeframe> = text.split(',').map(read_timeframe).collect::<Result<_, _>>()?;
    Ok(read.into_iter().collect())
}

pub(super) fn read_timeframe(text: &str) -> Result<Timeframe, Flaw> {
    let found = TIMEFRAMES.iter().find(|(name, _)| *name == text).map(|(_, timeframe)| *timeframe);
    let msg = || one_of(TIMEFRAMES.iter().map(|(name, _)| *name));
    found.ok_or_else(|| Flaw::in_query("enum", "timeframe", msg(), text))
}
