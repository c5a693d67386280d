//! `/bars`: what was traded from time to time.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::edge::gate::Gate;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::native::market::read_symbol;
use crate::native::refused::QueryRefused;
use crate::native::reply::page_by;
use crate::native::requests::parameters::BarsParameters;
use crate::native::wire::bar::{WireBar, bars_body, read_bars_query};
use crate::native::wire::error::ApiError;
use crate::native::wire::history::start_text;

pub(crate) const BARS: &str = "/bars/{symbol}";

/// List bars.
///
/// Of all trades of an instrument, clients' and the simulated market's, the oldest bar first; those without a trade are
/// left out. Longer bars are made of exactly the shorter ones. With `start`, from there on, and where there are more
/// than asked for, the header `Link` names the next page; without it, those that are newest. The bar that is not over
/// has what was traded by now. Without a data folder clients' trades are in as many bars as changes are kept
/// (`--history`), a sixth of each length, the newest.
#[utoipa::path(
    get, path = BARS, tag = "market",
    params(
        ("symbol" = String, Path, description = "The symbol, as it is or percent-encoded.", example = "EURUSD"),
        BarsParameters,
    ),
    responses(
        QueryRefused,
        (status = 200, description = "Bars", body = Vec<WireBar>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there are more"))),
        (status = 404, description = "No instrument has this symbol", body = Detail),
    ),
)]
pub(crate) async fn list_bars(
    request: HttpRequest,
    symbol: web::Path<String>,
    gate: web::Data<Gate>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let symbol = read_symbol(&request, &symbol)?;
    let read = read_bars_query(request.query_string(), symbol)?;
    let told = here.venue().bars(read).await?.ok_or(ApiError::UnknownInstrument)?;
    let start = told.next.map(start_text);
    let path = BARS.replace("{symbol}", symbol.as_str());
    Ok(page_by(&request, &gate, &path, ("start", start.as_deref()), bars_body(&told)))
}
