//! How events and orders are written down and read back: bytes, a file a version.
//!
//! Each row of the tables says by which version its records were written, and carries a checksum of all that it says.
//! What is written is of the newest version; those before it are read where a database is brought up to date. A version
//! or a kind that is not known, and whatever is not to the byte what would be written, is damage and told in words:
//! never another event.

mod amounts;
mod parts;
mod text;
pub(crate) mod version_1;
pub(crate) mod version_2;
mod version_3;

#[cfg(test)]
mod sample_rules;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

use tradepit_engine::{Account, Event, Listing, Number, Order, Plan, Rule, Seq, Time};

use crate::damage::Damage;
use text::Reader;

pub(crate) use amounts::{read_decimal, read_money};
pub(crate) use parts::read_symbol;
pub(crate) use text::Garbled;
pub(crate) use version_3::{
    EVENT_BYTES, VERSION, Word, push_account, push_event, push_listing, push_order, push_plan, push_rule,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misread {
    /// They are of a version that is not known.
    Version(i64),
    /// One of them is an event of a kind that is not known.
    Kind { number: Number, kind: i64 },
    /// One of them is an order in a state that is not known.
    State { accepted_number: Number, kind: i64 },
    /// They are not what is written.
    Garbled,
}

impl From<Garbled> for Misread {
    fn from(_: Garbled) -> Misread {
        Misread::Garbled
    }
}

impl Misread {
    /// In words; `what` is what the records are of.
    pub(crate) fn of(self, what: &str) -> Damage {
        match self {
            Misread::Version(version) => {
                format!("{what} has a record of version {version}, which this Tradepit does not know")
            }
            Misread::Kind { number, kind } => {
                format!("change {} is of kind {kind}, which this Tradepit does not know", number.0)
            }
            Misread::State { accepted_number, kind } => {
                let accepted = accepted_number.0;
                format!("the order of change {accepted} is in state {kind}, which this Tradepit does not know")
            }
            Misread::Garbled => format!("{what} is not what was written"),
        }
    }
}

/// Reads the events of a row, from after these numbers on, which tell of so many changes.
pub(crate) fn read_events(
    version: i64,
    records: &str,
    before: (Number, Seq),
    changes: u64,
    row_at: Time,
) -> Result<Vec<Event>, Misread> {
    require(version)?;
    let events = version_3::read_events(records, before, row_at)?;
    let last = events.last().map_or(Number(0), |last| last.number);
    if last.0.checked_sub(before.0.0) == Some(changes) { Ok(events) } else { Err(Misread::Garbled) }
}

pub(crate) fn read_orders(version: i64, records: &str, count: usize) -> Result<Vec<Order>, Misread> {
    require(version)?;
    let orders = read_list(records, version_3::read_order)?;
    if orders.len() == count { Ok(orders) } else { Err(Misread::Garbled) }
}

/// Reads what is listed.
pub(crate) fn read_listing(version: i64, record: &str) -> Result<Listing, Misread> {
    read_whole(version, record, version_3::read_listing)
}

/// Reads an account.
pub(crate) fn read_account(version: i64, record: &str) -> Result<Account, Misread> {
    read_whole(version, record, version_3::read_account)
}

/// Reads a rule.
pub(crate) fn read_rule(version: i64, record: &str) -> Result<Rule, Misread> {
    read_whole(version, record, version_3::read_rule)
}

/// Reads what is in store for an order.
pub(crate) fn read_plan(version: i64, record: &str) -> Result<Plan, Misread> {
    read_whole(version, record, version_3::read_plan)
}

/// A record that stands alone.
fn read_whole<'a, T, E>(
    version: i64,
    record: &'a str,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, E>,
) -> Result<T, Misread>
where
    Misread: From<E>,
{
    require(version)?;
    let mut reader = Reader::new(record);
    let read = read(&mut reader)?;
    if reader.has_ended() { Ok(read) } else { Err(Misread::Garbled) }
}

fn require(version: i64) -> Result<(), Misread> {
    if version == VERSION { Ok(()) } else { Err(Misread::Version(version)) }
}

/// Ends a list, which is not empty.
pub(crate) fn end_list(records: &mut Vec<u8>) -> &str {
    records.push(b']');
    text_of(records)
}

/// What was written.
pub(crate) fn text_of(records: &[u8]) -> &str {
    str::from_utf8(records).expect("records are ASCII")
}

fn read_list<'a, T>(
    records: &'a str,
    mut read: impl FnMut(&mut Reader<'a>) -> Result<T, Misread>,
) -> Result<Vec<T>, Misread> {
    let mut reader = Reader::new(records);
    let mut list = Vec::with_capacity(records.len() / 64 + 1);
    reader.list(|reader| {
        list.push(read(reader)?);
        Ok::<(), Misread>(())
    })?;
    if list.is_empty() { Err(Misread::Garbled) } else { Ok(list) }
}
