//! The bodies of `POST /instruments` and `PATCH /instruments/{symbol}`: what shall be listed, and what of it may
//! change.

use serde_json::value::RawValue;
use tradepit_actors::ListInstrument;
use tradepit_engine::{
    Class, Decimal, Hours, Instrument, InstrumentChange, InvalidListing, Listing, Money, Symbol, Trading,
};

use super::body::reading::Reading;
use super::body::values::{Wrong, read_bool, read_decimal, read_number, read_symbol};
use super::error::ApiError;
use super::flaw::Flaws;
use super::market::{CLASSES, HOURS, STATUSES};

/// What of an instrument stays as it was listed.
const FIXED: [&str; 10] =
    ["symbol", "class", "base", "quote", "tick", "lot", "min_quantity", "max_quantity", "reference_price", "hours"];

/// Reads what shall be listed.
///
/// # Errors
/// All that is wrong with it.
pub(crate) fn read_listing(body: &[u8]) -> Result<ListInstrument, ApiError> {
    let mut reading = Reading::of(body)?;
    let symbol = required(&mut reading, "symbol", read_symbol);
    let class = reading.choice_or_none("class", &CLASSES);
    if reading.fields.given("class").is_none() {
        reading.missing::<Class>("class");
    }
    let quote = required(&mut reading, "quote", read_symbol);
    let tick = required(&mut reading, "tick", read_decimal);
    let lot = required(&mut reading, "lot", read_decimal);
    let reference_price = required(&mut reading, "reference_price", read_decimal);
    let base = reading.optional("base", read_symbol);
    let min_quantity = reading.optional("min_quantity", read_decimal);
    let max_quantity = reading.optional("max_quantity", read_decimal);
    let (maker_fee, taker_fee) = (reading.optional("maker_fee", read_fee), reading.optional("taker_fee", read_fee));
    let short = reading.optional("short", read_bool).unwrap_or(true);
    let hours = reading.choice_or_none("hours", &HOURS);
    // In place of what could not be read stands what agrees with the rest.
    let sample = Listing::of_unknown(Symbol::new("USD").expect("it is a symbol"));
    let (symbol, quote) = (symbol.unwrap_or(sample.symbol), quote.unwrap_or(sample.quote));
    let (class, steps) = (class.unwrap_or(sample.class), (tick.is_some(), lot.is_some()));
    let tick = tick.unwrap_or_else(|| reference_price.unwrap_or(sample.tick));
    let lot = lot.unwrap_or_else(|| min_quantity.or(max_quantity).unwrap_or(sample.lot));
    let listing = Listing {
        symbol,
        class,
        base: base.unwrap_or_else(|| Listing::base_of(class, symbol, quote)),
        quote,
        tick,
        lot,
        min_quantity,
        max_quantity,
        reference_price: reference_price.unwrap_or(tick),
        maker_fee: maker_fee.unwrap_or(Decimal::ZERO),
        taker_fee: taker_fee.unwrap_or(Decimal::ZERO),
        short,
        hours: hours.unwrap_or(Hours::Always),
    };
    for wrong in Instrument::new(listing).err().unwrap_or_default() {
        flaw(&mut reading, wrong, steps);
    }
    if reading.flaws.is_empty() {
        Ok(ListInstrument { listing, hours })
    } else {
        Err(ApiError::Invalid(Flaws { detail: reading.flaws }))
    }
}

/// Reads what of an instrument shall be otherwise.
///
/// # Errors
/// All that is wrong with it.
pub(crate) fn read_change(body: &[u8]) -> Result<InstrumentChange, ApiError> {
    let mut reading = Reading::of(body)?;
    let status: Option<Trading> = reading.choice_or_none("status", &STATUSES);
    let (maker_fee, taker_fee) = (reading.optional("maker_fee", read_fee), reading.optional("taker_fee", read_fee));
    let short = reading.optional("short", read_bool);
    for field in FIXED {
        if reading.fields.given(field).is_some() {
            reading.flaw(field, "fixed", "This stays as it was listed: the past follows from it");
        }
    }
    if reading.flaws.is_empty() {
        Ok(InstrumentChange { status, maker_fee, taker_fee, short })
    } else {
        Err(ApiError::Invalid(Flaws { detail: reading.flaws }))
    }
}

fn required<T>(
    reading: &mut Reading<'_>,
    field: &'static str,
    read: impl Fn(&RawValue) -> Result<T, Wrong>,
) -> Option<T> {
    match reading.fields.given(field) {
        Some(json) => reading.value(field, json, read),
        None => reading.missing(field),
    }
}

/// The part of a trade's worth that somebody pays.
fn read_fee(json: &RawValue) -> Result<Decimal, Wrong> {
    let fee = read_number(json)?;
    let msg = || format!("Input should be from 0 to 1, with at most {} decimals", Money::DECIMALS);
    if Instrument::is_fee(fee) { Ok(fee) } else { Err(("fee_range", msg().into())) }
}

/// Notes what an instrument cannot be; nothing where the field that it is told of was not read.
fn flaw(reading: &mut Reading<'_>, wrong: InvalidListing, (has_tick, has_lot): (bool, bool)) {
    let (field, kind, msg) = match wrong {
        InvalidListing::Tick if has_tick => ("tick", "tick_size", "Input should have at most nine digits"),
        InvalidListing::Lot if has_lot => {
            ("lot", "lot_size", "Input should have at most nine digits, and 1 should be a multiple of it")
        }
        InvalidListing::Steps if has_tick && has_lot => {
            ("lot", "too_many_decimals", "Tick and lot should have at most 12 decimals together")
        }
        InvalidListing::ReferencePrice if has_tick => {
            ("reference_price", "price_tick", "Input should be a multiple of the tick, and not too large")
        }
        InvalidListing::MinQuantity if has_lot => {
            ("min_quantity", "quantity_lot", "Input should be a multiple of the lot, and not too large")
        }
        InvalidListing::MaxQuantity if has_lot => {
            let msg = "Input should be a multiple of the lot, not less than min_quantity, and not too large";
            ("max_quantity", "quantity_lot", msg)
        }
        // Fees were looked at where they were read.
        InvalidListing::Tick
        | InvalidListing::Lot
        | InvalidListing::Steps
        | InvalidListing::ReferencePrice
        | InvalidListing::MinQuantity
        | InvalidListing::MaxQuantity
        | InvalidListing::Fee => return,
    };
    reading.flaw(field, kind, msg);
}
