//! `/rejects`: the newest requests that were refused. The edge keeps them; here they are only told.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::edge::gate::Gate;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::native::refused::QueryRefused;
use crate::native::reply::page;
use crate::native::requests::parameters::RejectsParameters;
use crate::native::wire::error::ApiError;
use crate::native::wire::reject::{RejectsQuery, WireReject, rejects_body};

pub(crate) const REJECTS: &str = "/rejects";

/// List refused requests.
///
/// The newest requests that were answered 400 or above, newest first: whatever refused them, but not what is refused
/// before it is a request, nor what is asked of `/health`, `/ready` and the files of the page. They are kept in memory,
/// as many as `--rejects` says. No headers are kept but an `Idempotency-Key` with a flaw, and the values of parameters
/// and members that are named like a ticket, token, key, secret, password or authorization are masked.
#[utoipa::path(
    get, path = REJECTS, tag = "rejects",
    params(RejectsParameters),
    responses(
        QueryRefused,
        (status = 200, description = "Refused requests, newest first", body = Vec<WireReject>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there are older ones"))),
        (status = 503, description = "It is starting, or stopping", body = Detail),
    ),
)]
pub(crate) async fn list_rejects(
    request: HttpRequest,
    gate: web::Data<Gate>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let RejectsQuery { limit, after } = RejectsQuery::parse(request.query_string())?;
    let (rejects, has_more) = gate.rejects_of(&here).before(after, limit);
    let last = rejects.last().filter(|_| has_more).map(|last| last.number.to_string());
    Ok(page(&request, &gate, REJECTS, last.as_deref(), rejects_body(&rejects)))
}
