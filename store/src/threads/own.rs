//! Threads that one store has for itself: one writes, some read.

use std::io;
use std::sync::mpsc::{Receiver, SendError, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::jobs::{Job, Jobs};
use super::{QUESTIONS, Question, Threads, refuse, spawn};
use crate::Confirm;
use crate::error::ReadError;
use crate::query::Archive;
use crate::writer::{Standing, Until, Writer};

/// Threads that read. Two, so that a long list does not hold up a short question.
pub(crate) const READERS: usize = 2;

/// A store's own threads.
#[derive(Debug)]
pub(crate) struct Own {
    jobs: Sender<Job>,
    questions: SyncSender<Question>,
    writing: Mutex<Option<JoinHandle<()>>>,
}

impl Own {
    /// Starts them, a reader for each archive.
    pub(crate) fn start(
        archives: Vec<Archive>,
        writer: Writer,
        standing: Standing,
        confirm: &Confirm,
    ) -> io::Result<Own> {
        let (jobs, given) = channel();
        let (questions, asked) = sync_channel(QUESTIONS);
        let asked = Arc::new(Mutex::new(asked));
        for archive in archives {
            let asked = Arc::clone(&asked);
            spawn("store-reader", confirm, move |confirm| answer(&archive, &asked, confirm))?;
        }
        let writing = spawn("store-writer", confirm, move |confirm| write(writer, standing, given, confirm))?;
        Ok(Own { jobs, questions, writing: Mutex::new(Some(writing)) })
    }
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

fn write(mut writer: Writer, standing: Standing, given: Receiver<Job>, confirm: &Confirm) {
    let jobs = Jobs::of(given);
    let worked = writer.work(standing, &jobs, &Until::Told, confirm).map(drop);
    if let Err(error) = worked.and_then(|()| writer.finish()) {
        confirm(Err(error));
    }
}

impl Threads for Own {
    fn give(&self, job: Job) -> Result<(), Job> {
        self.jobs.send(job).map_err(|SendError(job)| job)
    }

    fn ask(&self, question: Question) {
        match self.questions.try_send(question) {
            Ok(()) => {}
            Err(TrySendError::Full(question)) => refuse(question, ReadError::Busy),
            Err(TrySendError::Disconnected(question)) => refuse(question, ReadError::Failed),
        }
    }

    fn close(&self) {
        let _ = self.give(Job::Close);
        if let Some(writing) = self.writing.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A writer that panicked has nothing left to finish.
            let _ = writing.join();
        }
    }
}
