//! Where a subscriber stands: what happens to announcements.

use tokio::time::Instant;
use tradepit_engine::Number;

use crate::feed::link::Announce;

/// What happens to announcements.
pub(super) enum Phase {
    /// They are kept until it is known where the subscriber stands: for one round trip to the OrderBook.
    Joining { kept: Vec<Announce>, changes: usize },
    /// Those after this change are told.
    Live(Number),
    /// They pass by: the subscriber draws them from the history itself.
    Replaying,
    /// Nothing is told any more; a close frame is on its way.
    Closing {
        since: Instant,
        /// The client shall answer it; otherwise all is said once it is written.
        answered: bool,
    },
}

impl Phase {
    pub(super) fn joining() -> Phase {
        Phase::Joining { kept: Vec::new(), changes: 0 }
    }
}
