//! What the house is to quote by hand, in its record.

use tradepit_engine::{HandQuote, Offer, Quoted, Step, Symbol};

use crate::record::amounts::{push_steps, read_step, read_steps};
use crate::record::text::{Garbled, Reader, push_plain};

/// Appends all but the symbol.
pub(super) fn push_quoted(records: &mut Vec<u8>, quoted: &Quoted) {
    let Quoted { tick, lot, ref quote, .. } = *quoted;
    for step in [tick, lot] {
        records.push(b',');
        push_plain(records, step.size());
    }
    for Offer { ticks, lots } in quote.iter().flat_map(|quote| [quote.bid, quote.ask]) {
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
