//! Bars as JSON, and as the documents describe them. Also the query of them.

use tradepit_actors::{BarsTold, ReadBars};
use tradepit_engine::{Bar, Decimal, Money, Step, Symbol};
use utoipa::ToSchema;

use super::account::read_page_limit;
use super::error::ApiError;
use super::fill::write_decimal;
use super::market::Price;
use super::object::{Object, write_list};
use super::query::{note, parameter, read_time, refuse};
use super::timeframe::{TIMEFRAME, read_timeframe};

// As the documents describe it; `bars_body` writes it.
/// What was traded in an instrument in a span of time. Prices have the decimals of the tick.
#[derive(ToSchema)]
#[schema(as = Bar)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireBar {
    /// When the span begins.
    #[schema(format = DateTime)]
    at: String,
    /// The first price.
    #[schema(example = "1.08501")]
    open: String,
    /// The highest.
    #[schema(example = "1.08512")]
    high: String,
    /// The lowest.
    #[schema(example = "1.08498")]
    low: String,
    /// The last.
    #[schema(example = "1.08505")]
    close: String,
    /// How much.
    #[schema(example = "1500")]
    volume: String,
    /// How many trades.
    #[schema(minimum = 1)]
    count: u64,
}

fn write_bar(bar: &Bar, tick: Step, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    write_bar_fields(bar, tick, &mut json);
    json.end();
}

/// Writes the fields of a bar.
pub(super) fn write_bar_fields(bar: &Bar, tick: Step, json: &mut Object<'_>) {
    json.time("at", bar.at);
    for (name, ticks) in [("open", bar.open), ("high", bar.high), ("low", bar.low), ("close", bar.close)] {
        json.decimal(name, Price(tick, ticks));
    }
    let volume = i128::try_from(bar.volume).ok().and_then(|volume| Decimal::new(volume, Money::DECIMALS));
    write_decimal("volume", volume, json);
    json.number("count", bar.count);
}

pub(crate) fn bars_body(told: &BarsTold) -> Vec<u8> {
    let mut body = Vec::with_capacity(2 + 160 * told.bars.len());
    write_list(&mut body, &told.bars, |bar, out| write_bar(bar, told.tick, out));
    body
}

/// Which bars of an instrument are asked for.
pub(crate) fn read_bars_query(query: &str, symbol: Symbol) -> Result<ReadBars, ApiError> {
    let mut flaws = Vec::new();
    let limit = read_page_limit(query, &mut flaws);
    let mut time = |name| match parameter(query, name) {
        Some(text) => read_time(name, &text).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw)),
        None => None,
    };
    let (start, end) = (time("start"), time("end"));
    let timeframe = match parameter(query, "timeframe").map(|text| read_timeframe(&text)) {
        None => TIMEFRAME,
        Some(Ok(timeframe)) => timeframe,
        Some(Err(flaw)) => {
            flaws.push(flaw);
            TIMEFRAME
        }
    };
    refuse(flaws).map(|()| ReadBars { symbol, timeframe, start, end, limit })
}
