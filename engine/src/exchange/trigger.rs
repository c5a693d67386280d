//! Stops: they wait for a price, follow the market where they trail it, and are triggered.
//!
//! Looked at after each order was matched whole, and after each cancellation, amendment and quote: the nearest to its
//! side's best is triggered first, and trades before the next one is looked for.

use super::Exchange;
use super::arrive::TRADES_AT_MOST;
use super::telling::Telling;
use crate::accounts::ledger::InstrumentNumber;
use crate::event::{Body, Ended, Followed, Triggered};
use crate::market::book::Side;
use crate::orders::terms::Ending;
use crate::values::{Number, Time};

impl Exchange {
    /// Whether something follows from what happened at once: it does before anything else is asked.
    #[must_use]
    pub fn acts_now(&self) -> bool {
        self.acting.is_some()
            || self.arriving.is_some()
            || self.first_released(self.last_at).is_some()
            || self.first_let_in(self.last_at).is_some()
            || !self.restless.is_empty()
    }

    /// An instrument in which an order is triggered, or follows the market.
    pub(super) fn first_restless(&self) -> Option<InstrumentNumber> {
        self.restless.first().copied()
    }

    /// The next that trails in an instrument follows the market; where all have, the next order is triggered.
    pub(super) fn trigger(&self, telling: &mut Telling<'_>, number: InstrumentNumber) {
        let triggers = &self.pits[number as usize].triggers;
        let (bid, ask) = self.touch(number, telling.at);
        if let Some((order, mark)) = triggers.behind(bid, ask) {
            if let Some(row) = self.orders.get(Number(order)) {
                telling.tell(Body::Followed(Followed { order: self.refer(row), mark }));
            }
        } else if let Some(order) = triggers.next(bid, ask) {
            self.trigger_order(telling, Number(order));
        }
    }

    fn trigger_order(&self, telling: &mut Telling<'_>, accepted: Number) {
        let Some(row) = self.orders.get(accepted) else { return };
        let Some(held) = row.rich.get().map(|place| &self.rich[place]) else { return };
        let (order, terms, progress) = (self.refer(row), held.terms(), held.progress(row.changed_at));
        if terms.expires_at.is_some_and(|at| at <= telling.at) {
            telling.tell(Body::Ended(Ended { order, ending: Ending::Expired }));
            return;
        }
        if self.parts_of(row).is_some() {
            telling.tell(Body::Triggered(Triggered { order, rests: true }));
            return;
        }
        let (house, pit) = (self.house_for(row.instrument, &terms, telling.at), &self.pits[row.instrument as usize]);
        let arriving = self.incoming(held.account(), &terms, 0);
        let killed = self.killed(row, &terms, &arriving, &house, telling.at);
        if killed.is_none() && !self.clear_the_way(telling, pit, &house, &arriving, TRADES_AT_MOST) {
            // More of it is cancelled before it is triggered.
            return;
        }
        let rests = terms.rests() && !arriving.acts(&pit.book, &house);
        telling.tell(Body::Triggered(Triggered { order, rests }));
        if let Some(ending) = killed {
            telling.tell(Body::Ended(Ended { order, ending }));
        } else if !rests {
            self.trade_with(telling, (row, order), &house, held.account(), &terms, &progress);
        }
    }

    /// Something changed in an instrument at this time: looks up whether something is to be triggered, or to follow.
    pub(super) fn look_for_triggers(&mut self, number: InstrumentNumber, at: Time) {
        let triggers = &self.pits[number as usize].triggers;
        let is_restless = !triggers.is_empty() && self.trades(number, at) && {
            let (bid, ask) = self.touch(number, at);
            triggers.stir(bid, ask)
        };
        if is_restless {
            self.restless.insert(number);
        } else if !self.restless.is_empty() {
            self.restless.remove(&number);
        }
    }

    /// Whether something is to follow the market, or is triggered, once what was taken from the house by now is back.
    pub(super) fn stirs_again(&self, number: InstrumentNumber, at: Time) -> bool {
        let pit = &self.pits[number as usize];
        let best = |side: Side| side.better(pit.book.best(side), self.best_untaken(number, side, at));
        !pit.triggers.is_empty() && pit.triggers.stir(best(Side::Buy), best(Side::Sell))
    }
}
