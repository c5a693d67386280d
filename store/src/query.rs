//! Reads, on a connection of their own: each sees one moment of the database, and none takes long.
//!
//! The table of orders may trail the events (`fold.rs`); what it lacks is added here.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::ops::Bound;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row};
use tradepit_engine::{Event, Name, Order, Seq};

use crate::error::Error;
use crate::fold::{Backlog, Step};
use crate::folder::Folder;
use crate::record::{EVENT_COLUMNS, EVENTS, Fault, ORDER_COLUMNS, close, find_order, read_event, read_order};
use crate::{ChangeFilter, Changes, Found, Lost, Named, OpenOrders, Page, PageOf, PageStart, marks, schema};

/// Orders that one piece of a list looks at.
const LOOK_AT_MOST: usize = 20_000;
/// Changes that one piece of a replay looks at …
const CHANGES_LOOKED_AT: usize = 4_096;
/// … and tells: some 200 KB of JSON.
const CHANGES_TOLD: usize = 1_024;

type Read<T> = rusqlite::Result<Result<T, Fault>>;

/// A database that is only read, also while a server writes it.
#[derive(Debug)]
pub struct Archive {
    connection: Connection,
    folder: Folder,
}

impl Archive {
    /// Opens the database of a data folder to read. Not for the process of a server that runs on it, which would lose
    /// SQLite's locks.
    pub fn open(folder: &Folder) -> Result<Archive, Error> {
        let path = folder.database();
        if !path.exists() {
            return Err(Error::Missing(folder.dir().to_owned()));
        }
        schema::check_header(&path, &File::open(&path).map_err(Error::io(&path))?)?;
        Archive::beside_writer(folder)
    }

    /// Opens a database that was opened to write by this process.
    pub(crate) fn beside_writer(folder: &Folder) -> Result<Archive, Error> {
        Ok(Archive { connection: schema::open_reader(&folder.database())?, folder: folder.clone() })
    }

    /// Opens a database under whatever name, as a backup has it: also where nothing can be written beside it.
    pub(crate) fn of_file(path: &Path) -> Result<Archive, Error> {
        let folder = Folder::of(path);
        schema::check_header(path, &File::open(path).map_err(Error::io(path))?)?;
        let has_log = std::fs::metadata(folder.wal()).is_ok_and(|log| log.len() > 0);
        let connection = if has_log { schema::open_reader(path)? } else { schema::open_alone(path)? };
        Ok(Archive { connection, folder })
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The newest change.
    pub fn last_seq(&self) -> Result<Seq, Error> {
        marks::last_seq(&self.connection).map_err(Error::sqlite(self.folder.database()))
    }

    /// The order that this change accepted.
    pub fn order(&self, accepted: Seq) -> Result<Option<Order>, Error> {
        self.at_one_moment(|connection| order(connection, accepted))
    }

    /// The order of this name.
    pub fn named(&self, name: &Name) -> Result<Named, Error> {
        self.at_one_moment(|connection| named(connection, name))
    }

    /// The next piece of a list of orders; `None` where the order to start after is unknown.
    pub fn page(&self, question: &PageOf) -> Result<Option<Page>, Error> {
        self.at_one_moment(|connection| page(connection, question))
    }

    /// The next piece of the changes after one.
    pub fn changes(&self, after: Seq, filter: &ChangeFilter) -> Result<Changes, Error> {
        self.at_one_moment(|connection| changes(connection, after, filter))
    }

    /// The next piece of the orders that were open right after the change `as_of`.
    pub fn open_orders(&self, as_of: Seq, after: Seq, filter: &ChangeFilter) -> Result<OpenOrders, Error> {
        self.at_one_moment(|connection| open_orders(connection, as_of, after, filter))
    }

    fn at_one_moment<T>(&self, read: impl FnOnce(&Connection) -> Read<T>) -> Result<T, Error> {
        let moment = self.connection.unchecked_transaction();
        let moment = moment.map_err(|error| Error::sqlite(self.folder.database())(error))?;
        self.folder.blame(read(&moment))
    }
}

/// All changes after `after`; they must follow each other.
pub(crate) fn events_after(connection: &Connection, after: Seq) -> rusqlite::Result<Result<Vec<Event>, String>> {
    let select = format!("SELECT {EVENT_COLUMNS} FROM {EVENTS} WHERE e.seq > ?1 ORDER BY e.seq");
    let mut statement = connection.prepare_cached(&select)?;
    let mut rows = statement.query([after.0.cast_signed()])?;
    let (mut events, mut expected) = (Vec::new(), after.next());
    while let Some(row) = rows.next()? {
        match read_event(row)? {
            Ok(event) if event.seq == expected => events.push(event),
            Ok(_) => return Ok(Err(format!("change {} is missing", expected.0))),
            Err(what) => return Ok(Err(what)),
        }
        expected = expected.next();
    }
    Ok(Ok(events))
}

/// What the table of orders does not have yet.
#[derive(Default)]
struct Late {
    accepted: BTreeMap<Seq, Order>,
    closing: HashMap<Seq, Event>,
}

impl Late {
    fn read(connection: &Connection) -> Read<Late> {
        let settled = match marks::settled(connection)? {
            Ok(settled) => settled,
            Err(what) => return Ok(Err(what)),
        };
        let backlog = events_after(connection, settled)?.and_then(|events| Backlog::of(settled, &events));
        Ok(backlog.map(|mut backlog| {
            let mut late = Late::default();
            while let Some(step) = backlog.pop() {
                match step {
                    Step::Insert(order) => drop(late.accepted.insert(order.accepted_seq, order)),
                    Step::Close(event) => drop(late.closing.insert(event.accepted_seq, event)),
                    Step::Nothing => {}
                }
            }
            late
        }))
    }

    /// The order of a row, as it stands now.
    fn bring_up_to_date(&self, mut order: Order) -> Result<Order, Fault> {
        match self.closing.get(&order.accepted_seq) {
            Some(event) if event.seq != order.seq => close(&mut order, event).map(|()| order),
            _ => Ok(order),
        }
    }
}

/// A number that a reader names. Beyond what SQLite can count there is nothing, as at its end.
fn signed(seq: Seq) -> i64 {
    i64::try_from(seq.0).unwrap_or(i64::MAX)
}

/// The row's order as it stands now; passes faults on.
fn current(row: &Row<'_>, late: &Late) -> Read<Order> {
    Ok(read_order(row)?.and_then(|order| late.bring_up_to_date(order)))
}

fn order(connection: &Connection, accepted: Seq) -> Read<Option<Order>> {
    match find_order(connection, signed(accepted))?.transpose() {
        Ok(Some(order)) if order.seq != order.accepted_seq => Ok(Ok(Some(order))),
        // It is open as far as the table knows, or younger than the table.
        Ok(order) => Ok(Late::read(connection)?.and_then(|mut late| match order {
            Some(order) => late.bring_up_to_date(order).map(Some),
            None => Ok(late.accepted.remove(&accepted)),
        })),
        Err(what) => Ok(Err(what)),
    }
}

fn named(connection: &Connection, name: &Name) -> Read<Named> {
    let as_of = marks::last_seq(connection)?;
    let (column, key) = match name {
        Name::ClientOrderId(key) => ("client_order_id", key),
        Name::IdempotencyKey(key) => ("idempotency_key", key),
    };
    let select = format!("SELECT seq FROM events WHERE {column} = ?1");
    let seq: Option<i64> =
        connection.prepare_cached(&select)?.query_row([key.as_str()], |row| row.get(0)).optional()?;
    if let Some(seq) = seq {
        let found = order(connection, Seq(seq.cast_unsigned()))?;
        let missing = || format!("the order of change {seq} is missing");
        return Ok(found.and_then(|order| Ok(Named { as_of, found: Found::Order(order.ok_or_else(missing)?) })));
    }
    let retired = match name {
        Name::ClientOrderId(key) => {
            connection.prepare_cached("SELECT 1 FROM retired WHERE client_order_id = ?1")?.exists([key.as_str()])?
        }
        Name::IdempotencyKey(_) => false,
    };
    Ok(Ok(Named { as_of, found: if retired { Found::Retired } else { Found::Nothing } }))
}

fn page(connection: &Connection, question: &PageOf) -> Read<Option<Page>> {
    let after = match question.start {
        PageStart::After(seq) => seq,
        PageStart::AfterOrder(seq, id) => match order(connection, seq)? {
            Ok(Some(order)) if order.id == id => seq,
            Ok(_) => return Ok(Ok(None)),
            Err(what) => return Ok(Err(what)),
        },
    };
    let filter = &question.filter;
    let found = walk(connection, after, question.limit, |order| filter.matches(&order).then_some(order))?;
    Ok(found.map(|(orders, next)| Some(Page { orders, next })))
}

fn open_orders(connection: &Connection, as_of: Seq, after: Seq, filter: &ChangeFilter) -> Read<OpenOrders> {
    let (horizon, newest) = match marks::read(connection, marks::HORIZON)? {
        Ok(horizon) => (horizon, marks::last_seq(connection)?),
        Err(what) => return Ok(Err(what)),
    };
    if as_of < horizon {
        return Ok(Ok(OpenOrders::Lost(Lost { oldest: horizon.next(), as_of: newest })));
    }
    let told = |order: Order| (order.was_open_at(as_of) && filter.matches_order(&order)).then(|| order.while_open());
    let found = walk(connection, after, usize::MAX, told)?;
    Ok(found.map(|(orders, next)| OpenOrders::Held { orders, next: next.filter(|&next| next < as_of) }))
}

/// Looks through a bounded number of orders after one; returns what `pick` picks, at most `limit`, and where to go on.
fn walk(
    connection: &Connection,
    after: Seq,
    limit: usize,
    mut pick: impl FnMut(Order) -> Option<Order>,
) -> Read<(Vec<Order>, Option<Seq>)> {
    let late = match Late::read(connection)? {
        Ok(late) => late,
        Err(what) => return Ok(Err(what)),
    };
    let select = format!("SELECT {ORDER_COLUMNS} FROM settled o WHERE o.seq > ?1 ORDER BY o.seq");
    let mut statement = connection.prepare_cached(&select)?;
    let mut rows = statement.query([signed(after)])?;
    let mut unsettled = late.accepted.range((Bound::Excluded(after), Bound::Unbounded)).map(|(_, order)| order.clone());
    let (mut orders, mut last) = (Vec::new(), after);
    for _ in 0..LOOK_AT_MOST {
        let next = match rows.next()? {
            Some(row) => Some(current(row, &late)?),
            None => unsettled.next().map(Ok),
        };
        let order = match next {
            Some(Ok(order)) => order,
            Some(Err(what)) => return Ok(Err(what)),
            None => return Ok(Ok((orders, None))),
        };
        if orders.len() == limit {
            return Ok(Ok((orders, Some(last))));
        }
        last = order.accepted_seq;
        orders.extend(pick(order));
    }
    Ok(Ok((orders, Some(last))))
}

fn changes(connection: &Connection, after: Seq, filter: &ChangeFilter) -> Read<Changes> {
    let newest = marks::last_seq(connection)?;
    let horizon = match marks::read(connection, marks::HORIZON)? {
        Ok(horizon) => horizon,
        Err(what) => return Ok(Err(what)),
    };
    if after < horizon {
        return Ok(Ok(Changes::Lost(Lost { oldest: horizon.next(), as_of: newest })));
    }
    let select = format!("SELECT {EVENT_COLUMNS} FROM {EVENTS} WHERE e.seq > ?1 ORDER BY e.seq LIMIT ?2");
    let mut statement = connection.prepare_cached(&select)?;
    let mut rows = statement.query([signed(after), CHANGES_LOOKED_AT as i64])?;
    let (mut events, mut upto) = (Vec::new(), after);
    while let Some(row) = rows.next()?.filter(|_| events.len() < CHANGES_TOLD) {
        match read_event(row)? {
            Ok(event) if event.seq == upto.next() => {
                upto = event.seq;
                if filter.matches(&event) {
                    events.push(event);
                }
            }
            Ok(_) => return Ok(Err(format!("change {} is missing", upto.next().0))),
            Err(what) => return Ok(Err(what)),
        }
    }
    Ok(Ok(Changes::Held { events, upto, newest }))
}
