//! The way to the OrderBook: bounded, and it says at once when it is full.

use std::sync::Arc;

use actix::dev::SendError;
use actix::{Addr, Message};
use thiserror::Error;
use tokio::sync::{oneshot, watch};

use super::OrderBook;
use crate::requests::{Page, Request, Scan, Start};
use crate::stats::Stats;

/// A request and the way back. It carries its own reply channel because `Addr::send` would wait on a full mailbox.
pub(super) struct Envelope<R: Request> {
    pub(super) request: R,
    pub(super) reply: oneshot::Sender<R::Reply>,
}

impl<R: Request> Message for Envelope<R> {
    type Result = ();
}

/// Why a request was not handled. Nothing of it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// The mailbox is full.
    #[error("the order book has as many requests waiting as it may; try again")]
    Full,
    /// The OrderBook has stopped.
    #[error("the order book has stopped")]
    Stopped,
}

/// The OrderBook's address.
#[derive(Clone, Debug)]
pub struct OrderBookAddr {
    addr: Addr<OrderBook>,
    mailbox: usize,
    stats: Arc<Stats>,
    alive: watch::Receiver<()>,
}

impl OrderBookAddr {
    pub(super) fn new(
        addr: Addr<OrderBook>,
        mailbox: usize,
        stats: Arc<Stats>,
        alive: watch::Receiver<()>,
    ) -> OrderBookAddr {
        OrderBookAddr { addr, mailbox, stats, alive }
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
        if self.stats.mailbox.rise() >= self.mailbox {
            return Err(self.refuse(Refused::Full));
        }
        match self.addr.try_send(Envelope { request, reply }) {
            Ok(()) => answer.await.map_err(|_| Refused::Stopped),
            Err(SendError::Full(_)) => Err(self.refuse(Refused::Full)),
            Err(SendError::Closed(_)) => Err(self.refuse(Refused::Stopped)),
        }
    }

    /// The orders that match, at most `scan.limit`, and whether there are more.
    ///
    /// Drawn in bounded pieces, so that a filter that matches nothing holds nobody up. `None` where the order to
    /// start after is unknown.
    pub async fn list(&self, scan: Scan) -> Result<Option<(Vec<tradepit_engine::Order>, bool)>, Refused> {
        let wanted = scan.limit + 1;
        let mut orders = Vec::new();
        let mut start = scan.start;
        loop {
            let rest = Scan { start, limit: wanted - orders.len(), ..scan };
            let Some(Page { orders: found, next }) = self.ask(rest).await? else { return Ok(None) };
            orders.extend(found);
            let Some(next) = next.filter(|_| orders.len() < wanted) else { break };
            start = Start::At(next);
        }
        let more = orders.len() > scan.limit;
        orders.truncate(scan.limit);
        Ok(Some((orders, more)))
    }

    fn refuse(&self, why: Refused) -> Refused {
        self.stats.mailbox.fall();
        if why == Refused::Full {
            self.stats.refused.add(1);
        }
        why
    }
}
