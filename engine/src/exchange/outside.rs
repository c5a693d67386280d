//! What waits outside the book while its instrument does not trade: it is halted, closed, or it is not its hour.
//!
//! Who comes then waits, in the order in which they came; so does what is amended so that it would cross the book. Once
//! the instrument trades, and its house quotes, and who waited for a price was triggered, one after the other acts.

use super::Exchange;
use super::native::native_terms;
use crate::accounts::clearing::Clearing;
use crate::accounts::ledger::{AccountNumber, InstrumentNumber};
use crate::agenda::Due;
use crate::market::pit::{Arrival, Pit};
use crate::market::steps::end_of_step;
use crate::orders::held::RichOrders;
use crate::orders::row::Row;
use crate::orders::slab::Place;
use crate::orders::state::State;
use crate::orders::terms::Terms;
use crate::values::{Number, Quantity, Time};

impl Exchange {
    /// Whether an instrument trades at this time.
    pub(super) fn trades(&self, number: InstrumentNumber, at: Time) -> bool {
        self.clearing.instrument(number).trades(at)
    }

    /// Whether an order of these terms is whatever a native one would be: that is executed whenever it arrives.
    pub(super) fn is_native(&self, row: &Row, account: AccountNumber, terms: &Terms, quantity: Quantity) -> bool {
        let native = || native_terms(quantity, self.clearing.instrument(row.instrument));
        account == Clearing::DEFAULT && self.group_of(row).is_none() && *terms == native()
    }

    /// Where an order waits outside the book, if it does.
    pub(super) fn outside(&self, row: &Row) -> Option<Arrival> {
        outside(&self.rich, &self.pits, row)
    }

    /// What an open order waits for.
    pub(super) fn awaited(&self, row: &Row) -> Option<Due> {
        awaited(&self.rich, &self.pits, row)
    }

    /// What an open order waits for, and where outside it does.
    #[inline]
    pub(super) fn waits(&self, row: &Row) -> (Option<Due>, Option<Arrival>) {
        match row.state {
            State::Accepted => {
                let outside = self.outside(row);
                (until_it_acts(self.expiry(row), row, outside), outside)
            }
            _ => (self.expiry(row), None),
        }
    }

    /// When an order expires.
    #[inline]
    pub(super) fn expiry(&self, row: &Row) -> Option<Due> {
        expiry(&self.rich, row)
    }

    /// Whether an order waits outside, as things stand at this time, when it comes.
    fn is_for_outside(&self, row: &Row, at: Time) -> bool {
        let Some(held) = row.rich.get().map(|place| &self.rich[place]) else { return false };
        let waits_then = |due_at: Time| !self.trades(row.instrument, due_at.max(at));
        // Who waits for an act comes at no time.
        let is_for_it = held.stands().is_some() || row.due_at().is_some_and(waits_then);
        is_for_it && self.can_wait_outside(row)
    }

    /// Whether it is one of those that wait, and do not end.
    fn can_wait_outside(&self, row: &Row) -> bool {
        let Some(held) = row.rich.get().map(|place| &self.rich[place]) else { return false };
        let terms = held.terms();
        terms.time_in_force.stands() && !self.is_native(row, held.account(), &terms, row.quantity.get())
    }

    /// An order is accepted, or is amended before it arrives: it waits for that, or outside. Where it waited there it
    /// keeps its turn, also where that has come.
    pub(super) fn queue(&mut self, placed: Place, at: Time, waited: bool) {
        let row = &self.orders[placed];
        let number = row.instrument;
        let is_for_outside = || self.is_for_outside(row, at) || (waited && self.can_wait_outside(row));
        if row.state == State::Accepted && is_for_outside() {
            let (arrival, accepted) = (arrival(&self.rich, row), row.accepted_number);
            if let Some(arrival) = arrival {
                self.pits[number as usize].outside.insert(arrival, accepted);
                self.look_for_opening(number, at);
            }
        }
        let due = self.awaited(&self.orders[placed]);
        due.into_iter().for_each(|due| self.agenda.open(due));
    }

    /// Whether an instrument trades has changed: who is on the way will wait outside, or will not.
    pub(super) fn queue_anew(&mut self, at: Time, is_there: impl Fn(InstrumentNumber) -> bool) {
        let is_here = |row: &&Row| row.state == State::Accepted && is_there(row.instrument);
        let rows = self.agenda.all().filter_map(|due| Some((due, self.orders.get(due.accepted()).filter(is_here)?)));
        let is_inside = |(due, row): &(Due, &Row)| self.awaited(row) == Some(*due) && self.outside(row).is_none();
        let leave = rows.filter(|waits| is_inside(waits) && self.is_for_outside(waits.1, at));
        let mut leave: Vec<Due> = leave.map(|(due, _)| due).collect();
        leave.sort_unstable();
        leave.dedup();
        for due in leave {
            if let Some(placed) = self.orders.find(due.accepted()) {
                self.leave_agenda(due);
                self.queue(placed, at, false);
            }
        }
        // Who has come, and waits, acts in its turn.
        let later = (at, Number(u64::MAX));
        let pits = (0..).zip(&self.pits).filter(|(number, pit)| is_there(*number) && !pit.outside.is_empty());
        let waiting = pits.flat_map(|(number, pit)| pit.outside.since(later).map(move |wait| (number, wait)));
        let waiting = waiting.map(|(number, (arrival, accepted))| (number, *arrival, *accepted));
        let waiting: Vec<_> = waiting.collect();
        for (number, arrival, accepted) in waiting {
            let Some(placed) = self.orders.find(accepted) else { continue };
            if !self.is_for_outside(&self.orders[placed], at) {
                let due = self.awaited(&self.orders[placed]);
                self.pits[number as usize].outside.remove(&arrival);
                due.into_iter().for_each(|due| self.leave_agenda(due));
                self.queue(placed, at, false);
            }
        }
    }

    /// The order that waits outside and acts first, where one does by `now`.
    pub(super) fn first_outside(&self, now: Time) -> Option<&Row> {
        let (_, arrival, number) = self.openings.first().filter(|(at, ..)| *at <= now)?;
        self.orders.get(*self.pits[*number as usize].outside.get(arrival)?)
    }

    /// When an order acts next that waits outside.
    pub(super) fn next_opening(&self) -> Option<Time> {
        self.openings.first().map(|(at, ..)| (*at).max(self.last_at))
    }

    /// Something changed in an instrument at this time: looks up when who waits outside acts.
    pub(super) fn look_for_opening(&mut self, number: InstrumentNumber, at: Time) {
        let pit = &self.pits[number as usize];
        let (first, before) = (pit.outside.first(), pit.opening);
        if first.is_none() && before.is_none() {
            return;
        }
        let instrument = self.clearing.instrument(number);
        let opening =
            first.and_then(|(arrival, _)| Some((instrument.trades_from(arrival.0.max(at))?, *arrival, number)));
        if opening != before {
            self.pits[number as usize].opening = opening;
            if let Some(before) = before {
                self.openings.remove(&before);
            }
            self.openings.extend(opening);
        }
    }

    /// The time at which what is due first by `now` happens, however late anybody looks: at its own time where prices
    /// move, else before an instrument begins to trade, or ends.
    pub(super) fn moment(&self, now: Time) -> Time {
        let hours = self.clearing.hours();
        if hours.is_none() && !self.moves() {
            return now;
        }
        let Some(due_at) = self.next_due().filter(|due_at| *due_at <= now) else { return now };
        let due_at = due_at.max(self.last_at);
        if self.moves() {
            return due_at;
        }
        let ends = hours.and_then(|hours| hours.changes_after(due_at));
        ends.filter(|ends| *ends <= now).map_or(now, |ends| Time(ends.0 - 1))
    }

    /// Until when orders that are due by `now` may be looked at in one go, of which the first happens at this moment.
    pub(super) fn in_one_go(&self, moment: Time, now: Time) -> Time {
        if !self.moves() {
            return moment;
        }
        let ends = self.next_beside().into_iter().chain([end_of_step(moment)]).map(|ends| Time(ends.0 - 1));
        ends.fold(now, Time::min).max(moment)
    }
}

/// When an order comes, or came again where it was amended at the exchange; `None` where it waits for an act.
fn arrival(rich: &RichOrders, row: &Row) -> Option<Arrival> {
    let stands = row.rich.get().and_then(|place| rich[place].stands());
    stands.or(row.due_at().map(|due_at| (due_at, row.accepted_number)))
}

fn outside(rich: &RichOrders, pits: &[Pit], row: &Row) -> Option<Arrival> {
    if row.state != State::Accepted || row.rich.get().is_none() {
        return None;
    }
    let outside = &pits[row.instrument as usize].outside;
    if outside.is_empty() {
        return None;
    }
    let arrival = arrival(rich, row)?;
    (outside.get(&arrival) == Some(&row.accepted_number)).then_some(arrival)
}

#[inline]
fn expiry(rich: &RichOrders, row: &Row) -> Option<Due> {
    let expires_at = rich[row.rich.get()?].expires_at()?;
    Some(Due::expiry(expires_at, row.accepted_number))
}

/// What an open order waits for: to expire, or, where it is on its way and does not expire before, to arrive.
pub(super) fn awaited(rich: &RichOrders, pits: &[Pit], row: &Row) -> Option<Due> {
    let expiry = expiry(rich, row);
    match row.state {
        State::Accepted => until_it_acts(expiry, row, outside(rich, pits, row)),
        _ => expiry,
    }
}

/// What an order waits for that is on its way, or waits outside.
fn until_it_acts(expiry: Option<Due>, row: &Row, outside: Option<Arrival>) -> Option<Due> {
    if outside.is_some() {
        return expiry;
    }
    let arrival = row.due_at().map(|due_at| Due::arrival(due_at, row.accepted_number));
    expiry.into_iter().chain(arrival).min()
}
