//! The thread that writes: everything that waits is one transaction with one sync, and while it syncs, the next
//! gathers.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, Statement};
use tradepit_engine::{Body, Event, Name, Number, Order, Time};

use crate::accounts::Accounts;
use crate::ack::Mark;
use crate::asked::{Asked, Gathering, asked_for};
use crate::bars::Bars;
use crate::blocks::{self, BLOCK, Blocks};
use crate::damage::Read;
use crate::error::Error;
use crate::fold::{Backlog, Step};
use crate::folder::Folder;
use crate::journal::{End, Tail};
use crate::lock::{Lock, Watch};
use crate::names::{self, Names};
use crate::pace::{COMMIT_AT_MOST, Pace};
use crate::retain::{Trim, is_removed};
use crate::rules::Rules;
use crate::stamp::Stamp;
use crate::{Answer, Batch, Confirm, Stored, marks, rows, trails};

/// Changes that become orders in one transaction of a store that is at rest.
const SETTLE_AT_MOST: usize = 4_096;
/// After so long without a change the store is at rest.
const REST: Duration = Duration::from_millis(50);
/// A store with nothing left to do looks after what it retains so often.
const IDLE: Duration = Duration::from_secs(1);

/// What the writer is told.
pub(crate) enum Job {
    /// Keep these changes.
    Append(Batch),
    /// Keep that the clock has come so far.
    KeepClock(Time, Answer<()>),
    /// Finish, and end.
    Close,
}

/// What the writer works with.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) folder: Folder,
    pub(crate) lock: Lock,
    pub(crate) mark: Mark,
    pub(crate) stamp: Stamp,
    pub(crate) watch: Watch,
    /// Where the log ends; all changes in it are settled.
    pub(crate) end: End,
}

impl Writer {
    /// Works until it is told to end, or fails; then no further change is taken.
    pub(crate) fn run(
        self,
        (trim, accounts): (Trim, Accounts),
        jobs: &Receiver<Job>,
        asked: &Arc<Asked>,
        confirm: &Confirm,
    ) {
        let result = Work::prepare(&self, trim, accounts, asked).and_then(|mut work| work.run(jobs, confirm));
        let result = result.and_then(|()| self.finish());
        if let Err(error) = result {
            confirm(Err(error));
        }
        // In this order: whoever comes next finds nobody in the database.
        drop(self.connection);
        drop(self.lock);
    }

    /// Leaves one file that stands alone.
    fn finish(&self) -> Result<(), Error> {
        self.watch.look()?;
        let checkpoint = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        checkpoint.map_err(Error::sqlite(self.folder.database()))
    }
}

/// The writer at work.
struct Work<'a> {
    writer: &'a Writer,
    begin: Statement<'a>,
    commit: Statement<'a>,
    tail: Tail<'a>,
    names: Names<'a>,
    bars: Bars<'a>,
    rules: Rules<'a>,
    blocks: Blocks<'a>,
    backlog: Backlog,
    accounts: Accounts,
    trim: Trim,
    pace: Pace,
    gathering: Gathering,
}

impl<'a> Work<'a> {
    fn prepare(writer: &'a Writer, trim: Trim, accounts: Accounts, asked: &Arc<Asked>) -> Result<Work<'a>, Error> {
        let connection = &writer.connection;
        let rules = writer.folder.blame(Rules::prepare(connection))?;
        let prepare = || {
            Ok(Work {
                writer,
                begin: connection.prepare("BEGIN IMMEDIATE")?,
                commit: connection.prepare("COMMIT")?,
                tail: Tail::prepare(connection, writer.end)?,
                names: Names::prepare(connection)?,
                bars: Bars::prepare(connection)?,
                rules,
                blocks: Blocks::prepare(connection)?,
                backlog: Backlog::new(writer.end.number),
                accounts,
                trim,
                pace: Pace::default(),
                gathering: Gathering::begin(asked),
            })
        };
        prepare().map_err(Error::sqlite(writer.folder.database()))
    }

    fn run(&mut self, jobs: &Receiver<Job>, confirm: &Confirm) -> Result<(), Error> {
        loop {
            let rest = if self.backlog.len() > 0 || self.trim.has_work() { REST } else { IDLE };
            match jobs.recv_timeout(rest) {
                Ok(Job::Append(batch)) => {
                    let closing = self.append(batch, jobs)?;
                    confirm(Ok(self.stored()));
                    if closing {
                        break;
                    }
                }
                Ok(Job::KeepClock(at, answer)) => {
                    self.begin()?;
                    self.keep_clock(at)?;
                    self.commit()?;
                    answer(Ok(()));
                }
                Err(RecvTimeoutError::Timeout) => self.rest(confirm)?,
                Ok(Job::Close) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        while self.backlog.len() > 0 {
            self.rest(confirm)?;
        }
        Ok(())
    }

    /// Keeps a batch and all that wait behind it, in one transaction. Returns whether the writer shall end.
    fn append(&mut self, first: Batch, jobs: &Receiver<Job>) -> Result<bool, Error> {
        if let Some(wait) = self.pace.wait(asked_for(&first) > 0, self.gathering.is_in_step()) {
            self.gathering.wait(wait);
        }
        #[expect(clippy::disallowed_methods, reason = "it measures itself: nothing that is kept follows from it")]
        let begun = Instant::now();
        self.begin()?;
        let before = self.tail.end().number;
        let (mut events, mut asked, mut next) = (0, 0, Ok(Job::Append(first)));
        let mut answers = Vec::new();
        let closing = loop {
            match next {
                Ok(Job::Append(batch)) => {
                    self.insert(&batch)?;
                    events += batch.len();
                    asked += asked_for(&batch);
                }
                Ok(Job::KeepClock(at, answer)) => {
                    self.keep_clock(at)?;
                    answers.push(answer);
                }
                Ok(Job::Close) | Err(TryRecvError::Disconnected) => break true,
                Err(TryRecvError::Empty) => break false,
            }
            if events >= COMMIT_AT_MOST {
                break false;
            }
            next = jobs.try_recv();
        };
        let flushed = self.tail.flush().and_then(|()| self.bars.flush()).and_then(|()| self.rules.flush());
        self.sqlite(flushed)?;
        // No more than comes in: a transaction takes about as long as those before it.
        let changes = usize::try_from(self.tail.end().number.0 - before.0).unwrap_or(usize::MAX);
        let mut settled = 0;
        while settled <= changes {
            match self.backlog.ripe(self.tail.end().at) {
                0 => break,
                ripe => settled += self.settle(ripe, Until::RowsAreFull)?,
            }
        }
        self.trim_some(changes)?;
        self.commit()?;
        self.pace.count(events, begun.elapsed());
        self.gathering.committed(asked);
        answers.into_iter().for_each(|answer| answer(Ok(())));
        Ok(closing)
    }

    /// It never goes back.
    fn keep_clock(&mut self, at: Time) -> Result<(), Error> {
        let (connection, at) = (&self.writer.connection, Number(at.0.cast_unsigned()));
        let kept = self.writer.folder.blame(marks::find(connection, marks::CLOCK))?;
        if kept.is_none_or(|kept| kept < at) {
            self.sqlite(marks::write(connection, marks::CLOCK, at))?;
        }
        Ok(())
    }

    /// Catches up while nothing comes.
    fn rest(&mut self, confirm: &Confirm) -> Result<(), Error> {
        if self.backlog.len() == 0 && !self.trim.has_work() {
            return self.writer.watch.look();
        }
        self.begin()?;
        self.settle(SETTLE_AT_MOST, Until::Then)?;
        self.trim_some(SETTLE_AT_MOST)?;
        self.commit()?;
        confirm(Ok(self.stored()));
        Ok(())
    }

    fn stored(&self) -> Stored {
        let end = self.tail.end();
        let kept_orders = end.accepted.saturating_sub(self.trim.gone());
        Stored { durable: end.number, settled: self.backlog.settled(), removed: self.trim.horizon(), kept_orders }
    }

    fn insert(&mut self, batch: &[Event]) -> Result<(), Error> {
        for event in batch {
            let (expected, found) = (self.tail.end().next(event), (event.number, event.seq));
            if found != expected {
                return Err(Error::OutOfOrder { expected, found });
            }
            if let Body::Followed(followed) = &event.body {
                self.sqlite(trails::keep(&self.writer.connection, followed))?;
                continue;
            }
            let kept = self.rules.add(event);
            self.sqlite(kept)?;
            if let Body::Ruled(_) = &event.body {
                continue;
            }
            let written = self.tail.push(event);
            self.sqlite(written)?;
            self.writer.folder.blame(self.bars.add(event))?;
            if let Body::RowsChanged(changed) = &event.body {
                self.sqlite(rows::keep(&self.writer.connection, event, changed))?;
            }
            event.names().try_for_each(|name| self.name(&name, event.number))?;
            self.backlog.push(event).map_err(|damage| Error::damaged(self.writer.folder.database(), damage))?;
        }
        Ok(())
    }

    fn name(&mut self, name: &Name, order: Number) -> Result<(), Error> {
        match self.names.give(name, order) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                let is_free = self.writer.folder.blame(self.is_free(name))?;
                let given = if is_free { self.names.give_on(name, order) } else { Err(error) };
                self.sqlite(given)
            }
            given => self.sqlite(given),
        }
    }

    /// Whether a name that is in the table is free all the same: its order is removed.
    fn is_free(&self, name: &Name) -> Read<bool> {
        let connection = &self.writer.connection;
        let order = match (name, names::order_of(connection, name)?) {
            (Name::ClientOrderId(_), _) | (_, None) => return Ok(false),
            (Name::IdempotencyKey(_), Some(order)) if order > self.backlog.settled() => return Ok(false),
            (Name::IdempotencyKey(_), Some(order)) => order,
        };
        Ok(blocks::find(connection, order)?.is_none_or(|order| is_removed(&order, self.trim.horizon())))
    }

    /// Brings so many changes into the table of orders, oldest first; returns how many.
    fn settle(&mut self, count: usize, until: Until) -> Result<usize, Error> {
        let tables = Tables { blocks: &mut self.blocks, accounts: &mut self.accounts };
        let settled = settle(&self.writer.connection, &mut self.backlog, tables, count, until);
        self.writer.folder.blame(settled)
    }

    fn trim_some(&mut self, changes: usize) -> Result<(), Error> {
        let settled = (self.backlog.settled(), self.backlog.closed());
        let now = self.tail.end().at;
        self.writer.folder.blame(self.trim.step(&self.writer.connection, settled, now, changes))
    }

    fn begin(&mut self) -> Result<(), Error> {
        let begun = self.begin.execute([]);
        self.sqlite(begun)?;
        self.sqlite(self.writer.stamp.write_if_due(&self.writer.connection))
    }

    fn commit(&mut self) -> Result<(), Error> {
        let committed = self.commit.execute([]);
        self.sqlite(committed)?;
        self.writer.watch.look()?;
        self.writer.mark.set(self.tail.end().number)
    }

    fn sqlite<T>(&self, result: rusqlite::Result<T>) -> Result<T, Error> {
        result.map_err(|error| Error::sqlite(self.writer.folder.database())(error))
    }
}

/// Where settling ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// After as many changes as were asked for.
    Then,
    /// A little later, if the last row is full then: a row that is not would be read and written once more.
    RowsAreFull,
}

/// What changes are settled in.
struct Tables<'a, 'b> {
    blocks: &'a mut Blocks<'b>,
    accounts: &'a mut Accounts,
}

/// Brings changes of the backlog into the tables of orders and accounts, oldest first, and says so in the mark; returns
/// how many.
fn settle(
    connection: &Connection,
    backlog: &mut Backlog,
    Tables { blocks, accounts }: Tables<'_, '_>,
    count: usize,
    until: Until,
) -> Read<usize> {
    let room = if until == Until::RowsAreFull { blocks.room()? } else { 0 };
    let (mut orders, mut changes) = (Vec::new(), Vec::new());
    let is_full = |orders: &Vec<Order>| orders.len() >= room && (orders.len() - room).is_multiple_of(BLOCK);
    let at_most = if until == Until::RowsAreFull { count + 2 * BLOCK } else { count };
    let all = backlog.len();
    let settled = |backlog: &Backlog| all - backlog.len();
    while settled(backlog) < count || (settled(backlog) < at_most && !is_full(&orders)) {
        match backlog.pop() {
            Some(Step::Insert(order)) => orders.push(order),
            Some(Step::Change(event)) => {
                accounts.apply(&event)?;
                changes.push(event);
            }
            Some(Step::Aside(event)) => accounts.apply(&event)?,
            None => break,
        }
    }
    blocks.change(&changes)?;
    blocks.add(orders)?;
    accounts.write(connection)?;
    marks::write(connection, marks::SETTLED, backlog.settled())?;
    Ok(settled(backlog))
}

/// Brings what a crash left unsettled, after the change `settled`, into the tables of orders and accounts.
///
/// Commits in any case: the crash may have come before the log's last sync, and what is read from here on must stay.
pub(crate) fn catch_up(connection: &Connection, stamp: &Stamp, settled: Number, events: &[Event]) -> Read<()> {
    let transaction = connection.unchecked_transaction()?;
    stamp.write_if_due(connection)?;
    let mut backlog = Backlog::of(settled, events)?;
    let count = backlog.len();
    let (mut blocks, mut accounts) = (Blocks::prepare(connection)?, Accounts::read(connection)?);
    let tables = Tables { blocks: &mut blocks, accounts: &mut accounts };
    settle(connection, &mut backlog, tables, count, Until::Then)?;
    Ok(transaction.commit()?)
}
