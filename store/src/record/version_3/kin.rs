//! The other orders that an order has to do with, in its record.

use tradepit_engine::{Group, Kin, Legs, Loss, OrderId, Step};

use super::rich::{next_flag, read_ticks};
use super::words::{self, Word};
use crate::record::amounts::push_steps;
use crate::record::parts::{number, signed};
use crate::record::text::{Garbled, Reader, push_hex, push_number, push_plain};

/// Appends which others an order has to do with.
pub(super) fn push_kin(records: &mut Vec<u8>, kin: &Kin, tick: Step) {
    let Kin { replaces, replaced_by, group } = kin;
    records.extend_from_slice(b",[");
    push_id(records, *replaces);
    records.push(b',');
    push_id(records, *replaced_by);
    if let Some(group) = group {
        push_group(records, group, tick);
    }
    records.push(b']');
}

/// Reads which others an order has to do with.
pub(super) fn read_kin(reader: &mut Reader<'_>, tick: Step) -> Result<Kin, Garbled> {
    reader.open()?;
    let replaces = read_id(reader)?;
    let replaced_by = next_id(reader)?;
    let group = if reader.is_at_end() { None } else { Some(read_group(reader, tick)?) };
    reader.close()?;
    let kin = Kin { replaces, replaced_by, group };
    if kin.is_none() { Err(Garbled) } else { Ok(kin) }
}

fn push_group(records: &mut Vec<u8>, group: &Group, tick: Step) {
    let Group { class, first, role, held, parent, legs, asked } = *group;
    records.extend_from_slice(b",[");
    push_plain(records, class.word());
    words::push(records, role);
    for number in [signed(first), i64::from(held)] {
        records.push(b',');
        push_number(records, number);
    }
    for id in [parent, legs[0], legs[1]] {
        records.push(b',');
        push_id(records, id);
    }
    if let Some(Legs { take_profit, stop_loss }) = asked {
        let stop = stop_loss.map(|loss| loss.stop);
        for price in [take_profit, stop, stop_loss.and_then(|loss| loss.limit)] {
            records.push(b',');
            match price {
                Some(ticks) => push_steps(records, ticks.into(), tick, tick.decimals()),
                None => records.extend_from_slice(b"null"),
            }
        }
    }
    records.push(b']');
}

fn read_group(reader: &mut Reader<'_>, tick: Step) -> Result<Group, Garbled> {
    reader.comma()?;
    reader.open()?;
    let class = Word::of(reader.plain_text()?)?;
    let role = words::next(reader)?;
    let first = number(reader.next_number()?)?;
    let held = next_flag(reader)?;
    let parent = next_id(reader)?;
    let legs = [next_id(reader)?, next_id(reader)?];
    let asked = if reader.is_at_end() { None } else { Some(read_legs(reader, tick)?) };
    reader.close()?;
    Ok(Group { class, first, role, held, parent, legs, asked })
}

fn read_legs(reader: &mut Reader<'_>, tick: Step) -> Result<Legs, Garbled> {
    let mut next_price = || {
        reader.comma()?;
        if reader.null() { Ok(None) } else { read_ticks(reader, tick).map(Some) }
    };
    let (take_profit, stop, limit) = (next_price()?, next_price()?, next_price()?);
    let stop_loss = match (stop, limit) {
        (Some(stop), limit) => Some(Loss { stop, limit }),
        (None, None) => None,
        (None, Some(_)) => return Err(Garbled),
    };
    Ok(Legs { take_profit, stop_loss })
}

fn push_id(records: &mut Vec<u8>, id: Option<OrderId>) {
    match id {
        Some(id) => {
            records.push(b'"');
            push_hex(records, &id.0);
            records.push(b'"');
        }
        None => records.extend_from_slice(b"null"),
    }
}

fn next_id(reader: &mut Reader<'_>) -> Result<Option<OrderId>, Garbled> {
    reader.comma()?;
    read_id(reader)
}

fn read_id(reader: &mut Reader<'_>) -> Result<Option<OrderId>, Garbled> {
    if reader.null() { Ok(None) } else { Ok(Some(OrderId(reader.hex()?))) }
}
