//! The sessions of a venue's equities: what is asked of them, and how they are written.

use tradepit_engine::{Hours, Time};
use utoipa::{IntoParams, ToSchema};

use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::Flaw;
use crate::native::wire::object::{Object, write_list};
use crate::native::wire::query::{note, parameter, refuse};
use crate::time::{self, WireTime};

const DAY_US: i64 = 86_400_000_000;
/// Shown where no end is given.
const DAYS: i64 = 31;
/// Shown at most: ten years.
const DAYS_AT_MOST: i64 = 3_660;

/// The query of `GET /calendar`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described here, read by CalendarQuery")]
pub(super) struct CalendarParameters {
    /// The first day; today where nothing is said.
    #[param(required = false, format = Date, example = "2026-11-23")]
    start: String,
    /// The day after the last one, at most 3660 days after the first; 31 days after it where nothing is said.
    #[param(required = false, format = Date, example = "2026-12-01")]
    end: String,
}

/// Of which days sessions are asked for, each as its beginning, UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct CalendarQuery {
    start: Time,
    end: Time,
}

impl CalendarQuery {
    pub(super) fn parse(query: &str, now: Time) -> Result<CalendarQuery, ApiError> {
        let mut flaws = Vec::new();
        let mut date = |name| {
            let text = parameter(query, name)?;
            match time::parse(&format!("{text}T00:00:00Z")).filter(|day| day.0 >= 0) {
                Some(day) => Some(day),
                None => {
                    let flaw = Flaw::in_query("date", name, "Input should be a date such as 2026-11-23", &text);
                    note(&mut flaws, flaw)
                }
            }
        };
        let start = date("start").unwrap_or(Time(now.0 - now.0.rem_euclid(DAY_US)));
        let end = date("end").unwrap_or(Time(start.0 + DAYS * DAY_US));
        if end.0 - start.0 > DAYS_AT_MOST * DAY_US {
            let msg = format!("Input should be at most {DAYS_AT_MOST} days after start");
            let text = parameter(query, "end").unwrap_or_default();
            flaws.push(Flaw::in_query("too_many_days", "end", msg, &text));
        }
        refuse(flaws).map(|()| CalendarQuery { start, end })
    }
}

// As the documents describe it; `calendar_body` writes it.
/// A session.
#[derive(ToSchema)]
#[schema(as = Session)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(super) struct WireSession {
    /// Its day.
    #[schema(format = Date, example = "2026-11-23")]
    date: String,
    /// When it begins.
    #[schema(format = DateTime, example = "2026-11-23T14:30:00.000000Z")]
    open: String,
    /// When it ends.
    #[schema(format = DateTime, example = "2026-11-23T21:00:00.000000Z")]
    close: String,
}

pub(super) fn calendar_body(hours: Hours, query: &CalendarQuery) -> Vec<u8> {
    let mut sessions = Vec::new();
    let mut day = query.start;
    while day < query.end {
        sessions.extend(hours.session_of(day));
        day = Time(day.0 + DAY_US);
    }
    let mut body = Vec::with_capacity(96 * sessions.len());
    write_list(&mut body, &sessions, |(open, close), out| {
        let mut json = Object::begin(out);
        json.plain("date", &WireTime(*open).to_string()[..10]);
        json.time("open", *open);
        json.time("close", *close);
        json.end();
    });
    body
}
