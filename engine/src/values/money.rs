//! Money: what is paid and owed, exact.

use std::fmt;

use super::decimal::{Decimal, times};
use super::wide::share;

/// An amount of one currency, in its 10^-12: below zero what is owed.
///
/// It stands wherever 8 divides the address: at multiples of 16 alone, what holds it would be a sixth larger.
#[repr(Rust, packed(8))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i128);

impl Money {
    /// Digits behind the point.
    pub const DECIMALS: u32 = 12;

    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// This much; `None` where it has more decimals than money has, or is out of all range.
    #[must_use]
    pub fn of(amount: Decimal) -> Option<Money> {
        amount.units(Money::DECIMALS).map(Money)
    }

    /// So many times this; `None` where that is out of all range.
    #[must_use]
    pub fn times(self, count: u128) -> Option<Money> {
        times(self.0, i128::try_from(count).ok()?).map(Money)
    }

    /// `part` of `whole` of it, rounded half to even; `None` where that is out of range, or there is no whole.
    #[must_use]
    pub fn share(self, part: u128, whole: u128) -> Option<Money> {
        share(self.0, part, whole).map(Money)
    }

    /// What one comes to where `quantity` of them come to this: to so many decimals, rounded half to even; `None` where
    /// that is out of range, or the quantity is not greater than zero.
    #[must_use]
    pub fn per(self, quantity: Decimal, decimals: u32) -> Option<Decimal> {
        let scale = quantity.decimals();
        let count = u128::try_from(quantity.units(scale)?).ok()?;
        // This is self × 10^-12 / (count × 10^-scale), in units of 10^-decimals.
        let (more, less) = (decimals + scale, Money::DECIMALS);
        let power = |exponent: u32| 10_u128.checked_pow(exponent);
        let units = match more.checked_sub(less) {
            Some(exponent) => share(self.0, power(exponent)?, count),
            None => share(self.0, 1, count.checked_mul(power(less - more)?)?),
        };
        Decimal::new(units?, decimals)
    }
}

/// Without zeros at its end: `1.5`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ONE: u128 = 10_u128.pow(Money::DECIMALS);
        let (whole, fraction) = (self.0.unsigned_abs() / ONE, self.0.unsigned_abs() % ONE);
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}")?;
        if fraction > 0 {
            let digits = format!("{fraction:012}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_it_is_rounded_half_to_even_at_the_last_decimal() {
        let number = |text: &str| Decimal::parse(text).expect("a number");
        for (all, quantity, decimals, one) in [
            ("3.2", "3", 9, "1.066666667"),
            ("2", "3", 9, "0.666666667"),
            ("1", "8", 2, "0.12"),
            ("3", "8", 2, "0.38"),
            ("-1", "8", 2, "-0.12"),
            ("0.00000001", "0.00000001", 9, "1"),
            ("0.000000000001", "1", 9, "0"),
            ("0.0000000015", "3", 9, "0"),
            ("0.000000000003", "3", 12, "0.000000000001"),
            ("9007199254740991000000", "9007199254740991", 9, "1000000"),
        ] {
            let per = Money::of(number(all)).and_then(|all| all.per(number(quantity), decimals));
            assert_eq!(per, Some(number(one)), "{all} / {quantity}");
        }
    }

    #[test]
    fn nothing_is_no_quantity_and_what_is_out_of_range_has_no_part() {
        assert_eq!(Money(1).per(Decimal::ZERO, 9), None);
        assert_eq!(Decimal::parse("-1").ok().and_then(|less| Money(1).per(less, 9)), None);
        assert_eq!(Decimal::new(1, 36).and_then(|little| Money(i128::MAX).per(little, 9)), None);
    }
}
