//! What can be asked of what is stored, and the shapes of the answers. The OrderBook answers in them too, from memory.

use crate::event::Event;
use crate::order::{Order, State};
use crate::values::{OrderId, Seq, Symbol};

/// What is known of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The newest change that was looked at.
    pub as_of: Seq,
    /// What was found.
    pub found: Found,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing: it was never used.
    Nothing,
    /// This order.
    Order(Order),
    /// An order that is no longer kept.
    Retired,
}

/// An order's state without its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Status {
    Pending,
    Executed,
    Cancelled,
}

impl From<State> for Status {
    fn from(state: State) -> Status {
        match state {
            State::Pending => Status::Pending,
            State::Executed { .. } => Status::Executed,
            State::Cancelled { .. } => Status::Cancelled,
        }
    }
}

/// Which orders a list shall show.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderFilter {
    /// Only those of this status.
    pub status: Option<Status>,
    /// Only those of this symbol.
    pub symbol: Option<Symbol>,
}

impl OrderFilter {
    /// Whether the order shall be shown.
    #[must_use]
    pub fn matches(&self, order: &Order) -> bool {
        self.status.is_none_or(|status| status == order.state.into())
            && self.symbol.is_none_or(|symbol| symbol == order.symbol)
    }
}

/// Which changes a subscriber wants.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChangeFilter {
    /// Only those of this order.
    pub order: Option<OrderId>,
    /// Only those of this symbol.
    pub symbol: Option<Symbol>,
}

impl ChangeFilter {
    /// Whether every change is wanted.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.order.is_none() && self.symbol.is_none()
    }

    /// Whether this change is wanted.
    #[must_use]
    pub fn matches(&self, event: &Event) -> bool {
        self.order.is_none_or(|id| id == event.id) && self.symbol.is_none_or(|symbol| symbol == event.symbol)
    }

    /// Whether changes of this order are wanted.
    #[must_use]
    pub fn matches_order(&self, order: &Order) -> bool {
        self.order.is_none_or(|id| id == order.id) && self.symbol.is_none_or(|symbol| symbol == order.symbol)
    }
}

/// What a list shall show.
#[derive(Clone, Copy, Debug)]
pub struct PageOf {
    /// Where to start.
    pub start: PageStart,
    /// Which orders count.
    pub filter: OrderFilter,
    /// How many are wanted.
    pub limit: usize,
}

/// Where a list starts.
#[derive(Clone, Copy, Debug)]
pub enum PageStart {
    /// After the order that this change accepted; 0 is before the first.
    After(Seq),
    /// The same, if that order is the one of this id; otherwise there is no such list.
    AfterOrder(Seq, OrderId),
}

/// A piece of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The orders that match, in order of creation.
    pub orders: Vec<Order>,
    /// Where to go on; `None` at the end.
    pub next: Option<Seq>,
}

/// A piece of the recorded changes.
#[derive(Clone, Debug)]
pub enum Changes {
    /// They are held.
    Held {
        /// Those that match.
        events: Vec<Event>,
        /// The last one looked at.
        upto: Seq,
        /// The newest one there is.
        newest: Seq,
    },
    /// Some of them are no longer held.
    Lost(Lost),
}

/// A gap in what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The oldest change that is held (the next one to come where none is).
    pub oldest: Seq,
    /// The newest change: the open orders are told as of it.
    pub as_of: Seq,
}

/// A piece of the orders that were open.
#[derive(Clone, Debug)]
pub enum OpenOrders {
    /// They can still be told.
    Held {
        /// Those that match, as they stood then.
        orders: Vec<Order>,
        /// Where to go on; `None` at the end.
        next: Option<Seq>,
    },
    /// An order, or a change since, was forgotten meanwhile: the reader must start afresh.
    Lost(Lost),
}
