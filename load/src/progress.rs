//! The progress bar on stderr.
//!
//! Owns what is shown while a run lasts; shows nothing where stderr is no
//! terminal. Glances at the `Record` a few times a second, never at an order.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::clock::{self, Clock, Micros};
use super::record::Record;

const REDRAW: Duration = Duration::from_millis(200);

/// Redraws the bar until it is aborted; the caller clears it.
///
/// `orders` is how many executions complete the run, or requests of a mix, where that
/// is known; else the bar follows the time up to `limit`.
pub(super) async fn show(
    bar: ProgressBar,
    clock: Clock,
    record: Rc<RefCell<Record>>,
    orders: Option<u64>,
    limit: Duration,
) {
    if bar.is_hidden() {
        return;
    }
    let length = micros(clock::micros(limit));
    bar.set_length(orders.unwrap_or(length));
    loop {
        clock::sleep(REDRAW).await;
        let now = clock.now();
        let (done, word, failed) = {
            let record = record.borrow();
            let word = if record.mixed.is_some() { "answered" } else { "executed" };
            (record.done() as u64, word, record.failures.total())
        };
        bar.set_position(orders.map_or(micros(now), |_| done).min(orders.unwrap_or(length)));
        bar.set_message(message(now, done, word, failed));
    }
}

/// An empty bar on stderr.
pub(super) fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    // The template is a constant; were it wrong, the default one would do.
    match ProgressStyle::with_template("{bar:30} {msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn message(now: Micros, done: u64, word: &str, failed: u64) -> String {
    let seconds = now.max(1) as f64 / 1e6;
    let rate = done as f64 / seconds;
    format!("{seconds:.0} s  {done} {word}, {rate:.0}/s  {failed} failed")
}

fn micros(time: Micros) -> u64 {
    u64::try_from(time).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_tells_the_rate_and_the_failures() {
        assert_eq!(message(2_000_000, 300, "executed", 4), "2 s  300 executed, 150/s  4 failed");
    }
}
