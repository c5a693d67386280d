//! Clients: each asks, and judges its reply by the log at the moment when it comes.

use std::collections::BTreeMap;
use std::rc::Rc;

use tradepit_actors::{List, Listed, Placed, Start, Submit};
use tradepit_engine::{Direction, Name, Number, Order, OrderId, Rejection, Status, Time};
use tradepit_kit::{happen, has, orders};

use super::World;

/// Where somebody stood who asked.
struct Asked {
    told: usize,
    at: Time,
}

impl World {
    fn asked(&self) -> Asked {
        Asked { told: self.told.get(), at: self.clock.now() }
    }

    /// A reply is true if it was true at some moment after all that anybody had been told of when it was asked for, and
    /// if that moment is durable.
    fn was_true(&self, asked: &Asked, is_true: impl Fn(&BTreeMap<Number, Order>) -> bool) -> bool {
        let log = &self.fake.log()[..self.fake.durable()];
        let mut orders = orders(&log[..asked.told]);
        let mut later = log[asked.told..].iter();
        loop {
            if is_true(&orders) {
                return true;
            }
            let Some(event) = later.next() else { return false };
            happen(&mut orders, event);
        }
    }

    pub(crate) async fn place(self: Rc<World>, submit: Submit) {
        let asked = self.asked();
        let placed = match self.venue.place(submit.clone()).await {
            Ok(placed) => placed,
            Err(refused) => return self.refused(refused),
        };
        let Submit { symbol, quantity, ref origin, .. } = submit;
        let names = || origin.iter().flat_map(|origin| origin.names());
        let is_same = |order: &Order| order.is_for(symbol, quantity, (None, None), origin.as_deref());
        match placed {
            Ok(Placed::New(order)) => {
                self.met("new");
                self.acknowledges(order.accepted_number);
                assert_eq!((order.symbol, order.quantity, &order.origin), (symbol, quantity, origin));
                assert_eq!(self.durable_orders()[&order.accepted_number].as_accepted(), order);
                assert!(order.accepted_at >= asked.at && self.new.borrow_mut().insert(order.accepted_number));
                self.ids.borrow_mut().push(order.id);
            }
            Ok(Placed::Again(order)) => {
                self.met("again");
                self.tells(order.number, self.fake.durable());
                assert_eq!(self.durable_orders()[&order.accepted_number].as_accepted(), order);
                assert!(is_same(&order) && names().any(|name| has(&order, &name)), "{order:?} for {submit:?}");
            }
            Err(Rejection::NameTaken(taken)) => {
                self.met("name taken");
                assert!(names().any(|name| name == taken), "{taken:?} for {submit:?}");
                let durable = self.durable_orders();
                let other = durable.values().find(|order| has(order, &taken));
                assert!(other.is_some_and(|order| !is_same(order)), "{taken:?} is no other order's");
            }
            Err(Rejection::BookFull) => {
                self.met("book full");
                let open = |orders: &BTreeMap<Number, Order>| {
                    orders.values().filter(|o| o.status() == Status::Pending).count()
                };
                assert!(self.was_true(&asked, |orders| open(orders) >= self.max_orders), "it had room");
            }
            Err(_) => panic!("{placed:?}"),
        }
    }

    pub(crate) async fn cancel(self: Rc<World>, id: OrderId) {
        let known = self.ids.borrow().contains(&id);
        match self.venue.cancel(id).await {
            Ok(found) => {
                assert_eq!(found, known, "{id:?}");
                let durable = self.durable_orders();
                let order = durable.values().find(|order| order.id == id);
                assert!(order.is_none_or(|order| order.status() != Status::Pending), "{order:?} was cancelled");
                if let Some(order) = order {
                    self.met("cancelled");
                    self.acknowledges(order.number.min(self.fake.number(self.fake.confirmed())));
                }
            }
            Err(refused) => self.refused(refused),
        }
    }

    pub(crate) async fn find(self: Rc<World>, id: OrderId) {
        let asked = self.asked();
        match self.venue.find(id).await {
            Ok(found) => self.judge_found(&asked, found, |order| order.id == id),
            Err(refused) => self.refused(refused),
        }
    }

    pub(crate) async fn find_named(self: Rc<World>, name: Name) {
        let asked = self.asked();
        match self.venue.find_named(name.clone()).await {
            Ok(found) => self.judge_found(&asked, found, |order| has(order, &name)),
            Err(refused) => self.refused(refused),
        }
    }

    fn judge_found(&self, asked: &Asked, found: Option<Order>, is_it: impl Fn(&Order) -> bool) {
        let is_true = |orders: &BTreeMap<Number, Order>| orders.values().find(|order| is_it(order)) == found.as_ref();
        assert!(self.was_true(asked, is_true), "{found:?} as of no moment since {}", asked.told);
        self.met(if found.is_some() { "found" } else { "not found" });
        found.iter().for_each(|order| self.tells_order(asked, order));
    }

    /// Nobody is told that an order is open which was due when it was asked for (invariant 8).
    fn tells_order(&self, asked: &Asked, order: &Order) {
        self.tells(order.number, self.fake.durable());
        assert!(
            order.status() != Status::Pending || order.due_at > Some(asked.at),
            "{order:?} is open at {:?}",
            asked.at
        );
    }

    pub(crate) async fn list(self: Rc<World>, scan: List) {
        let asked = self.asked();
        let listed = match self.venue.list(scan).await {
            Ok(listed) => listed,
            Err(refused) => return self.refused(refused),
        };
        let is_true = |orders: &BTreeMap<Number, Order>| {
            let after = match scan.start {
                Start::First => Some(scan.direction.start()),
                Start::At(number) => Some(number),
                Start::After(id) => orders.values().find(|order| order.id == id).map(|order| order.accepted_number),
            };
            let expected = after.map(|after| {
                let mut matching: Vec<Order> = orders.values().cloned().collect();
                matching
                    .retain(|order| scan.direction.follows(order.accepted_number, after) && scan.filter.matches(order));
                if scan.direction == Direction::NewestFirst {
                    matching.reverse();
                }
                let has_more = matching.len() > scan.limit;
                matching.truncate(scan.limit);
                Listed { orders: matching, has_more }
            });
            expected == listed
        };
        assert!(self.was_true(&asked, is_true), "{listed:?} for {scan:?} as of no moment since {}", asked.told);
        self.met("listed");
        listed.iter().flat_map(|listed| &listed.orders).for_each(|order| self.tells_order(&asked, order));
    }
}
