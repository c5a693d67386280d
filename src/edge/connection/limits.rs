//! Times that several files hold a client to, and how a time is held. A limit that one file enforces stands in that
//! file.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Sleep;
use tradepit_actors::Clock;

/// How long a client may take to take leave once the server has closed.
pub(crate) const DISCONNECT_WITHIN: Duration = Duration::from_secs(2);
/// A time limit that is noticed so much later than it was set for does not count: the server did not run meanwhile.
pub(crate) const EXCUSED_AFTER: Duration = Duration::from_secs(1);

/// A time limit in which the server runs.
pub(super) struct Timer {
    sleep: Pin<Box<Sleep>>,
    limit: Duration,
}

impl Timer {
    /// Begins now.
    #[expect(clippy::disallowed_methods, reason = "a connection's own time limit")]
    pub(super) fn new(limit: Duration) -> Timer {
        Timer { sleep: Box::pin(tokio::time::sleep(limit)), limit }
    }

    /// Whether the time is over. What comes late itself shows that the server did not run: the client gets all of it
    /// anew.
    pub(super) fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        while self.sleep.as_mut().poll(cx).is_ready() {
            let now = Clock::monotonic();
            if now < self.sleep.deadline() + EXCUSED_AFTER {
                return true;
            }
            self.sleep.as_mut().reset(now + self.limit);
        }
        false
    }

    /// What comes of this in time; nothing where it takes longer.
    pub(super) async fn hold<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        poll_fn(|cx| match work.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if self.is_over(cx) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }
}
