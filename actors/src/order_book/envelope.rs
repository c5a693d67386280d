//! How a question comes to the OrderBook: with its way back, and counted for as long as it waits.

use std::sync::Arc;

use actix::Message;
use tokio::sync::oneshot;

use crate::stats::Stats;

/// A question and the way back. It carries its own reply channel because `Addr::send` would wait on a full mailbox.
pub(super) struct Envelope<A, R> {
    pub(super) ask: A,
    pub(super) reply: oneshot::Sender<R>,
    pub(super) waiting: Waiting,
}

impl<A, R: 'static> Message for Envelope<A, R> {
    type Result = ();
}

/// A question that counts as waiting, until it is answered or given up: also where the OrderBook ends before.
pub(super) struct Waiting(Arc<Stats>);

impl Waiting {
    /// Begins to wait; tells how many waited already.
    pub(super) fn begin(stats: &Arc<Stats>) -> (Waiting, usize) {
        let before = stats.mailbox.rise();
        (Waiting(Arc::clone(stats)), before)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.mailbox.fall();
    }
}
