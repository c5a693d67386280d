//! A store on threads that it shares: it has one while there is something to write, and one for each question.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SendError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::jobs::{Job, Jobs};
use super::pool::Pool;
use super::{Question, Threads, guard, refuse};
use crate::Confirm;
use crate::error::{Error, ReadError};
use crate::folder::Folder;
use crate::query::Archive;
use crate::writer::{Over, Standing, Until, Writer};

/// Questions of one store that may wait; one more is [`ReadError::Busy`].
const QUESTIONS: usize = 256;

/// A store's part of the threads.
#[derive(Debug)]
pub(crate) struct Shared(Arc<Desk>);

/// What a thread finds that works for this store.
struct Desk {
    pool: Pool,
    folder: Folder,
    confirm: Confirm,
    jobs: Sender<Job>,
    /// Jobs that were given and not counted as done: who gives the first calls a thread.
    given: AtomicUsize,
    /// Nothing once the writer has ended.
    writing: Mutex<Option<Writing>>,
    ended: Condvar,
    /// Questions that are not answered.
    asked: AtomicUsize,
    /// Opened at the first question.
    reading: Mutex<Option<Archive>>,
}

struct Writing {
    writer: Writer,
    standing: Standing,
    jobs: Jobs,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Shared {
    pub(crate) fn start(pool: Pool, writer: Writer, standing: Standing, confirm: &Confirm) -> Shared {
        let ((jobs, given), folder) = (channel(), writer.folder.clone());
        let writing = Writing { writer, standing, jobs: Jobs::of(given) };
        Shared(Arc::new(Desk {
            pool,
            folder,
            confirm: Arc::clone(confirm),
            jobs,
            given: AtomicUsize::new(0),
            writing: Mutex::new(Some(writing)),
            ended: Condvar::new(),
            asked: AtomicUsize::new(0),
            reading: Mutex::new(None),
        }))
    }
}

impl Desk {
    fn writing(&self) -> MutexGuard<'_, Option<Writing>> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls a thread that writes. There is never more than one.
    fn call(self: &Arc<Desk>) {
        let desk = Arc::clone(self);
        self.pool.writers.push(Box::new(move || desk.write()));
    }

    /// One turn of the writer.
    fn write(self: &Arc<Desk>) {
        let mut place = self.writing();
        let Some(writing) = place.take() else { return };
        let lane = &self.pool.writers;
        let work = || writing.work(&Until::OthersWait(&|| lane.has_waiting()), &self.confirm);
        let error = match panic::catch_unwind(AssertUnwindSafe(work)) {
            Ok(Ok((Some(writing), Over::GaveWay))) => {
                *place = Some(writing);
                return self.call();
            }
            Ok(Ok((Some(writing), _))) => {
                let taken = writing.jobs.take_count();
                *place = Some(writing);
                drop(place);
                // What came meanwhile called nobody.
                if self.given.fetch_sub(taken, Ordering::AcqRel) > taken {
                    self.call();
                }
                return;
            }
            Ok(Ok((None, _))) => None,
            Ok(Err(error)) => Some(error),
            Err(_) => Some(Error::Panicked("venues-writer")),
        };
        drop(place);
        self.ended.notify_all();
        if let Some(error) = error {
            (self.confirm)(Err(error));
        }
    }

    fn read(&self, question: Question) {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = match reading.take() {
            Some(archive) => Ok(archive),
            None => Archive::beside_others(&self.folder),
        };
        let answered = match opened {
            Ok(archive) => {
                let answered = question(Ok(&archive));
                *reading = Some(archive);
                answered
            }
            Err(error) => {
                refuse(question, ReadError::Failed);
                Err(error)
            }
        };
        if let Err(error) = answered {
            (self.confirm)(Err(error));
        }
    }
}

impl Writing {
    /// One turn of it; nothing is left of one that was told to end.
    fn work(mut self, until: &Until<'_>, confirm: &Confirm) -> Result<(Option<Writing>, Over), Error> {
        let (standing, over) = self.writer.work(self.standing, &self.jobs, until, confirm)?;
        self.standing = standing;
        match over {
            Over::Told => return self.writer.finish().map(|()| (None, over)),
            Over::AtRest => self.writer.keep_little()?,
            Over::GaveWay => {}
        }
        Ok((Some(self), over))
    }
}

impl Threads for Shared {
    fn give(&self, job: Job) -> Result<(), Job> {
        // Counted before it can be taken.
        let is_first = self.0.given.fetch_add(1, Ordering::AcqRel) == 0;
        self.0.jobs.send(job).map_err(|SendError(job)| job)?;
        if is_first {
            self.0.call();
        }
        Ok(())
    }

    fn ask(&self, question: Question) {
        if self.0.asked.fetch_add(1, Ordering::AcqRel) >= QUESTIONS {
            self.0.asked.fetch_sub(1, Ordering::AcqRel);
            return refuse(question, ReadError::Busy);
        }
        let desk = Arc::clone(&self.0);
        self.0.pool.readers.push(Box::new(move || {
            guard("venues-reader", &desk.confirm, || desk.read(question));
            desk.asked.fetch_sub(1, Ordering::AcqRel);
        }));
    }

    fn close(&self) {
        if self.give(Job::Close).is_ok() {
            let ended = self.0.ended.wait_while(self.0.writing(), |writing| writing.is_some());
            drop(ended);
        }
    }
}

/// One that nobody closed ends as one that was told to.
impl Drop for Shared {
    fn drop(&mut self) {
        let _ = self.give(Job::Close);
    }
}
