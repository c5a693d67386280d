//! What the OrderBook counts of what happens, for whoever looks at its figures.

use tradepit_engine::{Body, Event, Status};

use super::OrderBook;

impl OrderBook {
    pub(super) fn count(&self, event: &Event) {
        match event.status() {
            Some(Status::Pending) => self.stats.accepted.add(1),
            Some(Status::Executed) => self.stats.executed.add(1),
            Some(Status::Cancelled) => self.stats.cancelled.add(1),
            None => {}
        }
        // What waited for its instrument to trade is not late; when a leg was to arrive that waited for its parent,
        // nobody knew.
        let arrives = match &event.body {
            Body::Arrived(arrived) => !arrived.waited && !self.exchange.was_held(arrived.order.accepted_number),
            body => matches!(body, Body::Bought(_) | Body::Executed(_)),
        };
        if let Some(order) = event.order().filter(|_| arrives) {
            let due_at = self.exchange.due_at(order.accepted_number).unwrap_or(self.now);
            // Where prices move it is told to have come at its time, however late that is.
            self.stats.lateness.observe_us(self.now.us_since(due_at));
        }
    }
}
