//! `/orders`: place, list, show, cancel.

use std::pin::pin;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use tradepit_actors::{Clock, Delay, Placed, Scan, Submit};
use tradepit_engine::{Name, Origin};
use utoipa::OpenApi;

use super::Venue;
use crate::config::{BODY_BYTES, BODY_WITHIN, EXCUSED_AFTER};
use crate::connection::hang_up;
use crate::wire::error::{ApiError, Detail};
use crate::wire::fault::Faults;
use crate::wire::idempotency::{REPLAYED, read_key};
use crate::wire::new_order::NewOrder;
use crate::wire::order::{WireId, WireOrder, WireStatus, order_body, orders_body};
use crate::wire::query::{ListQuery, unknown_after};

/// The orders' part of the OpenAPI document.
#[derive(OpenApi)]
#[openapi(paths(place, list, show, cancel), components(schemas(NewOrderBody, WireOrder, WireStatus, Faults, Detail)))]
pub(crate) struct ApiOrders;

/// What a client sends to place an order.
#[derive(utoipa::ToSchema)]
#[schema(as = NewOrder)]
#[expect(dead_code, reason = "described here, read by hand in wire::new_order, which finds every fault at once")]
pub(crate) struct NewOrderBody {
    /// The symbol. `symbol` is accepted in its place, not beside it.
    #[schema(min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$", example = "EURUSD")]
    stoks: String,
    /// How much. `7.0` and `"7"` are read as 7; a string is digits only, without leading zeros.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_u64, example = 123)]
    quantity: u64,
    /// The client's own id of the order: never used for two. The same order again is answered as the first time.
    #[schema(min_length = 1, max_length = 255, pattern = "^[!-~]+$", example = "bot-7/42")]
    client_order_id: Option<String>,
}

/// Place an order.
///
/// The body is read as JSON whatever the Content-Type. Unknown fields, `id` and `status` are ignored; any key given
/// twice is a fault. The order executes after a delay, 0.1 s to 1 s unless the server is set up otherwise, that counts
/// from its acceptance.
///
/// Whoever does not know whether a request arrived can send it again under the same `Idempotency-Key`, or the same
/// `client_order_id`: the order is placed once, and the first reply is given again with `Idempotent-Replayed: true`.
/// With another body the key is refused.
#[utoipa::path(
    post, path = "/orders", tag = "orders",
    params(("long_pending" = Option<String>, Header,
        description = "Any value but `false` and `0` makes the delay long (5 s); `long-pending` is the same."),
        ("Idempotency-Key" = Option<String>, Header,
        description = "The request's name: 1 to 255 visible ASCII characters.")),
    request_body(content = inline(NewOrderBody)),
    responses(
        (status = 200, description = "The order, PENDING", body = WireOrder,
            headers(("Idempotent-Replayed" = String, description = "`true` where it had been placed before"))),
        (status = 408, description = "The body was not complete in 10 s", body = Detail),
        (status = 413, description = "The body is larger than 64 KiB", body = Detail),
        (status = 422, description = "Every fault of the body, or a name that stands for another order", body = Faults),
        (status = 503, description = "Overloaded, or full of open orders: see Retry-After", body = Detail),
    ),
)]
pub(super) async fn place(
    request: HttpRequest,
    body: web::Payload,
    venue: web::Data<Venue>,
) -> Result<HttpResponse, ApiError> {
    let body = read_body(body).await.inspect_err(|_| hang_up(request.conn_data()))?;
    let (idempotency_key, fault) = match read_key(request.headers()) {
        Ok(key) => (key, None),
        Err(fault) => (None, Some(fault)),
    };
    let NewOrder { symbol, quantity, client_order_id } = NewOrder::parse(&body, fault)?;
    let delay = if wants_long_delay(request.headers()) { Delay::Long } else { Delay::Usual };
    let origin = Origin::new(client_order_id, idempotency_key);
    let submit = Submit { symbol, quantity, delay, origin, unknown_as_of: None };
    match venue.order_book.place(submit).await?? {
        Placed::New(order) => Ok(json(&mut HttpResponse::Ok(), order_body(&order))),
        Placed::Again(order) => Ok(json(HttpResponse::Ok().insert_header((REPLAYED, "true")), order_body(&order))),
        Placed::LookFirst => Err(ApiError::Overloaded("The order book is busy: try again")),
    }
}

/// List orders.
///
/// An object that maps each id to its order, in order of creation. When there are more than asked for, the header
/// `Link` names the next page.
#[utoipa::path(
    get, path = "/orders", tag = "orders",
    params(
        ("limit" = Option<u64>, Query, minimum = 1, description = "At most so many; above 1000 means 1000, the default."),
        ("after" = Option<uuid::Uuid>, Query, description = "Start after this order."),
        ("status" = Option<WireStatus>, Query, description = "Only orders of this status."),
        ("stoks" = Option<String>, Query, description = "Only orders of this symbol."),
        ("client_order_id" = Option<String>, Query, description = "Only the order of this name."),
    ),
    responses(
        (status = 200, description = "Orders by id", body = std::collections::HashMap<String, WireOrder>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there are more"))),
        (status = 422, description = "Every fault of the query", body = Faults),
        (status = 503, description = "Overloaded: see Retry-After", body = Detail),
    ),
)]
pub(super) async fn list(request: HttpRequest, venue: web::Data<Venue>) -> Result<HttpResponse, ApiError> {
    let query = ListQuery::parse(request.query_string())?;
    // A symbol that is none matches nothing, but an unknown `after` is a fault all the same.
    let limit = if query.filter.is_some() { query.limit } else { 0 };
    let filter = query.filter.unwrap_or_default();
    let named = query.client_order_id.filter(|_| limit > 0);
    let scan = Scan { start: query.start, filter, limit: if named.is_some() { 0 } else { limit } };
    let Some((mut orders, mut more)) = venue.order_book.list(scan).await? else {
        let after = query.after.unwrap_or_default();
        return Err(ApiError::Invalid(Faults { detail: vec![unknown_after(&after)] }));
    };
    if let Some(name) = named {
        orders.extend(venue.order_book.find_named(Name::ClientOrderId(name)).await?);
        orders.retain(|order| filter.matches(order));
        more = false;
    }
    let mut response = HttpResponse::Ok();
    if let Some(last) = orders.last().filter(|_| more) {
        response.insert_header((header::LINK, next_link(&request, WireId(last.id))));
    }
    Ok(json(&mut response, orders_body(&orders)))
}

/// Show an order.
#[utoipa::path(
    get, path = "/orders/{id}", tag = "orders",
    params(("id" = uuid::Uuid, Path, description = "The order's id.")),
    responses(
        (status = 200, description = "The order", body = WireOrder),
        (status = 404, description = "No such order, also where the id is no UUID", body = Detail),
        (status = 503, description = "Overloaded: see Retry-After", body = Detail),
    ),
)]
pub(super) async fn show(id: web::Path<String>, venue: web::Data<Venue>) -> Result<HttpResponse, ApiError> {
    let id = WireId::parse(&id).ok_or(ApiError::UnknownOrder)?;
    let order = venue.order_book.find(id).await?.ok_or(ApiError::UnknownOrder)?;
    Ok(json(&mut HttpResponse::Ok(), order_body(&order)))
}

/// Cancel an order.
///
/// A pending order becomes CANCELLED and will never execute. One that was executed or cancelled before stays as it is,
/// and nothing is announced.
#[utoipa::path(
    delete, path = "/orders/{id}", tag = "orders",
    params(("id" = uuid::Uuid, Path, description = "The order's id.")),
    responses(
        (status = 204, description = "The order is closed"),
        (status = 404, description = "No such order, also where the id is no UUID", body = Detail),
        (status = 503, description = "Overloaded: see Retry-After", body = Detail),
    ),
)]
pub(super) async fn cancel(id: web::Path<String>, venue: web::Data<Venue>) -> Result<HttpResponse, ApiError> {
    let id = WireId::parse(&id).ok_or(ApiError::UnknownOrder)?;
    if !venue.order_book.cancel(id).await? {
        return Err(ApiError::UnknownOrder);
    }
    Ok(HttpResponse::NoContent().finish())
}

/// A reply with this JSON.
fn json(response: &mut HttpResponseBuilder, body: Vec<u8>) -> HttpResponse {
    const JSON: HeaderValue = HeaderValue::from_static("application/json");
    response.insert_header((header::CONTENT_TYPE, JSON)).body(body)
}

/// The whole body, if it is small enough and comes in time.
async fn read_body(body: web::Payload) -> Result<Bytes, ApiError> {
    let mut gathered = pin!(gather(body));
    let mut until = Clock::monotonic() + BODY_WITHIN;
    loop {
        if let Ok(body) = tokio::time::timeout_at(until, &mut gathered).await {
            return body;
        }
        let now = Clock::monotonic();
        if now < until + EXCUSED_AFTER {
            return Err(ApiError::BodyTimeout);
        }
        until = now + BODY_WITHIN;
    }
}

async fn gather(mut body: web::Payload) -> Result<Bytes, ApiError> {
    // Most bodies come in one piece, which is then not copied.
    let mut first = Bytes::new();
    let mut gathered = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| ApiError::BrokenBody)?;
        if first.len().max(gathered.len()) + chunk.len() > BODY_BYTES {
            return Err(ApiError::TooLarge);
        }
        if first.is_empty() {
            first = chunk;
        } else {
            if gathered.is_empty() {
                gathered.extend_from_slice(&first);
            }
            gathered.extend_from_slice(&chunk);
        }
    }
    Ok(if gathered.is_empty() { first } else { gathered.freeze() })
}

/// Whether `long_pending` or `long-pending` asks for the long delay (contract, "Execution").
fn wants_long_delay(headers: &HeaderMap) -> bool {
    const NAMES: [HeaderName; 2] = [HeaderName::from_static("long_pending"), HeaderName::from_static("long-pending")];
    NAMES.iter().flat_map(|name| headers.get_all(name)).any(|value| {
        let value = value.as_bytes().trim_ascii();
        !value.is_empty() && value != b"0" && !value.eq_ignore_ascii_case(b"false")
    })
}

/// The next page: what was asked for, but after `last`.
fn next_link(request: &HttpRequest, last: WireId) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        if name != "after" {
            query.append_pair(&name, &value);
        }
    }
    query.append_pair("after", last.write(&mut [0; WireId::LENGTH]));
    let (query, connection) = (query.finish(), request.connection_info());
    // Without a Host nobody knows what the client calls this server; the address is then relative.
    let server = if request.headers().contains_key(header::HOST) {
        format!("{}://{}", connection.scheme(), connection.host())
    } else {
        String::new()
    };
    format!("<{server}/orders?{query}>; rel=\"next\"")
}
