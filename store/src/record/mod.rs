//! How events and orders are written down and read back: bytes, a file a version.
//!
//! Each row of the tables says by which version its records were written, and carries a checksum of all that it says.
//! What is written is of the newest version; those before it stay readable. A version or a kind that is not known, and
//! whatever is not to the byte what would be written, is damage and told in words: never another event.

mod text;
pub(crate) mod version_1;
mod version_2;

#[cfg(test)]
mod tests;

use tradepit_engine::{Event, Number, Order, Time};

use crate::damage::Damage;
use text::{Garbled, Reader};

pub(crate) use version_2::{EVENT_BYTES, end_list, push_event, push_order};

/// The version of the records that are written now.
pub(crate) const VERSION: i64 = 2;

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

/// Reads `count` events from `first` on.
pub(crate) fn read_events(
    version: i64,
    records: &str,
    first: Number,
    count: usize,
    row_at: Time,
) -> Result<Vec<Event>, Misread> {
    let mut number = first;
    read_list(records, count, |reader| {
        let event = match version {
            2 => version_2::read_event(reader, number, row_at)?,
            version => return Err(Misread::Version(version)),
        };
        number = number.next();
        Ok(event)
    })
}

pub(crate) fn read_orders(version: i64, records: &str, count: usize) -> Result<Vec<Order>, Misread> {
    read_list(records, count, |reader| match version {
        2 => version_2::read_order(reader),
        version => Err(Misread::Version(version)),
    })
}

fn read_list<'a, T>(
    records: &'a str,
    count: usize,
    mut read: impl FnMut(&mut Reader<'a>) -> Result<T, Misread>,
) -> Result<Vec<T>, Misread> {
    let mut reader = Reader::new(records);
    let mut list = Vec::with_capacity(count.min(records.len() / 32 + 1));
    reader.list(|reader| {
        list.push(read(reader)?);
        Ok::<(), Misread>(())
    })?;
    if list.len() == count && count > 0 { Ok(list) } else { Err(Misread::Garbled) }
}
