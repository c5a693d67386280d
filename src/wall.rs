//! The machine's clock, looked at once a second: where it was set, or the machine was suspended, the log says so, and
//! where it went ahead the venue's time follows. The venue's time itself never goes back (invariant 8).

use std::convert::Infallible;
use std::time::Duration;

use tradepit_actors::{Clock, Compare, Venue, Venues};

/// How often the clock is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Clocks that differ by less agree.
const SLACK_US: i64 = 1_000_000;

/// What is known of the two clocks.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    /// How far the venue's clock was ahead of the machine's, in microseconds, when that was told last.
    told_us: i64,
}

impl Watch {
    /// Looks now, unless the OrderBook has no room for the question: there will be another time. The other venues are
    /// asked only where there is news: one that nobody uses is not woken every second.
    pub(crate) async fn look(&mut self, venue: &Venue, all: &Venues) {
        let compare = Compare { machine: Clock::wall, slack_us: SLACK_US };
        let asked = venue.compare_clocks(compare).await;
        if let Some(news) = asked.ok().and_then(|ahead_us| self.judge(ahead_us)) {
            log::warn!("{news}");
            for other in all.started().iter().filter(|other| other.id() != venue.id()) {
                // One that has ended needs no time.
                let _ = other.compare_clocks(compare).await;
            }
        }
    }

    /// Goes on looking, for ever.
    #[expect(clippy::disallowed_methods, reason = "the main task's own pause, in no handler")]
    pub(crate) async fn keep_looking(mut self, venue: &Venue, all: &Venues) -> Infallible {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            self.look(venue, all).await;
        }
    }

    /// What there is to say of the venue's clock, which is so far ahead of the machine's.
    fn judge(&mut self, ahead_us: i64) -> Option<String> {
        let before = std::mem::replace(&mut self.told_us, ahead_us.max(0));
        let by = spell(ahead_us.unsigned_abs());
        if ahead_us <= -SLACK_US {
            Some(format!(
                "this machine's clock went ahead by {by}: it was set, or the machine was suspended. The venue's time \
                 follows, and what is due by then executes now"
            ))
        } else if ahead_us - before >= SLACK_US {
            Some(format!(
                "the venue's time is {by} ahead of this machine's clock: that was set back, or was ahead when the \
                 newest change was made. The venue's time never goes back: all times stay ahead until the clock has \
                 caught up; a venue that shall begin at the clock's time needs a new data folder"
            ))
        } else if before - ahead_us >= SLACK_US {
            Some(match ahead_us {
                SLACK_US.. => format!("this machine's clock was set: the venue's time is {by} ahead of it now"),
                _ => "this machine's clock has caught up with the venue's time".to_owned(),
            })
        } else {
            self.told_us = before;
            None
        }
    }
}

/// A time in the two greatest units that it fills.
fn spell(us: u64) -> String {
    let seconds = us / 1_000_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{:.1} s", us as f64 / 1e6),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, ..) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;
    const DAY: i64 = 86_400 * SECOND;

    #[test]
    fn clocks_that_agree_are_no_news() {
        let mut watch = Watch::default();
        for ahead_us in [0, 300, -300, 999_999, -999_999, 0] {
            assert_eq!(watch.judge(ahead_us), None, "{ahead_us}");
        }
    }

    #[test]
    fn each_step_is_told_once_and_by_how_much() {
        let mut watch = Watch::default();
        let steps = [
            (-DAY, Some("went ahead by 1 d 0 h")),
            (0, None),
            (3_600 * SECOND, Some("is 1 h 0 min ahead")),
            (3_600 * SECOND + 500, None),
            (DAY + 90 * SECOND, Some("is 1 d 0 h ahead")),
            (90 * SECOND, Some("is 1 min 30 s ahead of it now")),
            (90 * SECOND - 400, None),
            (1, Some("caught up")),
            (0, None),
            (-2 * SECOND - 500_000, Some("went ahead by 2.5 s")),
            (0, None),
        ];
        for (ahead_us, news) in steps {
            let told = watch.judge(ahead_us);
            assert_eq!(told.is_some(), news.is_some(), "{ahead_us}: {told:?}");
            assert!(told.as_deref().unwrap_or_default().contains(news.unwrap_or_default()), "{ahead_us}: {told:?}");
        }
    }

    #[test]
    fn a_slow_drift_is_told_when_it_has_become_a_second() {
        let mut watch = Watch::default();
        let told: Vec<i64> =
            (0..35).map(|n| n * SECOND / 10).filter(|&ahead_us| watch.judge(ahead_us).is_some()).collect();
        assert_eq!(told, [SECOND, 2 * SECOND, 3 * SECOND]);
    }
}
