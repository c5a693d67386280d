//! The routes: which paths there are, which methods they know, and who handles them.
//!
//! Each path works with and without a trailing slash, and none answers with a redirect (contract, "Routes").

mod ops;
mod orders;
mod papers;
mod ws;

use std::sync::Arc;

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Resource, Route as Handler};
use tradepit_actors::{FeedHandle, OrderBookAddr};

use crate::gate::Gate;
use crate::metrics::Metrics;
use crate::wire::error::ApiError;

pub(crate) use ops::ApiHealth;
pub(crate) use orders::ApiOrders;

/// What the handlers of one worker work with.
#[derive(Clone, Debug)]
pub(crate) struct Venue {
    pub(crate) order_book: OrderBookAddr,
    pub(crate) feed: FeedHandle,
    pub(crate) gate: Arc<Gate>,
    pub(crate) metrics: Arc<Metrics>,
}

/// Every path, as the metrics name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Orders,
    Order,
    Ws,
    Health,
    Ready,
    Metrics,
    OpenApi,
    AsyncApi,
    Docs,
    Home,
    Unknown,
}

impl Route {
    /// The route that serves this path.
    pub(crate) fn of(path: &str) -> Route {
        match path.strip_suffix('/').unwrap_or(path) {
            "/orders" => Route::Orders,
            "/ws" => Route::Ws,
            "/health" => Route::Health,
            "/ready" => Route::Ready,
            "/metrics" => Route::Metrics,
            "/openapi.json" => Route::OpenApi,
            "/asyncapi.json" => Route::AsyncApi,
            "/docs" => Route::Docs,
            "" => Route::Home,
            path => match path.strip_prefix("/orders/") {
                Some(id) if !id.contains('/') => Route::Order,
                _ if path.starts_with("/docs/") => Route::Docs,
                _ => Route::Unknown,
            },
        }
    }

    /// The path's pattern.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Route::Orders => "/orders",
            Route::Order => "/orders/{id}",
            Route::Ws => "/ws",
            Route::Health => "/health",
            Route::Ready => "/ready",
            Route::Metrics => "/metrics",
            Route::OpenApi => "/openapi.json",
            Route::AsyncApi => "/asyncapi.json",
            Route::Docs => "/docs",
            Route::Home => "/",
            Route::Unknown => "unknown",
        }
    }
}

/// Sets up every route.
pub(crate) fn configure(app: &mut ServiceConfig) {
    app.service(at("/orders", "GET, HEAD, POST", orders::list).route(web::post().to(orders::place)));
    app.service(at("/orders/{id}", "GET, HEAD, DELETE", orders::show).route(web::delete().to(orders::cancel)));
    app.service(resource("/ws", "GET").route(web::get().to(ws::subscribe)));
    app.service(at("/health", "GET, HEAD", ops::health));
    app.service(at("/ready", "GET, HEAD", ops::ready));
    app.service(at("/metrics", "GET, HEAD", ops::metrics));
    app.service(at("/openapi.json", "GET, HEAD", papers::openapi));
    app.service(at("/asyncapi.json", "GET, HEAD", papers::asyncapi));
    app.service(at("/docs", "GET, HEAD", papers::docs_page));
    app.service(at("/docs/{file}", "GET, HEAD", papers::docs_file));
    app.service(at("", "GET, HEAD", papers::home));
    app.default_service(web::to(unknown_path));
}

/// A path that is read with `GET` and `HEAD`.
fn at<F, Args>(path: &str, allow: &'static str, handler: F) -> Resource
where
    F: actix_web::Handler<Args> + Clone,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    resource(path, allow).route(web::get().to(handler.clone())).route(web::head().to(handler))
}

/// A path, with and without a trailing slash; what it does not know is 405.
fn resource(path: &str, allow: &'static str) -> Resource {
    let wrong_method = move || async move { Err::<HttpResponse, _>(ApiError::WrongMethod(allow)) };
    let paths: Vec<String> =
        if path.is_empty() { vec!["/".to_owned(), String::new()] } else { vec![path.to_owned(), format!("{path}/")] };
    web::resource(paths).default_service(Handler::new().to(wrong_method))
}

async fn unknown_path() -> Result<HttpResponse, ApiError> {
    Err(ApiError::UnknownPath)
}
