//! Replies: JSON, and a page of a list with the way to the next one.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

use crate::edge::gate::Gate;
use crate::edge::here;

/// A reply with this JSON.
pub(crate) fn json(response: &mut HttpResponseBuilder, body: Vec<u8>) -> HttpResponse {
    const JSON: HeaderValue = HeaderValue::from_static("application/json");
    response.insert_header((header::CONTENT_TYPE, JSON)).body(body)
}

/// A page of the list at this path. Where there are more, the next one begins after `last`.
pub(crate) fn page(request: &HttpRequest, gate: &Gate, path: &str, last: Option<&str>, body: Vec<u8>) -> HttpResponse {
    page_by(request, gate, path, ("after", last), body)
}

/// The same, where a parameter of another name says where a page begins.
pub(crate) fn page_by(
    request: &HttpRequest,
    gate: &Gate,
    path: &str,
    (name, last): (&str, Option<&str>),
    body: Vec<u8>,
) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(last) = last {
        response.insert_header((header::LINK, next_link(request, gate, path, (name, last))));
    }
    json(&mut response, body)
}

/// The next page at this path: what was asked for, but from `last` on.
fn next_link(request: &HttpRequest, gate: &Gate, path: &str, (start, last): (&str, &str)) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        if name != start {
            query.append_pair(&name, &value);
        }
    }
    query.append_pair(start, last);
    let query = query.finish();
    match gate.admission.address(request.head()).base() {
        Some(base) => format!("<{base}{}{path}?{query}>; rel=\"next\"", here::prefix(request)),
        // Relative to the address that the client asked, whatever that was.
        None => format!("<?{query}>; rel=\"next\""),
    }
}
