//! What events make of orders, one event after the other: slow, plain, and what every read is judged by.

use std::collections::BTreeMap;

use tradepit_engine::{Accepted, Body, Event, Name, Number, Order, State};

/// The orders as these events leave them, by the event that accepted each.
///
/// Panics where an order closes twice, without having been accepted, or before its time.
pub fn orders<'a>(events: impl IntoIterator<Item = &'a Event>) -> BTreeMap<Number, Order> {
    let mut orders = BTreeMap::new();
    events.into_iter().for_each(|event| happen(&mut orders, event));
    orders
}

/// Brings `orders` up to one event more.
pub fn happen(orders: &mut BTreeMap<Number, Order>, event: &Event) {
    let Event { number, at, ref body } = *event;
    let (accepted_number, state) = match *body {
        Body::Accepted(ref accepted) => {
            assert_eq!(orders.insert(number, order(event, accepted)), None, "{event:?}");
            return;
        }
        Body::Executed(order) => (order.accepted_number, State::Executed { at }),
        Body::Cancelled(order) => (order.accepted_number, State::Cancelled { at }),
    };
    let order = orders.get_mut(&accepted_number).expect("what closes was accepted");
    assert_eq!(order.state, State::Pending, "an order closes once: {event:?}");
    let is_early = matches!(state, State::Executed { at } if at < order.due_at);
    assert!(!is_early, "executed early: {event:?}");
    (order.state, order.number) = (state, number);
}

/// The order that this event accepts.
#[must_use]
pub fn order(event: &Event, accepted: &Accepted) -> Order {
    let Event { number, at, .. } = *event;
    let Accepted { id, symbol, quantity, due_at, ref origin } = *accepted;
    let (state, origin) = (State::Pending, origin.clone());
    Order { id, symbol, quantity, accepted_at: at, accepted_number: number, due_at, state, number, origin }
}

/// Whether the order was placed under this name.
#[must_use]
pub fn has(order: &Order, name: &Name) -> bool {
    order.origin.as_ref().is_some_and(|origin| origin.names().any(|own| own == *name))
}
