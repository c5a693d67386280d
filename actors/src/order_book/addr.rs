//! The way to the OrderBook: bounded, and it says at once when it is full.

use std::io;
use std::sync::Arc;

use actix::dev::SendError;
use actix::{Addr, AsyncContext, Context};
use thiserror::Error;
use tokio::sync::{oneshot, watch};
use tradepit_engine::{Exchange, Number, Rulebook};
use tradepit_store::Store;

use super::answers::Answers;
use super::copying::{Likeness, TakeLikeness};
use super::durable::{Failure, Recovered, confirming};
use super::ending::End;
use super::envelope::{Envelope, Waiting};
use super::{OrderBook, Parts, Setup};
use crate::accounts::AccountIds;
use crate::chance::Ids;
use crate::clock::Dial;
use crate::stats::Stats;

/// So many commits may be told of while the OrderBook has its hands full, before a question finds no room for it.
const COMMITS: usize = 1_024;

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

#[derive(Clone)]
pub(crate) struct OrderBookAddr {
    addr: Addr<OrderBook>,
    mailbox: usize,
    stats: Arc<Stats>,
    alive: watch::Receiver<()>,
}

/// From what an OrderBook begins.
pub(crate) enum Begin {
    /// With nothing, in memory.
    Anew(Setup),
    /// With what its store has.
    Recovered(Setup, Box<Recovered>),
    /// With what another one held.
    Copied(Box<Likeness>),
}

impl Begin {
    pub(crate) fn of(setup: Setup, recovered: Option<Recovered>) -> Begin {
        match recovered {
            None => Begin::Anew(setup),
            Some(recovered) => Begin::Recovered(setup, Box::new(recovered)),
        }
    }
}

/// An OrderBook that was started, and the store behind it.
pub(crate) struct Started {
    pub(crate) order_book: OrderBookAddr,
    pub(crate) store: Option<Arc<dyn Store>>,
    /// Which accounts it has.
    pub(crate) accounts: Arc<AccountIds>,
    /// Which time it is there.
    pub(crate) dial: Arc<Dial>,
}

impl OrderBookAddr {
    /// Starts an OrderBook on this thread. Why its store fails later is told to `failure`.
    pub(crate) fn start(begin: Begin, stats: &Arc<Stats>, failure: &Arc<Failure>) -> io::Result<Started> {
        let mut ctx = Context::<OrderBook>::new();
        let (alive, watched) = watch::channel(());
        let (likeness, store) = match begin {
            Begin::Anew(setup) => (anew(&setup), None),
            Begin::Recovered(setup, recovered) => {
                let Recovered { exchange, ids, kept_orders, start } = *recovered;
                stats.listed.set(usize::try_from(kept_orders).unwrap_or(usize::MAX));
                let store = start(&confirming(ctx.address(), Arc::clone(failure)))?;
                (Likeness::begin(&setup, exchange, ids), Some(store))
            }
            Begin::Copied(likeness) => (*likeness, None),
        };
        let mailbox = likeness.mailbox;
        // The limit is in `ask`, which counts for all senders together; the store's word comes besides, past any limit.
        ctx.set_mailbox_capacity(mailbox.saturating_add(COMMITS));
        let accounts = Arc::new(AccountIds::of_copy(likeness.exchange.clearing(), likeness.opened.clone()));
        let (known, stats_of) = (Arc::clone(&accounts), Arc::clone(stats));
        let dial = Arc::new(Dial::of(likeness.clock));
        let (shown, known_store) = (Arc::clone(&dial), store.clone());
        let parts = Parts { accounts: known, store: known_store, stats: stats_of, dial: shown, alive };
        let addr = ctx.run(OrderBook::new(likeness, parts));
        let order_book = OrderBookAddr { addr, mailbox, stats: Arc::clone(stats), alive: watched };
        Ok(Started { order_book, store, accounts, dial })
    }

    /// All that it holds at this moment.
    pub(crate) async fn copy(&self) -> Result<Box<Likeness>, Refused> {
        self.ask(TakeLikeness { mailbox: self.mailbox }).await
    }

    /// Waits until the OrderBook has ended, by whatever cause.
    pub(crate) async fn stopped(&self) {
        let mut alive = self.alive.clone();
        while alive.changed().await.is_ok() {}
    }

    /// Ends it, once it has answered what it was asked before.
    pub(crate) fn end(&self) {
        // One for the whole of its life.
        self.addr.do_send(End);
    }

    pub(crate) async fn ask<A: Send + 'static>(&self, ask: A) -> Result<<OrderBook as Answers<A>>::Answer, Refused>
    where
        OrderBook: Answers<A>,
    {
        let (reply, answer) = oneshot::channel();
        // Counted here and not by actix: its limit is one for each sender, ours is one for all.
        let (waiting, before) = Waiting::begin(&self.stats);
        if before >= self.mailbox {
            return Err(self.refuse());
        }
        match self.addr.try_send(Envelope { ask, reply, waiting }) {
            Ok(()) => answer.await.map_err(|_| Refused::Stopped),
            Err(SendError::Full(_)) => Err(self.refuse()),
            Err(SendError::Closed(_)) => Err(Refused::Stopped),
        }
    }

    fn refuse(&self) -> Refused {
        self.stats.refused.add(1);
        Refused::Full
    }
}

/// That of a venue in which nothing has happened.
fn anew(setup: &Setup) -> Likeness {
    let mut exchange = Exchange::with_rules(setup.max_orders, setup.rules.clone());
    exchange.have_rules(Rulebook::new(Arc::clone(&setup.rule_list), setup.chance.number()));
    Likeness::begin(setup, exchange, Ids::new([(Number(1), setup.chance)].into_iter()))
}
