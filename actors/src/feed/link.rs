//! What the OrderBook holds of a Feed: where announcements go, and whether there is anybody to tell. It knows no Feed,
//! only that somebody takes [`Announce`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use actix::dev::SendError;
use actix::{Message, Recipient};
use tradepit_engine::{Event, Number, Order};
use tradepit_store::Batch;

use crate::feed::market::Sight;
use crate::feed::market::sights::Sights;

/// Orders as they stood after the changes of these numbers, in order: of those changes that somebody hears so.
pub(crate) type Snapshots = Arc<[(Number, Arc<Order>)]>;

/// Changes to tell to every subscriber.
#[derive(Clone, Message)]
#[rtype(result = "()")]
pub(crate) struct Announce {
    pub(crate) batch: Batch,
    pub(crate) orders: Snapshots,
}

impl Announce {
    /// Each change, with its order where that is told.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (&Event, Option<&Order>)> + Clone {
        let mut orders = self.orders.iter().peekable();
        self.batch.iter().map(move |event| {
            while orders.next_if(|(number, _)| *number < event.number).is_some() {}
            let order = orders.next_if(|(number, _)| *number == event.number);
            (event, order.map(|(_, order)| &**order))
        })
    }
}

/// Something of the market is to be seen.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub(crate) struct Look;

/// How far a Feed and its subscribers are behind: whoever makes time pass goes no faster.
#[derive(Debug, Default)]
pub(crate) struct Crowd {
    /// Batches that it was handed and did not tell yet.
    waiting: AtomicUsize,
    /// Subscribers with so much unread that little more makes them slow.
    behind: AtomicUsize,
}

impl Crowd {
    /// So many batches are told.
    pub(crate) fn told(&self, batches: usize) {
        self.waiting.fetch_sub(batches, Ordering::AcqRel);
    }

    /// One more subscriber is behind, or one less.
    pub(crate) fn note(&self, is_behind: bool) {
        if is_behind {
            self.behind.fetch_add(1, Ordering::AcqRel);
        } else {
            self.behind.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// So many batches may wait for a Feed that is not behind.
const WAITING_AT_MOST: usize = 4;

/// What the OrderBook knows of a Feed.
#[derive(Clone, Debug)]
pub(crate) struct FeedLink {
    to: Recipient<Announce>,
    look: Recipient<Look>,
    /// What is shown of the market.
    sights: Arc<Sights>,
    /// Lets the OrderBook pass over a Feed that has nobody to tell.
    subscribers: Arc<AtomicUsize>,
    /// How many of them hear of orders whole: orders are shown for these alone.
    hear_channels: Arc<AtomicUsize>,
    /// An announcement was lost because the Feed's mailbox was full.
    lost: Arc<AtomicBool>,
    crowd: Arc<Crowd>,
}

impl FeedLink {
    /// The way to whoever takes announcements here, of whom nobody is lost yet.
    pub(crate) fn new(
        (to, look): (Recipient<Announce>, Recipient<Look>),
        sights: Arc<Sights>,
        (subscribers, hear_channels): (Arc<AtomicUsize>, Arc<AtomicUsize>),
        (lost, crowd): (Arc<AtomicBool>, Arc<Crowd>),
    ) -> FeedLink {
        FeedLink { to, look, sights, subscribers, hear_channels, lost, crowd }
    }

    /// Whether it, or one of its subscribers, is behind.
    pub(crate) fn is_crowded(&self) -> bool {
        let Crowd { waiting, behind } = &*self.crowd;
        waiting.load(Ordering::Acquire) > WAITING_AT_MOST || behind.load(Ordering::Acquire) > 0
    }

    /// What its subscribers follow of the market.
    pub(crate) fn sights(&self) -> &Sights {
        &self.sights
    }

    /// Shows a sight to those who follow it.
    pub(crate) fn show(&self, sight: &Arc<Sight>) {
        if self.sights.show(sight) {
            // Where its mailbox is full it has turns to come, and looks in each.
            let _ = self.look.try_send(Look);
        }
    }

    /// Whether anybody hears channels.
    pub(crate) fn hears_channels(&self) -> bool {
        self.hear_channels.load(Ordering::Acquire) > 0
    }

    /// Whether there is anybody to tell.
    pub(crate) fn has_subscribers(&self) -> bool {
        self.subscribers.load(Ordering::Acquire) > 0
    }

    /// Hands over an announcement; returns whether the Feed is still there.
    pub(crate) fn announce(&self, announcement: Announce) -> bool {
        if !self.has_subscribers() {
            return true;
        }
        // Before it is on its way: the Feed may be quicker.
        self.crowd.waiting.fetch_add(1, Ordering::AcqRel);
        let Err(not_sent) = self.to.try_send(announcement) else { return true };
        self.crowd.told(1);
        match not_sent {
            SendError::Full(_) => {
                self.lost.store(true, Ordering::Release);
                true
            }
            SendError::Closed(_) => false,
        }
    }
}

impl PartialEq for FeedLink {
    fn eq(&self, other: &FeedLink) -> bool {
        Arc::ptr_eq(&self.subscribers, &other.subscribers)
    }
}

impl std::fmt::Debug for Announce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Announce").field(&self.batch.len()).finish()
    }
}
