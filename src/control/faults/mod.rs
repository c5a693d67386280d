//! A venue's faults: shown with how often each met something, and put in place of those before.
//!
//! Served for each venue, beside what it serves to its clients. Owns how a list is written; what comes of one the edge
//! and the venue do.

pub(super) mod bodies;
mod deeds;
pub(super) mod reading;
mod shown;

use std::path::Path;

use actix_web::{HttpRequest, HttpResponse, web};

use self::bodies::FaultBody;
use self::reading::read_list;
use self::shown::{WireFault, faults_body};
use super::error::ControlError;
use crate::edge::body;
use crate::edge::described::described;
use crate::edge::faults::{Faults, boards};
use crate::edge::gate::Gate;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::edge::rejects::keep_sent;
use crate::edge::route::{Route, Surface, to};
use crate::edge::table::Table;
use crate::native::refused::{BodyRefused, Overloaded};
use crate::native::reply::json;
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::{Flaw, Flaws};

const FAULTS: &str = "/faults";

pub(crate) fn surface() -> Surface {
    Surface::new([Route::at(FAULTS)
        .control()
        .read(to(show_faults), described::<__path_show_faults>)
        .put(to(put_faults), described::<__path_put_faults>)])
}

/// Show the faults.
///
/// Those in force, in the order in which they are tried, each with how often it met something since it was put there.
#[utoipa::path(
    get, path = FAULTS, tag = "faults",
    responses(
        Overloaded,
        (status = 200, description = "Faults", body = Vec<WireFault>),
        (status = 403, description = "A page of another origin asks", body = Detail),
    ),
)]
pub(crate) async fn show_faults(here: Here) -> HttpResponse {
    shown(&here)
}

/// Put faults.
///
/// In place of those before: all counts begin at 0. A fault befalls requests, or streams where what it does is done to
/// frames. All that match apply, in order; `nth`, `every` and `probability` choose among what meets the rest, of
/// streams by socket. A reply that a fault touched names it in `Tradepit-Fault`. Controls, `/health`, `/ready`,
/// `/metrics`, the documents and the page are never touched.
#[utoipa::path(
    put, path = FAULTS, tag = "faults",
    request_body(
        content = Vec<FaultBody>,
        examples(
            ("none" = (summary = "All goes well again", value = json!([]))),
            ("lost" = (
                summary = "The order is placed and kept, but its reply is lost",
                value = json!([{"name": "lost", "match": {"route": "POST /orders", "nth": 2}, "do": {"drop": "after"}}])
            )),
            ("overloaded" = (
                summary = "A tenth of all requests is answered with 503, the rest is slow",
                value = json!([
                    {"match": {"probability": 0.1},
                        "do": {"status": 503, "body": {"detail": "Overloaded"}, "headers": {"Retry-After": "1"}}},
                    {"match": {}, "do": {"delay": "lognormal(20ms,0.5)"}}])
            )),
            ("limited" = (
                summary = "Ten orders a second for each account, and none for one while its session begins",
                value = json!([
                    {"match": {"route": "POST /orders"}, "do": {"rate_limit": "10/s"}},
                    {"match": {"route": "POST /orders", "account": "alice",
                        "between": ["2026-01-05T14:30:00Z", "2026-01-05T14:35:00Z"]}, "do": {"status": 403}},
                    {"match": {"route": "GET /orders/{id}", "every": 100}, "do": {"truncate": 20}, "times": 3}])
            )),
            ("streams" = (
                summary = "Frames are lost, doubled, late and out of order; a socket falls silent, and then ends",
                value = json!([
                    {"match": {"stream": "orders", "probability": 0.01}, "do": {"skip": true}},
                    {"match": {"stream": "orders", "probability": 0.01}, "do": {"duplicate": true}},
                    {"match": {"stream": "orders", "probability": 0.05}, "do": {"reorder": 3}},
                    {"match": {"stream": "quotes"}, "do": {"delay": "10ms..50ms"}},
                    {"match": {"stream": "orders", "nth": 500}, "do": {"stall": "10s"}},
                    {"match": {"stream": "orders", "nth": 1000}, "do": {"close": 1011}},
                    {"match": {"stream": "book", "nth": 1000}, "do": {"drop": true}}])
            )),
        ),
    ),
    responses(BodyRefused, (status = 200, description = "The faults", body = Vec<WireFault>)),
)]
pub(crate) async fn put_faults(
    request: HttpRequest,
    payload: web::Payload,
    here: Here,
    gate: web::Data<Gate>,
) -> Result<HttpResponse, ControlError> {
    let body = body::read(&request, payload).await?;
    let faults = read_list(&body, gate.table).inspect_err(|_| keep_sent(&request, &body))?;
    gate.boards.put(here.venue(), faults);
    Ok(shown(&here))
}

fn shown(here: &Here) -> HttpResponse {
    json(&mut HttpResponse::Ok(), faults_body(&boards::in_force(here.venue())))
}

/// Reads a file that `--faults` names.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn read_file(path: &Path, table: &Table) -> Result<Faults, String> {
    let text = std::fs::read(path).map_err(|error| format!("it cannot be read: {error}"))?;
    read_list(&text, table).map_err(|error| match error {
        ApiError::Invalid(Flaws { detail }) => detail.iter().map(Flaw::to_string).collect::<Vec<_>>().join("; "),
        error => error.to_string(),
    })
}
