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
    /// How that is shared between its halves.
    shared: Cell<Option<[Traded; 2]>>,
}

impl Node<'_> {
    /// A span by itself, of which it is known what was traded in it.
    pub(crate) fn known(span: Span, traded: Option<Traded>) -> Node<'static> {
        Node { span, parent: None, traded: Cell::new(traded), shared: Cell::new(None) }
    }

    /// This half of it.
    pub(crate) fn half<'a>(&'a self, span: Span) -> Node<'a> {
        Node { parent: Some(self), ..Node::known(span, None) }
    }

    /// Whether it has none of these steps.
    pub(crate) fn is_outside(&self, steps: &Range<u64>) -> bool {
        self.span.after() <= steps.start || self.span.first() >= steps.end
    }
}

impl Market {
    /// The longest spans that these steps lie in, the first first.
    pub(crate) fn longest(&self, steps: &Range<u64>) -> Vec<Node<'static>> {
        let places = steps.start >> TOP..if steps.is_empty() { 0 } else { ((steps.end - 1) >> TOP) + 1 };
        places.map(|place| Node::known(self.walk.longest(place << TOP), None)).collect()
    }

    /// The halves of a span, the first first.
    pub(crate) fn halves<'a>(&self, parent: &'a Node<'a>) -> [Node<'a>; 2] {
        self.walk.halves(&parent.span).map(|half| parent.half(half))
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
        let traded = match parent.shared.get() {
            Some(shared) => shared,
            None => {
                let halves = self.walk.halves(&parent.span);
                let shared = self.flow.halves(self.traded_in(parent)?, &parent.span, &halves);
                parent.shared.set(Some(shared));
                shared
            }
        };
        Some(traded[usize::from(node.span.place & 1 == 1)])
    }
}
