//! What events make of orders, one event after the other: slow, plain, and what every read is judged by.

use std::collections::BTreeMap;

use tradepit_engine::{Accepted, Body, Bought, Event, HouseTrade, Name, Number, Order, State};

/// The orders as these events leave them, by the event that accepted each.
///
/// Panics where an order closes twice, without having been accepted, or before its time.
pub fn orders<'a>(events: impl IntoIterator<Item = &'a Event>) -> BTreeMap<Number, Order> {
    let mut orders = BTreeMap::new();
    events.into_iter().for_each(|event| happen(&mut orders, event));
    orders
}

/// Brings `orders` up to one event more. Of what rich orders have it knows nothing: those are told by other twins.
pub fn happen(orders: &mut BTreeMap<Number, Order>, event: &Event) {
    let Event { number, seq, at, ref body } = *event;
    let (accepted_number, state, bought) = match *body {
        Body::Accepted(ref accepted) => {
            assert_eq!(orders.insert(number, order(event, accepted)), None, "{event:?}");
            return;
        }
        Body::Executed(order) => (order.accepted_number, State::Filled, None),
        Body::Bought(HouseTrade { order, ticks, tick, fee }) => {
            (order.accepted_number, State::Filled, Some(Bought { ticks, tick, fee }))
        }
        Body::Cancelled(order) => (order.accepted_number, State::Cancelled, None),
        Body::Listed(_)
        | Body::InstrumentChanged(_)
        | Body::Quoted(_)
        | Body::RowsChanged(_)
        | Body::AccountOpened(_)
        | Body::Transferred(_)
        | Body::RulesSet(_)
        | Body::Ruled(_)
        | Body::Refused(_) => return,
        Body::Arrived(_)
        | Body::Filled(_)
        | Body::Ended(_)
        | Body::Amended(_)
        | Body::Replaced(_)
        | Body::Rescheduled(_)
        | Body::Scripted(_)
        | Body::Triggered(_)
        | Body::Followed(_) => panic!("no native order: {event:?}"),
    };
    let order = orders.get_mut(&accepted_number).expect("what closes was accepted");
    assert_eq!(order.state, State::Accepted, "an order closes once: {event:?}");
    let is_early = order.due_at.is_none_or(|due_at| at < due_at);
    assert!(state == State::Cancelled || !is_early, "executed early: {event:?}");
    (order.state, order.number, order.seq, order.closed_at, order.bought) = (state, number, seq, Some(at), bought);
}

/// The order that this event accepts.
#[must_use]
pub fn order(event: &Event, accepted: &Accepted) -> Order {
    let Event { number, seq, at, .. } = *event;
    let Accepted { id, symbol, quantity, due_at, ref origin, ref rich } = *accepted;
    Order {
        id,
        symbol,
        quantity,
        accepted_at: at,
        accepted_number: number,
        accepted_seq: seq,
        due_at,
        state: State::Accepted,
        closed_at: None,
        number,
        seq,
        origin: origin.clone(),
        bought: None,
        rich: rich.clone(),
        reason_text: None,
        put_off: None,
    }
}

/// Whether the order was placed under this name.
#[must_use]
pub fn has(order: &Order, name: &Name) -> bool {
    order.origin.as_ref().is_some_and(|origin| origin.names().any(|own| own == *name))
}
