//! The way to the OrderBook: bounded, and it says at once when it is full.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use actix::dev::SendError;
use actix::{Addr, Message};
use thiserror::Error;
use tokio::sync::{oneshot, watch};
use tradepit_store::{Answer, Error, ReadError, Store};

use super::OrderBook;
use crate::ask::Request;
use crate::stats::Stats;

/// A request and the way back. It carries its own reply channel because `Addr::send` would wait on a full mailbox.
pub(super) struct Envelope<R: Request> {
    pub(super) request: R,
    pub(super) reply: oneshot::Sender<R::Reply>,
    pub(super) waiting: Waiting,
}

/// A request that counts as waiting, until it is answered or given up: also where the OrderBook ends before.
pub(super) struct Waiting(Arc<Stats>);

impl Waiting {
    /// Begins to wait; tells how many waited already.
    fn begin(stats: &Arc<Stats>) -> (Waiting, usize) {
        let before = stats.mailbox.rise();
        (Waiting(Arc::clone(stats)), before)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.mailbox.fall();
    }
}

impl<R: Request> Message for Envelope<R> {
    type Result = ();
}

/// Why a request was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// The mailbox is full. Nothing of the request happened.
    #[error("the order book has as many requests waiting as it may; try again")]
    Full,
    /// The OrderBook has stopped. Where its store failed, the request may have happened or not, as after a crash.
    #[error("the order book has stopped")]
    Stopped,
}

/// What the OrderBook and everybody who has its address share.
pub(super) struct Shared {
    mailbox: usize,
    stats: Arc<Stats>,
    pub(super) addr: OnceLock<Addr<OrderBook>>,
    pub(super) store: OnceLock<Arc<dyn Store>>,
    failure: Mutex<Option<Error>>,
}

impl Shared {
    pub(super) fn new(mailbox: usize, stats: Arc<Stats>) -> Shared {
        let (addr, store, failure) = (OnceLock::new(), OnceLock::new(), Mutex::new(None));
        Shared { mailbox, stats, addr, store, failure }
    }

    /// The store failed; the first reason is the one that counts.
    pub(super) fn fail(&self, error: Error) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// The OrderBook's address.
#[derive(Clone)]
pub struct OrderBookAddr {
    addr: Addr<OrderBook>,
    shared: Arc<Shared>,
    alive: watch::Receiver<()>,
}

impl OrderBookAddr {
    pub(super) fn new(addr: Addr<OrderBook>, shared: Arc<Shared>, alive: watch::Receiver<()>) -> OrderBookAddr {
        OrderBookAddr { addr, shared, alive }
    }

    /// Why the store failed, if that is why the OrderBook has ended; told once.
    #[must_use]
    pub fn take_failure(&self) -> Option<Error> {
        self.shared.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Lets the store keep what it was given, and end. Waits for it: called when nothing else runs any more.
    pub fn close_store(&self) {
        if let Some(store) = self.shared.store.get() {
            store.close();
        }
    }

    /// Asks the store, past the OrderBook.
    pub(crate) async fn ask_store<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Store, Answer<T>),
    ) -> Result<T, Refused> {
        let store = self.shared.store.get().ok_or(Refused::Stopped)?;
        let (tell, told) = oneshot::channel();
        ask(&**store, Box::new(move |answer| drop(tell.send(answer))));
        match told.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(ReadError::Busy)) => Err(Refused::Full),
            Ok(Err(ReadError::Failed)) | Err(_) => Err(Refused::Stopped),
        }
    }

    /// Whether there is a store.
    pub(crate) fn has_store(&self) -> bool {
        self.shared.store.get().is_some()
    }

    /// Waits until the OrderBook has ended, by whatever cause.
    pub async fn stopped(&self) {
        let mut alive = self.alive.clone();
        while alive.changed().await.is_ok() {}
    }

    /// Asks, and waits for the reply.
    pub async fn ask<R: Request>(&self, request: R) -> Result<R::Reply, Refused> {
        let (reply, answer) = oneshot::channel();
        // Counted here and not by actix: its limit is one for each sender, ours is one for all.
        let (waiting, before) = Waiting::begin(&self.shared.stats);
        if before >= self.shared.mailbox {
            return Err(self.refuse());
        }
        match self.addr.try_send(Envelope { request, reply, waiting }) {
            Ok(()) => answer.await.map_err(|_| Refused::Stopped),
            Err(SendError::Full(_)) => Err(self.refuse()),
            Err(SendError::Closed(_)) => Err(Refused::Stopped),
        }
    }

    fn refuse(&self) -> Refused {
        self.shared.stats.refused.add(1);
        Refused::Full
    }
}

impl std::fmt::Debug for OrderBookAddr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderBookAddr").finish_non_exhaustive()
    }
}
