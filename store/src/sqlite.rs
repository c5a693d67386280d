//! The store on SQLite: hands changes to the writer's thread, and questions to the readers'.

use std::io;
use std::sync::Arc;

use tradepit_engine::{
    ActivitiesOf, Activity, Bar, BarsOf, ChangeFilter, Changes, Fill, FillsOf, KeptChanges, Name, Named, Number,
    OpenOrders, Order, Page, PageOf, Print, PrintsOf, Seq, Stretch, Time, Trace, TraceOf,
};

use crate::accounts::Accounts;
use crate::asked::Asked;
use crate::error::{Error, ReadError};
use crate::folder::Folder;
use crate::query::Archive;
use crate::recovery::Opened;
use crate::retain::{Retain, Trim};
use crate::schema;
use crate::threads::jobs::Job;
use crate::threads::own::{self, Own};
use crate::threads::pool::Pool;
use crate::threads::shared::Shared;
use crate::threads::{Threads, check_apart};
use crate::writer::{Standing, Writer};
use crate::{Answer, Batch, Confirm, Disk, Store};

/// A store that is ready to start.
#[derive(Debug)]
pub struct SqliteStore {
    writer: Writer,
    accounts: Accounts,
    trim: Trim,
    on: On,
    /// A database that was too large to be checked before: checked while it is used.
    unchecked: Option<Archive>,
}

/// On which threads.
#[derive(Debug)]
enum On {
    /// Those that read with these, and one that writes.
    Own(Vec<Archive>),
    Shared(Pool),
}

impl SqliteStore {
    /// Makes ready to write to the folder that was opened, and to read, on threads of its own. An exchange was
    /// recovered from it: what that lists is listed here.
    pub fn new(opened: Opened, retain: Retain) -> Result<SqliteStore, Error> {
        SqliteStore::on(opened, retain, |folder| {
            schema::make_room_in_wal(folder)?;
            (0..own::READERS).map(|_| Archive::beside_writer(folder)).collect::<Result<_, _>>().map(On::Own)
        })
    }

    /// The same, on threads that it shares with others: where nothing happens it has none, and little memory.
    pub fn in_pool(opened: Opened, retain: Retain, pool: &Pool) -> Result<SqliteStore, Error> {
        SqliteStore::on(opened, retain, |_| Ok(On::Shared(pool.clone())))
    }

    fn on(opened: Opened, retain: Retain, on: impl FnOnce(&Folder) -> Result<On, Error>) -> Result<SqliteStore, Error> {
        let folder = opened.folder().clone();
        // On a disk that is full this fails now, and not once somebody waits for it.
        opened.carry_log()?;
        let on = on(&folder)?;
        let unchecked = if opened.is_checked() { None } else { Some(Archive::beside_writer(&folder)?) };
        let (writer, accounts) = opened.into_writer()?;
        // Takes as long as there are orders, where only so many shall be kept.
        let trim = folder.blame(Trim::begin(&writer.connection, retain))?;
        Ok(SqliteStore { writer, accounts, trim, on, unchecked })
    }

    /// How many orders are kept.
    #[must_use]
    pub fn kept_orders(&self) -> u64 {
        self.writer.end.accepted.saturating_sub(self.trim.gone())
    }

    /// Starts it; `confirm` is told of each commit, and of the error that ends it.
    pub fn start(self, confirm: &Confirm) -> io::Result<Running> {
        let (asked, folder) = (Arc::<Asked>::default(), self.writer.folder.clone());
        let standing = Standing::begin(&self.writer, (self.trim, self.accounts), &asked);
        if let Some(archive) = self.unchecked {
            check_apart(archive, confirm)?;
        }
        let threads: Box<dyn Threads> = match self.on {
            On::Own(archives) => Box::new(Own::start(archives, self.writer, standing, confirm)?),
            On::Shared(pool) => Box::new(Shared::start(pool, self.writer, standing, confirm)),
        };
        Ok(Running { folder, asked, threads })
    }
}

/// A store at work.
#[derive(Debug)]
pub struct Running {
    folder: Folder,
    asked: Arc<Asked>,
    threads: Box<dyn Threads>,
}

impl Running {
    fn ask<T: 'static>(&self, read: impl FnOnce(&Archive) -> Result<T, Error> + Send + 'static, answer: Answer<T>) {
        self.threads.ask(Box::new(move |archive| match archive.map(read) {
            Ok(Ok(found)) => {
                answer(Ok(found));
                Ok(())
            }
            Ok(Err(error)) => {
                answer(Err(ReadError::Failed));
                Err(error)
            }
            Err(refused) => {
                answer(Err(refused));
                Ok(())
            }
        }));
    }
}

impl Store for Running {
    fn append(&self, batch: Batch) {
        // A writer that has failed has said so; whoever waits for this batch is told by that.
        let _ = self.threads.give(Job::Append(Arc::clone(&batch)));
        self.asked.count(&batch);
    }

    fn keep_clock(&self, at: Time, answer: Answer<()>) {
        if let Err(Job::KeepClock(_, answer)) = self.threads.give(Job::KeepClock(at, answer)) {
            answer(Err(ReadError::Failed));
        }
    }

    fn order(&self, accepted: Number, answer: Answer<Option<Order>>) {
        self.ask(move |archive| archive.order(accepted), answer);
    }

    fn named(&self, name: Name, answer: Answer<Named>) {
        self.ask(move |archive| archive.named(&name), answer);
    }

    fn page(&self, question: PageOf, answer: Answer<Option<Page>>) {
        self.ask(move |archive| archive.page(&question), answer);
    }

    fn changes(&self, after: Number, filter: ChangeFilter, answer: Answer<Changes>) {
        self.ask(move |archive| archive.changes(after, &filter), answer);
    }

    fn number_of(&self, seq: Seq, answer: Answer<Option<Number>>) {
        self.ask(move |archive| archive.number_of(seq), answer);
    }

    fn open_orders(&self, as_of: Number, after: Number, filter: ChangeFilter, answer: Answer<OpenOrders>) {
        self.ask(move |archive| archive.open_orders(as_of, after, &filter), answer);
    }

    fn fills(&self, question: FillsOf, answer: Answer<Stretch<Fill>>) {
        self.ask(move |archive| archive.fills(&question), answer);
    }

    fn newest_fills(&self, accepted: Number, upto: Number, at_most: usize, answer: Answer<Vec<Fill>>) {
        self.ask(move |archive| archive.newest_fills(accepted, upto, at_most), answer);
    }

    fn prints(&self, question: PrintsOf, answer: Answer<Stretch<Print>>) {
        self.ask(move |archive| archive.prints(&question), answer);
    }

    fn bars(&self, question: BarsOf, answer: Answer<Vec<Bar>>) {
        self.ask(move |archive| archive.bars(&question), answer);
    }

    fn activities(&self, question: ActivitiesOf, answer: Answer<Stretch<Activity>>) {
        self.ask(move |archive| archive.activities(&question), answer);
    }

    fn trace(&self, question: TraceOf, answer: Answer<Stretch<Trace>>) {
        self.ask(move |archive| archive.trace(&question), answer);
    }

    fn kept(&self, after: Number, answer: Answer<KeptChanges>) {
        self.ask(move |archive| archive.kept(after), answer);
    }

    fn disk(&self) -> Option<Disk> {
        self.folder.disk().ok()
    }

    fn begin_to_close(&self) {
        let _ = self.threads.give(Job::Close);
    }

    fn close(&self) {
        self.threads.close();
    }
}
