//! The thread that writes: everything that waits is one transaction with one sync, and while it syncs, the next gathers.

use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Statement};
use tradepit_engine::{Change, Event, Seq};

use crate::ack::Mark;
use crate::error::Error;
use crate::fold::{Backlog, Step, WINDOW};
use crate::folder::Folder;
use crate::lock::{Lock, Watch};
use crate::record::{
    Fault, INSERT_ACCEPTED, INSERT_CLOSED, INSERT_ORDER, ORDER_COLUMNS, close, read_order, write_accepted,
    write_closed, write_order,
};
use crate::retain::{Retain, Trim};
use crate::stamp::Stamp;
use crate::{Batch, Confirm, Stored, marks};

/// Changes in one transaction, give or take a batch: none waits long for those before it.
const COMMIT_AT_MOST: usize = 4_096;
/// So few changes are not worth trailing for: they become orders at once.
const QUIET: usize = 4;
/// Changes that become orders in one transaction of a store that is at rest.
const SETTLE_AT_MOST: usize = 512;
/// After so long without a change the store is at rest.
const REST: Duration = Duration::from_millis(50);
/// A store with nothing left to do looks after what it retains so often.
const IDLE: Duration = Duration::from_secs(1);
/// The mark of what is settled is written when it would lag by so much: a page less in each transaction.
const MARK_EVERY: u64 = 1_024;

/// What the writer is told.
#[derive(Debug)]
pub(crate) enum Job {
    /// Keep these changes.
    Append(Batch),
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
    pub(crate) retain: Retain,
    /// The newest change in the log; all of them are settled.
    pub(crate) last_seq: Seq,
}

impl Writer {
    /// Works until it is told to end, or fails; then no further change is taken.
    pub(crate) fn run(self, jobs: &Receiver<Job>, confirm: &Confirm) {
        let path = self.folder.database();
        let result = Work::prepare(&self).map_err(Error::sqlite(&path)).and_then(|mut work| work.run(jobs, confirm));
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
    insert_accepted: Statement<'a>,
    insert_closed: Statement<'a>,
    rows: Rows<'a>,
    backlog: Backlog,
    trim: Trim,
    last_seq: Seq,
    /// What the database says is settled.
    marked: Seq,
}

/// The table of orders.
struct Rows<'a> {
    insert: Statement<'a>,
    read: Statement<'a>,
}

impl<'a> Work<'a> {
    fn prepare(writer: &'a Writer) -> rusqlite::Result<Work<'a>> {
        let connection = &writer.connection;
        let (seq, trim) = (writer.last_seq, Trim::begin(connection, writer.retain)?);
        Ok(Work {
            writer,
            begin: connection.prepare("BEGIN IMMEDIATE")?,
            commit: connection.prepare("COMMIT")?,
            insert_accepted: connection.prepare(INSERT_ACCEPTED)?,
            insert_closed: connection.prepare(INSERT_CLOSED)?,
            rows: Rows::prepare(connection)?,
            backlog: Backlog::new(seq),
            trim,
            last_seq: seq,
            marked: seq,
        })
    }

    fn run(&mut self, jobs: &Receiver<Job>, confirm: &Confirm) -> Result<(), Error> {
        loop {
            let rest = if self.backlog.len() > 0 || self.trim.has_work() { REST } else { IDLE };
            match jobs.recv_timeout(rest) {
                Ok(Job::Append(batch)) => {
                    let closing = self.append(&batch, jobs)?;
                    confirm(Ok(self.stored()));
                    if closing {
                        break;
                    }
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
    fn append(&mut self, batch: &Batch, jobs: &Receiver<Job>) -> Result<bool, Error> {
        self.begin()?;
        let mut changes = batch.len();
        self.insert(batch)?;
        let closing = loop {
            match jobs.try_recv() {
                Ok(Job::Append(batch)) => {
                    self.insert(&batch)?;
                    changes += batch.len();
                    if changes >= COMMIT_AT_MOST {
                        break false;
                    }
                }
                Ok(Job::Close) | Err(TryRecvError::Disconnected) => break true,
                Err(TryRecvError::Empty) => break false,
            }
        };
        if changes <= QUIET && self.backlog.len() <= SETTLE_AT_MOST {
            self.settle(0)?;
        } else {
            self.settle(WINDOW)?;
        }
        self.trim_some(changes)?;
        self.commit()?;
        Ok(closing)
    }

    /// Catches up while nothing comes.
    fn rest(&mut self, confirm: &Confirm) -> Result<(), Error> {
        if self.backlog.len() == 0 && self.marked == self.backlog.settled() && !self.trim.has_work() {
            return self.writer.watch.look();
        }
        self.begin()?;
        self.settle(self.backlog.len().saturating_sub(SETTLE_AT_MOST))?;
        if self.backlog.len() == 0 {
            self.mark_settled()?;
        }
        self.trim_some(SETTLE_AT_MOST)?;
        self.commit()?;
        confirm(Ok(self.stored()));
        Ok(())
    }

    fn stored(&self) -> Stored {
        Stored { durable: self.last_seq, settled: self.backlog.settled(), removed: self.trim.horizon() }
    }

    fn insert(&mut self, batch: &[Event]) -> Result<(), Error> {
        for event in batch {
            if event.seq != self.last_seq.next() {
                return Err(Error::OutOfOrder { expected: self.last_seq.next(), found: event.seq });
            }
            let written = match event.change {
                Change::Accepted { due_at } => write_accepted(&mut self.insert_accepted, event, due_at),
                Change::Executed | Change::Cancelled => write_closed(&mut self.insert_closed, event),
            };
            self.sqlite(written)?;
            self.backlog.push(event).map_err(|fault| Error::damaged(self.writer.folder.database(), fault))?;
            self.last_seq = event.seq;
        }
        Ok(())
    }

    /// Brings changes into the table of orders, oldest first, until it trails by `left`.
    fn settle(&mut self, left: usize) -> Result<(), Error> {
        while self.backlog.len() > left {
            let Some(step) = self.backlog.pop() else { break };
            self.writer.folder.blame(self.rows.apply(&step))?;
        }
        if self.backlog.settled().0 - self.marked.0 >= MARK_EVERY { self.mark_settled() } else { Ok(()) }
    }

    fn mark_settled(&mut self) -> Result<(), Error> {
        self.marked = self.backlog.settled();
        self.sqlite(marks::write(&self.writer.connection, marks::SETTLED, self.backlog.settled()))
    }

    fn trim_some(&mut self, changes: usize) -> Result<(), Error> {
        self.writer.folder.blame(self.trim.step(&self.writer.connection, self.backlog.settled(), changes))
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
        self.writer.mark.set(self.last_seq)
    }

    fn sqlite<T>(&self, result: rusqlite::Result<T>) -> Result<T, Error> {
        result.map_err(|error| Error::sqlite(self.writer.folder.database())(error))
    }
}

impl<'a> Rows<'a> {
    fn prepare(connection: &'a Connection) -> rusqlite::Result<Rows<'a>> {
        let read = format!("SELECT {ORDER_COLUMNS} FROM settled o WHERE o.seq = ?1");
        Ok(Rows { insert: connection.prepare(INSERT_ORDER)?, read: connection.prepare(&read)? })
    }

    fn apply(&mut self, step: &Step) -> rusqlite::Result<Result<(), Fault>> {
        match step {
            Step::Insert(order) => write_order(&mut self.insert, order).map(|_| Ok(())),
            Step::Close(event) => self.close(event),
            Step::Nothing => Ok(Ok(())),
        }
    }

    fn close(&mut self, event: &Event) -> rusqlite::Result<Result<(), Fault>> {
        let found = self.read.query_row([event.accepted_seq.0.cast_signed()], read_order).optional()?;
        let mut order = match found {
            Some(Ok(order)) => order,
            Some(Err(fault)) => return Ok(Err(fault)),
            None => return Ok(Err(format!("the order of change {} is missing", event.accepted_seq.0))),
        };
        if order.seq == event.seq {
            // Written as closed before the mark of what is settled was.
            return Ok(Ok(()));
        }
        match close(&mut order, event) {
            Ok(()) => write_order(&mut self.insert, &order).map(|_| Ok(())),
            Err(fault) => Ok(Err(fault)),
        }
    }
}

/// Brings what a crash left unsettled, after the change `settled`, into the table of orders.
///
/// Commits in any case: the crash may have come before the log's last sync, and what is read from here on must stay.
pub(crate) fn catch_up(
    connection: &Connection,
    stamp: &Stamp,
    settled: Seq,
    events: &[Event],
) -> rusqlite::Result<Result<(), Fault>> {
    let transaction = connection.unchecked_transaction()?;
    stamp.write_if_due(connection)?;
    let mut backlog = match Backlog::of(settled, events) {
        Ok(backlog) => backlog,
        Err(fault) => return Ok(Err(fault)),
    };
    let mut rows = Rows::prepare(connection)?;
    while let Some(step) = backlog.pop() {
        if let Err(fault) = rows.apply(&step)? {
            return Ok(Err(fault));
        }
    }
    marks::write(connection, marks::SETTLED, backlog.settled())?;
    transaction.commit().map(Ok)
}
