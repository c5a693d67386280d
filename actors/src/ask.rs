//! What can be asked of the OrderBook: commands and reads, each with its reply.

use std::sync::Arc;

use tradepit_engine::{
    ChangeFilter, Changes, Name, OpenOrders, Order, OrderFilter, OrderId, Origin, Page, PageStart, Quantity, Rejection,
    Seq, Status, Symbol, Time,
};

use crate::feed::link::FeedLink;
use crate::order_book::OrderBook;

/// A message to the OrderBook that is answered.
pub trait Request: Send + 'static {
    /// What comes back.
    type Reply: Send + 'static;

    /// Does it, in the OrderBook's turn. What is due by now was executed before.
    fn handle(self, order_book: &mut OrderBook) -> Self::Reply;
}

/// What the OrderBook, which holds what is open and recent, knows of what it was asked for.
///
/// Where it sends the reader to the store, everything that it knew is durable by the time the reader is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<T, Q> {
    /// It is here.
    Here(T),
    /// The store may have it: this is what to ask for.
    InStore(Q),
    /// It does not exist.
    Nowhere,
}

impl<T, Q> Lookup<T, Q> {
    /// What is here, if it is.
    pub fn here(self) -> Option<T> {
        match self {
            Lookup::Here(found) => Some(found),
            Lookup::InStore(_) | Lookup::Nowhere => None,
        }
    }

    fn here_or_nowhere(found: Option<T>) -> Lookup<T, Q> {
        found.map_or(Lookup::Nowhere, Lookup::Here)
    }
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
#[derive(Clone, Debug)]
pub struct Submit {
    /// What is ordered.
    pub symbol: Symbol,
    /// How much of it.
    pub quantity: Quantity,
    /// How long it shall wait.
    pub delay: Delay,
    /// Under which names.
    pub origin: Option<Arc<Origin>>,
    /// The store knows none of the names, as of this change. Without a store nobody has to look.
    pub unknown_as_of: Option<Seq>,
}

/// What became of a new order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    /// It was accepted.
    New(Order),
    /// It had been accepted before, under the same name; this is how it stood then.
    Again(Order),
    /// The store must be asked for its names first: the OrderBook no longer holds all that came after the change as of
    /// which it was.
    LookFirst,
}

impl Request for Submit {
    type Reply = Result<Placed, Rejection>;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        order_book.submit(self)
    }
}

/// Cancel an order that is pending; leave a closed one as it is.
#[derive(Clone, Copy, Debug)]
pub struct Cancel(pub OrderId);

impl Request for Cancel {
    /// The order to look for in the store: if it is there, it is closed.
    type Reply = Lookup<(), Seq>;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        match order_book.cancel(self.0) {
            Ok(()) => Lookup::Here(()),
            Err(_) => order_book.stored_order(self.0),
        }
    }
}

/// One order, as it stands now.
#[derive(Clone, Copy, Debug)]
pub struct Find(pub OrderId);

impl Request for Find {
    /// The order to look for in the store.
    type Reply = Lookup<Order, Seq>;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        match order_book.find(self.0) {
            Some(order) => Lookup::Here(order.clone()),
            None => order_book.stored_order(self.0),
        }
    }
}

/// The order of a name, as it stands now.
#[derive(Clone, Debug)]
pub struct FindNamed(pub Name);

impl Request for FindNamed {
    type Reply = Lookup<Order, Name>;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        match order_book.book().find_named(&self.0) {
            Some(order) => Lookup::Here(order.clone()),
            None if order_book.has_store() => Lookup::InStore(self.0),
            None => Lookup::Nowhere,
        }
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

/// Look through a bounded number of orders, in order of creation.
#[derive(Clone, Copy, Debug)]
pub struct Scan {
    /// Where to start.
    pub start: Start,
    /// Which orders count.
    pub filter: OrderFilter,
    /// How many are wanted.
    pub limit: usize,
}

impl Request for Scan {
    /// `Nowhere` where the order to start after is unknown.
    type Reply = Lookup<Page, PageStart>;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        let after = match self.start {
            Start::First => Some(Seq(0)),
            Start::After(id) => order_book.find(id).map(|order| order.accepted_seq),
            Start::At(seq) => Some(seq),
        };
        // Whatever is open is here; of what is closed only the store has all.
        if order_book.has_store() && (after.is_none() || self.filter.status != Some(Status::Pending)) {
            return order_book.stored_page(self.start);
        }
        let page = |after| order_book.book().page(after, self.filter, self.limit);
        Lookup::here_or_nowhere(after.map(page))
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
    pub filter: ChangeFilter,
}

impl Request for ReadChanges {
    type Reply = Lookup<Changes, ()>;

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
    pub filter: ChangeFilter,
}

impl Request for ReadOpenOrders {
    type Reply = Lookup<OpenOrders, ()>;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        order_book.read_open_orders(self)
    }
}

/// Compare the venue's clock with the machine's: where it is behind by the slack or more, it is set forward.
#[derive(Clone, Copy, Debug)]
pub struct Compare {
    /// Reads the machine's clock.
    pub machine: fn() -> Time,
    /// Clocks that differ by less agree.
    pub slack_us: i64,
}

impl Request for Compare {
    /// How far the venue's clock was ahead of the machine's, in microseconds.
    type Reply = i64;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        order_book.compare_clocks(self)
    }
}
