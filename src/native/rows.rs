//! `/replay`: rows of quotes, which stand in place of what the house quotes, each from its time on.

use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_actors::{AppendRows, DropRows, ReadRows};
use tradepit_engine::{Rejection, Symbol};

use crate::edge::body;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::edge::rejects::keep_sent;
use crate::native::market::{instrument, read_symbol};
use crate::native::refused::{BodyRefused, ChangeRefused, Overloaded};
use crate::native::reply::json;
use crate::native::requests::RowBody;
use crate::native::wire::error::ApiError;
use crate::native::wire::rows::{RowsDraft, WireRows, rows_body};

pub(crate) const REPLAY: &str = "/replay/{symbol}";

/// Append rows of quotes.
///
/// A JSON object on each line. Each row is the quote of the house from its time on, one price on each side, until the
/// next; the last stays. Times rise, from those of the rows there are, and may lie in the past. What is taken of a row
/// is gone until the next. A quote by hand stands before them. Where a row has a fault, nothing of the request is
/// done; `loc` has the number of its line. An instrument has at most 1 000 000 rows.
#[utoipa::path(
    post, path = REPLAY, tag = "market",
    params(("symbol" = String, Path, description = "The symbol, as it is or percent-encoded.", example = "EURUSD")),
    request_body(content = RowBody, description = "A row on each line", content_type = "application/x-ndjson"),
    responses(
        BodyRefused,
        (status = 201, description = "The rows are appended: what there are now", body = WireRows),
        (status = 404, description = "No instrument has this symbol", body = Detail),
    ),
)]
pub(crate) async fn append_rows(
    request: HttpRequest,
    symbol: web::Path<String>,
    payload: web::Payload,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let body = body::read(&request, payload).await?;
    append_as(read_symbol(&request, &symbol)?, &body, &here).await.inspect_err(|_| keep_sent(&request, &body))
}

async fn append_as(symbol: Symbol, body: &[u8], here: &Here) -> Result<HttpResponse, ApiError> {
    let draft = RowsDraft::read(body)?;
    match here.venue().append_rows(AppendRows { symbol, rows: draft.asked.clone() }).await? {
        Ok(rows) => Ok(json(&mut HttpResponse::Created(), rows_body(&rows))),
        Err(Rejection::FaultyRows(faults)) => {
            let instrument = instrument(here, symbol).await?.ok_or(ApiError::UnknownInstrument)?;
            Err(draft.refused_by(&faults, &instrument))
        }
        Err(Rejection::TooManyRows) => Err(draft.refused_as_too_many()),
        Err(_) => Err(ApiError::UnknownInstrument),
    }
}

/// Show what rows of quotes there are.
#[utoipa::path(
    get, path = REPLAY, tag = "market",
    params(("symbol" = String, Path, description = "The symbol, as it is or percent-encoded.", example = "EURUSD")),
    responses(
        Overloaded,
        (status = 200, description = "How many, and from when to when", body = WireRows),
        (status = 404, description = "No instrument has this symbol", body = Detail),
    ),
)]
pub(crate) async fn show_rows(
    request: HttpRequest,
    symbol: web::Path<String>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let rows = here.venue().rows(ReadRows { symbol: read_symbol(&request, &symbol)? }).await?;
    Ok(json(&mut HttpResponse::Ok(), rows_body(&rows.map_err(|_| ApiError::UnknownInstrument)?)))
}

/// Drop all rows of quotes.
///
/// The house quotes by its rule again, at once. Where there are none, nothing changes.
#[utoipa::path(
    delete, path = REPLAY, tag = "market",
    params(("symbol" = String, Path, description = "The symbol, as it is or percent-encoded.", example = "EURUSD")),
    responses(
        ChangeRefused,
        (status = 204, description = "There are none any more"),
        (status = 404, description = "No instrument has this symbol", body = Detail),
    ),
)]
pub(crate) async fn drop_rows(
    request: HttpRequest,
    symbol: web::Path<String>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let dropped = here.venue().drop_rows(DropRows { symbol: read_symbol(&request, &symbol)? }).await?;
    dropped.map(|_| HttpResponse::NoContent().finish()).map_err(|_| ApiError::UnknownInstrument)
}
