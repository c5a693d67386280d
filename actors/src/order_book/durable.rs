//! The OrderBook with a store behind it: how it starts, what the store tells it, where it sends readers.

use std::io;
use std::sync::Arc;

use actix::{ActorContext, Handler, Message};
use tradepit_engine::{Book, OrderId, PageStart, Seq, Time};
use tradepit_store::{Confirm, Error, Store, Stored};

use super::OrderBook;
use super::outbox::Outbox;
use crate::ask::{Lookup, Request, Start};
use crate::chance::{Chance, Delays, Ids};

/// Starts a store, which from then on tells the OrderBook of each commit.
pub type StartStore = Box<dyn FnOnce(&Confirm) -> io::Result<Arc<dyn Store>> + Send>;

/// Go on where a store ends. Before it the OrderBook is asked nothing.
pub struct Restore {
    /// The open orders; see [`Book::backed`].
    pub book: Book,
    /// When the newest change happened.
    pub last_at: Time,
    /// Where ids and delays come from, from now on.
    pub chance: Chance,
    /// Where all ids came from.
    pub ids: Ids,
    /// What keeps the changes from now on.
    pub start: StartStore,
}

impl Request for Restore {
    type Reply = io::Result<()>;

    fn handle(self, order_book: &mut OrderBook) -> Self::Reply {
        order_book.restore(self)
    }
}

/// What the store has to say; why it failed is told to [`super::OrderBookAddr::take_failure`].
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Confirmed(Result<Stored, ()>);

impl OrderBook {
    fn restore(&mut self, restore: Restore) -> io::Result<()> {
        let Restore { book, last_at, chance, ids, start } = restore;
        let Some(addr) = self.shared.addr.get().cloned() else { return Err(io::ErrorKind::NotConnected.into()) };
        let shared = Arc::clone(&self.shared);
        // It goes past the mailbox's limit: one message a commit, and none is lost. A failure is noted at once: it may come
        // when the OrderBook has ended already.
        let confirm = move |told: Result<Stored, Error>| {
            addr.do_send(Confirmed(told.map_err(|error| shared.fail(error))));
        };
        let store = start(&(Arc::new(confirm) as Confirm))?;
        // Nobody hears of the time before: neither does the clock go back behind it.
        self.setup.clock = self.setup.clock.not_before(last_at);
        self.setup.chance = chance;
        self.delays = Delays::new(chance);
        self.ids = ids;
        self.history.resume(book.last_seq());
        self.book = book;
        self.release(self.book.last_seq());
        // It is set once: an OrderBook is restored at most once.
        let _ = self.shared.store.set(Arc::clone(&store));
        self.store = Some(store);
        self.stats.open.set(self.book.open_orders());
        self.stats.held.set(self.book.held_orders());
        self.execute_due();
        Ok(())
    }

    /// Counts what the store was given and did not confirm.
    pub(super) fn count_unconfirmed(&self) {
        let unconfirmed = self.book.last_seq().0.saturating_sub(self.outbox.durable().0);
        self.stats.unconfirmed.set(usize::try_from(unconfirmed).unwrap_or(usize::MAX));
    }

    pub(crate) fn has_store(&self) -> bool {
        self.store.is_some()
    }

    /// Where to look for an order that is not held.
    pub(crate) fn stored_order<T>(&self, id: OrderId) -> Lookup<T, Seq> {
        let seq = self.ids.seq_of(id).filter(|&seq| self.has_store() && seq <= self.book.last_seq());
        seq.map_or(Lookup::Nowhere, Lookup::InStore)
    }

    /// Where a list begins in the store.
    pub(crate) fn stored_page<T>(&self, start: Start) -> Lookup<T, PageStart> {
        match start {
            Start::First => Lookup::InStore(PageStart::After(Seq(0))),
            Start::At(seq) => Lookup::InStore(PageStart::After(seq)),
            Start::After(id) => match self.stored_order::<()>(id) {
                Lookup::InStore(seq) => Lookup::InStore(PageStart::AfterOrder(seq, id)),
                Lookup::Here(()) | Lookup::Nowhere => Lookup::Nowhere,
            },
        }
    }
}

impl Handler<Confirmed> for OrderBook {
    type Result = ();

    fn handle(&mut self, confirmed: Confirmed, ctx: &mut Self::Context) {
        match confirmed.0 {
            Ok(Stored { durable, settled, removed }) => {
                self.stats.commits.add(1);
                self.book.stored(settled);
                self.book.removed(removed);
                self.stats.held.set(self.book.held_orders());
                self.release(durable);
                self.count_unconfirmed();
            }
            // Nothing of what waits is told to anybody: whoever asked learns that the order book has stopped.
            Err(()) => {
                self.outbox = Outbox::default();
                ctx.stop();
            }
        }
    }
}
