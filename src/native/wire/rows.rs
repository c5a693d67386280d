//! The body of `POST /replay/{symbol}`: rows of quotes, a JSON object on each line; and what rows there are.

use tradepit_engine::{AskedRow, Instrument, ROWS_AT_MOST, RowFault, RowsOf};
use utoipa::ToSchema;

use super::body::fields::Fields;
use super::body::reading::Reading;
use super::body::values::read_time;
use super::error::ApiError;
use super::flaw::{Flaw, Flaws, Place};
use super::input::Input;
use super::object::Object;
use super::quote_by_hand::{flaw_of, read_quote};

/// What was read of such a body, which has no flaw of its own.
pub(crate) struct RowsDraft<'a> {
    /// Each with the number of its line.
    rows: Vec<(usize, Fields<'a>)>,
    pub(crate) asked: Vec<AskedRow>,
}

impl<'a> RowsDraft<'a> {
    /// Reads a body. Lines without anything are passed over.
    ///
    /// # Errors
    /// All that is wrong with it by itself.
    pub(crate) fn read(body: &'a [u8]) -> Result<RowsDraft<'a>, ApiError> {
        let (mut rows, mut asked, mut flaws) = (Vec::new(), Vec::new(), Vec::new());
        let lines = body.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
        for (number, line) in (1..).zip(lines).filter(|(_, line)| !line.is_empty()) {
            match read_row(line) {
                Ok((fields, row)) => {
                    rows.push((number, fields));
                    asked.push(row);
                }
                Err(wrong) => flaws.extend(wrong.into_iter().map(|flaw| flaw.in_line(number))),
            }
        }
        if asked.is_empty() && flaws.is_empty() {
            let msg = "Input should be rows, a JSON object on each line";
            flaws.push(Flaw::in_body("missing", [], msg, Input::of_text("")));
        }
        if flaws.is_empty() { Ok(RowsDraft { rows, asked }) } else { Err(ApiError::Invalid(Flaws { detail: flaws })) }
    }

    /// Refuses them for what the instrument, or its rows, have against some of them.
    pub(crate) fn refused_by(&self, faults: &[(usize, RowFault)], instrument: &Instrument) -> ApiError {
        let flaws = faults.iter().filter_map(|&(place, fault)| {
            let (line, fields) = self.rows.get(place)?;
            let flaw = match fault {
                RowFault::Quote(fault) => flaw_of(fault, instrument, fields),
                RowFault::NotRising => {
                    let msg = "Input should be later than the row before it";
                    Flaw::in_body("not_rising", [Place::Name("at")], msg, fields.input("at"))
                }
            };
            Some(flaw.in_line(*line))
        });
        ApiError::Invalid(Flaws { detail: flaws.collect() })
    }

    /// Refuses them because there would be too many.
    pub(crate) fn refused_as_too_many(&self) -> ApiError {
        let msg = format!("An instrument has at most {ROWS_AT_MOST} rows: DELETE drops those there are");
        let input = Input::of_text(&format!("{} rows", self.asked.len()));
        ApiError::Invalid(Flaws { detail: vec![Flaw::in_body("too_many_rows", [], msg, input)] })
    }
}

fn read_row(line: &[u8]) -> Result<(Fields<'_>, AskedRow), Vec<Flaw>> {
    let fields = Fields::read(line).map_err(|flaw| vec![flaw])?;
    let flaws = fields.given_twice();
    let mut reading = Reading { fields, flaws };
    let at = match reading.fields.given("at") {
        Some(json) => reading.value("at", json, read_time),
        None => reading.missing("at"),
    };
    let quote = read_quote(&mut reading);
    match at.zip(quote) {
        Some((at, quote)) if reading.flaws.is_empty() => Ok((reading.fields, AskedRow { at, quote })),
        _ => Err(reading.flaws),
    }
}

// As the documents describe them; `rows_body` writes them.
/// What rows of quotes an instrument has.
#[derive(ToSchema)]
#[schema(as = Rows)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireRows {
    /// Which.
    #[schema(example = "EURUSD")]
    symbol: String,
    /// How many.
    #[schema(example = 2)]
    count: usize,
    /// From when on the first of them stands; null where there are none.
    #[schema(required = true, format = DateTime, example = "2026-11-28T08:00:00.000000Z")]
    first_at: Option<String>,
    /// From when on the last does.
    #[schema(required = true, format = DateTime, example = "2026-11-28T08:00:01.500000Z")]
    last_at: Option<String>,
}

/// Writes them.
pub(crate) fn rows_body(rows: &RowsOf) -> Vec<u8> {
    let mut body = Vec::new();
    let mut json = Object::begin(&mut body);
    write_rows(rows, &mut json);
    json.end();
    body
}

/// Writes of which instrument, how many, and from when to when.
pub(super) fn write_rows(rows: &RowsOf, json: &mut Object<'_>) {
    json.plain("symbol", rows.symbol.as_str());
    json.number("count", rows.count as u64);
    for (name, at) in [("first_at", rows.first_at), ("last_at", rows.last_at)] {
        match at {
            Some(at) => json.time(name, at),
            None => json.null(name),
        }
    }
}
