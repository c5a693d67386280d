//! Subscribers of channels, and what they draw of the past.

use std::sync::Arc;

use tradepit_engine::{KeptChanges, Number};

use super::Venue;
use crate::ask::ReadKept;
use crate::feed::FeedHandle;
use crate::feed::channels::{ChannelVoice, Channels, Listener};
use crate::feed::hears::Hears;
use crate::feed::registry::Registration;
use crate::feed::subscription::Disconnect;
use crate::order_book::addr::Refused;
use crate::order_book::answers::{Lookup, Subscribe};

impl Venue {
    /// Registers a subscriber of channels, as [`Venue::subscribe`] does one of changes of status; returns the newest
    /// change.
    pub async fn subscribe_kept(
        &self,
        feed: &FeedHandle,
        voice: &'static ChannelVoice,
        channels: Arc<Channels>,
        disconnect: Disconnect,
    ) -> Result<(Registration, Number), Refused> {
        let listener = Listener { voice, channels, accounts: Arc::clone(&self.accounts) };
        let registration = feed.register(Hears::Channels(listener), disconnect);
        let (newest, _) = self.order_book.ask(Subscribe(feed.link())).await?;
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
