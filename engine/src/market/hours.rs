//! When an instrument trades: a pure function of time, without the machine's time zones.
//!
//! The sessions of the New York Stock Exchange are on Monday to Friday from 9:30 to 16:00 there, but on its holidays;
//! on a few days they end at 13:00. Its rules of today, and those of daylight saving in New York, hold for every year.

use crate::values::Time;

/// When it trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hours {
    /// At any time.
    Always,
    /// In the sessions of the New York Stock Exchange.
    Nyse,
}

/// A day, an hour and a minute, in microseconds.
const DAY_US: i64 = 86_400_000_000;
const HOUR_US: i64 = 3_600_000_000;
const MINUTE_US: i64 = 60_000_000;

/// No two sessions are so many days apart.
const DAYS_BETWEEN: i64 = 14;

impl Hours {
    /// Whether it trades at this time.
    #[must_use]
    pub fn is_open(self, at: Time) -> bool {
        match self {
            Hours::Always => true,
            Hours::Nyse => session(day_of(at)).is_some_and(|(open, close)| open <= at && at < close),
        }
    }

    /// The first moment from this one on at which it trades.
    #[must_use]
    pub fn opens_by(self, at: Time) -> Time {
        match self {
            Hours::Always => at,
            Hours::Nyse => next_session(at).map_or(at, |(open, _)| open.max(at)),
        }
    }

    /// The next moment after this one at which it begins to trade, or ends.
    #[must_use]
    pub fn changes_after(self, at: Time) -> Option<Time> {
        match self {
            Hours::Always => None,
            Hours::Nyse => next_session(at).map(|(open, close)| if at < open { open } else { close }),
        }
    }

    /// When the session of a day begins and ends, if there is one on it: the day in which this time lies, UTC.
    #[must_use]
    pub fn session_of(self, day: Time) -> Option<(Time, Time)> {
        let number = day_of(day);
        match self {
            Hours::Always => {
                Some((Time(number.checked_mul(DAY_US)?), Time(number.checked_add(1)?.checked_mul(DAY_US)?)))
            }
            Hours::Nyse => session(number),
        }
    }

    /// When an order for the day ends that is placed at this time: with this session or the next one; where there is
    /// none, with the day, UTC.
    #[must_use]
    pub fn day_ends(self, at: Time) -> Time {
        let midnight = || Time(day_of(at).saturating_add(1).saturating_mul(DAY_US));
        match self {
            Hours::Always => midnight(),
            Hours::Nyse => next_session(at).map_or_else(midnight, |(_, close)| close),
        }
    }
}

/// Days since 1970-01-01, UTC. A session begins and ends within one, which has the date that New York has then.
fn day_of(at: Time) -> i64 {
    at.0.div_euclid(DAY_US)
}

/// The session that ends first after this time.
fn next_session(at: Time) -> Option<(Time, Time)> {
    let days = day_of(at)..=day_of(at).saturating_add(DAYS_BETWEEN);
    days.filter_map(session).find(|(_, close)| at < *close)
}

/// When a session begins and ends on a day, if there is one.
fn session(day: i64) -> Option<(Time, Time)> {
    // No year that a time can lie in is out of range.
    let date = Date::of(day);
    if date.is_weekend() || date.is_holiday() {
        return None;
    }
    let midnight = day.checked_mul(DAY_US)?.checked_add(date.behind_utc() * HOUR_US)?;
    let closes = if date.closes_early() { 13 } else { 16 };
    let open = midnight.checked_add(9 * HOUR_US + 30 * MINUTE_US)?;
    Some((Time(open), Time(midnight.checked_add(closes * HOUR_US)?)))
}

/// A date of the Gregorian calendar.
#[derive(Clone, Copy)]
struct Date {
    /// Since 1970-01-01.
    day: i64,
    year: i64,
    month: i64,
    of_month: i64,
    /// 0 is Sunday.
    weekday: i64,
}

impl Date {
    /// By counting in years that begin in March, so that a leap day is the last of its year.
    fn of(day: i64) -> Date {
        let since_march = day + 719_468;
        let (era, of_era) = (since_march.div_euclid(146_097), since_march.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let of_month = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Date { day, year, month, of_month, weekday: (day + 4).rem_euclid(7) }
    }

    fn is_weekend(self) -> bool {
        matches!(self.weekday, 0 | 6)
    }

    /// Whether it is this weekday of a month, for the `nth` time; the 0th is the last.
    fn is_nth(self, month: i64, weekday: i64, nth: i64) -> bool {
        let is_it = match nth {
            0 => Date::of(self.day + 7).month != month,
            _ => (self.of_month - 1) / 7 + 1 == nth,
        };
        self.month == month && self.weekday == weekday && is_it
    }

    /// Hours that New York is behind UTC, at any time of this day but a Sunday's night: 4 from the second Sunday of
    /// March to the first one of November, else 5.
    fn behind_utc(self) -> i64 {
        let last_sunday = self.of_month - self.weekday;
        let is_summer = match self.month {
            4..=10 => true,
            3 => last_sunday >= 8,
            11 => last_sunday < 1,
            _ => false,
        };
        if is_summer { 4 } else { 5 }
    }

    /// Whether it is a holiday of a fixed date: where that is a Sunday, on Monday; a Saturday, on Friday.
    fn observes(self, month: i64, of_month: i64) -> bool {
        let is = |date: Date| (date.month, date.of_month) == (month, of_month);
        is(self)
            || (self.weekday == 1 && is(Date::of(self.day - 1)))
            || (self.weekday == 5 && is(Date::of(self.day + 1)))
    }

    fn is_holiday(self) -> bool {
        // A year does not end on a holiday.
        let new_year = self.observes(1, 1) && self.month == 1;
        new_year
            || self.is_nth(1, 1, 3)
            || self.is_nth(2, 1, 3)
            || self.day + 2 == easter(Date::of(self.day + 2).year)
            || self.is_nth(5, 1, 0)
            || self.observes(6, 19)
            || self.observes(7, 4)
            || self.is_nth(9, 1, 1)
            || self.is_nth(11, 4, 4)
            || self.observes(12, 25)
    }

    /// On the days before Independence Day and Christmas, and after Thanksgiving.
    fn closes_early(self) -> bool {
        let is_before_independence = (self.month, self.of_month) == (7, 3);
        is_before_independence || (self.month, self.of_month) == (12, 24) || Date::of(self.day - 1).is_nth(11, 4, 4)
    }
}

/// The day of Easter Sunday, since 1970-01-01.
fn easter(year: i64) -> i64 {
    let (golden, century, of_century) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let moved = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let epact = (19 * golden + century - century.div_euclid(4) - moved + 15).rem_euclid(30);
    let to_sunday = (32 + 2 * century.rem_euclid(4) + 2 * (of_century / 4) - epact - of_century % 4).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    let days = epact + to_sunday - 7 * late + 114;
    day_of_date(year, days / 31, days % 31 + 1)
}

/// Days since 1970-01-01 of a date from March on.
fn day_of_date(year: i64, month: i64, of_month: i64) -> i64 {
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * (month - 3) + 2) / 5 + of_month - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
