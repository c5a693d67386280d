//! What names an order, a change and a moment.

use std::fmt;

/// An order's identity: the 16 bytes of a UUID, chosen by whoever submits the command.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(pub [u8; 16]);

impl fmt::Debug for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// The number of a change that is kept: the first is 1, each next one greater by exactly 1. 0 means "before the first".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(pub u64);

impl Number {
    /// The number of the change after this one.
    #[must_use]
    pub fn next(self) -> Number {
        Number(self.0 + 1)
    }
}

/// The number of a change of some order's status, which is what native clients count: the first is 1, each next one
/// greater by exactly 1. 0 means "before the first".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub u64);

impl Seq {
    /// The number of the change of status after this one.
    #[must_use]
    pub fn next(self) -> Seq {
        Seq(self.0 + 1)
    }
}

/// A moment: UTC, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    /// The last moment that RFC 3339 can write: the end of the year 9999.
    pub const LAST: Time = Time(253_402_300_799_999_999);

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
