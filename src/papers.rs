//! What the server says of itself: OpenAPI and AsyncAPI documents, Swagger UI, the first page.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use utoipa::OpenApi;
use utoipa_swagger_ui::Config;

use crate::routes::{ApiHealth, ApiOrders, ApiWs};

/// The first page of a server that was built without the dashboard.
pub(crate) const HOME: &str = include_str!("papers/home.html");

/// Swagger UI's page. Its addresses are absolute, so that it works with and without a trailing slash.
pub(crate) const SWAGGER_PAGE: &str = include_str!("papers/swagger.html");

const ABOUT: &str = "A trading backend that you run yourself, to build and test trading clients against. An order is \
PENDING when it is placed; after a random delay it is EXECUTED, unless it was CANCELLED in time. Every change is \
announced over WebSocket at `/ws`: see `/asyncapi.json`.\n\n\
Each path works with and without a trailing slash. Errors are `{\"detail\": …}`; a wrong method is 405 with `Allow`, an \
unknown path 404, a request head over 64 KiB 431, a body over 64 KiB 413. Times are UTC, RFC 3339, with microseconds.";

/// The OpenAPI document, generated from the routes.
pub(crate) fn openapi() -> &'static str {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
        let mut api = ApiOrders::openapi().merge_from(ApiWs::openapi()).merge_from(ApiHealth::openapi());
        "Tradepit".clone_into(&mut api.info.title);
        api.info.description = Some(ABOUT.to_owned());
        api.to_pretty_json().expect("the derived document has string keys only")
    });
    &DOCUMENT
}

/// The AsyncAPI document of the WebSocket.
pub(crate) fn asyncapi() -> &'static str {
    include_str!("papers/asyncapi.json")
}

/// A file of Swagger UI: its type and its bytes.
pub(crate) fn swagger_file(name: &str) -> Option<(String, Cow<'static, [u8]>)> {
    static CONFIG: LazyLock<Arc<Config<'static>>> =
        LazyLock::new(|| Arc::new(Config::from("/openapi.json").validator_url("none")));
    let file = utoipa_swagger_ui::serve(name, Arc::clone(&CONFIG)).ok().flatten()?;
    Some((file.content_type, file.bytes))
}
