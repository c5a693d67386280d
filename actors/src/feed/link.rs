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
}

impl FeedLink {
    /// The way to whoever takes announcements here, of whom nobody is lost yet.
    pub(crate) fn new(
        (to, look): (Recipient<Announce>, Recipient<Look>),
        sights: Arc<Sights>,
        (subscribers, hear_channels): (Arc<AtomicUsize>, Arc<AtomicUsize>),
        lost: Arc<AtomicBool>,
    ) -> FeedLink {
        FeedLink { to, look, sights, subscribers, hear_channels, lost }
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
        match self.to.try_send(announcement) {
            Ok(()) => true,
            Err(SendError::Full(_)) => {
                self.lost.store(true, Ordering::Release);
                true
            }
            Err(SendError::Closed(_)) => false,
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
