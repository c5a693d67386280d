//! What an event changes: the order that it is about, the book, the accounts, the agenda.

use super::Exchange;
use crate::accounts::ledger::{InstrumentNumber, Ledger};
use crate::event::{Accepted, Amended, Arrived, Body, Event, Filled, Followed, HouseTrade, InLine};
use crate::market::book::{Resting, Side};
use crate::market::pit::Pit;
use crate::orders::held::{Held, RichOrders};
use crate::orders::order::Order;
use crate::orders::row::Row;
use crate::orders::slab::{MaybePlace, Place};
use crate::orders::state::{Happens, State};
use crate::values::{Money, Number, Time};

impl Exchange {
    pub(super) fn open(&mut self, event: &Event, accepted: &Accepted) -> Place {
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
        let row = Row::accepted(event, accepted, instrument, place);
        let whole = || self.clearing.whole_lots(instrument, accepted.quantity);
        let most = rich.map_or_else(whole, |rich| self.clearing.instrument(instrument).most_lots(&rich.terms));
        self.stake(instrument, most, 1);
        let expires_at = rich.and_then(|rich| rich.terms.expires_at);
        if let Some(due_at) = awaited_till((row.state, row.due_at), expires_at) {
            self.agenda.open((due_at, event.number));
        }
        self.open += 1;
        if rich.is_some_and(|rich| rich.kin.replaces.is_some()) && row.state == State::Accepted {
            self.arriving = Some(event.number);
        }
        let placed = self.orders.insert(row);
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
        let placed = self.open(&Event { number, seq, at, body }, &accepted);
        let is_grouped = rich.as_ref().is_some_and(|rich| rich.kin.group.is_some());
        if is_grouped {
            self.release(placed);
        }
        let row = &mut self.orders[placed];
        let (instrument, awaited, place) = (row.instrument, (row.state, row.due_at), row.rich.get());
        (row.state, row.number) = (order.state, order.number);
        self.arriving = self.arriving.filter(|_| order.state == State::Accepted);
        let due_at = self.awaited_in(awaited, place);
        if let Some(rich) = rich {
            self.orders[placed].changed_at = rich.progress.updated_at;
            if rich.progress.arrived_at.is_some() {
                self.turn_to(number, due_at, place.and_then(|place| self.rich[place].expires_at()));
                if rich.progress.line.is_some() {
                    self.acting = None;
                    self.rest(placed);
                    self.look_around(instrument, self.last_at);
                }
            }
        }
        if let Some(place) = place.filter(|_| is_grouped) {
            self.change_in_group(place, number, false);
            self.reserve(placed);
        }
    }

    /// Brings an order on by what befell it.
    pub(super) fn change(&mut self, event: &Event, accepted: Number, happens: Happens) {
        let Some(placed) = self.orders.find(accepted) else { return };
        let Some(state) = self.orders[placed].state.after(happens) else { return };
        self.release(placed);
        let instrument = match &event.body {
            Body::Amended(amended) => self.amended(event, amended, placed),
            Body::Arrived(arrived) => self.arrived(event, arrived, placed, state),
            Body::Filled(filled) => self.filled(event, filled, placed, (happens, state)),
            _ => self.befall(event, placed, happens, state),
        };
        if let Some(place) = self.orders[placed].rich.get()
            && !matches!(event.body, Body::Amended(_))
        {
            self.change_in_group(place, accepted, state.is_closed());
        }
        self.look_around(instrument, event.at);
        self.reserve(placed);
    }

    /// Something changed in an instrument at this time: looks up what that brings about by itself.
    #[inline]
    pub(super) fn look_around(&mut self, instrument: InstrumentNumber, at: Time) {
        let pit = &self.pits[instrument as usize];
        let waits = pit.meets_at.is_some() || !pit.triggers.is_empty() || !self.restless.is_empty();
        // Where clients are among themselves, and none of them waits for a price, there is nothing to be found.
        if waits || self.is_quoted(instrument) {
            self.look_for_what_follows(instrument, at);
        }
    }

    fn look_for_what_follows(&mut self, instrument: InstrumentNumber, at: Time) {
        self.look_for_meeting(instrument, at);
        self.look_for_triggers(instrument, at);
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

    /// What happens seldom befalls an order; returns its instrument.
    fn befall(&mut self, event: &Event, placed: Place, happens: Happens, state: State) -> InstrumentNumber {
        let row = &mut self.orders[placed];
        let (accepted, awaited) = (row.accepted_number, (row.state, row.due_at));
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
        let (instrument, place) = (row.instrument, row.rich.get());
        if place.is_some() || state.is_closed() {
            row.changed_at = event.at;
        }
        if let Body::Triggered(_) = &event.body {
            self.stop_waiting(instrument, place);
            self.acting = Some(accepted);
        }
        let due_at = self.awaited_in(awaited, place);
        if let Some(place) = place {
            self.rich[place].change(happens, event);
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
            self.close(placed, due_at, place);
        }
        self.arriving = self.arriving.filter(|&arriving| arriving != accepted);
        if (rests || state.is_closed()) && self.acting == Some(accepted) {
            self.acting = None;
        }
        instrument
    }

    /// An order has reached the exchange; returns its instrument.
    fn arrived(&mut self, event: &Event, arrived: &Arrived, placed: Place, state: State) -> InstrumentNumber {
        let row = &mut self.orders[placed];
        let (accepted, instrument, stood) = (row.accepted_number, row.instrument, (row.state, row.due_at));
        (row.state, row.number, row.changed_at) = (state, event.number, event.at);
        if let Some(rich) = arrived.rich.as_deref() {
            match row.rich.get() {
                None => row.rich = self.rich.insert(rich).into(),
                // It is for a sum.
                Some(place) => self.rich[place].come_to(rich.terms.lots),
            }
        }
        let held = row.rich.get().map(|place| &mut self.rich[place]);
        let expires_at = held.and_then(|held| {
            held.arrive(event, arrived.rests);
            held.expires_at()
        });
        self.turn_to(accepted, awaited_till(stood, expires_at), expires_at);
        if self.arriving == Some(accepted) {
            self.arriving = None;
        }
        if arrived.rests {
            self.rest(placed);
            self.acting = None;
        }
        instrument
    }

    /// An order has traded; returns its instrument.
    fn filled(
        &mut self,
        event: &Event,
        filled: &Filled,
        placed: Place,
        (happens, state): (Happens, State),
    ) -> InstrumentNumber {
        let row = &mut self.orders[placed];
        let (accepted, instrument, place) = (row.accepted_number, row.instrument, row.rich.get());
        (row.state, row.number, row.changed_at) = (state, event.number, event.at);
        if state.is_closed() {
            row.seq = event.seq;
        }
        let held = place.map(|place| &mut self.rich[place]);
        let expires_at = held.and_then(|held| {
            held.fill(happens, event, filled);
            held.expires_at()
        });
        self.clearing.settle_part(instrument, filled);
        self.traded(event, filled, instrument, place);
        if filled.comes_to_rest() {
            self.rest(placed);
        }
        if state.is_closed() {
            self.close(placed, expires_at, place);
        }
        if (filled.comes_to_rest() || state.is_closed()) && self.acting == Some(accepted) {
            self.acting = None;
        }
        instrument
    }

    /// An order asks for something else from now on; returns its instrument.
    fn amended(&mut self, event: &Event, amended: &Amended, placed: Place) -> InstrumentNumber {
        let Amended { order, ref rich, place: in_line } = *amended;
        let terms = &rich.terms;
        let row = &mut self.orders[placed];
        let (accepted, instrument, stands) = (row.accepted_number, row.instrument, (row.state, row.due_at));
        let before = row.rich.get().map(|place| &self.rich[place]);
        let whole = || self.clearing.whole_lots(instrument, row.quantity.get());
        let lots = before.map_or_else(whole, |held| self.clearing.instrument(instrument).most_lots_of(held));
        let expired_at = before.and_then(Held::expires_at);
        (row.number, row.changed_at, row.quantity) = (event.number, event.at, order.quantity.into());
        let place = row.rich.get().unwrap_or_else(|| self.rich.insert(rich));
        row.rich = place.into();
        self.rich.amend(place, amended, event.number);
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
            _ => {}
        }
        if held.waits().is_some() {
            self.rest(placed);
        }
        let (due_at, now_due) = (awaited_till(stands, expired_at), awaited_till(stands, terms.expires_at));
        if now_due != due_at {
            due_at.into_iter().for_each(|due_at| self.leave_agenda(accepted, due_at));
            now_due.into_iter().for_each(|due_at| self.agenda.open((due_at, accepted)));
        }
        instrument
    }

    /// Till when an order waits that is in this state.
    fn awaited_in(&self, stands: (State, Time), place: Option<Place>) -> Option<Time> {
        awaited_in(&self.rich, stands, place)
    }

    /// Whether an order is open and waits for this time.
    pub(super) fn is_awaited(&self, row: &Row, due_at: Time) -> bool {
        is_awaited(row, &self.rich, due_at)
    }

    /// It is an order's turn: it stands in the agenda no more for what it waited for; where it expires it waits for
    /// that.
    fn turn_to(&mut self, accepted: Number, due_at: Option<Time>, expires_at: Option<Time>) {
        if let Some(due_at) = due_at {
            self.leave_agenda(accepted, due_at);
        }
        if let Some(expires_at) = expires_at {
            self.agenda.open((expires_at, accepted));
        }
        self.acting = Some(accepted);
    }

    fn leave_agenda(&mut self, accepted: Number, due_at: Time) {
        let (orders, rich) = (&self.orders, &self.rich);
        let is_due = |(due_at, accepted)| orders.get(accepted).is_some_and(|row| is_awaited(row, rich, due_at));
        self.agenda.close((due_at, accepted), is_due);
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
        if let (Some((side, price, left)), None) = (held.to_rest(), held.slot) {
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

    fn close(&mut self, placed: Place, due_at: Option<Time>, place: Option<Place>) {
        let row = &self.orders[placed];
        let (accepted, instrument) = (row.accepted_number, row.instrument);
        let lots = match place.map(|place| &mut self.rich[place]) {
            None => self.clearing.whole_lots(instrument, row.quantity.get()),
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
        if let Some(due_at) = due_at {
            self.leave_agenda(accepted, due_at);
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
        if self.clearing.by_hand(number).is_none() {
            self.pits[number as usize].taken.take(event.at, Side::Sell, trade.ticks, lots);
        }
    }
}

fn is_awaited(row: &Row, rich: &RichOrders, due_at: Time) -> bool {
    row.is_open() && awaited_in(rich, (row.state, row.due_at), row.rich.get()) == Some(due_at)
}

fn awaited_in(rich: &RichOrders, stands: (State, Time), place: Option<Place>) -> Option<Time> {
    awaited_till(stands, place.and_then(|place| rich[place].expires_at()))
}

fn awaited_till((state, due_at): (State, Time), expires_at: Option<Time>) -> Option<Time> {
    if state == State::Accepted {
        Some(expires_at.map_or(due_at, |expires_at| expires_at.min(due_at)))
    } else {
        expires_at
    }
}
