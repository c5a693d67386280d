//! The table `batches`: changes in the order in which they happened, many in a row.
//!
//! A row is written once and never changed; `retain.rs` removes whole rows. What a change says stands in it alone:
//! whoever reads on from any number needs no other row.

use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension, Params, Row, Statement, params};
use tradepit_engine::{Event, Number, Time};

use crate::damage::{Failure, Read};
use crate::record::{EVENT_BYTES, Misread, VERSION, end_list, push_event, read_events};
use crate::sum::Sum;

/// Changes in a row, at most: to read one change is to read its row.
pub(crate) const ROW_AT_MOST: usize = 512;

const INSERT: &str = "INSERT INTO batches VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const COLUMNS: &str = "first_seq, version, changes, accepted, at, crc, records";

/// A row; at least one change is in it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Orders that were accepted before it.
    pub(crate) accepted: u64,
    pub(crate) events: Vec<Event>,
}

impl Entry {
    /// The newest change in it, with the number of orders that were accepted by then.
    pub(crate) fn end(&self) -> End {
        let last = self.events.last().map_or((Number(0), Time(i64::MIN)), |event| (event.number, event.at));
        End { number: last.0, at: last.1, accepted: self.accepted + accepted_in(&self.events) }
    }

    /// What of it comes after a change.
    fn after(mut self, number: Number) -> Entry {
        let known = self.events.partition_point(|event| event.number <= number);
        self.accepted += accepted_in(&self.events[..known]);
        self.events.drain(..known);
        self
    }
}

fn accepted_in(events: &[Event]) -> u64 {
    events.iter().filter(|event| event.accepted().is_some()).count() as u64
}

/// Where the log ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    /// The newest change.
    pub(crate) number: Number,
    /// When it happened.
    pub(crate) at: Time,
    /// Orders accepted so far.
    pub(crate) accepted: u64,
}

impl End {
    const NOTHING: End = End { number: Number(0), at: Time(i64::MIN), accepted: 0 };
}

/// Writes changes behind the others.
pub(crate) struct Tail<'a> {
    insert: Statement<'a>,
    end: End,
    /// The row that is being made: its number, its time, how many were accepted before it, how many changes it has.
    row: (Number, Time, u64, usize),
    records: Vec<u8>,
}

impl<'a> Tail<'a> {
    pub(crate) fn prepare(connection: &'a Connection, end: End) -> rusqlite::Result<Tail<'a>> {
        let records = Vec::with_capacity(ROW_AT_MOST * EVENT_BYTES);
        Ok(Tail { insert: connection.prepare(INSERT)?, end, row: (Number(0), Time(0), 0, 0), records })
    }

    pub(crate) fn end(&self) -> End {
        self.end
    }

    /// Adds the change that comes next. It is in the table once [`Tail::flush`] was called.
    pub(crate) fn push(&mut self, event: &Event) -> rusqlite::Result<()> {
        if self.row.3 == 0 {
            self.row = (event.number, event.at, self.end.accepted, 0);
        }
        push_event(&mut self.records, event, self.row.1);
        self.row.3 += 1;
        self.end.number = event.number;
        self.end.at = self.end.at.max(event.at);
        self.end.accepted += u64::from(event.accepted().is_some());
        if self.row.3 == ROW_AT_MOST { self.flush() } else { Ok(()) }
    }

    /// Writes what was added.
    pub(crate) fn flush(&mut self) -> rusqlite::Result<()> {
        let (first, at, accepted, changes) = self.row;
        if changes == 0 {
            return Ok(());
        }
        let records = end_list(&mut self.records);
        let numbers = [first.0.cast_signed(), VERSION, changes as i64, accepted.cast_signed(), at.0];
        let sum = sum(&numbers, records);
        let [first, version, changes, accepted, at] = numbers;
        self.insert.execute(params![first, version, changes, accepted, at, sum, records])?;
        self.records.clear();
        self.row.3 = 0;
        Ok(())
    }
}

fn sum(numbers: &[i64; 5], records: &str) -> i64 {
    Sum::new(numbers).bytes(records.as_bytes()).done()
}

fn read(row: &Row<'_>) -> Read<Entry> {
    let numbers: [i64; 5] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
    let [first, version, changes, accepted, at] = numbers;
    let (crc, records): (i64, &str) = (row.get(5)?, row.get_ref(6)?.as_str()?);
    let is_intact = crc == sum(&numbers, records) && first > 0;
    let count = usize::try_from(changes).ok().filter(|_| is_intact);
    let events = count.ok_or(Misread::Garbled).and_then(|count| {
        let first = Number(first.cast_unsigned());
        read_events(version, records, first, count, Time(at))
    });
    let events = events.map_err(|misread| misread.of(&format!("change {first}")))?;
    Ok(Entry { accepted: accepted.cast_unsigned(), events })
}

/// Reads the first row of a question, if there is one.
pub(crate) fn first_row<T>(
    connection: &Connection,
    select: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Read<T>,
) -> Read<Option<T>> {
    let mut statement = connection.prepare_cached(select)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}

/// Where the log ends.
pub(crate) fn end(connection: &Connection) -> Read<End> {
    let select = format!("SELECT {COLUMNS} FROM batches ORDER BY first_seq DESC LIMIT 1");
    Ok(first_row(connection, &select, [], read)?.map_or(End::NOTHING, |last| last.end()))
}

/// The newest change.
pub(crate) fn last_number(connection: &Connection) -> rusqlite::Result<Number> {
    let select = "SELECT first_seq + changes - 1 FROM batches ORDER BY first_seq DESC LIMIT 1";
    let last: Option<i64> = connection.prepare_cached(select)?.query_row([], |row| row.get(0)).optional()?;
    Ok(Number(last.unwrap_or(0).cast_unsigned()))
}

/// Tells the rows with changes after `after`, oldest first, until it is told not to go on. They must follow each other.
pub(crate) fn each_after(
    connection: &Connection,
    after: Number,
    mut go_on: impl FnMut(Entry) -> Read<ControlFlow<()>>,
) -> Read<()> {
    let from = "SELECT coalesce(max(first_seq), 0) FROM batches WHERE first_seq <= ?1";
    let select = format!("SELECT {COLUMNS} FROM batches WHERE first_seq >= ({from}) ORDER BY first_seq");
    let mut statement = connection.prepare_cached(&select)?;
    let mut expected = after.0.saturating_add(1);
    let mut rows = statement.query([signed(Number(expected))])?;
    let mut is_first = true;
    while let Some(row) = rows.next()? {
        let mut entry = read(row)?;
        let first = entry.events[0].number.0;
        if first > expected || (first < expected && !is_first) {
            return Err(Failure::Damage(format!("change {expected} is missing")));
        }
        if is_first {
            entry = entry.after(after);
            is_first = false;
        }
        if let Some(last) = entry.events.last() {
            expected = last.number.next().0;
            if go_on(entry)?.is_break() {
                break;
            }
        }
    }
    Ok(())
}

pub(crate) fn events_after(connection: &Connection, after: Number) -> Read<Vec<Event>> {
    let mut events = Vec::new();
    each_after(connection, after, |entry| {
        events.extend(entry.events);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(events)
}

/// Removes the rows that have only changes up to this one. The newest row stays.
pub(crate) fn remove_upto(connection: &Connection, number: Number) -> rusqlite::Result<()> {
    let holding_next = "SELECT max(first_seq) FROM batches WHERE first_seq <= ?1";
    let delete = format!("DELETE FROM batches WHERE first_seq < ({holding_next})");
    connection.prepare_cached(&delete)?.execute([signed(number.next())]).map(drop)
}

/// A number that a reader names. Beyond what SQLite can count there is nothing, as at its end.
fn signed(number: Number) -> i64 {
    i64::try_from(number.0).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, params};
    use tradepit_kit::{accepted, executed};

    use super::{End, Tail, end, sum};
    use crate::damage::Failure;
    use crate::tables::TABLES;

    /// What is said of a row of two changes whose version, or whose second change's kind, is another one.
    fn said_of(version: i64, kind: i64) -> String {
        let connection = Connection::open_in_memory().expect("room for a database");
        connection.execute_batch(TABLES).expect("they are tables");
        let mut tail = Tail::prepare(&connection, End::NOTHING).expect("the tables are there");
        [accepted(1), executed(2, 1)].iter().for_each(|event| tail.push(event).expect("it is kept"));
        tail.flush().expect("it is kept");
        let records: String =
            connection.query_row("SELECT records FROM batches", [], |row| row.get(0)).expect("it is there");
        let records = records.replacen(",[1,", &format!(",[{kind},"), 1);
        let sum = sum(&[1, version, 2, 0, 1], &records);
        let update = "UPDATE batches SET version = ?1, records = ?2, crc = ?3";
        connection.execute(update, params![version, records, sum]).expect("it is written");
        match end(&connection) {
            Ok(_) => "nothing".to_owned(),
            Err(Failure::Damage(what)) => what,
            Err(Failure::Sqlite(error)) => error.to_string(),
        }
    }

    #[test]
    fn a_version_or_a_kind_that_is_not_known_is_damage_and_told() {
        assert_eq!(said_of(2, 1), "nothing");
        assert_eq!(said_of(3, 1), "change 1 has a record of version 3, which this Tradepit does not know");
        assert_eq!(said_of(2, 7), "change 2 is of kind 7, which this Tradepit does not know");
    }
}
