//! What an event changes: the order that it is about, the book, the accounts, the agenda.

use super::Exchange;
use super::outside::awaited;
use super::planned::Planned;
use crate::accounts::ledger::{InstrumentNumber, Ledger};
use crate::agenda::Due;
use crate::event::{Accepted, Amended, Arrived, Body, Event, Filled, Followed, HouseTrade, OrderRef};
use crate::market::book::{Resting, Side};
use crate::market::pit::Pit;
use crate::orders::line::InLine;
use crate::orders::order::Order;
use crate::orders::row::Row;
use crate::orders::slab::{MaybePlace, Place};
use crate::orders::state::{Happens, State};
use crate::values::{Money, Number, Time};

/// What befalls an order, and how that stood before.
pub(super) struct Step {
    pub(super) placed: Place,
    instrument: InstrumentNumber,
    /// What is rich of it.
    pub(super) rich: Option<Place>,
    pub(super) accepted: Number,
    happens: Happens,
    /// Its state from now on.
    pub(super) state: State,
    /// What it waited for.
    pub(super) due: Option<Due>,
    /// Whether it waited outside.
    waited: bool,
}

impl Exchange {
    /// There is an order, which stands so: one that a store had may be further than on its way.
    pub(super) fn open(&mut self, event: &Event, accepted: &Accepted, state: State) -> Place {
        while self.orders.len() >= self.max_orders && self.forget_oldest() {}
        let instrument = self.clearing.find_or_list(accepted.symbol);
        if self.pits.len() <= instrument as usize {
            self.pits.resize_with(instrument as usize + 1, Pit::default);
        }
        let rich = accepted.rich.as_deref();
        let place = rich.map_or(MaybePlace::NONE, |rich| self.rich.insert(rich).into());
        if accepted.origin.is_some() {
            for name in accepted.names() {
                self.by_name.insert(name, event.number);
            }
        }
        self.accepted += 1;
        let row = Row { state, ..Row::accepted(event, accepted, instrument, place) };
        let whole = || self.clearing.whole_lots(instrument, accepted.quantity);
        let most = rich.map_or_else(whole, |rich| self.clearing.instrument(instrument).most_lots(&rich.terms));
        self.stake(instrument, most, 1);
        self.open += 1;
        let placed = self.orders.insert(row);
        self.queue(placed, event.at, false);
        let replaces = || rich.is_some_and(|rich| rich.kin.replaces.is_some());
        let comes = state == State::Accepted && accepted.due_at.is_some();
        if comes && replaces() && self.outside(&self.orders[placed]).is_none() {
            self.arriving = Some(event.number);
        }
        match rich.and_then(|rich| rich.kin.group.as_ref()) {
            Some(group) => self.open_in_group(group, placed),
            None => self.reserve(placed),
        }
        placed
    }

    /// Takes an open order as a store has it. Those that rest come in the order in which they stand in line.
    pub fn restore(&mut self, order: &Order) {
        let Order { id, symbol, quantity, due_at, ref origin, ref rich, .. } = *order;
        let accepted = Accepted { id, symbol, quantity, due_at, origin: origin.clone(), rich: rich.clone() };
        let (number, seq, at) = (order.accepted_number, order.accepted_seq, order.accepted_at);
        let body = Body::Accepted(accepted.clone());
        let placed = self.open(&Event { number, seq, at, body }, &accepted, order.state);
        let row = &mut self.orders[placed];
        row.number = order.number;
        let Some(rich) = rich else { return };
        row.changed_at = rich.progress.updated_at;
        if matches!(order.state, State::Accepted | State::Held) {
            return;
        }
        if rich.progress.line.is_some() {
            self.rest(placed);
        } else {
            self.acting = Some(number);
        }
    }

    /// Brings an order on by what befell it.
    #[inline]
    pub(super) fn change(&mut self, event: &Event, order: &OrderRef, what: impl FnOnce(&mut Exchange, &Step)) {
        let accepted = order.accepted_number;
        let (Some(placed), Some(happens)) = (self.orders.find(accepted), event.happens()) else { return };
        let row = &self.orders[placed];
        let Some(state) = row.state.after(happens) else { return };
        let (due, waited) = self.waits(row);
        let (instrument, rich) = (row.instrument, row.rich.get());
        let step = Step { placed, instrument, rich, accepted, happens, state, due, waited: waited.is_some() };
        self.release(placed);
        if let Some(arrival) = waited {
            self.pits[instrument as usize].outside.remove(&arrival);
        }
        what(self, &step);
        self.look_around(instrument, event.at);
        self.reserve(placed);
        if !self.plans.is_empty() {
            self.look_for_part(accepted);
        }
    }

    /// Something changed in an instrument at this time: looks up what that brings about by itself.
    #[inline(always)]
    pub(super) fn look_around(&mut self, instrument: InstrumentNumber, at: Time) {
        // Where clients are among themselves, and none of them waits for a price, there is nothing to be found.
        let is_still = self.pits[instrument as usize].is_still() && self.restless.is_empty();
        if !is_still || self.is_quoted(instrument) {
            self.look_for_what_follows(instrument, at);
        }
    }

    fn look_for_what_follows(&mut self, instrument: InstrumentNumber, at: Time) {
        self.look_for_meeting(instrument, at);
        self.look_for_triggers(instrument, at);
        self.look_for_opening(instrument, at);
    }

    /// What an order waits for has followed the market.
    pub(super) fn follow(&mut self, followed: &Followed, at: Time) {
        let Some(placed) = self.orders.find(followed.order.accepted_number) else { return };
        let row = &self.orders[placed];
        let (instrument, Some(place)) = (row.instrument, row.rich.get()) else { return };
        self.release(placed);
        let held = &mut self.rich[place];
        held.follow(followed.mark);
        if let Some((_, line)) = held.waits() {
            self.pits[instrument as usize].triggers.follow(line.0, followed.mark);
        }
        self.reserve(placed);
        self.look_around(instrument, at);
    }

    /// What happens seldom befalls an order.
    pub(super) fn befall(&mut self, event: &Event, step: &Step) {
        let &Step { placed, instrument, accepted, state, .. } = step;
        let row = &mut self.orders[placed];
        (row.state, row.number) = (state, event.number);
        if state.is_closed() {
            row.seq = event.seq;
        }
        if let Body::Bought(trade) = &event.body {
            row.bought_ticks = trade.ticks;
        }
        if let Body::Replaced(replaced) = &event.body
            && let Some(rich) = &replaced.rich
        {
            row.rich = self.rich.insert(rich).into();
        }
        let place = row.rich.get();
        if place.is_some() || state.is_closed() {
            row.changed_at = event.at;
        }
        if let Body::Triggered(_) = &event.body {
            self.stop_waiting(instrument, place);
            self.acting = Some(accepted);
        }
        if let Some(place) = place {
            self.rich[place].change(step.happens, event);
            if let Body::Replaced(replaced) = &event.body {
                self.rich[place].replaced_by(replaced.by, event.at);
            }
        }
        self.clearing.settle(instrument, event);
        if let Body::Bought(trade) = &event.body {
            self.bought(event, trade, instrument);
        }
        let rests = matches!(&event.body, Body::Triggered(triggered) if triggered.rests);
        if rests {
            self.rest(placed);
        }
        if state.is_closed() {
            self.close(step, place);
        }
        self.arriving = self.arriving.filter(|&arriving| arriving != accepted);
        if (rests || state.is_closed()) && self.acting == Some(accepted) {
            self.acting = None;
        }
        self.change_in_group(step);
    }

    /// An order has reached the exchange.
    pub(super) fn arrived(&mut self, event: &Event, arrived: &Arrived, step: &Step) {
        let &Step { placed, accepted, state, .. } = step;
        let row = &mut self.orders[placed];
        (row.state, row.number, row.changed_at) = (state, event.number, event.at);
        if let Some(rich) = arrived.rich.as_deref() {
            match row.rich.get() {
                None => row.rich = self.rich.insert(rich).into(),
                // It is for a sum.
                Some(place) => self.rich[place].come_to(rich.terms.lots),
            }
        }
        if let Some(place) = row.rich.get() {
            self.rich[place].arrive(step.happens, event, arrived.rests);
        }
        step.due.into_iter().for_each(|due| self.leave_agenda(due));
        let expires = self.awaited(&self.orders[placed]);
        expires.into_iter().for_each(|due| self.agenda.open(due));
        self.acting = Some(accepted);
        if self.arriving == Some(accepted) {
            self.arriving = None;
        }
        if arrived.rests {
            self.rest(placed);
            self.acting = None;
        }
        self.change_in_group(step);
    }

    /// An order has traded.
    pub(super) fn filled(&mut self, event: &Event, filled: &Filled, step: &Step) {
        let &Step { placed, instrument, accepted, state, rich, .. } = step;
        let row = &mut self.orders[placed];
        (row.state, row.number, row.changed_at) = (state, event.number, event.at);
        if state.is_closed() {
            row.seq = event.seq;
        }
        if let Some(place) = rich {
            self.rich[place].fill(step.happens, event, filled);
        }
        self.clearing.settle_part(instrument, filled, event.at);
        self.traded(event, filled, instrument, rich);
        if filled.comes_to_rest() {
            self.rest(placed);
        }
        if state.is_closed() {
            self.close(step, rich);
        }
        if (filled.comes_to_rest() || state.is_closed()) && self.acting == Some(accepted) {
            self.acting = None;
        }
        self.change_in_group(step);
    }

    /// An order asks for something else from now on.
    pub(super) fn amended(&mut self, event: &Event, amended: &Amended, step: &Step) {
        let Amended { order, ref rich, place: in_line } = *amended;
        let &Step { placed, instrument, accepted, state, due, waited, .. } = step;
        let terms = &rich.terms;
        let row = &mut self.orders[placed];
        let before = step.rich.map(|place| &self.rich[place]);
        let whole = || self.clearing.whole_lots(instrument, row.quantity.get());
        let lots = before.map_or_else(whole, |held| self.clearing.instrument(instrument).most_lots_of(held));
        (row.state, row.number, row.changed_at) = (state, event.number, event.at);
        row.quantity = order.quantity.into();
        let place = step.rich.unwrap_or_else(|| self.rich.insert(rich));
        row.rich = place.into();
        self.rich.amend(place, amended, event);
        let now = self.clearing.instrument(instrument).most_lots(terms);
        if lots != now {
            self.stake(instrument, lots, -1);
            self.stake(instrument, now, 1);
        }
        let held = &mut self.rich[place];
        let left = u64::try_from(terms.lots.saturating_sub(rich.progress.filled)).unwrap_or(u64::MAX);
        let book = &mut self.pits[instrument as usize].book;
        match (in_line, held.slot, terms.limit_ticks()) {
            (InLine::Keeps, Some(slot), _) => book.reduce(slot, left),
            (InLine::GoesToEnd, Some(slot), Some(price)) => book.move_to(slot, price, left),
            (InLine::Leaves, Some(slot), _) => {
                book.remove(slot);
                held.slot = None;
                self.acting = Some(accepted);
            }
            (InLine::Waits, Some(slot), _) => {
                book.remove(slot);
                held.slot = None;
            }
            _ => {}
        }
        if state != State::Accepted {
            if held.waits().is_some() {
                self.rest(placed);
            }
            // At the exchange it waits for its end alone.
            if !waited && due == self.expiry(&self.orders[placed]) {
                return;
            }
        }
        due.into_iter().for_each(|due| self.leave_agenda(due));
        self.queue(placed, event.at, waited);
    }

    /// Whether an order is open and waits for this.
    pub(super) fn is_awaited(&self, row: &Row, due: Due) -> bool {
        row.is_open() && self.awaited(row) == Some(due)
    }

    pub(super) fn leave_agenda(&mut self, due: Due) {
        let (orders, rich, pits) = (&self.orders, &self.rich, &self.pits);
        let awaits = |row: &Row, due| row.is_open() && awaited(rich, pits, row) == Some(due);
        self.agenda.close(due, |due| orders.get(due.accepted()).is_some_and(|row| awaits(row, due)));
    }

    /// Puts what is left of an order at the end of the line of its price, or lets it wait for what it waits for.
    fn rest(&mut self, placed: Place) {
        let row = &self.orders[placed];
        let Some(place) = row.rich.get() else { return };
        let held = &mut self.rich[place];
        if let Some((waits, line)) = held.waits() {
            let (side, mark) = (held.terms().side, held.progress(row.changed_at).mark);
            let triggers = &mut self.pits[row.instrument as usize].triggers;
            return triggers.add(line.0, row.accepted_number.0, side, waits, mark);
        }
        let stands_aside = self.plans.get(&row.accepted_number).is_some_and(Planned::trades_in_parts);
        if let (Some((side, price, left)), None, false) = (held.to_rest(), held.slot, stands_aside) {
            let (order, account) = (row.accepted_number.0, held.account());
            let resting = Resting { order, price, left, account, side };
            held.slot = Some(self.pits[row.instrument as usize].book.rest(resting));
        }
    }

    /// An order waits no longer for a price.
    fn stop_waiting(&mut self, instrument: InstrumentNumber, place: Option<Place>) {
        if let Some((_, line)) = place.and_then(|place| self.rich[place].waits()) {
            self.pits[instrument as usize].triggers.remove(line.0);
        }
    }

    fn close(&mut self, step: &Step, place: Option<Place>) {
        let &Step { placed, instrument, accepted, due, .. } = step;
        let lots = match place.map(|place| &mut self.rich[place]) {
            None => self.clearing.whole_lots(instrument, self.orders[placed].quantity.get()),
            Some(held) => {
                if let Some(slot) = held.slot.take() {
                    self.pits[instrument as usize].book.remove(slot);
                }
                if let Some((_, line)) = held.waits() {
                    self.pits[instrument as usize].triggers.remove(line.0);
                }
                self.clearing.instrument(instrument).most_lots_of(held)
            }
        };
        if let Some(due) = due {
            self.leave_agenda(due);
        }
        self.close_one(instrument, accepted, lots);
    }

    /// An order is open no more that asked for so many lots.
    #[inline]
    pub(super) fn close_one(&mut self, instrument: InstrumentNumber, accepted: Number, lots: u128) {
        self.stake(instrument, lots, -1);
        self.open -= 1;
        if !self.plans.is_empty() {
            self.forget_plan(accepted);
        }
        self.closed.push_back(accepted);
    }

    /// What so many lots could come to at most is at stake while their order is open.
    #[inline]
    pub(super) fn stake(&mut self, instrument: InstrumentNumber, lots: u128, sign: i128) {
        let worth = self.clearing.instrument(instrument).highest_worth(lots);
        self.at_stake.0 += sign * worth.map_or(0, |worth| worth.0);
    }

    /// What a trade changes beside the accounts.
    fn traded(&mut self, event: &Event, filled: &Filled, number: InstrumentNumber, place: Option<Place>) {
        let pit = &mut self.pits[number as usize];
        let Filled { lots, settles_with, is_maker, .. } = *filled;
        if is_maker
            && let Some(place) = place
            && let Some(slot) = self.rich[place].slot
            && pit.book.fill(slot, u64::try_from(lots).unwrap_or(u64::MAX)) == 0
        {
            self.rich[place].slot = None;
        }
        if settles_with.is_some_and(|other| other.account == Ledger::HOUSE) {
            self.take_from_house(event.at, filled, number);
        }
    }

    fn bought(&mut self, event: &Event, trade: &HouseTrade, number: InstrumentNumber) {
        if trade.fee != Money::ZERO {
            self.fees.insert(trade.order.accepted_number, trade.fee);
        }
        let lots = self.clearing.instrument(number).whole_lots(trade.order.quantity);
        // What does not trade is sold by the house beside its quote.
        if self.clearing.by_hand(number).is_none() && self.trades(number, event.at) {
            self.pits[number as usize].take(event.at, Side::Sell, trade.ticks, lots);
        }
    }
}
