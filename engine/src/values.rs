//! The small values that orders are made of. Each checks itself once, where it is made, and is `Copy`:
//! a symbol lives inside its order, so that an order costs no allocation.

use std::fmt;

/// An order's identity: the 16 bytes of a UUID, chosen by whoever submits the command.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(pub [u8; 16]);

impl fmt::Debug for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// The number of a change: the first is 1, each next one greater by exactly 1. 0 means "before the first".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub u64);

impl Seq {
    /// The number of the change after this one.
    #[must_use]
    pub fn next(self) -> Seq {
        Seq(self.0 + 1)
    }
}

/// A moment: UTC, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    /// The moment `delay_us` microseconds later; stops at the end of time rather than overflow.
    #[must_use]
    pub fn plus_us(self, delay_us: u64) -> Time {
        Time(self.0.saturating_add_unsigned(delay_us))
    }

    /// Microseconds from `earlier` to `self`; 0 where `earlier` is later.
    #[must_use]
    pub fn us_since(self, earlier: Time) -> u64 {
        if self > earlier { self.0.abs_diff(earlier.0) } else { 0 }
    }
}

/// What is traded: 1 to 32 characters of `A-Z a-z 0-9 . _ / -` (contract, "An order").
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol {
    /// Padded with 0, which is none of the characters: so symbols compare as their texts do, and no length is kept.
    bytes: [u8; Symbol::MAX_LEN],
}

/// Why a text is no [`Symbol`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidSymbol {
    /// It has no character.
    Empty,
    /// It has more than [`Symbol::MAX_LEN`] characters.
    TooLong,
    /// It has a character other than `A-Z a-z 0-9 . _ / -`.
    Character,
}

impl Symbol {
    /// The greatest length, in characters (all of one byte).
    pub const MAX_LEN: usize = 32;

    /// Reads a symbol; refuses what the contract's character set or length does not allow.
    pub fn new(text: &str) -> Result<Symbol, InvalidSymbol> {
        if text.is_empty() {
            return Err(InvalidSymbol::Empty);
        }
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'/' | b'-');
        if !text.bytes().all(allowed) {
            return Err(InvalidSymbol::Character);
        }
        let mut bytes = [0; Symbol::MAX_LEN];
        let place = bytes.get_mut(..text.len()).ok_or(InvalidSymbol::TooLong)?;
        place.copy_from_slice(text.as_bytes());
        Ok(Symbol { bytes })
    }

    /// The symbol as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let len = self.bytes.iter().position(|&byte| byte == 0).unwrap_or(Symbol::MAX_LEN);
        std::str::from_utf8(&self.bytes[..len]).expect("a symbol is ASCII: `new` checked it")
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

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
