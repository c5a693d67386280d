//! How far long work is: a bar with the time left where stderr is a terminal, a line every few seconds where it is a
//! log.
//!
//! Knows the store's steps by name, and nothing of what is done in them. Work that is over soon says nothing.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{HumanBytes, HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::time::Instant;
use tradepit_actors::Clock;
use tradepit_store::Step;

/// How often a log gets a line.
const LINE_EVERY: Duration = Duration::from_secs(3);
/// How often a terminal is drawn.
const REDRAW: Duration = Duration::from_millis(200);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Changes,
    Orders,
    Bytes,
}

/// One phase of the work, and where it is.
#[derive(Clone, Debug)]
struct Phase {
    what: &'static str,
    unit: Unit,
    done: u64,
    /// 0 where that is not known.
    of: u64,
    since: Instant,
}

/// Tells how far the work is until it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    phase: Arc<Mutex<Phase>>,
    bar: ProgressBar,
    /// The thread that writes lines, where stderr is no terminal, and what ends it.
    lines: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    pub(crate) fn begin(what: &'static str) -> Progress {
        let phase = Phase { what, unit: Unit::Changes, done: 0, of: 0, since: Clock::monotonic() };
        let phase = Arc::new(Mutex::new(phase));
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        bar.set_style(style("{spinner} {msg}, {elapsed}"));
        bar.set_message(what);
        let lines = if bar.is_hidden() { write_lines(&phase) } else { None };
        bar.enable_steady_tick(REDRAW);
        Progress { phase, bar, lines }
    }

    /// Something else begins.
    pub(crate) fn phase(&self, what: &'static str) {
        let mut phase = self.lock();
        *phase = Phase { what, unit: phase.unit, done: 0, of: 0, since: Clock::monotonic() };
        self.bar.set_style(style("{spinner} {msg}, {elapsed}"));
        self.bar.reset();
        self.bar.set_message(what);
    }

    /// What the store tells.
    pub(crate) fn tell(&self, step: Step, done: u64, of: u64) {
        match step {
            Step::Check => self.set("checking", Unit::Changes, done, of),
            Step::Copy => self.set("copying", Unit::Bytes, done, of),
            Step::Upgrade => self.set("bringing the database up to date", Unit::Changes, done, of),
            Step::OpenOrders => self.set("reading open orders", Unit::Orders, done, of),
        }
    }

    /// So much of so much is done.
    pub(crate) fn set(&self, what: &'static str, unit: Unit, done: u64, of: u64) {
        let begins = {
            let mut phase = self.lock();
            let begins = phase.what != what || phase.of == 0;
            let since = if phase.what == what { phase.since } else { Clock::monotonic() };
            *phase = Phase { what, unit, done, of, since };
            begins
        };
        if begins {
            self.bar.set_message(what);
            self.bar.set_style(style(match unit {
                Unit::Changes => "{msg} {bar:30} {human_pos} of {human_len} changes, {eta} left",
                Unit::Orders => "{msg} {bar:30} {human_pos} of {human_len} orders, {eta} left",
                Unit::Bytes => "{msg} {bar:30} {bytes} of {total_bytes}, {eta} left",
            }));
        }
        self.bar.set_length(of);
        self.bar.set_position(done);
    }

    fn lock(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        if let Some((end, thread)) = self.lines.take() {
            drop(end);
            // One that panicked has said so.
            let _ = thread.join();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Writes a line now and then, also where the work is stuck in one place. Without a thread there are no lines, and the
/// work is done all the same.
fn write_lines(phase: &Arc<Mutex<Phase>>) -> Option<(Sender<()>, JoinHandle<()>)> {
    let (end, ended) = channel::<()>();
    let phase = Arc::clone(phase);
    let write = move || {
        while ended.recv_timeout(LINE_EVERY) == Err(RecvTimeoutError::Timeout) {
            let phase = phase.lock().unwrap_or_else(PoisonError::into_inner).clone();
            log::info!("{}", phase.line(Clock::monotonic() - phase.since));
        }
    };
    Some((end, thread::Builder::new().name("progress".to_owned()).spawn(write).ok()?))
}

impl Phase {
    fn line(&self, elapsed: Duration) -> String {
        let Phase { what, unit, done, of, .. } = *self;
        if of == 0 {
            return format!("{what}: {} so far", HumanDuration(elapsed));
        }
        let percent = done.saturating_mul(100) / of;
        let counted = match unit {
            Unit::Changes => format!("{} of {} changes", HumanCount(done), HumanCount(of)),
            Unit::Orders => format!("{} of {} orders", HumanCount(done), HumanCount(of)),
            Unit::Bytes => format!("{} of {}", HumanBytes(done), HumanBytes(of)),
        };
        let left = elapsed.as_secs_f64() * of.saturating_sub(done) as f64 / done.max(1) as f64;
        let left = HumanDuration(Duration::try_from_secs_f64(left).unwrap_or(Duration::MAX));
        format!("{what}: {percent} % ({counted}), {left} left")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_how_much_is_done_and_how_long_it_takes_still() {
        let line = |unit, done, of| {
            let phase = Phase { what: "checking", unit, done, of, since: Clock::monotonic() };
            phase.line(Duration::from_secs(30))
        };
        assert_eq!(line(Unit::Changes, 1_500, 6_000), "checking: 25 % (1,500 of 6,000 changes), 2 minutes left");
        assert_eq!(line(Unit::Bytes, 1 << 30, 2 << 30), "checking: 50 % (1.00 GiB of 2.00 GiB), 30 seconds left");
        assert_eq!(line(Unit::Orders, 7, 7), "checking: 100 % (7 of 7 orders), 0 seconds left");
        assert_eq!(line(Unit::Changes, 0, 0), "checking: 30 seconds so far");
        assert!(line(Unit::Changes, 0, u64::MAX).starts_with("checking: 0 %"));
    }
}
