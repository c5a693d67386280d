//! What can be asked of the exchange, and how it can refuse.

use std::sync::Arc;

use crate::origin::{Name, Origin};
use crate::values::{Number, OrderId, Quantity, Symbol};

/// The whole of what can be asked, in the imperative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Accept a new order, to be executed `delay_us` microseconds from now.
    Submit {
        /// The new order's identity; the caller sees to it that none is used twice.
        id: OrderId,
        /// What is ordered.
        symbol: Symbol,
        /// How much of it.
        quantity: Quantity,
        /// Microseconds from acceptance to execution.
        delay_us: u64,
        /// Under which names: an order that has one of them already is never placed again.
        origin: Option<Arc<Origin>>,
    },
    /// Cancel an order that is still pending; a closed one stays as it is.
    Cancel {
        /// Which order: the change that accepted it.
        accepted_number: Number,
    },
    /// Execute what is due by now, earliest first, at most [`crate::EXECUTE_AT_MOST`] orders at a time.
    ExecuteDue,
}

/// Why a command was refused: a fact, in the order in which the checks are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The exchange holds no order that this change accepted.
    UnknownOrder,
    /// An order of one of its names is held, and it is the same order: the request was sent twice. The change that
    /// accepted it.
    AlreadyPlaced(Number),
    /// An order of one of its names is held, and it is another one.
    NameTaken(Name),
    /// The exchange holds as many orders as it may, and all of them are open.
    BookFull,
}

impl Rejection {
    /// Whether the same command can succeed later without anybody changing it.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Rejection::BookFull => true,
            Rejection::UnknownOrder | Rejection::AlreadyPlaced(_) | Rejection::NameTaken(_) => false,
        }
    }
}
