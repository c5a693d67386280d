//! What the house is to quote by hand, or from rows, in its record.

use tradepit_engine::{HandQuote, Offer, QuoteRow, Quoted, RowsChanged, Step, Symbol, Time};

use crate::record::amounts::{push_steps, read_step, read_steps};
use crate::record::text::{Garbled, Reader, push_number, push_plain};

/// Appends all but the symbol.
pub(super) fn push_quoted(records: &mut Vec<u8>, quoted: &Quoted) {
    let Quoted { tick, lot, ref quote, .. } = *quoted;
    push_grid(records, tick, lot);
    quote.iter().for_each(|quote| push_quote(records, quote, tick, lot));
}

/// The same, of rows.
pub(super) fn push_rows(records: &mut Vec<u8>, changed: &RowsChanged) {
    let RowsChanged { tick, lot, ref rows, .. } = *changed;
    push_grid(records, tick, lot);
    for QuoteRow { at, quote } in rows.iter().flatten() {
        records.push(b',');
        push_number(records, at.0);
        push_quote(records, quote, tick, lot);
    }
}

fn push_grid(records: &mut Vec<u8>, tick: Step, lot: Step) {
    for step in [tick, lot] {
        records.push(b',');
        push_plain(records, step.size());
    }
}

fn push_quote(records: &mut Vec<u8>, quote: &HandQuote, tick: Step, lot: Step) {
    for Offer { ticks, lots } in [quote.bid, quote.ask] {
        records.push(b',');
        push_steps(records, ticks.into(), tick, tick.decimals());
        records.push(b',');
        push_steps(records, lots.into(), lot, 0);
    }
}

/// Reads what [`push_quoted`] writes.
pub(super) fn read_quoted(reader: &mut Reader<'_>, symbol: Symbol) -> Result<Quoted, Garbled> {
    let (tick, lot) = (next_step(reader)?, next_step(reader)?);
    let quote = match reader.is_at_end() {
        true => None,
        false => Some(HandQuote { bid: next_offer(reader, tick, lot)?, ask: next_offer(reader, tick, lot)? }),
    };
    Ok(Quoted { symbol, tick, lot, quote })
}

/// Reads what [`push_rows`] writes: where there are no rows, all were dropped.
pub(super) fn read_rows(reader: &mut Reader<'_>, symbol: Symbol) -> Result<RowsChanged, Garbled> {
    let (tick, lot) = (next_step(reader)?, next_step(reader)?);
    let mut rows = Vec::new();
    while !reader.is_at_end() {
        let at = Time(reader.next_number()?);
        let quote = HandQuote { bid: next_offer(reader, tick, lot)?, ask: next_offer(reader, tick, lot)? };
        rows.push(QuoteRow { at, quote });
    }
    Ok(RowsChanged { symbol, tick, lot, rows: (!rows.is_empty()).then_some(rows) })
}

fn next_step(reader: &mut Reader<'_>) -> Result<Step, Garbled> {
    reader.comma()?;
    read_step(reader.plain_text()?)
}

fn next_offer(reader: &mut Reader<'_>, tick: Step, lot: Step) -> Result<Offer, Garbled> {
    reader.comma()?;
    let ticks = u64::try_from(read_steps(reader, tick, tick.decimals())?).map_err(|_| Garbled)?;
    reader.comma()?;
    let lots = u64::try_from(read_steps(reader, lot, 0)?).map_err(|_| Garbled)?;
    Ok(Offer { ticks, lots })
}
