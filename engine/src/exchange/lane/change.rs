//! What the events of plain limit orders change. Where nothing was changed, since an event is not of these, that is
//! told: then the general way does it.

use super::super::Exchange;
use super::{is_open, take};
use crate::accounts::ledger::Ledger;
use crate::agenda::Due;
use crate::event::{Accepted, Amended, Arrived, Body, Event, Filled, Then};
use crate::market::book::Resting;
use crate::market::pit::Floor;
use crate::orders::line::InLine;
use crate::orders::plain::Plain;
use crate::orders::row::Row;
use crate::orders::slab::Place;
use crate::orders::state::{Happens, State};
use crate::orders::terms::Ending;
use crate::values::Number;

/// Where the parts of an order are that only rich ones have, and its state from now on.
struct Found {
    placed: Place,
    rich: Place,
    state: State,
}

impl Exchange {
    /// Makes an event of a plain limit order true.
    #[inline]
    pub(in super::super) fn change_plainly(&mut self, event: &Event) -> Option<()> {
        match &event.body {
            _ if !is_open() => None,
            Body::Arrived(arrived) => self.arrive_plainly(event, arrived),
            Body::Filled(filled) => self.fill_plainly(event, filled),
            Body::Amended(amended) => self.amend_plainly_to(event, amended),
            Body::Cancelled(order) => self.end_plainly(event, order.accepted_number, Ending::Client),
            Body::Ended(ended) => self.end_plainly(event, ended.order.accepted_number, ended.ending),
            Body::Accepted(accepted) => self.accept_plainly(event, accepted),
            Body::Executed(_)
            | Body::Bought(_)
            | Body::Replaced(_)
            | Body::Rescheduled(_)
            | Body::Scripted(_)
            | Body::Triggered(_)
            | Body::Followed(_)
            | Body::Listed(_)
            | Body::InstrumentChanged(_)
            | Body::Quoted(_)
            | Body::RowsChanged(_)
            | Body::AccountOpened(_)
            | Body::Transferred(_)
            | Body::RulesSet(_)
            | Body::Ruled(_)
            | Body::Refused(_) => None,
        }
    }

    /// The order of this number, if this can befall it, and nobody counts or waits for what becomes of it.
    #[inline(always)]
    fn find_plainly(&self, accepted: Number, happens: Happens) -> Option<Found> {
        let placed = self.orders.find(accepted)?;
        let row = &self.orders[placed];
        let (state, rich) = (row.state.after(happens)?, row.rich.get()?);
        let is_counted = || self.clearing.has_limits() && self.is_looked_at(self.rich[rich].account(), row.instrument);
        (self.groups.is_empty() && self.plans.is_empty() && !is_counted()).then_some(Found { placed, rich, state })
    }

    /// A plain limit order was accepted, and is on its way.
    #[inline]
    fn accept_plainly(&mut self, event: &Event, accepted: &Accepted) -> Option<()> {
        let Accepted { symbol, due_at: Some(due_at), origin: None, rich: Some(ref rich), .. } = *accepted else {
            return None;
        };
        let number = self.clearing.find(symbol)?;
        let is_new = rich.kin.is_none() && rich.first.is_none() && rich.terms.expires_at.is_none();
        let comes = self.pits.get(number as usize)?.outside.is_empty() && self.trades(number, due_at.max(event.at));
        let has_room = self.orders.len() < self.max_orders;
        if !is_new || !comes || !has_room || self.is_looked_at(rich.account, number) {
            return None;
        }
        let plain = Plain::of(rich.account, &rich.terms, &rich.progress).filter(|plain| plain.line().is_none())?;
        let place = self.rich.insert_plain(plain);
        self.orders.insert(Row::accepted(event, accepted, number, place.into()));
        self.accepted += 1;
        self.open += 1;
        self.stake(number, plain.lots.into(), 1);
        self.agenda.open(Due::arrival(due_at, event.number));
        take(())
    }

    /// A plain limit order has reached the exchange.
    #[inline]
    fn arrive_plainly(&mut self, event: &Event, arrived: &Arrived) -> Option<()> {
        let Arrived { rests, waited: false, is_partly: false, rich: None, .. } = *arrived else { return None };
        let accepted = arrived.order.accepted_number;
        let Found { placed, rich, state } = self.find_plainly(accepted, Happens::Arrives)?;
        let row = &mut self.orders[placed];
        let pit: &mut Floor = &mut self.pits[row.instrument as usize];
        let (plain, slot) = self.rich[rich].plain_mut()?;
        let (limit, due) = (plain.limit()?, Due::arrival(row.due_at()?, accepted));
        let is_way_of_most = row.state == State::Accepted && plain.expires_at().is_none() && slot.is_none();
        if !is_way_of_most || !pit.outside.is_empty() || !plain.arrive(event.at) {
            return None;
        }
        (row.state, row.number, row.changed_at) = (state, event.number, event.at);
        plain.stand(rests.then_some(event.number));
        if rests {
            let (account, side, left) = (plain.account, plain.side, plain.left());
            *slot = Some(pit.book.rest(Resting { order: accepted.0, price: limit, left, account, side }));
        }
        let instrument = row.instrument;
        self.leave_agenda(due);
        self.acting = (!rests).then_some(accepted);
        self.look_around(instrument, event.at);
        take(())
    }

    /// A plain limit order has traded.
    #[inline]
    fn fill_plainly(&mut self, event: &Event, filled: &Filled) -> Option<()> {
        let closes = filled.then == Then::Closes;
        let happens = if closes { Happens::Fills } else { Happens::Trades };
        let accepted = filled.order.accepted_number;
        let Found { placed, rich, state } = self.find_plainly(accepted, happens)?;
        let (all, lots) = (u64::try_from(filled.filled).ok()?, u64::try_from(filled.lots).ok()?);
        let row = &mut self.orders[placed];
        let instrument = row.instrument;
        let (plain, slot) = self.rich[rich].plain_mut()?;
        let price = plain.limit().filter(|_| plain.expires_at().is_none() || !closes)?;
        if filled.settles_with.is_some_and(|other| other.account == Ledger::HOUSE) {
            return None;
        }
        (row.state, row.number, row.changed_at) = (state, event.number, event.at);
        plain.fill(all, filled.cost);
        let book = &mut self.pits[instrument as usize].book;
        if filled.is_maker
            && let Some(rests) = *slot
            && book.fill(rests, lots) == 0
        {
            *slot = None;
        }
        let comes_to_rest = filled.comes_to_rest();
        if comes_to_rest {
            plain.stand(Some(event.number));
            if slot.is_none() {
                let (account, side, left) = (plain.account, plain.side, plain.left());
                *slot = Some(book.rest(Resting { order: accepted.0, price, left, account, side }));
            }
        }
        if closes {
            row.seq = event.seq;
            if let Some(slot) = slot.take() {
                book.remove(slot);
            }
            let lots = plain.lots.into();
            self.close_one(instrument, accepted, lots);
        }
        self.clearing.settle_part(instrument, filled, event.at);
        if (comes_to_rest || closes) && self.acting == Some(accepted) {
            self.acting = None;
        }
        self.look_around(instrument, event.at);
        take(())
    }

    /// A plain limit order in the book asks for something else from now on.
    #[inline]
    fn amend_plainly_to(&mut self, event: &Event, amended: &Amended) -> Option<()> {
        let Amended { order, rich: ref now, place: in_line } = *amended;
        let Found { placed, rich, state } = self.find_plainly(order.accepted_number, Happens::Amends)?;
        let row = &mut self.orders[placed];
        let (plain, slot) = self.rich[rich].plain_mut()?;
        let (before, slot) = (plain.lots, (*slot)?);
        let (lots, price) = (u64::try_from(now.terms.lots).ok()?, now.terms.limit_ticks()?);
        let is_plain = row.state != State::Accepted && plain.expires_at() == now.terms.expires_at;
        if !is_plain || in_line == InLine::Waits || now.terms.order_type.waits().is_some() || !plain.ask(&now.terms) {
            return None;
        }
        (row.state, row.number, row.changed_at) = (state, event.number, event.at);
        row.quantity = order.quantity.into();
        let (instrument, left) = (row.instrument, plain.left());
        plain.stand(in_line.line(plain.line(), event.number));
        let book = &mut self.pits[instrument as usize].book;
        match in_line {
            InLine::Keeps | InLine::Waits => book.reduce(slot, left),
            InLine::GoesToEnd => book.move_to(slot, price, left),
            InLine::Leaves => {
                book.remove(slot);
                self.rich[rich].slot = None;
                self.acting = Some(order.accepted_number);
            }
        }
        self.rich.keep_first(rich, now.first.as_ref());
        if lots != before {
            self.stake(instrument, before.into(), -1);
            self.stake(instrument, lots.into(), 1);
        }
        self.look_around(instrument, event.at);
        take(())
    }

    /// A plain limit order has ended without being filled.
    #[inline]
    fn end_plainly(&mut self, event: &Event, accepted: Number, ending: Ending) -> Option<()> {
        let Found { placed, rich, state } = self.find_plainly(accepted, Happens::Ends(ending))?;
        let row = &mut self.orders[placed];
        let (plain, slot) = self.rich[rich].plain_mut()?;
        if row.state == State::Accepted || plain.expires_at().is_some() {
            return None;
        }
        (row.state, row.number, row.changed_at, row.seq) = (state, event.number, event.at, event.seq);
        plain.end(ending);
        let (instrument, lots) = (row.instrument, plain.lots.into());
        if let Some(slot) = slot.take() {
            self.pits[instrument as usize].book.remove(slot);
        }
        self.close_one(instrument, accepted, lots);
        self.acting = self.acting.filter(|&acting| acting != accepted);
        self.look_around(instrument, event.at);
        take(())
    }
}
