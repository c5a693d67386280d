//! Where each instrument trades.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::book::Book;
use super::moving::Mover;
use super::quoting::Taken;
use super::replay::Rows;
use super::triggers::Triggers;
use crate::accounts::ledger::InstrumentNumber;
use crate::values::{Number, Time};

/// When an order came, and by which change: the order of those that wait.
pub(crate) type Arrival = (Time, Number);

/// When the first of those acts that wait outside a book, when that one came, and where.
pub(crate) type Opening = (Time, Arrival, InstrumentNumber);

/// What belongs to trading one instrument.
#[derive(Debug, Default)]
pub(crate) struct Pit {
    pub(crate) book: Book,
    /// What waits for a price.
    pub(crate) triggers: Triggers,
    pub(crate) taken: Taken,
    /// What stands in place of the house's own quotes, from some time on.
    pub(crate) rows: Rows,
    /// When there were rows last.
    pub(crate) dropped_at: Option<Time>,
    /// Its market, where that moves by itself and was asked.
    pub(crate) mover: OnceCell<Box<Mover>>,
    /// When what rests here meets the house's quote, if it does unless something changes.
    pub(crate) meets_at: Option<Time>,
    /// What waits outside the book until the instrument trades: the changes that accepted it.
    pub(crate) outside: BTreeMap<Arrival, Number>,
    /// When the first of it acts, unless something changes.
    pub(crate) opening: Option<Opening>,
}

impl Pit {
    /// Whether nobody waits here but in the book, and nothing is to happen by itself.
    #[inline]
    pub(crate) fn is_still(&self) -> bool {
        let waits = !self.triggers.is_empty() || !self.outside.is_empty();
        !waits && self.meets_at.is_none() && self.opening.is_none()
    }
}
