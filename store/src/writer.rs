//! The thread that writes: everything that waits is one transaction with one sync, and while it syncs, the next
//! gathers.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, Statement};
use tradepit_engine::{Body, Event, Name, Number, Time};

use crate::accounts::Accounts;
use crate::ack::Mark;
use crate::asked::{Asked, Gathering, asked_for};
use crate::bars::Bars;
use crate::blocks::{self, Blocks};
use crate::damage::Read;
use crate::error::Error;
use crate::fold::Backlog;
use crate::folder::Folder;
use crate::journal::{End, Tail};
use crate::lock::{Lock, Watch};
use crate::names::{self, Names};
use crate::pace::{COMMIT_AT_MOST, Pace};
use crate::retain::{Trim, is_removed};
use crate::rules::Rules;
use crate::settle::{Rows, Tables, settle};
use crate::stamp::Stamp;
use crate::threads::jobs::{Job, Jobs};
use crate::{Batch, Confirm, Stored, marks, rows, trails};

/// Changes that become orders in one transaction of a store that is at rest.
const SETTLE_AT_MOST: usize = 4_096;
/// After so long without a change the store is at rest.
const REST: Duration = Duration::from_millis(50);
/// A store with nothing left to do looks after what it retains so often.
const IDLE: Duration = Duration::from_secs(1);
/// A writer that others wait for works so long.
const TURN: Duration = Duration::from_millis(10);

/// What the writer works with.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) folder: Folder,
    pub(crate) lock: Lock,
    pub(crate) mark: Mark,
    pub(crate) stamp: Stamp,
    pub(crate) watch: Watch,
    /// Where the log ends; at the start all changes in it are settled.
    pub(crate) end: End,
}

/// How far the writer is, between one stretch of work and the next.
pub(crate) struct Standing {
    backlog: Backlog,
    accounts: Accounts,
    trim: Trim,
    pace: Pace,
    gathering: Gathering,
}

impl Standing {
    /// Before anything was written.
    pub(crate) fn begin(writer: &Writer, (trim, accounts): (Trim, Accounts), asked: &Arc<Asked>) -> Standing {
        let (backlog, gathering) = (Backlog::new(writer.end.number), Gathering::of(asked));
        Standing { backlog, accounts, trim, pace: Pace::default(), gathering }
    }
}

/// Until when the writer works.
pub(crate) enum Until<'a> {
    /// Until it is told to end.
    Told,
    /// Until then, or as long as there is something to do, or until its time is over and this says that others wait.
    OthersWait(&'a dyn Fn() -> bool),
}

/// Why a stretch of work is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// It was told to end.
    Told,
    /// There is nothing to do.
    AtRest,
    /// Others wait.
    GaveWay,
}

impl Writer {
    /// Works on; where it fails no further change is taken.
    pub(crate) fn work(
        &mut self,
        standing: Standing,
        jobs: &Jobs,
        until: &Until<'_>,
        confirm: &Confirm,
    ) -> Result<(Standing, Over), Error> {
        let mut work = Work::prepare(self, standing)?;
        let over = work.run(jobs, until, confirm)?;
        let (standing, end) = work.leave();
        self.end = end;
        Ok((standing, over))
    }

    /// Gives back the memory that it does not need while nothing is written.
    pub(crate) fn keep_little(&self) -> Result<(), Error> {
        self.connection.execute_batch("PRAGMA shrink_memory").map_err(Error::sqlite(self.folder.database()))
    }

    /// Leaves one file that stands alone.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let finished = self.checkpoint();
        // In this order: whoever comes next finds nobody in the database.
        drop(self.connection);
        drop(self.lock);
        finished
    }

    fn checkpoint(&self) -> Result<(), Error> {
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
    standing: Standing,
}

impl<'a> Work<'a> {
    fn prepare(writer: &'a Writer, standing: Standing) -> Result<Work<'a>, Error> {
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
                standing,
            })
        };
        prepare().map_err(Error::sqlite(writer.folder.database()))
    }

    fn run(&mut self, jobs: &Jobs, until: &Until<'_>, confirm: &Confirm) -> Result<Over, Error> {
        self.standing.gathering.is_here();
        #[expect(clippy::disallowed_methods, reason = "a turn among others: nothing that is kept follows from it")]
        let begun = Instant::now();
        loop {
            let others_wait = matches!(until, Until::OthersWait(others_wait) if others_wait());
            if others_wait && begun.elapsed() >= TURN {
                return Ok(Over::GaveWay);
            }
            let has_more = self.standing.backlog.len() > 0 || self.standing.trim.has_work();
            let rest = match until {
                _ if others_wait => Duration::ZERO,
                Until::Told if !has_more => IDLE,
                Until::Told | Until::OthersWait(_) => REST,
            };
            match jobs.wait(rest) {
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
                Err(RecvTimeoutError::Timeout) if !has_more && matches!(until, Until::OthersWait(_)) => {
                    return Ok(Over::AtRest);
                }
                Err(RecvTimeoutError::Timeout) => self.rest(confirm)?,
                Ok(Job::Close) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        while self.standing.backlog.len() > 0 {
            self.rest(confirm)?;
        }
        Ok(Over::Told)
    }

    fn leave(self) -> (Standing, End) {
        (self.standing, self.tail.end())
    }

    /// Keeps a batch and all that wait behind it, in one transaction. Returns whether the writer shall end.
    fn append(&mut self, first: Batch, jobs: &Jobs) -> Result<bool, Error> {
        if let Some(wait) = self.standing.pace.wait(asked_for(&first) > 0, self.standing.gathering.is_in_step()) {
            self.standing.gathering.wait(wait);
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
            next = jobs.next();
        };
        let flushed = self.tail.flush().and_then(|()| self.bars.flush()).and_then(|()| self.rules.flush());
        self.sqlite(flushed)?;
        // No more than comes in: a transaction takes about as long as those before it.
        let changes = usize::try_from(self.tail.end().number.0 - before.0).unwrap_or(usize::MAX);
        let mut settled = 0;
        while settled <= changes {
            match self.standing.backlog.ripe(self.tail.end().at) {
                0 => break,
                ripe => settled += self.settle(ripe, Rows::Full)?,
            }
        }
        self.trim_some(changes)?;
        self.commit()?;
        self.standing.pace.count(events, begun.elapsed());
        self.standing.gathering.committed(asked);
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
        if self.standing.backlog.len() == 0 && !self.standing.trim.has_work() {
            return self.writer.watch.look();
        }
        self.begin()?;
        self.settle(SETTLE_AT_MOST, Rows::AsTheyCome)?;
        self.trim_some(SETTLE_AT_MOST)?;
        self.commit()?;
        confirm(Ok(self.stored()));
        Ok(())
    }

    fn stored(&self) -> Stored {
        let end = self.tail.end();
        let kept_orders = end.accepted.saturating_sub(self.standing.trim.gone());
        Stored {
            durable: end.number,
            settled: self.standing.backlog.settled(),
            removed: self.standing.trim.horizon(),
            kept_orders,
        }
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
            self.standing
                .backlog
                .push(event)
                .map_err(|damage| Error::damaged(self.writer.folder.database(), damage))?;
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
            (Name::IdempotencyKey(_), Some(order)) if order > self.standing.backlog.settled() => return Ok(false),
            (Name::IdempotencyKey(_), Some(order)) => order,
        };
        Ok(blocks::find(connection, order)?.is_none_or(|order| is_removed(&order, self.standing.trim.horizon())))
    }

    /// Brings so many changes into the table of orders, oldest first; returns how many.
    fn settle(&mut self, count: usize, rows: Rows) -> Result<usize, Error> {
        let tables = Tables { blocks: &mut self.blocks, accounts: &mut self.standing.accounts };
        let settled = settle(&self.writer.connection, &mut self.standing.backlog, tables, count, rows);
        self.writer.folder.blame(settled)
    }

    fn trim_some(&mut self, changes: usize) -> Result<(), Error> {
        let settled = (self.standing.backlog.settled(), self.standing.backlog.closed());
        let now = self.tail.end().at;
        self.writer.folder.blame(self.standing.trim.step(&self.writer.connection, settled, now, changes))
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
