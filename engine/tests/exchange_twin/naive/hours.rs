//! When the twin's instruments trade: by tables of a year and a half, and by looking at one day after the other.

use tradepit_engine::{Hours, Trading};

use super::Naive;
use crate::market::Market;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// Days of 1970 and of early 1971 on which New York does not trade, from Monday to Friday: days since 1970-01-01.
const HOLIDAYS: [i64; 12] = [0, 18, 46, 85, 144, 169, 183, 249, 329, 358, 365, 382];

/// Days on which it trades until 13:00.
const SHORT: [i64; 2] = [330, 357];

/// From the second Sunday of March to the first one of November 1970.
const SUMMER: std::ops::Range<i64> = 66..304;

/// When a session begins and ends, if there is one on this day.
fn session(day: i64) -> Option<(i64, i64)> {
    // The first of them was a Thursday.
    let is_weekend = matches!(day % 7, 2 | 3);
    let behind = if SUMMER.contains(&day) { 4 } else { 5 };
    let begins = day * DAY + (9 + behind) * HOUR + HOUR / 2;
    let ends = day * DAY + (if SHORT.contains(&day) { 13 } else { 16 } + behind) * HOUR;
    (!is_weekend && !HOLIDAYS.contains(&day)).then_some((begins, ends))
}

fn sessions_from(at: i64) -> impl Iterator<Item = (i64, i64)> {
    (at / DAY - 1..at / DAY + 20).filter_map(session).filter(move |(_, ends)| *ends > at)
}

/// The next moment at which a session begins or ends.
pub(crate) fn next_change(at: i64) -> i64 {
    let (begins, ends) = sessions_from(at).next().expect("there is always one");
    if begins > at { begins } else { ends }
}

/// When an order for the day ends.
pub(super) fn day_ends(market: &Market, at: i64) -> i64 {
    match market.listing.hours {
        Hours::Always => (at.div_euclid(DAY) + 1).saturating_mul(DAY),
        Hours::Nyse => sessions_from(at).next().expect("there is always one").1,
    }
}

impl Naive {
    pub(crate) fn trades(&self, market: &Market, at: i64) -> bool {
        self.trades_from(market, at) == Some(at)
    }

    /// The first moment from this one on at which it trades, as things stand.
    pub(super) fn trades_from(&self, market: &Market, at: i64) -> Option<i64> {
        if market.status != Trading::Open {
            return None;
        }
        Some(match market.listing.hours {
            Hours::Always => at,
            Hours::Nyse => sessions_from(at).next().expect("there is always one").0.max(at),
        })
    }

    /// What is due by now happens before the next session begins or ends after it was due.
    pub(super) fn moment(&self, now: i64) -> i64 {
        if self.markets.iter().all(|market| market.listing.hours == Hours::Always) {
            return now;
        }
        match self.next_due().map(|due| due.0.max(self.last_at)).filter(|due| *due <= now) {
            Some(due) if next_change(due) <= now => next_change(due) - 1,
            _ => now,
        }
    }
}
