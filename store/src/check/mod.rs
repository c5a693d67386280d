//! The whole truth about a database: SQLite's own check, every checksum, the sequence, and whether the orders are what
//! a replay of the events makes of them, and so the accounts.

mod orders;

use std::ops::ControlFlow;

use rusqlite::Connection;
use tradepit_engine::{Body, Event, Listing, Number, Order};

use crate::accounts::{self, Accounts};
use crate::damage::{Damage, Failure, Read};
use crate::error::Error;
use crate::finds::{Keys, Tally};
use crate::folder::Folder;
use crate::identity::{Found, Identity};
use crate::journal;
use crate::query::Archive;
use crate::{bars, marks, names, rows, rules, trails};
use orders::Orders;

/// So much of what is damaged is told; there may be more.
const DAMAGE_AT_MOST: usize = 20;
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
    /// Younger orders have no row yet, and younger changes may be in their row or not.
    settled: Number,
    horizon: Number,
    orders: Orders,
    /// Accounts as the tables have them, and as the changes so far made them where these are all kept.
    accounts: Option<Accounts>,
    replayed: Option<Accounts>,
    /// Nobody has anything yet, and all is as it was listed.
    first: Option<Accounts>,
    /// What the changes so far come to, where these are all kept.
    bars: Option<bars::Tally>,
}

impl<'a> Check<'a> {
    fn new(connection: &'a Connection) -> Check<'a> {
        Check {
            connection,
            report: Report::default(),
            settled: Number(0),
            horizon: Number(0),
            orders: Orders::default(),
            accounts: None,
            replayed: None,
            first: None,
            bars: None,
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
        self.note(trails::check(connection))?;
        self.note(rows::check(connection))?;
        self.note(rules::check(connection))?;
        self.note(Identity::read(connection))?;
        self.accounts = self.note(Accounts::read(connection))?;
        if let Some(accounts) = &self.accounts {
            self.first = Some(Accounts::at_first(connection)?);
            let (wrong, total) = (accounts::sums(accounts.clearing()), accounts.check_total(connection));
            wrong.into_iter().for_each(|what| self.damaged(what));
            self.note(total)?;
            if self.horizon == Number(0) {
                self.replayed = Some(Accounts::at_first(connection)?);
            }
        }
        self.bars = (self.horizon == Number(0)).then(bars::Tally::default);
        let (horizon, newest) = (self.horizon, journal::end(connection)?.number);
        (self.report.oldest, self.report.newest) = (horizon.next(), newest);
        if newest < self.settled || (newest <= horizon && horizon > Number(0)) {
            // The newest change is never removed.
            self.damaged(format!("changes after {} are missing", newest.0));
            return Ok(());
        }
        let (mut counts, mut tally, first) = (None, Tally::default(), horizon.next());
        journal::each_after(connection, horizon, |entry| {
            let (before, so_far) = counts.unwrap_or(((entry.seq, entry.accepted), entry.accepted));
            if entry.accepted != so_far {
                let first = entry.events[0].number.0;
                self.damaged(format!("before change {first} there were {so_far} orders, not {}", entry.accepted));
            }
            entry.events.iter().try_for_each(|event| self.event(event))?;
            if entry.first >= first {
                tally.add(entry.first.0.cast_signed(), &Keys::of(&entry.events));
            }
            let end = entry.end();
            progress(end.number.0 - horizon.0, newest.0 - horizon.0);
            counts = Some((before, end.accepted));
            Ok(ControlFlow::Continue(()))
        })?;
        if tally != Tally::read(connection, first.0.cast_signed())? {
            self.damaged("what changes are found by is not what was recorded");
        }
        self.compare_accounts();
        self.compare_bars()?;
        let older = counts.map_or(0, |((seq, accepted), _)| {
            // Each change of status up to the horizon accepted an order or closed one.
            accepted.saturating_sub(seq.0.saturating_sub(accepted))
        });
        self.count_orders(older, newest)
    }

    /// Requires that the tables say of an event what it says.
    fn event(&mut self, event: &Event) -> rusqlite::Result<()> {
        if event.number <= self.settled
            && let Some(replayed) = &mut self.replayed
            && let Err(what) = replayed.apply(event)
        {
            self.damaged(what);
        }
        self.bars.iter_mut().for_each(|bars| bars.add(event));
        match (&event.body, event.order()) {
            (Body::Accepted(accepted), _) => self.accepts(Order::accepted(event, accepted)),
            (Body::Listed(listing), _) => {
                self.lists(event.number, listing);
                Ok(())
            }
            (_, Some(order)) => self.changes(order, event),
            (_, None) => Ok(()),
        }
    }

    fn lists(&mut self, number: Number, listing: &Listing) {
        let Some(first) = self.first.as_ref().filter(|_| number <= self.settled) else { return };
        let clearing = first.clearing();
        let found = clearing.find(listing.symbol).map(|instrument| clearing.instrument(instrument).listing());
        if found != Some(listing) {
            self.damaged(format!("the instrument of change {} is not what was recorded", number.0));
        }
    }

    /// Requires that bars are what the changes come to; where some of these are removed, that each is what was written.
    fn compare_bars(&mut self) -> rusqlite::Result<()> {
        let agree = match &self.bars {
            Some(bars) => bars.agrees(self.connection),
            None => bars::check_rows(self.connection).map(|()| true),
        };
        if self.note(agree)? == Some(false) {
            self.damaged("the bars are not what was recorded");
        }
        Ok(())
    }

    fn compare_accounts(&mut self) {
        if let (Some(accounts), Some(replayed)) = (&self.accounts, &self.replayed)
            && !accounts::agree(accounts.clearing(), replayed.clearing())
        {
            self.damaged("the accounts are not what was recorded");
        }
    }
}
