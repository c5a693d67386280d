//! What the tests of single files write down.

use tradepit_engine::{Accepted, Body, Event, OrderId, OrderRef, Quantity, Seq, Symbol, Time};

fn order(accepted_seq: u64) -> OrderRef {
    let symbol = Symbol::new("EURUSD").expect("a symbol");
    let quantity = Quantity::new(5).expect("in range");
    OrderRef { accepted_seq: Seq(accepted_seq), id: OrderId([1; 16]), symbol, quantity }
}

fn event(seq: u64, body: Body) -> Event {
    Event { seq: Seq(seq), at: Time(seq as i64), body }
}

/// Accepts an order, due at once.
pub(crate) fn accepted(seq: u64) -> Event {
    let OrderRef { id, symbol, quantity, .. } = order(seq);
    event(seq, Body::Accepted(Accepted { id, symbol, quantity, due_at: Time(seq as i64), origin: None }))
}

/// Executes the order that the change `accepted_seq` accepted.
pub(crate) fn executed(seq: u64, accepted_seq: u64) -> Event {
    event(seq, Body::Executed(order(accepted_seq)))
}

/// Cancels the order that the change `accepted_seq` accepted.
pub(crate) fn cancelled(seq: u64, accepted_seq: u64) -> Event {
    event(seq, Body::Cancelled(order(accepted_seq)))
}
