//! Version 2 of the records: a JSON array each, in a list of them in a row. Only read, where a database is brought up
//! to date (`upgrade/`).
//!
//! | record | places |
//! |---|---|
//! | an order is accepted | 0, µs after the row's `at`, id, symbol, quantity, µs until it is due; names as below |
//! | an order is executed, cancelled | 1, 2; µs after the row's `at`, id, symbol, quantity, number of the change that accepted |
//! | an order | that number, accepted at (µs since 1970), id, symbol, quantity, µs until it is due; then 0 pending, 1 executed or 2 cancelled, µs from accepted to closed, number of the change that closed it; names as below |
//!
//! Names are two places more, `client_order_id` and the idempotency key, each a string or null; where an order has
//! neither, they are left out. Every change was one of some order's status: its number was its `seq` too.

use tradepit_engine::{Body, Event, Number, Order, Seq, State, Time};

use super::parts::{number, read_names, read_what};
use super::text::Reader;
use super::{Misread, read_list, version_3};

pub(super) const VERSION: i64 = 2;

const PENDING: i64 = 0;
const EXECUTED: i64 = 1;
const CANCELLED: i64 = 2;

/// An order that was written while it was open had room for its closing.
const CLOSED_AFTER_WIDTH: usize = 8;
const CLOSED_SEQ_WIDTH: usize = 8;

/// Reads `count` events from `first` on.
pub(crate) fn read_events(
    version: i64,
    records: &str,
    first: Number,
    count: usize,
    row_at: Time,
) -> Result<Vec<Event>, Misread> {
    require(version)?;
    let before = (Number(first.0.checked_sub(1).ok_or(Misread::Garbled)?), Seq(first.0 - 1));
    // What there was then is written today as it was.
    let events = version_3::read_events(records, before, row_at)?;
    let newer = events.iter().find_map(|event| match &event.body {
        Body::Accepted(accepted) if accepted.rich.is_some() => Some(Misread::Garbled),
        Body::Accepted(_) | Body::Executed(_) | Body::Cancelled(_) => None,
        body => Some(Misread::Kind { number: event.number, kind: version_3::kind(body) }),
    });
    match newer {
        Some(misread) => Err(misread),
        None if events.len() == count => Ok(events),
        None => Err(Misread::Garbled),
    }
}

pub(crate) fn read_orders(version: i64, records: &str, count: usize) -> Result<Vec<Order>, Misread> {
    require(version)?;
    let orders = read_list(records, read_order)?;
    if orders.len() == count { Ok(orders) } else { Err(Misread::Garbled) }
}

fn require(version: i64) -> Result<(), Misread> {
    if version == VERSION { Ok(()) } else { Err(Misread::Version(version)) }
}

fn read_order(reader: &mut Reader<'_>) -> Result<Order, Misread> {
    reader.open()?;
    let accepted_number = number(reader.number()?)?;
    let accepted_at = Time(reader.next_number()?);
    let (id, symbol, quantity) = read_what(reader)?;
    let due_at = Some(Time(accepted_at.0.wrapping_add(reader.next_number()?)));
    let state = match reader.next_number()? {
        PENDING => State::Accepted,
        EXECUTED => State::Filled,
        CANCELLED => State::Cancelled,
        kind => return Err(Misread::State { accepted_number, kind }),
    };
    let closed_after = reader.next_padded(CLOSED_AFTER_WIDTH)?;
    let closed_number = number(reader.next_padded(CLOSED_SEQ_WIDTH)?)?;
    let (closed_at, number) = match state {
        State::Accepted if (closed_after, closed_number) == (0, Number(0)) => (None, accepted_number),
        State::Accepted => return Err(Misread::Garbled),
        _ => (Some(Time(accepted_at.0.wrapping_add(closed_after))), closed_number),
    };
    let origin = read_names(reader)?;
    reader.close()?;
    Ok(Order {
        id,
        symbol,
        quantity,
        accepted_at,
        accepted_number,
        accepted_seq: Seq(accepted_number.0),
        due_at,
        state,
        closed_at,
        number,
        seq: Seq(number.0),
        origin,
        bought: None,
        rich: None,
        reason_text: None,
        put_off: None,
    })
}
