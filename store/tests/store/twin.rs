//! The twin: every change and every order in a list, and every question a walk along it.

use std::collections::HashSet;

use tradepit_engine::{
    Body, ChangeFilter, Direction, Event, Found, Label, Name, Number, Order, OrderFilter, OrderId, OrderRef, State,
};
use tradepit_kit::order;
use tradepit_store::Retain;

#[derive(Clone, Default)]
pub(crate) struct Twin {
    /// The changes that are held.
    pub(crate) events: Vec<Event>,
    /// The orders that are held, in order of creation.
    pub(crate) orders: Vec<Order>,
    /// The clients' names of those that were.
    pub(crate) retired: Vec<Label>,
    /// All orders that were closed by this change are gone.
    pub(crate) horizon: Number,
    /// Orders so far, those that are gone included.
    pub(crate) accepted: u64,
}

impl Twin {
    pub(crate) fn of(events: &[Event]) -> Twin {
        let mut twin = Twin::default();
        twin.extend(events);
        twin
    }

    /// The twin as it was right after the change `number`.
    pub(crate) fn at(&self, number: Number) -> Twin {
        Twin::of(&self.events[..number.0 as usize])
    }

    pub(crate) fn extend(&mut self, events: &[Event]) {
        for event in events {
            let Event { number, at, ref body } = *event;
            match *body {
                Body::Accepted(ref accepted) => {
                    self.orders.push(order(event, accepted));
                    self.accepted += 1;
                }
                Body::Executed(order) => self.close(order.id, number, State::Executed { at }),
                Body::Cancelled(order) => self.close(order.id, number, State::Cancelled { at }),
            }
            self.events.push(event.clone());
        }
    }

    fn close(&mut self, id: OrderId, number: Number, state: State) {
        let order = self.orders.iter_mut().rfind(|order| order.id == id).expect("it was accepted");
        (order.state, order.number) = (state, number);
    }

    /// Forgets what `retain` does not ask to keep, oldest change first, and never the newest change.
    pub(crate) fn trim(&mut self, retain: Retain) {
        let newest = self.events.last().expect("there are changes").at;
        while self.horizon.next() < self.last_number() {
            let (next, closed) = (self.horizon.next(), self.orders.len() - self.open_orders());
            let event = self.events.iter().find(|event| event.number == next).expect("it is held").clone();
            let too_many = retain.orders.is_some_and(|orders| closed as u64 > orders);
            let too_old = retain.age_us.is_some_and(|age_us| newest.us_since(event.at) > age_us);
            if !too_many && !too_old {
                return;
            }
            match event.body {
                Body::Accepted(_) => {}
                Body::Executed(OrderRef { id, .. }) | Body::Cancelled(OrderRef { id, .. }) => {
                    let gone = self.orders.iter().position(|order| order.id == id).expect("it is held");
                    self.retired.extend(self.orders.remove(gone).client_order_id().cloned());
                    self.events.retain(|held| held.order().is_none_or(|order| order.id != id));
                }
            }
            self.horizon = next;
        }
    }

    pub(crate) fn last_number(&self) -> Number {
        self.events.last().map_or(Number(0), |event| event.number)
    }

    pub(crate) fn open_orders(&self) -> usize {
        self.orders.iter().filter(|order| order.state == State::Pending).count()
    }

    pub(crate) fn order(&self, accepted: Number) -> Option<&Order> {
        self.orders.iter().find(|order| order.accepted_number == accepted)
    }

    /// What every name stands for that was ever used.
    pub(crate) fn names(&self) -> Vec<(Name, Found)> {
        let of = |order: &Order| {
            let names: Vec<Name> = order.origin.iter().flat_map(|origin| origin.names()).collect();
            names.into_iter().map(|name| (name, Found::Order(order.clone()))).collect::<Vec<_>>()
        };
        let retired = self.retired.iter().map(|key| (Name::ClientOrderId(key.clone()), Found::Retired));
        self.orders.iter().flat_map(of).chain(retired).collect()
    }

    pub(crate) fn list(&self, after: Number, filter: &OrderFilter, direction: Direction) -> Vec<Order> {
        let further = self.orders.iter().filter(|order| direction.follows(order.accepted_number, after));
        let mut orders: Vec<Order> = further.filter(|order| filter.matches(order)).cloned().collect();
        if direction == Direction::NewestFirst {
            orders.reverse();
        }
        orders
    }

    pub(crate) fn changes(&self, after: Number, filter: &ChangeFilter) -> Vec<Event> {
        let younger = self.events.iter().filter(|event| event.number > after);
        younger.filter(|event| filter.matches(event)).cloned().collect()
    }

    /// The orders that were open right after the change `as_of`, as the changes alone tell.
    pub(crate) fn open_at(&self, as_of: Number, filter: &ChangeFilter) -> Vec<Order> {
        let until = self.events.iter().filter(|event| event.number <= as_of);
        let closings = until.filter(|event| event.closes()).filter_map(Event::order);
        let closed: HashSet<Number> = closings.map(|order| order.accepted_number).collect();
        let open = |order: &&Order| order.accepted_number <= as_of && !closed.contains(&order.accepted_number);
        let as_it_stood =
            |order: &Order| Order { state: State::Pending, number: order.accepted_number, ..order.clone() };
        self.orders.iter().filter(open).filter(|order| filter.matches_order(order)).map(as_it_stood).collect()
    }
}
