//! Where each instrument trades.

use super::book::Book;
use super::quoting::Taken;
use super::triggers::Triggers;
use crate::values::Time;

/// What belongs to trading one instrument.
#[derive(Debug, Default)]
pub(crate) struct Pit {
    pub(crate) book: Book,
    /// What waits for a price.
    pub(crate) triggers: Triggers,
    pub(crate) taken: Taken,
    /// When what rests here meets the house's quote, if it does unless something changes.
    pub(crate) meets_at: Option<Time>,
}
