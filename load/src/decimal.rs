//! Exact decimals, as a server writes prices and quantities.
//!
//! Owns the reading and writing of them as whole numbers of units of ten to the minus something. No float anywhere.

use std::str::FromStr;

/// More decimals than any price or quantity of the contract has.
const DECIMALS_AT_MOST: usize = 18;

/// `units` × 10^−`decimals`, not negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    units: u128,
    decimals: u32,
}

impl FromStr for Decimal {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || fraction.len() > DECIMALS_AT_MOST || !digits(whole) || !digits(fraction) {
            return Err(());
        }
        let units = format!("{whole}{fraction}").parse().map_err(|_| ())?;
        Ok(Self { units, decimals: fraction.len() as u32 })
    }
}

impl Decimal {
    pub(super) fn decimals(self) -> u32 {
        self.decimals
    }

    /// In whole units of 10^−`decimals`; `None` where it is no whole number of them, or too many.
    pub(super) fn in_units(self, decimals: u32) -> Option<u128> {
        match decimals.checked_sub(self.decimals) {
            Some(more) => self.units.checked_mul(10_u128.checked_pow(more)?),
            None => {
                let unit = 10_u128.checked_pow(self.decimals - decimals)?;
                self.units.is_multiple_of(unit).then_some(self.units / unit)
            }
        }
    }
}

/// `units` × 10^−`decimals`, with just so many decimals.
pub(super) fn write(units: u128, decimals: u32) -> String {
    let width = decimals as usize + 1;
    let mut text = format!("{units:0width$}");
    if decimals > 0 {
        text.insert(text.len() - decimals as usize, '.');
    }
    text
}

/// The same without trailing zeros.
pub(super) fn write_short(units: u128, decimals: u32) -> String {
    let text = write(units, decimals);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str, decimals: u32) -> Option<u128> {
        text.parse::<Decimal>().unwrap().in_units(decimals)
    }

    #[test]
    fn decimals_are_read_by_their_digits() {
        assert_eq!(units("1.08500", 5), Some(108_500));
        assert_eq!(units("1.08500", 3), Some(1_085));
        assert_eq!(units("1.08500", 2), None, "no whole number of hundredths");
        assert_eq!(units("7", 2), Some(700));
        assert_eq!(units("0.00000001", 8), Some(1));
        assert_eq!(units("340282366920938463463374607431768211455", 1), None, "too many");
        for text in ["", ".5", "-1", "+1", "1e3", "1.0.0", "1,5", "0.0000000000000000001"] {
            assert!(text.parse::<Decimal>().is_err(), "{text:?} was read");
        }
    }

    #[test]
    fn what_is_written_reads_as_it_was() {
        assert_eq!((write(108_500, 5), write_short(108_500, 5)), ("1.08500".to_owned(), "1.085".to_owned()));
        assert_eq!((write(1, 8), write(0, 2)), ("0.00000001".to_owned(), "0.00".to_owned()));
        assert_eq!((write_short(0, 2), write_short(1_200, 0)), ("0".to_owned(), "1200".to_owned()));
    }
}
