//! What can be asked of the OrderBook: commands and reads, each with its reply.

use tradepit_engine::{Event, Order, OrderId, Quantity, Rejection, Seq, State, Symbol};

use crate::feed::FeedLink;
use crate::order_book::OrderBook;
use crate::subscription::Filter;

/// A message to the OrderBook that is answered.
pub trait Request: Send + 'static {
    /// What comes back.
    type Reply: Send + 'static;

    /// Does it, in the OrderBook's turn. What is due by now was executed before.
    fn handle(self, order_book: &mut OrderBook) -> Self::Reply;
}

/// Which of the two delay models an order asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    /// The ordinary one.
    Usual,
    /// The long one (`long_pending`).
    Long,
}

/// Accept a new order.
#[derive(Clone, Copy, Debug)]
pub struct Submit {
    /// What is ordered.
    pub symbol: Symbol,
    /// How much of it.
    pub quantity: Quantity,
    /// How long it shall wait.
    pub delay: Delay,
}

impl Request for Submit {
    type Reply = Result<Order, Rejection>;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        order_book.submit(self)
    }
}

/// Cancel an order that is pending; leave a closed one as it is.
#[derive(Clone, Copy, Debug)]
pub struct Cancel(pub OrderId);

impl Request for Cancel {
    type Reply = Result<(), Rejection>;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        order_book.cancel(self.0)
    }
}

/// One order, as it stands now.
#[derive(Clone, Copy, Debug)]
pub struct Find(pub OrderId);

impl Request for Find {
    type Reply = Option<Order>;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        order_book.book().find(self.0).copied()
    }
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
    fn matches(&self, order: &Order) -> bool {
        self.status.is_none_or(|status| status == order.state.into())
            && self.symbol.is_none_or(|symbol| symbol == order.symbol)
    }
}

/// Where a list starts.
#[derive(Clone, Copy, Debug)]
pub enum Start {
    /// At the oldest order.
    First,
    /// After this order.
    After(OrderId),
    /// After the order that this change accepted: where an earlier scan ended.
    At(Seq),
}

/// Look through a bounded number of orders, in order of creation; [`OrderBookAddr::list`] goes on until it has enough.
///
/// [`OrderBookAddr::list`]: crate::OrderBookAddr::list
#[derive(Clone, Copy, Debug)]
pub struct Scan {
    /// Where to start.
    pub start: Start,
    /// Which orders count.
    pub filter: OrderFilter,
    /// How many are wanted.
    pub limit: usize,
}

impl Scan {
    /// How many orders one message looks at: so many cost the OrderBook about 0.1 ms.
    const AT_MOST: usize = 2_000;
}

/// A piece of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The orders that match.
    pub orders: Vec<Order>,
    /// Where to go on; `None` at the end of the book.
    pub next: Option<Seq>,
}

impl Request for Scan {
    /// `None` where the order to start after is unknown.
    type Reply = Option<Page>;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        let after = match self.start {
            Start::First => Seq(0),
            Start::After(id) => order_book.book().find(id)?.accepted_seq,
            Start::At(seq) => seq,
        };
        let mut page = Page { orders: Vec::new(), next: None };
        for (looked_at, order) in order_book.book().orders_after(after).enumerate() {
            if page.orders.len() == self.limit || looked_at == Scan::AT_MOST {
                return Some(page);
            }
            page.next = Some(order.accepted_seq);
            if self.filter.matches(order) {
                page.orders.push(*order);
            }
        }
        page.next = None;
        Some(page)
    }
}

/// Tell `feed` of every change from now on.
#[derive(Clone, Debug)]
pub struct Subscribe {
    pub(crate) feed: FeedLink,
}

impl Request for Subscribe {
    /// The newest change: what comes after it will be announced.
    type Reply = Seq;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        order_book.add_feed(self.feed);
        order_book.book().last_seq()
    }
}

/// The next piece of the changes after `after`.
#[derive(Clone, Copy, Debug)]
pub struct ReadChanges {
    /// The change before the first one wanted.
    pub after: Seq,
    /// Which changes count.
    pub filter: Filter,
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

impl Request for ReadChanges {
    type Reply = Changes;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        order_book.read_changes(self)
    }
}

/// The next piece of the orders that were open right after the change `as_of`.
#[derive(Clone, Copy, Debug)]
pub struct ReadOpenOrders {
    /// The change in question.
    pub as_of: Seq,
    /// Where the piece before this one ended; 0 at first.
    pub after: Seq,
    /// Which orders count.
    pub filter: Filter,
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

impl Request for ReadOpenOrders {
    type Reply = OpenOrders;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        order_book.read_open_orders(self)
    }
}
