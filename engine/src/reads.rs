//! What can be asked of orders and changes, and the shapes of the answers: from memory, here, or from a store.
//!
//! Nothing looks at more than a bounded number of orders at a time; whoever wants more goes on where a piece ended.

use crate::accounts::ledger::AccountNumber;
use crate::event::{Event, OrderRef};
use crate::exchange::Exchange;
use crate::market::book::Side;
use crate::orders::order::Order;
use crate::orders::state::{State, Status};
use crate::values::{Number, OrderId, Seq, Symbol, Time};

/// How many orders one piece looks at: so many cost about 0.1 ms.
const LOOK_AT_MOST: usize = 2_000;

/// What is known of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The newest change that was looked at.
    pub as_of: Number,
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

/// Which orders a list shall show.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderFilter {
    /// Only those of this status.
    pub status: Option<Status>,
    /// Only those of this symbol.
    pub symbol: Option<Symbol>,
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those of this side.
    pub side: Option<Side>,
    /// Only those of this account.
    pub account: Option<AccountNumber>,
    /// Only those accepted at this time or later.
    pub from: Option<Time>,
    /// Only those accepted before this time.
    pub until: Option<Time>,
}

impl OrderFilter {
    /// Whether the order shall be shown.
    #[must_use]
    pub fn matches(&self, order: &Order) -> bool {
        self.status.is_none_or(|status| status == order.status())
            && self.symbol.is_none_or(|symbol| symbol == order.symbol)
            && self.state.is_none_or(|state| state == order.state)
            && self.side.is_none_or(|side| side == order.side())
            && self.account.is_none_or(|account| account == order.account())
            && self.spans(order.accepted_at)
    }

    /// Whether an order that was accepted at this time may be shown.
    #[must_use]
    pub fn spans(&self, accepted_at: Time) -> bool {
        self.from.is_none_or(|from| accepted_at >= from) && self.until.is_none_or(|until| accepted_at < until)
    }

    /// Whether neither an order of this time, nor any that follows in this direction, shall be shown: times rise with
    /// numbers.
    #[must_use]
    pub fn ends_before(&self, accepted_at: Time, direction: Direction) -> bool {
        match direction {
            Direction::OldestFirst => self.until.is_some_and(|until| accepted_at >= until),
            Direction::NewestFirst => self.from.is_some_and(|from| accepted_at < from),
        }
    }
}

/// In which order a list shows orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// In order of creation.
    #[default]
    OldestFirst,
    /// The other way round.
    NewestFirst,
}

impl Direction {
    /// The number after which a list starts that shows all.
    #[must_use]
    pub fn start(self) -> Number {
        match self {
            Direction::OldestFirst => Number(0),
            Direction::NewestFirst => Number(u64::MAX),
        }
    }

    /// Whether a list comes to `number` after `other`.
    #[must_use]
    pub fn follows(self, number: Number, other: Number) -> bool {
        match self {
            Direction::OldestFirst => number > other,
            Direction::NewestFirst => number < other,
        }
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
        let matches = |order: OrderRef| {
            self.order.is_none_or(|id| id == order.id) && self.symbol.is_none_or(|symbol| symbol == order.symbol)
        };
        self.is_all() || event.order().is_some_and(matches)
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
    /// In which order they come.
    pub direction: Direction,
}

/// Where a list starts.
#[derive(Clone, Copy, Debug)]
pub enum PageStart {
    /// After the order that this change accepted, as its direction goes; see [`Direction::start`].
    After(Number),
    /// The same, if that order is the one of this id; otherwise there is no such list.
    AfterOrder(Number, OrderId),
}

/// A piece of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The orders that match, in the order that was asked for.
    pub orders: Vec<Order>,
    /// Where to go on; `None` at the end.
    pub next: Option<Number>,
}

/// A piece of the recorded changes.
#[derive(Clone, Debug)]
pub enum Changes {
    /// They are held.
    Held {
        /// Those that match.
        events: Vec<Event>,
        /// The last one looked at.
        upto: Number,
        /// The newest one there is.
        newest: Number,
    },
    /// Some of them are no longer held.
    Lost(Lost),
}

/// A gap in what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The change before the oldest that is held.
    pub before: Number,
    /// The oldest change of status that is held (the next one to come where none is).
    pub oldest: Seq,
    /// The newest change: the open orders are told as of it.
    pub as_of: Number,
    /// The newest change of status.
    pub as_of_seq: Seq,
}

/// A piece of the orders that were open.
#[derive(Clone, Debug)]
pub enum OpenOrders {
    /// They can still be told.
    Held {
        /// Those that match, as they stood then.
        orders: Vec<Order>,
        /// Where to go on; `None` at the end.
        next: Option<Number>,
    },
    /// An order, or a change since, was forgotten meanwhile: the reader must start afresh.
    Lost(Lost),
}

impl Exchange {
    /// The next piece of the orders that match, at most `limit`, from after the one that the change `after` accepted.
    #[must_use]
    pub fn page(&self, after: Number, filter: OrderFilter, limit: usize, direction: Direction) -> Page {
        let is_within = |order: &Order| !filter.ends_before(order.accepted_at, direction);
        let pick = |order: Order| filter.matches(&order).then_some(order);
        match direction {
            Direction::OldestFirst => {
                let first = filter.from.map_or(Number(0), |from| self.first_since(from));
                let after = after.max(Number(first.0.saturating_sub(1)));
                scan(self.orders_after(after).take_while(is_within), limit, pick)
            }
            Direction::NewestFirst => {
                let end = filter.until.map_or(after, |until| self.first_since(until));
                scan(self.orders_before(after.min(end)).take_while(is_within), limit, pick)
            }
        }
    }

    /// The next piece of the orders that were open right after the change `as_of`, as they stood then. Orders that were
    /// forgotten since are missing: see [`Exchange::forgotten`].
    #[must_use]
    pub fn open_orders_at(&self, as_of: Number, after: Number, filter: ChangeFilter) -> Page {
        let orders = self.orders_after(after).take_while(|order| order.accepted_number <= as_of);
        scan(orders, usize::MAX, |order| {
            (order.was_open_at(as_of) && filter.matches_order(&order)).then(|| order.as_accepted())
        })
    }
}

fn scan(orders: impl Iterator<Item = Order>, limit: usize, pick: impl Fn(Order) -> Option<Order>) -> Page {
    let mut page = Page { orders: Vec::new(), next: None };
    for (looked_at, order) in orders.enumerate() {
        if page.orders.len() == limit || looked_at == LOOK_AT_MOST {
            return page;
        }
        page.next = Some(order.accepted_number);
        page.orders.extend(pick(order));
    }
    page.next = None;
    page
}
