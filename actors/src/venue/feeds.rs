//! The Feeds of a venue: one on each thread where somebody has listened.

use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, MutexGuard, PoisonError};

use actix::Addr;
use tradepit_engine::{ChangeFilter, Number, Seq};

use super::Venue;
use crate::feed::closing::{CloseCode, Disconnect};
use crate::feed::growing::AskBars;
use crate::feed::hears::Hears;
use crate::feed::registry::Registration;
use crate::feed::voice::Voice;
use crate::feed::{CloseAll, Feed, FeedHandle, LookAtFaults};
use crate::order_book::addr::Refused;
use crate::order_book::answers::Subscribe;

/// The Feeds of a venue.
#[derive(Default)]
pub(super) struct Feeds {
    addrs: Vec<Addr<Feed>>,
    /// The largest backlog of each one's subscribers.
    backlogs: Vec<Arc<AtomicUsize>>,
    /// Why one that comes is closed at once.
    closing: Option<CloseCode>,
}

impl Venue {
    fn feeds(&self) -> MutexGuard<'_, Feeds> {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a Feed of this venue on this thread, for those who subscribe here.
    #[must_use]
    pub fn start_feed(self: &Arc<Self>) -> FeedHandle {
        let venue = Arc::downgrade(self);
        let ask_bars: AskBars = Rc::new(move |read| {
            let venue = venue.upgrade();
            Box::pin(async move { venue?.bars(read).await.ok().flatten() })
        });
        let feed = Feed::start(Arc::clone(&self.stats), Arc::clone(&self.board), ask_bars);
        let mut feeds = self.feeds();
        match feeds.closing {
            // It closes whoever comes, as those were that had come by then.
            Some(code) => feed.addr().do_send(CloseAll(code)),
            None => {
                feeds.addrs.push(feed.addr());
                feeds.backlogs.push(feed.backlog());
            }
        }
        drop(feeds);
        feed
    }

    /// What the subscriber that is furthest behind has not read, in bytes, as of the last look: once a second.
    #[must_use]
    pub fn largest_backlog_bytes(&self) -> usize {
        self.feeds().backlogs.iter().map(|backlog| backlog.load(Ordering::Relaxed)).max().unwrap_or(0)
    }

    /// Registers a subscriber with a Feed of this venue, and asks where the venue stands; returns the newest change,
    /// and the newest of a status.
    ///
    /// Done before the 101 is sent: from here on the subscriber misses nothing. What is announced meanwhile is kept
    /// until [`crate::open`] says where to begin.
    pub async fn subscribe(
        &self,
        feed: &FeedHandle,
        voice: &'static Voice,
        filter: ChangeFilter,
        disconnect: Disconnect,
    ) -> Result<(Registration, Number, Seq), Refused> {
        let registration = feed.register(Hears::Statuses(voice, filter), disconnect);
        let (newest, newest_seq) = self.order_book.ask(Subscribe(feed.link())).await?;
        Ok((registration, newest, newest_seq))
    }

    /// Whoever listens looks at what hangs on the board.
    pub(super) fn look_at_faults(&self) {
        // One for each list of faults that is put there.
        self.feeds().addrs.iter().for_each(|feed| feed.do_send(LookAtFaults));
    }

    /// Closes every subscriber, once each has been told what was announced by now.
    pub async fn close_subscribers(&self, code: CloseCode) {
        let feeds = {
            let mut feeds = self.feeds();
            feeds.closing = Some(code);
            std::mem::take(&mut feeds.addrs)
        };
        for feed in feeds {
            // It fails where a worker's thread has gone, and with it its subscribers.
            let _ = feed.send(CloseAll(code)).await;
        }
    }
}
