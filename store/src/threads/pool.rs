//! Threads that many stores share: some write, some read, and none is there while nothing is done.
//!
//! Who waits longest comes first, also before one that had its turn and wants another: pools of threads that steal work
//! from each other do not promise that.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Threads that write. They wait for the disk, more than for a processor.
const WRITERS: usize = 4;
/// Threads that read.
const READERS: usize = 2;
/// A thread beside the first ends when there was nothing to do for so long.
const LINGER: Duration = Duration::from_secs(5);

type Task = Box<dyn FnOnce() + Send>;

/// Threads for stores that share them.
#[derive(Clone, Debug)]
pub struct Pool {
    pub(super) writers: Arc<Lane>,
    pub(super) readers: Arc<Lane>,
}

impl Pool {
    /// Starts as few as can be; more come as they are needed.
    pub fn start() -> io::Result<Pool> {
        let (writers, readers) = (Lane::start("venues-writer", WRITERS)?, Lane::start("venues-reader", READERS)?);
        Ok(Pool { writers, readers })
    }
}

/// Tasks in line, and the threads that do them.
#[derive(Debug)]
pub(super) struct Lane {
    name: &'static str,
    at_most: usize,
    line: Mutex<Line>,
    comes: Condvar,
}

#[derive(Default)]
struct Line {
    tasks: VecDeque<Task>,
    threads: usize,
    idle: usize,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("tasks", &self.tasks.len()).field("threads", &self.threads).finish_non_exhaustive()
    }
}

impl Lane {
    fn start(name: &'static str, at_most: usize) -> io::Result<Arc<Lane>> {
        let lane = Arc::new(Lane { name, at_most, line: Mutex::default(), comes: Condvar::new() });
        lane.line().threads = 1;
        Arc::clone(&lane).spawn()?;
        Ok(lane)
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a thread do this, once all that came before has begun.
    pub(super) fn push(self: &Arc<Lane>, task: Task) {
        let mut line = self.line();
        line.tasks.push_back(task);
        if line.idle >= line.tasks.len() || line.threads >= self.at_most {
            self.comes.notify_one();
            return;
        }
        line.threads += 1;
        drop(line);
        if Arc::clone(self).spawn().is_err() {
            // Those that are there do it, later.
            self.line().threads -= 1;
            self.comes.notify_one();
        }
    }

    /// Whether something waits for a thread.
    pub(super) fn has_waiting(&self) -> bool {
        !self.line().tasks.is_empty()
    }

    fn spawn(self: Arc<Lane>) -> io::Result<()> {
        thread::Builder::new().name(self.name.to_owned()).spawn(move || self.work()).map(drop)
    }

    fn work(&self) {
        let mut line = self.line();
        loop {
            if let Some(task) = line.tasks.pop_front() {
                drop(line);
                task();
                line = self.line();
                continue;
            }
            line.idle += 1;
            let waited = self.comes.wait_timeout(line, LINGER).unwrap_or_else(PoisonError::into_inner);
            line = waited.0;
            line.idle -= 1;
            if waited.1.timed_out() && line.tasks.is_empty() && line.threads > 1 {
                line.threads -= 1;
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::{Lane, WRITERS};

    #[test]
    fn as_many_work_at_a_time_as_there_may_be_threads_and_what_waits_longest_is_next() {
        let lane = Lane::start("lane", WRITERS).expect("a thread");
        let (tell, told) = channel();
        let hold: Vec<_> = (0..WRITERS)
            .map(|number| {
                let ((hold, held), tell) = (channel::<()>(), tell.clone());
                lane.push(Box::new(move || {
                    tell.send(number).expect("somebody listens");
                    let _ = held.recv();
                }));
                hold
            })
            .collect();
        let mut begun: Vec<usize> = told.iter().take(WRITERS).collect();
        begun.sort_unstable();
        assert_eq!(begun, (0..WRITERS).collect::<Vec<_>>());
        assert!(!lane.has_waiting());
        for number in [10, 11, 12] {
            let tell = tell.clone();
            lane.push(Box::new(move || tell.send(number).expect("somebody listens")));
        }
        assert!(lane.has_waiting() && told.try_recv().is_err(), "all threads are held");
        let mut hold = hold.into_iter();
        drop(hold.next());
        assert_eq!(told.iter().take(3).collect::<Vec<_>>(), [10, 11, 12]);
        drop(hold);
        assert_eq!(lane.line().threads, WRITERS);
    }
}
