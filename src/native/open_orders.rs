//! `/open-orders`: what is open, listed, and cancelled in one go.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_engine::Status;

use crate::edge::gate::Gate;
use crate::edge::here::Here;
use crate::native::orders::list_as;
use crate::native::refused::{ChangeRefused, QueryRefused};
use crate::native::reply::json;
use crate::native::requests::parameters::{CancelParameters, ListParameters};
use crate::native::wire::error::ApiError;
use crate::native::wire::order::WireOrder;
use crate::native::wire::outcome::{WireOutcome, outcomes_body};
use crate::native::wire::query::{ListQuery, read_cancel_filter};

pub(crate) const OPEN_ORDERS: &str = "/open-orders";

/// List open orders.
///
/// As `GET /orders` lists those that are PENDING.
#[utoipa::path(
    get, path = OPEN_ORDERS, tag = "orders",
    params(ListParameters),
    responses(
        QueryRefused,
        (status = 200, description = "Orders by id", body = std::collections::HashMap<String, WireOrder>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there are more"))),
    ),
)]
pub(crate) async fn list_open(
    request: HttpRequest,
    gate: web::Data<Gate>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let mut query = ListQuery::parse(request.query_string(), here.venue().accounts())?;
    query.filter.status = Some(Status::Pending);
    list_as(&request, &gate, &here, query, OPEN_ORDERS).await
}

/// Cancel open orders.
///
/// All of them, or those of an account, or a symbol, that were placed by now. A row for each that was cancelled, in
/// order of creation.
#[utoipa::path(
    delete, path = OPEN_ORDERS, tag = "orders",
    params(CancelParameters),
    responses(
        QueryRefused,
        ChangeRefused,
        (status = 207, description = "What was cancelled", body = Vec<WireOutcome>),
    ),
)]
pub(crate) async fn cancel_open(request: HttpRequest, here: Here) -> Result<HttpResponse, ApiError> {
    let filter = read_cancel_filter(request.query_string(), here.venue().accounts())?;
    let ids = here.venue().cancel_open(filter).await?;
    Ok(json(&mut HttpResponse::build(StatusCode::MULTI_STATUS), outcomes_body(&ids)))
}
