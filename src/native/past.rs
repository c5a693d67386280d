//! `/accounts/{id}/activities`, `/accounts/{id}/history`: what moved an account, and what it was worth.

use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_actors::{Moments, Piece};

use crate::edge::gate::Gate;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::native::accounts::find_account;
use crate::native::refused::QueryRefused;
use crate::native::reply::{page, page_by};
use crate::native::requests::accounts::{ActivitiesParameters, HistoryParameters};
use crate::native::wire::activity::{WireActivity, activities_body, activity_id, read_activities_query};
use crate::native::wire::error::ApiError;
use crate::native::wire::history::{WireMoment, history_body, read_history_query, start_text};

pub(crate) const ACTIVITIES: &str = "/accounts/{id}/activities";
pub(crate) const HISTORY: &str = "/accounts/{id}/history";

/// List what moved an account's cash.
///
/// Fills, fees and transfers, in order; the amounts of each currency sum to the account's cash. What an account was
/// opened with is a transfer. When there are more than asked for, the header `Link` names the next page. Without a data
/// folder those of the newest changes are kept (`--history`).
#[utoipa::path(
    get, path = ACTIVITIES, tag = "accounts",
    params(
        ("id" = String, Path, description = "The account's id.", example = "default"),
        ActivitiesParameters,
    ),
    responses(
        QueryRefused,
        (status = 200, description = "Activities", body = Vec<WireActivity>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there are more"))),
        (status = 404, description = "No such account", body = Detail),
    ),
)]
pub(crate) async fn list_activities(
    request: HttpRequest,
    id: web::Path<String>,
    gate: web::Data<Gate>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let account = find_account(&here, &id)?;
    let read = read_activities_query(request.query_string(), account)?;
    let Piece { items, has_more } = here.venue().activities(read).await?;
    let last = items.last().filter(|_| has_more).map(|(last, _)| activity_id(last));
    Ok(page(&request, &gate, &ACTIVITIES.replace("{id}", &id), last.as_deref(), activities_body(&items)))
}

/// Show what an account was worth from time to time.
///
/// At each multiple of the timeframe since 1970, UTC, and now, if that is in the range. An instrument counts at the mid
/// of what the house quoted then: by hand as it was set, by itself before anything was taken; where it quoted nothing,
/// at the last price, else the reference. Offers of clients do not count. It begins with the oldest change that is
/// kept. When there is more than asked for, the header `Link` names the next page.
#[utoipa::path(
    get, path = HISTORY, tag = "accounts",
    params(
        ("id" = String, Path, description = "The account's id.", example = "default"),
        HistoryParameters,
    ),
    responses(
        QueryRefused,
        (status = 200, description = "What it was worth", body = Vec<WireMoment>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there is more"))),
        (status = 404, description = "No such account", body = Detail),
    ),
)]
pub(crate) async fn show_history(
    request: HttpRequest,
    id: web::Path<String>,
    gate: web::Data<Gate>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let account = find_account(&here, &id)?;
    let read = read_history_query(request.query_string(), account)?;
    let Moments { moments, next } = here.venue().history(read).await?.ok_or(ApiError::UnknownAccount)?;
    let start = next.map(start_text);
    let path = HISTORY.replace("{id}", &id);
    Ok(page_by(&request, &gate, &path, ("start", start.as_deref()), history_body(&moments)))
}
