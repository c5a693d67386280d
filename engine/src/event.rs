//! What happened, in the past tense: the numbered truth that everything else is drawn from.

use std::sync::Arc;

use crate::origin::Origin;
use crate::values::{Number, OrderId, Quantity, Symbol, Time};

/// Something that happened, once and for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number: the first is 1, each next one greater by exactly 1.
    pub number: Number,
    /// When it happened.
    pub at: Time,
    /// What happened.
    pub body: Body,
}

/// What can happen, each kind with what it tells. Whoever reads events names every kind: one that is added is then
/// missed nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// An order was taken into the exchange.
    Accepted(Accepted),
    /// An order's delay was over.
    Executed(OrderRef),
    /// An order was cancelled in time.
    Cancelled(OrderRef),
}

/// A new order. It is known by the number of this event from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The order's identity.
    pub id: OrderId,
    /// What is ordered.
    pub symbol: Symbol,
    /// How much of it.
    pub quantity: Quantity,
    /// When it will execute.
    pub due_at: Time,
    /// Under which names the client placed it, if there are any.
    pub origin: Option<Arc<Origin>>,
}

/// The order that an event is about, with so much of it that the event can be announced, filtered and replayed without
/// the order at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderRef {
    /// The number of the event that accepted it.
    pub accepted_number: Number,
    /// Its identity.
    pub id: OrderId,
    /// Its symbol.
    pub symbol: Symbol,
    /// Its quantity.
    pub quantity: Quantity,
}

impl Accepted {
    /// Refers to the order, which the event of this number accepts.
    #[must_use]
    pub fn order(&self, number: Number) -> OrderRef {
        let Accepted { id, symbol, quantity, .. } = *self;
        OrderRef { accepted_number: number, id, symbol, quantity }
    }
}

impl Event {
    /// The one order that it is about.
    #[must_use]
    pub fn order(&self) -> Option<OrderRef> {
        match &self.body {
            Body::Accepted(accepted) => Some(accepted.order(self.number)),
            Body::Executed(order) | Body::Cancelled(order) => Some(*order),
        }
    }

    /// The order that it accepts, if it does.
    #[must_use]
    pub fn accepted(&self) -> Option<&Accepted> {
        match &self.body {
            Body::Accepted(accepted) => Some(accepted),
            Body::Executed(_) | Body::Cancelled(_) => None,
        }
    }

    /// Under which names the order that it accepts was placed, if there are any.
    #[must_use]
    pub fn origin(&self) -> Option<&Arc<Origin>> {
        self.accepted()?.origin.as_ref()
    }

    /// Whether it closes its order: nothing happens to that one any more.
    #[must_use]
    pub fn closes(&self) -> bool {
        match self.body {
            Body::Executed(_) | Body::Cancelled(_) => true,
            Body::Accepted(_) => false,
        }
    }
}
