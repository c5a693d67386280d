//! For operators: is it alive, is it ready, how is it doing.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::edge::refusal::{Detail, Refusal};
use crate::ops::metrics::Metrics;
use crate::ops::metrics::accept::MetricsFormat;
use crate::venue::Venue;

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
pub(crate) async fn health() -> HttpResponse {
    HttpResponse::Ok().json(State { status: "ok" })
}

/// Whether it takes orders.
#[utoipa::path(get, path = "/ready", tag = "operations",
    responses((status = 200, description = "It takes orders", body = State),
              (status = 503, description = "It is starting (reading what it has stored) or stopping", body = Detail)))]
pub(crate) async fn ready(venue: web::Data<Venue>) -> Result<HttpResponse, Refusal> {
    if venue.gate.is_stopping() {
        return Err(Refusal::Overloaded("The server is stopping"));
    }
    Ok(HttpResponse::Ok().json(State { status: "ready" }))
}

/// What it counts, for Prometheus.
///
/// OpenMetrics where `Accept` likes it as well as the older format, or better.
#[utoipa::path(get, path = "/metrics", tag = "operations",
    responses((status = 200, description = "Prometheus text", content(
                  (String = "text/plain"), (String = "application/openmetrics-text"))),
              (status = 503, description = "It is starting, or stopping", body = Detail)))]
pub(crate) async fn metrics(request: HttpRequest, metrics: web::Data<Metrics>) -> HttpResponse {
    let format = MetricsFormat::liked(request.headers());
    // Writing to a string fails only where a metric's name is broken, which the tests would show.
    let text = metrics.render(format).unwrap_or_default();
    HttpResponse::Ok().content_type(format.media_type()).insert_header((header::VARY, "Accept")).body(text)
}
