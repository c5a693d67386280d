//! For operators: is it alive, is it ready, how is it doing.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::Venue;
use crate::wire::error::{ApiError, Detail};

/// The operators' part of the OpenAPI document.
#[derive(OpenApi)]
#[openapi(paths(health, ready, metrics), components(schemas(State)))]
pub(crate) struct ApiHealth;

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
struct State {
    /// `ok` or `ready`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the process lives.
#[utoipa::path(get, path = "/health", tag = "operations",
    responses((status = 200, description = "It lives", body = State)))]
pub(super) async fn health() -> HttpResponse {
    HttpResponse::Ok().json(State { status: "ok" })
}

/// Whether it takes orders.
#[utoipa::path(get, path = "/ready", tag = "operations",
    responses((status = 200, description = "It takes orders", body = State),
              (status = 503, description = "It is starting (reading what it has stored) or stopping", body = Detail)))]
pub(super) async fn ready(venue: web::Data<Venue>) -> Result<HttpResponse, ApiError> {
    if venue.gate.is_stopping() {
        return Err(ApiError::Overloaded("The server is stopping"));
    }
    Ok(HttpResponse::Ok().json(State { status: "ready" }))
}

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What it counts, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operations",
    responses((status = 200, description = "Prometheus text; OpenMetrics where Accept asks for it", body = String,
        content_type = "text/plain")))]
pub(super) async fn metrics(request: HttpRequest, venue: web::Data<Venue>) -> HttpResponse {
    // The text is both: what OpenMetrics adds are comments to the older format.
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let open_metrics = accept.is_some_and(|accept| accept.contains("application/openmetrics-text"));
    // Writing to a string fails only where a metric's name is broken, which the tests would show.
    let text = venue.metrics.render().unwrap_or_default();
    HttpResponse::Ok().content_type(if open_metrics { OPEN_METRICS } else { PROMETHEUS }).body(text)
}
