//! `/orders`: place, list, show, cancel.
//!
//! Each handler reads what came by `wire`, asks the order book, and writes the answer. Knows no business rule; what
//! there is to refuse comes back as a rejection and becomes an answer in `wire::error`.

use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_actors::{Amend, Delay, FindFilled, List, Listed, Placed, Start, Submit, Venue};
use tradepit_engine::{Name, Order, OrderId, Origin, Rejection};

use crate::edge::body;
use crate::edge::gate::Gate;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::edge::rejects::keep_sent;
use crate::native::market::instrument;
use crate::native::refused::{BodyRefused, ChangeRefused, Overloaded, QueryRefused};
use crate::native::reply::{json, page};
use crate::native::requests::parameters::{ListParameters, PlaceHeaders};
use crate::native::requests::{AmendmentBody, NewOrderBody};
use crate::native::undecided::decided;
use crate::native::wire::error::{ApiError, Coded, name_taken};
use crate::native::wire::fill::{SHOWN_AT_MOST, WireShownOrder, shown_body};
use crate::native::wire::flaw::{Flaw, Flaws};
use crate::native::wire::id::WireId;
use crate::native::wire::idempotency::{REPLAYED, key_or_flaw};
use crate::native::wire::new_order::{AmendmentDraft, Draft, NewOrder};
use crate::native::wire::order::{WireOrder, order_body, orders_body};
use crate::native::wire::query::{ListQuery, unknown_after};

pub(crate) const ORDERS: &str = "/orders";
pub(crate) const ORDER: &str = "/orders/{id}";

/// Place an order.
///
/// The body is read as JSON whatever the Content-Type. Unknown fields, `id` and `status` are ignored; any key given
/// twice is a fault; a UTF-8 byte order mark is passed over. The order reaches the exchange after a delay, 0.1 s to 1 s
/// unless the server is set up otherwise, that counts from its acceptance. The reply is the order as it was accepted.
///
/// Symbol and quantity alone are a market order to buy: it executes whole when its delay is over, whoever offers. So is
/// whatever comes out as that; an unknown symbol is then listed. All else trades by price, then time, with other
/// orders and with the house that quotes beside them, at the price of whoever was there first, in multiples of the
/// instrument's tick and lot (`price_tick`, `price_range`, `quantity_lot`, `quantity_range`). Null counts as not given.
///
/// Whoever does not know whether a request arrived can send it again under the same `Idempotency-Key`, or the same
/// `client_order_id`: the order is placed once, and the first reply is given again with `Idempotent-Replayed: true`.
/// With another body the key is refused; all fields count, by value.
#[utoipa::path(
    post, path = ORDERS, tag = "orders",
    params(PlaceHeaders),
    request_body(
        content = NewOrderBody,
        examples(
            ("native" = (summary = "Symbol and quantity", value = json!({"stoks": "EURUSD", "quantity": 123}))),
            ("limit" = (
                summary = "A limit order that rests for the day",
                value = json!({"stoks": "EURUSD", "side": "sell", "qty": "1000", "type": "limit",
                    "limit_price": "1.08500", "time_in_force": "day"})
            )),
            ("part" = (
                summary = "A part of one, sold at the best price",
                value = json!({"stoks": "BTC/USD", "side": "sell", "qty": "0.25"})
            )),
            ("bracket" = (
                summary = "A limit order whose legs sell again what it buys: at a profit, or where the price falls",
                value = json!({"stoks": "EURUSD", "qty": "1000", "type": "limit", "limit_price": "1.08500",
                    "order_class": "bracket", "take_profit": {"limit_price": "1.09500"},
                    "stop_loss": {"stop_price": "1.08000", "limit_price": "1.07900"}})
            )),
            ("oco" = (
                summary = "Two orders of which one ends the other",
                value = json!({"stoks": "EURUSD", "side": "sell", "qty": "1000", "order_class": "oco",
                    "take_profit": {"limit_price": "1.09500"}, "stop_loss": {"stop_price": "1.08000"}})
            )),
        ),
    ),
    responses(
        BodyRefused,
        (status = 200, description = "The order, PENDING", body = WireOrder,
            headers(("Idempotent-Replayed" = String, description = "`true` where it had been placed before"))),
        (status = 403, description = "The account may not trade so (`insufficient_buying_power`, `short_not_allowed`), \
            or the instrument takes no orders (`instrument_closed`); or a page of another origin asks, and \
            --allow-origin does not name it", body = Detail),
        (status = 422, description = "Every fault of the body, or a name that stands for another order", body = Flaws),
        (status = 503, description = "Overloaded, or full of open orders or instruments", body = Detail),
    ),
)]
pub(crate) async fn place(request: HttpRequest, payload: web::Payload, here: Here) -> Result<HttpResponse, ApiError> {
    let body = body::read(&request, payload).await?;
    place_as(&request, &body, &here).await.inspect_err(|_| keep_sent(&request, &body))
}

/// Places the order of this body.
async fn place_as(request: &HttpRequest, body: &[u8], here: &Here) -> Result<HttpResponse, ApiError> {
    let (idempotency_key, flaw) = key_or_flaw(request.headers());
    let NewOrder { symbol, quantity, client_order_id, asked, group } =
        match NewOrder::plain(body, here.venue().accounts()) {
            Some(order) if flaw.is_none() => order,
            _ => read_closely(body, flaw, here).await?,
        };
    let delay = delay_of(request);
    let origin = Origin::new(client_order_id, idempotency_key);
    match here.venue().place(Submit { symbol, quantity, delay, origin, asked, group }).await? {
        Ok(placed) => Ok(told(&placed, here)),
        Err(rejection) => Err(Box::pin(rejected(rejection, body, here)).await?),
    }
}

/// The order that was placed, now or before.
pub(super) fn told(placed: &Placed, here: &Here) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    let order = match placed {
        Placed::New(order) => order,
        Placed::Again(order) => {
            response.insert_header((REPLAYED, "true"));
            order
        }
    };
    json(&mut response, order_body(order, here.venue().accounts()))
}

/// Looks at each value as it was spelled.
pub(super) async fn read_closely(body: &[u8], in_head: Option<Flaw>, here: &Here) -> Result<NewOrder, ApiError> {
    let draft = Draft::read(body, in_head, here.venue().accounts())?;
    if let Some(order) = draft.order() {
        return Ok(order);
    }
    Err(refused(draft, here).await?)
}

/// What to tell of flaws. The instrument is asked what it has against the rest, so that all is told at once.
pub(crate) async fn refused(draft: Draft<'_>, here: &Here) -> Result<ApiError, ApiError> {
    let Some(symbol) = draft.symbol().filter(|_| draft.is_rich()) else { return Ok(draft.refused()) };
    Ok(match instrument(here, symbol).await? {
        Some(instrument) => draft.refused_by(&instrument),
        None => draft.refused_as_unknown(),
    })
}

/// What to tell of an order that was well written and was rejected all the same.
pub(crate) async fn rejected(rejection: Rejection, body: &[u8], here: &Here) -> Result<ApiError, ApiError> {
    Ok(match rejection {
        Rejection::UnknownOrder => ApiError::UnknownOrder,
        Rejection::OrderClosed => ApiError::OrderClosed,
        Rejection::BookFull => ApiError::overloaded("The order book is full of open orders: try again later"),
        Rejection::TooManyInstruments => {
            ApiError::overloaded("No instrument has this symbol, and there are as many as there may be")
        }
        // The order book tells the order instead.
        Rejection::AlreadyPlaced(_) => ApiError::overloaded("The order was placed before: try again"),
        Rejection::NameTaken(name) => ApiError::Invalid(Flaws { detail: vec![name_taken(&name)] }),
        Rejection::UnknownAccount => Draft::read(body, None, here.venue().accounts())?.refused_for_its_account(),
        Rejection::NoConversion => Draft::read(body, None, here.venue().accounts())?.refused_as_no_conversion(),
        Rejection::ShortNotAllowed => ApiError::SHORT_NOT_ALLOWED,
        Rejection::InsufficientBuyingPower => ApiError::INSUFFICIENT_BUYING_POWER,
        Rejection::InstrumentClosed => ApiError::INSTRUMENT_CLOSED,
        Rejection::Ruled(reason) => ApiError::Ruled(reason),
        Rejection::Hindered(_) => ApiError::Undecided,
        // No order is refused so.
        Rejection::AccountFaulty(_)
        | Rejection::FaultyListing(_)
        | Rejection::AlreadyListed
        | Rejection::AccountTaken
        | Rejection::TooManyAccounts
        | Rejection::FaultyQuote(_)
        | Rejection::FaultyRows(_)
        | Rejection::TooManyRows => ApiError::UnknownInstrument,
        Rejection::UnknownSymbol => Draft::read(body, None, here.venue().accounts())?.refused_as_unknown(),
        Rejection::OutOfRange => Draft::read(body, None, here.venue().accounts())?.refused_as_out_of_range(),
        // The instrument names the limits that were not kept.
        Rejection::Faulty(_) => refused(Draft::read(body, None, here.venue().accounts())?, here).await?,
    })
}

/// List orders.
///
/// An object that maps each id to its order, in order of creation, or with `order=desc` the other way round. All
/// filters that are given count. When there are more than asked for, the header `Link` names the next page.
#[utoipa::path(
    get, path = ORDERS, tag = "orders",
    params(ListParameters),
    responses(
        QueryRefused,
        (status = 200, description = "Orders by id", body = std::collections::HashMap<String, WireOrder>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there are more"))),
    ),
)]
pub(crate) async fn list(request: HttpRequest, gate: web::Data<Gate>, here: Here) -> Result<HttpResponse, ApiError> {
    let query = ListQuery::parse(request.query_string(), here.venue().accounts())?;
    list_as(&request, &gate, &here, query, ORDERS).await
}

/// Answers what is asked for at this path.
pub(crate) async fn list_as(
    request: &HttpRequest,
    gate: &Gate,
    here: &Here,
    query: ListQuery,
    path: &str,
) -> Result<HttpResponse, ApiError> {
    let listed = match query.names.first() {
        Some(name) => named(here.venue(), &query, name.clone()).await?,
        None => {
            let ListQuery { start, filter, limit, direction, .. } = query;
            here.venue().list(List { start, filter, limit, direction }).await?
        }
    };
    let Some(Listed { orders, has_more }) = listed else {
        let after = query.after.unwrap_or_default();
        return Err(ApiError::Invalid(Flaws { detail: vec![unknown_after(&after)] }));
    };
    let mut id = [0; WireId::LENGTH];
    let last = orders.last().filter(|_| has_more).map(|last| WireId(last.id).write(&mut id));
    Ok(page(request, gate, path, last, orders_body(&orders, here.venue().accounts())))
}

/// The one order that a list of names can show: it is found by the name alone. `None` where the order to start after is
/// unknown.
async fn named(venue: &Venue, query: &ListQuery, name: Name) -> Result<Option<Listed>, ApiError> {
    let after = match query.start {
        Start::After(id) => match venue.find(id).await? {
            Some(after) => Some(after.accepted_number),
            None => return Ok(None),
        },
        Start::First | Start::At(_) => None,
    };
    let has = |order: &Order, name: &Name| order.names().any(|own| own == *name);
    let order = venue.find_named(name).await?.filter(|order| {
        query.names.iter().all(|name| has(order, name))
            && query.filter.matches(order)
            && after.is_none_or(|after| query.direction.follows(order.accepted_number, after))
    });
    Ok(Some(Listed { orders: order.into_iter().collect(), has_more: false }))
}

/// Show an order, and its newest fills.
///
/// `fills` has at most 100, the oldest of them first; it is left out while there are none. `GET /fills` has all.
/// Without a data folder those of the newest changes are kept (`--history`), and of an order that executed whole at one
/// price, its fill for as long as the order.
#[utoipa::path(
    get, path = ORDER, tag = "orders",
    params(("id" = uuid::Uuid, Path, description = "The order's id.")),
    responses(
        Overloaded,
        (status = 200, description = "The order", body = WireShownOrder),
        (status = 404, description = "No such order, also where the id is no UUID", body = Detail),
    ),
)]
pub(crate) async fn show(id: web::Path<String>, here: Here) -> Result<HttpResponse, ApiError> {
    let id = WireId::parse(&id).ok_or(ApiError::UnknownOrder)?;
    let find = FindFilled { id, at_most: SHOWN_AT_MOST };
    let (order, fills) = here.venue().find_filled(find).await?.ok_or(ApiError::UnknownOrder)?;
    Ok(json(&mut HttpResponse::Ok(), shown_body(&order, &fills, here.venue().accounts())))
}

/// Amend an order.
///
/// What is given is otherwise from now on, at once; the order keeps its id. It keeps its place in line where its price
/// is the same and its quantity not greater; else it goes to the end of the line, and what crosses by its new price
/// trades first. The reply is the order as it stands afterwards.
#[utoipa::path(
    patch, path = ORDER, tag = "orders",
    params(("id" = uuid::Uuid, Path, description = "The order's id.")),
    request_body = AmendmentBody,
    responses(
        BodyRefused,
        (status = 200, description = "The order as it stands now", body = WireOrder),
        (status = 202, description = "A rule lets it take its time, and it is not decided after 30 s: the order as it \
            stands", body = WireOrder),
        (status = 404, description = "No such order, also where the id is no UUID", body = Detail),
        (status = 409, description = "The order is closed", body = Coded),
    ),
)]
pub(crate) async fn amend(
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let body = body::read(&request, payload).await?;
    amend_as(&id, &body, &here).await.inspect_err(|_| keep_sent(&request, &body))
}

async fn amend_as(id: &str, body: &[u8], here: &Here) -> Result<HttpResponse, ApiError> {
    let id = WireId::parse(id).ok_or(ApiError::UnknownOrder)?;
    let draft = AmendmentDraft::read(body)?;
    let AmendmentDraft { amendment, quantity, .. } = draft;
    let amended = here.venue().amend(Amend { id, amendment, quantity });
    match decided(here, id, amended).await? {
        Err(undecided) => Ok(undecided),
        Ok(Ok(order)) => Ok(json(&mut HttpResponse::Ok(), order_body(&order, here.venue().accounts()))),
        Ok(Err(rejection)) => Err(amendment_rejected(rejection, &draft, id, body, here).await?),
    }
}

/// What to tell of an amendment, or a replacement, that was well written and was rejected all the same.
pub(super) async fn amendment_rejected(
    rejection: Rejection,
    draft: &AmendmentDraft<'_>,
    id: OrderId,
    body: &[u8],
    here: &Here,
) -> Result<ApiError, ApiError> {
    match rejection {
        Rejection::Faulty(faults) => {
            // The order's instrument names the limits that were not kept.
            let order = here.venue().find(id).await?.ok_or(ApiError::UnknownOrder)?;
            let instrument = instrument(here, order.symbol).await?.ok_or(ApiError::UnknownInstrument)?;
            Ok(draft.refused_by(&faults, &instrument))
        }
        Rejection::OutOfRange => Ok(draft.refused_as_out_of_range()),
        rejection => rejected(rejection, body, here).await,
    }
}

/// Cancel an order.
///
/// A pending order becomes CANCELLED and will never execute. One that was executed or cancelled before stays as it is,
/// and nothing is announced.
#[utoipa::path(
    delete, path = ORDER, tag = "orders",
    params(("id" = uuid::Uuid, Path, description = "The order's id.")),
    responses(
        ChangeRefused,
        (status = 202, description = "A rule lets it take its time, and it is not decided after 30 s: the order as it \
            stands", body = WireOrder),
        (status = 204, description = "The order is closed"),
        (status = 404, description = "No such order, also where the id is no UUID", body = Detail),
    ),
)]
pub(crate) async fn cancel(id: web::Path<String>, here: Here) -> Result<HttpResponse, ApiError> {
    let id = WireId::parse(&id).ok_or(ApiError::UnknownOrder)?;
    match decided(&here, id, here.venue().cancel(id)).await? {
        Ok(true) => Ok(HttpResponse::NoContent().finish()),
        Ok(false) => Err(ApiError::UnknownOrder),
        Err(undecided) => Ok(undecided),
    }
}

/// Which delay a request asks for.
pub(crate) fn delay_of(request: &HttpRequest) -> Delay {
    if wants_long_delay(request.headers()) { Delay::Long } else { Delay::Usual }
}

/// Whether `long_pending` or `long-pending` asks for the long delay (contract, "Execution").
fn wants_long_delay(headers: &HeaderMap) -> bool {
    const NAMES: [HeaderName; 2] = [HeaderName::from_static("long_pending"), HeaderName::from_static("long-pending")];
    NAMES.iter().flat_map(|name| headers.get_all(name)).any(|value| {
        let value = value.as_bytes().trim_ascii();
        !value.is_empty() && value != b"0" && !value.eq_ignore_ascii_case(b"false")
    })
}
