//! How times are written on the command line: delays and ages, read and spelled.
//!
//! Owns the grammar and what is said of a text that breaks it. Draws no delay: what is read here is handed to the
//! actors.

use tradepit_actors::{DELAY_CAP_US, DelayModel};

/// Reads `none`, `500ms`, `100ms..1s` or `lognormal(250ms,0.5)`.
pub(crate) fn parse_delay(text: &str) -> Result<DelayModel, String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("none") {
        return Ok(DelayModel::None);
    }
    if let Some(arguments) = text.strip_prefix("lognormal(").and_then(|rest| rest.strip_suffix(')')) {
        return parse_log_normal(arguments);
    }
    match text.split_once("..") {
        Some((min, max)) => parse_range(parse_us(min)?, parse_us(max)?),
        None => Ok(DelayModel::Fixed { us: parse_us(text)? }),
    }
}

/// Writes a delay as [`parse_delay`] reads it.
pub(crate) fn spell_delay(delay: &DelayModel) -> String {
    match *delay {
        DelayModel::None => "none".to_owned(),
        DelayModel::Fixed { us } => spell_us(us),
        DelayModel::Uniform { min_us, max_us } => format!("{}..{}", spell_us(min_us), spell_us(max_us)),
        DelayModel::LogNormal { median_us, sigma } => format!("lognormal({},{sigma})", spell_us(median_us)),
    }
}

/// A time in the greatest unit that it fills; in hours and minutes only where they are whole.
fn spell_us(us: u64) -> String {
    const SECOND: u64 = 1_000_000;
    let (unit_us, unit) = match us {
        1.. if us.is_multiple_of(3_600 * SECOND) => (3_600 * SECOND, "h"),
        1.. if us.is_multiple_of(60 * SECOND) => (60 * SECOND, "m"),
        SECOND.. => (SECOND, "s"),
        _ => (1_000, "ms"),
    };
    // The digits of both are exact: no time is longer than an hour, and a float holds 15.
    format!("{}{unit}", us as f64 / unit_us as f64)
}

/// Reads an age, in microseconds: a whole number with a unit, as in `30d`.
pub(crate) fn parse_age(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let unit_us: u64 = match unit {
        "s" => 1_000_000,
        "m" => 60_000_000,
        "h" => 3_600_000_000,
        "d" => 86_400_000_000,
        _ => return Err(format!("'{text}' is no age: write a whole number and s, m, h or d, as in 30d")),
    };
    let number: u64 =
        number.parse().map_err(|_| format!("'{text}' is no age: write a number and a unit, as in 30d"))?;
    number.checked_mul(unit_us).filter(|&us| us > 0).ok_or_else(|| format!("'{text}' is too short or too long an age"))
}

/// An age as the command line writes it, in the greatest unit that it is whole in.
pub(crate) fn spell_age(us: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "m")];
    let unit = UNITS.into_iter().find(|(unit_us, _)| us.is_multiple_of(*unit_us));
    let (unit_us, unit) = unit.unwrap_or((1_000_000, "s"));
    format!("{}{unit}", us / unit_us)
}

fn parse_range(min_us: u64, max_us: u64) -> Result<DelayModel, String> {
    if min_us > max_us {
        return Err("the range is reversed: write the shorter time first, as in 100ms..1s".to_owned());
    }
    Ok(DelayModel::Uniform { min_us, max_us })
}

fn parse_log_normal(arguments: &str) -> Result<DelayModel, String> {
    let (median, sigma) =
        arguments.split_once(',').ok_or("a log-normal needs a median and a sigma, as in lognormal(250ms,0.5)")?;
    let sigma: f64 = sigma.trim().parse().map_err(|_| format!("'{}' is no number", sigma.trim()))?;
    if !(0.0..=10.0).contains(&sigma) {
        return Err("sigma must be from 0 to 10".to_owned());
    }
    Ok(DelayModel::LogNormal { median_us: parse_us(median)?, sigma })
}

/// The longest span of time, in microseconds: 3650 days.
const SPAN_AT_MOST_US: u64 = 3_650 * DAY_US;
const DAY_US: u64 = 86_400_000_000;

/// Reads a span of time, in microseconds: a number with a unit, up to 3650d.
pub(crate) fn parse_span(text: &str) -> Result<u64, String> {
    let most = (SPAN_AT_MOST_US, "3650d");
    match text.trim().strip_suffix('d') {
        Some(days) => number_us(text.trim(), days, DAY_US as f64, most),
        None => parse_us_below(text, "ms, s, m, h or d", most),
    }
}

/// Writes a span of time as [`parse_span`] reads it.
pub(crate) fn spell_span(us: u64) -> String {
    if us > 0 && us.is_multiple_of(DAY_US) { format!("{}d", us / DAY_US) } else { spell_us(us) }
}

/// Reads a time of at most an hour: a number with a unit.
pub(crate) fn parse_us(text: &str) -> Result<u64, String> {
    parse_us_below(text, "ms, s, m or h", (DELAY_CAP_US, "1h"))
}

fn parse_us_below(text: &str, units: &str, most: (u64, &str)) -> Result<u64, String> {
    let text = text.trim();
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let unit_us = match unit {
        "ms" => 1_000.0,
        "s" => 1_000_000.0,
        "m" => 60_000_000.0,
        "h" => 3_600_000_000.0,
        "" => return Err(format!("'{text}' needs a unit: {units}, as in 500ms")),
        _ => return Err(format!("'{unit}' is no unit: write {units}")),
    };
    number_us(text, number, unit_us, most)
}

fn number_us(text: &str, number: &str, unit_us: f64, (most_us, most): (u64, &str)) -> Result<u64, String> {
    if number.starts_with(|c: char| !c.is_ascii_digit() && c != '.') {
        return Err(format!("'{text}' is no time: write a number and a unit, as in 500ms"));
    }
    let number: f64 =
        number.parse().map_err(|_| format!("'{text}' is no time: write a number and a unit, as in 500ms"))?;
    let us = number * unit_us;
    if us > most_us as f64 {
        return Err(format!("'{text}' is longer than {most}"));
    }
    // Not negative (no sign is read) and at most the cap: it fits.
    Ok(us.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::{parse_delay, parse_span, spell_delay, spell_span};
    use proptest::prelude::*;
    use tradepit_actors::DELAY_CAP_US;
    use tradepit_actors::DelayModel::{self, Fixed, LogNormal, None, Uniform};

    #[test]
    fn every_spelling_of_a_delay_is_read() {
        let cases: [(&str, DelayModel); 9] = [
            ("none", None),
            ("500ms", Fixed { us: 500_000 }),
            ("0ms", Fixed { us: 0 }),
            ("1.5s", Fixed { us: 1_500_000 }),
            ("2m", Fixed { us: 120_000_000 }),
            ("1h", Fixed { us: 3_600_000_000 }),
            ("100ms..1s", Uniform { min_us: 100_000, max_us: 1_000_000 }),
            (" 1s .. 1s ", Uniform { min_us: 1_000_000, max_us: 1_000_000 }),
            ("lognormal(250ms, 0.5)", LogNormal { median_us: 250_000, sigma: 0.5 }),
        ];
        for (text, model) in cases {
            assert_eq!(parse_delay(text), Ok(model), "{text}");
        }
    }

    #[test]
    fn what_is_no_delay_is_refused_with_the_reason() {
        let cases = [
            ("1s..100ms", "reversed"),
            ("500", "unit"),
            ("500us", "no unit"),
            ("-5s", "no unit"),
            ("", "unit"),
            ("..", "unit"),
            ("1.2.3s", "no time"),
            ("2h", "longer than 1h"),
            ("lognormal(250ms)", "a median and a sigma"),
            ("lognormal(250ms,x)", "no number"),
            ("lognormal(250ms,-1)", "sigma"),
            ("lognormal(250ms,NaN)", "sigma"),
        ];
        for (text, reason) in cases {
            let refused = parse_delay(text).expect_err(text);
            assert!(refused.contains(reason), "{text}: {refused}");
        }
    }

    #[test]
    fn a_delay_is_spelled_in_the_unit_that_a_person_would_take() {
        let cases: [(DelayModel, &str); 9] = [
            (None, "none"),
            (Fixed { us: 0 }, "0ms"),
            (Fixed { us: 1_500 }, "1.5ms"),
            (Fixed { us: 5_000_000 }, "5s"),
            (Fixed { us: 90_000_000 }, "90s"),
            (Fixed { us: 120_000_000 }, "2m"),
            (Fixed { us: DELAY_CAP_US }, "1h"),
            (Uniform { min_us: 100_000, max_us: 1_000_000 }, "100ms..1s"),
            (LogNormal { median_us: 250_000, sigma: 0.5 }, "lognormal(250ms,0.5)"),
        ];
        for (model, text) in cases {
            assert_eq!(spell_delay(&model), text);
        }
    }

    #[test]
    fn a_span_goes_up_to_ten_years() {
        const DAY: u64 = 86_400_000_000;
        for (text, us) in [("1h", DAY / 24), ("1.5d", 36 * DAY / 24), ("3650d", 3_650 * DAY), ("200ms", 200_000)] {
            assert_eq!(parse_span(text), Ok(us), "{text}");
            assert_eq!(parse_span(&spell_span(us)), Ok(us), "{text}");
        }
        assert_eq!(spell_span(2 * DAY), "2d");
        for text in ["", "d", "-1d", "3651d", "1w", "1", "infd", "NaNd", "1e9d"] {
            assert!(parse_span(text).is_err(), "{text}");
        }
    }

    fn delays() -> impl Strategy<Value = DelayModel> {
        let us =
            || prop_oneof![0..=DELAY_CAP_US, 0..=2_000_000_u64, (0..=60_u64).prop_map(|minutes| minutes * 60_000_000)];
        prop_oneof![
            Just(None),
            us().prop_map(|us| Fixed { us }),
            (us(), us()).prop_map(|(one, other)| Uniform { min_us: one.min(other), max_us: one.max(other) }),
            (us(), 0.0..=10.0_f64).prop_map(|(median_us, sigma)| LogNormal { median_us, sigma }),
        ]
    }

    proptest! {
        #[test]
        fn a_spelled_delay_is_read_back_as_it_was(delay in delays()) {
            prop_assert_eq!(parse_delay(&spell_delay(&delay)), Ok(delay));
        }
    }
}
