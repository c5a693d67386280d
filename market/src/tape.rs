//! What the rest of the world trades with the house: single trades, and what those of a span come to.

use std::ops::Range;

use tradepit_engine::{Side, Touch};

use crate::Market;
use crate::flow::Traded;
use crate::node::Node;

/// A trade of the house with the rest of the world: at most one a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Print {
    /// When: the step.
    pub step: u64,
    /// The side of whoever came.
    pub taker: Side,
    /// The price, in ticks: where the house bought, or sold.
    pub ticks: u64,
    /// How much, in lots.
    pub lots: u64,
}

/// Whether anything was traded in a span is looked up where that is this short only: in longer ones nearly always is.
const MAY_BE_EMPTY: u32 = 3;

/// Which end of some steps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    First,
    Last,
}

impl Market {
    /// What the rest of the world trades with the house at these steps, the first first.
    #[must_use]
    pub fn prints(&self, steps: Range<u64>) -> Vec<Print> {
        let mut prints = Vec::new();
        self.longest(&steps).iter().for_each(|node| self.add_prints(node, &steps, &mut prints));
        prints
    }

    fn add_prints(&self, node: &Node<'_>, steps: &Range<u64>, prints: &mut Vec<Print>) {
        if node.is_outside(steps) || self.is_empty(node) {
            return;
        }
        if node.span.level == 0 {
            return prints.push(self.print_of(node));
        }
        self.halves(node).iter().for_each(|half| self.add_prints(half, steps, prints));
    }

    /// The first trade at these steps, or the last.
    #[must_use]
    pub(crate) fn print_at(&self, end: End, steps: &Range<u64>) -> Option<Print> {
        from(end, self.longest(steps)).into_iter().find_map(|node| self.print_in(&node, end, steps))
    }

    fn print_in(&self, node: &Node<'_>, end: End, steps: &Range<u64>) -> Option<Print> {
        if node.is_outside(steps) || self.is_empty(node) {
            return None;
        }
        if node.span.level == 0 {
            return Some(self.print_of(node));
        }
        from(end, self.halves(node)).into_iter().find_map(|half| self.print_in(&half, end, steps))
    }

    /// What was traded at these steps.
    pub(crate) fn traded(&self, steps: &Range<u64>) -> Traded {
        let mut all = Traded::default();
        self.longest(steps).iter().for_each(|node| self.add_traded(node, steps, &mut all));
        all
    }

    fn add_traded(&self, node: &Node<'_>, steps: &Range<u64>, all: &mut Traded) {
        if node.is_outside(steps) {
            return;
        }
        match self.traded_in(node).filter(|_| node.is_within(steps)) {
            Some(Traded { count, lots }) => {
                all.count += count;
                all.lots += lots;
            }
            None => self.halves(node).iter().for_each(|half| self.add_traded(half, steps, all)),
        }
    }

    /// The price furthest from the others at which something was traded at these steps, where one is further than what
    /// is known: where the house sells, the highest, where it buys, the lowest.
    pub(crate) fn furthest(&self, side: Side, steps: &Range<u64>, known: u64) -> u64 {
        self.longest(steps).iter().fold(known, |known, node| self.furthest_in(node, side, steps, known))
    }

    fn furthest_in(&self, node: &Node<'_>, side: Side, steps: &Range<u64>, known: u64) -> u64 {
        let is_further = |ticks: u64| if side == Side::Sell { ticks > known } else { ticks < known };
        let span = &node.span;
        let may_be = |span| is_further(self.quotes.worst_within(side, span, self.walk.bounds(span)));
        if node.is_outside(steps) || !may_be(span) || (span.level <= MAY_BE_EMPTY && self.is_empty(node)) {
            return known;
        }
        if span.level == 0 {
            let Print { ticks, .. } = self.print_of(node);
            return if is_further(ticks) { ticks } else { known };
        }
        let halves = self.halves(node);
        // Where it is likelier, first: the sooner the furthest is found, the less is looked at.
        let rises = middle(&halves[0]) < middle(&halves[1]);
        let end = if rises == (side == Side::Sell) { End::Last } else { End::First };
        from(end, halves).into_iter().fold(known, |known, half| self.furthest_in(&half, side, steps, known))
    }

    /// Whether nothing was traded in a span, as far as that is known.
    fn is_empty(&self, node: &Node<'_>) -> bool {
        self.traded_in(node).is_some_and(|traded| traded.count == 0)
    }

    /// What was traded in the span of one step.
    fn print_of(&self, node: &Node<'_>) -> Print {
        let step = node.span.first();
        let Touch { bid, ask } = self.quotes.touch(step, self.walk.at(&node.span));
        let taker = if self.sides.at(step) & 1 == 0 { Side::Buy } else { Side::Sell };
        let ticks = if taker == Side::Buy { ask } else { bid };
        Print { step, taker, ticks, lots: self.traded_in(node).unwrap_or_default().lots }
    }
}

/// Where about a span is.
fn middle(node: &Node<'_>) -> i64 {
    node.span.begin + node.span.end
}

/// These from this end on.
fn from<Nodes: AsMut<[T]>, T>(end: End, mut nodes: Nodes) -> Nodes {
    if end == End::Last {
        nodes.as_mut().reverse();
    }
    nodes
}
