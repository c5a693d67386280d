//! What is asked of instruments, and of what is offered in them.

use tradepit_engine::{AskedQuote, Hours, InstrumentChange, Listing, Symbol};

/// Which instruments.
#[derive(Clone, Debug)]
pub enum Which {
    /// Those of these symbols, in this order.
    Named(Vec<Symbol>),
    /// So many, in the order in which they were listed.
    Page {
        /// After this one; from the first on where none is said.
        after: Option<Symbol>,
        /// At most so many.
        limit: usize,
    },
}

/// What can be traded.
#[derive(Clone, Debug)]
pub struct ReadInstruments(pub Which);

/// What is offered in some instruments, at one moment.
#[derive(Clone, Debug)]
pub struct ReadOffered {
    /// In which.
    pub which: Which,
    /// At most so many prices on each side.
    pub depth: usize,
}

/// Set what the house quotes in an instrument.
#[derive(Clone, Copy, Debug)]
pub struct SetQuote {
    /// In which.
    pub symbol: Symbol,
    /// What, in place of what it quotes by itself; `None` takes back what was set.
    pub quote: Option<AskedQuote>,
}

/// List an instrument.
#[derive(Clone, Debug)]
pub struct ListInstrument {
    /// What it is.
    pub listing: Listing,
    /// When it trades, where that is said; else as others of its class.
    pub hours: Option<Hours>,
}

/// Let an instrument be otherwise.
#[derive(Clone, Copy, Debug)]
pub struct ChangeInstrument {
    /// Which one.
    pub symbol: Symbol,
    /// What of it.
    pub change: InstrumentChange,
}
