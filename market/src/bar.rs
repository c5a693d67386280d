//! Bars: what was traded in a span of time, in one line.

use std::ops::Range;

use tradepit_engine::Side;

use crate::Market;
use crate::flow::Traded;
use crate::tape::End;

/// What the rest of the world traded with the house in a span of time. Prices in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The first price.
    pub open: u64,
    /// The highest.
    pub high: u64,
    /// The lowest.
    pub low: u64,
    /// The last.
    pub close: u64,
    /// How much, in lots.
    pub lots: u64,
    /// How many trades.
    pub count: u64,
}

impl Market {
    /// The bar of these steps; `None` where nothing was traded. Longer bars are made of exactly the shorter ones.
    #[must_use]
    pub fn bar(&self, steps: Range<u64>) -> Option<Bar> {
        let (first, last) = (self.print_at(End::First, &steps)?, self.print_at(End::Last, &steps)?);
        let Traded { count, lots } = self.traded(&steps);
        let (open, close) = (first.ticks, last.ticks);
        let high = self.furthest(Side::Sell, &steps, open.max(close));
        let low = self.furthest(Side::Buy, &steps, open.min(close));
        Some(Bar { open, high, low, close, lots, count })
    }
}
