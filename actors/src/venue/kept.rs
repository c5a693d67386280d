//! Subscribers of channels, and what they draw of the past.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use tradepit_engine::{KeptChanges, Number};

use super::Venue;
use crate::ask::ReadKept;
use crate::feed::FeedHandle;
use crate::feed::channels::{ChannelVoice, Channels, Listener};
use crate::feed::closing::Disconnect;
use crate::feed::hears::Hears;
use crate::feed::market::Following;
use crate::feed::registry::Registration;
use crate::order_book::addr::Refused;
use crate::order_book::answers::{Lookup, Subscribe};

impl Venue {
    /// Registers a subscriber of channels, as [`Venue::subscribe`] does one of changes of status; returns the newest
    /// change. What it follows of the market is told as it stands then.
    pub async fn subscribe_kept(
        &self,
        feed: &FeedHandle,
        voice: &'static ChannelVoice,
        (channels, following): (Arc<Channels>, &Following),
        disconnect: Disconnect,
    ) -> Result<(Registration, Number), Refused> {
        let (accounts, prints_after) = (Arc::clone(&self.accounts), Rc::new(Cell::new(Number(u64::MAX))));
        let listener = Listener { voice, channels, accounts, prints_after: Rc::clone(&prints_after) };
        let registration = feed.register_follower(Hears::Channels(listener), (voice, following), disconnect);
        let (newest, _) = self.order_book.ask(Subscribe(feed.link())).await?;
        prints_after.set(newest);
        Ok((registration, newest))
    }

    /// The next piece of the kept changes after one.
    pub async fn kept(&self, read: ReadKept) -> Result<KeptChanges, Refused> {
        match self.order_book.ask(read).await? {
            Lookup::Here(changes) => Ok(changes),
            Lookup::InStore(()) | Lookup::Nowhere => {
                self.ask_store(|store, answer| store.kept(read.after, answer)).await
            }
        }
    }
}
