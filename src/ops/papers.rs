//! What the server says of itself: OpenAPI and AsyncAPI documents, Swagger UI, the first page.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use utoipa::openapi::{Header, License, PathItem, RefOr, Server};
use utoipa::{OpenApi, PartialSchema};
use utoipa_swagger_ui::Config;

use crate::native::orders::ApiOrders;
use crate::native::ws::ApiWs;
use crate::ops::routes::ApiHealth;

/// The first page of a server that was built without the dashboard.
pub(crate) const HOME: &str = include_str!("page/home.html");

/// Swagger UI's page at `/docs`. Its addresses are relative to where that stands, so that any prefix before it works.
pub(crate) const SWAGGER_PAGE: &str = include_str!("documents/swagger.html");

/// The same at `/docs/`: one level deeper.
pub(crate) fn swagger_page_below() -> &'static str {
    static PAGE: LazyLock<String> =
        LazyLock::new(|| SWAGGER_PAGE.replacen("<base href=\"./\">", "<base href=\"../\">", 1));
    &PAGE
}

const ABOUT: &str = "A trading backend that you run yourself, to build and test trading clients against. An order is \
PENDING when it is placed; after a random delay it is EXECUTED, unless it was CANCELLED in time. Every change is \
announced over WebSocket at `/ws`: see `/asyncapi.json`.\n\n\
Each path works with and without a trailing slash. Errors are `{\"detail\": …}`; a wrong method is 405 with `Allow`, an \
unknown path 404, a request head over 64 KiB 431, a `Host` that is none 400, a browser that was led here under a name that \
is not the server's 421; a body over 64 KiB is 413, one in a Content-Encoding other than \
identity 415, on every route. HEAD answers as GET, without the body. Of a query parameter that is given twice the last \
counts, unknown ones are ignored. Times are UTC, RFC 3339, with microseconds.";

/// The OpenAPI document, generated from the routes.
pub(crate) fn openapi() -> &'static str {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
        let mut api = ApiOrders::openapi().merge_from(ApiWs::openapi()).merge_from(ApiHealth::openapi());
        "Tradepit".clone_into(&mut api.info.title);
        api.info.description = Some(ABOUT.to_owned());
        let mut license = License::new(env!("CARGO_PKG_LICENSE"));
        license.identifier = Some(license.name.clone());
        api.info.license = Some(license);
        // Beside this document, so that any prefix that a proxy puts before it counts.
        api.servers = Some(vec![Server::new(".")]);
        api.paths.paths.values_mut().for_each(tell_when_to_try_again);
        api.to_pretty_json().expect("the derived document has string keys only")
    });
    &DOCUMENT
}

/// Every 503 has a `Retry-After`.
fn tell_when_to_try_again(path: &mut PathItem) {
    let mut seconds = Header::new(<u64 as PartialSchema>::schema());
    seconds.description = Some("Seconds after which to try again".to_owned());
    for operation in [&mut path.get, &mut path.post, &mut path.delete].into_iter().flatten() {
        if let Some(RefOr::T(overloaded)) = operation.responses.responses.get_mut("503") {
            overloaded.headers.insert("Retry-After".to_owned(), RefOr::T(seconds.clone()));
        }
    }
}

/// The AsyncAPI document of the WebSocket.
pub(crate) fn asyncapi() -> &'static str {
    include_str!("../native/asyncapi.json")
}

/// A file of Swagger UI: its type and its bytes.
pub(crate) fn swagger_file(name: &str) -> Option<(String, Cow<'static, [u8]>)> {
    static CONFIG: LazyLock<Arc<Config<'static>>> =
        LazyLock::new(|| Arc::new(Config::from("openapi.json").validator_url("none")));
    let file = utoipa_swagger_ui::serve(name, Arc::clone(&CONFIG)).ok().flatten()?;
    Some((file.content_type, file.bytes))
}
