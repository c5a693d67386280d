//! The durable log: numbered events as the truth, and the orders that they make, on SQLite.
//!
//! Owns the data folder, the encoding of events, group commit, and every read of what is no longer in memory. Knows no
//! actix, tokio or HTTP: it works on threads of its own and answers by callback. Data comes from the `OrderBook` actor
//! ([`Store::append`]) and goes back to whoever asks; at start-up it goes into the engine ([`Opened::recover`]).
//!
//! Start reading at [`Store`], then `writer.rs`.

pub mod backup;
pub mod check;
mod error;
mod fold;
mod folder;
mod marks;
mod query;
mod record;
mod recovery;
mod retain;
mod schema;
mod sqlite;
mod writer;

use std::sync::Arc;

use tradepit_engine::{Event, Name, Order, OrderId, Seq, State, Symbol};

pub use error::{Error, ReadError};
pub use folder::Folder;
pub use query::Archive;
pub use record::IdKey;
pub use recovery::{Opened, Recovered};
pub use retain::Retain;
pub use sqlite::{Running, SqliteStore};

/// Changes that belong together, in order: one turn of the OrderBook.
pub type Batch = Arc<[Event]>;

/// What a store has made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// All changes up to this one survive a crash, and every read sees them.
    pub durable: Seq,
    /// All changes up to this one are in the table of orders: what they closed may be forgotten.
    pub settled: Seq,
    /// What was closed by the changes up to this one was removed: it must be forgotten.
    pub removed: Seq,
}

/// Called for each commit, in order, and with the error that ends the store; on a thread of the store. What is told after
/// an error does not count.
pub type Confirm = Arc<dyn Fn(Result<Stored, Error>) + Send + Sync>;

/// Called with what was asked for, on a thread of the store.
pub type Answer<T> = Box<dyn FnOnce(Result<T, ReadError>) + Send>;

/// Where changes are kept, as the actors see it.
///
/// Nothing here waits but [`Store::close`]: answers come by callback, on a thread of the store, and a callback must not wait either. What is
/// read is the newest that was durable when the question was asked, or newer.
pub trait Store: Send + Sync + 'static {
    /// Keeps the changes that come next. The queue is as long as the OrderBook makes it: it takes no more requests than
    /// its mailbox holds until they are answered.
    fn append(&self, batch: Batch);

    /// The order that this change accepted.
    fn order(&self, accepted: Seq, answer: Answer<Option<Order>>);

    /// The order of this name.
    fn named(&self, name: Name, answer: Answer<Named>);

    /// The next piece of a list of orders.
    fn page(&self, question: PageOf, answer: Answer<Option<Page>>);

    /// The next piece of the changes after one.
    fn changes(&self, after: Seq, filter: ChangeFilter, answer: Answer<Changes>);

    /// The next piece of the orders that were open right after a change.
    fn open_orders(&self, as_of: Seq, after: Seq, filter: ChangeFilter, answer: Answer<OpenOrders>);

    /// Keeps what it was given, and ends; the one call that waits.
    fn close(&self);
}

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
