//! What is traded, by name.

use std::fmt;
use std::hash::{Hash, Hasher};

/// What is traded: 1 to 32 characters of `A-Z a-z 0-9 . _ / -` (contract, "An order").
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

    /// A number by which most symbols differ, quickly made.
    pub(crate) fn mark(&self) -> u64 {
        let words = self.bytes.as_chunks::<8>().0;
        let mixed = words.iter().fold(0, |mark: u64, word| {
            (mark.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        });
        mixed >> 32
    }

    /// The symbol as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let len = self.bytes.iter().position(|&byte| byte == 0).unwrap_or(Symbol::MAX_LEN);
        std::str::from_utf8(&self.bytes[..len]).expect("a symbol is ASCII: `new` checked it")
    }
}

/// Most symbols are short: what pads them is not hashed.
impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        const SHORT: usize = Symbol::MAX_LEN / 2;
        state.write(&self.bytes[..SHORT]);
        if self.bytes[SHORT] != 0 {
            state.write(&self.bytes[SHORT..]);
        }
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
