//! What is held, and told; what was forgotten; and where a store goes on.

use std::sync::Arc;

use super::Exchange;
use crate::accounts::clearing::Clearing;
use crate::accounts::ledger::{InstrumentNumber, Ledger};
use crate::event::OrderRef;
use crate::market::book::{PriceLevel, Side};
use crate::market::instrument::Instrument;
use crate::market::pit::Pit;
use crate::orders::order::{Bought, Order};
use crate::orders::origin::Name;
use crate::orders::pages::Pages;
use crate::orders::row::Row;
use crate::orders::slab::Place;
use crate::orders::terms::Rich;
use crate::values::{Number, Seq, Symbol, Time};

impl Exchange {
    /// Takes what is listed, and who has what, as a store has it, in place of its own. It has no orders yet.
    pub fn restore_accounts(&mut self, clearing: Clearing) {
        self.pits = clearing.instruments().map(|_| Pit::default()).collect();
        self.clearing = clearing;
    }

    /// The store ends with the change `number` at `at`, and `accepted` orders were ever accepted: the open ones of them
    /// were applied, everything else is left to it.
    pub fn resume(&mut self, number: Number, seq: Seq, at: Time, accepted: u64) {
        self.last_number = number;
        self.last_seq = seq;
        self.last_at = at;
        self.accepted = accepted;
        self.forgotten = number;
        self.stored(number);
        // Who came in place of another one, and waits since it could not arrive at once, waits for its turn.
        self.arriving = self.arriving.filter(|&arriving| self.came_last(arriving));
        self.shut_out_legs();
        // Who was to arrive by then did not where that does not trade.
        self.queue_anew(at, |_| true);
        let numbers = 0..self.pits.len() as InstrumentNumber;
        numbers.for_each(|number| self.look_around(number, at));
        self.look_for_parts();
    }

    /// Whether nothing has happened since this order was accepted but what follows for legs that wait for it.
    fn came_last(&self, accepted: Number) -> bool {
        let legs = self.orders.get(accepted).into_iter().flat_map(|row| self.held_legs(row));
        accepted.0 + legs.filter(|leg| leg.number > accepted).count() as u64 == self.last_number.0
    }

    /// The store holds all changes up to `number` now: what was closed by then may be forgotten.
    ///
    /// Changes nothing in an exchange without a store, and nothing that an order is or will be in any.
    pub fn stored(&mut self, number: Number) {
        let Some(backing) = &mut self.backing else { return };
        backing.stored = backing.stored.max(number);
        let recent = backing.recent;
        while (self.closed.len() > recent || self.orders.len() > self.max_orders) && self.forget_oldest() {}
    }

    /// The store has removed what was closed by the changes up to `number`: it is gone from here too, so that no reader
    /// is shown an order that another one cannot find.
    pub fn removed(&mut self, number: Number) {
        let is_gone = |orders: &Pages, closed: Number| orders.get(closed).is_none_or(|order| order.number <= number);
        while self.closed.front().is_some_and(|&closed| is_gone(&self.orders, closed)) && self.forget_oldest() {}
    }

    /// The order that this change accepted, if it is held.
    #[must_use]
    pub fn order(&self, accepted: Number) -> Option<Order> {
        self.orders.get(accepted).map(|row| self.show(row))
    }

    /// Whether the order that this change accepted is held, and is no native one.
    #[must_use]
    pub fn is_rich(&self, accepted: Number) -> bool {
        self.orders.get(accepted).is_some_and(|row| row.rich.get().is_some())
    }

    /// When the order that this change accepted reaches the exchange, or did; `None` also where it waits for an act.
    #[must_use]
    pub fn due_at(&self, accepted: Number) -> Option<Time> {
        self.orders.get(accepted)?.due_at()
    }

    /// Whether the order that this change accepted was a leg then that waits for its parent.
    #[must_use]
    pub fn was_held(&self, accepted: Number) -> bool {
        let group = self.orders.get(accepted).and_then(|row| self.group_of(row));
        group.is_some_and(|group| group.held)
    }

    /// The order of this name, if it is held.
    #[must_use]
    pub fn find_named(&self, name: &Name) -> Option<Order> {
        self.by_name.get(name).and_then(|&accepted| self.order(accepted))
    }

    /// Orders accepted after the change `after`, in order of creation.
    pub fn orders_after(&self, after: Number) -> impl Iterator<Item = Order> {
        self.orders.after(after).map(|row| self.show(row))
    }

    /// Orders accepted before the change `before`, the youngest first.
    pub fn orders_before(&self, before: Number) -> impl Iterator<Item = Order> {
        self.orders.before(before).map(|row| self.show(row))
    }

    /// The number of the first order that is held and was accepted at this time or later; beyond all where there is
    /// none.
    #[must_use]
    pub fn first_since(&self, time: Time) -> Number {
        self.orders.first_since(time)
    }

    /// When something happens by itself next: an order falls due, or meets the house's new quote.
    #[must_use]
    pub fn next_due(&self) -> Option<Time> {
        let first = || self.agenda.first().map(|due| due.at);
        self.acts_now().then_some(self.last_at).or_else(|| first().into_iter().chain(self.next_beside()).min())
    }

    /// The same, of what stands beside the agenda.
    pub(super) fn next_beside(&self) -> Option<Time> {
        let meets = self.next_meeting().into_iter().chain(self.next_opening());
        meets.chain(self.next_released()).chain(self.next_planned()).min()
    }

    /// The number of the newest change; 0 before the first.
    #[must_use]
    pub fn last_number(&self) -> Number {
        self.last_number
    }

    /// The number of the newest change of a status; 0 before the first.
    #[must_use]
    pub fn last_seq(&self) -> Seq {
        self.last_seq
    }

    /// The number of the change that accepts the next order, if that is for this symbol: one that nobody knows is
    /// listed first.
    #[must_use]
    pub fn next_accepted(&self, symbol: Symbol) -> Number {
        let next = self.last_number.next();
        if self.clearing.find(symbol).is_some() { next } else { next.next() }
    }

    /// How many orders are open.
    #[must_use]
    pub fn open_orders(&self) -> usize {
        self.open
    }

    /// How many orders were ever accepted.
    #[must_use]
    pub fn accepted_orders(&self) -> u64 {
        self.accepted
    }

    /// How many orders are held, open and closed.
    #[must_use]
    pub fn held_orders(&self) -> usize {
        self.orders.len()
    }

    /// The newest change of any order that was forgotten: who asks about a time before it may miss an order.
    #[must_use]
    pub fn forgotten(&self) -> Number {
        self.forgotten
    }

    /// Who has what.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        self.clearing.ledger()
    }

    /// All instruments, and the accounts that trade them.
    #[must_use]
    pub fn clearing(&self) -> &Clearing {
        &self.clearing
    }

    /// The instrument of this symbol.
    #[must_use]
    pub fn instrument(&self, symbol: Symbol) -> Option<&Instrument> {
        self.clearing.find(symbol).map(|number| self.clearing.instrument(number))
    }

    /// All instruments, in the order in which they were listed.
    pub fn instruments(&self) -> impl Iterator<Item = &Instrument> {
        self.clearing.instruments()
    }

    /// What clients rest in an instrument on one side, the best price first.
    pub fn levels(&self, symbol: Symbol, side: Side) -> impl Iterator<Item = PriceLevel> {
        let number = self.clearing.find(symbol);
        number.into_iter().flat_map(move |number| self.pits[number as usize].book.levels(side))
    }

    /// The order as it is told.
    pub(super) fn show(&self, row: &Row) -> Order {
        let instrument = self.clearing.instrument(row.instrument);
        let tick = instrument.tick();
        Order {
            id: row.id,
            symbol: instrument.listing().symbol,
            quantity: row.quantity.get(),
            accepted_at: row.accepted_at,
            accepted_number: row.accepted_number,
            accepted_seq: row.accepted_seq,
            due_at: row.due_at(),
            state: row.state,
            closed_at: (!row.is_open()).then_some(row.changed_at),
            number: row.number,
            seq: row.seq,
            origin: row.origin.clone(),
            bought: (row.bought_ticks > 0).then(|| {
                let fee = self.fees.get(&row.accepted_number).copied().unwrap_or_default();
                Bought { ticks: row.bought_ticks, tick, fee }
            }),
            rich: self.rich_of(row, instrument).map(Arc::new),
            reason_text: self.reason_texts.get(&row.accepted_number).cloned(),
            put_off: self.plan_of(row).and_then(|plan| plan.put_off).map(|(what, _)| what),
        }
    }

    /// What only a rich order has, if it is one.
    pub(super) fn rich_of(&self, row: &Row, instrument: &Instrument) -> Option<Rich> {
        let held = &self.rich[row.rich.get()?];
        let (account, terms, progress) = (held.account(), held.terms(), held.progress(row.changed_at));
        let (tick, lot, first) = (instrument.tick(), instrument.lot(), self.rich.first(held).copied());
        Some(Rich { account, tick, lot, terms, progress, first, kin: *held.kin() })
    }

    /// Refers to an order.
    #[inline]
    pub(super) fn refer(&self, row: &Row) -> OrderRef {
        let Row { accepted_number, id, quantity, .. } = *row;
        let quantity = quantity.get();
        let symbol = self.clearing.instrument(row.instrument).listing().symbol;
        OrderRef { accepted_number, id, symbol, quantity }
    }

    /// Forgets the order closed longest ago, unless there is none or the store does not hold it yet.
    pub(super) fn forget_oldest(&mut self) -> bool {
        let stored = self.backing.as_ref().map(|backing| backing.stored);
        let Some(oldest) = self.closed.front() else { return false };
        let placed = self.orders.find(*oldest);
        let is_kept = |placed: Place| stored.is_some_and(|stored| self.orders[placed].number > stored);
        if placed.is_some_and(is_kept) {
            return false;
        }
        self.closed.pop_front();
        placed.into_iter().for_each(|placed| self.forget(placed));
        true
    }

    fn forget(&mut self, placed: Place) {
        let row = &self.orders[placed];
        let (accepted, number, rich) = (row.accepted_number, row.number, row.rich.get());
        if row.bought_ticks > 0 && !self.fees.is_empty() {
            self.fees.remove(&accepted);
        }
        if !self.reason_texts.is_empty() {
            self.reason_texts.remove(&accepted);
        }
        if row.origin.is_some() {
            self.forget_names(placed);
        }
        if let Some(place) = rich {
            self.rich.remove(place);
        }
        self.orders.remove(placed);
        self.forgotten = self.forgotten.max(number);
    }

    fn forget_names(&mut self, placed: Place) {
        let row = &self.orders[placed];
        let account = self.account_of(row);
        for name in row.origin.iter().flat_map(|origin| origin.names_in(account)) {
            // A recorded life may hold a name twice, if the first was forgotten in between: the second one stays.
            if self.by_name.get(&name) == Some(&row.accepted_number) {
                self.by_name.remove(&name);
            }
        }
    }
}
