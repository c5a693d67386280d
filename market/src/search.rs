//! When the house's best price is first somewhere: spans are halved only where that can be.

use std::ops::Range;

use tradepit_engine::Side;

use crate::Market;
use crate::quote::Touch;
use crate::walk::Span;

/// What of the house's best prices is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It sells at this price or a lower one: whoever buys at it trades.
    AskFallsTo(u64),
    /// It buys at this price or a higher one: whoever sells at it trades.
    BidRisesTo(u64),
    /// It sells at this price or a higher one only.
    AskRisesTo(u64),
    /// It buys at this price or a lower one only.
    BidFallsTo(u64),
}

impl Reach {
    /// Whether these best prices are there.
    #[must_use]
    pub fn is_reached(self, Touch { bid, ask }: Touch) -> bool {
        match self {
            Reach::AskFallsTo(price) => ask <= price,
            Reach::BidRisesTo(price) => bid >= price,
            Reach::AskRisesTo(price) => ask >= price,
            Reach::BidFallsTo(price) => bid <= price,
        }
    }
}

impl Market {
    /// The first of these steps at which the house's best price is there; `None` where it is at none of them.
    #[must_use]
    pub fn first_reached(&self, reach: Reach, steps: Range<u64>) -> Option<u64> {
        self.longest(&steps).into_iter().find_map(|node| self.first_in(node.span, reach, &steps))
    }

    fn first_in(&self, span: Span, reach: Reach, steps: &Range<u64>) -> Option<u64> {
        if span.after() <= steps.start || span.first() >= steps.end || !self.can_reach(&span, reach) {
            return None;
        }
        if span.level == 0 {
            let step = span.first();
            let touch = self.quotes.touch(step, self.walk.at(&span));
            return reach.is_reached(touch).then_some(step);
        }
        self.walk.halves(&span).into_iter().find_map(|half| self.first_in(half, reach, steps))
    }

    fn can_reach(&self, span: &Span, reach: Reach) -> bool {
        let bounds = self.walk.bounds(span);
        match reach {
            Reach::AskFallsTo(price) => self.quotes.best_within(Side::Sell, span, bounds) <= price,
            Reach::BidRisesTo(price) => self.quotes.best_within(Side::Buy, span, bounds) >= price,
            Reach::AskRisesTo(price) => self.quotes.worst_within(Side::Sell, span, bounds) >= price,
            Reach::BidFallsTo(price) => self.quotes.worst_within(Side::Buy, span, bounds) <= price,
        }
    }
}
