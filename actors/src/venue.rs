//! One exchange, whole: everything that is its own, and the one face by which it is asked.
//!
//! A question passes the OrderBook first, which executes what is due and answers what it holds, and goes on to the
//! store with the rest. The OrderBook is never held up by a read.

mod acts;
mod bars;
mod clock;
mod faults;
mod feeds;
mod fills;
mod instruments;
mod kept;
pub(crate) mod past;
mod placing;
mod rules;
mod together;

use std::any::Any;
use std::fmt;
use std::io;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;
use tradepit_engine::{
    Changes, Found, Name, Number, OpenOrders, Order, OrderFilter, OrderId, Page, PageOf, PageStart, Rejection, Seq,
};
use tradepit_store::{Answer, Disk, Error, ReadError, Store};

use crate::accounts::AccountIds;
use crate::ask::{
    Amend, Cancel, CancelOpen, CancelledOpen, Find, FindNamed, List, Listed, LocateSeq, ReadChanges, ReadOpenOrders,
    Start,
};
use crate::clock::Dial;
use crate::faults::Board;
use crate::order_book::Setup;
use crate::order_book::addr::{Begin, OrderBookAddr, Refused, Started};
use crate::order_book::answers::{Lookup, Settle};
use crate::order_book::copying::Likeness;
use crate::order_book::durable::{Failure, Recovered};
use crate::order_book::put_off::Decided;
use crate::stats::Stats;
use crate::visits::Visits;
use feeds::Feeds;

/// Which venue's history it is that the numbers of changes are of: two histories never have the same, a number alone
/// does not tell them apart. Written as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VenueId(pub u64);

impl fmt::Display for VenueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// A venue that runs.
pub struct Venue {
    id: VenueId,
    pub(crate) order_book: OrderBookAddr,
    store: Option<Arc<dyn Store>>,
    accounts: Arc<AccountIds>,
    dial: Arc<Dial>,
    failure: Arc<Failure>,
    stats: Arc<Stats>,
    pub(crate) visits: Visits,
    pub(crate) is_gone: AtomicBool,
    pub(crate) is_named: AtomicBool,
    /// What whoever serves it keeps beside it.
    pub(crate) beside: Mutex<Vec<Arc<dyn Any + Send + Sync>>>,
    feeds: Mutex<Feeds>,
    /// The faults of its streams.
    board: Arc<Board>,
    /// Held as long as it lives on its thread.
    _place: Arc<()>,
}

impl Venue {
    /// Starts a venue, whose OrderBook is on this thread: an empty one in memory, or one that goes on from what its
    /// store has. What is due by now is executed before it is asked anything.
    ///
    /// # Errors
    /// The store's, which did not start.
    pub fn start(id: VenueId, setup: Setup, recovered: Option<Recovered>) -> io::Result<Arc<Venue>> {
        Venue::start_at(Arc::default(), id, Begin::of(setup, recovered))
    }

    /// The same, where venues are counted: each holds its place.
    pub(crate) fn start_at(place: Arc<()>, id: VenueId, begin: Begin) -> io::Result<Arc<Venue>> {
        let (stats, failure) = (Arc::new(Stats::default()), Arc::new(Failure::default()));
        let Started { order_book, store, accounts, dial } = OrderBookAddr::start(begin, &stats, &failure)?;
        let (visits, feeds) = (Visits::default(), Mutex::default());
        let (is_gone, is_named, beside) = (AtomicBool::new(false), AtomicBool::new(false), Mutex::default());
        Ok(Arc::new(Venue {
            id,
            order_book,
            store,
            accounts,
            dial,
            failure,
            stats,
            visits,
            is_gone,
            is_named,
            beside,
            feeds,
            board: Arc::default(),
            _place: place,
        }))
    }

    /// Which one it is.
    #[must_use]
    pub fn id(&self) -> VenueId {
        self.id
    }

    /// Which accounts it has.
    #[must_use]
    pub fn accounts(&self) -> &AccountIds {
        &self.accounts
    }

    /// What it counts.
    #[must_use]
    pub fn stats(&self) -> &Arc<Stats> {
        &self.stats
    }

    /// What it holds in memory, roughly, in bytes.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.stats.held_bytes()
    }

    /// Waits until everything that has happened, and all that was due at the start, is durable.
    pub async fn settle(&self) -> Result<(), Refused> {
        self.order_book.ask(Settle).await
    }

    /// All that it holds at one moment, once that is durable. What only its store has is not in it.
    pub async fn copy(&self) -> Result<Box<Likeness>, Refused> {
        self.order_book.copy().await
    }

    /// Waits until its OrderBook has ended, by whatever cause.
    pub async fn stopped(&self) {
        self.order_book.stopped().await;
    }

    /// Why its store failed, if that is why the OrderBook has ended; told once.
    #[must_use]
    pub fn take_failure(&self) -> Option<Error> {
        self.failure.take()
    }

    /// Ends its OrderBook: nothing more is answered.
    pub(crate) fn end(&self) {
        self.order_book.end();
    }

    /// What its store takes of the disk; `None` where it has none.
    #[must_use]
    pub fn disk(&self) -> Option<Disk> {
        self.store.as_ref()?.disk()
    }

    /// Lets the store keep what it was given, and end; does not wait for it.
    pub fn begin_to_close_store(&self) {
        if let Some(store) = &self.store {
            store.begin_to_close();
        }
    }

    /// Lets the store keep what it was given, and end. Waits for it: called when nothing else runs any more.
    pub fn close_store(&self) {
        if let Some(store) = &self.store {
            store.close();
        }
    }

    /// After which change those come that clients count from after this one on; the first of all where that is no
    /// longer known.
    pub async fn locate_seq(&self, seq: Seq) -> Result<Number, Refused> {
        match self.order_book.ask(LocateSeq(seq)).await? {
            Lookup::Here(number) => Ok(number),
            Lookup::InStore(()) => {
                let number = self.ask_store(|store, answer| store.number_of(seq, answer)).await?;
                Ok(number.unwrap_or(Number(0)))
            }
            Lookup::Nowhere => Ok(Number(0)),
        }
    }

    /// Cancels an order that is pending; returns whether there is such an order, pending or closed.
    ///
    /// Where a rule lets that take its time, it is answered once it is decided; so is [`Venue::amend`], and
    /// [`Venue::replace`]. What was asked is done also where nobody waits for it any more.
    pub async fn cancel(&self, id: OrderId) -> Result<bool, Refused> {
        Ok(match self.order_book.ask(Cancel(id)).await? {
            Lookup::Here(Decided::Now(())) => true,
            Lookup::Here(Decided::Later(told)) => told.await.map(|()| true).map_err(|_| Refused::Stopped)?,
            Lookup::InStore(number) => self.stored_order(number, id).await?.is_some(),
            Lookup::Nowhere => false,
        })
    }

    /// Cancels all open orders that match and were placed by now; returns them, oldest first.
    ///
    /// In pieces, between which others are answered. Where the venue refuses one as it is full, what is cancelled is.
    pub async fn cancel_open(&self, filter: OrderFilter) -> Result<Vec<(OrderId, bool)>, Refused> {
        let mut ids = Vec::new();
        let mut next = Some(CancelOpen { filter, after: Number(0), upto: None });
        while let Some(piece) = next {
            match self.order_book.ask(piece).await {
                Ok(CancelledOpen { ids: more, next: goes_on }) => {
                    ids.extend(more);
                    next = goes_on;
                }
                // What is half done is not refused.
                Err(Refused::Full) if !ids.is_empty() => tokio::task::yield_now().await,
                Err(refused) => return Err(refused),
            }
        }
        Ok(ids)
    }

    /// Asks for something else of an order that is open; returns it as it stands afterwards.
    pub async fn amend(&self, amend: Amend) -> Result<Result<Order, Rejection>, Refused> {
        Ok(match self.order_book.ask(amend).await? {
            Lookup::Here(Decided::Now(amended)) => amended,
            Lookup::Here(Decided::Later(told)) => told.await.map_err(|_| Refused::Stopped)?,
            Lookup::InStore(number) => Err(self.closed_or_unknown(number, amend.id).await?),
            Lookup::Nowhere => Err(Rejection::UnknownOrder),
        })
    }

    /// The order of this id, as it stands now.
    pub async fn find(&self, id: OrderId) -> Result<Option<Order>, Refused> {
        Ok(match self.order_book.ask(Find(id)).await? {
            Lookup::Here(order) => Some(order),
            Lookup::InStore(number) => self.stored_order(number, id).await?,
            Lookup::Nowhere => None,
        })
    }

    /// The order of this name, as it stands now.
    pub async fn find_named(&self, name: Name) -> Result<Option<Order>, Refused> {
        Ok(match self.order_book.ask(FindNamed(name)).await? {
            Lookup::Here(order) => Some(order),
            Lookup::InStore(name) => match self.ask_store(|store, answer| store.named(name, answer)).await?.found {
                Found::Order(order) => Some(order),
                Found::Nothing | Found::Retired => None,
            },
            Lookup::Nowhere => None,
        })
    }

    /// The orders that match, at most `list.limit`.
    ///
    /// Drawn in bounded pieces, so that a filter that matches nothing holds nobody up. `None` where the order to start
    /// after is unknown.
    pub async fn list(&self, list: List) -> Result<Option<Listed>, Refused> {
        let wanted = list.limit + 1;
        let mut orders = Vec::new();
        let mut here = Some(list.start);
        let mut stored = PageStart::After(list.direction.start());
        loop {
            let limit = wanted - orders.len();
            if let Some(start) = here {
                match self.order_book.ask(List { start, limit, ..list }).await? {
                    Lookup::Here(Page { orders: found, next }) => {
                        orders.extend(found);
                        let Some(next) = next.filter(|_| orders.len() < wanted) else { break };
                        here = Some(Start::At(next));
                        continue;
                    }
                    Lookup::InStore(start) => (here, stored) = (None, start),
                    Lookup::Nowhere => return Ok(None),
                }
            }
            let List { filter, direction, .. } = list;
            let page = PageOf { start: stored, filter, limit, direction };
            let Some(Page { orders: found, next }) = self.ask_store(|store, answer| store.page(page, answer)).await?
            else {
                return Ok(None);
            };
            orders.extend(found);
            let Some(next) = next.filter(|_| orders.len() < wanted) else { break };
            stored = PageStart::After(next);
        }
        let has_more = orders.len() > list.limit;
        orders.truncate(list.limit);
        Ok(Some(Listed { orders, has_more }))
    }

    /// The next piece of the changes after one.
    pub async fn changes(&self, read: ReadChanges) -> Result<Changes, Refused> {
        match self.order_book.ask(read).await? {
            Lookup::Here(changes) => Ok(changes),
            Lookup::InStore(()) | Lookup::Nowhere => {
                self.ask_store(|store, answer| store.changes(read.after, read.filter, answer)).await
            }
        }
    }

    /// The next piece of the orders that were open right after a change.
    pub async fn open_orders(&self, read: ReadOpenOrders) -> Result<OpenOrders, Refused> {
        match self.order_book.ask(read).await? {
            Lookup::Here(open_orders) => Ok(open_orders),
            Lookup::InStore(()) | Lookup::Nowhere => {
                let ReadOpenOrders { as_of, after, filter } = read;
                self.ask_store(|store, answer| store.open_orders(as_of, after, filter, answer)).await
            }
        }
    }

    async fn stored_order(&self, number: Number, id: OrderId) -> Result<Option<Order>, Refused> {
        let order = self.ask_store(|store, answer| store.order(number, answer)).await?;
        Ok(order.filter(|order| order.id == id))
    }

    /// Asks the store, past the OrderBook.
    async fn ask_store<T: Send + 'static>(&self, ask: impl FnOnce(&dyn Store, Answer<T>)) -> Result<T, Refused> {
        let store = self.store.as_ref().ok_or(Refused::Stopped)?;
        let (tell, told) = oneshot::channel();
        ask(&**store, Box::new(move |answer| drop(tell.send(answer))));
        match told.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(ReadError::Busy)) => Err(Refused::Full),
            Ok(Err(ReadError::Failed)) | Err(_) => Err(Refused::Stopped),
        }
    }
}

impl fmt::Debug for Venue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Venue").field("id", &self.id).finish_non_exhaustive()
    }
}
