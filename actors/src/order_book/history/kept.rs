//! What the recent changes say to whoever hears channels: each with its order.

use std::sync::Arc;

use tradepit_engine::{Event, KeptChanges, Number, Order};

use super::{History, PIECE};

impl History {
    /// The next piece of what a reader asks for; `None` where the order of one of them can no longer be told. `find`
    /// knows orders as they stand now.
    pub(crate) fn kept(&self, after: Number, find: impl Fn(Number) -> Option<Order>) -> Option<KeptChanges> {
        if !self.holds_after(after) {
            return None;
        }
        let (mut changes, mut upto) = (Vec::new(), after);
        let block = self.blocks.partition_point(|block| block.before.number < after).saturating_sub(1);
        let wanted = self.places_from(block).filter(|(_, _, own)| own.number > after);
        for ((block, place), before, _) in wanted.take(PIECE) {
            let block = &self.blocks[block];
            let event = block.event(place, before);
            upto = event.number;
            let order = match event.order() {
                None => None,
                Some(of) => Some(match (event.accepted(), block.order(place)) {
                    (Some(accepted), _) => Arc::new(Order::accepted(&event, accepted)),
                    (None, Some(order)) => Arc::clone(order),
                    (None, None) => Arc::new(self.closed(&event, of.accepted_number, &find)?),
                }),
            };
            changes.push((event, order));
        }
        Some(KeptChanges::Held { changes, upto, newest: self.newest.number })
    }

    /// A native order, which this change closed: nothing befell it before.
    fn closed(&self, event: &Event, accepted: Number, find: impl Fn(Number) -> Option<Order>) -> Option<Order> {
        if let Some(order) = find(accepted).filter(|order| order.number == event.number) {
            return Some(order);
        }
        let acceptance = self.change_at(accepted)?;
        let mut order = Order::accepted(&acceptance, acceptance.accepted()?);
        order.change(event).then_some(order)
    }

    /// The change of this number, if it is held.
    fn change_at(&self, number: Number) -> Option<Event> {
        let block = self.blocks.partition_point(|block| block.before.number < number).checked_sub(1)?;
        let mut places = self.places_from(block);
        let ((block, place), before, _) =
            places.find(|(_, _, own)| own.number >= number).filter(|(_, _, own)| own.number == number)?;
        Some(self.blocks[block].event(place, before))
    }
}
