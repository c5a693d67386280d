//! The least difference between two prices, or two quantities, of an instrument: its tick, its lot.

use std::fmt;

use super::decimal::Decimal;

/// A small decimal that others are multiples of, in 8 bytes: it goes along with every trade that is told.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Step {
    units: u32,
    decimals: u8,
}

impl Step {
    /// A step of this size; `None` where it is not greater than zero, or has more than some nine digits.
    #[must_use]
    pub fn new(size: Decimal) -> Option<Step> {
        let decimals = u8::try_from(size.decimals()).ok()?;
        let units = u32::try_from(size.units(size.decimals())?).ok()?;
        (units > 0).then_some(Step { units, decimals })
    }

    /// Its size.
    #[must_use]
    pub fn size(self) -> Decimal {
        Decimal::new(i128::from(self.units), u32::from(self.decimals)).expect("it was one")
    }

    /// How many of it this is; `None` where that is no whole number, or too large a one.
    #[must_use]
    pub fn count(self, number: Decimal) -> Option<i128> {
        number.in_steps(self.units, self.decimals())
    }

    /// The same, of a number that is not below zero, where that is no more than 64 bits hold.
    #[inline]
    pub(crate) fn count_64(self, number: Decimal) -> Option<u64> {
        let plainly = if self.units == 1 { number.in_units_64(self.decimals()) } else { None };
        plainly.or_else(|| self.count_closely(number))
    }

    #[inline(never)]
    fn count_closely(self, number: Decimal) -> Option<u64> {
        u64::try_from(self.count(number)?).ok()
    }

    /// So many of it; `None` where that has too many digits to be written.
    #[must_use]
    pub fn times(self, count: u128) -> Option<Decimal> {
        let units = i128::try_from(count).ok()?.checked_mul(i128::from(self.units))?;
        Decimal::new(units, u32::from(self.decimals))
    }

    /// A price of so many of it, which is written with its decimals; `None` where it has too many digits to be written.
    #[must_use]
    pub fn price(self, ticks: u64) -> Option<impl fmt::Display> {
        self.times(ticks.into()).map(|price| price.with_decimals(self.decimals()))
    }

    /// How many digits follow its point.
    #[must_use]
    pub fn decimals(self) -> u32 {
        u32::from(self.decimals)
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.size())
    }
}
