//! The durable log: numbered events as the truth, and the orders that they make, on SQLite.
//!
//! Owns the data folder, the encoding of events, group commit, and every read of what is no longer in memory. Knows no
//! actix, tokio or HTTP: it works on threads of its own and answers by callback. Data comes from the `OrderBook` actor
//! ([`Store::append`]) and goes back to whoever asks; at start-up it goes into the engine ([`Opened::recover`]).
//!
//! Start reading at [`Store`], then `writer.rs`.

mod accounts;
mod ack;
mod activities;
mod asked;
pub mod backup;
mod bars;
mod blocks;
pub mod check;
mod damage;
mod error;
mod fills;
mod finds;
mod fold;
mod folder;
mod identity;
mod journal;
mod kept;
mod lock;
mod market;
mod marks;
mod names;
mod opened;
mod pace;
mod positions;
mod query;
mod record;
mod recovery;
pub mod restore;
mod retain;
mod rows;
mod rules;
mod schema;
mod settle;
mod sqlite;
mod stamp;
mod step;
mod sum;
mod tables;
mod threads;
mod total;
mod traces;
mod trails;
mod upgrade;
mod views;
mod walk;
mod writer;

use std::sync::Arc;

use tradepit_engine::{
    ActivitiesOf, Activity, Bar, BarsOf, ChangeFilter, Changes, Event, Fill, FillsOf, KeptChanges, Name, Named, Number,
    OpenOrders, Order, Page, PageOf, Print, PrintsOf, Seq, Stretch, Time, Trace, TraceOf,
};

pub use error::{Error, ReadError};
pub use folder::Folder;
pub use identity::DatabaseId;
pub use marks::IdKey;
pub use query::Archive;
pub use recovery::{Opened, Recovered};
pub use retain::Retain;
pub use sqlite::{Running, SqliteStore};
pub use step::{Step, Tell};
pub use threads::pool::Pool;

/// Changes that belong together, in order: one turn of the OrderBook.
pub type Batch = Arc<[Event]>;

/// What a store has made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// All changes up to this one survive a crash, and every read sees them.
    pub durable: Number,
    /// All changes up to this one are in the table of orders: what they closed may be forgotten.
    pub settled: Number,
    /// What was closed by the changes up to this one was removed: it must be forgotten.
    pub removed: Number,
    /// Orders that are kept: all that were accepted by what is durable, but those that were removed.
    pub kept_orders: u64,
}

/// What a store takes of its disk, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disk {
    /// The database and its log.
    pub used: u64,
    /// What is free for it.
    pub free: u64,
}

/// Called for each commit, in order, and with the error that ends the store; on a thread of the store. What is told
/// after an error does not count.
pub type Confirm = Arc<dyn Fn(Result<Stored, Error>) + Send + Sync>;

/// Called with what was asked for, on a thread of the store.
pub type Answer<T> = Box<dyn FnOnce(Result<T, ReadError>) + Send>;

/// Where changes are kept, as the actors see it.
///
/// Nothing here waits but [`Store::close`]: answers come by callback, on a thread of the store, and a callback must not
/// wait either. What is read is the newest that was durable when the question was asked, or newer.
pub trait Store: Send + Sync + 'static {
    /// Keeps the changes that come next. The queue is as long as the OrderBook makes it: it takes no more requests than
    /// its mailbox holds until they are answered.
    fn append(&self, batch: Batch);

    /// Keeps that the venue's clock has come so far, though nothing may have happened by then; answers once that is
    /// durable.
    fn keep_clock(&self, at: Time, answer: Answer<()>);

    /// The order that this change accepted.
    fn order(&self, accepted: Number, answer: Answer<Option<Order>>);

    /// The order of this name.
    fn named(&self, name: Name, answer: Answer<Named>);

    /// The next piece of a list of orders.
    fn page(&self, question: PageOf, answer: Answer<Option<Page>>);

    /// The next piece of the changes after one.
    fn changes(&self, after: Number, filter: ChangeFilter, answer: Answer<Changes>);

    /// Where to read on after the change of status `seq`, for whoever counts these: the last change before the next
    /// one. `None` where `seq` is beyond the newest, or where the next one is no longer kept.
    fn number_of(&self, seq: Seq, answer: Answer<Option<Number>>);

    /// The next piece of the orders that were open right after a change.
    fn open_orders(&self, as_of: Number, after: Number, filter: ChangeFilter, answer: Answer<OpenOrders>);

    /// The next piece of a list of fills.
    fn fills(&self, question: FillsOf, answer: Answer<Stretch<Fill>>);

    /// The newest fills of the rich order that this change accepted, up to a change and at most so many; the newest
    /// first.
    fn newest_fills(&self, accepted: Number, upto: Number, at_most: usize, answer: Answer<Vec<Fill>>);

    /// The next piece of a list of trades.
    fn prints(&self, question: PrintsOf, answer: Answer<Stretch<Print>>);

    /// Bars of what clients traded, the first first.
    fn bars(&self, question: BarsOf, answer: Answer<Vec<Bar>>);

    /// The next piece of a list of what moved an account's cash.
    fn activities(&self, question: ActivitiesOf, answer: Answer<Stretch<Activity>>);

    /// Where an instrument stood at a moment, if a change that is kept says that.
    fn trace(&self, question: TraceOf, answer: Answer<Stretch<Trace>>);

    /// The next piece of the kept changes after one, each with its order as that stood then.
    fn kept(&self, after: Number, answer: Answer<KeptChanges>);

    /// What it takes of its disk; `None` where it has none, or that cannot be told.
    fn disk(&self) -> Option<Disk>;

    /// Keeps what it was given, and ends.
    fn begin_to_close(&self);

    /// The same; the one call that waits.
    fn close(&self);
}
