//! Spans as they are looked through, from coarse to fine; what was traded in one is worked out once it is asked for.

use std::cell::Cell;
use std::ops::Range;

use crate::Market;
use crate::flow::{Traded, WHOLE};
use crate::preset::TOP;
use crate::walk::Span;

/// A span, and the one that it is a half of, where that was looked at.
pub(crate) struct Node<'a> {
    pub(crate) span: Span,
    parent: Option<&'a Node<'a>>,
    traded: Cell<Option<Traded>>,
}

impl Node<'_> {
    /// Whether it has none of these steps.
    pub(crate) fn is_outside(&self, steps: &Range<u64>) -> bool {
        self.span.after() <= steps.start || self.span.first() >= steps.end
    }

    /// Whether all of its steps are among these.
    pub(crate) fn is_within(&self, steps: &Range<u64>) -> bool {
        self.span.first() >= steps.start && self.span.after() <= steps.end
    }
}

impl Market {
    /// The longest spans that these steps lie in, the first first.
    pub(crate) fn longest(&self, steps: &Range<u64>) -> Vec<Node<'static>> {
        let places = steps.start >> TOP..if steps.is_empty() { 0 } else { ((steps.end - 1) >> TOP) + 1 };
        places.map(|place| node(self.walk.longest(place << TOP), None)).collect()
    }

    /// The halves of a span, the first first.
    pub(crate) fn halves<'a>(&self, parent: &'a Node<'a>) -> [Node<'a>; 2] {
        self.walk.halves(&parent.span).map(|half| node(half, Some(parent)))
    }

    /// What was traded in a span; `None` of one longer than what that is drawn for.
    pub(crate) fn traded_in(&self, node: &Node<'_>) -> Option<Traded> {
        if node.traded.get().is_none() {
            node.traded.set(self.work_out(node));
        }
        node.traded.get()
    }

    fn work_out(&self, node: &Node<'_>) -> Option<Traded> {
        let parent = node.parent.filter(|_| node.span.level < WHOLE);
        let Some(parent) = parent else {
            return (node.span.level == WHOLE).then(|| self.flow.whole(&node.span));
        };
        let halves = self.walk.halves(&parent.span);
        let traded = self.flow.halves(self.traded_in(parent)?, &parent.span, &halves);
        Some(traded[usize::from(node.span.place & 1 == 1)])
    }
}

fn node<'a>(span: Span, parent: Option<&'a Node<'a>>) -> Node<'a> {
    Node { span, parent, traded: Cell::new(None) }
}
