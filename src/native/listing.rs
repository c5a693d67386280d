//! `POST /instruments` and `PATCH /instruments/{symbol}`: an instrument is listed; it trades or not, and what that
//! costs.

use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_actors::ChangeInstrument;
use tradepit_engine::{Rejection, Symbol};

use super::market::{INSTRUMENT, INSTRUMENTS, read_symbol};
use crate::edge::body;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::edge::rejects::keep_sent;
use crate::native::refused::BodyRefused;
use crate::native::reply::json;
use crate::native::requests::listing::{ChangeBody, NewInstrumentBody};
use crate::native::wire::error::{ApiError, Coded};
use crate::native::wire::listing::{read_change, read_listing};
use crate::native::wire::market::{WireInstrument, instrument_body};

/// List an instrument.
///
/// It is traded from then on, by the hours that it has. Tick and lot have at most 12 decimals together, a lot is at
/// most 1, and 1 is a multiple of it.
#[utoipa::path(
    post, path = INSTRUMENTS, tag = "market",
    request_body(
        content = NewInstrumentBody,
        examples(
            ("share" = (
                summary = "A share, whole ones only",
                value = json!({"symbol": "ACME", "class": "equity", "quote": "USD", "tick": "0.01", "lot": 1,
                    "reference_price": "12.50"})
            )),
            ("pair" = (
                summary = "A crypto pair with fees, which is sold by whoever has it",
                value = json!({"symbol": "DOT/EUR", "class": "crypto", "quote": "EUR", "tick": "0.001",
                    "lot": "0.0001", "reference_price": "5.250", "min_quantity": "0.01", "max_quantity": "100000",
                    "maker_fee": "0.001", "taker_fee": "0.002", "short": false, "hours": "always"})
            )),
        ),
    ),
    responses(
        BodyRefused,
        (status = 201, description = "The instrument", body = WireInstrument),
        (status = 409, description = "There is an instrument of this symbol", body = Coded),
        (status = 503, description = "Overloaded, or there are as many instruments as there may be", body = Detail),
    ),
)]
pub(crate) async fn list_instrument(
    request: HttpRequest,
    payload: web::Payload,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let body = body::read(&request, payload).await?;
    list_as(&body, &here).await.inspect_err(|_| keep_sent(&request, &body))
}

async fn list_as(body: &[u8], here: &Here) -> Result<HttpResponse, ApiError> {
    match here.venue().list_instrument(read_listing(body)?).await? {
        Ok(instrument) => Ok(json(&mut HttpResponse::Created(), instrument_body(&instrument))),
        Err(Rejection::TooManyInstruments) => Err(ApiError::overloaded("There are as many instruments as may be")),
        // What is wrong with it was found where it was read.
        Err(_) => Err(ApiError::AlreadyListed),
    }
}

/// Change an instrument.
///
/// Whether it trades, what that costs, and whether an account may sell what it does not have. While it is `halted` or
/// `closed` what rests stays, and can be cancelled and amended; nothing trades and nothing is triggered, and the house
/// quotes nothing. What arrives waits outside the book, `accepted`; `ioc` and `fok` orders are cancelled
/// (`not_trading`). Where it is `closed` no order is taken: 403 `instrument_closed`. Native orders execute all the
/// same, at the mark, rounded up to the tick. Once it is `open` again the house quotes first; then stops are triggered,
/// and those that wait act in the order in which they arrived. Whatever is not said stays as it is.
#[utoipa::path(
    patch, path = INSTRUMENT, tag = "market",
    params(("symbol" = String, Path, description = "The symbol, as it is or percent-encoded.", example = "GBPJPY")),
    request_body(
        content = ChangeBody,
        examples(
            ("halt" = (summary = "It does not trade for a while", value = json!({"status": "halted"}))),
            ("open" = (summary = "It trades", value = json!({"status": "open"}))),
            ("fees" = (summary = "What trading costs", value = json!({"maker_fee": 0, "taker_fee": "0.0005"}))),
        ),
    ),
    responses(
        BodyRefused,
        (status = 200, description = "The instrument, as it is now", body = WireInstrument),
        (status = 404, description = "No instrument has this symbol", body = Detail),
    ),
)]
pub(crate) async fn change_instrument(
    request: HttpRequest,
    symbol: web::Path<String>,
    payload: web::Payload,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let body = body::read(&request, payload).await?;
    change_as(read_symbol(&request, &symbol)?, &body, &here).await.inspect_err(|_| keep_sent(&request, &body))
}

async fn change_as(symbol: Symbol, body: &[u8], here: &Here) -> Result<HttpResponse, ApiError> {
    let change = ChangeInstrument { symbol, change: read_change(body)? };
    let changed = here.venue().change_instrument(change).await?;
    // What is wrong with it was found where it was read.
    let instrument = changed.map_err(|_| ApiError::UnknownInstrument)?;
    Ok(json(&mut HttpResponse::Ok(), instrument_body(&instrument)))
}
