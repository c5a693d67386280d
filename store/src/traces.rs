//! Reads of where an instrument stood at a moment: found by its time among the changes that say it.

use rusqlite::Connection;
use tradepit_engine::{Seek, Stretch, Trace, TraceOf};

use crate::damage::Read;
use crate::finds::{self, Key};
use crate::{journal, marks};

/// Rows that are looked at at a time: nearly always the first one has it, or the second.
const ROWS_AT_A_TIME: usize = 4;

/// The latest change that says what is sought.
pub(crate) fn trace(connection: &Connection, question: &TraceOf) -> Read<Stretch<Trace>> {
    let mut piece = Stretch { items: Vec::new(), next: None };
    let Some(last) = journal::row_by(connection, question.by)? else { return Ok(piece) };
    let before = i64::try_from(question.before.0).unwrap_or(i64::MAX);
    let (mut upto, horizon) = (last.min(before.saturating_sub(1)), marks::read(connection, marks::HORIZON)?);
    let key = match question.seek {
        Seek::Trade => Key::Trades(question.symbol),
        Seek::Quote => Key::Quotes(question.symbol),
        Seek::Status => Key::Settings(question.symbol),
    };
    loop {
        let rows = finds::rows_upto(connection, key, upto, ROWS_AT_A_TIME)?;
        for &first in &rows {
            let entry = journal::row(connection, first)?;
            let kept = entry.iter().flat_map(|entry| entry.events.iter().rev());
            let mut found = kept.filter(|event| event.number > horizon).filter_map(|event| question.found_in(event));
            if let Some(found) = found.next() {
                piece.items.push(found);
                return Ok(piece);
            }
        }
        match rows.last() {
            Some(&last) if rows.len() == ROWS_AT_A_TIME => upto = last - 1,
            _ => return Ok(piece),
        }
    }
}
