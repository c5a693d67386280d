//! The house's new quote meets what rests: that trades, at its own price, as far as the house's sizes reach.
//!
//! What is taken from the house is back with the next step of its market. An order that came to rest meanwhile, at a
//! price where the house offered nothing any more, would then lock the book. The instruments where that stands to
//! happen are known, with the moment of it.

use super::Exchange;
use super::arrive::TRADES_AT_MOST;
use super::part::Traded;
use super::telling::Telling;
use crate::accounts::clearing::HOUSE;
use crate::accounts::ledger::InstrumentNumber;
use crate::event::{Body, Ended, Filled, Then};
use crate::market::book::Side;
use crate::market::moving::Awaited;
use crate::market::pit::Pit;
use crate::market::steps::end_of_step;
use crate::orders::terms::Ending;
use crate::values::{Number, Time};

impl Exchange {
    /// The instrument whose resting orders meet the house first, where one does by `now`.
    pub(super) fn first_to_meet(&self, now: Time) -> Option<InstrumentNumber> {
        self.meetings.first().filter(|(at, _)| *at <= now).map(|(_, number)| *number)
    }

    /// When resting orders meet the house next, anywhere.
    pub(super) fn next_meeting(&self) -> Option<Time> {
        self.meetings.first().map(|(at, _)| (*at).max(self.last_at))
    }

    /// What rests in an instrument trades with the house, or as much of it as is decided at a time.
    pub(super) fn meet_house(&self, telling: &mut Telling<'_>, number: InstrumentNumber) {
        let (instrument, pit) = (self.clearing.instrument(number), &self.pits[number as usize]);
        let mut house = self.house(number, telling.at);
        for side in [Side::Buy, Side::Sell] {
            for (_, resting) in pit.book.line(side) {
                if telling.told.len() == TRADES_AT_MOST {
                    return;
                }
                let lots = house.within(side.other(), resting.price).min(resting.left.into());
                let Some(mut maker) = self.resting(Number(resting.order)).filter(|_| lots > 0) else { break };
                if maker.expires_at.is_some_and(|at| at <= telling.at) {
                    telling.tell(Body::Ended(Ended { order: maker.order, ending: Ending::Expired }));
                    continue;
                }
                house.take_within(side.other(), resting.price, lots, |_, _| {});
                let then = if maker.left() == lots { Then::Closes } else { Then::Rests };
                let trade = Traded::next(telling, instrument, resting.price, lots).for_maker();
                maker.fill(telling, &trade, Some(HOUSE), then);
                if self.has_rival(Number(resting.order)) {
                    // What another one loses by that comes before whoever is next.
                    return;
                }
            }
        }
        if telling.told.is_empty() {
            // What was taken is back, and nothing meets it but what waits for a price.
            self.trigger(telling, number);
        }
    }

    /// The house is left with less by a trade: what comes takes from one price of it, what rests from its best ones.
    pub(super) fn take_from_house(&mut self, at: Time, filled: &Filled, number: InstrumentNumber) {
        let Filled { ticks, lots, side, is_maker, .. } = *filled;
        if self.clearing.by_hand(number).is_some() || !self.trades(number, at) {
            // What is left of that is settled with the trade; what does not trade is sold beside the quote.
            return;
        }
        if !is_maker {
            return self.pits[number as usize].take(at, side.other(), ticks, lots);
        }
        let mut house = self.house(number, at);
        let pit = &mut self.pits[number as usize];
        house.take_within(side.other(), ticks, lots, |ticks, lots| pit.take(at, side.other(), ticks, lots));
    }

    /// Something changed in an instrument at this time: looks up whether, and when, what rests there meets the house.
    pub(super) fn look_for_meeting(&mut self, number: InstrumentNumber, at: Time) {
        let meets_at = self.meets_at(number, at);
        let pit = &mut self.pits[number as usize];
        if pit.meets_at != meets_at {
            if let Some(before) = std::mem::replace(&mut pit.meets_at, meets_at) {
                self.meetings.remove(&(before, number));
            }
            self.meetings.extend(meets_at.map(|at| (at, number)));
        }
    }

    fn meets_at(&self, number: InstrumentNumber, at: Time) -> Option<Time> {
        let (pit, instrument) = (&self.pits[number as usize], self.clearing.instrument(number));
        if (self.quoting.moves() || !pit.rows.is_empty()) && self.clearing.by_hand(number).is_none() {
            return self.meets_moving_house(number, at);
        }
        let is_trading = instrument.trades(at);
        // With the next step, or once it trades: what was taken is back by then.
        let later = || instrument.trades_from(if is_trading { end_of_step(at) } else { at });
        if !self.is_quoted(number) {
            return if self.stirs_again(number, at) { later() } else { None };
        }
        let will = |side: &Side| meets(pit, *side, self.best_untaken(number, side.other(), at));
        let Some(side) = [Side::Buy, Side::Sell].into_iter().find(will) else {
            return if self.stirs_again(number, at) { later() } else { None };
        };
        if meets(pit, side, self.best_of_house(number, side.other(), at)) { Some(at) } else { later() }
    }

    /// The same where the house's prices move: with the first quote that has one that something waits for.
    fn meets_moving_house(&self, number: InstrumentNumber, at: Time) -> Option<Time> {
        let (pit, instrument) = (&self.pits[number as usize], self.clearing.instrument(number));
        let awaited = awaited(pit);
        if awaited.is_nothing() {
            return None;
        }
        let is_trading = instrument.trades(at);
        if is_trading {
            let does = |side: Side| meets(pit, side, self.best_of_house(number, side.other(), at));
            if does(Side::Buy) || does(Side::Sell) {
                return Some(at);
            }
        }
        let mut from = instrument.trades_from(if is_trading { self.quoting.changes_after(pit, at)? } else { at })?;
        loop {
            let reached = self.quoting.first_reached(instrument, pit, &awaited, from)?;
            from = instrument.trades_from(reached)?;
            if from == reached {
                return Some(reached);
            }
        }
    }
}

/// Whether the best that clients rest on a side trades with what is offered at this price.
fn meets(pit: &Pit, side: Side, offered: Option<u64>) -> bool {
    pit.book.best(side).zip(offered).is_some_and(|(limit, offered)| side.takes(limit, offered))
}

/// What of the house's best prices something waits for in an instrument.
fn awaited(pit: &Pit) -> Awaited {
    let (bid, ask) = (pit.book.best(Side::Buy), pit.book.best(Side::Sell));
    let awaited = pit.triggers.awaited(bid, ask);
    Awaited {
        ask_falls_to: bid.max(awaited.ask_falls_to),
        bid_rises_to: ask.into_iter().chain(awaited.bid_rises_to).min(),
        ..awaited
    }
}
