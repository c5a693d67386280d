//! The routes: which paths there are, which methods they know, and who handles them.
//!
//! Each path works with and without a trailing slash, and none answers with a redirect (contract, "Routes").

use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Resource};

use crate::edge::refusal::Refusal;
use crate::native::{orders, ws};
use crate::ops::{documents, page, routes as ops};

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
    Assets,
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
                _ => match path.strip_prefix("/assets/") {
                    Some(file) if !file.contains('/') => Route::Assets,
                    _ => Route::Unknown,
                },
            },
        }
    }

    /// The methods that its path knows; none where there is no such path.
    pub(crate) fn methods(self) -> Option<&'static str> {
        match self {
            Route::Orders => Some(ORDERS),
            Route::Order => Some(ORDER),
            Route::Ws => Some("GET"),
            Route::Health
            | Route::Ready
            | Route::Metrics
            | Route::OpenApi
            | Route::AsyncApi
            | Route::Docs
            | Route::Home
            | Route::Assets => Some(READ),
            Route::Unknown => None,
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
            Route::Assets => "/assets/{file}",
            Route::Unknown => "unknown",
        }
    }
}

const READ: &str = "GET, HEAD";
const ORDERS: &str = "GET, HEAD, POST";
const ORDER: &str = "GET, HEAD, DELETE";

/// Sets up every route.
pub(crate) fn configure(app: &mut ServiceConfig) {
    // Routes are tried in turn: what is asked most stands first.
    serve(app, "/orders", ORDERS, |path| read(path.route(on(&Method::POST).to(orders::place)), orders::list));
    serve(app, "/orders/{id}", ORDER, |path| read(path, orders::show).route(on(&Method::DELETE).to(orders::cancel)));
    serve(app, "/ws", "GET", |path| path.route(on(&Method::GET).to(ws::subscribe)));
    serve(app, "/health", READ, |path| read(path, ops::health));
    serve(app, "/ready", READ, |path| read(path, ops::ready));
    serve(app, "/metrics", READ, |path| read(path, ops::metrics));
    serve(app, "/openapi.json", READ, |path| read(path, documents::openapi));
    serve(app, "/asyncapi.json", READ, |path| read(path, documents::asyncapi));
    serve(app, "/docs", READ, |path| read(path, documents::docs_page));
    serve(app, "/docs/{file}", READ, |path| read(path, documents::docs_file));
    serve(app, "/assets/{file}", READ, |path| read(path, page::asset));
    app.service(read(at("/", READ), page::home));
    app.default_service(web::to(unknown_path));
}

/// A path, with and without a trailing slash; a method that it does not know is 405.
///
/// Two resources and not one with two patterns: that one would be matched by a regular expression, at every request.
fn serve(app: &mut ServiceConfig, path: &str, allow: &'static str, routes: impl Fn(Resource) -> Resource) {
    app.service(routes(at(path, allow)));
    app.service(routes(at(&format!("{path}/"), allow)));
}

fn at(path: &str, allow: &'static str) -> Resource {
    let wrong_method = move || async move { Err::<HttpResponse, _>(Refusal::WrongMethod(allow)) };
    web::resource(path).default_service(web::to(wrong_method))
}

/// What is read with `GET` and `HEAD`.
fn read<F, Args>(path: Resource, handler: F) -> Resource
where
    F: actix_web::Handler<Args> + Clone,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    path.route(on(&Method::GET).to(handler.clone())).route(on(&Method::HEAD).to(handler))
}

/// What is asked with this method.
///
/// actix's own guards note the methods of a path in each request, for a 405 of its own: three allocations.
fn on(method: &Method) -> actix_web::Route {
    let method = method.clone();
    web::route().guard(fn_guard(move |request| request.head().method == method))
}

async fn unknown_path() -> Result<HttpResponse, Refusal> {
    Err(Refusal::UnknownPath)
}
