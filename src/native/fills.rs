//! `/fills`, `/trades`: what was traded, as the orders that took part tell it, and as everybody is told.

use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_actors::Piece;

use crate::edge::gate::Gate;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::native::market::read_symbol;
use crate::native::refused::QueryRefused;
use crate::native::reply::{page, page_by};
use crate::native::requests::parameters::{FillsParameters, TradesParameters};
use crate::native::wire::error::ApiError;
use crate::native::wire::fill::{WireListedFill, fills_body, read_fills_query, unknown_filter};
use crate::native::wire::trade::{WireTrade, WireTradeId, read_trades_query, trades_body};

pub(crate) const FILLS: &str = "/fills";
pub(crate) const TRADES: &str = "/trades/{symbol}";

/// List fills.
///
/// The parts that orders took in trades, in order of their `number`, or with `order=desc` the newest first. All filters
/// that are given count. When there are more than asked for, the header `Link` names the next page. Without a data
/// folder those of the newest changes are kept (`--history`), and of an order that executed whole at one price, its
/// fill for as long as the order.
#[utoipa::path(
    get, path = FILLS, tag = "orders",
    params(FillsParameters),
    responses(
        QueryRefused,
        (status = 200, description = "Fills", body = Vec<WireListedFill>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there are more"))),
    ),
)]
pub(crate) async fn list_fills(
    request: HttpRequest,
    gate: web::Data<Gate>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let query = read_fills_query(request.query_string(), here.venue().accounts())?;
    let Some(Piece { items, has_more }) = here.venue().fills(query).await? else {
        return Err(unknown_filter(request.query_string()));
    };
    let last = items.last().filter(|_| has_more).map(|last| last.number.0.to_string());
    Ok(page(&request, &gate, FILLS, last.as_deref(), fills_body(&items, here.venue().accounts())))
}

/// List trades.
///
/// Those of an instrument, clients' and the simulated market's, the newest first. When there are more than asked for,
/// the header `Link` names the next page. Without a data folder clients' trades of the newest changes are kept
/// (`--history`).
#[utoipa::path(
    get, path = TRADES, tag = "market",
    params(
        ("symbol" = String, Path, description = "The symbol, as it is or percent-encoded.", example = "EURUSD"),
        TradesParameters,
    ),
    responses(
        QueryRefused,
        (status = 200, description = "Trades", body = Vec<WireTrade>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there are more"))),
        (status = 404, description = "No instrument has this symbol", body = Detail),
    ),
)]
pub(crate) async fn list_trades(
    request: HttpRequest,
    symbol: web::Path<String>,
    gate: web::Data<Gate>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let symbol = read_symbol(&request, &symbol)?;
    let read = read_trades_query(request.query_string(), symbol)?;
    let Piece { items, has_more } = here.venue().trades(read).await?.ok_or(ApiError::UnknownInstrument)?;
    let last = items.last().filter(|_| has_more).map(|last| WireTradeId(last.id).to_string());
    let path = TRADES.replace("{symbol}", symbol.as_str());
    Ok(page_by(&request, &gate, &path, ("before", last.as_deref()), trades_body(&items)))
}
