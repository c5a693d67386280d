//! The interface, described for programs and for people: the OpenAPI document, and Swagger UI, which shows it.
//!
//! Owns what is said of the whole. What is said of a route comes with the route table, from the surface that serves it.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock, OnceLock};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use utoipa::PartialSchema;
use utoipa::openapi::{Header, Info, License, OpenApi, PathItem, RefOr, Server};
use utoipa_swagger_ui::Config;

use crate::edge::here;
use crate::edge::refusal::Refusal;
use crate::edge::table::Table;

/// Swagger UI's page at `/docs`. Its addresses are relative to where that stands, so that any prefix before it works.
const SWAGGER_PAGE: &str = include_str!("documents/swagger.html");

/// The same at `/docs/`: one level deeper.
fn swagger_page_below() -> &'static str {
    static PAGE: LazyLock<String> =
        LazyLock::new(|| SWAGGER_PAGE.replacen("<base href=\"./\">", "<base href=\"../\">", 1));
    &PAGE
}

const ABOUT: &str = "A trading backend that you run yourself, to build and test trading clients against. An order is \
PENDING when it is placed; after a random delay it is EXECUTED, unless it was CANCELLED in time. One that asks for \
more than a symbol and a quantity trades, rests and ends as on an exchange. Every change of `status` is announced over \
WebSocket at `/ws`: see `/asyncapi.json`.\n\n\
Each path works with and without a trailing slash. Errors are `{\"detail\": …}`; a wrong method is 405 with `Allow`, \
an unknown path 404, a request head over 64 KiB 431, a `Host` that is none 400, a browser that was led here under a \
name that is not the server's 421; a body over 64 KiB is 413, one in a Content-Encoding other than identity 415, on \
every route. HEAD answers as GET, without the body. Of a query parameter that is given twice the last counts, unknown \
ones are ignored. Times are UTC, RFC 3339, with microseconds.";

/// The documents that are made of the route table.
#[derive(Debug)]
pub(crate) struct Documents {
    openapi: OnceLock<Bytes>,
    /// What is said of the routes of one venue.
    openapi_of_venue: OnceLock<Bytes>,
    table: &'static Table,
}

impl Documents {
    pub(crate) fn of(table: &'static Table) -> Documents {
        Documents { openapi: OnceLock::new(), openapi_of_venue: OnceLock::new(), table }
    }

    /// The OpenAPI document, of all or of what is served for one venue; made when it is first asked for.
    fn openapi(&self, of_venue: bool) -> Bytes {
        let document = if of_venue { &self.openapi_of_venue } else { &self.openapi };
        let made = document.get_or_init(|| {
            let (mut paths, components) = self.table.describe(of_venue);
            paths.paths.values_mut().for_each(tell_when_to_try_again);
            let mut license = License::new(env!("CARGO_PKG_LICENSE"));
            license.identifier = Some(license.name.clone());
            let mut info = Info::new("Tradepit", env!("CARGO_PKG_VERSION"));
            info.description = Some(ABOUT.to_owned());
            info.license = Some(license);
            let mut api = OpenApi::new(info, paths);
            api.components = Some(components);
            // Beside this document, so that any prefix that a proxy puts before it counts.
            api.servers = Some(vec![Server::new(".")]);
            api.to_pretty_json().expect("the derived document has string keys only").into()
        });
        made.clone()
    }
}

pub(crate) async fn openapi(request: HttpRequest, documents: web::Data<Documents>) -> HttpResponse {
    let of_venue = !here::prefix(&request).is_empty();
    HttpResponse::Ok().content_type("application/json").body(documents.openapi(of_venue))
}

/// Swagger UI's page. At `/docs/` it stands one level deeper.
pub(crate) async fn docs_page(request: HttpRequest) -> HttpResponse {
    html(if request.path().ends_with('/') { swagger_page_below() } else { SWAGGER_PAGE })
}

/// A file of Swagger UI.
pub(crate) async fn docs_file(file: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let (content_type, bytes) = swagger_file(&file).ok_or(Refusal::UnknownPath)?;
    Ok(HttpResponse::Ok().content_type(content_type).insert_header((header::CACHE_CONTROL, "max-age=3600")).body(bytes))
}

fn html(text: &'static str) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(text)
}

/// Every 503 has a `Retry-After`.
fn tell_when_to_try_again(path: &mut PathItem) {
    let mut seconds = Header::new(<u64 as PartialSchema>::schema());
    seconds.description = Some("Seconds after which to try again".to_owned());
    let PathItem { get, post, put, patch, delete, .. } = path;
    for operation in [get, post, put, patch, delete].into_iter().flatten() {
        if let Some(RefOr::T(overloaded)) = operation.responses.responses.get_mut("503") {
            overloaded.headers.insert("Retry-After".to_owned(), RefOr::T(seconds.clone()));
        }
    }
}

/// A file of Swagger UI: its type and its bytes.
fn swagger_file(name: &str) -> Option<(String, Cow<'static, [u8]>)> {
    static CONFIG: LazyLock<Arc<Config<'static>>> =
        LazyLock::new(|| Arc::new(Config::from("openapi.json").validator_url("none")));
    let file = utoipa_swagger_ui::serve(name, Arc::clone(&CONFIG)).ok().flatten()?;
    Some((file.content_type, file.bytes))
}
