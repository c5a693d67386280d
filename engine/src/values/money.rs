//! Money: what is paid and owed, exact.

use std::fmt;

use super::decimal::Decimal;
use super::wide::share;

/// An amount of one currency, in its 10^-12: below zero what is owed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
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

    /// `part` of `whole` of it, rounded half to even; `None` where that is out of range, or there is no whole.
    #[must_use]
    pub fn share(self, part: u128, whole: u128) -> Option<Money> {
        share(self.0, part, whole).map(Money)
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
