//! What happened, in the past tense: the numbered truth that everything else is drawn from.

use std::sync::Arc;

use crate::origin::Origin;
use crate::values::{OrderId, Quantity, Seq, Symbol, Time};

/// One change of one order. It tells the order's symbol and quantity too, so that it can be announced,
/// filtered and replayed without the order at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The change's number.
    pub seq: Seq,
    /// When it happened.
    pub at: Time,
    /// Which order changed.
    pub id: OrderId,
    /// The change that accepted the order: this one, or an earlier one.
    pub accepted_seq: Seq,
    /// The order's symbol.
    pub symbol: Symbol,
    /// The order's quantity.
    pub quantity: Quantity,
    /// What happened to it.
    pub change: Change,
    /// Under which names the client placed it: told by the change that accepts it, if there are any.
    pub origin: Option<Arc<Origin>>,
}

/// What can happen to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was taken into the book, to be executed at `due_at`.
    Accepted {
        /// When it will execute.
        due_at: Time,
    },
    /// Its delay was over.
    Executed,
    /// It was cancelled in time.
    Cancelled,
}
