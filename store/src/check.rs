//! The whole truth about a database: SQLite's own check, every checksum, the sequence, and whether the orders are what
//! a replay of the events makes of them.

use std::collections::BTreeSet;

use rusqlite::Connection;
use tradepit_engine::{Change, Order, Seq, State};

use crate::error::Error;
use crate::folder::Folder;
use crate::identity::{Found, Identity};
use crate::marks;
use crate::query::Archive;
use crate::record::{EVENT_COLUMNS, EVENTS, Fault, close, find_order, read_event};

/// Faults that are reported; there may be more.
const FAULTS_AT_MOST: usize = 20;
/// How often progress is told, in changes.
const TELL_EVERY: u64 = 16_384;

/// What a check counted and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Changes in the log.
    pub changes: u64,
    /// The oldest change from which on there is no gap.
    pub oldest: Seq,
    /// The newest change.
    pub newest: Seq,
    /// Orders, open and closed.
    pub orders: u64,
    /// Orders that are open.
    pub open_orders: u64,
    /// What is wrong, the first of it.
    pub faults: Vec<Fault>,
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
    let mut check = Check { connection: &moment, report: Report::default(), open: BTreeSet::new(), settled: Seq(0) };
    check.sqlites_own().map_err(Error::sqlite(&path))?;
    if check.report.faults.is_empty() {
        check.replay(&mut progress).map_err(Error::sqlite(&path))?;
    }
    Ok(check.report)
}

struct Check<'a> {
    connection: &'a Connection,
    report: Report,
    /// Orders that the replay has not seen closed yet: their numbers only, for there may be many.
    open: BTreeSet<Seq>,
    /// Younger orders have no row yet, and younger closings may not be in their row yet.
    settled: Seq,
}

impl Check<'_> {
    fn fault(&mut self, what: impl Into<Fault>) {
        if self.report.faults.len() < FAULTS_AT_MOST {
            self.report.faults.push(what.into());
        }
    }

    fn sqlites_own(&mut self) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check(20)")?;
        let lines = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        // SQLite tells several of its findings as lines of one, below a heading.
        let lines = lines.iter().flat_map(|lines| lines.lines());
        lines.filter(|line| *line != "ok" && !line.starts_with("***")).for_each(|line| self.fault(line));
        Ok(())
    }

    fn replay(&mut self, progress: &mut impl FnMut(u64, u64)) -> rusqlite::Result<()> {
        let horizon = self.found(marks::read(self.connection, marks::HORIZON)?);
        self.settled = self.found(marks::settled(self.connection)?);
        let id_keys = marks::id_keys(self.connection)?.err();
        let retired = marks::check_retired(self.connection)?.err();
        let identity = Identity::read(self.connection)?.err();
        id_keys.into_iter().chain(retired).chain(identity).for_each(|what| self.fault(what));
        let newest = marks::last_seq(self.connection)?;
        (self.report.oldest, self.report.newest) = (horizon.next(), newest);
        let select = format!("SELECT {EVENT_COLUMNS} FROM {EVENTS} ORDER BY e.seq");
        let mut statement = self.connection.prepare(&select)?;
        let mut rows = statement.query([])?;
        let mut expected = horizon.next();
        while let Some(row) = rows.next()? {
            self.report.changes += 1;
            if self.report.changes.is_multiple_of(TELL_EVERY) {
                progress(self.report.changes, newest.0.saturating_sub(horizon.0));
            }
            let event = match read_event(row)? {
                Ok(event) => event,
                Err(what) => {
                    self.fault(what);
                    continue;
                }
            };
            if event.seq > horizon {
                if event.seq != expected {
                    self.fault(format!("changes {} to {} are missing", expected.0, event.seq.0 - 1));
                }
                expected = event.seq.next();
            }
            match event.change {
                Change::Accepted { due_at } => {
                    self.open.insert(event.seq);
                    self.report.orders += 1;
                    let accepted = Order::accepted(&event, due_at);
                    self.compare(event.seq, |row| row.while_open() == accepted)?;
                }
                Change::Executed | Change::Cancelled if event.seq <= horizon => {
                    self.fault(format!("change {} should have been removed with its order", event.seq.0));
                }
                Change::Executed | Change::Cancelled if self.open.remove(&event.accepted_seq) => {
                    let may_be_late = event.seq > self.settled;
                    self.compare(event.accepted_seq, |row| {
                        let mut closed = row.while_open();
                        let possible = close(&mut closed, &event).is_ok();
                        possible && (*row == closed || (may_be_late && row.state == State::Pending))
                    })?;
                }
                Change::Executed | Change::Cancelled => {
                    self.fault(format!("change {} closes an order that is not open", event.seq.0));
                }
            }
        }
        if newest <= horizon && horizon > Seq(0) {
            // The newest change is never removed.
            self.fault(format!("changes after {} are missing", newest.0));
        }
        self.report.open_orders = self.open.len() as u64;
        for accepted in std::mem::take(&mut self.open) {
            self.compare(accepted, |row| row.state == State::Pending)?;
        }
        let unsettled = "SELECT count(*) FROM events WHERE kind = 0 AND seq > ?1";
        let unsettled: u64 = self.connection.query_row(unsettled, [self.settled.0.cast_signed()], |row| row.get(0))?;
        let rows: u64 = self.connection.query_row("SELECT count(*) FROM settled", [], |row| row.get(0))?;
        if rows + unsettled != self.report.orders {
            self.fault(format!("there are {} orders, but {} rows of them", self.report.orders, rows + unsettled));
        }
        Ok(())
    }

    /// Requires that an order's row, if it should have one by now, says what the replay makes of it.
    fn compare(&mut self, accepted: Seq, agrees: impl FnOnce(&Order) -> bool) -> rusqlite::Result<()> {
        if accepted > self.settled {
            return Ok(());
        }
        match find_order(self.connection, accepted.0.cast_signed())? {
            Some(Ok(row)) if agrees(&row) => {}
            Some(Ok(_)) => self.fault(format!("the order of change {} is not what was recorded", accepted.0)),
            Some(Err(what)) => self.fault(what),
            None => self.fault(format!("the order of change {} is missing", accepted.0)),
        }
        Ok(())
    }

    fn found(&mut self, mark: Result<Seq, Fault>) -> Seq {
        mark.unwrap_or_else(|what| {
            self.fault(what);
            Seq(0)
        })
    }
}
