//! On which threads a store works: on its own, or on some that many share.

pub(crate) mod jobs;
pub(crate) mod own;
pub(crate) mod pool;
pub(crate) mod shared;

use std::fmt::Debug;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crate::error::{Error, ReadError};
use crate::query::Archive;
use crate::{Confirm, check};
use jobs::Job;

/// Reads and answers, or passes on why it was refused.
pub(crate) type Question = Box<dyn FnOnce(Result<&Archive, ReadError>) -> Result<(), Error> + Send>;

/// Questions of a store that may wait; one more is [`ReadError::Busy`].
const QUESTIONS: usize = 1_024;

/// What carries out what a store is given and asked.
pub(crate) trait Threads: Debug + Send + Sync {
    /// Lets the writer do this, after all that came before. It comes back where the writer has ended.
    fn give(&self, job: Job) -> Result<(), Job>;

    /// Lets a reader answer this, or refuses it.
    fn ask(&self, question: Question);

    /// Ends the writer once it has done all that it was given, and waits for that.
    fn close(&self);
}

fn refuse(question: Question, why: ReadError) {
    // A question that is refused reads nothing, and so does not fail.
    let _ = question(Err(why));
}

/// Checks a whole database, on a thread of its own.
pub(crate) fn check_apart(archive: Archive, confirm: &Confirm) -> io::Result<()> {
    spawn("store-check", confirm, move |confirm| match check::run(&archive, |_, _| {}) {
        Ok(report) => match report.damage.into_iter().next() {
            Some(what) => confirm(Err(Error::damaged(archive.folder().database(), what))),
            None => log::info!("the database is whole: {} changes, {} orders", report.changes, report.orders),
        },
        Err(error) => confirm(Err(error)),
    })
    .map(drop)
}

/// Starts a thread of a store.
fn spawn(
    name: &'static str,
    confirm: &Confirm,
    work: impl FnOnce(&Confirm) + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    let confirm = Arc::clone(confirm);
    thread::Builder::new().name(name.to_owned()).spawn(move || guard(name, &confirm, || work(&confirm)))
}

/// Does part of a store's work. One that panics has failed as one that says so: without it requests would wait for
/// ever.
fn guard(name: &'static str, confirm: &Confirm, work: impl FnOnce()) {
    // What it worked with is gone with it; nobody sees it half done.
    if panic::catch_unwind(AssertUnwindSafe(work)).is_err() {
        confirm(Err(Error::Panicked(name)));
    }
}
