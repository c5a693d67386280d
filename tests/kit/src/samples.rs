//! What tests place and what a log tells of it.

use tradepit_engine::{Accepted, Body, Event, Label, OrderId, OrderRef, Quantity, Seq, Symbol, Time};

/// A symbol of this text.
#[must_use]
pub fn symbol(text: &str) -> Symbol {
    Symbol::new(text).expect("a symbol")
}

/// So much.
#[must_use]
pub fn quantity(number: u64) -> Quantity {
    Quantity::new(number).expect("a quantity")
}

/// A client's name of this text.
#[must_use]
pub fn label(text: &str) -> Label {
    Label::new(text).expect("a label")
}

/// The event `seq` accepts an order, due at once.
#[must_use]
pub fn accepted(seq: u64) -> Event {
    let OrderRef { id, symbol, quantity, .. } = order(seq);
    event(seq, Body::Accepted(Accepted { id, symbol, quantity, due_at: Time(seq as i64), origin: None }))
}

/// The event `seq` executes the order that the event `accepted_seq` accepted.
#[must_use]
pub fn executed(seq: u64, accepted_seq: u64) -> Event {
    event(seq, Body::Executed(order(accepted_seq)))
}

/// The event `seq` cancels the order that the event `accepted_seq` accepted.
#[must_use]
pub fn cancelled(seq: u64, accepted_seq: u64) -> Event {
    event(seq, Body::Cancelled(order(accepted_seq)))
}

fn order(accepted_seq: u64) -> OrderRef {
    OrderRef { accepted_seq: Seq(accepted_seq), id: OrderId([1; 16]), symbol: symbol("EURUSD"), quantity: quantity(5) }
}

fn event(seq: u64, body: Body) -> Event {
    Event { seq: Seq(seq), at: Time(seq as i64), body }
}
