//! How much is ordered, in whole units.

/// How much is ordered: 1 to 9 007 199 254 740 991, the integers that every JSON reader keeps exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(u64);

/// A number outside the range of a [`Quantity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidQuantity {
    /// Less than 1.
    TooSmall,
    /// More than [`Quantity::MAX`].
    TooLarge,
}

impl Quantity {
    /// The least quantity.
    pub const ONE: Quantity = Quantity(1);

    /// The greatest quantity, 2^53 - 1.
    pub const MAX: u64 = 9_007_199_254_740_991;

    /// Reads a quantity; refuses what is out of range.
    pub fn new(value: u64) -> Result<Quantity, InvalidQuantity> {
        match value {
            0 => Err(InvalidQuantity::TooSmall),
            1..=Quantity::MAX => Ok(Quantity(value)),
            _ => Err(InvalidQuantity::TooLarge),
        }
    }

    /// The quantity as a number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

/// A quantity in 7 bytes, which the greatest one fits into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PackedQuantity([u8; 7]);

impl PackedQuantity {
    pub(crate) fn get(self) -> Quantity {
        let [a, b, c, d, e, f, g] = self.0;
        Quantity(u64::from_le_bytes([a, b, c, d, e, f, g, 0]))
    }
}

impl From<Quantity> for PackedQuantity {
    fn from(quantity: Quantity) -> PackedQuantity {
        let [a, b, c, d, e, f, g, _] = quantity.0.to_le_bytes();
        PackedQuantity([a, b, c, d, e, f, g])
    }
}
