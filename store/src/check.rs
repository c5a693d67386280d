//! The whole truth about a database: SQLite's own check, every checksum, the sequence, and whether the orders are what
//! a replay of the events makes of them.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use rusqlite::Connection;
use tradepit_engine::{Body, Event, Number, Order, OrderRef, State};

use crate::blocks::{self, Block};
use crate::damage::{Damage, Failure, Read};
use crate::error::Error;
use crate::fold::close;
use crate::folder::Folder;
use crate::identity::{Found, Identity};
use crate::journal;
use crate::query::Archive;
use crate::retain::is_removed;
use crate::{marks, names};

/// So much of what is damaged is told; there may be more.
const DAMAGE_AT_MOST: usize = 20;
/// Rows of orders that are kept at hand: those of the last second of a busy store.
const BLOCKS_AT_HAND: usize = 128;

/// What a check counted and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Changes that are kept.
    pub changes: u64,
    /// The oldest change from which on there is no gap.
    pub oldest: Number,
    /// The newest change.
    pub newest: Number,
    /// Orders, open and closed.
    pub orders: u64,
    /// Orders that are open.
    pub open_orders: u64,
    /// What is wrong, the first of it.
    pub damage: Vec<Damage>,
}

/// Requires that the log beside a database is its own. Called before anything of this process has the database open.
pub fn belongs(folder: &Folder) -> Result<(), Error> {
    // Beside a server that writes, more than one log may come and go between the two looks: then a second one tells.
    let looks = (0..3).map(|_| Found::look(folder));
    let stranger = looks.map(Result::err).take_while(|found| matches!(found, Some(Error::Stranger { .. }))).flatten();
    match stranger.enumerate().last() {
        Some((2, stranger)) => Err(stranger),
        _ => Ok(()),
    }
}

/// Checks a database as it is at this moment, also while a server runs. Tells how many changes of how many it has seen.
pub fn run(archive: &Archive, mut progress: impl FnMut(u64, u64)) -> Result<Report, Error> {
    let connection = archive.connection();
    let path = archive.folder().database();
    let moment = connection.unchecked_transaction().map_err(Error::sqlite(&path))?;
    report(&moment, &mut progress).map_err(Error::sqlite(&path))
}

/// The same, of what a connection sees.
pub(crate) fn report(connection: &Connection, progress: &mut impl FnMut(u64, u64)) -> rusqlite::Result<Report> {
    let mut check = Check::new(connection);
    check.sqlites_own()?;
    if check.report.damage.is_empty() {
        let replayed = check.replay(progress);
        check.note(replayed)?;
    }
    Ok(check.report)
}

struct Check<'a> {
    connection: &'a Connection,
    report: Report,
    /// Younger orders have no row yet, and younger closings may be in their row or not.
    settled: Number,
    horizon: Number,
    /// Orders that the changes accepted and closed, as far as the table shall have them.
    accepted: u64,
    closed: u64,
    /// Orders that are closed, but not in the table.
    closed_late: u64,
    at_hand: VecDeque<Block>,
}

impl<'a> Check<'a> {
    fn new(connection: &'a Connection) -> Check<'a> {
        let (report, at_hand) = (Report::default(), VecDeque::new());
        Check {
            connection,
            report,
            settled: Number(0),
            horizon: Number(0),
            accepted: 0,
            closed: 0,
            closed_late: 0,
            at_hand,
        }
    }

    fn damaged(&mut self, what: impl Into<Damage>) {
        if self.report.damage.len() < DAMAGE_AT_MOST {
            self.report.damage.push(what.into());
        }
    }

    /// What was read; nothing where it is damaged, which is noted.
    fn note<T>(&mut self, read: Read<T>) -> rusqlite::Result<Option<T>> {
        match read {
            Ok(found) => Ok(Some(found)),
            Err(Failure::Damage(what)) => {
                self.damaged(what);
                Ok(None)
            }
            Err(Failure::Sqlite(error)) => Err(error),
        }
    }

    fn sqlites_own(&mut self) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check(20)")?;
        let lines = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        // SQLite tells several of its findings as lines of one, below a heading.
        let lines = lines.iter().flat_map(|lines| lines.lines());
        lines.filter(|line| *line != "ok" && !line.starts_with("***")).for_each(|line| self.damaged(line));
        Ok(())
    }

    /// Reads everything; damage that is returned leaves nothing to go on with.
    fn replay(&mut self, progress: &mut impl FnMut(u64, u64)) -> Read<()> {
        let connection = self.connection;
        self.horizon = self.note(marks::read(connection, marks::HORIZON))?.unwrap_or(Number(0));
        self.settled = self.note(marks::read(connection, marks::SETTLED))?.unwrap_or(Number(0));
        self.note(marks::id_keys(connection))?;
        self.note(names::check(connection))?;
        self.note(Identity::read(connection))?;
        let (horizon, newest) = (self.horizon, journal::end(connection)?.number);
        (self.report.oldest, self.report.newest) = (horizon.next(), newest);
        if newest < self.settled || (newest <= horizon && horizon > Number(0)) {
            // The newest change is never removed.
            self.damaged(format!("changes after {} are missing", newest.0));
            return Ok(());
        }
        let mut counts = None;
        journal::each_after(connection, horizon, |entry| {
            let (before, so_far) = counts.unwrap_or((entry.accepted, entry.accepted));
            if entry.accepted != so_far {
                let first = entry.events[0].number.0;
                self.damaged(format!("before change {first} there were {so_far} orders, not {}", entry.accepted));
            }
            entry.events.iter().try_for_each(|event| self.event(event))?;
            let end = entry.end();
            progress(end.number.0 - horizon.0, newest.0 - horizon.0);
            counts = Some((before, end.accepted));
            Ok(ControlFlow::Continue(()))
        })?;
        let (before, _) = counts.unwrap_or((0, 0));
        let besides =
            self.note(marks::find(connection, marks::BESIDES))?.flatten().map_or(0, |Number(besides)| besides);
        // All other changes up to the horizon closed an order.
        let closed = horizon.0.saturating_sub(before).saturating_sub(besides);
        self.count_orders(before.saturating_sub(closed), newest)
    }

    /// Requires that the orders are those that the changes made, where `older` ones were accepted up to the horizon and
    /// are not removed.
    fn count_orders(&mut self, older: u64, newest: Number) -> Read<()> {
        let (mut orders, mut closed) = (0, 0);
        let (mut unnamed, mut unordered) = (None, None);
        let mut last = Number(0);
        let (connection, horizon) = (self.connection, self.horizon);
        blocks::each_after(connection, Number(0), |block| {
            for order in &block.orders {
                if order.accepted_number <= last {
                    unordered = Some(order.accepted_number);
                }
                last = order.accepted_number;
                if !is_removed(order, horizon) {
                    orders += 1;
                    closed += u64::from(order.state != State::Pending);
                    if !is_named(connection, order)? {
                        unnamed = Some(order.accepted_number);
                    }
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if let Some(number) = unordered {
            self.damaged(format!("the order of change {} is out of its place", number.0));
        }
        if let Some(number) = unnamed {
            self.damaged(format!("a name of the order of change {} is missing", number.0));
        }
        if last > self.settled {
            self.damaged(format!("the order of change {} came before its change", last.0));
        }
        if (orders, closed) != (older + self.accepted, self.closed) {
            let (of, of_closed) = (older + self.accepted, self.closed);
            self.damaged(format!("there are {of} orders, {of_closed} closed, but {orders} and {closed} in the table"));
        }
        // So far it has those that are not settled.
        self.report.orders += orders;
        self.report.open_orders = (self.report.orders - closed).saturating_sub(self.closed_late);
        self.report.changes = newest.0 - horizon.0 + older;
        Ok(())
    }

    /// Requires that the orders' table says of a change what the change says.
    fn event(&mut self, event: &Event) -> rusqlite::Result<()> {
        match &event.body {
            Body::Accepted(accepted) => self.accepts(&Order::accepted(event.number, event.at, accepted)),
            Body::Executed(order) | Body::Cancelled(order) => self.closes(*order, event),
        }
    }

    fn accepts(&mut self, order: &Order) -> rusqlite::Result<()> {
        let accepted = order.accepted_number;
        if accepted > self.settled {
            self.report.orders += 1;
            if !is_named(self.connection, order)? {
                self.damaged(format!("a name of the order of change {} is missing", accepted.0));
            }
            return Ok(());
        }
        self.accepted += 1;
        if self.row(accepted)?.is_some_and(|row| row.while_open() != *order) {
            self.damaged(not_recorded(accepted));
        }
        Ok(())
    }

    fn closes(&mut self, order: OrderRef, event: &Event) -> rusqlite::Result<()> {
        if order.accepted_number > self.settled {
            self.closed_late += 1;
            return Ok(());
        }
        let Some(row) = self.row(order.accepted_number)? else { return Ok(()) };
        // An order may be written as closed before its closing is settled.
        let is_closed = event.number <= self.settled || row.state != State::Pending;
        self.closed += u64::from(is_closed);
        self.closed_late += u64::from(!is_closed);
        let mut then = row.while_open();
        let agrees = OrderRef::from(&row) == order && close(&mut then, event).is_ok() && (!is_closed || then == row);
        if !agrees {
            self.damaged(not_recorded(order.accepted_number));
        }
        Ok(())
    }

    /// An order of the table; that it is not there, or cannot be read, is noted.
    fn row(&mut self, accepted: Number) -> rusqlite::Result<Option<Order>> {
        let found = self.order(accepted);
        let found = self.note(found)?;
        if let Some(None) = found {
            self.damaged(format!("the order of change {} is missing", accepted.0));
        }
        Ok(found.flatten())
    }

    /// An order of the table, by way of the rows at hand.
    fn order(&mut self, accepted: Number) -> Read<Option<Order>> {
        let find = |block: &Block| block.find(accepted).cloned();
        if let Some(order) = self.at_hand.iter().rev().find_map(find) {
            return Ok(Some(order));
        }
        let Some(block) = blocks::holding(self.connection, accepted)? else { return Ok(None) };
        let order = find(&block);
        if self.at_hand.len() == BLOCKS_AT_HAND {
            self.at_hand.pop_front();
        }
        self.at_hand.push_back(block);
        Ok(order)
    }
}

fn not_recorded(accepted: Number) -> Damage {
    format!("the order of change {} is not what was recorded", accepted.0)
}

/// Whether the names of an order lead to it. A name that is damaged leads nowhere; that it is was told already.
fn is_named(connection: &Connection, order: &Order) -> rusqlite::Result<bool> {
    for name in order.origin.iter().flat_map(|origin| origin.names()) {
        match names::order_of(connection, &name) {
            Ok(found) if found == Some(order.accepted_number) => {}
            Ok(_) | Err(Failure::Damage(_)) => return Ok(false),
            Err(Failure::Sqlite(error)) => return Err(error),
        }
    }
    Ok(true)
}
