//! An order and its state machine.

use std::sync::Arc;

use crate::event::{Accepted, Body, Event, OrderRef};
use crate::origin::{Label, Origin};
use crate::values::{Number, OrderId, Quantity, Symbol, Time};

/// An order as the exchange holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its identity.
    pub id: OrderId,
    /// What is ordered.
    pub symbol: Symbol,
    /// How much of it.
    pub quantity: Quantity,
    /// When it was accepted.
    pub accepted_at: Time,
    /// The change that accepted it; ascending in order of creation.
    pub accepted_number: Number,
    /// When it executes, or would have.
    pub due_at: Time,
    /// Where it stands.
    pub state: State,
    /// The newest change that it went through.
    pub number: Number,
    /// Under which names the client placed it, if there are any.
    pub origin: Option<Arc<Origin>>,
}

impl Order {
    /// The order that the event `number` at this time accepts.
    #[must_use]
    pub fn accepted(number: Number, at: Time, accepted: &Accepted) -> Order {
        let Accepted { id, symbol, quantity, due_at, ref origin } = *accepted;
        let (state, origin) = (State::Pending, origin.clone());
        Order { id, symbol, quantity, accepted_at: at, accepted_number: number, due_at, state, number, origin }
    }

    /// Goes through a change that closes the order; returns whether it could. Otherwise the order stays as it is.
    #[must_use]
    pub fn close(&mut self, event: &Event) -> bool {
        let Some(state) = self.state.after(&event.body, event.at) else { return false };
        self.state = state;
        self.number = event.number;
        true
    }

    /// The client's own id of the order.
    #[must_use]
    pub fn client_order_id(&self) -> Option<&Label> {
        self.origin.as_ref()?.client_order_id.as_ref()
    }

    /// Whether this is what a client orders who says so: the request for it, repeated.
    #[must_use]
    pub fn is_for(&self, symbol: Symbol, quantity: Quantity, origin: Option<&Origin>) -> bool {
        let client_order_id = origin.and_then(|origin| origin.client_order_id.as_ref());
        self.symbol == symbol && self.quantity == quantity && self.client_order_id() == client_order_id
    }

    /// Whether the order was open right after the change `number` happened.
    #[must_use]
    pub fn was_open_at(&self, number: Number) -> bool {
        self.accepted_number <= number && (self.state == State::Pending || self.number > number)
    }

    /// The order as it stood while it was open.
    #[must_use]
    pub fn while_open(&self) -> Order {
        Order { state: State::Pending, number: self.accepted_number, ..self.clone() }
    }
}

/// Refers to this order.
impl From<&Order> for OrderRef {
    fn from(order: &Order) -> OrderRef {
        let Order { accepted_number, id, symbol, quantity, .. } = *order;
        OrderRef { accepted_number, id, symbol, quantity }
    }
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waiting for its due time.
    Pending,
    /// Executed.
    Executed {
        /// When.
        at: Time,
    },
    /// Cancelled in time.
    Cancelled {
        /// When.
        at: Time,
    },
}

impl State {
    /// The state after this happened to the order at `at`; `None` where it cannot happen in this state.
    #[must_use]
    pub fn after(self, body: &Body, at: Time) -> Option<State> {
        #[rustfmt::skip]
        let next = match (self, body) {
            (State::Pending,          Body::Executed(_))  => Some(State::Executed { at }),
            (State::Pending,          Body::Cancelled(_)) => Some(State::Cancelled { at }),
            (State::Pending,          Body::Accepted(_))  => None,
            (State::Executed { .. },  Body::Executed(_))  => None,
            (State::Executed { .. },  Body::Cancelled(_)) => None,
            (State::Executed { .. },  Body::Accepted(_))  => None,
            (State::Cancelled { .. }, Body::Executed(_))  => None,
            (State::Cancelled { .. }, Body::Cancelled(_)) => None,
            (State::Cancelled { .. }, Body::Accepted(_))  => None,
        };
        next
    }
}
