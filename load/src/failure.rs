//! What can go wrong with an order or a connection, and the tally of it.
//!
//! Owns the closed list of failures and their words, which the report, the page
//! and the JSON share. Filled in through `record`; knows nothing of how a failure
//! was found.

use std::collections::BTreeMap;

use super::frame::OrderId;
use super::kind::Kind;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub(super) enum Failure {
    /// TCP or the name look-up failed.
    #[error("no connection: {0}")]
    NoConnection(String),
    /// `GET /ws` was answered with something else than 101.
    #[error("WebSocket refused with {0}")]
    Refused(u16),
    /// What was answered to `GET /ws` is no WebSocket handshake.
    #[error("no WebSocket: {0}")]
    NoWebSocket(String),
    /// A request was answered with another status than that of success.
    #[error("{0} answered with {1}")]
    Status(Kind, u16),
    /// A request was not answered, or not to the end.
    #[error("{0} not answered: {1}")]
    Broken(Kind, &'static str),
    /// A reply of 200 whose body has no `id` of 36 characters.
    #[error("{0} reply is not an order")]
    BadReply(Kind),
    /// The WebSocket ended with this close code, or without one.
    #[error("WebSocket closed{}", code(.0))]
    SocketClosed(Option<u16>),
    /// The order's EXECUTED message did not come within the grace after its due time.
    #[error("order not executed in time")]
    NotExecuted,
    /// The order was announced as CANCELLED, which nobody had asked for.
    #[error("order cancelled")]
    Cancelled,
    /// The order was outstanding when the user broke off the wait for it.
    #[error("order not executed when the run was broken off")]
    BrokenOff,
    /// Open loop: no connection came free for what was scheduled, which is named here.
    #[error("{0} not sent: every connection was busy")]
    NotSent(&'static str),
    /// A mix: the order was to be cancelled after the run, and its end was not announced within the grace.
    #[error("order not seen to end")]
    NotEnded,
    /// A mix: the order was open when the run was broken off, and is so still.
    #[error("order left open when the run was broken off")]
    LeftOpen,
}

fn code(code: &Option<u16>) -> String {
    code.map_or(String::new(), |code| format!(" with code {code}"))
}

/// Every failure of a run: how many of each kind, and which orders.
#[derive(Default)]
pub(super) struct Failures {
    kinds: BTreeMap<Failure, u64>,
    orders: Vec<(OrderId, Failure)>,
}

impl Failures {
    /// Counts a failure that belongs to no known order.
    pub(super) fn add(&mut self, failure: Failure, count: u64) {
        if count > 0 {
            *self.kinds.entry(failure).or_default() += count;
        }
    }

    /// Counts a failure of the order `id`, which is kept for the list.
    pub(super) fn add_order(&mut self, id: OrderId, failure: Failure) {
        self.orders.push((id, failure.clone()));
        self.add(failure, 1);
    }

    pub(super) fn total(&self) -> u64 {
        self.kinds.values().sum()
    }

    /// The kinds that occurred, each with its count.
    pub(super) fn kinds(&self) -> impl Iterator<Item = (&Failure, u64)> {
        self.kinds.iter().map(|(failure, count)| (failure, *count))
    }

    /// The orders that were placed and never seen executed, in order of finding.
    pub(super) fn orders(&self) -> &[(OrderId, Failure)] {
        &self.orders
    }
}
