//! The body of `PUT /market/{symbol}`: what the house shall quote.

use tradepit_engine::{AskedQuote, Decimal, Instrument, QuoteFault, Side};

use super::body::fields::Fields;
use super::body::reading::Reading;
use super::body::values::read_decimal;
use super::error::ApiError;
use super::flaw::{Flaw, Flaws, Place};

/// What was read of such a body, which has no flaw of its own.
pub(crate) struct QuoteDraft<'a> {
    reading: Reading<'a>,
    pub(crate) asked: AskedQuote,
}

impl<'a> QuoteDraft<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// All that is wrong with it by itself.
    pub(crate) fn read(body: &'a [u8]) -> Result<QuoteDraft<'a>, ApiError> {
        let mut reading = Reading::of(body)?;
        match read_quote(&mut reading) {
            Some(asked) if reading.flaws.is_empty() => Ok(QuoteDraft { reading, asked }),
            _ => Err(ApiError::Invalid(Flaws { detail: reading.flaws })),
        }
    }

    /// Refuses it for what the instrument has against it.
    pub(crate) fn refused_by(&self, faults: &[QuoteFault], instrument: &Instrument) -> ApiError {
        let flaws = faults.iter().map(|&fault| flaw_of(fault, instrument, &self.reading.fields));
        ApiError::Invalid(Flaws { detail: flaws.collect() })
    }
}

/// The prices of a quote, and how much there; `None` where a price is missing or has a flaw.
pub(super) fn read_quote(reading: &mut Reading<'_>) -> Option<AskedQuote> {
    let (bid, ask) = (price(reading, "bid"), price(reading, "ask"));
    let bid_size = reading.optional("bid_size", read_decimal);
    let ask_size = reading.optional("ask_size", read_decimal);
    Some(AskedQuote { bid: bid?, ask: ask?, bid_size, ask_size })
}

fn price(reading: &mut Reading<'_>, field: &'static str) -> Option<Decimal> {
    match reading.fields.given(field) {
        Some(json) => reading.value(field, json, read_decimal),
        None => reading.missing(field),
    }
}

pub(super) fn flaw_of(fault: QuoteFault, instrument: &Instrument, fields: &Fields<'_>) -> Flaw {
    let (tick, lot) = (instrument.tick(), instrument.lot());
    let highest = instrument.price(instrument.reference_ticks().saturating_mul(Instrument::HIGHEST));
    let most = lot.times(instrument.limits().1.into()).map_or_else(String::new, |most| most.to_string());
    let (price, size) = (|side| named(side, "bid", "ask"), |side| named(side, "bid_size", "ask_size"));
    let (field, kind, msg) = match fault {
        QuoteFault::PriceTick(side) => {
            (price(side), "price_tick", format!("Input should be a multiple of the tick, {tick:?}"))
        }
        QuoteFault::PriceRange(side) => {
            (price(side), "price_range", format!("Input should be from {tick:?} to {highest}"))
        }
        QuoteFault::SizeLot(side) => {
            (size(side), "quantity_lot", format!("Input should be a multiple of the lot, {lot:?}"))
        }
        QuoteFault::SizeRange(side) => {
            (size(side), "quantity_range", format!("Input should be from {lot:?} to {most}"))
        }
        QuoteFault::Crossed => ("bid", "bid_not_below_ask", "Input should be less than ask".to_owned()),
    };
    Flaw::in_body(kind, [Place::Name(field)], msg, fields.input(field))
}

fn named(side: Side, of_buy: &'static str, of_sell: &'static str) -> &'static str {
    match side {
        Side::Buy => of_buy,
        Side::Sell => of_sell,
    }
}
