//! What an event changes: the order that it is about, the book, the accounts, the agenda.

use super::Exchange;
use super::outside::awaited;
use crate::accounts::ledger::{InstrumentNumber, Ledger};
use crate::agenda::Due;
use crate::event::{Accepted, Amended, Body, Event, Filled, Followed, HouseTrade, Then};
use crate::market::book::{Resting, Side};
use crate::market::pit::Pit;
use crate::orders::line::InLine;
use crate::orders::order::Order;
use crate::orders::row::Row;
use crate::orders::slab::{MaybePlace, Place};
use crate::orders::state::State;
use crate::orders::terms::Rich;
use crate::values::{Money, Time};

impl Exchange {
    /// There is an order, which stands so: one that a store had may be further than on its way.
    pub(super) fn open(&mut self, event: &Event, accepted: &Accepted, state: State) -> Place {
        while self.orders.len() >= self.max_orders && self.forget_oldest() {}
        let instrument = self.clearing.find_or_list(accepted.symbol);
        if self.pits.len() <= instrument as usize {
            self.pits.resize_with(instrument as usize + 1, Pit::default);
        }
        let rich = accepted.rich.as_deref().map_or(MaybePlace::NONE, |rich| self.rich.insert(rich).into());
        for name in accepted.names() {
            self.by_name.insert(name, event.number);
        }
        self.accepted += 1;
        let row = Row { state, ..Row::accepted(event, accepted, instrument, rich) };
        self.stake(instrument, self.lots_of(&row), 1);
        self.open += 1;
        let placed = self.orders.insert(row);
        self.queue(placed, event.at);
        let replaces = || accepted.rich.as_ref().is_some_and(|rich| rich.kin.replaces.is_some());
        if state == State::Accepted && replaces() && self.outside(&self.orders[placed]).is_none() {
            self.arriving = Some(event.number);
        }
        self.reserve(event.number);
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
        let instrument = row.instrument;
        if order.state == State::Accepted {
            return;
        }
        if rich.progress.line.is_some() {
            self.rest(placed);
            self.look_around(instrument, self.last_at);
        } else {
            self.acting = Some(number);
        }
    }

    /// Brings an order on by what befell it.
    pub(super) fn change(&mut self, event: &Event) {
        let accepted = event.about();
        accepted.into_iter().for_each(|accepted| self.release(accepted));
        if let Some(instrument) = self.befall(event) {
            self.look_around(instrument, event.at);
        }
        accepted.into_iter().for_each(|accepted| self.reserve(accepted));
    }

    /// Something changed in an instrument at this time: looks up what that brings about by itself.
    pub(super) fn look_around(&mut self, instrument: InstrumentNumber, at: Time) {
        self.look_for_meeting(instrument, at);
        self.look_for_triggers(instrument, at);
        self.look_for_opening(instrument, at);
    }

    /// What an order waits for has followed the market.
    pub(super) fn follow(&mut self, followed: &Followed, at: Time) {
        let Some(row) = self.orders.get(followed.order.accepted_number) else { return };
        let (instrument, Some(place)) = (row.instrument, row.rich.get()) else { return };
        self.release(followed.order.accepted_number);
        let held = &mut self.rich[place];
        held.follow(followed.mark);
        if let Some((_, line)) = held.waits() {
            self.pits[instrument as usize].triggers.follow(line.0, followed.mark);
        }
        self.reserve(followed.order.accepted_number);
        self.look_around(instrument, at);
    }

    /// Returns the instrument of the order, where anything befell it.
    fn befall(&mut self, event: &Event) -> Option<InstrumentNumber> {
        let (accepted, happens) = (event.about()?, event.happens()?);
        let placed = self.orders.find(accepted)?;
        let state = self.orders[placed].state.after(happens)?;
        let (due, waited) = (self.awaited(&self.orders[placed]), self.outside(&self.orders[placed]));
        let row = &mut self.orders[placed];
        (row.state, row.number) = (state, event.number);
        if state.is_closed() {
            row.seq = event.seq;
        }
        if let Body::Bought(trade) = &event.body {
            row.bought_ticks = trade.ticks;
        }
        if let Some(rich) = begins_to_be_rich(&event.body) {
            row.rich = self.rich.insert(rich).into();
        }
        let (instrument, place) = (row.instrument, row.rich.get());
        if let Body::Amended(amended) = &event.body {
            if let Some(arrival) = waited {
                self.pits[instrument as usize].outside.remove(&arrival);
            }
            self.amended(event, amended, placed, due);
            return Some(instrument);
        }
        if place.is_some() || state.is_closed() {
            row.changed_at = event.at;
        }
        if let Body::Triggered(_) = &event.body {
            self.stop_waiting(instrument, place);
            self.acting = Some(accepted);
        }
        if let Some(arrival) = waited {
            self.pits[instrument as usize].outside.remove(&arrival);
        }
        if let Some(place) = place {
            self.rich[place].change(happens, event);
            if let Body::Replaced(replaced) = &event.body {
                self.rich[place].replaced_by(replaced.by, event.at);
            }
        }
        self.clearing.settle(instrument, event);
        match &event.body {
            Body::Bought(trade) => self.bought(event, trade, instrument),
            Body::Filled(filled) => self.traded(event, filled, instrument, place),
            Body::Arrived(_) => self.arrived(placed, due),
            _ => {}
        }
        let rests = rests_by(&event.body);
        if rests {
            self.rest(placed);
        }
        if state.is_closed() {
            self.close(placed, due, place);
        }
        self.arriving = self.arriving.filter(|&arriving| arriving != accepted);
        if (rests || state.is_closed()) && self.acting == Some(accepted) {
            self.acting = None;
        }
        Some(instrument)
    }

    /// An order asks for something else from now on.
    fn amended(&mut self, event: &Event, amended: &Amended, placed: Place, due: Option<Due>) {
        let lots = self.lots_of(&self.orders[placed]);
        let row = &mut self.orders[placed];
        let (accepted, instrument, state) = (row.accepted_number, row.instrument, row.state);
        row.changed_at = event.at;
        let place = row.rich.get().unwrap_or_else(|| self.rich.insert(&amended.rich));
        self.rich.amend(place, amended, event);
        (row.quantity, row.rich) = (amended.order.quantity.into(), place.into());
        if lots != amended.rich.terms.lots {
            self.stake(instrument, lots, -1);
            self.stake(instrument, amended.rich.terms.lots, 1);
        }
        let held = &mut self.rich[place];
        let left = amended.rich.terms.lots.saturating_sub(amended.rich.progress.filled);
        let left = u64::try_from(left).unwrap_or(u64::MAX);
        let book = &mut self.pits[instrument as usize].book;
        match (amended.place, held.slot, amended.rich.terms.limit_ticks()) {
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
        if state != State::Accepted && held.waits().is_some() {
            self.rest(placed);
        }
        due.into_iter().for_each(|due| self.leave_agenda(due));
        self.queue(placed, event.at);
    }

    /// Whether an order is open and waits for this.
    pub(super) fn is_awaited(&self, row: &Row, due: Due) -> bool {
        row.is_open() && self.awaited(row) == Some(due)
    }

    /// An order stands in the agenda no more for what it waited for; where it expires it waits for that.
    fn arrived(&mut self, placed: Place, due: Option<Due>) {
        self.acting = Some(self.orders[placed].accepted_number);
        due.into_iter().for_each(|due| self.leave_agenda(due));
        let expires = self.awaited(&self.orders[placed]);
        expires.into_iter().for_each(|due| self.agenda.open(due));
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
        let (terms, progress) = (held.terms(), held.progress(row.changed_at));
        if let Some((waits, line)) = held.waits() {
            let triggers = &mut self.pits[row.instrument as usize].triggers;
            return triggers.add(line.0, row.accepted_number.0, terms.side, waits, progress.mark);
        }
        let left = u64::try_from(terms.lots.saturating_sub(progress.filled));
        if let (Some(price), Ok(left), None) = (terms.limit_ticks(), left, held.slot) {
            let (order, account, side) = (row.accepted_number.0, held.account(), terms.side);
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

    fn close(&mut self, placed: Place, due: Option<Due>, place: Option<Place>) {
        let row = &self.orders[placed];
        let (accepted, instrument, lots) = (row.accepted_number, row.instrument, self.lots_of(row));
        due.into_iter().for_each(|due| self.leave_agenda(due));
        self.stop_waiting(instrument, place);
        if let Some(slot) = place.and_then(|place| self.rich[place].slot.take()) {
            self.pits[instrument as usize].book.remove(slot);
        }
        self.stake(instrument, lots, -1);
        self.open -= 1;
        self.closed.push_back(accepted);
    }

    /// What so many lots could come to at most is at stake while their order is open.
    fn stake(&mut self, instrument: InstrumentNumber, lots: u128, sign: i128) {
        let worth = self.clearing.instrument(instrument).highest_worth(lots);
        self.at_stake.0 += sign * worth.map_or(0, |worth| worth.0);
    }

    fn lots_of(&self, row: &Row) -> u128 {
        let whole = || self.clearing.instrument(row.instrument).whole_lots(row.quantity.get());
        row.rich.get().map_or_else(whole, |place| self.rich[place].lots())
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
            self.pits[number as usize].taken.take(event.at, Side::Sell, trade.ticks, lots);
        }
    }
}

/// What is rich from now on of an order that was native until then.
fn begins_to_be_rich(body: &Body) -> Option<&Rich> {
    match body {
        Body::Arrived(arrived) => arrived.rich.as_deref(),
        Body::Replaced(replaced) => replaced.rich.as_ref(),
        _ => None,
    }
}

/// Whether an order stands in line from now on.
fn rests_by(body: &Body) -> bool {
    match body {
        Body::Arrived(arrived) => arrived.rests,
        Body::Filled(filled) => filled.then == Then::Rests && !filled.is_maker,
        Body::Triggered(triggered) => triggered.rests,
        _ => false,
    }
}
