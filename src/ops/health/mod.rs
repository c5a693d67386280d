//! Whether the server lives and takes orders: told at `/health` and `/ready`, and asked by `tradepit health`.
//!
//! Owns the two routes. The command is in `command`, and asks over HTTP like anybody.

mod ask;
pub(crate) mod command;
mod nearby;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::edge::gate::Gate;
use crate::edge::refusal::{Detail, Refusal};

pub(crate) const HEALTH: &str = "/health";
pub(crate) const READY: &str = "/ready";

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
struct State {
    /// `ok` or `ready`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the process lives.
#[utoipa::path(get, path = HEALTH, tag = "operations",
    responses((status = 200, description = "It lives", body = State)))]
pub(crate) async fn health() -> HttpResponse {
    HttpResponse::Ok().json(State { status: "ok" })
}

/// Whether it takes orders.
#[utoipa::path(get, path = READY, tag = "operations",
    responses((status = 200, description = "It takes orders", body = State),
              (status = 503, description = "It is starting (reading what it has stored) or stopping", body = Detail)))]
pub(crate) async fn ready(gate: web::Data<Gate>) -> Result<HttpResponse, Refusal> {
    if gate.is_stopping() {
        return Err(Refusal::Overloaded("The server is stopping"));
    }
    Ok(HttpResponse::Ok().json(State { status: "ready" }))
}
