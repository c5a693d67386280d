//! The sessions of New York, against its published calendars.

use tradepit_engine::{Hours, Time};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// A date at a time of day, UTC, by counting days.
fn utc(year: i64, month: i64, day: i64, hour: i64, minute: i64) -> Time {
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = |year: i64| [31, 28 + i64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let years: i64 = (1970..year).map(|year| lengths(year).iter().sum::<i64>()).sum();
    let months: i64 = lengths(year)[..(month - 1) as usize].iter().sum();
    Time((years + months + day - 1) * DAY + (hour * 60 + minute) * 60 * SECOND)
}

fn is_session(year: i64, month: i64, day: i64) -> bool {
    // Eleven or twelve in New York is in every session.
    Hours::Nyse.is_open(utc(year, month, day, 16, 0))
}

#[test]
fn holidays_are_those_that_the_exchange_published() {
    let published: [(i64, &[(i64, i64)]); 6] = [
        (2021, &[(1, 1), (1, 18), (2, 15), (4, 2), (5, 31), (7, 5), (9, 6), (11, 25), (12, 24)]),
        (2023, &[(1, 2), (1, 16), (2, 20), (4, 7), (5, 29), (6, 19), (7, 4), (9, 4), (11, 23), (12, 25)]),
        (2024, &[(1, 1), (1, 15), (2, 19), (3, 29), (5, 27), (6, 19), (7, 4), (9, 2), (11, 28), (12, 25)]),
        (2025, &[(1, 1), (1, 20), (2, 17), (4, 18), (5, 26), (6, 19), (7, 4), (9, 1), (11, 27), (12, 25)]),
        (2026, &[(1, 1), (1, 19), (2, 16), (4, 3), (5, 25), (6, 19), (7, 3), (9, 7), (11, 26), (12, 25)]),
        (2027, &[(1, 1), (1, 18), (2, 15), (3, 26), (5, 31), (6, 18), (7, 5), (9, 6), (11, 25), (12, 24)]),
    ];
    for (year, holidays) in published {
        let mut closed = Vec::new();
        for month in 1..=12 {
            for day in 1..=31 {
                let noon = utc(year, month, day, 17, 0);
                let weekday = (noon.0 / DAY + 4) % 7;
                let is_date =
                    noon < utc(year, month, 1, 0, 0).plus_us(31 * DAY as u64) && utc(year + 1, 1, 1, 0, 0) > noon;
                let is_of_month = day <= 28 || (month < 12 && noon < utc(year, month + 1, 1, 0, 0)) || month == 12;
                if is_date && is_of_month && !matches!(weekday, 0 | 6) && !is_session(year, month, day) {
                    closed.push((month, day));
                }
            }
        }
        // Juneteenth has been one since 2022; the rules of today hold for every year.
        closed.retain(|date| (year, *date) != (2021, (6, 18)));
        assert_eq!(closed, holidays, "{year}");
    }
}

#[test]
fn a_session_is_from_half_past_nine_to_four_in_new_york_by_daylight_saving_of_there() {
    for (date, opens, closes) in [
        // Winter, summer, and the Mondays and Fridays about both changes.
        ((2026, 1, 5), (14, 30), (21, 0)),
        ((2026, 7, 6), (13, 30), (20, 0)),
        ((2026, 3, 6), (14, 30), (21, 0)),
        ((2026, 3, 9), (13, 30), (20, 0)),
        ((2026, 10, 30), (13, 30), (20, 0)),
        ((2026, 11, 2), (14, 30), (21, 0)),
        ((2025, 3, 7), (14, 30), (21, 0)),
        ((2025, 3, 10), (13, 30), (20, 0)),
        ((2025, 10, 31), (13, 30), (20, 0)),
        ((2025, 11, 3), (14, 30), (21, 0)),
        // Until one.
        ((2026, 11, 27), (14, 30), (18, 0)),
        ((2026, 12, 24), (14, 30), (18, 0)),
        ((2025, 7, 3), (13, 30), (17, 0)),
        ((2024, 7, 3), (13, 30), (17, 0)),
        // Not where the holiday is on another day.
        ((2026, 7, 2), (13, 30), (20, 0)),
        ((2027, 7, 2), (13, 30), (20, 0)),
    ] {
        let at = |(hour, minute)| utc(date.0, date.1, date.2, hour, minute);
        let (open, close) = (at(opens), at(closes));
        let states = [open.0 - 1, open.0, close.0 - 1, close.0].map(|at| Hours::Nyse.is_open(Time(at)));
        assert_eq!(states, [false, true, true, false], "{date:?}");
        assert_eq!(Hours::Nyse.changes_after(Time(open.0 - 1)), Some(open), "{date:?}");
        assert_eq!(Hours::Nyse.changes_after(open), Some(close), "{date:?}");
        assert_eq!(Hours::Nyse.day_ends(Time(close.0 - 1)), close, "{date:?}");
        assert_eq!((Hours::Nyse.opens_by(open), Hours::Nyse.opens_by(Time(open.0 - 1))), (open, open), "{date:?}");
    }
}

#[test]
fn over_a_weekend_and_a_holiday_the_next_session_counts() {
    let (friday, tuesday) = (utc(2026, 1, 16, 21, 0), utc(2026, 1, 20, 14, 30));
    assert_eq!(Hours::Nyse.opens_by(friday), tuesday, "Monday is a holiday");
    assert_eq!(Hours::Nyse.changes_after(friday), Some(tuesday));
    assert_eq!(Hours::Nyse.day_ends(friday), utc(2026, 1, 20, 21, 0));
}

#[test]
fn what_trades_always_has_days_that_end_at_midnight() {
    let at = utc(2026, 1, 16, 21, 0);
    assert!(Hours::Always.is_open(at));
    assert_eq!((Hours::Always.opens_by(at), Hours::Always.changes_after(at)), (at, None));
    assert_eq!(Hours::Always.day_ends(at), utc(2026, 1, 17, 0, 0));
}

#[test]
fn no_time_is_out_of_range() {
    for at in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX] {
        for hours in [Hours::Always, Hours::Nyse] {
            let at = Time(at);
            assert!(hours.opens_by(at) >= at && hours.day_ends(at) >= at, "{at:?}");
            assert!(hours.changes_after(at).is_none_or(|next| next > at), "{at:?}");
            let _ = hours.is_open(at);
        }
    }
}
