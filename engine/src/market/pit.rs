//! Where each instrument trades.

use super::book::Book;
use super::quoting::Taken;

/// What belongs to trading one instrument.
#[derive(Debug, Default)]
pub(crate) struct Pit {
    pub(crate) book: Book,
    pub(crate) taken: Taken,
    /// The price of the last trade, in ticks.
    pub(crate) last_ticks: Option<u64>,
}
