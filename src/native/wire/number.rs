//! A JSON number by its digits, as it was spelled: no float comes in between, so nothing is rounded.

/// Why a JSON value is no integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoInteger {
    Negative,
    /// It has a fraction that is not 0.
    Fraction,
    OtherType,
}

/// Whether this is the spelling of a number, and not of another JSON value.
pub(crate) fn is_number(json: &str) -> bool {
    json.starts_with(|c: char| c == '-' || c.is_ascii_digit())
}

/// The integer that a JSON value spells: `7`, `7.0` and `70e-1` are 7. What is too large for 64 bits is `u64::MAX`.
pub(crate) fn read_integer(json: &str) -> Result<u64, NoInteger> {
    if !is_number(json) {
        return Err(NoInteger::OtherType);
    }
    let number = Number::split(json);
    if number.is_zero() {
        return Ok(0);
    }
    let kept = usize::try_from(number.point()).unwrap_or(0);
    if number.digits().skip(kept).any(|digit| digit != b'0') {
        return Err(NoInteger::Fraction);
    }
    if number.negative {
        return Err(NoInteger::Negative);
    }
    // More than 20 digits after the first one that is not 0 overflow anyway.
    let zeros = kept.saturating_sub(number.whole.len() + number.fraction.len()).min(20);
    Ok(digits_to_u64(number.digits().take(kept).chain(std::iter::repeat_n(b'0', zeros))))
}

/// The number of these digits, or `u64::MAX`.
fn digits_to_u64(digits: impl Iterator<Item = u8>) -> u64 {
    digits.fold(0_u64, |value, digit| value.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
}

/// Whether a double holds exactly the number that is spelled here: `1.5` and `1e22` yes, `0.1` and `1e23` no.
pub(crate) fn is_exact_double(json: &str) -> bool {
    let number = Number::split(json);
    if number.is_zero() {
        return true;
    }
    // The double next to it; the only one that it could be.
    let Ok(double) = json.parse::<f64>() else { return false };
    if double == 0.0 || !double.is_finite() {
        return false;
    }
    let mut digits: Vec<u8> = number.digits().collect();
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    // Digits behind the decimal point; below 0 where zeros stand before it.
    let behind = i64::try_from(digits.len()).unwrap_or(i64::MAX).saturating_sub(number.point());
    let of_double = digits_behind_point(double);
    if behind.max(0) != i64::from(of_double) {
        return false;
    }
    digits.extend(std::iter::repeat_n(b'0', usize::try_from(-behind).unwrap_or(0)));
    // Written with as many digits as it has, a double is written exactly.
    let written = format!("{:.*}", of_double as usize, double.abs());
    let significant = |digit: &u8| !matches!(digit, b'0' | b'.');
    let written = written.bytes().skip_while(|digit| !significant(digit)).filter(|&digit| digit != b'.');
    written.eq(digits.into_iter().skip_while(|digit| !significant(digit)))
}

/// How many decimal digits a double has behind its point, written out: as many as it has binary ones, since each
/// halving adds one.
fn digits_behind_point(double: f64) -> u32 {
    let (exponent, mantissa) = ((double.to_bits() >> 52) & 0x7ff, double.to_bits() & ((1 << 52) - 1));
    let mantissa = if exponent == 0 { mantissa } else { mantissa | 1 << 52 };
    // The double is mantissa / 2^halvings.
    1_075_u32.saturating_sub(exponent.max(1) as u32).saturating_sub(mantissa.trailing_zeros())
}

/// A number's spelling, taken apart: `-12.5e3` is negative, `12`, `5` and 3.
struct Number<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: i64,
}

impl<'a> Number<'a> {
    fn split(json: &'a str) -> Number<'a> {
        let (negative, number) = json.strip_prefix('-').map_or((false, json), |rest| (true, rest));
        let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        // An exponent too long to read is beyond any number of digits that fits a body.
        let too_long = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
        Number { negative, whole, fraction, exponent: exponent.parse().unwrap_or(too_long) }
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.whole.bytes().chain(self.fraction.bytes())
    }

    fn is_zero(&self) -> bool {
        self.digits().all(|digit| digit == b'0')
    }

    /// Where the decimal point comes to stand, counted in digits from the left.
    fn point(&self) -> i64 {
        self.exponent.saturating_add(i64::try_from(self.whole.len()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A double, written out to its last digit.
    fn written(double: f64) -> String {
        let text = format!("{double:.1074}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    proptest! {
        #[test]
        fn a_double_written_out_is_exact_and_one_digit_more_is_not(
            double in any::<f64>().prop_filter("no number", |d| d.is_finite()),
        ) {
            let text = written(double);
            prop_assert!(is_exact_double(&text), "{text}");
            let more = if text.contains('.') { format!("{text}1") } else { format!("{text}.1") };
            prop_assert!(!is_exact_double(&more), "{more}");
        }

        #[test]
        fn an_exponent_moves_the_point_and_nothing_else(whole in 1_u64..1 << 53, zeros in 0_usize..30) {
            let spelled = format!("{whole}{}e-{zeros}", "0".repeat(zeros));
            prop_assert!(is_exact_double(&spelled), "{spelled}");
            prop_assert_eq!(read_integer(&spelled), Ok(whole));
            let shifted = format!("-0.{whole:020}e20");
            prop_assert!(is_exact_double(&shifted), "{shifted}");
        }
    }

    #[test]
    fn the_ends_of_what_a_double_holds() {
        let exact =
            ["0", "-0.0", "0e99999999999999999999", "9007199254740992", "1e22", "18446744073709551616", "0.5e1"];
        for number in exact {
            assert!(is_exact_double(number), "{number}");
        }
        for double in [f64::MAX, f64::MIN_POSITIVE, f64::from_bits(1), 0.1, -1.0 / 3.0] {
            assert!(is_exact_double(&written(double)), "{double}");
        }
        let none = [
            "0.1",
            "9007199254740993",
            "1e23",
            "1e400",
            "-1e400",
            "5e-324",
            "1e-400",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "1.7976931348623157e308",
        ];
        for number in none {
            assert!(!is_exact_double(number), "{number}");
        }
    }
}
