//! Where each instrument trades.

use std::cell::OnceCell;
use std::ops::{Deref, DerefMut};

use super::book::Book;
use super::moving::Mover;
use super::quoting::Taken;
use super::replay::Rows;
use super::triggers::Triggers;
use crate::accounts::ledger::InstrumentNumber;
use crate::sheets::{Leaf, Sorted};
use crate::values::{Number, Time};

/// When an order came, and by which change: the order of those that wait.
pub(crate) type Arrival = (Time, Number);

/// When the first of those acts that wait outside a book, when that one came, and where.
pub(crate) type Opening = (Time, Arrival, InstrumentNumber);

/// Where one instrument trades: its floor, and what was worked out of its market.
#[derive(Debug)]
pub(crate) struct Pit {
    floor: Leaf<Floor>,
    /// Its market, where that moves by itself and was asked. A copy asks anew.
    pub(crate) mover: OnceCell<Box<Mover>>,
}

impl Default for Pit {
    fn default() -> Pit {
        Pit { floor: Floor::default().into(), mover: OnceCell::new() }
    }
}

impl Clone for Pit {
    fn clone(&self) -> Pit {
        Pit { floor: self.floor.clone(), mover: OnceCell::new() }
    }
}

impl Deref for Pit {
    type Target = Floor;

    #[inline(always)]
    fn deref(&self) -> &Floor {
        &self.floor
    }
}

impl DerefMut for Pit {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Floor {
        &mut self.floor
    }
}

/// What belongs to trading one instrument.
#[derive(Clone, Debug, Default)]
pub(crate) struct Floor {
    pub(crate) book: Book,
    /// What waits for a price.
    pub(crate) triggers: Triggers,
    pub(crate) taken: Taken,
    /// What stands in place of the house's own quotes, from some time on.
    pub(crate) rows: Rows,
    /// When there were rows last.
    pub(crate) dropped_at: Option<Time>,
    /// When what rests here meets the house's quote, if it does unless something changes.
    pub(crate) meets_at: Option<Time>,
    /// What waits outside the book until the instrument trades: the changes that accepted it.
    pub(crate) outside: Sorted<Arrival, Number>,
    /// When the first of it acts, unless something changes.
    pub(crate) opening: Option<Opening>,
}

impl Pit {
    /// A copy shares it from now on.
    pub(crate) fn share(&mut self) {
        self.floor.share_by(|floor| {
            floor.book.share();
            floor.triggers.share();
            floor.rows.share();
            floor.outside.share();
        });
    }
}

impl Floor {
    /// Whether nobody waits here but in the book, and nothing is to happen by itself.
    #[inline]
    pub(crate) fn is_still(&self) -> bool {
        let waits = !self.triggers.is_empty() || !self.outside.is_empty();
        !waits && self.meets_at.is_none() && self.opening.is_none()
    }
}
