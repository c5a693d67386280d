//! The records of events.

use std::sync::Arc;

use tradepit_engine::{
    Accepted, Amended, Arrived, Body, Ended, Event, Filled, HouseTrade, Money, Number, OrderId, OrderRef, Party,
    Replaced, Rescheduled, Scripted, Seq, Symbol, Time, Triggered,
};

use super::account::{push_opened, push_transferred, read_opened, read_transferred};
use super::listing::{push_changed, push_details, read_changed, read_details};
use super::quoted::{push_quoted, push_rows, read_quoted, read_rows};
use super::rich::{next_flag, push_rich, read_rich};
use super::rule::{push_refused, push_rules, read_refused, read_rules};
use super::words;
use crate::record::amounts::{push_money, push_price, push_steps, read_money, read_price, read_step, read_steps};
use crate::record::parts::{
    next_due, next_reason_text, number, push_due, push_head, push_names, push_reason_text, push_what, read_names,
    read_symbol, read_what, signed,
};
use crate::record::text::{Garbled, Reader, push_hex, push_number, push_plain};
use crate::record::{Misread, read_list};

/// What a record of an event takes, give or take a name.
pub(crate) const EVENT_BYTES: usize = 104;

const ACCEPTED: i64 = 0;
const EXECUTED: i64 = 1;
const CANCELLED: i64 = 2;
const BOUGHT: i64 = 3;
const ARRIVED: i64 = 4;
const FILLED: i64 = 5;
const ENDED: i64 = 6;
const LISTED: i64 = 7;
const AMENDED: i64 = 8;
const QUOTED: i64 = 9;
const TRIGGERED: i64 = 10;
const ACCOUNT_OPENED: i64 = 11;
const TRANSFERRED: i64 = 12;
const REPLACED: i64 = 13;
const INSTRUMENT_CHANGED: i64 = 14;
const ROWS_CHANGED: i64 = 15;
const RESCHEDULED: i64 = 16;
const SCRIPTED: i64 = 17;
const RULES_SET: i64 = 18;
const REFUSED: i64 = 19;

/// How an order arrives: the sum of what is so.
const RESTS: i64 = 1;
const PARTLY: i64 = 2;
const WAITED: i64 = 4;

/// In the places that an order has in the records of what befalls one.
const OF_NO_ORDER: &[u8] = b",null,null,null,null";

/// Its kind, as it is written.
pub(crate) fn kind(body: &Body) -> i64 {
    match body {
        Body::Accepted(_) => ACCEPTED,
        Body::Executed(_) => EXECUTED,
        Body::Cancelled(_) => CANCELLED,
        Body::Bought(_) => BOUGHT,
        Body::Arrived(_) => ARRIVED,
        Body::Filled(_) => FILLED,
        Body::Ended(_) => ENDED,
        Body::Listed(_) => LISTED,
        Body::InstrumentChanged(_) => INSTRUMENT_CHANGED,
        Body::Amended(_) => AMENDED,
        Body::Quoted(_) => QUOTED,
        Body::RowsChanged(_) => ROWS_CHANGED,
        Body::Triggered(_) => TRIGGERED,
        Body::Replaced(_) => REPLACED,
        Body::Rescheduled(_) => RESCHEDULED,
        Body::Scripted(_) => SCRIPTED,
        Body::Followed(_) => unreachable!("how far an order trails is kept apart"),
        Body::Ruled(_) => unreachable!("what rules had to say is kept apart"),
        Body::RulesSet(_) => RULES_SET,
        Body::Refused(_) => REFUSED,
        Body::AccountOpened(_) => ACCOUNT_OPENED,
        Body::Transferred(_) => TRANSFERRED,
    }
}

/// Appends the record of an event to the list that `records` is, in a row of that time.
pub(crate) fn push_event(records: &mut Vec<u8>, event: &Event, row_at: Time) {
    records.push(if records.is_empty() { b'[' } else { b',' });
    records.push(b'[');
    push_head(records, kind(&event.body), event.at.0.wrapping_sub(row_at.0));
    push_body(records, event);
    records.push(b']');
}

fn push_body(records: &mut Vec<u8>, event: &Event) {
    match &event.body {
        Body::Accepted(accepted) => {
            push_what(records, accepted.id, &accepted.symbol, accepted.quantity);
            push_due(records, accepted.due_at, event.at);
            push_names(records, accepted.origin.as_deref(), accepted.rich.is_some());
            push_rich(records, accepted.rich.as_deref());
        }
        Body::Executed(order) | Body::Cancelled(order) => push_order(records, order),
        Body::Bought(trade) => push_bought(records, trade),
        Body::Arrived(arrived) => {
            push_order(records, &arrived.order);
            records.push(b',');
            push_number(records, how(arrived));
            push_rich(records, arrived.rich.as_deref());
        }
        Body::Triggered(triggered) => {
            push_order(records, &triggered.order);
            records.push(b',');
            push_number(records, i64::from(triggered.rests));
        }
        Body::Followed(_) | Body::Ruled(_) => {}
        Body::Replaced(replaced) => {
            push_order(records, &replaced.order);
            records.extend_from_slice(b",\"");
            push_hex(records, &replaced.by.0);
            records.push(b'"');
            push_rich(records, replaced.rich.as_ref());
        }
        Body::Rescheduled(rescheduled) => {
            push_order(records, &rescheduled.order);
            records.push(b',');
            push_due(records, rescheduled.due_at, event.at);
            push_rich(records, rescheduled.rich.as_deref());
        }
        Body::Scripted(scripted) => {
            push_order(records, &scripted.order);
            words::push(records, scripted.ending);
            records.push(b',');
            push_reason_text(records, scripted.text.as_ref());
            push_rich(records, scripted.rich.as_ref());
        }
        Body::Filled(filled) => push_filled(records, filled),
        Body::Ended(ended) => {
            push_order(records, &ended.order);
            words::push(records, ended.ending);
        }
        Body::Amended(amended) => {
            push_order(records, &amended.order);
            words::push(records, amended.place);
            push_rich(records, Some(&amended.rich));
        }
        Body::Listed(listing) => {
            push_instrument(records, listing.symbol);
            push_details(records, listing);
        }
        Body::InstrumentChanged(changed) => {
            push_instrument(records, changed.symbol);
            push_changed(records, changed);
        }
        Body::Quoted(quoted) => {
            push_instrument(records, quoted.symbol);
            push_quoted(records, quoted);
        }
        Body::RowsChanged(changed) => {
            push_instrument(records, changed.symbol);
            push_rows(records, changed);
        }
        Body::AccountOpened(opened) => {
            records.extend_from_slice(OF_NO_ORDER);
            push_opened(records, opened);
        }
        Body::Transferred(transferred) => {
            records.extend_from_slice(OF_NO_ORDER);
            push_transferred(records, transferred);
        }
        Body::RulesSet(set) => {
            records.extend_from_slice(OF_NO_ORDER);
            push_rules(records, set);
        }
        Body::Refused(refused) => {
            records.extend_from_slice(OF_NO_ORDER);
            push_refused(records, refused);
        }
    }
}

fn how(arrived: &Arrived) -> i64 {
    let Arrived { rests, is_partly, waited, .. } = *arrived;
    RESTS * i64::from(rests) + PARTLY * i64::from(is_partly) + WAITED * i64::from(waited)
}

/// In the places of an order, the symbol alone.
fn push_instrument(records: &mut Vec<u8>, symbol: Symbol) {
    records.extend_from_slice(b",null,");
    push_plain(records, symbol.as_str());
    records.extend_from_slice(b",null,null");
}

/// Reads what [`push_instrument`] writes.
fn next_instrument(reader: &mut Reader<'_>) -> Result<Symbol, Misread> {
    reader.next_null()?;
    reader.comma()?;
    let symbol = read_symbol(reader.plain_text()?)?;
    reader.next_null()?;
    reader.next_null()?;
    Ok(symbol)
}

/// Reads the events of a list, from after these numbers on, in a row of that time.
pub(crate) fn read_events(records: &str, before: (Number, Seq), row_at: Time) -> Result<Vec<Event>, Misread> {
    let (mut number, mut seq) = before;
    read_list(records, |reader| {
        let (at, body) = read_event(reader, number, row_at)?;
        number = number.0.checked_add(body.changes()).map(Number).ok_or(Misread::Garbled)?;
        seq = Seq(seq.0.saturating_add(u64::from(body.status().is_some())));
        Ok(Event { number, seq, at, body })
    })
}

fn read_event(reader: &mut Reader<'_>, before: Number, row_at: Time) -> Result<(Time, Body), Misread> {
    reader.open()?;
    let kind = reader.number()?;
    let at = Time(row_at.0.wrapping_add(reader.next_number()?));
    let body = match kind {
        ACCEPTED => {
            let (id, symbol, quantity) = read_what(reader)?;
            let due_at = next_due(reader, at)?;
            let (origin, rich) = (read_names(reader)?, read_rich(reader)?);
            Body::Accepted(Accepted { id, symbol, quantity, due_at, origin, rich })
        }
        EXECUTED => Body::Executed(read_order(reader)?),
        CANCELLED => Body::Cancelled(read_order(reader)?),
        BOUGHT => Body::Bought(read_bought(reader)?),
        ARRIVED => {
            let (order, how) = (read_order(reader)?, reader.next_number()?);
            if !(0..=RESTS + PARTLY + WAITED).contains(&how) {
                return Err(Misread::Garbled);
            }
            let rich = read_rich(reader)?;
            let arrived = |rests, is_partly, waited| Arrived { order, rests, is_partly, waited, rich };
            Body::Arrived(arrived(how & RESTS != 0, how & PARTLY != 0, how & WAITED != 0))
        }
        REPLACED => {
            let (order, by) = (read_order(reader)?, OrderId(reader.next_hex()?));
            let rich = read_rich(reader)?.map(Arc::unwrap_or_clone);
            Body::Replaced(Box::new(Replaced { order, by, rich }))
        }
        RESCHEDULED => {
            let (order, due_at) = (read_order(reader)?, next_due(reader, at)?);
            Body::Rescheduled(Rescheduled { order, due_at, rich: read_rich(reader)? })
        }
        SCRIPTED => {
            let (order, ending) = (read_order(reader)?, words::next(reader)?);
            let text = next_reason_text(reader)?;
            let rich = read_rich(reader)?.map(Arc::unwrap_or_clone);
            Body::Scripted(Box::new(Scripted { order, ending, text, rich }))
        }
        TRIGGERED => Body::Triggered(Triggered { order: read_order(reader)?, rests: next_flag(reader)? }),
        FILLED => Body::Filled(Box::new(read_filled(reader)?)),
        ENDED => Body::Ended(Ended { order: read_order(reader)?, ending: words::next(reader)? }),
        AMENDED => {
            let (order, place) = (read_order(reader)?, words::next(reader)?);
            let rich = read_rich(reader)?.ok_or(Misread::Garbled)?;
            Body::Amended(Box::new(Amended { order, rich: Arc::unwrap_or_clone(rich), place }))
        }
        LISTED => {
            let symbol = next_instrument(reader)?;
            Body::Listed(Box::new(read_details(reader, symbol)?))
        }
        INSTRUMENT_CHANGED => {
            let symbol = next_instrument(reader)?;
            Body::InstrumentChanged(Box::new(read_changed(reader, symbol)?))
        }
        QUOTED => {
            let symbol = next_instrument(reader)?;
            Body::Quoted(Box::new(read_quoted(reader, symbol)?))
        }
        ROWS_CHANGED => {
            let symbol = next_instrument(reader)?;
            Body::RowsChanged(Box::new(read_rows(reader, symbol)?))
        }
        ACCOUNT_OPENED => {
            pass_no_order(reader)?;
            Body::AccountOpened(Box::new(read_opened(reader)?))
        }
        TRANSFERRED => {
            pass_no_order(reader)?;
            Body::Transferred(Box::new(read_transferred(reader)?))
        }
        RULES_SET => {
            pass_no_order(reader)?;
            Body::RulesSet(Box::new(read_rules(reader)?))
        }
        REFUSED => {
            pass_no_order(reader)?;
            Body::Refused(Box::new(read_refused(reader)?))
        }
        kind => return Err(Misread::Kind { number: before.next(), kind }),
    };
    reader.close()?;
    Ok((at, body))
}

fn pass_no_order(reader: &mut Reader<'_>) -> Result<(), Garbled> {
    (0..4).try_for_each(|_| reader.next_null())
}

fn push_order(records: &mut Vec<u8>, order: &OrderRef) {
    push_what(records, order.id, &order.symbol, order.quantity);
    push_number(records, signed(order.accepted_number));
}

fn read_order(reader: &mut Reader<'_>) -> Result<OrderRef, Garbled> {
    let (id, symbol, quantity) = read_what(reader)?;
    Ok(OrderRef { accepted_number: number(reader.next_number()?)?, id, symbol, quantity })
}

fn push_bought(records: &mut Vec<u8>, trade: &HouseTrade) {
    push_order(records, &trade.order);
    records.push(b',');
    push_price(records, trade.ticks, trade.tick);
    if trade.fee != Money::ZERO {
        records.push(b',');
        push_money(records, trade.fee);
    }
}

fn read_bought(reader: &mut Reader<'_>) -> Result<HouseTrade, Garbled> {
    let order = read_order(reader)?;
    reader.comma()?;
    let (ticks, tick) = read_price(reader)?;
    let fee = match reader.is_at_end() {
        true => Money::ZERO,
        false => Some(next_money(reader)?).filter(|fee| *fee != Money::ZERO).ok_or(Garbled)?,
    };
    Ok(HouseTrade { order, ticks, tick, fee })
}

fn push_filled(records: &mut Vec<u8>, filled: &Filled) {
    let Filled { order, trade, ticks, tick, lots, lot, .. } = *filled;
    push_order(records, &order);
    words::push(records, filled.then);
    records.push(b',');
    push_number(records, signed(trade));
    records.push(b',');
    push_price(records, ticks, tick);
    records.push(b',');
    push_plain(records, lot.size());
    records.push(b',');
    push_steps(records, lots, lot, 0);
    words::push(records, filled.side);
    push_party(records, &filled.party);
    records.extend_from_slice(if filled.is_maker { b",\"maker\"," } else { b",\"taker\"," });
    push_steps(records, filled.filled, lot, 0);
    records.push(b',');
    push_money(records, filled.cost);
    if let Some(other) = &filled.settles_with {
        push_party(records, other);
    }
}

fn read_filled(reader: &mut Reader<'_>) -> Result<Filled, Garbled> {
    let (order, then) = (read_order(reader)?, words::next(reader)?);
    let trade = number(reader.next_number()?)?;
    reader.comma()?;
    let (ticks, tick) = read_price(reader)?;
    reader.comma()?;
    let lot = read_step(reader.plain_text()?)?;
    reader.comma()?;
    let lots = read_steps(reader, lot, 0)?;
    let (side, party) = (words::next(reader)?, next_party(reader)?);
    reader.comma()?;
    let is_maker = match reader.plain_text()? {
        "maker" => true,
        "taker" => false,
        _ => return Err(Garbled),
    };
    reader.comma()?;
    let filled = read_steps(reader, lot, 0)?;
    let cost = next_money(reader)?;
    let settles_with = if reader.is_at_end() { None } else { Some(next_party(reader)?) };
    Ok(Filled { order, trade, ticks, tick, lots, lot, side, party, settles_with, is_maker, filled, cost, then })
}

fn push_party(records: &mut Vec<u8>, party: &Party) {
    records.push(b',');
    push_number(records, i64::from(party.account));
    records.push(b',');
    push_money(records, party.fee);
}

fn next_party(reader: &mut Reader<'_>) -> Result<Party, Garbled> {
    let account = u32::try_from(reader.next_number()?).map_err(|_| Garbled)?;
    Ok(Party { account, fee: next_money(reader)? })
}

fn next_money(reader: &mut Reader<'_>) -> Result<Money, Garbled> {
    reader.comma()?;
    read_money(reader.plain_text()?)
}
