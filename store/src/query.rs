//! Reads, on a connection of their own: each sees one moment of the database, and none takes long.
//!
//! The table of orders may trail the events (`fold.rs`); what it lacks is added here.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::ops::Bound;
use std::path::Path;

use rusqlite::Connection;
use tradepit_engine::{Event, Name, Order, Seq, State};

use crate::error::Error;
use crate::fold::{Backlog, Step};
use crate::folder::Folder;
use crate::journal::{self, Read};
use crate::record::{Fault, close};
use crate::retain::is_removed;
use crate::{
    ChangeFilter, Changes, Found, Lost, Named, OpenOrders, Page, PageOf, PageStart, blocks, marks, names, schema,
};

/// Orders that one piece of a list looks at.
const LOOK_AT_MOST: usize = 20_000;
/// Changes that one piece of a replay looks at …
const CHANGES_LOOKED_AT: usize = 4_096;
/// … and tells: some 200 KB of JSON.
const CHANGES_TOLD: usize = 1_024;

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
        journal::last_seq(&self.connection).map_err(Error::sqlite(self.folder.database()))
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

/// What the table of orders does not have yet.
#[derive(Default)]
struct Late {
    accepted: BTreeMap<Seq, Order>,
    closing: HashMap<Seq, Event>,
}

impl Late {
    fn read(connection: &Connection) -> Read<Late> {
        let settled = match marks::read(connection, marks::SETTLED)? {
            Ok(settled) => settled,
            Err(what) => return Ok(Err(what)),
        };
        let backlog = journal::events_after(connection, settled)?.and_then(|events| Backlog::of(settled, &events));
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

    /// An order of the table, as it stands now.
    fn bring_up_to_date(&self, mut order: Order) -> Result<Order, Fault> {
        match self.closing.get(&order.accepted_seq) {
            Some(event) => close(&mut order, event).map(|()| order),
            None => Ok(order),
        }
    }
}

fn order(connection: &Connection, accepted: Seq) -> Read<Option<Order>> {
    let horizon = match marks::read(connection, marks::HORIZON)? {
        Ok(horizon) => horizon,
        Err(what) => return Ok(Err(what)),
    };
    match blocks::find(connection, accepted)? {
        Ok(Some(order)) if order.state != State::Pending => Ok(Ok((!is_removed(&order, horizon)).then_some(order))),
        // It is open as far as the table knows, or younger than the table.
        Ok(order) => Ok(Late::read(connection)?.and_then(|mut late| match order {
            Some(order) => late.bring_up_to_date(order).map(Some),
            None => Ok(late.accepted.remove(&accepted)),
        })),
        Err(what) => Ok(Err(what)),
    }
}

fn named(connection: &Connection, name: &Name) -> Read<Named> {
    let as_of = journal::last_seq(connection)?;
    let found = match names::order_of(connection, name)? {
        Ok(None) => Ok(Found::Nothing),
        Ok(Some(accepted)) => order(connection, accepted)?.map(|order| match (order, name) {
            (Some(order), _) => Found::Order(order),
            (None, Name::ClientOrderId(_)) => Found::Retired,
            (None, Name::IdempotencyKey(_)) => Found::Nothing,
        }),
        Err(what) => Err(what),
    };
    Ok(found.map(|found| Named { as_of, found }))
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
        Ok(horizon) => (horizon, journal::last_seq(connection)?),
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
    pick: impl Fn(Order) -> Option<Order>,
) -> Read<(Vec<Order>, Option<Seq>)> {
    let late = match Late::read(connection)? {
        Ok(late) => late,
        Err(what) => return Ok(Err(what)),
    };
    let horizon = match marks::read(connection, marks::HORIZON)? {
        Ok(horizon) => horizon,
        Err(what) => return Ok(Err(what)),
    };
    let mut walk = Walk { orders: Vec::new(), last: after, looked_at: 0, limit, pick };
    let (mut fault, mut is_over) = (None, false);
    let read = blocks::each_after(connection, after, |block| {
        let kept = block.orders.into_iter().filter(|order| order.accepted_seq > after && !is_removed(order, horizon));
        for order in kept {
            match late.bring_up_to_date(order) {
                Ok(order) => is_over = !walk.look_at(order),
                Err(what) => fault = Some(what),
            }
            if is_over || fault.is_some() {
                return false;
            }
        }
        true
    })?;
    if let Some(what) = read.err().or(fault) {
        return Ok(Err(what));
    }
    let mut unsettled = late.accepted.range((Bound::Excluded(after), Bound::Unbounded)).map(|(_, order)| order.clone());
    is_over = is_over || unsettled.any(|order| !walk.look_at(order));
    Ok(Ok((walk.orders, is_over.then_some(walk.last))))
}

/// A walk along orders.
struct Walk<P> {
    orders: Vec<Order>,
    /// The last one that was looked at.
    last: Seq,
    looked_at: usize,
    limit: usize,
    pick: P,
}

impl<P: Fn(Order) -> Option<Order>> Walk<P> {
    /// Returns whether it could: otherwise the walk is over before this order.
    fn look_at(&mut self, order: Order) -> bool {
        if self.looked_at == LOOK_AT_MOST || self.orders.len() == self.limit {
            return false;
        }
        self.looked_at += 1;
        self.last = order.accepted_seq;
        self.orders.extend((self.pick)(order));
        true
    }
}

fn changes(connection: &Connection, after: Seq, filter: &ChangeFilter) -> Read<Changes> {
    let newest = journal::last_seq(connection)?;
    let horizon = match marks::read(connection, marks::HORIZON)? {
        Ok(horizon) => horizon,
        Err(what) => return Ok(Err(what)),
    };
    if after < horizon {
        return Ok(Ok(Changes::Lost(Lost { oldest: horizon.next(), as_of: newest })));
    }
    let (mut events, mut upto, mut looked_at) = (Vec::new(), after, 0);
    let read = journal::each_after(connection, after, |batch| {
        for event in batch.events {
            if looked_at == CHANGES_LOOKED_AT || events.len() == CHANGES_TOLD {
                return false;
            }
            looked_at += 1;
            upto = event.seq;
            if filter.matches(&event) {
                events.push(event);
            }
        }
        true
    })?;
    Ok(read.map(|()| Changes::Held { events, upto, newest }))
}
