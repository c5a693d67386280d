//! What is asked of instruments, and of what is offered in them.

use tradepit_engine::{
    AskedQuote, AskedRow, Bar, Decimal, Hours, InstrumentChange, Listing, Number, Print, Side, Step, Symbol, Time,
    Timeframe,
};

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

/// Append rows of quotes to those of an instrument.
#[derive(Clone, Debug)]
pub struct AppendRows {
    /// Of which.
    pub symbol: Symbol,
    /// What, rising by time.
    pub rows: Vec<AskedRow>,
}

/// Drop all rows of an instrument.
#[derive(Clone, Copy, Debug)]
pub struct DropRows {
    /// Of which.
    pub symbol: Symbol,
}

/// What rows an instrument has.
#[derive(Clone, Copy, Debug)]
pub struct ReadRows {
    /// Which.
    pub symbol: Symbol,
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

/// Bars of all that is traded in an instrument.
#[derive(Clone, Copy, Debug)]
pub struct ReadBars {
    /// In which.
    pub symbol: Symbol,
    /// How long they are.
    pub timeframe: Timeframe,
    /// Those that begin at this time or later; the newest ones where none is said.
    pub start: Option<Time>,
    /// Those that begin before this time; up to now where none is said.
    pub end: Option<Time>,
    /// How many are wanted.
    pub limit: usize,
}

/// Some bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarsTold {
    /// These, the first first.
    pub bars: Vec<Bar>,
    /// What prices are multiples of.
    pub tick: Step,
    /// When the one after them begins, where there is one.
    pub next: Option<Time>,
    /// When it was so: what ended by then is whole.
    pub now: Time,
}

/// All that is traded in an instrument, the newest first.
#[derive(Clone, Copy, Debug)]
pub struct ReadTrades {
    /// In which.
    pub symbol: Symbol,
    /// Only what was before this one.
    pub before: Option<TradeId>,
    /// How many are wanted.
    pub limit: usize,
}

/// By what a trade is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeId {
    /// One of clients: the number of the change that is its first part.
    Kept(Number),
    /// What the simulated market printed at this step.
    Printed(u64),
}

/// A trade, as everybody is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade {
    /// By what it is known.
    pub id: TradeId,
    /// What was traded.
    pub symbol: Symbol,
    /// When.
    pub at: Time,
    /// The price, in ticks.
    pub ticks: u64,
    /// What prices are multiples of.
    pub tick: Step,
    /// How much; `None` where that has more digits than a decimal.
    pub qty: Option<Decimal>,
    /// The side of whoever came later.
    pub side: Side,
}

impl From<Print> for Trade {
    fn from(print: Print) -> Trade {
        let Print { trade, symbol, at, ticks, tick, qty, side } = print;
        Trade { id: TradeId::Kept(trade), symbol, at, ticks, tick, qty, side }
    }
}
