//! What is asked of an order whose rule lets it take its time: whoever asks waits so long, and no longer.

use std::time::Duration;

use actix_web::HttpResponse;
use tradepit_actors::Refused;
use tradepit_engine::OrderId;

use super::reply::json;
use super::wire::error::ApiError;
use super::wire::order::order_body;
use crate::edge::here::Here;

/// How long, in real time.
const WAITS_AT_MOST: Duration = Duration::from_secs(30);

/// What becomes of it; or 202 and the order as it stands where that is not decided in time. It is done all the same.
pub(super) async fn decided<T>(
    here: &Here,
    id: OrderId,
    asked: impl Future<Output = Result<T, Refused>>,
) -> Result<Result<T, HttpResponse>, ApiError> {
    if let Ok(decided) = tokio::time::timeout(WAITS_AT_MOST, asked).await {
        return Ok(Ok(decided?));
    }
    let order = here.venue().find(id).await?.ok_or(ApiError::UnknownOrder)?;
    Ok(Err(json(&mut HttpResponse::Accepted(), order_body(&order, here.venue().accounts()))))
}
