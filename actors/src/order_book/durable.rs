//! The OrderBook with a store behind it: what it goes on from, what the store tells it.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use actix::{ActorContext, Addr, Handler, Message};
use tradepit_engine::Exchange;
use tradepit_store::{Confirm, Error, Store, Stored};

use super::OrderBook;
use super::outbox::Outbox;
use crate::chance::Ids;

/// Starts a store, which from then on tells the OrderBook of each commit.
pub type StartStore = Box<dyn FnOnce(&Confirm) -> io::Result<Arc<dyn Store>> + Send>;

/// What a store has of a venue, to go on from.
pub struct Recovered {
    /// The open orders; see [`Exchange::backed`].
    pub exchange: Exchange,
    /// Where all ids came from.
    pub ids: Ids,
    /// How many orders the store has.
    pub kept_orders: u64,
    /// What keeps the changes from now on.
    pub start: StartStore,
}

/// Why a venue's store failed. It may come when the OrderBook has ended already.
#[derive(Default)]
pub(crate) struct Failure(Mutex<Option<Error>>);

impl Failure {
    /// The first reason is the one that counts.
    fn note(&self, error: Error) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    /// The reason, if there is one; told once.
    pub(crate) fn take(&self) -> Option<Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What the store has to say; why it failed is told to [`Failure`].
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Confirmed(Result<Stored, ()>);

/// How a store tells this OrderBook of its commits. It goes past the mailbox's limit: one message a commit, and none is
/// lost.
pub(super) fn confirming(addr: Addr<OrderBook>, failure: Arc<Failure>) -> Confirm {
    Arc::new(move |told: Result<Stored, Error>| {
        addr.do_send(Confirmed(told.map_err(|error| failure.note(error))));
    })
}

impl Handler<Confirmed> for OrderBook {
    type Result = ();

    fn handle(&mut self, confirmed: Confirmed, ctx: &mut Self::Context) {
        match confirmed.0 {
            Ok(Stored { durable, settled, removed, kept_orders }) => {
                self.stats.listed.set(usize::try_from(kept_orders).unwrap_or(usize::MAX));
                self.stats.commits.add(1);
                self.exchange.stored(settled);
                self.exchange.removed(removed);
                self.stats.held.set(self.exchange.held_orders());
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
