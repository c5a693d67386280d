//! What tests place and what a log tells of it.

use tradepit_engine::{
    Accepted, Body, Decimal, Event, HouseTrade, Label, Money, Number, OrderId, OrderRef, Quantity, Seq, Step, Symbol,
    Time,
};

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

/// The id of an order of this name, which has at most 16 letters: the bytes after it are zero.
#[must_use]
pub fn id_of(name: &str) -> OrderId {
    let mut bytes = [0; 16];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    OrderId(bytes)
}

/// The name of the order of this id.
#[must_use]
pub fn name_of(id: OrderId) -> String {
    String::from_utf8_lossy(&id.0).trim_end_matches('\0').to_owned()
}

/// The event `number` accepts an order, due at once.
#[must_use]
pub fn accepted(number: u64) -> Event {
    let OrderRef { id, symbol, quantity, .. } = order(number);
    let due_at = Some(Time(number as i64));
    event(number, Body::Accepted(Accepted { id, symbol, quantity, due_at, origin: None, rich: None }))
}

/// The event `number` executes the order that the event `accepted_number` accepted.
#[must_use]
pub fn executed(number: u64, accepted_number: u64) -> Event {
    event(number, Body::Executed(order(accepted_number)))
}

/// The event `number`, two changes in one, is what the order that the event `accepted_number` accepted bought.
#[must_use]
pub fn bought(number: u64, accepted_number: u64) -> Event {
    let tick = Step::new(Decimal::new(1, 5).expect("it is short")).expect("it is a step");
    let trade = HouseTrade { order: order(accepted_number), ticks: 108_501, tick, fee: Money::ZERO };
    event(number, Body::Bought(trade))
}

/// The event `number` cancels the order that the event `accepted_number` accepted.
#[must_use]
pub fn cancelled(number: u64, accepted_number: u64) -> Event {
    event(number, Body::Cancelled(order(accepted_number)))
}

fn order(accepted_number: u64) -> OrderRef {
    OrderRef {
        accepted_number: Number(accepted_number),
        id: OrderId([1; 16]),
        symbol: symbol("EURUSD"),
        quantity: quantity(5),
    }
}

fn event(number: u64, body: Body) -> Event {
    Event { number: Number(number), seq: Seq(number), at: Time(number as i64), body }
}
