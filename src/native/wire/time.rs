//! Times on the wire: UTC, RFC 3339, with microseconds.
//!
//! Writes only: no request carries a time.

use std::fmt;

use tradepit_engine::Time;

/// A time, written as `2026-11-22T08:00:00.123456Z`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WireTime(pub(crate) Time);

const DAY_US: u64 = 86_400_000_000;
/// The last moment of the year 9999: beyond it RFC 3339 has no words.
const LAST_US: i64 = 253_402_300_799_999_999;

impl WireTime {
    /// How many bytes a time takes.
    pub(crate) const LENGTH: usize = 27;

    /// Writes the time into a buffer of its length. No clock shows a time before 1970 or after the year 9999; the
    /// nearest one that has words stands for it.
    ///
    /// Two or three times stand in every reply: jiff's formatting, which the tests hold this to, took a tenth of all
    /// instructions of a POST.
    pub(crate) fn write(self, buffer: &mut [u8; WireTime::LENGTH]) -> &str {
        let us = self.0.0.clamp(0, LAST_US).cast_unsigned();
        let (year, month, day) = date_of(us / DAY_US);
        let (seconds, fraction) = (us % DAY_US / 1_000_000, us % 1_000_000);
        *buffer = *b"0000-00-00T00:00:00.000000Z";
        two_digits(year / 100, &mut buffer[0..2]);
        two_digits(year % 100, &mut buffer[2..4]);
        two_digits(month, &mut buffer[5..7]);
        two_digits(day, &mut buffer[8..10]);
        two_digits(seconds / 3_600, &mut buffer[11..13]);
        two_digits(seconds / 60 % 60, &mut buffer[14..16]);
        two_digits(seconds % 60, &mut buffer[17..19]);
        two_digits(fraction / 10_000, &mut buffer[20..22]);
        two_digits(fraction / 100 % 100, &mut buffer[22..24]);
        two_digits(fraction % 100, &mut buffer[24..26]);
        std::str::from_utf8(buffer).expect("it is digits and punctuation")
    }
}

/// Year, month and day, so many days after 1970-01-01: in years that begin in March a leap day comes last, and months
/// of 31 and 30 days alternate in runs of five (153 days).
fn date_of(days: u64) -> (u64, u64, u64) {
    const ERA_DAYS: u64 = 146_097;
    let since_march_of_0 = days + 719_468;
    let (era, in_era) = (since_march_of_0 / ERA_DAYS, since_march_of_0 % ERA_DAYS);
    let year_of_era = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let day_of_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (400 * era + year_of_era + u64::from(month <= 2), month, day)
}

fn two_digits(number: u64, place: &mut [u8]) {
    place[0] = b'0' + (number / 10) as u8;
    place[1] = b'0' + (number % 10) as u8;
}

impl fmt::Display for WireTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.write(&mut [0; WireTime::LENGTH]))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use tradepit_engine::Time;

    use super::{DAY_US, LAST_US, WireTime};

    fn is_as_jiff_says(us: i64) {
        let time = Timestamp::from_microsecond(us).expect("jiff knows it");
        assert_eq!(WireTime(Time(us)).to_string(), format!("{time:.6}"));
    }

    proptest! {
        #[test]
        fn any_time_is_written_as_jiff_writes_it(us in 0..Timestamp::MAX.as_microsecond()) {
            is_as_jiff_says(us);
        }
    }

    #[test]
    fn every_day_of_four_centuries_is_written_as_jiff_writes_it() {
        let last_of_day = |day: i64| (day + 1) * DAY_US.cast_signed() - 1;
        (0..146_097).map(last_of_day).for_each(is_as_jiff_says);
    }

    #[test]
    fn a_time_that_has_no_words_is_the_nearest_that_has() {
        for (us, text) in [
            (LAST_US, "9999-12-31T23:59:59.999999Z"),
            (i64::MAX, "9999-12-31T23:59:59.999999Z"),
            (0, "1970-01-01T00:00:00.000000Z"),
            (i64::MIN, "1970-01-01T00:00:00.000000Z"),
        ] {
            assert_eq!(WireTime(Time(us)).to_string(), text);
        }
    }
}
