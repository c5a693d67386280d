//! The store on SQLite: hands changes to the writer's thread, and questions to the readers'.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{Receiver, SendError, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

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
use crate::writer::{Job, Writer};
use crate::{Answer, Batch, Confirm, Disk, Store, check};

/// Threads that read. Two, so that a long list does not hold up a short question.
const READERS: usize = 2;
/// Questions that may wait; one more is [`ReadError::Busy`].
const QUESTIONS: usize = 1_024;

/// Reads and answers, or passes on why it was refused.
type Question = Box<dyn FnOnce(Result<&Archive, ReadError>) -> Result<(), Error> + Send>;

/// A store that is ready to start.
#[derive(Debug)]
pub struct SqliteStore {
    writer: Writer,
    accounts: Accounts,
    trim: Trim,
    archives: Vec<Archive>,
    /// A database that was too large to be checked before: checked while it is used.
    unchecked: Option<Archive>,
}

impl SqliteStore {
    /// Makes ready to write to the folder that was opened, and to read. An exchange was recovered from it: what that
    /// lists is listed here.
    pub fn new(opened: Opened, retain: Retain) -> Result<SqliteStore, Error> {
        let folder = opened.folder().clone();
        // On a disk that is full this fails now, and not once somebody waits for it.
        opened.carry_log()?;
        schema::make_room_in_wal(&folder)?;
        let archives = (0..READERS).map(|_| Archive::beside_writer(&folder)).collect::<Result<_, _>>()?;
        let unchecked = if opened.is_checked() { None } else { Some(Archive::beside_writer(&folder)?) };
        let (writer, accounts) = opened.into_writer()?;
        // Takes as long as there are orders, where only so many shall be kept.
        let trim = folder.blame(Trim::begin(&writer.connection, retain))?;
        Ok(SqliteStore { writer, accounts, trim, archives, unchecked })
    }

    /// How many orders are kept.
    #[must_use]
    pub fn kept_orders(&self) -> u64 {
        self.writer.end.accepted.saturating_sub(self.trim.gone())
    }

    /// Starts its threads; `confirm` is told of each commit, and of the error that ends it.
    pub fn start(self, confirm: &Confirm) -> io::Result<Running> {
        let (jobs, given) = channel();
        let (questions, asked) = sync_channel(QUESTIONS);
        let asked = Arc::new(Mutex::new(asked));
        for archive in self.archives {
            let asked = Arc::clone(&asked);
            spawn("store-reader", confirm, move |confirm| answer(&archive, &asked, confirm))?;
        }
        if let Some(archive) = self.unchecked {
            spawn("store-check", confirm, move |confirm| check_all(&archive, confirm))?;
        }
        let asked = Arc::new(Asked::default());
        let folder = self.writer.folder.clone();
        let (writer, state, gathered) = (self.writer, (self.trim, self.accounts), Arc::clone(&asked));
        let writing = spawn("store-writer", confirm, move |confirm| writer.run(state, &given, &gathered, confirm))?;
        Ok(Running { folder, jobs, asked, questions, writing: Mutex::new(Some(writing)) })
    }
}

/// Starts a thread. One that panics has failed as one that says so: without it requests would wait for ever.
fn spawn(
    name: &'static str,
    confirm: &Confirm,
    work: impl FnOnce(&Confirm) + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    let confirm = Arc::clone(confirm);
    let guarded = move || {
        // What it worked with is gone with it; nobody sees it half done.
        if panic::catch_unwind(AssertUnwindSafe(|| work(&confirm))).is_err() {
            confirm(Err(Error::Panicked(name)));
        }
    };
    thread::Builder::new().name(name.to_owned()).spawn(guarded)
}

fn answer(archive: &Archive, asked: &Mutex<Receiver<Question>>, confirm: &Confirm) {
    loop {
        // One reader waits for the next question, the others for the lock.
        let question = asked.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(question) = question else { return };
        if let Err(error) = question(Ok(archive)) {
            confirm(Err(error));
        }
    }
}

fn check_all(archive: &Archive, confirm: &Confirm) {
    match check::run(archive, |_, _| {}) {
        Ok(report) => match report.damage.into_iter().next() {
            Some(what) => confirm(Err(Error::damaged(archive.folder().database(), what))),
            None => log::info!("the database is whole: {} changes, {} orders", report.changes, report.orders),
        },
        Err(error) => confirm(Err(error)),
    }
}

/// A store at work.
#[derive(Debug)]
pub struct Running {
    folder: Folder,
    jobs: Sender<Job>,
    asked: Arc<Asked>,
    questions: SyncSender<Question>,
    writing: Mutex<Option<JoinHandle<()>>>,
}

impl Running {
    fn ask<T: 'static>(&self, read: impl FnOnce(&Archive) -> Result<T, Error> + Send + 'static, answer: Answer<T>) {
        let question: Question = Box::new(move |archive| match archive.map(read) {
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
        });
        let (question, refused) = match self.questions.try_send(question) {
            Ok(()) => return,
            Err(TrySendError::Full(question)) => (question, ReadError::Busy),
            Err(TrySendError::Disconnected(question)) => (question, ReadError::Failed),
        };
        // A question that is refused reads nothing, and so does not fail.
        let _ = question(Err(refused));
    }
}

impl Store for Running {
    fn append(&self, batch: Batch) {
        // A writer that has failed has said so; whoever waits for this batch is told by that.
        let _ = self.jobs.send(Job::Append(Arc::clone(&batch)));
        self.asked.count(&batch);
    }

    fn keep_clock(&self, at: Time, answer: Answer<()>) {
        if let Err(SendError(Job::KeepClock(_, answer))) = self.jobs.send(Job::KeepClock(at, answer)) {
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

    fn close(&self) {
        let _ = self.jobs.send(Job::Close);
        if let Some(writing) = self.writing.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A writer that panicked has nothing left to finish.
            let _ = writing.join();
        }
    }
}
