//! Reads of where an instrument stood at a moment: found by its time among the changes that say it.

use rusqlite::Connection;
use tradepit_engine::{Event, Seek, Stretch, Trace, TraceOf};

use crate::damage::Read;
use crate::finds::{self, Key};
use crate::{journal, marks};

/// Rows that are looked at at a time: nearly always the first one has it, or the second.
const ROWS_AT_A_TIME: usize = 4;

/// The latest change that says what is sought.
pub(crate) fn trace(connection: &Connection, question: &TraceOf) -> Read<Stretch<Trace>> {
    let found = match journal::row_by(connection, question.by)? {
        Some(last) => {
            let before = i64::try_from(question.before.0).unwrap_or(i64::MAX);
            let (upto, horizon) = (last.min(before.saturating_sub(1)), marks::read(connection, marks::HORIZON)?);
            let key = match question.seek {
                Seek::Trade => Key::Trades(question.symbol),
                Seek::Quote => Key::Quotes(question.symbol),
                Seek::Status => Key::Settings(question.symbol),
            };
            let is_kept = |event: &Event| event.number > horizon;
            latest(connection, (key, upto), ROWS_AT_A_TIME, |event| {
                question.found_in(event).filter(|_| is_kept(event))
            })?
        }
        None => None,
    };
    Ok(Stretch { items: found.into_iter().collect(), next: None })
}

/// What is found in the latest change that has it, of those of a key up to a row; so many rows are looked at at a time.
pub(crate) fn latest<T>(
    connection: &Connection,
    (key, mut upto): (Key, i64),
    at_a_time: usize,
    mut find: impl FnMut(&Event) -> Option<T>,
) -> Read<Option<T>> {
    loop {
        let rows = finds::rows_upto(connection, key, upto, at_a_time)?;
        for &first in &rows {
            let entry = journal::row(connection, first)?;
            let found = entry.iter().flat_map(|entry| entry.events.iter().rev()).find_map(&mut find);
            if found.is_some() {
                return Ok(found);
            }
        }
        match rows.last() {
            Some(&last) if rows.len() == at_a_time => upto = last - 1,
            _ => return Ok(None),
        }
    }
}
