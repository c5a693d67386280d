//! The rows of quotes that instruments have: the table `quote_rows`, a row for each change that appended some.
//!
//! They are written beside their change, in its transaction, and stay when changes are removed: until they are dropped.

use rusqlite::{Connection, params};
use tradepit_engine::{Body, Event, Exchange, Number, RowsChanged, Seq, Time};

use crate::damage::{Failure, Read};
use crate::record::{VERSION, end_list, push_event, read_events};
use crate::sum::Sum;

/// Keeps what a change appended, or drops what there was.
pub(crate) fn keep(connection: &Connection, event: &Event, changed: &RowsChanged) -> rusqlite::Result<()> {
    let symbol = changed.symbol.as_str();
    if changed.rows.is_none() {
        let mut statement = connection.prepare_cached("DELETE FROM quote_rows WHERE symbol = ?1")?;
        return statement.execute([symbol]).map(drop);
    }
    let mut record = Vec::new();
    push_event(&mut record, event, Time(0));
    let (number, record) = (event.number.0.cast_signed(), end_list(&mut record));
    let mut statement = connection.prepare_cached("INSERT INTO quote_rows VALUES (?1, ?2, ?3, ?4, ?5)")?;
    statement.execute(params![symbol, number, VERSION, sum(symbol, number, VERSION, record), record]).map(drop)
}

/// Brings all rows into an exchange that lists their instruments.
pub(crate) fn restore(connection: &Connection, exchange: &mut Exchange) -> Read<()> {
    each(connection, |changed| exchange.restore_rows(changed.symbol, changed.rows.as_deref().unwrap_or_default()))
}

/// Reads every row, and requires that each instrument's rise.
pub(crate) fn check(connection: &Connection) -> Read<()> {
    let (mut last, mut wrong) = (None, None);
    each(connection, |changed| {
        for row in changed.rows.iter().flatten() {
            let is_later = last.is_none_or(|(symbol, at)| symbol != changed.symbol || at < row.at);
            wrong = wrong.or((!is_later).then_some(changed.symbol));
            last = Some((changed.symbol, row.at));
        }
    })?;
    wrong.map_or(Ok(()), |symbol| Err(Failure::Damage(format!("the rows of quotes in {symbol:?} do not rise"))))
}

fn each(connection: &Connection, mut of: impl FnMut(&RowsChanged)) -> Read<()> {
    let select = "SELECT symbol, number, version, crc, record FROM quote_rows ORDER BY symbol, number";
    let mut statement = connection.prepare(select)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (number, version, crc): (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let (symbol, record) = (row.get_ref(0)?.as_str()?, row.get_ref(4)?.as_str()?);
        let before = (Number(number.cast_unsigned().saturating_sub(1)), Seq(0));
        let is_intact = crc == sum(symbol, number, version, record);
        let events = is_intact.then(|| read_events(version, record, before, 1, Time(0)).ok()).flatten();
        match events.as_deref() {
            Some([Event { body: Body::RowsChanged(changed), .. }]) if changed.symbol.as_str() == symbol => of(changed),
            _ => {
                let what = format!("the rows of quotes of change {number} are not what was written");
                return Err(Failure::Damage(what));
            }
        }
    }
    Ok(())
}

fn sum(symbol: &str, number: i64, version: i64, record: &str) -> i64 {
    Sum::new(&[number, version]).text(Some(symbol)).text(Some(record)).done()
}
