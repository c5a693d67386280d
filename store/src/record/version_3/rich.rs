//! What is rich of an order, in its record.

use std::sync::Arc;

use tradepit_engine::{First, OrderType, Progress, Quantity, Rich, Step, Terms, Time};

use super::words::{self, Word};
use crate::record::amounts::{push_money, push_steps, read_money, read_step, read_steps};
use crate::record::parts::{number, signed};
use crate::record::text::{Garbled, Reader, push_number, push_plain};

/// Appends what is rich of an order, if there is something.
pub(super) fn push_rich(records: &mut Vec<u8>, rich: Option<&Rich>) {
    let Some(Rich { account, tick, lot, terms, progress, first }) = rich else { return };
    records.extend_from_slice(b",[");
    push_number(records, i64::from(*account));
    for step in [tick, lot] {
        records.push(b',');
        push_plain(records, step.size());
    }
    push_terms(records, terms, *tick, *lot);
    push_progress(records, progress, *lot);
    if let Some(first) = first {
        records.push(b',');
        push_number(records, first.quantity.get().cast_signed());
        push_terms(records, &first.terms, *tick, *lot);
    }
    records.push(b']');
}

/// Reads what is rich of an order, if there is something.
pub(super) fn read_rich(reader: &mut Reader<'_>) -> Result<Option<Arc<Rich>>, Garbled> {
    if reader.is_at_end() {
        return Ok(None);
    }
    reader.comma()?;
    reader.open()?;
    let account = u32::try_from(reader.number()?).map_err(|_| Garbled)?;
    reader.comma()?;
    let tick = read_step(reader.plain_text()?)?;
    reader.comma()?;
    let lot = read_step(reader.plain_text()?)?;
    let terms = read_terms(reader, tick, lot)?;
    let progress = read_progress(reader, lot)?;
    let first = if reader.is_at_end() { None } else { Some(read_first(reader, tick, lot)?) };
    reader.close()?;
    Ok(Some(Arc::new(Rich { account, tick, lot, terms, progress, first })))
}

fn read_first(reader: &mut Reader<'_>, tick: Step, lot: Step) -> Result<First, Garbled> {
    let quantity = u64::try_from(reader.next_number()?).map_err(|_| Garbled)?;
    let quantity = Quantity::new(quantity).map_err(|_| Garbled)?;
    Ok(First { quantity, terms: read_terms(reader, tick, lot)? })
}

fn push_terms(records: &mut Vec<u8>, terms: &Terms, tick: Step, lot: Step) {
    let Terms { side, order_type, time_in_force, post_only, lots, expires_at } = *terms;
    words::push(records, side);
    match order_type {
        OrderType::Market => records.extend_from_slice(b",\"market\",null"),
        OrderType::Limit { ticks } => {
            records.extend_from_slice(b",\"limit\",");
            push_steps(records, ticks.into(), tick, tick.decimals());
        }
    }
    words::push(records, time_in_force);
    records.push(b',');
    push_number(records, i64::from(post_only));
    records.push(b',');
    push_steps(records, lots, lot, 0);
    push_or_null(records, expires_at.map(|at| at.0));
}

fn read_terms(reader: &mut Reader<'_>, tick: Step, lot: Step) -> Result<Terms, Garbled> {
    let side = words::next(reader)?;
    reader.comma()?;
    let order_type = match reader.plain_text()? {
        "market" => match reader.next_number_or_null()? {
            None => OrderType::Market,
            Some(_) => return Err(Garbled),
        },
        "limit" => {
            reader.comma()?;
            let ticks = u64::try_from(read_steps(reader, tick, tick.decimals())?);
            OrderType::Limit { ticks: ticks.map_err(|_| Garbled)? }
        }
        _ => return Err(Garbled),
    };
    let time_in_force = words::next(reader)?;
    let post_only = next_flag(reader)?;
    reader.comma()?;
    let lots = read_steps(reader, lot, 0)?;
    let expires_at = reader.next_number_or_null()?.map(Time);
    Ok(Terms { side, order_type, time_in_force, post_only, lots, expires_at })
}

fn push_progress(records: &mut Vec<u8>, progress: &Progress, lot: Step) {
    let Progress { filled, cost, arrived_at, updated_at, line, ending } = *progress;
    records.push(b',');
    push_steps(records, filled, lot, 0);
    records.push(b',');
    push_money(records, cost);
    push_or_null(records, arrived_at.map(|at| at.0));
    records.push(b',');
    push_number(records, updated_at.0);
    push_or_null(records, line.map(signed));
    match ending {
        Some(ending) => words::push(records, ending),
        None => records.extend_from_slice(b",null"),
    }
}

fn read_progress(reader: &mut Reader<'_>, lot: Step) -> Result<Progress, Garbled> {
    reader.comma()?;
    let filled = read_steps(reader, lot, 0)?;
    reader.comma()?;
    let cost = read_money(reader.plain_text()?)?;
    let arrived_at = reader.next_number_or_null()?.map(Time);
    let updated_at = Time(reader.next_number()?);
    let line = reader.next_number_or_null()?.map(number).transpose()?;
    reader.comma()?;
    let ending = reader.plain_text_or_null()?.map(Word::of).transpose()?;
    Ok(Progress { filled, cost, arrived_at, updated_at, line, ending })
}

fn push_or_null(records: &mut Vec<u8>, number: Option<i64>) {
    records.push(b',');
    match number {
        Some(number) => push_number(records, number),
        None => records.extend_from_slice(b"null"),
    }
}

/// Reads whether something is so.
pub(super) fn next_flag(reader: &mut Reader<'_>) -> Result<bool, Garbled> {
    match reader.next_number()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Garbled),
    }
}
