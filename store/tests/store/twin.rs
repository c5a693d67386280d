//! The twin: every change and every order in a list, and every question a walk along it.

use std::collections::HashSet;

use tradepit_engine::{
    Body, ChangeFilter, Clearing, Direction, Event, Found, Instrument, Label, Name, Number, Order, OrderFilter, Seq,
    built_in,
};
use tradepit_store::Retain;

#[derive(Clone)]
pub(crate) struct Twin {
    /// The changes that are held.
    pub(crate) events: Vec<Event>,
    /// All changes that told of a trade, those that are gone included.
    pub(crate) traded: Vec<Event>,
    /// The orders that are held, in order of creation.
    pub(crate) orders: Vec<Order>,
    /// The clients' names of those that were.
    pub(crate) retired: Vec<Label>,
    /// All orders that were closed by this change are gone.
    pub(crate) horizon: Number,
    /// Orders so far, those that are gone included.
    pub(crate) accepted: u64,
    /// What is listed, and who has what.
    pub(crate) clearing: Clearing,
}

impl Default for Twin {
    fn default() -> Twin {
        let clearing = Clearing::of(&built_in().collect::<Vec<_>>());
        let (events, traded, orders, retired) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Twin { events, traded, orders, retired, horizon: Number(0), accepted: 0, clearing }
    }
}

impl Twin {
    pub(crate) fn of(events: &[Event]) -> Twin {
        let mut twin = Twin::default();
        twin.extend(events);
        twin
    }

    /// The twin as it was right after the change `number`.
    pub(crate) fn at(&self, number: Number) -> Twin {
        Twin::of(&self.events[..self.events.partition_point(|event| event.number <= number)])
    }

    pub(crate) fn extend(&mut self, events: &[Event]) {
        for event in events {
            self.traded.extend(event.print().map(|_| event.clone()));
            // What was accepted before there were instruments moves nothing.
            if event.accepted().is_none() {
                self.clearing.apply(event);
            }
            match (&event.body, event.order()) {
                (Body::Accepted(accepted), _) => {
                    self.orders.push(Order::accepted(event, accepted));
                    self.accepted += 1;
                }
                (_, Some(of)) => {
                    let place = self.place(of.accepted_number).expect("it was accepted");
                    assert!(self.orders[place].change(event), "{event:?}");
                }
                (_, None) => {}
            }
            // How far an order trails is shown with it, and no change.
            if event.body.changes() > 0 {
                self.events.push(event.clone());
            }
        }
    }

    /// These are listed, whoever said so.
    pub(crate) fn lists<'a>(&mut self, instruments: impl Iterator<Item = &'a Instrument>) {
        for instrument in instruments {
            let _ = self.clearing.list(instrument.listing());
        }
    }

    /// Forgets what `retain` does not ask to keep, oldest change first, and never the newest change.
    pub(crate) fn trim(&mut self, retain: Retain) {
        let newest = self.events.last().expect("there are changes").at;
        loop {
            let closed = self.orders.len() - self.open_orders();
            let event = self.events.iter().find(|event| event.number > self.horizon).expect("the newest stays").clone();
            let too_many = retain.orders.is_some_and(|orders| closed as u64 > orders);
            let too_old = retain.age_us.is_some_and(|age_us| newest.us_since(event.at) > age_us);
            if event.number == self.last_number() || (!too_many && !too_old) {
                return;
            }
            if event.closes() {
                let accepted = event.order().expect("it closes one").accepted_number;
                let gone = self.place(accepted).expect("it is held");
                self.retired.extend(self.orders.remove(gone).client_order_id().cloned());
                self.events.retain(|held| held.order().is_none_or(|order| order.accepted_number != accepted));
            }
            self.horizon = event.number;
        }
    }

    pub(crate) fn last_number(&self) -> Number {
        self.events.last().map_or(Number(0), |event| event.number)
    }

    pub(crate) fn last_seq(&self) -> Seq {
        self.events.last().map_or(Seq(0), |event| event.seq)
    }

    /// Where to read on after a change of status, as the changes alone tell.
    pub(crate) fn number_of(&self, seq: Seq) -> Option<Number> {
        let next = self.events.iter().find(|event| event.seq > seq && event.number > self.horizon);
        match next {
            None => (seq == self.last_seq()).then(|| self.last_number()),
            Some(next) => (next.seq == seq.next()).then(|| Number(next.number.0 - next.body.changes())),
        }
    }

    /// Changes that are kept: those after the horizon, and that each older order was accepted.
    pub(crate) fn kept_changes(&self) -> u64 {
        let older = self.orders.iter().filter(|order| order.accepted_number <= self.horizon).count() as u64;
        self.last_number().0 - self.horizon.0 + older
    }

    pub(crate) fn open_orders(&self) -> usize {
        self.orders.iter().filter(|order| !order.state.is_closed()).count()
    }

    pub(crate) fn order(&self, accepted: Number) -> Option<&Order> {
        self.place(accepted).map(|place| &self.orders[place])
    }

    fn place(&self, accepted: Number) -> Option<usize> {
        self.orders.binary_search_by_key(&accepted, |order| order.accepted_number).ok()
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
        self.orders.iter().filter(open).filter(|order| filter.matches_order(order)).map(Order::as_accepted).collect()
    }
}
