//! What is said in words of why an order ended.

use std::fmt;
use std::sync::Arc;

/// A reason in somebody's own words: 1 to 255 characters, none of which controls anything. In 8 bytes: every order has
/// room for one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ReasonText(Arc<Box<str>>);

/// Why a text is no [`ReasonText`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidReasonText {
    /// It has no character.
    Empty,
    /// It has more than [`ReasonText::MAX_CHARS`] characters.
    TooLong,
    /// A character of it controls something, such as the end of a line.
    Control,
}

impl ReasonText {
    /// The most characters that it may have.
    pub const MAX_CHARS: usize = 255;

    /// Reads a text; refuses what its characters or its length do not allow.
    pub fn new(text: &str) -> Result<ReasonText, InvalidReasonText> {
        match text.chars().count() {
            0 => Err(InvalidReasonText::Empty),
            _ if text.chars().any(char::is_control) => Err(InvalidReasonText::Control),
            1..=ReasonText::MAX_CHARS => Ok(ReasonText(Arc::new(text.into()))),
            _ => Err(InvalidReasonText::TooLong),
        }
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ReasonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
