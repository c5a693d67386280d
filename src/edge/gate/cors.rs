//! What a browser must be told before a page of another origin may read an answer, or send what a form could not: the
//! CORS protocol (Fetch standard, section 3.2).
//!
//! Nothing of it is said unless an origin is allowed. Credentials never are: there are none here.

use actix_web::HttpResponse;
use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

const REQUEST_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// What a page may read beside what every page may.
const EXPOSED: HeaderValue = HeaderValue::from_static("Link, Retry-After, Idempotent-Replayed, Tradepit-Fault");
/// What a page may send: what means something here, and whatever else (for which not all take the star).
const SENT: HeaderValue =
    HeaderValue::from_static("Content-Type, Idempotency-Key, long-pending, long_pending, Authorization, *");
/// How long a browser need not ask again: two hours, the longest that one of them keeps it.
const KEPT_S: HeaderValue = HeaderValue::from_static("7200");
const ORIGIN: HeaderValue = HeaderValue::from_static("Origin");

/// Whether a browser asks what a page may send.
pub(super) fn is_preflight(head: &RequestHead) -> bool {
    head.method == Method::OPTIONS
        && head.headers.contains_key(header::ORIGIN)
        && head.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to a page whose origin is `granted`: it may use these methods of the path.
pub(super) fn preflight(head: &RequestHead, methods: &'static str) -> HttpResponse {
    let mut response = HttpResponse::NoContent();
    response
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, methods))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, SENT))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, KEPT_S));
    if head.headers.get(REQUEST_PRIVATE_NETWORK).is_some_and(|asked| asked == "true") {
        response.insert_header((ALLOW_PRIVATE_NETWORK, "true"));
    }
    response.finish()
}

/// Says who may read this answer: whoever is `granted`. It differs from one origin to another, and caches must know.
pub(super) fn sign(headers: &mut HeaderMap, granted: Option<HeaderValue>) {
    headers.append(header::VARY, ORIGIN);
    if let Some(origin) = granted {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}
