//! What can be traded and what is offered, as JSON and as the documents describe it. Also the queries of both.

use std::borrow::Cow;
use std::fmt;

use tradepit_actors::Which;
use tradepit_engine::{Class, Hours, Instrument, InstrumentChanged, Offered, Offers, Step, Symbol, Trading};
use utoipa::ToSchema;

use super::error::ApiError;
use super::flaw::{Flaw, Flaws};
use super::object::{Object, write_list};
use super::query::{note, parameter, read_limit, read_symbol, refuse};
use super::terms::name_of;

/// How many instruments are told of at once, at most.
const LISTED_AT_MOST: usize = 1_000;

/// How many prices a book shows on each side: where nothing is said, and at most.
pub(super) const DEPTH: usize = 20;
pub(super) const DEPTH_AT_MOST: usize = 1_000;

// As the documents describe it; `write_instrument` writes it.
/// An instrument.
#[derive(ToSchema)]
#[schema(as = Instrument)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireInstrument {
    /// By what it is known.
    #[schema(min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$", example = "BTC/USD")]
    symbol: String,
    /// What kind of thing it is.
    class: WireClass,
    /// The code of what is bought and sold.
    #[schema(example = "BTC")]
    base: String,
    /// The code of the currency in which it is paid.
    #[schema(example = "USD")]
    quote: String,
    /// Prices are multiples of this, and written with as many decimals.
    #[schema(example = "0.01")]
    tick: String,
    /// Quantities are multiples of this.
    #[schema(example = "0.00000001")]
    lot: String,
    /// The least quantity of an order; it does not bind native ones.
    #[schema(example = "0.00000001")]
    min_quantity: String,
    /// The greatest; it does not bind native ones.
    #[schema(example = "1000000000")]
    max_quantity: String,
    /// Where its price began. No price is above 100 times this.
    #[schema(example = "65000.00")]
    reference_price: String,
    /// The part of price × quantity that whoever rested pays.
    #[schema(example = "0")]
    maker_fee: String,
    /// The part that whoever came later pays.
    #[schema(example = "0")]
    taker_fee: String,
    /// Whether an account may sell what it does not have.
    short: bool,
    /// When it trades.
    hours: WireHours,
    /// Whether it trades, beside its hours.
    status: WireTrading,
}

#[derive(ToSchema)]
#[schema(as = InstrumentClass, rename_all = "lowercase")]
#[expect(dead_code, reason = "described here, written by name")]
pub(crate) enum WireClass {
    Equity,
    Forex,
    Crypto,
}

#[derive(ToSchema)]
#[schema(as = Hours, rename_all = "lowercase")]
#[expect(dead_code, reason = "described here, written by name")]
pub(crate) enum WireHours {
    Always,
    Nyse,
}

#[derive(ToSchema)]
#[schema(as = InstrumentStatus, rename_all = "lowercase")]
#[expect(dead_code, reason = "described here, written by name")]
pub(crate) enum WireTrading {
    Open,
    Halted,
    Closed,
}

fn write_instrument(instrument: &Instrument, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    write_fields(instrument, &mut json);
    json.end();
}

/// Writes the fields of an instrument.
pub(super) fn write_fields(instrument: &Instrument, json: &mut Object<'_>) {
    let listing = instrument.listing();
    let (least, most) = instrument.limits();
    json.plain("symbol", listing.symbol.as_str());
    json.plain("class", name_of(&CLASSES, &listing.class));
    json.plain("base", listing.base.as_str());
    json.plain("quote", listing.quote.as_str());
    json.decimal("tick", listing.tick);
    json.decimal("lot", listing.lot);
    json.decimal("min_quantity", Size(instrument.lot(), least.into()));
    json.decimal("max_quantity", Size(instrument.lot(), most.into()));
    json.decimal("reference_price", Price(instrument.tick(), instrument.reference_ticks()));
    json.decimal("maker_fee", listing.maker_fee);
    json.decimal("taker_fee", listing.taker_fee);
    json.spelled("short", if listing.short { "true" } else { "false" });
    json.plain("hours", name_of(&HOURS, &listing.hours));
    json.plain("status", name_of(&STATUSES, &instrument.status));
}

pub(crate) const CLASSES: [(&str, Class); 3] =
    [("equity", Class::Equity), ("forex", Class::Forex), ("crypto", Class::Crypto)];

pub(crate) const HOURS: [(&str, Hours); 2] = [("always", Hours::Always), ("nyse", Hours::Nyse)];

pub(crate) const STATUSES: [(&str, Trading); 3] =
    [("open", Trading::Open), ("halted", Trading::Halted), ("closed", Trading::Closed)];

/// Writes what of an instrument may change, as it is from now on.
pub(super) fn write_changed(changed: &InstrumentChanged, json: &mut Object<'_>) {
    json.plain("symbol", changed.symbol.as_str());
    json.plain("status", name_of(&STATUSES, &changed.status));
    json.decimal("maker_fee", changed.maker_fee);
    json.decimal("taker_fee", changed.taker_fee);
    json.spelled("short", if changed.short { "true" } else { "false" });
}

pub(crate) fn instrument_body(instrument: &Instrument) -> Vec<u8> {
    let mut body = Vec::new();
    write_instrument(instrument, &mut body);
    body
}

pub(crate) fn instruments_body(instruments: &[Instrument]) -> Vec<u8> {
    let mut body = Vec::new();
    write_list(&mut body, instruments, write_instrument);
    body
}

// As the documents describe them; `write_quote` writes them.
/// The best prices of an instrument.
#[derive(ToSchema)]
#[schema(as = Quote)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireQuote {
    /// Of which instrument.
    #[schema(example = "EURUSD")]
    symbol: String,
    /// When it was so.
    #[schema(format = DateTime)]
    at: String,
    /// The best price that somebody buys at; null where nobody does. Prices have the decimals of the tick.
    #[schema(required = true, example = "1.08499")]
    bid: Option<String>,
    /// How much at that price, of clients and the house together.
    #[schema(required = true, example = "1000000000")]
    bid_size: Option<String>,
    /// The best price that somebody sells at; null where nobody does.
    #[schema(required = true, example = "1.08501")]
    ask: Option<String>,
    /// How much at that price.
    #[schema(required = true, example = "1000000000")]
    ask_size: Option<String>,
    /// The price of the last trade; null before the first.
    #[schema(required = true, example = "1.08501")]
    last: Option<String>,
}

fn write_quote(offered: &Offered, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    write_best(offered, &mut json);
    json.end();
}

/// Writes the fields of a quote.
pub(super) fn write_best(offered: &Offered, json: &mut Object<'_>) {
    json.plain("symbol", offered.symbol.as_str());
    json.time("at", offered.at);
    for (name, size_name, offers) in [("bid", "bid_size", &offered.bids), ("ask", "ask_size", &offered.asks)] {
        match offers.first() {
            Some(best) => {
                json.decimal(name, Price(offered.tick, best.ticks));
                json.decimal(size_name, Size(offered.lot, best.lots));
            }
            None => {
                json.null(name);
                json.null(size_name);
            }
        }
    }
    match offered.last_ticks {
        Some(ticks) => json.decimal("last", Price(offered.tick, ticks)),
        None => json.null("last"),
    }
}

pub(crate) fn quote_body(offered: &Offered) -> Vec<u8> {
    let mut body = Vec::new();
    write_quote(offered, &mut body);
    body
}

pub(crate) fn quotes_body(offered: &[Offered]) -> Vec<u8> {
    let mut body = Vec::new();
    write_list(&mut body, offered, write_quote);
    body
}

// As the documents describe it; `book_body` writes it.
/// What is offered in an instrument.
#[derive(ToSchema)]
#[schema(as = Book)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireBook {
    /// Of which instrument.
    #[schema(example = "EURUSD")]
    symbol: String,
    /// Greater after each change of the book, with gaps; below 2^53.
    #[schema(minimum = 0)]
    book_number: u64,
    /// Prices that clients and the house buy at, the highest first: each with how much.
    #[schema(example = json!([["1.08499", "1000000000"], ["1.08498", "1000000250"]]))]
    bids: Vec<Vec<String>>,
    /// Prices that they sell at, the lowest first.
    #[schema(example = json!([["1.08501", "1000000000"]]))]
    asks: Vec<Vec<String>>,
}

pub(crate) fn book_body(offered: &Offered) -> Vec<u8> {
    let mut body = Vec::new();
    let mut json = Object::begin(&mut body);
    json.plain("symbol", offered.symbol.as_str());
    json.number("book_number", offered.number);
    write_sides(offered, &mut json);
    json.end();
    body
}

/// Writes what is offered on both sides.
pub(super) fn write_sides(offered: &Offered, json: &mut Object<'_>) {
    let write = |offers: &Offers, out: &mut Vec<u8>| {
        let (price, size) = (Price(offered.tick, offers.ticks), Size(offered.lot, offers.lots));
        out.extend_from_slice(format!(r#"["{price}","{size}"]"#).as_bytes());
    };
    json.list("bids", &offered.bids, write);
    json.list("asks", &offered.asks, write);
}

/// A price, with the decimals of its tick.
pub(super) struct Price(pub(super) Step, pub(super) u64);

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Price(tick, ticks) = *self;
        // No order and no instrument is taken of which this would have too many digits.
        tick.price(ticks).map_or(Ok(()), |price| price.fmt(f))
    }
}

/// A quantity, in lots.
pub(super) struct Size(pub(super) Step, pub(super) u128);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Size(lot, lots) = *self;
        lot.times(lots).map_or(Ok(()), |size| size.fmt(f))
    }
}

/// Which instruments a list is asked for.
#[derive(Debug)]
pub(crate) struct WhichQuery {
    pub(crate) which: Which,
    /// The text of `after`, for the flaw when no instrument has it.
    pub(crate) after: Option<String>,
}

impl WhichQuery {
    /// Reads `limit` and `after`, and with `by_symbols` also `symbols`.
    pub(crate) fn parse(query: &str, by_symbols: bool) -> Result<WhichQuery, ApiError> {
        let (mut flaws, mut limit, mut after) = (Vec::new(), LISTED_AT_MOST, None);
        if let Some(text) = parameter(query, "limit") {
            limit = read_limit("limit", &text, LISTED_AT_MOST).unwrap_or_else(|flaw| note(&mut flaws, flaw));
        }
        let after_text = parameter(query, "after").map(Cow::into_owned);
        if let Some(text) = &after_text {
            after = read_symbol("after", text).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
        }
        let symbols = parameter(query, "symbols").filter(|_| by_symbols);
        let which = match symbols.map(|text| read_symbols(&text)) {
            None => Which::Page { after, limit },
            Some(Ok(symbols)) => Which::Named(symbols),
            Some(Err(flaw)) => {
                flaws.push(flaw);
                Which::Named(Vec::new())
            }
        };
        let after = after_text.filter(|_| matches!(which, Which::Page { .. }));
        refuse(flaws).map(|()| WhichQuery { which, after })
    }

    /// What to tell where one of those named is unknown.
    pub(crate) fn unknown(self) -> ApiError {
        let Some(after) = self.after else { return ApiError::UnknownInstrument };
        let flaw = Flaw::in_query("unknown_symbol", "after", "Input should be the symbol of an instrument", &after);
        ApiError::Invalid(Flaws { detail: vec![flaw] })
    }
}

/// Symbols with commas between.
fn read_symbols(text: &str) -> Result<Vec<Symbol>, Flaw> {
    if text.split(',').nth(LISTED_AT_MOST).is_some() {
        let msg = format!("Input should have at most {LISTED_AT_MOST} symbols");
        return Err(Flaw::in_query("too_long", "symbols", msg, text));
    }
    text.split(',').map(|symbol| read_symbol("symbols", symbol)).collect()
}

/// How many prices a book is asked for.
pub(crate) fn read_depth(query: &str) -> Result<usize, ApiError> {
    let mut flaws = Vec::new();
    let depth = parameter(query, "depth")
        .map_or(DEPTH, |text| read_limit("depth", &text, DEPTH_AT_MOST).unwrap_or_else(|flaw| note(&mut flaws, flaw)));
    refuse(flaws).map(|()| depth)
}
