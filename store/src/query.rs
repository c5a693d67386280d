//! Reads, on a connection of their own: each sees one moment of the database, and none takes long.
//!
//! The table of orders may trail the events (`fold.rs`); what it lacks is added here.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

use rusqlite::Connection;
use tradepit_engine::{
    ActivitiesOf, Activity, Bar, BarsOf, ChangeFilter, Changes, Clearing, Event, Fill, FillsOf, Found, KeptChanges,
    Lost, Name, Named, Number, OpenOrders, Order, Page, PageOf, PageStart, Print, PrintsOf, Seq, Stretch, Trace,
    TraceOf,
};

use crate::accounts::Accounts;
use crate::damage::{Damage, Read};
use crate::error::Error;
use crate::fold::{Backlog, Step, change};
use crate::folder::Folder;
use crate::journal;
use crate::retain::is_removed;
use crate::walk::{Way, walk};
use crate::{activities, bars, blocks, fills, kept, marks, names, schema, traces, trails};

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

    /// The same, beside many others that are open too: it keeps little in memory.
    pub(crate) fn beside_others(folder: &Folder) -> Result<Archive, Error> {
        let archive = Archive::beside_writer(folder)?;
        schema::narrow_cache(&archive.connection).map_err(Error::sqlite(folder.database()))?;
        Ok(archive)
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
    pub fn last_number(&self) -> Result<Number, Error> {
        journal::last_number(&self.connection).map_err(Error::sqlite(self.folder.database()))
    }

    /// The order that this change accepted.
    pub fn order(&self, accepted: Number) -> Result<Option<Order>, Error> {
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
    pub fn changes(&self, after: Number, filter: &ChangeFilter) -> Result<Changes, Error> {
        self.at_one_moment(|connection| changes(connection, after, filter))
    }

    /// Where to read on after the change of status `seq`: see [`crate::Store::number_of`].
    pub fn number_of(&self, seq: Seq) -> Result<Option<Number>, Error> {
        self.at_one_moment(|connection| number_of(connection, seq))
    }

    /// The next piece of the orders that were open right after the change `as_of`.
    pub fn open_orders(&self, as_of: Number, after: Number, filter: &ChangeFilter) -> Result<OpenOrders, Error> {
        self.at_one_moment(|connection| open_orders(connection, as_of, after, filter))
    }

    /// The next piece of a list of fills.
    pub fn fills(&self, question: &FillsOf) -> Result<Stretch<Fill>, Error> {
        self.at_one_moment(|connection| fills::fills(connection, question))
    }

    /// The newest fills of a rich order: see [`crate::Store::newest_fills`].
    pub fn newest_fills(&self, accepted: Number, upto: Number, at_most: usize) -> Result<Vec<Fill>, Error> {
        self.at_one_moment(|connection| fills::newest(connection, accepted, upto, at_most))
    }

    /// The next piece of a list of trades.
    pub fn prints(&self, question: &PrintsOf) -> Result<Stretch<Print>, Error> {
        self.at_one_moment(|connection| fills::prints(connection, question))
    }

    /// Bars of what clients traded, the first first.
    pub fn bars(&self, question: &BarsOf) -> Result<Vec<Bar>, Error> {
        self.at_one_moment(|connection| bars::bars(connection, question))
    }

    /// The next piece of a list of what moved an account's cash.
    pub fn activities(&self, question: &ActivitiesOf) -> Result<Stretch<Activity>, Error> {
        self.at_one_moment(|connection| activities::activities(connection, question))
    }

    /// Where an instrument stood at a moment.
    pub fn trace(&self, question: &TraceOf) -> Result<Stretch<Trace>, Error> {
        self.at_one_moment(|connection| traces::trace(connection, question))
    }

    /// What is listed, and who has what, as of the newest change.
    pub fn clearing(&self) -> Result<Clearing, Error> {
        self.at_one_moment(|connection| Ok(Accounts::as_of_newest(connection)?.into_clearing()))
    }

    /// The next piece of the kept changes: see [`crate::Store::kept`].
    pub fn kept(&self, after: Number) -> Result<KeptChanges, Error> {
        self.at_one_moment(|connection| kept::kept(connection, after))
    }

    fn at_one_moment<T>(&self, read: impl FnOnce(&Connection) -> Read<T>) -> Result<T, Error> {
        let moment = self.connection.unchecked_transaction();
        let moment = moment.map_err(|error| Error::sqlite(self.folder.database())(error))?;
        self.folder.blame(read(&moment))
    }
}

/// What the table of orders does not have yet.
#[derive(Default)]
pub(crate) struct Late {
    pub(crate) accepted: BTreeMap<Number, Order>,
    /// What befell orders of the table, by the change that accepted each, and then in order.
    changes: Vec<(Number, Event)>,
}

impl Late {
    pub(crate) fn read(connection: &Connection) -> Read<Late> {
        let settled = marks::read(connection, marks::SETTLED)?;
        let mut backlog = Backlog::of(settled, &journal::events_after(connection, settled)?)?;
        let mut late = Late::default();
        while let Some(step) = backlog.pop() {
            match step {
                Step::Insert(order) => drop(late.accepted.insert(order.accepted_number, order)),
                Step::Change(event) => {
                    late.changes.extend(event.order().map(|order| (order.accepted_number, event)));
                }
                Step::Aside(_) => {}
            }
        }
        late.changes.sort_by_key(|(accepted, _)| *accepted);
        Ok(late)
    }

    /// An order of the table, as it stands now.
    pub(crate) fn bring_up_to_date(&self, mut order: Order) -> Result<Order, Damage> {
        let own = order.accepted_number;
        let from = self.changes.partition_point(|(accepted, _)| *accepted < own);
        let mut changes = self.changes[from..].iter().take_while(|(accepted, _)| *accepted == own);
        changes.try_for_each(|(_, event)| change(&mut order, event)).map(|()| order)
    }
}

fn order(connection: &Connection, accepted: Number) -> Read<Option<Order>> {
    let horizon = marks::read(connection, marks::HORIZON)?;
    let mut found = match blocks::find(connection, accepted)? {
        Some(order) if order.state.is_closed() => (!is_removed(&order, horizon)).then_some(order),
        // It is open as far as the table knows.
        Some(order) => Some(Late::read(connection)?.bring_up_to_date(order)?),
        // It may be younger than the table.
        None => Late::read(connection)?.accepted.remove(&accepted),
    };
    found.iter_mut().try_for_each(|order| trails::complete(connection, order))?;
    Ok(found)
}

fn named(connection: &Connection, name: &Name) -> Read<Named> {
    let as_of = journal::last_number(connection)?;
    let found = match names::order_of(connection, name)? {
        None => Found::Nothing,
        Some(accepted) => match (order(connection, accepted)?, name) {
            (Some(order), _) => Found::Order(order),
            (None, Name::ClientOrderId(_)) => Found::Retired,
            (None, Name::IdempotencyKey(_)) => Found::Nothing,
        },
    };
    Ok(Named { as_of, found })
}

fn page(connection: &Connection, question: &PageOf) -> Read<Option<Page>> {
    let after = match question.start {
        PageStart::After(number) => number,
        PageStart::AfterOrder(number, id) => match order(connection, number)? {
            Some(order) if order.id == id => number,
            _ => return Ok(None),
        },
    };
    let PageOf { filter, limit, direction, .. } = *question;
    let way = Way { after, direction, filter };
    let (mut orders, next) = walk(connection, way, limit, |order| filter.matches(&order).then_some(order))?;
    orders.iter_mut().try_for_each(|order| trails::complete(connection, order))?;
    Ok(Some(Page { orders, next }))
}

fn open_orders(connection: &Connection, as_of: Number, after: Number, filter: &ChangeFilter) -> Read<OpenOrders> {
    let (horizon, newest) = (marks::read(connection, marks::HORIZON)?, journal::last_number(connection)?);
    if as_of < horizon {
        return Ok(OpenOrders::Lost(lost(connection, horizon, newest)?));
    }
    let told = |order: Order| (order.was_open_at(as_of) && filter.matches_order(&order)).then(|| order.as_accepted());
    let (orders, next) = walk(connection, Way::after(after), usize::MAX, told)?;
    Ok(OpenOrders::Held { orders, next: next.filter(|&next| next < as_of) })
}

fn number_of(connection: &Connection, seq: Seq) -> Read<Option<Number>> {
    let horizon = marks::read(connection, marks::HORIZON)?;
    Ok(journal::number_of(connection, seq)?.filter(|&number| number >= horizon))
}

/// What a reader is told that asked for more than is kept.
pub(crate) fn lost(connection: &Connection, horizon: Number, newest: Number) -> Read<Lost> {
    let [before, as_of_seq] = [horizon, newest].map(|number| journal::counts_at(connection, number));
    let [before, as_of_seq] = [before?, as_of_seq?].map(|counts| counts.map_or(Seq(0), |(seq, _)| seq));
    Ok(Lost { before: horizon, oldest: before.next(), as_of: newest, as_of_seq })
}

fn changes(connection: &Connection, after: Number, filter: &ChangeFilter) -> Read<Changes> {
    let (horizon, newest) = (marks::read(connection, marks::HORIZON)?, journal::last_number(connection)?);
    if after < horizon {
        return Ok(Changes::Lost(lost(connection, horizon, newest)?));
    }
    let (mut events, mut upto, mut looked_at) = (Vec::new(), after, 0);
    journal::each_after(connection, after, |batch| {
        for event in batch.events {
            if looked_at == CHANGES_LOOKED_AT || events.len() == CHANGES_TOLD {
                return Ok(ControlFlow::Break(()));
            }
            looked_at += 1;
            upto = event.number;
            if filter.matches(&event) {
                events.push(event);
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(Changes::Held { events, upto, newest })
}
