//! What is listed, in its record.

use tradepit_engine::{Decimal, InstrumentChanged, Listing, Symbol};

use super::rich::next_flag;
use super::words;
use crate::record::Misread;
use crate::record::amounts::read_decimal;
use crate::record::parts::read_symbol;
use crate::record::text::{Garbled, Reader, push_number, push_plain};

/// The record of what is listed, which stands alone.
pub(crate) fn push_listing(record: &mut Vec<u8>, listing: &Listing) {
    record.push(b'[');
    push_plain(record, listing.symbol.as_str());
    push_details(record, listing);
    record.push(b']');
}

/// Reads the record of what is listed.
pub(crate) fn read_listing(reader: &mut Reader<'_>) -> Result<Listing, Misread> {
    reader.open()?;
    let symbol = read_symbol(reader.plain_text()?)?;
    let listing = read_details(reader, symbol)?;
    reader.close()?;
    Ok(listing)
}

/// Appends all but the symbol.
pub(super) fn push_details(records: &mut Vec<u8>, listing: &Listing) {
    let Listing { class, base, quote, tick, lot, min_quantity, max_quantity, .. } = listing;
    let Listing { reference_price, maker_fee, taker_fee, short, hours, .. } = listing;
    words::push(records, *class);
    for code in [base, quote] {
        records.push(b',');
        push_plain(records, code.as_str());
    }
    let (min, max) = (min_quantity.as_ref(), max_quantity.as_ref());
    let always = |decimal| Some(decimal);
    for decimal in [always(tick), always(lot), min, max, always(reference_price), always(maker_fee), always(taker_fee)]
    {
        records.push(b',');
        match decimal {
            Some(decimal) => push_plain(records, decimal),
            None => records.extend_from_slice(b"null"),
        }
    }
    records.push(b',');
    push_number(records, i64::from(*short));
    words::push(records, *hours);
}

/// Reads what [`push_details`] writes.
pub(super) fn read_details(reader: &mut Reader<'_>, symbol: Symbol) -> Result<Listing, Garbled> {
    let class = words::next(reader)?;
    reader.comma()?;
    let base = read_symbol(reader.plain_text()?)?;
    reader.comma()?;
    let quote = read_symbol(reader.plain_text()?)?;
    let (tick, lot) = (next_decimal(reader)?, next_decimal(reader)?);
    let (min_quantity, max_quantity) = (next_decimal_or_null(reader)?, next_decimal_or_null(reader)?);
    let reference_price = next_decimal(reader)?;
    let (maker_fee, taker_fee) = (next_decimal(reader)?, next_decimal(reader)?);
    let (short, hours) = (next_flag(reader)?, words::next(reader)?);
    Ok(Listing {
        symbol,
        class,
        base,
        quote,
        tick,
        lot,
        min_quantity,
        max_quantity,
        reference_price,
        maker_fee,
        taker_fee,
        short,
        hours,
    })
}

/// Appends all but the symbol of what an instrument is from now on.
pub(super) fn push_changed(records: &mut Vec<u8>, changed: &InstrumentChanged) {
    words::push(records, changed.status);
    for fee in [changed.maker_fee, changed.taker_fee] {
        records.push(b',');
        push_plain(records, fee);
    }
    records.push(b',');
    push_number(records, i64::from(changed.short));
}

/// Reads what [`push_changed`] writes.
pub(super) fn read_changed(reader: &mut Reader<'_>, symbol: Symbol) -> Result<InstrumentChanged, Garbled> {
    let status = words::next(reader)?;
    let (maker_fee, taker_fee) = (next_decimal(reader)?, next_decimal(reader)?);
    Ok(InstrumentChanged { symbol, status, maker_fee, taker_fee, short: next_flag(reader)? })
}

fn next_decimal(reader: &mut Reader<'_>) -> Result<Decimal, Garbled> {
    next_decimal_or_null(reader)?.ok_or(Garbled)
}

fn next_decimal_or_null(reader: &mut Reader<'_>) -> Result<Option<Decimal>, Garbled> {
    reader.comma()?;
    reader.plain_text_or_null()?.map(read_decimal).transpose()
}
