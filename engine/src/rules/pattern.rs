//! What a text or a quantity is held to.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::values::Decimal;

/// A text in which each `*` stands for any characters, also for none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Arc<str>);

impl Pattern {
    /// The greatest length, in bytes.
    pub const MAX_LEN: usize = 255;

    /// A pattern; `None` where it is empty, too long, or has other than visible ASCII characters: no label has others.
    #[must_use]
    pub fn new(text: &str) -> Option<Pattern> {
        let fits = (1..=Pattern::MAX_LEN).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Pattern(text.into()))
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it holds for a text.
    #[must_use]
    pub fn holds_for(&self, text: &str) -> bool {
        let (pattern, text) = (self.0.as_bytes(), text.as_bytes());
        let (mut at, mut place) = (0, 0);
        // Where the last star stands, and up to where it stands for the text: it takes one more where what follows it
        // does not fit.
        let mut star = None;
        while place < text.len() {
            match pattern.get(at) {
                Some(b'*') => {
                    star = Some((at, place));
                    at += 1;
                }
                Some(byte) if *byte == text[place] => (at, place) = (at + 1, place + 1),
                _ => {
                    let Some((star_at, taken)) = star else { return false };
                    star = Some((star_at, taken + 1));
                    (at, place) = (star_at + 1, taken + 1);
                }
            }
        }
        pattern[at..].iter().all(|byte| *byte == b'*')
    }
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compares {
    /// `=`, also where nothing is written.
    Equal,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
}

impl Compares {
    /// All there are, those of two signs before those that begin alike.
    pub const SIGNS: [(&str, Compares); 5] = [
        (">=", Compares::AtLeast),
        ("<=", Compares::AtMost),
        (">", Compares::Above),
        ("<", Compares::Below),
        ("=", Compares::Equal),
    ];
}

/// A bound for a quantity: `>100`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// On which side of the number it is.
    pub compares: Compares,
    /// The number.
    pub number: Decimal,
}

impl Bound {
    /// Whether it holds for a quantity.
    #[must_use]
    pub fn holds_for(&self, quantity: Decimal) -> bool {
        let ordering = quantity.cmp(&self.number);
        match self.compares {
            Compares::Equal => ordering == Ordering::Equal,
            Compares::Above => ordering == Ordering::Greater,
            Compares::AtLeast => ordering != Ordering::Less,
            Compares::Below => ordering == Ordering::Less,
            Compares::AtMost => ordering != Ordering::Greater,
        }
    }
}

/// How likely something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probability(Decimal);

impl Probability {
    /// The most digits behind the point: what is drawn has as many as 64 bits.
    pub const DECIMALS: u32 = 18;

    /// From 0 to 1, with at most [`Probability::DECIMALS`] digits; else `None`.
    #[must_use]
    pub fn new(number: Decimal) -> Option<Probability> {
        let is_one = number <= Decimal::ONE && number >= Decimal::ZERO;
        (is_one && number.decimals() <= Probability::DECIMALS).then_some(Probability(number))
    }

    /// The number.
    #[must_use]
    pub fn number(self) -> Decimal {
        self.0
    }

    /// Whether it comes about by this draw, which is one of 2^64.
    #[must_use]
    pub fn comes_about(self, draw: u64) -> bool {
        // Below 10^18: so many times 2^64 has 124 bits.
        let units = self.0.units(Probability::DECIMALS).unwrap_or(0).unsigned_abs();
        u128::from(draw) < (units << 64) / 10_u128.pow(Probability::DECIMALS)
    }
}
