//! What is rich of an order, in its record.

use std::sync::Arc;

use tradepit_engine::{Decimal, First, Kin, Money, OrderType, Progress, Quantity, Rich, Step, Terms, Time, Trail};

use super::kin::{push_kin, read_kin};
use super::words::{self, Word};
use crate::record::amounts::{push_money, push_steps, read_money, read_step, read_steps};
use crate::record::parts::{number, signed};
use crate::record::text::{Garbled, Reader, push_number, push_plain};

/// Appends what is rich of an order, if there is something.
pub(super) fn push_rich(records: &mut Vec<u8>, rich: Option<&Rich>) {
    let Some(Rich { account, tick, lot, terms, progress, first, kin }) = rich else { return };
    records.extend_from_slice(b",[");
    push_number(records, i64::from(*account));
    for step in [tick, lot] {
        records.push(b',');
        push_plain(records, step.size());
    }
    push_terms(records, terms, *tick, *lot);
    push_progress(records, progress, (*tick, *lot), terms.order_type.waits().is_some());
    if !kin.is_none() {
        push_kin(records, kin, *tick);
    }
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
    let progress = read_progress(reader, (tick, lot), terms.order_type.waits().is_some())?;
    let (mut kin, mut first) = (Kin::default(), None);
    if !reader.is_at_end() {
        reader.comma()?;
        if reader.is_at_list() {
            kin = read_kin(reader, tick)?;
            if !reader.is_at_end() {
                reader.comma()?;
                first = Some(read_first(reader, tick, lot)?);
            }
        } else {
            first = Some(read_first(reader, tick, lot)?);
        }
    }
    reader.close()?;
    Ok(Some(Arc::new(Rich { account, tick, lot, terms, progress, first, kin })))
}

fn read_first(reader: &mut Reader<'_>, tick: Step, lot: Step) -> Result<First, Garbled> {
    let quantity = u64::try_from(reader.number()?).map_err(|_| Garbled)?;
    let quantity = Quantity::new(quantity).map_err(|_| Garbled)?;
    Ok(First { quantity, terms: read_terms(reader, tick, lot)? })
}

fn push_terms(records: &mut Vec<u8>, terms: &Terms, tick: Step, lot: Step) {
    let Terms { side, order_type, time_in_force, post_only, lots, expires_at } = *terms;
    words::push(records, side);
    push_type(records, order_type, tick);
    records.push(b',');
    match terms.limit_ticks() {
        Some(ticks) => push_steps(records, ticks.into(), tick, tick.decimals()),
        None => records.extend_from_slice(b"null"),
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
    let kind = read_type(reader, tick)?;
    reader.comma()?;
    let limit = if reader.null() { None } else { Some(read_ticks(reader, tick)?) };
    let order_type = kind.with_limit(limit)?;
    let time_in_force = words::next(reader)?;
    let post_only = next_flag(reader)?;
    reader.comma()?;
    let lots = read_steps(reader, lot, 0)?;
    let expires_at = reader.next_number_or_null()?.map(Time);
    Ok(Terms { side, order_type, time_in_force, post_only, lots, expires_at })
}

fn push_progress(records: &mut Vec<u8>, progress: &Progress, (tick, lot): (Step, Step), waits: bool) {
    let Progress { filled, cost, arrived_at, updated_at, line, ending, triggered, mark } = *progress;
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
    if waits {
        records.extend_from_slice(if triggered { b",[1," } else { b",[0," });
        match mark {
            Some(mark) => push_steps(records, mark.into(), tick, tick.decimals()),
            None => records.extend_from_slice(b"null"),
        }
        records.push(b']');
    }
}

fn read_progress(reader: &mut Reader<'_>, (tick, lot): (Step, Step), waits: bool) -> Result<Progress, Garbled> {
    reader.comma()?;
    let filled = read_steps(reader, lot, 0)?;
    reader.comma()?;
    let cost = read_money(reader.plain_text()?)?;
    let arrived_at = reader.next_number_or_null()?.map(Time);
    let updated_at = Time(reader.next_number()?);
    let line = reader.next_number_or_null()?.map(number).transpose()?;
    reader.comma()?;
    let ending = reader.plain_text_or_null()?.map(Word::of).transpose()?;
    let (mut triggered, mut mark) = (false, None);
    if waits {
        reader.comma()?;
        reader.open()?;
        triggered = match reader.number()? {
            0 => false,
            1 => true,
            _ => return Err(Garbled),
        };
        reader.comma()?;
        mark = if reader.null() { None } else { Some(read_ticks(reader, tick)?) };
        reader.close()?;
    }
    Ok(Progress { filled, cost, arrived_at, updated_at, line, ending, triggered, mark })
}

/// What a type says but for the limit price, which stands elsewhere.
enum Kind {
    Market,
    Notional(Money),
    Limit,
    Stop(u64),
    StopLimit(u64),
    TrailingStop(Trail),
}

impl Kind {
    fn with_limit(self, limit: Option<u64>) -> Result<OrderType, Garbled> {
        match (self, limit) {
            (Kind::Market, None) => Ok(OrderType::Market),
            (Kind::Notional(sum), None) => Ok(OrderType::Notional { sum }),
            (Kind::Limit, Some(ticks)) => Ok(OrderType::Limit { ticks }),
            (Kind::Stop(stop), None) => Ok(OrderType::Stop { stop }),
            (Kind::StopLimit(stop), Some(limit)) => Ok(OrderType::StopLimit { stop, limit }),
            (Kind::TrailingStop(trail), None) => Ok(OrderType::TrailingStop { trail }),
            (_, _) => Err(Garbled),
        }
    }
}

fn push_type(records: &mut Vec<u8>, order_type: OrderType, tick: Step) {
    let mut stop = |kind: &str, ticks: u64| {
        records.extend_from_slice(b",[");
        push_plain(records, kind);
        records.push(b',');
        push_steps(records, ticks.into(), tick, tick.decimals());
        records.push(b']');
    };
    match order_type {
        OrderType::Market => records.extend_from_slice(b",\"market\""),
        OrderType::Notional { sum } => {
            records.extend_from_slice(b",[\"notional\",");
            push_money(records, sum);
            records.push(b']');
        }
        OrderType::Limit { .. } => records.extend_from_slice(b",\"limit\""),
        OrderType::Stop { stop: ticks } => stop("stop", ticks),
        OrderType::StopLimit { stop: ticks, .. } => stop("stop_limit", ticks),
        OrderType::TrailingStop { trail: Trail::Ticks(ticks) } => stop("trailing_stop", ticks),
        OrderType::TrailingStop { trail: Trail::Percent(units) } => {
            records.extend_from_slice(b",[\"trailing_percent\",");
            push_steps(records, units.into(), percent_step(), 0);
            records.push(b']');
        }
    }
}

fn read_type(reader: &mut Reader<'_>, tick: Step) -> Result<Kind, Garbled> {
    if !reader.is_at_list() {
        return match reader.plain_text()? {
            "market" => Ok(Kind::Market),
            "limit" => Ok(Kind::Limit),
            _ => Err(Garbled),
        };
    }
    reader.open()?;
    let word = reader.plain_text()?;
    reader.comma()?;
    let kind = match word {
        "notional" => Kind::Notional(read_money(reader.plain_text()?)?),
        "stop" => Kind::Stop(read_ticks(reader, tick)?),
        "stop_limit" => Kind::StopLimit(read_ticks(reader, tick)?),
        "trailing_stop" => Kind::TrailingStop(Trail::Ticks(read_ticks(reader, tick)?)),
        "trailing_percent" => {
            let units = u64::try_from(read_steps(reader, percent_step(), 0)?).map_err(|_| Garbled)?;
            Kind::TrailingStop(Trail::Percent(units))
        }
        _ => return Err(Garbled),
    };
    reader.close()?;
    Ok(kind)
}

/// What percentages are counted in.
fn percent_step() -> Step {
    Decimal::new(1, Trail::DECIMALS).and_then(Step::new).expect("it is a step")
}

pub(super) fn read_ticks(reader: &mut Reader<'_>, tick: Step) -> Result<u64, Garbled> {
    u64::try_from(read_steps(reader, tick, tick.decimals())?).map_err(|_| Garbled)
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
