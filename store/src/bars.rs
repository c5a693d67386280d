//! The table `bars`: what clients traded, a row for each instrument, length and span in which they did. It stays when
//! orders and changes are removed.
//!
//! Written with the changes, in their transaction. A bar that is not over by then is no row yet, unless it is of a
//! second: what it comes to follows from the shorter ones. So a trade writes one row, and now and then another one.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension, Row, Statement, params};
use tradepit_engine::{Bar, BarsOf, Direction, Event, Growing, Money, Number, Symbol, Time, Timeframe};

use crate::damage::{Failure, Read};
use crate::journal;
use crate::record::read_money;
use crate::sum::Sum;

/// So many instruments are kept in mind, at most: of any other, what grows is read when it trades.
const IN_MIND: usize = 4_096;

const INSERT: &str = "INSERT OR REPLACE INTO bars VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
const COLUMNS: &str = "at, first_at, last_at, open, high, low, close, count, volume, crc";

/// Writes into the table.
pub(crate) struct Bars<'a> {
    connection: &'a Connection,
    insert: Statement<'a>,
    growing: HashMap<Symbol, Growing>,
    /// What traded since rows were written.
    traded: HashSet<Symbol>,
}

impl<'a> Bars<'a> {
    pub(crate) fn prepare(connection: &'a Connection) -> rusqlite::Result<Bars<'a>> {
        let (growing, traded) = (HashMap::new(), HashSet::new());
        Ok(Bars { connection, insert: connection.prepare(INSERT)?, growing, traded })
    }

    /// Adds the change that comes next. All is in the table once [`Bars::flush`] was called.
    pub(crate) fn add(&mut self, event: &Event) -> Read<()> {
        let Some((symbol, trade)) = event.traded() else { return Ok(()) };
        let growing = match self.growing.entry(symbol) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(growing(self.connection, symbol)?),
        };
        let (insert, mut written) = (&mut self.insert, Ok(()));
        growing.add(&trade, |timeframe, bar| {
            if written.is_ok() {
                written = write(insert, symbol, timeframe, &bar);
            }
        });
        self.traded.insert(symbol);
        Ok(written?)
    }

    pub(crate) fn flush(&mut self) -> rusqlite::Result<()> {
        for symbol in self.traded.drain() {
            let bar = self.growing.get(&symbol).and_then(|growing| growing.bar(Timeframe::Second));
            if let Some(bar) = bar {
                write(&mut self.insert, symbol, Timeframe::Second, bar)?;
            }
        }
        if self.growing.len() > IN_MIND {
            self.growing.clear();
        }
        Ok(())
    }
}

fn write(insert: &mut Statement<'_>, symbol: Symbol, timeframe: Timeframe, bar: &Bar) -> rusqlite::Result<()> {
    let [at, first_at, last_at, open, high, low, close, count] = numbers(bar);
    let (seconds, volume, crc) = (timeframe.seconds(), volume_text(bar), sum(symbol.as_str(), timeframe, bar));
    let symbol = symbol.as_str();
    insert
        .execute(params![symbol, seconds, at, first_at, last_at, open, high, low, close, count, volume, crc])
        .map(drop)
}

fn numbers(bar: &Bar) -> [i64; 8] {
    let prices = [bar.open, bar.high, bar.low, bar.close, bar.count].map(u64::cast_signed);
    let [open, high, low, close, count] = prices;
    [bar.at.0, bar.first_at.0, bar.last_at.0, open, high, low, close, count]
}

/// As a decimal: it has as many digits behind the point as money has.
fn volume_text(bar: &Bar) -> String {
    Money(i128::try_from(bar.volume).unwrap_or(i128::MAX)).to_string()
}

fn sum(symbol: &str, timeframe: Timeframe, bar: &Bar) -> i64 {
    let length = itoa::Buffer::new().format(timeframe.seconds()).to_owned();
    Sum::new(&numbers(bar)).text(Some(symbol)).text(Some(&length)).text(Some(&volume_text(bar))).done()
}

fn read_row(row: &Row<'_>, symbol: &str, timeframe: Timeframe) -> Read<Bar> {
    let number = |place| Ok::<u64, rusqlite::Error>(row.get::<_, i64>(place)?.cast_unsigned());
    let at = Time(row.get(0)?);
    let wrong = || wrong(symbol, timeframe, at);
    let volume = read_money(row.get_ref(8)?.as_str()?).map_err(|_| wrong())?;
    let bar = Bar {
        at,
        first_at: Time(row.get(1)?),
        last_at: Time(row.get(2)?),
        open: number(3)?,
        high: number(4)?,
        low: number(5)?,
        close: number(6)?,
        count: number(7)?,
        volume: u128::try_from(volume.0).map_err(|_| wrong())?,
    };
    if row.get::<_, i64>(9)? == sum(symbol, timeframe, &bar) { Ok(bar) } else { Err(wrong()) }
}

fn wrong(symbol: &str, timeframe: Timeframe, at: Time) -> Failure {
    let seconds = timeframe.seconds();
    Failure::Damage(format!("the bar of {symbol:?} of {seconds} s at {} is not what was written", at.0))
}

/// The bars of a question, the first first.
pub(crate) fn bars(connection: &Connection, question: &BarsOf) -> Read<Vec<Bar>> {
    let BarsOf { symbol, timeframe, start, end, direction, limit } = *question;
    let mut bars = rows(connection, question)?;
    let grows = growing(connection, symbol)?.bar(timeframe).copied();
    let grows = grows.filter(|bar| timeframe > Timeframe::Second && start <= bar.at && bar.at < end);
    match direction {
        Direction::OldestFirst => bars.extend(grows),
        Direction::NewestFirst => {
            bars.reverse();
            bars.extend(grows);
            bars.drain(..bars.len().saturating_sub(limit));
        }
    }
    bars.truncate(limit);
    Ok(bars)
}

/// The rows of a question, in its direction.
fn rows(connection: &Connection, question: &BarsOf) -> Read<Vec<Bar>> {
    let BarsOf { symbol, timeframe, start, end, direction, limit } = *question;
    let order = if direction == Direction::OldestFirst { "at" } else { "at DESC" };
    let select = format!(
        "SELECT {COLUMNS} FROM bars WHERE symbol = ?1 AND seconds = ?2 AND at >= ?3 AND at < ?4 \
         ORDER BY {order} LIMIT ?5"
    );
    let mut statement = connection.prepare_cached(&select)?;
    let (symbol, limit) = (symbol.as_str(), i64::try_from(limit).unwrap_or(i64::MAX));
    let mut rows = statement.query(params![symbol, timeframe.seconds(), start.0, end.0, limit])?;
    let mut bars = Vec::new();
    while let Some(row) = rows.next()? {
        bars.push(read_row(row, symbol, timeframe)?);
    }
    Ok(bars)
}

/// The bars of an instrument that are not over: each is made of the shorter ones that are, and of the next shorter one
/// that is not.
fn growing(connection: &Connection, symbol: Symbol) -> Read<Growing> {
    let mut growing = Growing::default();
    let all = |timeframe, start, end, direction, limit| BarsOf { symbol, timeframe, start, end, direction, limit };
    let newest = all(Timeframe::Second, Time(i64::MIN), Time(i64::MAX), Direction::NewestFirst, 1);
    let Some(mut bar) = rows(connection, &newest)?.pop() else { return Ok(growing) };
    let mut shorter = Timeframe::Second;
    growing.set(shorter, bar);
    for timeframe in Timeframe::ALL.into_iter().skip(1) {
        let at = timeframe.begin(bar.at);
        let over = rows(connection, &all(shorter, at, bar.at, Direction::OldestFirst, usize::MAX))?;
        let last = bar;
        bar = match over.split_first() {
            Some((first, others)) => others.iter().fold(*first, |bar, next| bar.with(next)).with(&last),
            None => last,
        };
        bar.at = at;
        growing.set(timeframe, bar);
        shorter = timeframe;
    }
    Ok(growing)
}

/// Makes the bars of all changes that are kept, in an empty table; tells before which change it began, and how far it
/// is.
pub(crate) fn make_all(connection: &Connection, mut tell: impl FnMut(Number, Number)) -> Read<()> {
    let mut bars = Bars::prepare(connection)?;
    let oldest: Option<i64> =
        connection.query_row("SELECT min(first_number) FROM batches", [], |row| row.get(0)).optional()?.flatten();
    let Some(oldest) = oldest else { return Ok(()) };
    let before = Number(oldest.cast_unsigned().saturating_sub(1));
    journal::each_after(connection, before, |entry| {
        entry.events.iter().try_for_each(|event| bars.add(event))?;
        tell(before, entry.end().number);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(bars.flush()?)
}

/// What the table should have: compared by count and sum, for it may be long.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    growing: HashMap<Symbol, Growing>,
    counted: Counted,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counted {
    rows: u64,
    sum: i64,
}

impl Counted {
    fn add(&mut self, symbol: Symbol, timeframe: Timeframe, bar: &Bar) {
        self.rows += 1;
        self.sum = self.sum.wrapping_add(sum(symbol.as_str(), timeframe, bar));
    }
}

impl Tally {
    /// The change that comes next.
    pub(crate) fn add(&mut self, event: &Event) {
        let Some((symbol, trade)) = event.traded() else { return };
        let counted = &mut self.counted;
        let growing = self.growing.entry(symbol).or_default();
        growing.add(&trade, |timeframe, bar| counted.add(symbol, timeframe, &bar));
    }

    /// Whether the table has what all of these come to.
    pub(crate) fn agrees(&self, connection: &Connection) -> Read<bool> {
        let mut expected = self.counted;
        for (symbol, growing) in &self.growing {
            let bar = growing.bar(Timeframe::Second);
            bar.into_iter().for_each(|bar| expected.add(*symbol, Timeframe::Second, bar));
        }
        Ok(check(connection)? == expected)
    }
}

/// Reads every row.
fn check(connection: &Connection) -> Read<Counted> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS}, symbol, seconds FROM bars"))?;
    let mut rows = statement.query([])?;
    let mut counted = Counted::default();
    while let Some(row) = rows.next()? {
        let (symbol, seconds): (String, i64) = (row.get(10)?, row.get(11)?);
        let timeframe = Timeframe::ALL.into_iter().find(|timeframe| timeframe.seconds() == seconds);
        let timeframe = timeframe.ok_or_else(|| format!("a bar of {seconds} s is none that is kept"))?;
        let bar = read_row(row, &symbol, timeframe)?;
        counted.rows += 1;
        counted.sum = counted.sum.wrapping_add(sum(&symbol, timeframe, &bar));
    }
    Ok(counted)
}

/// Requires that each row is what was written.
pub(crate) fn check_rows(connection: &Connection) -> Read<()> {
    check(connection).map(drop)
}
