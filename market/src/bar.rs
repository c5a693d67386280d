//! Bars: what was traded in a span of time, in one line.

use std::cmp::Reverse;
use std::ops::Range;

use tradepit_engine::Side;

use crate::Market;
use crate::flow::{Traded, WHOLE};
use crate::node::Node;
use crate::preset::TOP;
use crate::tape::End;
use crate::walk::Span;

/// What the rest of the world traded with the house in a span of time. Prices in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The step of the first trade.
    pub first: u64,
    /// The step of the last one.
    pub last: u64,
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
        self.bars(&[steps]).pop().flatten()
    }

    /// The bars of many such spans, each of which begins where the one before it ends, or later: worked out together,
    /// for they share what they are halves of.
    #[must_use]
    pub fn bars(&self, spans: &[Range<u64>]) -> Vec<Option<Bar>> {
        let mut page = Page { market: self, spans, parts: Vec::new(), bars: Vec::with_capacity(spans.len()) };
        let mut place = 0;
        while let Some(next) = spans.get(page.bars.len()) {
            place = place.max(next.start >> TOP);
            page.look_through(self.walk.longest(place << TOP), None);
            place += 1;
            page.end_bars_by(place << TOP);
        }
        page.bars
    }
}

/// Bars as they are made, the first first.
struct Page<'a> {
    market: &'a Market,
    spans: &'a [Range<u64>],
    /// What the next bar is made of: the longest halves that lie in its span, but those without a trade.
    parts: Vec<Node<'static>>,
    bars: Vec<Option<Bar>>,
}

impl Page<'_> {
    fn look_through(&mut self, span: Span, traded: Option<Traded>) {
        self.end_bars_by(span.first());
        let Some(next) = self.spans.get(self.bars.len()) else { return };
        if next.start >= span.after() || traded.is_some_and(|traded| traded.count == 0) {
            return;
        }
        if next.start <= span.first() && span.after() <= next.end && traded.is_some() {
            return self.parts.push(Node::known(span, traded));
        }
        let halves = self.market.walk.halves(&span);
        let traded = match traded {
            Some(traded) => self.market.flow.halves(traded, &span, &halves).map(Some),
            None if halves[0].level == WHOLE => halves.map(|half| Some(self.market.flow.whole(&half))),
            None => [None; 2],
        };
        for (half, traded) in halves.into_iter().zip(traded) {
            self.look_through(half, traded);
        }
    }

    /// All before this step was looked through.
    fn end_bars_by(&mut self, step: u64) {
        while self.spans.get(self.bars.len()).is_some_and(|next| next.end <= step) {
            let bar = self.make_bar();
            self.bars.push(bar);
            self.parts.clear();
        }
    }

    fn make_bar(&mut self) -> Option<Bar> {
        let market = self.market;
        let first = market.print_in(self.parts.first()?, End::First)?;
        let last = market.print_in(self.parts.last()?, End::Last)?;
        let parts = self.parts.iter().filter_map(|part| market.traded_in(part));
        let (count, lots) = parts.fold((0, 0), |(count, lots), part| (count + part.count, lots + part.lots));
        // In the longest parts the furthest prices are likeliest: once they are known, little else is looked through.
        self.parts.sort_unstable_by_key(|part| Reverse(part.span.level));
        let furthest = |side, known| self.parts.iter().fold(known, |known, part| market.furthest_in(part, side, known));
        let (open, close) = (first.ticks, last.ticks);
        let (high, low) = (furthest(Side::Sell, open.max(close)), furthest(Side::Buy, open.min(close)));
        Some(Bar { first: first.step, last: last.step, open, high, low, close, lots, count })
    }
}
