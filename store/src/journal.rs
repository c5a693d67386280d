//! The table `batches`: changes in the order in which they happened, many in a row.
//!
//! A row is written once and never changed; `retain.rs` removes whole rows. What a change says stands in its row alone,
//! and its numbers follow from what the row begins with: whoever reads on from any number needs no other row.

use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension, Params, Row, Statement, params};
use tradepit_engine::{Event, Number, Seq, Time};

use crate::damage::{Failure, Read};
use crate::finds::{self, Finds, Keys};
use crate::record::{EVENT_BYTES, Misread, VERSION, end_list, push_event, read_events};
use crate::sum::Sum;

/// Events in a row, at most: to read one is to read its row.
pub(crate) const ROW_AT_MOST: usize = 512;

const INSERT: &str = "INSERT INTO batches VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const COLUMNS: &str = "first_number, version, changes, seq_before, accepted_before, at, crc, records";

/// A row; at least one event is in it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The change that the row begins with.
    pub(crate) first: Number,
    /// The change before it.
    before: Number,
    /// Changes of status before it.
    pub(crate) seq: Seq,
    /// Orders that were accepted before it.
    pub(crate) accepted: u64,
    pub(crate) events: Vec<Event>,
}

impl Entry {
    /// Where the log ends with it.
    pub(crate) fn end(&self) -> End {
        let accepted = self.accepted + accepted_in(&self.events);
        match self.events.last() {
            Some(last) => End { number: last.number, seq: last.seq, at: last.at, accepted },
            None => End { number: self.before, seq: self.seq, ..End::NOTHING },
        }
    }

    /// What of it comes after a change.
    fn after(mut self, number: Number) -> Entry {
        let known = self.events.partition_point(|event| event.number <= number);
        self.accepted += accepted_in(&self.events[..known]);
        if let Some(last) = self.events.drain(..known).next_back() {
            (self.before, self.seq) = (last.number, last.seq);
        }
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
    /// The newest change of a status.
    pub(crate) seq: Seq,
    /// When it happened.
    pub(crate) at: Time,
    /// Orders accepted so far.
    pub(crate) accepted: u64,
}

impl End {
    pub(crate) const NOTHING: End = End { number: Number(0), seq: Seq(0), at: Time(i64::MIN), accepted: 0 };

    /// The numbers of the event that comes next, if it is this one.
    pub(crate) fn next(&self, event: &Event) -> (Number, Seq) {
        let seq = self.seq.0 + u64::from(event.status().is_some());
        (Number(self.number.0 + event.body.changes()), Seq(seq))
    }
}

/// Writes changes behind the others.
pub(crate) struct Tail<'a> {
    insert: Statement<'a>,
    finds: Finds<'a>,
    end: End,
    /// Where the row that is being made begins.
    before: End,
    /// Its time, and how many events it has.
    row: (Time, usize),
    records: Vec<u8>,
}

impl<'a> Tail<'a> {
    pub(crate) fn prepare(connection: &'a Connection, end: End) -> rusqlite::Result<Tail<'a>> {
        let records = Vec::with_capacity(ROW_AT_MOST * EVENT_BYTES);
        let (insert, finds) = (connection.prepare(INSERT)?, Finds::prepare(connection)?);
        Ok(Tail { insert, finds, end, before: end, row: (Time(0), 0), records })
    }

    pub(crate) fn end(&self) -> End {
        self.end
    }

    /// Adds the event that comes next. It is in the table once [`Tail::flush`] was called.
    pub(crate) fn push(&mut self, event: &Event) -> rusqlite::Result<()> {
        if self.row.1 == 0 {
            (self.before, self.row.0) = (self.end, event.at);
        }
        push_event(&mut self.records, event, self.row.0);
        self.finds.add(event);
        self.row.1 += 1;
        (self.end.number, self.end.seq) = (event.number, event.seq);
        self.end.at = self.end.at.max(event.at);
        self.end.accepted += u64::from(event.accepted().is_some());
        if self.row.1 == ROW_AT_MOST { self.flush() } else { Ok(()) }
    }

    /// Writes what was added.
    pub(crate) fn flush(&mut self) -> rusqlite::Result<()> {
        let (at, events) = self.row;
        if events == 0 {
            return Ok(());
        }
        let records = end_list(&mut self.records);
        let End { number, seq, accepted, .. } = self.before;
        let (first, changes) = (number.next().0, self.end.number.0 - number.0);
        let numbers = [first, changes, seq.0, accepted].map(u64::cast_signed);
        let [first, changes, seq, accepted] = numbers;
        let sum = sum(&[first, VERSION, changes, seq, accepted, at.0], records);
        self.insert.execute(params![first, VERSION, changes, seq, accepted, at.0, sum, records])?;
        self.finds.flush(first)?;
        self.records.clear();
        self.row.1 = 0;
        Ok(())
    }
}

fn sum(numbers: &[i64; 6], records: &str) -> i64 {
    Sum::new(numbers).bytes(records.as_bytes()).done()
}

fn read(row: &Row<'_>) -> Read<Entry> {
    let numbers = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
    let [first, version, changes, seq, accepted, at]: [i64; 6] = numbers;
    let (crc, records): (i64, &str) = (row.get(6)?, row.get_ref(7)?.as_str()?);
    let is_intact = crc == sum(&numbers, records) && first > 0;
    let changes = u64::try_from(changes).ok().filter(|_| is_intact);
    let (before, seq) = (Number(first.cast_unsigned().saturating_sub(1)), Seq(seq.cast_unsigned()));
    let events = changes
        .ok_or(Misread::Garbled)
        .and_then(|changes| read_events(version, records, (before, seq), changes, Time(at)))
        .map_err(|misread| misread.of(&format!("change {first}")))?;
    Ok(Entry { first: Number(first.cast_unsigned()), before, seq, accepted: accepted.cast_unsigned(), events })
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
    let select = format!("SELECT {COLUMNS} FROM batches ORDER BY first_number DESC LIMIT 1");
    Ok(first_row(connection, &select, [], read)?.map_or(End::NOTHING, |last| last.end()))
}

/// The newest change.
pub(crate) fn last_number(connection: &Connection) -> rusqlite::Result<Number> {
    let select = "SELECT first_number + changes - 1 FROM batches ORDER BY first_number DESC LIMIT 1";
    let last: Option<i64> = connection.prepare_cached(select)?.query_row([], |row| row.get(0)).optional()?;
    Ok(Number(last.unwrap_or(0).cast_unsigned()))
}

/// Tells the rows with changes after `after`, oldest first, until it is told not to go on. They must follow each other.
pub(crate) fn each_after(
    connection: &Connection,
    after: Number,
    mut go_on: impl FnMut(Entry) -> Read<ControlFlow<()>>,
) -> Read<()> {
    let from = "SELECT coalesce(max(first_number), 0) FROM batches WHERE first_number <= ?1";
    let select = format!("SELECT {COLUMNS} FROM batches WHERE first_number >= ({from}) ORDER BY first_number");
    let mut statement = connection.prepare_cached(&select)?;
    let mut expected = after.0.saturating_add(1);
    let mut rows = statement.query([signed(Number(expected))])?;
    let mut before: Option<End> = None;
    while let Some(row) = rows.next()? {
        let mut entry = read(row)?;
        let first = entry.before.next().0;
        if first > expected || (first < expected && before.is_some()) {
            return Err(Failure::Damage(format!("change {expected} is missing")));
        }
        if before.is_some_and(|before| before.seq != entry.seq) {
            return Err(Failure::Damage(format!("changes of status before change {first} are missing")));
        }
        if before.is_none() {
            entry = entry.after(after);
        }
        before = Some(entry.end());
        if let Some(last) = entry.events.last() {
            expected = last.number.next().0;
            if go_on(entry)?.is_break() {
                break;
            }
        }
    }
    Ok(())
}

/// How many changes of status there were by this change, and how many orders were accepted; `None` where that is
/// beyond the newest, or can no longer be told.
pub(crate) fn counts_at(connection: &Connection, number: Number) -> Read<Option<(Seq, u64)>> {
    let end = end(connection)?;
    if number >= end.number {
        return Ok((number == end.number).then_some((end.seq, end.accepted)));
    }
    let oldest = "SELECT min(first_number) FROM batches";
    let oldest: i64 = connection.prepare_cached(oldest)?.query_row([], |row| row.get(0))?;
    if number.next() < Number(oldest.cast_unsigned()) {
        return Ok(None);
    }
    let mut counts = None;
    each_after(connection, number, |entry| {
        counts = Some((entry.seq, entry.accepted));
        Ok(ControlFlow::Break(()))
    })?;
    Ok(counts)
}

/// The last change before the change of status that comes after `seq`, or the newest one where none does; `None` where
/// `seq` is beyond the newest, or that change is removed.
pub(crate) fn number_of(connection: &Connection, seq: Seq) -> Read<Option<Number>> {
    let end = end(connection)?;
    if seq >= end.seq {
        return Ok((seq == end.seq).then_some(end.number));
    }
    // The last row that begins with no more changes of status than `seq` has the next one: both numbers rise together.
    let found = last_where(connection, "seq_before", |before| Seq(before.cast_unsigned()) <= seq)?;
    let Some(found) = found else { return Ok(None) };
    let entry = row(connection, found)?;
    let next = entry.iter().flat_map(|entry| &entry.events).find(|event| event.seq > seq);
    Ok(next.map(|next| Number(next.number.0 - next.body.changes())))
}

pub(crate) fn events_after(connection: &Connection, after: Number) -> Read<Vec<Event>> {
    let mut events = Vec::new();
    each_after(connection, after, |entry| {
        events.extend(entry.events);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(events)
}

/// Where the row begins that this change is in, or would be.
pub(crate) fn row_holding(connection: &Connection, number: Number) -> rusqlite::Result<i64> {
    let select = "SELECT coalesce(max(first_number), 0) FROM batches WHERE first_number <= ?1";
    connection.prepare_cached(select)?.query_row([signed(number)], |row| row.get(0))
}

/// All rows from the one that begins with `from` on, the first first; at most so many.
pub(crate) fn rows_from(connection: &Connection, from: i64, at_most: usize) -> rusqlite::Result<Vec<i64>> {
    let select = "SELECT first_number FROM batches WHERE first_number >= ?1 ORDER BY first_number LIMIT ?2";
    firsts(connection, select, from, at_most)
}

/// The same, up to the one that begins with `upto`, the last first.
pub(crate) fn rows_upto(connection: &Connection, upto: i64, at_most: usize) -> rusqlite::Result<Vec<i64>> {
    let select = "SELECT first_number FROM batches WHERE first_number <= ?1 ORDER BY first_number DESC LIMIT ?2";
    firsts(connection, select, upto, at_most)
}

fn firsts(connection: &Connection, select: &str, bound: i64, at_most: usize) -> rusqlite::Result<Vec<i64>> {
    let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(select)?;
    let rows = statement.query_map([bound, at_most], |row| row.get(0))?;
    rows.collect()
}

/// The last row that begins at this time or earlier: times rise with numbers, so halving finds it.
pub(crate) fn row_by(connection: &Connection, time: Time) -> Read<Option<i64>> {
    last_where(connection, "at", |at| at <= time.0)
}

/// The last row of which this holds, of a column that rises: halving finds it by looking at one row for each doubling
/// of their count.
fn last_where(connection: &Connection, column: &str, holds: impl Fn(i64) -> bool) -> Read<Option<i64>> {
    let ends = "SELECT min(first_number), max(first_number) FROM batches";
    let mut statement = connection.prepare_cached(ends)?;
    let ends = statement.query_row([], |row| Ok(row.get::<_, Option<i64>>(0)?.zip(row.get::<_, Option<i64>>(1)?)))?;
    let Some((first, last)) = ends else { return Ok(None) };
    let select = format!(
        "SELECT first_number, {column} FROM batches WHERE first_number >= ?1 AND first_number < ?2 \
        ORDER BY first_number LIMIT 1"
    );
    let mut statement = connection.prepare_cached(&select)?;
    let (mut low, mut high, mut found) = (first, last + 1, None);
    while low < high {
        let middle = low + (high - low) / 2;
        let row = statement.query_row([middle, high], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)));
        match row.optional()? {
            Some((first, value)) if holds(value) => {
                found = Some(first);
                low = first + 1;
            }
            _ => high = middle,
        }
    }
    Ok(found)
}

/// The row that begins with this change.
pub(crate) fn row(connection: &Connection, first: i64) -> Read<Option<Entry>> {
    first_row(connection, &format!("SELECT {COLUMNS} FROM batches WHERE first_number = ?1"), [first], read)
}

/// Removes the rows that have only changes up to this one. The newest row stays.
pub(crate) fn remove_upto(connection: &Connection, number: Number) -> Read<()> {
    let holding_next = row_holding(connection, number.next())?;
    let select = format!("SELECT {COLUMNS} FROM batches WHERE first_number < ?1");
    let mut statement = connection.prepare_cached(&select)?;
    let mut rows = statement.query([holding_next])?;
    while let Some(row) = rows.next()? {
        let entry = read(row)?;
        finds::remove(connection, &Keys::of(&entry.events), entry.first.0.cast_signed())?;
    }
    let delete = "DELETE FROM batches WHERE first_number < ?1";
    Ok(connection.prepare_cached(delete)?.execute([holding_next]).map(drop)?)
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
        let sum = sum(&[1, version, 2, 0, 0, 1], &records);
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
        assert_eq!(said_of(3, 1), "nothing");
        assert_eq!(said_of(4, 1), "change 1 has a record of version 4, which this Tradepit does not know");
        assert_eq!(said_of(3, 99), "change 2 is of kind 99, which this Tradepit does not know");
    }
}
