//! One user's or connection's part in a mix: its open orders, and what it sends next.
//!
//! Owns the ids of its own orders, bounded, and the bytes of each request. Chance and what is open are arguments, so
//! the same answers lead to the same requests. Sends nothing itself; `trader` does, and `orders` knows what is open.

use super::chance::Chance;
use super::frame::OrderId;
use super::instrument::Instrument;
use super::kind::Kind;
use super::mix::{Mix, Side, Step};

/// So many orders of one desk are open at most; where another would be placed, one is cancelled.
const AT_MOST: usize = 64;

/// The orders of one user or connection.
pub(super) struct Desk {
    mix: Mix,
    chance: Chance,
    resting: Vec<Resting>,
}

/// An order that may be amended, replaced, cancelled. It may have ended: that is asked before.
#[derive(Clone, Copy)]
struct Resting {
    id: OrderId,
    side: Side,
}

/// A request to send.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) kind: Kind,
    /// The order that it is about; none where it places one.
    pub(super) about: Option<OrderId>,
    /// Of the order that it asks for.
    pub(super) side: Side,
    /// Of the order that it places, in place of another one or not.
    pub(super) quantity: u128,
    /// Whether what it places ends by itself.
    pub(super) passing: bool,
    pub(super) body: String,
}

impl Request {
    pub(super) fn path(&self) -> String {
        match (self.kind, self.about) {
            (Kind::Replace, Some(id)) => format!("/orders/{id}/replace"),
            (_, Some(id)) => format!("/orders/{id}"),
            (_, None) => "/orders".to_owned(),
        }
    }
}

impl Desk {
    /// A desk without orders, whose chance comes of its `number`.
    pub(super) fn new(mix: Mix, number: u64) -> Self {
        Self { mix, chance: Chance::seeded(number), resting: Vec::new() }
    }

    /// Draws what to send next.
    pub(super) fn next(&mut self, instrument: &Instrument, is_open: impl Fn(&OrderId) -> bool) -> Request {
        match self.mix.step(&mut self.chance) {
            step @ (Step::Place | Step::Take) => {
                if self.resting.len() >= AT_MOST {
                    self.resting.retain(|order| is_open(&order.id));
                }
                match self.resting.len() < AT_MOST || step == Step::Take {
                    true => self.place(step, instrument),
                    false => self.change(Step::Cancel, instrument, is_open),
                }
            }
            step => self.change(step, instrument, is_open),
        }
    }

    fn place(&mut self, step: Step, instrument: &Instrument) -> Request {
        let side = Side::draw(&mut self.chance);
        let quantity = instrument.draw_quantity(&mut self.chance);
        let price = self.price(step, side, instrument);
        let passing = step == Step::Take;
        let body = format!(
            r#"{{"symbol":"{}","qty":"{}","side":"{}","type":"limit","limit_price":"{price}","time_in_force":"{}"}}"#,
            instrument.symbol(),
            instrument.quantity(quantity),
            side.name(),
            if passing { "ioc" } else { "gtc" },
        );
        Request { kind: Kind::Post, about: None, side, quantity, passing, body }
    }

    /// Something about one of the orders that are open; places one where none is.
    fn change(&mut self, step: Step, instrument: &Instrument, is_open: impl Fn(&OrderId) -> bool) -> Request {
        let Some(order) = self.pick(is_open) else { return self.place(Step::Place, instrument) };
        let about = |kind, quantity, body| Request {
            kind,
            about: Some(order.id),
            side: order.side,
            quantity,
            passing: false,
            body,
        };
        match step {
            Step::Amend | Step::Place | Step::Take => {
                let price = self.price(step, order.side, instrument);
                about(Kind::Patch, 0, format!(r#"{{"limit_price":"{price}"}}"#))
            }
            Step::Replace => {
                let quantity = instrument.draw_quantity(&mut self.chance);
                let price = self.price(step, order.side, instrument);
                let written = instrument.quantity(quantity);
                about(Kind::Replace, quantity, format!(r#"{{"limit_price":"{price}","qty":"{written}"}}"#))
            }
            Step::Cancel => about(Kind::Delete, 0, String::new()),
        }
    }

    fn price(&mut self, step: Step, side: Side, instrument: &Instrument) -> String {
        instrument.price(self.mix.price(step, side, instrument, &mut self.chance))
    }

    /// One of the open orders, each as likely; forgets the others that it comes upon.
    fn pick(&mut self, is_open: impl Fn(&OrderId) -> bool) -> Option<Resting> {
        while !self.resting.is_empty() {
            let drawn = self.chance.below(self.resting.len() as u64) as usize;
            let order = self.resting[drawn];
            if is_open(&order.id) {
                return Some(order);
            }
            self.resting.swap_remove(drawn);
        }
        None
    }

    /// Takes an order that was placed by `request`, unless it ends by itself.
    pub(super) fn take(&mut self, id: OrderId, request: &Request) {
        if !request.passing {
            self.resting.push(Resting { id, side: request.side });
        }
    }

    /// Has nothing more to do with an order that was cancelled or replaced.
    pub(super) fn forget(&mut self, id: OrderId) {
        self.resting.retain(|order| order.id != id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn id(number: u64) -> OrderId {
        OrderId::new(format!("{number:036}").as_bytes()).unwrap()
    }

    /// Runs a desk whose orders never end by themselves; what it sent, and the most that were open.
    fn sent(mix: Mix, number: u64, requests: u64) -> (Vec<Request>, usize) {
        let (mut desk, instrument) = (Desk::new(mix, number), Instrument::example());
        let (mut open, mut most, mut sent) = (HashSet::new(), 0, Vec::new());
        for next in 0..requests {
            let request = desk.next(&instrument, |id| open.contains(id));
            if let Some(id) = request.about {
                assert!(open.contains(&id), "{request:?} is about an order that is not open");
                if request.kind != Kind::Patch {
                    open.remove(&id);
                    desk.forget(id);
                }
            }
            if matches!(request.kind, Kind::Post | Kind::Replace) && !request.passing {
                open.insert(id(next));
                desk.take(id(next), &request);
            }
            most = most.max(open.len());
            sent.push(request);
        }
        (sent, most)
    }

    #[test]
    fn a_number_decides_what_is_sent_and_the_first_request_places() {
        let (one, _) = sent(Mix::Limit, 1, 200);
        assert_eq!(one, sent(Mix::Limit, 1, 200).0);
        assert_ne!(one, sent(Mix::Limit, 2, 200).0);
        for (mix, number) in [(Mix::Limit, 3), (Mix::Book, 3), (Mix::Book, 4)] {
            assert_eq!(sent(mix, number, 1).0[0].kind, Kind::Post);
        }
    }

    #[test]
    fn no_more_than_64_orders_of_a_desk_are_open() {
        for mix in [Mix::Limit, Mix::Book] {
            let (sent, most) = sent(mix, 1, 20_000);
            assert_eq!(most, AT_MOST, "{mix:?}");
            let kinds = [Kind::Post, Kind::Patch, Kind::Delete];
            assert!(kinds.iter().all(|kind| sent.iter().any(|request| request.kind == *kind)), "{mix:?}");
        }
    }

    #[test]
    fn an_order_that_ended_is_not_asked_for_again() {
        let (mut desk, instrument) = (Desk::new(Mix::Limit, 1), Instrument::example());
        let first = desk.next(&instrument, |_| true);
        desk.take(id(1), &first);
        for _ in 0..100 {
            assert_eq!(desk.next(&instrument, |_| false).kind, Kind::Post);
        }
    }

    #[test]
    fn requests_are_spelt_as_the_contract_has_them() {
        let mut sent = sent(Mix::Limit, 1, 500).0.into_iter();
        let mut first = |kind| sent.find(|request| request.kind == kind).unwrap();
        let post = first(Kind::Post);
        assert_eq!(post.path(), "/orders");
        let body: serde_json::Value = serde_json::from_str(&post.body).unwrap();
        for (field, value) in [("symbol", "EURUSD"), ("type", "limit"), ("time_in_force", "gtc")] {
            assert_eq!(body[field], value);
        }
        assert_eq!(body["qty"], post.quantity.to_string());
        assert!(body["limit_price"].as_str().is_some_and(|price| price.len() == 7), "{body}");
        let patch = first(Kind::Patch);
        assert_eq!(patch.path(), format!("/orders/{}", patch.about.unwrap()));
        let replace = first(Kind::Replace);
        assert_eq!(replace.path(), format!("/orders/{}/replace", replace.about.unwrap()));
        let delete = first(Kind::Delete);
        assert_eq!((delete.path(), delete.body.as_str()), (format!("/orders/{}", delete.about.unwrap()), ""));
    }
}
