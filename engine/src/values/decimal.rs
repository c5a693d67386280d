//! Exact decimals, as they are written: prices, amounts, rates. No float comes near them.

use std::cmp::Ordering;
use std::fmt;

/// All powers of ten that an array of this length has room for, from 1 on.
macro_rules! powers_of_ten {
    () => {{
        let mut powers = [1; _];
        let mut exponent = 1;
        while exponent < powers.len() {
            powers[exponent] = 10 * powers[exponent - 1];
            exponent += 1;
        }
        powers
    }};
}

/// An exact decimal number of at most [`Decimal::MOST_DIGITS`] digits, of which at most as many follow the point.
///
/// `1.50` and `1.5` are one number, and equal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// The number is this, divided by ten to the power of `scale`. Its last digit is not 0, unless `scale` is.
    units: i128,
    scale: u8,
}

/// Why a text is no [`Decimal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidDecimal {
    /// It is not written as JSON writes a number.
    Spelling,
    /// It has more digits, before the point or behind it, than are kept.
    TooLong,
}

impl Decimal {
    /// The most digits, before the point and behind it together.
    pub const MOST_DIGITS: u32 = 36;

    /// Zero.
    pub const ZERO: Decimal = Decimal { units: 0, scale: 0 };

    /// One.
    pub const ONE: Decimal = Decimal { units: 1, scale: 0 };

    /// `units` / 10^`scale`; `None` where that has more digits than are kept.
    #[must_use]
    pub fn new(units: i128, scale: u32) -> Option<Decimal> {
        let (mut units, mut scale) = (units, scale);
        while scale > 0
            && let Some(tenth) = whole_part(units, 10)
        {
            units = tenth;
            scale = if units == 0 { 0 } else { scale - 1 };
        }
        let fits = scale <= Decimal::MOST_DIGITS && units.unsigned_abs() < 10_u128.pow(Decimal::MOST_DIGITS);
        fits.then_some(Decimal { units, scale: scale as u8 })
    }

    /// Reads a number as JSON spells it: `1`, `-0.25`, `1e-9`. By its digits, however many zeros surround them.
    pub fn parse(text: &str) -> Result<Decimal, InvalidDecimal> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (rest, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return Err(InvalidDecimal::Spelling),
            Some((whole, fraction)) => (whole, fraction),
            None => (mantissa, ""),
        };
        let is_digits = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
        if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) || !is_digits(whole) || !is_digits(fraction)
        {
            return Err(InvalidDecimal::Spelling);
        }
        // Zeros at either end say nothing but where the point stands.
        let digits = [whole, fraction].concat();
        let kept = digits.trim_end_matches('0');
        let cut = (digits.len() - kept.len()) as i64;
        let kept = kept.trim_start_matches('0');
        if kept.is_empty() {
            return Ok(Decimal::ZERO);
        }
        if kept.len() > Decimal::MOST_DIGITS as usize {
            return Err(InvalidDecimal::TooLong);
        }
        let units: i128 = kept.parse().map_err(|_| InvalidDecimal::TooLong)?;
        let units = if negative { -units } else { units };
        let scale = (fraction.len() as i64).saturating_sub(cut).saturating_sub(exponent);
        let number = match u32::try_from(scale) {
            Ok(scale) => Decimal::new(units, scale),
            Err(_) => {
                let power = u32::try_from(scale.unsigned_abs()).ok().and_then(power_of_ten);
                power.and_then(|power| Decimal::new(units.checked_mul(power)?, 0))
            }
        };
        number.ok_or(InvalidDecimal::TooLong)
    }

    /// How many digits follow the point.
    #[must_use]
    pub fn decimals(self) -> u32 {
        u32::from(self.scale)
    }

    /// Whether it is greater than zero.
    #[must_use]
    pub fn is_positive(self) -> bool {
        self.units > 0
    }

    /// The least whole number that is not less than it.
    #[must_use]
    pub fn ceiling(self) -> i128 {
        let power = 10_i128.pow(self.decimals());
        self.units.div_euclid(power) + i128::from(self.units.rem_euclid(power) > 0)
    }

    /// The greatest whole number that is not greater, and what is left in the least units that there are.
    fn parted(self) -> (i128, i128) {
        let power = 10_i128.pow(self.decimals());
        // What is left is less than one: in such units that is less than 10^36.
        let rest = self.units.rem_euclid(power) * 10_i128.pow(Decimal::MOST_DIGITS - self.decimals());
        (self.units.div_euclid(power), rest)
    }

    /// The number in units of ten to the power of -`scale`; `None` where it is no whole number of them, or too many.
    #[must_use]
    pub fn units(self, scale: u32) -> Option<i128> {
        let power = power_of_ten(scale.checked_sub(self.decimals())?)?;
        times(self.units, power)
    }

    /// How many times `step` it is; `None` where that is no whole number, or too large a one.
    #[must_use]
    pub fn steps(self, step: Decimal) -> Option<i128> {
        self.in_steps(step.units, step.decimals())
    }

    /// The same, of a step of so many units of ten to the power of -`scale`.
    pub(super) fn in_steps(self, units: impl Into<i128>, scale: u32) -> Option<i128> {
        // What has more decimals than the step is no multiple of it: its last digit is not 0.
        whole_part(self.units(scale)?, units.into())
    }

    /// The number in units of ten to the power of -`scale`, where both have no more than 64 bits, as nearly all do;
    /// `None` says nothing.
    #[inline]
    pub(super) fn in_units_64(self, scale: u32) -> Option<u64> {
        const POWERS: [u64; u64::MAX.ilog10() as usize + 1] = powers_of_ten!();
        let power = *POWERS.get(scale.wrapping_sub(self.decimals()) as usize)?;
        u64::try_from(self.units).ok()?.checked_mul(power)
    }

    /// `steps` times this number; `None` where that has more digits than are kept.
    #[must_use]
    pub fn times(self, steps: i128) -> Option<Decimal> {
        Decimal::new(self.units.checked_mul(steps)?, self.decimals())
    }

    /// With at least so many digits behind the point: `1.08500`.
    #[must_use]
    pub fn with_decimals(self, decimals: u32) -> impl fmt::Display {
        Written { number: self, decimals: decimals.max(self.decimals()) }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        self.parted().cmp(&other.parted())
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn power_of_ten(exponent: u32) -> Option<i128> {
    const POWERS: [i128; i128::MAX.ilog10() as usize + 1] = powers_of_ten!();
    POWERS.get(exponent as usize).copied()
}

/// A number divided by another one; `None` where that is no whole number. Nearly all have 64 bits, which processors
/// divide at once; 128 take them ten times as long.
fn whole_part(number: i128, by: i128) -> Option<i128> {
    match (u64::try_from(number), u64::try_from(by)) {
        (_, Ok(1)) => Some(number),
        (Ok(number), Ok(by)) => (number.checked_rem(by)? == 0).then(|| i128::from(number / by)),
        _ => (number.checked_rem(by)? == 0).then(|| number / by),
    }
}

/// The product; `None` where it is out of range. That of 64 bits is not.
pub(super) fn times(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b),
    }
}

/// An exponent beyond all that is kept is as good as any other.
fn read_exponent(text: &str) -> Result<i64, InvalidDecimal> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(InvalidDecimal::Spelling);
    }
    let digits = digits.trim_start_matches('0');
    let exponent = if digits.len() > 9 { i64::from(u32::MAX) } else { digits.parse().unwrap_or(0) };
    Ok(if text.starts_with('-') { -exponent } else { exponent })
}

struct Written {
    number: Decimal,
    decimals: u32,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Decimal { units, scale } = self.number;
        let power = 10_u128.pow(u32::from(scale));
        let (whole, fraction) = (units.unsigned_abs() / power, units.unsigned_abs() % power);
        let sign = if units < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}")?;
        let (scale, decimals) = (usize::from(scale), self.decimals as usize);
        match (scale, decimals) {
            (_, 0) => Ok(()),
            (0, _) => write!(f, ".{:0decimals$}", 0),
            _ => write!(f, ".{fraction:0scale$}{:0<1$}", "", decimals - scale),
        }
    }
}

/// Without zeros at its end: `1.085`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_decimals(0).fmt(f)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
