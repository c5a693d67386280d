//! What goes on in the instruments that somebody follows: books and quotes, told as they are now, what the simulated
//! market prints, and bars as they grow.
//!
//! ```text
//! OrderBook ─ Sight ─▶ Sights (bounded, shared) ─▶ Feed ─▶ Desk (one a thread) ◀─ Follower (one a subscriber)
//!           ◀─ how bars stand, once a second ─────   │
//! ```
//! Nothing is queued for a subscriber: whoever has room draws what came since it was told last, and where that is no
//! longer here the newest. So a slow reader is told more rarely, and never anything wrong.

pub(crate) mod desk;
pub(crate) mod follower;
mod grown;
mod lately;
pub(crate) mod sights;
mod strip;
mod tape;
mod view;

use std::sync::Arc;

use tradepit_engine::{Offered, Symbol, Timeframe};

use crate::order_book::bars::Printing;

/// What a subscriber follows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Following {
    /// In these instruments.
    pub symbols: Vec<Symbol>,
    /// The best prices.
    pub quotes: bool,
    /// Books, of at most so many prices on each side.
    pub book: Option<usize>,
    /// What the simulated market prints.
    pub prints: bool,
    /// Bars of these lengths.
    pub bars: Vec<Timeframe>,
}

impl Following {
    pub(super) fn what(&self) -> impl Iterator<Item = What> {
        let offered = self.quotes.then_some(What::Quote).into_iter().chain(self.book.map(What::Book));
        let prints = self.prints.then_some(What::Prints);
        offered.chain(prints).chain(self.bars.iter().copied().map(What::Bars))
    }
}

/// What of an instrument is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The best prices, and the last.
    Quote,
    /// The book, of at most so many prices on each side.
    Book(usize),
    /// What the simulated market prints.
    Prints,
    /// Bars of this length: they are asked for.
    Bars(Timeframe),
}

impl What {
    /// What must be seen of the instrument for it; `None` where it is asked for.
    fn sought(self) -> Option<Sought> {
        match self {
            What::Quote => Some(Sought { depth: 1, prints: false }),
            What::Book(depth) => Some(Sought { depth, prints: false }),
            What::Prints => Some(Sought { depth: 0, prints: true }),
            What::Bars(_) => None,
        }
    }
}

/// What must be seen of an instrument for those who follow it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sought {
    /// Prices on each side.
    pub(crate) depth: usize,
    /// What is printed.
    pub(crate) prints: bool,
}

impl Sought {
    /// What must be seen for both.
    pub(crate) fn with(self, other: Sought) -> Sought {
        Sought { depth: self.depth.max(other.depth), prints: self.prints || other.prints }
    }
}

/// How an instrument stands at a moment, as its followers are shown it.
#[derive(Debug)]
pub(crate) struct Sight {
    pub(crate) offered: Offered,
    /// At most so many prices on each side were looked at.
    pub(crate) depth: usize,
    /// What is printed there, where somebody follows that and anything is.
    pub(crate) printing: Option<Arc<Printing>>,
}

impl Sight {
    /// What it takes of memory, in prices.
    fn prices(&self) -> usize {
        self.offered.bids.len() + self.offered.asks.len() + 1
    }
}
