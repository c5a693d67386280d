//! `/accounts/{id}/positions`: what an account holds, and how it is closed.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_actors::{ClosePosition, Closing, Piece, ReadPositions, WhichPositions};
use tradepit_engine::{AccountNumber, OrderFilter, Rejection, Symbol};

use crate::edge::gate::Gate;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;

use crate::native::accounts::find_account;
use crate::native::market::read_symbol;
use crate::native::refused::{ChangeRefused, Overloaded, QueryRefused};
use crate::native::reply::{json, page};
use crate::native::requests::accounts::{CloseAllParameters, CloseParameters};
use crate::native::requests::parameters::InstrumentsParameters;
use crate::native::wire::error::{ApiError, Coded};
use crate::native::wire::order::{WireOrder, order_body};
use crate::native::wire::position::{
    CloseQuery, WireClosed, WirePosition, closed_body, position_body, positions_body, read_which_positions,
    unknown_after,
};

pub(crate) const POSITIONS: &str = "/accounts/{id}/positions";
pub(crate) const POSITION: &str = "/accounts/{id}/positions/{symbol}";

/// So many positions are looked up at a time where all are closed.
const AT_A_TIME: usize = 256;

/// List positions.
///
/// Those that are not flat, in the order in which their instruments were listed. When there are more than asked for,
/// the header `Link` names the next page.
#[utoipa::path(
    get, path = POSITIONS, tag = "accounts",
    params(
        ("id" = String, Path, description = "The account's id.", example = "default"),
        InstrumentsParameters,
    ),
    responses(
        QueryRefused,
        (status = 200, description = "Positions", body = Vec<WirePosition>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there are more"))),
        (status = 404, description = "No such account", body = Detail),
    ),
)]
pub(crate) async fn list_positions(
    request: HttpRequest,
    id: web::Path<String>,
    gate: web::Data<Gate>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let account = find_account(&here, &id)?;
    let which = read_which_positions(request.query_string())?;
    let found = here.venue().read_positions(ReadPositions { account, which }).await?;
    let Piece { items, has_more } = found.ok_or_else(|| unknown_after(request.query_string()))?;
    let last = items.last().filter(|_| has_more).map(|last| last.symbol);
    let path = POSITIONS.replace("{id}", &id);
    Ok(page(&request, &gate, &path, last.as_ref().map(Symbol::as_str), positions_body(&items)))
}

/// Show a position.
#[utoipa::path(
    get, path = POSITION, tag = "accounts",
    params(
        ("id" = String, Path, description = "The account's id.", example = "default"),
        ("symbol" = String, Path, description = "The symbol, as it is or percent-encoded.", example = "BTC/USD"),
    ),
    responses(
        Overloaded,
        (status = 200, description = "The position", body = WirePosition),
        (status = 404, description = "No such account, or it holds nothing of this", body = Detail),
    ),
)]
pub(crate) async fn show_position(
    request: HttpRequest,
    path: web::Path<(String, String)>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let (id, symbol) = path.into_inner();
    let account = find_account(&here, &id)?;
    let which = WhichPositions::One(read_symbol(&request, &symbol).map_err(|_| ApiError::UnknownPosition)?);
    let found = here.venue().read_positions(ReadPositions { account, which }).await?;
    let standing = found.and_then(|mut found| found.items.pop()).ok_or(ApiError::UnknownPosition)?;
    Ok(json(&mut HttpResponse::Ok(), position_body(&standing)))
}

/// Close a position.
///
/// By a market order for all of it, or for `qty`; it reaches the exchange after the usual delay.
#[utoipa::path(
    delete, path = POSITION, tag = "accounts",
    params(
        ("id" = String, Path, description = "The account's id.", example = "default"),
        ("symbol" = String, Path, description = "The symbol, as it is or percent-encoded.", example = "BTC/USD"),
        CloseParameters,
    ),
    responses(
        QueryRefused,
        ChangeRefused,
        (status = 200, description = "The order that closes it", body = WireOrder),
        (status = 403, description = "The account may not trade so", body = Coded),
        (status = 404, description = "No such account, or it holds nothing of this", body = Detail),
        (status = 503, description = "Overloaded, or full of open orders", body = Detail),
    ),
)]
pub(crate) async fn close_position(
    request: HttpRequest,
    path: web::Path<(String, String)>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let (id, symbol) = path.into_inner();
    let account = find_account(&here, &id)?;
    let query = CloseQuery::parse(request.query_string(), true)?;
    let symbol = read_symbol(&request, &symbol).map_err(|_| ApiError::UnknownPosition)?;
    if query.cancel_orders {
        cancel_orders(&here, account, Some(symbol)).await?;
    }
    match here.venue().close_position(ClosePosition { account, symbol, qty: query.qty }).await? {
        Closing::Closes(order) => Ok(json(&mut HttpResponse::Ok(), order_body(&order, here.venue().accounts()))),
        Closing::Flat => Err(ApiError::UnknownPosition),
        Closing::Beyond => Err(CloseQuery::beyond(request.query_string())),
        Closing::Rejected(rejection) => Err(refused(&rejection, request.query_string())),
    }
}

/// Close all positions.
///
/// Each by a market order for all of it. A row for each, in the order in which their instruments were listed.
#[utoipa::path(
    delete, path = POSITIONS, tag = "accounts",
    params(
        ("id" = String, Path, description = "The account's id.", example = "default"),
        CloseAllParameters,
    ),
    responses(
        QueryRefused,
        ChangeRefused,
        (status = 207, description = "What became of each", body = Vec<WireClosed>),
        (status = 404, description = "No such account", body = Detail),
    ),
)]
pub(crate) async fn close_positions(
    request: HttpRequest,
    id: web::Path<String>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let account = find_account(&here, &id)?;
    let query = CloseQuery::parse(request.query_string(), false)?;
    if query.cancel_orders {
        cancel_orders(&here, account, None).await?;
    }
    let (mut closed, mut after) = (Vec::new(), None);
    loop {
        let which = WhichPositions::Page { after, limit: AT_A_TIME };
        let Some(found) = here.venue().read_positions(ReadPositions { account, which }).await? else { break };
        for position in &found.items {
            let symbol = position.symbol;
            let close = ClosePosition { account, symbol, qty: None };
            closed.push((symbol, here.venue().close_position(close).await?));
        }
        after = found.items.last().filter(|_| found.has_more).map(|last| last.symbol);
        if after.is_none() {
            break;
        }
    }
    Ok(json(&mut HttpResponse::build(StatusCode::MULTI_STATUS), closed_body(&closed, here.venue().accounts())))
}

async fn cancel_orders(here: &Here, account: AccountNumber, symbol: Option<Symbol>) -> Result<(), ApiError> {
    let filter = OrderFilter { account: Some(account), symbol, ..OrderFilter::default() };
    here.venue().cancel_open(filter).await?;
    Ok(())
}

/// Why no order closes a position.
fn refused(rejection: &Rejection, query: &str) -> ApiError {
    match rejection {
        Rejection::BookFull => ApiError::overloaded("The order book is full of open orders: try again later"),
        Rejection::InsufficientBuyingPower => ApiError::INSUFFICIENT_BUYING_POWER,
        Rejection::ShortNotAllowed => ApiError::SHORT_NOT_ALLOWED,
        Rejection::InstrumentClosed => ApiError::INSTRUMENT_CLOSED,
        Rejection::Ruled(reason) => ApiError::Ruled(reason.clone()),
        // What the house holds nobody else closes.
        Rejection::UnknownAccount => ApiError::UnknownAccount,
        _ => CloseQuery::beyond(query),
    }
}
