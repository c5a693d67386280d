//! When the house's best prices are first somewhere: spans are halved only where that can be.

use std::ops::Range;

use tradepit_engine::{Awaited, Side};

use crate::Market;
use crate::preset::TOP;
use crate::walk::Span;

impl Market {
    /// The first of these steps at which something is there that is waited for; `None` where it is at none of them.
    #[must_use]
    pub fn first_reached(&self, awaited: &Awaited, steps: Range<u64>) -> Option<u64> {
        let places = steps.start >> TOP..steps.end.div_ceil(1 << TOP);
        places.map(|place| self.walk.longest(place << TOP)).find_map(|span| self.first_in(span, awaited, &steps))
    }

    fn first_in(&self, span: Span, awaited: &Awaited, steps: &Range<u64>) -> Option<u64> {
        if span.after() <= steps.start || span.first() >= steps.end || !self.can_reach(&span, awaited) {
            return None;
        }
        if span.level == 0 {
            let step = span.first();
            let touch = self.quotes.touch(step, self.walk.at(&span));
            return awaited.is_reached(touch).then_some(step);
        }
        self.walk.halves(&span).into_iter().find_map(|half| self.first_in(half, awaited, steps))
    }

    fn can_reach(&self, span: &Span, awaited: &Awaited) -> bool {
        let bounds = self.walk.bounds(span);
        let (best, worst) =
            (|side| self.quotes.best_within(side, span, bounds), |side| self.quotes.worst_within(side, span, bounds));
        awaited.ask_falls_to.is_some_and(|price| best(Side::Sell) <= price)
            || awaited.bid_rises_to.is_some_and(|price| best(Side::Buy) >= price)
            || awaited.ask_rises_to.is_some_and(|price| worst(Side::Sell) >= price)
            || awaited.bid_falls_to.is_some_and(|price| worst(Side::Buy) <= price)
    }
}
