//! What is offered in the instruments that somebody follows: books and quotes, told as they are now.
//!
//! ```text
//! OrderBook ─ Sight ─▶ Sights (bounded, shared) ─▶ Feed ─▶ Desk (one a thread) ◀─ Follower (one a subscriber)
//! ```
//! Nothing is queued for a subscriber: whoever has room draws what came since it was told last, and where that is no
//! longer here the newest whole. So a slow reader is told more rarely, and never anything wrong.

pub(crate) mod desk;
pub(crate) mod follower;
pub(crate) mod sights;
mod view;

use tradepit_engine::{Offered, Symbol};

/// What a subscriber follows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Following {
    /// In these instruments.
    pub symbols: Vec<Symbol>,
    /// The best prices.
    pub quotes: bool,
    /// Books, of at most so many prices on each side.
    pub book: Option<usize>,
}

impl Following {
    pub(super) fn what(&self) -> impl Iterator<Item = What> {
        self.quotes.then_some(What::Quote).into_iter().chain(self.book.map(What::Book))
    }
}

/// What of an instrument is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The best prices, and the last.
    Quote,
    /// The book, of at most so many prices on each side.
    Book(usize),
}

impl What {
    /// How many prices on each side must be seen for it.
    fn depth(self) -> usize {
        match self {
            What::Quote => 1,
            What::Book(depth) => depth,
        }
    }
}

/// What is offered in an instrument at a moment, as its followers are shown it.
#[derive(Debug)]
pub(crate) struct Sight {
    pub(crate) offered: Offered,
    /// At most so many prices on each side were looked at.
    pub(crate) depth: usize,
}

impl Sight {
    /// What it takes of memory, in prices.
    fn prices(&self) -> usize {
        self.offered.bids.len() + self.offered.asks.len() + 1
    }
}
