//! A venue's clock: shown, run otherwise, let go on; and the calendar of its sessions.
//!
//! Served for each venue, beside what it serves to its clients.

pub(super) mod bodies;
mod calendar;
pub(super) mod shown;

use actix_web::{HttpRequest, HttpResponse, web};

use self::bodies::{AdvanceBody, RunBody, read_advance, read_run, refuse_advance, refuse_run};
use self::calendar::{CalendarParameters, CalendarQuery, WireSession, calendar_body};
use self::shown::{WireAdvanced, WireClock, advanced_body, clock_body};
use super::error::ControlError;
use crate::edge::body;
use crate::edge::described::described;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::edge::rejects::keep_sent;
use crate::edge::route::{Route, Surface, to};
use crate::native::refused::{BodyRefused, Overloaded, QueryRefused};
use crate::native::reply::json;
use crate::native::wire::error::Coded;

const CLOCK: &str = "/clock";
const ADVANCE: &str = "/clock/advance";
const CALENDAR: &str = "/calendar";

pub(crate) fn surface() -> Surface {
    Surface::new([
        Route::at(CLOCK)
            .control()
            .read(to(show_clock), described::<__path_show_clock>)
            .put(to(run_clock), described::<__path_run_clock>),
        Route::at(ADVANCE).control().post(to(advance), described::<__path_advance>),
        Route::at(CALENDAR).control().read(to(show_calendar), described::<__path_show_calendar>),
    ])
}

/// Show the clock.
///
/// All that the venue tells of time is its own clock's; heartbeats, time limits and `ttl` are in real time. `is_open`,
/// `next_open` and `next_close` are of equities (`--hours`).
#[utoipa::path(
    get, path = CLOCK, tag = "clock",
    responses(
        Overloaded,
        (status = 200, description = "The clock", body = WireClock),
        (status = 403, description = "A page of another origin asks", body = Detail),
    ),
)]
pub(crate) async fn show_clock(here: Here) -> Result<HttpResponse, ControlError> {
    let standing = here.venue().clock().await?;
    Ok(json(&mut HttpResponse::Ok(), clock_body(&standing)))
}

/// Run the clock otherwise.
///
/// `frozen` stands where it is; `running` is virtual and goes on by itself, `speed` times as fast as the machine's;
/// `real` goes by the machine's. Time never goes back: a clock that is ahead of the machine's cannot become real.
#[utoipa::path(
    put, path = CLOCK, tag = "clock",
    request_body(
        content = RunBody,
        examples(
            ("frozen" = (summary = "Stands where it is", value = json!({"mode": "frozen"}))),
            ("fast" = (summary = "A minute in a second", value = json!({"mode": "running", "speed": 60}))),
        ),
    ),
    responses(BodyRefused, (status = 200, description = "The clock", body = WireClock)),
)]
pub(crate) async fn run_clock(
    request: HttpRequest,
    payload: web::Payload,
    here: Here,
) -> Result<HttpResponse, ControlError> {
    let body = body::read(&request, payload).await?;
    run_as(&body, &here).await.inspect_err(|_| keep_sent(&request, &body))?;
    show_clock(here).await
}

async fn run_as(body: &[u8], here: &Here) -> Result<(), ControlError> {
    let run = read_run(body)?;
    match here.venue().run_clock(run).await? {
        Ok(_) => Ok(()),
        Err(_) => Err(refuse_run(body)),
    }
}

/// Let the clock go on.
///
/// By a duration, to a time, or over so many moments at which something kept happens. Answered when all that falls due
/// by then has happened, each at its own time and in order, and was announced. What changes something and comes
/// meanwhile waits; what reads is answered as of the time on the way.
#[utoipa::path(
    post, path = ADVANCE, tag = "clock",
    request_body(
        content = AdvanceBody,
        examples(
            ("by" = (summary = "By an hour", value = json!({"by": "1h"}))),
            ("to" = (summary = "To a time", value = json!({"to": "2999-01-05T14:30:00Z"}))),
            ("events" = (summary = "To what happens next", value = json!({"events": 1}))),
        ),
    ),
    responses(
        BodyRefused,
        (status = 200, description = "How far it went", body = WireAdvanced),
        (status = 409, description = "The clock is real", body = Coded),
    ),
)]
pub(crate) async fn advance(
    request: HttpRequest,
    payload: web::Payload,
    here: Here,
) -> Result<HttpResponse, ControlError> {
    let body = body::read(&request, payload).await?;
    advance_as(&body, &here).await.inspect_err(|_| keep_sent(&request, &body))
}

async fn advance_as(body: &[u8], here: &Here) -> Result<HttpResponse, ControlError> {
    let advance = read_advance(body)?;
    match here.venue().advance(advance).await? {
        Ok(advanced) => Ok(json(&mut HttpResponse::Ok(), advanced_body(&advanced))),
        Err(cannot) => Err(refuse_advance(body, cannot)),
    }
}

/// Show the calendar.
///
/// The sessions of equities by the venue's hours, one for each day on which there is one, the first first.
#[utoipa::path(
    get, path = CALENDAR, tag = "clock",
    params(CalendarParameters),
    responses(
        QueryRefused,
        (status = 200, description = "Sessions", body = Vec<WireSession>),
        (status = 403, description = "A page of another origin asks", body = Detail),
    ),
)]
pub(crate) async fn show_calendar(request: HttpRequest, here: Here) -> Result<HttpResponse, ControlError> {
    let standing = here.venue().clock().await?;
    let query = CalendarQuery::parse(request.query_string(), standing.now)?;
    Ok(json(&mut HttpResponse::Ok(), calendar_body(standing.hours, &query)))
}
