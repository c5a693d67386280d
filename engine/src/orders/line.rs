//! An order's place in line, and what becomes of it where the order is amended.

use crate::values::Number;

/// What becomes of an order's place in line by an amendment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InLine {
    /// It stays where it is; so does one that has not arrived.
    Keeps,
    /// It goes to the end of the line of its price.
    GoesToEnd,
    /// It leaves the book, and trades.
    Leaves,
    /// Its instrument does not trade: it waits outside the book, at the end of those that do.
    Waits,
}

impl InLine {
    /// Since which change an order stands in line that stood there since `before`, after it was amended by this one.
    #[must_use]
    pub fn line(self, before: Option<Number>, amended: Number) -> Option<Number> {
        match self {
            InLine::Keeps => before,
            InLine::GoesToEnd | InLine::Waits => Some(amended),
            InLine::Leaves => None,
        }
    }
}
