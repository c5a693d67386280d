//! The table `finds`: in which rows of `batches` that stands which is asked for by itself, and would else be looked
//! for in all of them.
//!
//! It is written with the row, and goes with it. A native order has no row of its own here: where it traded is a matter
//! of its symbol, of which one row of `batches` notes each once.

use std::collections::BTreeSet;

use rusqlite::types::{ToSql, ToSqlOutput, Value};
use rusqlite::{Connection, Statement, params};
use tradepit_engine::{AccountId, AccountNumber, Body, Clearing, Event, Number, Symbol};

use crate::damage::Read;
use crate::sum::Sum;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// Trades of this symbol.
    Trades(Symbol),
    /// What befell the rich order that this change accepted, but its cancellation.
    Order(Number),
    /// Fills of this account. That of native orders has too many.
    Account(AccountNumber),
    /// Transfers of this account.
    Transfers(AccountNumber),
    /// The opening of the account of this id.
    Opened(AccountId),
    /// Quotes by hand in this symbol.
    Quotes(Symbol),
    /// What the instrument of this symbol was set to.
    Settings(Symbol),
}

impl Key {
    fn kind(self) -> i64 {
        match self {
            Key::Trades(_) => 0,
            Key::Order(_) => 1,
            Key::Account(_) => 2,
            Key::Transfers(_) => 3,
            Key::Opened(_) => 4,
            Key::Quotes(_) => 5,
            Key::Settings(_) => 6,
        }
    }

    fn name(&self) -> Name<'_> {
        match self {
            Key::Trades(symbol) | Key::Quotes(symbol) | Key::Settings(symbol) => Name::Text(symbol.as_str()),
            Key::Opened(id) => Name::Text(id.as_str()),
            Key::Order(accepted) => Name::Number(accepted.0.cast_signed()),
            Key::Account(account) | Key::Transfers(account) => Name::Number(i64::from(*account)),
        }
    }

    /// What stands for a row of the table, where rows are compared by their sum.
    fn sum(&self, first: i64) -> i64 {
        let sum = Sum::new(&[first, self.kind()]);
        match self.name() {
            Name::Text(text) => sum.text(Some(text)).done(),
            Name::Number(number) => sum.text(Some(itoa::Buffer::new().format(number))).done(),
        }
    }
}

enum Name<'a> {
    Text(&'a str),
    Number(i64),
}

impl ToSql for Name<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Name::Text(text) => text.to_sql(),
            Name::Number(number) => Ok(ToSqlOutput::Owned(Value::Integer(*number))),
        }
    }
}

/// What a row of `batches` is found by.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// The symbol that traded last: most often that is the next one too.
    last: Option<Symbol>,
    keys: BTreeSet<Key>,
}

impl Keys {
    pub(crate) fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Keys {
        let mut keys = Keys::default();
        events.into_iter().for_each(|event| keys.add(event));
        keys
    }

    pub(crate) fn add(&mut self, event: &Event) {
        match &event.body {
            Body::Accepted(_)
            | Body::Executed(_)
            | Body::Cancelled(_)
            | Body::Followed(_)
            | Body::RowsChanged(_)
            | Body::RulesSet(_)
            | Body::Ruled(_)
            | Body::Refused(_)
            | Body::Listed(_) => {}
            Body::InstrumentChanged(changed) => drop(self.keys.insert(Key::Settings(changed.symbol))),
            Body::Quoted(quoted) => drop(self.keys.insert(Key::Quotes(quoted.symbol))),
            Body::AccountOpened(opened) => drop(self.keys.insert(Key::Opened(opened.id))),
            Body::Transferred(transferred) => drop(self.keys.insert(Key::Transfers(transferred.account))),
            Body::Triggered(triggered) => drop(self.keys.insert(Key::Order(triggered.order.accepted_number))),
            Body::Bought(trade) => self.traded(trade.order.symbol),
            Body::Arrived(arrived) => drop(self.keys.insert(Key::Order(arrived.order.accepted_number))),
            Body::Ended(ended) => drop(self.keys.insert(Key::Order(ended.order.accepted_number))),
            Body::Rescheduled(rescheduled) => drop(self.keys.insert(Key::Order(rescheduled.order.accepted_number))),
            Body::Scripted(scripted) => drop(self.keys.insert(Key::Order(scripted.order.accepted_number))),
            Body::Replaced(replaced) => drop(self.keys.insert(Key::Order(replaced.order.accepted_number))),
            Body::Amended(amended) => drop(self.keys.insert(Key::Order(amended.order.accepted_number))),
            Body::Filled(filled) => {
                self.keys.insert(Key::Order(filled.order.accepted_number));
                if filled.party.account != Clearing::DEFAULT {
                    self.keys.insert(Key::Account(filled.party.account));
                }
                self.traded(filled.order.symbol);
            }
        }
    }

    fn traded(&mut self, symbol: Symbol) {
        if self.last != Some(symbol) {
            self.last = Some(symbol);
            self.keys.insert(Key::Trades(symbol));
        }
    }

    fn clear(&mut self) {
        *self = Keys::default();
    }
}

/// Writes into the table.
pub(crate) struct Finds<'a> {
    insert: Statement<'a>,
    keys: Keys,
}

impl<'a> Finds<'a> {
    pub(crate) fn prepare(connection: &'a Connection) -> rusqlite::Result<Finds<'a>> {
        Ok(Finds { insert: connection.prepare("INSERT INTO finds VALUES (?1, ?2, ?3)")?, keys: Keys::default() })
    }

    /// An event joins the row that is being made.
    pub(crate) fn add(&mut self, event: &Event) {
        self.keys.add(event);
    }

    /// The row is written: it begins with this change.
    pub(crate) fn flush(&mut self, first: i64) -> rusqlite::Result<()> {
        for key in &self.keys.keys {
            self.insert.execute(params![key.kind(), key.name(), first])?;
        }
        self.keys.clear();
        Ok(())
    }
}

/// The rows of `batches` in which this is found, from the one that begins with `from` on, the first first; at most so
/// many.
pub(crate) fn rows_from(connection: &Connection, key: Key, from: i64, at_most: usize) -> rusqlite::Result<Vec<i64>> {
    let select = "SELECT first_number FROM finds WHERE kind = ?1 AND name = ?2 AND first_number >= ?3 \
        ORDER BY first_number LIMIT ?4";
    rows(connection, select, key, from, at_most)
}

/// The same, up to the one that begins with `upto`, the last first.
pub(crate) fn rows_upto(connection: &Connection, key: Key, upto: i64, at_most: usize) -> rusqlite::Result<Vec<i64>> {
    let select = "SELECT first_number FROM finds WHERE kind = ?1 AND name = ?2 AND first_number <= ?3 \
        ORDER BY first_number DESC LIMIT ?4";
    rows(connection, select, key, upto, at_most)
}

fn rows(connection: &Connection, select: &str, key: Key, bound: i64, at_most: usize) -> rusqlite::Result<Vec<i64>> {
    let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(select)?;
    let rows = statement.query_map(params![key.kind(), key.name(), bound, at_most], |row| row.get(0))?;
    rows.collect()
}

/// The row of `batches` that begins with this change, and has these, is removed.
pub(crate) fn remove(connection: &Connection, keys: &Keys, first: i64) -> rusqlite::Result<()> {
    let delete = "DELETE FROM finds WHERE kind = ?1 AND name = ?2 AND first_number = ?3";
    let mut statement = connection.prepare_cached(delete)?;
    keys.keys.iter().try_for_each(|key| statement.execute(params![key.kind(), key.name(), first]).map(drop))
}

/// What the table should have: compared by count and sum, for it may be long.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    rows: u64,
    sum: i64,
}

impl Tally {
    /// A row of `batches` that begins with this change.
    pub(crate) fn add(&mut self, first: i64, keys: &Keys) {
        for key in &keys.keys {
            self.rows += 1;
            self.sum = self.sum.wrapping_add(key.sum(first));
        }
    }

    /// What the table has of rows that begin with this change or later.
    pub(crate) fn read(connection: &Connection, first: i64) -> Read<Tally> {
        let mut tally = Tally::default();
        let mut statement =
            connection.prepare("SELECT kind, CAST(name AS TEXT), first_number FROM finds WHERE first_number >= ?1")?;
        let mut rows = statement.query([first])?;
        while let Some(row) = rows.next()? {
            let (kind, name, first): (i64, _, i64) = (row.get(0)?, row.get_ref(1)?.as_str()?, row.get(2)?);
            tally.rows += 1;
            tally.sum = tally.sum.wrapping_add(Sum::new(&[first, kind]).text(Some(name)).done());
        }
        Ok(tally)
    }
}
