//! What a server needs of the machine before it starts, descriptors and threads, tried out first: actix starts its
//! workers so that whatever is missing is a panic, on threads of theirs, one by one.

use std::convert::Infallible;
use std::io::{self, PipeReader, PipeWriter};
use std::num::NonZeroUsize;
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::config::Config;

/// Threads beside the workers: the one that accepts, and those that read and write a data folder.
const OTHER_THREADS: usize = 6;
/// Descriptors beside those of threads: a data folder's, and those of the first few connections.
const OTHER_DESCRIPTORS: usize = 32;
const DESCRIPTORS_A_WORKER: usize = 8;
/// Connections that are let in however few descriptors there are.
const CONNECTIONS_AT_LEAST: usize = 8;

/// Lets the process have as many descriptors as its connections need, two each. Where it may not, fewer connections are
/// let in: one more is then told so, and does not wait for a descriptor.
pub(crate) fn fit(mut config: Config) -> Config {
    let asked = config.max_connections.get();
    let others = descriptors(config.worker_count());
    let needed = asked.saturating_mul(2).saturating_add(others);
    match rlimit::increase_nofile_limit(needed as u64) {
        Ok(limit) if limit < needed as u64 => {
            let room = usize::try_from(limit).unwrap_or(usize::MAX).saturating_sub(others) / 2;
            let fitting = room.max(CONNECTIONS_AT_LEAST).min(asked);
            log::warn!(
                "--max-connections {asked} needs {needed} file descriptors, and this process may have {limit}: no more \
                 than {fitting} connections are let in; raise the limit (ulimit -n) or lower --max-connections"
            );
            config.max_connections = NonZeroUsize::new(fitting).unwrap_or(config.max_connections);
        }
        Ok(_) => {}
        Err(error) => log::warn!("the limit of file descriptors cannot be read: {error}"),
    }
    config
}

/// Takes all threads and descriptors that so many workers need, at once, and gives them back.
pub(crate) fn rehearse(workers: usize) -> io::Result<()> {
    // Where that cannot be, what follows tells.
    let _ = rlimit::increase_nofile_limit(descriptors(workers) as u64);
    take_all(workers)
}

/// What to do about it.
pub(crate) fn advice(error: &io::Error) -> String {
    // EMFILE and ENFILE, for which the kinds of errors have no name.
    let lacks_descriptors = matches!(error.raw_os_error(), Some(23 | 24));
    match rlimit::Resource::NOFILE.get() {
        Ok((limit, _)) if lacks_descriptors => {
            format!("; this process may have {limit} file descriptors: raise the limit (ulimit -n), or lower --workers")
        }
        _ if error.kind() == io::ErrorKind::WouldBlock => {
            "; raise the limit of processes (ulimit -u), or the container's, or lower --workers".to_owned()
        }
        _ => String::new(),
    }
}

fn descriptors(workers: usize) -> usize {
    workers.saturating_add(2).saturating_mul(DESCRIPTORS_A_WORKER).saturating_add(OTHER_DESCRIPTORS)
}

fn take_all(workers: usize) -> io::Result<()> {
    // Enough for what tokio takes at its first runtime, or panics.
    drop(other_descriptors()?);
    let _main = runtime()?;
    let _others = other_descriptors()?;
    let held = Mutex::new(());
    thread::scope(|scope| {
        // Until it is let go no thread ends.
        let hold = held.lock();
        let (has_all, all_have_all) = mpsc::channel::<Infallible>();
        let start = |number| {
            let (has_all, held) = (has_all.clone(), &held);
            // One more than the workers: what accepts takes as much.
            let works = number <= workers;
            thread::Builder::new().spawn_scoped(scope, move || {
                let runtime = works.then(runtime).transpose();
                drop(has_all);
                drop(held.lock());
                runtime.map(drop)
            })
        };
        let started: io::Result<Vec<_>> = (0..workers + OTHER_THREADS).map(start).collect();
        drop(has_all);
        // Over when every thread has let go of its end.
        let _ = all_have_all.recv();
        drop(hold);
        started?.into_iter().try_for_each(|thread| thread.join().map_err(|_| io::Error::other("a thread panicked"))?)
    })
}

fn other_descriptors() -> io::Result<Vec<(PipeReader, PipeWriter)>> {
    (0..OTHER_DESCRIPTORS / 2).map(|_| io::pipe()).collect()
}

/// What actix gives each worker.
fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Does on a thread of its own what may take long, and what a stop does not wait for.
pub(crate) async fn apart<T: Send + 'static>(name: &str, work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let (tell, told) = oneshot::channel();
    thread::Builder::new().name(name.to_owned()).spawn(move || drop(tell.send(work())))?;
    told.await.map_err(io::Error::other)
}

/// Panics before the server is ready are held back: whoever ends the process tells of the first, in one line.
pub(crate) struct Panics {
    ready: Arc<AtomicBool>,
    first: Arc<OnceLock<String>>,
}

impl Panics {
    /// Holds them back from now on.
    pub(crate) fn hold_back() -> Panics {
        let panics = Panics { ready: Arc::default(), first: Arc::default() };
        let (ready, first, usual) = (Arc::clone(&panics.ready), Arc::clone(&panics.first), panic::take_hook());
        panic::set_hook(Box::new(move |panic| {
            if ready.load(Ordering::Acquire) {
                usual(panic);
            } else {
                let said = panic.payload_as_str().unwrap_or("a thread panicked");
                // Later ones follow from the first.
                let _ = first.set(said.lines().collect::<Vec<_>>().join(" "));
            }
        }));
        panics
    }

    /// From now on they are told as usual.
    pub(crate) fn let_out(&self) {
        self.ready.store(true, Ordering::Release);
    }

    /// What the first one said that was held back.
    pub(crate) fn held(&self) -> Option<&str> {
        self.first.get().map(String::as_str)
    }
}
