//! Times as text, on wires and on the command line: RFC 3339. Written in UTC with microseconds; read with any offset
//! and any number of digits.

use std::fmt;

use tradepit_engine::Time;

/// A time, written as `2026-11-22T08:00:00.123456Z`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WireTime(pub(crate) Time);

/// The numbers below 100, each in two digits.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < pairs.len() {
        pairs[number] = [b'0' + number as u8 / 10, b'0' + number as u8 % 10];
        number += 1;
    }
    pairs
};

/// What to say of what is none.
pub(crate) const EXPECTED: &str = "Input should be a time of RFC 3339, such as 2026-11-22T08:00:00Z";

const DAY_US: u64 = 86_400_000_000;

impl WireTime {
    /// How many bytes a time takes.
    pub(crate) const LENGTH: usize = 27;

    /// Writes the time, in ASCII. No clock shows a time before 1970 or after the year 9999; the
    /// nearest one that has words stands for it.
    ///
    /// Two or three times stand in every reply: jiff's formatting, which the tests hold this to, took a tenth of all
    /// instructions of a POST.
    pub(crate) fn write(self) -> [u8; WireTime::LENGTH] {
        let us = self.0.0.clamp(0, Time::LAST.0).cast_unsigned();
        // 32 bits hold all of it but the whole: they are divided faster.
        let (days, in_day) = ((us / DAY_US) as u32, us % DAY_US);
        let (year, month, day) = date_of(days);
        let (seconds, fraction) = ((in_day / 1_000_000) as u32, (in_day % 1_000_000) as u32);
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        let pairs = [
            (0, year / 100),
            (2, year % 100),
            (5, month),
            (8, day),
            (11, seconds / 3_600),
            (14, seconds / 60 % 60),
            (17, seconds % 60),
            (20, fraction / 10_000),
            (22, fraction / 100 % 100),
            (24, fraction % 100),
        ];
        for (at, number) in pairs {
            [text[at], text[at + 1]] = PAIRS[number as usize % 100];
        }
        text
    }
}

/// Reads a time of RFC 3339 (section 5.6): `2026-11-22T08:00:00Z`, `2026-11-22t09:00:00.5+01:00`. What is finer than a
/// microsecond is rounded up, so that what comes at a time or later is the same.
///
/// A query writes a space as `+`, and clients forget that: a space where the offset begins is read as one.
pub(crate) fn parse(text: &str) -> Option<Time> {
    let bytes = text.as_bytes();
    let (clock, rest) = bytes.split_at_checked("0000-00-00T00:00:00".len())?;
    let [year, month, day, hour, minute, second] =
        [(0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19)].map(|(from, to)| digits(&clock[from..to]));
    let (year, month, day, hour, minute, second) = (year?, month?, day?, hour?, minute?, second?);
    let marks = [clock[4], clock[7], clock[10].to_ascii_uppercase(), clock[13], clock[16]];
    // A leap second is the one that follows.
    let is_time = marks == *b"--T::" && hour < 24 && minute < 60 && second <= 60;
    let days = days_of(year, month, day).filter(|_| is_time)?;
    let (fraction_us, offset) = read_fraction(rest)?;
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - read_offset(offset)? * 60;
    Some(Time(seconds * 1_000_000 + fraction_us))
}

/// The microseconds of a fraction, if there is one, and what follows it.
fn read_fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(fraction) = text.strip_prefix(b".") else { return Some((0, text)) };
    let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (fraction, rest) = fraction.split_at_checked(length).filter(|_| length > 0)?;
    let (whole, finer) = fraction.split_at(length.min(6));
    let us = digits(whole)? * 10_i64.pow(6 - whole.len() as u32);
    Some((us + i64::from(finer.iter().any(|&digit| digit != b'0')), rest))
}

/// The minutes that an offset is ahead of UTC.
fn read_offset(text: &[u8]) -> Option<i64> {
    let (sign, hour, minute) = match *text {
        [b'Z' | b'z'] => return Some(0),
        [b'+' | b' ', a, b, b':', c, d] => (1, digits(&[a, b])?, digits(&[c, d])?),
        [b'-', a, b, b':', c, d] => (-1, digits(&[a, b])?, digits(&[c, d])?),
        _ => return None,
    };
    (hour < 24 && minute < 60).then_some(sign * (hour * 60 + minute))
}

/// The number that is written in these digits, few enough for it.
fn digits(text: &[u8]) -> Option<i64> {
    let is_number = text.iter().all(u8::is_ascii_digit);
    is_number.then(|| text.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// How many days after 1970-01-01 this day is; `None` where there is none: the other way round from [`date_of`].
fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    // Years that begin in March.
    let (year, from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    (1..=length).contains(&day).then_some(days + (153 * from_march + 2) / 5 + day - 1 - 719_468)
}

/// Year, month and day, so many days after 1970-01-01: in years that begin in March a leap day comes last, and months
/// of 31 and 30 days alternate in runs of five (153 days).
fn date_of(days: u32) -> (u32, u32, u32) {
    const ERA_DAYS: u32 = 146_097;
    let since_march_of_0 = days + 719_468;
    let (era, in_era) = (since_march_of_0 / ERA_DAYS, since_march_of_0 % ERA_DAYS);
    let year_of_era = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let day_of_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (400 * era + year_of_era + u32::from(month <= 2), month, day)
}

impl fmt::Display for WireTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.write()).expect("it is digits and punctuation"))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use tradepit_engine::Time;

    use super::{DAY_US, WireTime, parse};

    fn is_as_jiff_says(us: i64) {
        let time = Timestamp::from_microsecond(us).expect("jiff knows it");
        assert_eq!(WireTime(Time(us)).to_string(), format!("{time:.6}"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(us in 0..=Time::LAST.0) {
            prop_assert_eq!(parse(&WireTime(Time(us)).to_string()), Some(Time(us)));
        }

        #[test]
        fn a_time_of_any_offset_is_read_as_jiff_reads_it(
            us in Timestamp::MIN.as_microsecond()..Timestamp::MAX.as_microsecond(), minutes in -1439_i64..1440,
        ) {
            let shifted = Timestamp::from_microsecond(us.saturating_add(minutes * 60_000_000));
            let shifted = shifted.ok().map(|time| format!("{time:.6}")).filter(|text| !text.starts_with('-'));
            if let Some(text) = shifted {
                let sign = if minutes < 0 { '-' } else { '+' };
                let (hour, minute) = (minutes.abs() / 60, minutes.abs() % 60);
                let text = text.replace('Z', &format!("{sign}{hour:02}:{minute:02}"));
                prop_assert_eq!(parse(&text), Some(Time(us)), "{}", text);
            }
        }

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
    fn a_time_is_read_however_rfc_3339_spells_it() {
        let eight = 1_795_334_400_000_000;
        for (text, us) in [
            ("2026-11-22T08:00:00Z", eight),
            ("2026-11-22t08:00:00z", eight),
            ("2026-11-22T08:00:00.000000Z", eight),
            ("2026-11-22T09:30:00+01:30", eight),
            ("2026-11-22T09:30:00 01:30", eight),
            ("2026-11-22T00:30:00-07:30", eight),
            ("2026-11-22T07:59:60Z", eight),
            ("2026-11-22T08:00:00.5Z", eight + 500_000),
            ("2026-11-22T08:00:00.1234560000Z", eight + 123_456),
            ("2026-11-22T08:00:00.1234560001Z", eight + 123_457),
            ("2026-11-22T08:00:00.9999999Z", eight + 1_000_000),
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T00:00:00Z", 951_782_400_000_000),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
        ] {
            assert_eq!(parse(text), Some(Time(us)), "{text}");
        }
        for text in [
            "",
            "now",
            "1795334400",
            "2026-11-22",
            "2026-11-22T08:00Z",
            "2026-11-22T08:00:00",
            "2026-11-22 08:00:00Z",
            "2026-11-22T08:00:00.Z",
            "2026-11-22T08:00:00,5Z",
            "2026-11-22T08:00:00+0100",
            "2026-11-22T08:00:00+24:00",
            "2026-11-22T24:00:00Z",
            "2026-11-22T08:60:00Z",
            "2026-11-22T08:00:61Z",
            "2026-13-01T08:00:00Z",
            "2026-00-01T08:00:00Z",
            "2026-11-31T08:00:00Z",
            "2026-11-00T08:00:00Z",
            "2026-02-29T08:00:00Z",
            "1900-02-29T08:00:00Z",
            "+026-11-22T08:00:00Z",
            "2026-11-22T08:00:00ZZ",
            "2026-11-22T08:00:0\u{e9}Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_that_has_no_words_is_the_nearest_that_has() {
        for (us, text) in [
            (Time::LAST.0, "9999-12-31T23:59:59.999999Z"),
            (i64::MAX, "9999-12-31T23:59:59.999999Z"),
            (0, "1970-01-01T00:00:00.000000Z"),
            (i64::MIN, "1970-01-01T00:00:00.000000Z"),
        ] {
            assert_eq!(WireTime(Time(us)).to_string(), text);
        }
    }
}
