//! What the rest of the world trades with the house: single trades, and what those of a span come to.

use std::ops::Range;

use tradepit_engine::{Side, Touch};

use crate::Market;
use crate::node::Node;
use crate::walk::Span;

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
        self.prints_from(End::First, steps, usize::MAX)
    }

    /// The last of what it trades at these steps, at most so many; the last first.
    #[must_use]
    pub fn last_prints(&self, steps: Range<u64>, at_most: usize) -> Vec<Print> {
        self.prints_from(End::Last, steps, at_most)
    }

    fn prints_from(&self, end: End, steps: Range<u64>, at_most: usize) -> Vec<Print> {
        let mut prints = Vec::new();
        for node in from(end, self.longest(&steps)) {
            self.add_prints(&node, end, (&steps, at_most), &mut prints);
        }
        prints
    }

    fn add_prints(&self, node: &Node<'_>, end: End, wanted: (&Range<u64>, usize), prints: &mut Vec<Print>) {
        let (steps, at_most) = wanted;
        if prints.len() >= at_most || node.is_outside(steps) || self.is_empty(node) {
            return;
        }
        if node.span.level == 0 {
            return prints.push(self.print_of(node));
        }
        from(end, self.halves(node)).iter().for_each(|half| self.add_prints(half, end, wanted, prints));
    }

    /// The first trade in a span, or the last.
    pub(crate) fn print_in(&self, node: &Node<'_>, end: End) -> Option<Print> {
        if self.is_empty(node) {
            return None;
        }
        if node.span.level == 0 {
            return Some(self.print_of(node));
        }
        from(end, self.halves(node)).into_iter().find_map(|half| self.print_in(&half, end))
    }

    /// The price furthest from the others at which something was traded in a span, where one is further than what is
    /// known: where the house sells, the highest, where it buys, the lowest.
    pub(crate) fn furthest_in(&self, node: &Node<'_>, side: Side, known: u64) -> u64 {
        if self.may_have(&node.span, side, known) { self.look_further(node, side, known) } else { known }
    }

    /// The same, where the bounds of the span leave that open.
    fn look_further(&self, node: &Node<'_>, side: Side, known: u64) -> u64 {
        if node.span.level <= MAY_BE_EMPTY && self.is_empty(node) {
            return known;
        }
        if node.span.level == 0 {
            let Print { ticks, .. } = self.print_of(node);
            return if is_further(side, ticks, known) { ticks } else { known };
        }
        let [left, right] = self.walk.halves(&node.span);
        // Where it is likelier, first: the sooner the furthest is found, the less is looked at.
        let rises = middle(&left) < middle(&right);
        let halves = if rises == (side == Side::Sell) { [right, left] } else { [left, right] };
        halves.into_iter().fold(known, |known, half| match self.may_have(&half, side, known) {
            true => self.look_further(&node.half(half), side, known),
            false => known,
        })
    }

    /// Whether a price in this span may be further than this one.
    #[inline]
    fn may_have(&self, span: &Span, side: Side, known: u64) -> bool {
        is_further(side, self.quotes.worst_within(side, span, self.walk.bounds(span)), known)
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

fn is_further(side: Side, ticks: u64, known: u64) -> bool {
    if side == Side::Sell { ticks > known } else { ticks < known }
}

/// Where about a span is.
fn middle(span: &Span) -> i64 {
    span.begin + span.end
}

/// These from this end on.
fn from<Nodes: AsMut<[T]>, T>(end: End, mut nodes: Nodes) -> Nodes {
    if end == End::Last {
        nodes.as_mut().reverse();
    }
    nodes
}
