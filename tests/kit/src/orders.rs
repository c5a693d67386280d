//! What events make of orders, one event after the other: slow, plain, and what every read is judged by.

use std::collections::BTreeMap;

use tradepit_engine::{Accepted, Body, Event, Name, Order, Seq, State};

/// The orders as these events leave them, by the event that accepted each.
///
/// Panics where an order closes twice, without having been accepted, or before its time.
pub fn orders<'a>(events: impl IntoIterator<Item = &'a Event>) -> BTreeMap<Seq, Order> {
    let mut orders = BTreeMap::new();
    events.into_iter().for_each(|event| happen(&mut orders, event));
    orders
}

/// Brings `orders` up to one event more.
pub fn happen(orders: &mut BTreeMap<Seq, Order>, event: &Event) {
    let Event { seq, at, ref body } = *event;
    let (accepted_seq, state) = match *body {
        Body::Accepted(ref accepted) => {
            assert_eq!(orders.insert(seq, order(event, accepted)), None, "{event:?}");
            return;
        }
        Body::Executed(order) => (order.accepted_seq, State::Executed { at }),
        Body::Cancelled(order) => (order.accepted_seq, State::Cancelled { at }),
    };
    let order = orders.get_mut(&accepted_seq).expect("what closes was accepted");
    assert_eq!(order.state, State::Pending, "an order closes once: {event:?}");
    let is_early = matches!(state, State::Executed { at } if at < order.due_at);
    assert!(!is_early, "executed early: {event:?}");
    (order.state, order.seq) = (state, seq);
}

/// The order that this event accepts.
#[must_use]
pub fn order(event: &Event, accepted: &Accepted) -> Order {
    let Event { seq, at, .. } = *event;
    let Accepted { id, symbol, quantity, due_at, ref origin } = *accepted;
    let (state, origin) = (State::Pending, origin.clone());
    Order { id, symbol, quantity, accepted_at: at, accepted_seq: seq, due_at, state, seq, origin }
}

/// Whether the order was placed under this name.
#[must_use]
pub fn has(order: &Order, name: &Name) -> bool {
    order.origin.as_ref().is_some_and(|origin| origin.names().any(|own| own == *name))
}
