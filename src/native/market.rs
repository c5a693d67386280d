//! `/instruments`, `/book`, `/quotes`, `/market`: what can be traded, what is offered, and what the house shall quote.
//!
//! A symbol stands last in a path and may have slashes, so that these routes own whatever is below them.

use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_actors::{Piece, ReadInstruments, ReadOffered, SetQuote, Which};
use tradepit_engine::{Instrument, Offered, Rejection, Symbol};

use crate::edge::body;
use crate::edge::gate::Gate;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::edge::rejects::keep_sent;
use crate::native::refused::{BodyRefused, ChangeRefused, Overloaded, QueryRefused};
use crate::native::reply::{json, page};
use crate::native::requests::QuoteBody;
use crate::native::requests::parameters::{BookParameters, InstrumentsParameters, QuotesParameters};
use crate::native::wire::error::ApiError;
use crate::native::wire::market::{
    WhichQuery, WireBook, WireInstrument, WireQuote, book_body, instrument_body, instruments_body, quote_body,
    quotes_body, read_depth,
};
use crate::native::wire::quote_by_hand::QuoteDraft;

pub(crate) const INSTRUMENTS: &str = "/instruments";
pub(crate) const INSTRUMENT: &str = "/instruments/{symbol}";
pub(crate) const MARKET: &str = "/market/{symbol}";
pub(crate) const BOOK: &str = "/book/{symbol}";
pub(crate) const QUOTES: &str = "/quotes";
pub(crate) const QUOTE: &str = "/quotes/{symbol}";

/// List instruments.
///
/// In the order in which they were listed. When there are more than asked for, the header `Link` names the next page.
#[utoipa::path(
    get, path = INSTRUMENTS, tag = "market",
    params(InstrumentsParameters),
    responses(
        QueryRefused,
        (status = 200, description = "Instruments", body = Vec<WireInstrument>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there are more"))),
    ),
)]
pub(crate) async fn list_instruments(
    request: HttpRequest,
    gate: web::Data<Gate>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let query = WhichQuery::parse(request.query_string(), false)?;
    let Some(Piece { items, has_more }) = here.venue().instruments(ReadInstruments(query.which.clone())).await? else {
        return Err(query.unknown());
    };
    let last = items.last().filter(|_| has_more).map(|last| last.listing().symbol);
    Ok(page(&request, &gate, INSTRUMENTS, last.as_ref().map(Symbol::as_str), instruments_body(&items)))
}

/// Show an instrument.
///
/// A native order for a symbol that no instrument has lists one: an equity in USD, of tick 0.01, lot 1 and reference
/// price 100.00.
#[utoipa::path(
    get, path = INSTRUMENT, tag = "market",
    params(("symbol" = String, Path, description = "The symbol, as it is or percent-encoded.", example = "BTC/USD")),
    responses(
        Overloaded,
        (status = 200, description = "The instrument", body = WireInstrument),
        (status = 404, description = "No instrument has this symbol", body = Detail),
    ),
)]
pub(crate) async fn show_instrument(
    request: HttpRequest,
    symbol: web::Path<String>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let symbol = read_symbol(&request, &symbol)?;
    let instrument = instrument(&here, symbol).await?.ok_or(ApiError::UnknownInstrument)?;
    Ok(json(&mut HttpResponse::Ok(), instrument_body(&instrument)))
}

/// Show a book.
///
/// What clients rest and what the house quotes beside, as one: sizes at the same price are added up.
#[utoipa::path(
    get, path = BOOK, tag = "market",
    params(
        ("symbol" = String, Path, description = "The symbol, as it is or percent-encoded.", example = "EURUSD"),
        BookParameters,
    ),
    responses(
        QueryRefused,
        (status = 200, description = "The book", body = WireBook),
        (status = 404, description = "No instrument has this symbol", body = Detail),
    ),
)]
pub(crate) async fn show_book(
    request: HttpRequest,
    symbol: web::Path<String>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let depth = read_depth(request.query_string())?;
    let offered = offered(&here, read_symbol(&request, &symbol)?, depth).await?;
    Ok(json(&mut HttpResponse::Ok(), book_body(&offered)))
}

/// List quotes.
///
/// Those of `symbols`, in that order, all of one moment; or of all instruments, in pages.
#[utoipa::path(
    get, path = QUOTES, tag = "market",
    params(QuotesParameters),
    responses(
        QueryRefused,
        (status = 200, description = "Quotes", body = Vec<WireQuote>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there are more"))),
        (status = 404, description = "No instrument has one of the symbols", body = Detail),
    ),
)]
pub(crate) async fn list_quotes(
    request: HttpRequest,
    gate: web::Data<Gate>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let query = WhichQuery::parse(request.query_string(), true)?;
    let read = ReadOffered { which: query.which.clone(), depth: 1 };
    let Some(Piece { items, has_more }) = here.venue().offered(read).await? else {
        return Err(query.unknown());
    };
    let last = items.last().filter(|_| has_more).map(|last| last.symbol);
    Ok(page(&request, &gate, QUOTES, last.as_ref().map(Symbol::as_str), quotes_body(&items)))
}

/// Show a quote.
///
/// The best price of each side of the book, and how much is offered at it.
#[utoipa::path(
    get, path = QUOTE, tag = "market",
    params(("symbol" = String, Path, description = "The symbol, as it is or percent-encoded.", example = "EURUSD")),
    responses(
        Overloaded,
        (status = 200, description = "The quote", body = WireQuote),
        (status = 404, description = "No instrument has this symbol", body = Detail),
    ),
)]
pub(crate) async fn show_quote(
    request: HttpRequest,
    symbol: web::Path<String>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let offered = offered(&here, read_symbol(&request, &symbol)?, 1).await?;
    Ok(json(&mut HttpResponse::Ok(), quote_body(&offered)))
}

/// Set a quote by hand.
///
/// The house quotes this, one price on each side, in place of what it quotes by itself, until it is taken back. What is
/// taken of it is gone until the next quote. Orders that rest where it meets them trade with it, at their own price.
/// The reply is the best of both sides afterwards, clients' too.
#[utoipa::path(
    put, path = MARKET, tag = "market",
    params(("symbol" = String, Path, description = "The symbol, as it is or percent-encoded.", example = "EURUSD")),
    request_body = QuoteBody,
    responses(
        BodyRefused,
        (status = 200, description = "The quote is set", body = WireQuote),
        (status = 404, description = "No instrument has this symbol", body = Detail),
    ),
)]
pub(crate) async fn set_quote(
    request: HttpRequest,
    symbol: web::Path<String>,
    payload: web::Payload,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let body = body::read(&request, payload).await?;
    set_quote_as(read_symbol(&request, &symbol)?, &body, &here).await.inspect_err(|_| keep_sent(&request, &body))
}

async fn set_quote_as(symbol: Symbol, body: &[u8], here: &Here) -> Result<HttpResponse, ApiError> {
    let draft = QuoteDraft::read(body)?;
    match here.venue().set_quote(SetQuote { symbol, quote: Some(draft.asked) }).await? {
        Ok(offered) => Ok(json(&mut HttpResponse::Ok(), quote_body(&offered))),
        Err(Rejection::FaultyQuote(faults)) => {
            let instrument = instrument(here, symbol).await?.ok_or(ApiError::UnknownInstrument)?;
            Err(draft.refused_by(&faults, &instrument))
        }
        Err(_) => Err(ApiError::UnknownInstrument),
    }
}

/// Take a quote by hand back.
///
/// The house quotes by itself again, at once. Where nothing was set, nothing changes.
#[utoipa::path(
    delete, path = MARKET, tag = "market",
    params(("symbol" = String, Path, description = "The symbol, as it is or percent-encoded.", example = "EURUSD")),
    responses(
        ChangeRefused,
        (status = 204, description = "The house quotes by itself"),
        (status = 404, description = "No instrument has this symbol", body = Detail),
    ),
)]
pub(crate) async fn take_quote_back(
    request: HttpRequest,
    symbol: web::Path<String>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let symbol = read_symbol(&request, &symbol)?;
    let taken_back = here.venue().set_quote(SetQuote { symbol, quote: None }).await?;
    taken_back.map(|_| HttpResponse::NoContent().finish()).map_err(|_| ApiError::UnknownInstrument)
}

/// The instrument of this symbol.
pub(crate) async fn instrument(here: &Here, symbol: Symbol) -> Result<Option<Instrument>, ApiError> {
    let read = ReadInstruments(Which::Named(vec![symbol]));
    Ok(here.venue().instruments(read).await?.and_then(|mut found| found.items.pop()))
}

async fn offered(here: &Here, symbol: Symbol, depth: usize) -> Result<Offered, ApiError> {
    let read = ReadOffered { which: Which::Named(vec![symbol]), depth };
    let found = here.venue().offered(read).await?.and_then(|mut found| found.items.pop());
    found.ok_or(ApiError::UnknownInstrument)
}

/// The symbol at the end of the path. A slash behind it, where it is not encoded, is the one that any path may end
/// with.
pub(crate) fn read_symbol(request: &HttpRequest, text: &str) -> Result<Symbol, ApiError> {
    let ends_with_slash = request.path().ends_with('/');
    let text = text.strip_suffix('/').filter(|_| ends_with_slash).unwrap_or(text);
    Symbol::new(text).map_err(|_| ApiError::UnknownInstrument)
}
