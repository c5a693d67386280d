//! What is made to happen to an order, by hand or by a rule, in place of what would happen by itself.
//!
//! It goes through the same door: whatever arrives by hand falls due now, and does what it would have done then; what
//! is filled is filled by the house, at a price that the order takes, and settled as every trade.

use super::Exchange;
use super::arrive::end;
use super::change::Step;
use super::native::rich_native;
use super::part::{Part, Traded};
use super::telling::Telling;
use crate::accounts::clearing::HOUSE;
use crate::command::{Act, Hindrance, Rejection};
use crate::event::{Body, Event, Rescheduled, Scripted, Then};
use crate::market::book::Side;
use crate::market::instrument::Instrument;
use crate::market::matching::With;
use crate::orders::held::Held;
use crate::orders::reason_text::ReasonText;
use crate::orders::row::Row;
use crate::orders::state::State;
use crate::orders::terms::{Ending, OrderFault, PriceOf};
use crate::values::{Decimal, Number, Time};

impl Exchange {
    /// Does what is asked of an order by hand.
    pub(super) fn act(&self, telling: &mut Telling<'_>, accepted: Number, act: &Act) -> Result<(), Rejection> {
        let row = self.orders.get(accepted).ok_or(Rejection::UnknownOrder)?;
        if !row.is_open() {
            return Err(Rejection::OrderClosed);
        }
        let at = telling.at;
        match act {
            Act::Arrive => {
                self.check_on_its_way(row, at)?;
                self.reschedule(telling, row, Some(at));
            }
            Act::Release => {
                self.check_on_its_way(row, at)?;
                if row.due_at().is_some() {
                    return Err(Rejection::Hindered(Hindrance::NotOnHold));
                }
                self.reschedule(telling, row, Some(at));
            }
            Act::Hold => {
                self.check_on_its_way(row, at)?;
                self.reschedule(telling, row, None);
            }
            Act::Fill { qty, price } => {
                let (lots, ticks) = self.asked_fill(row, (qty.as_ref(), price.as_ref()), at)?;
                self.fill_by_house(telling, row, lots, ticks);
            }
            Act::Reject { text } => {
                self.check_not_arrived(row)?;
                self.end_by_script(telling, row, Ending::Refused, text.as_ref());
            }
            Act::Cancel => self.end_by_script(telling, row, Ending::Script, None),
            Act::Expire => self.end_by_script(telling, row, Ending::Expired, None),
        }
        Ok(())
    }

    /// An order on its way arrives then, or waits for an act; where it does so already nothing is told.
    pub(super) fn reschedule(&self, telling: &mut Telling<'_>, row: &Row, due_at: Option<Time>) {
        let comes_before = row.due_at().zip(due_at).is_some_and(|(before, now)| before <= now);
        if comes_before || row.due_at() == due_at {
            return;
        }
        let order = self.refer(row);
        let instrument = self.clearing.instrument(row.instrument);
        let rich = row.rich.get().is_none().then(|| telling.told.rich(|| rich_native(row, instrument)));
        telling.tell(Body::Rescheduled(Rescheduled { order, due_at, rich }));
    }

    /// An open order ends since somebody wants that, whatever it asks for.
    pub(super) fn end_by_script(
        &self,
        telling: &mut Telling<'_>,
        row: &Row,
        ending: Ending,
        text: Option<&ReasonText>,
    ) {
        let order = self.refer(row);
        let instrument = self.clearing.instrument(row.instrument);
        let rich = row.rich.get().is_none().then(|| rich_native(row, instrument));
        telling.tell(Body::Scripted(Box::new(Scripted { order, ending, text: text.cloned(), rich })));
    }

    /// So much of an order at the exchange trades with the house, at this price. What its account cannot pay for ends.
    ///
    /// Who rests was there first, and its account was looked at when it came; of any other that is looked at now.
    pub(super) fn fill_by_house(&self, telling: &mut Telling<'_>, row: &Row, lots: u128, ticks: u64) {
        let Some(held) = row.rich.get().map(|place| &self.rich[place]) else { return };
        let (instrument, pit) = self.pit(row);
        let (terms, progress) = (held.terms(), held.progress(row.changed_at));
        let mut part = Part::of((self.refer(row), held.account()), &terms, &progress);
        let rests = held.slot.is_some();
        let purse = if rests { None } else { self.purse(row, held.account(), telling.at) };
        let payable = purse.map_or(lots, |mut purse| purse.pay(terms.side, With::House, pit, ticks, lots));
        if payable > 0 {
            let then = if part.left() == payable { Then::Closes } else { Then::Rests };
            let trade = Traded::next(telling, instrument, ticks, payable);
            let trade = if rests { trade.for_maker() } else { trade };
            part.fill(telling, &trade, Some(HOUSE), then);
        }
        if payable < lots {
            telling.tell(end(part.order, Ending::InsufficientBuyingPower));
        }
    }

    /// Refuses what is not on its way: it has come, or waits for its parent.
    fn check_on_its_way(&self, row: &Row, now: Time) -> Result<(), Rejection> {
        self.check_not_arrived(row)?;
        // It may wait outside the book: that it does where it has come.
        let has_come = row.due_at().is_some_and(|due_at| due_at <= now) && self.outside(row).is_some();
        if has_come { Err(Rejection::Hindered(Hindrance::HasArrived)) } else { Ok(()) }
    }

    /// Refuses what has reached the exchange, be it that it waits outside the book since, and what waits for its
    /// parent.
    fn check_not_arrived(&self, row: &Row) -> Result<(), Rejection> {
        let has_stood = || row.rich.get().is_some_and(|place| self.rich[place].stands().is_some());
        match row.state {
            State::Accepted if !has_stood() => Ok(()),
            State::Held => Err(Rejection::Hindered(Hindrance::WaitsForParent)),
            _ => Err(Rejection::Hindered(Hindrance::HasArrived)),
        }
    }

    /// How much of an order shall be filled, and at which price, in lots and ticks: all that is left, and the worst
    /// price that it takes, where nothing is said. One that takes any is filled at the best price of the other side.
    fn asked_fill(
        &self,
        row: &Row,
        (qty, price): (Option<&Decimal>, Option<&Decimal>),
        at: Time,
    ) -> Result<(u128, u64), Rejection> {
        let held = row.rich.get().map(|place| &self.rich[place]);
        let (instrument, _) = self.pit(row);
        let held = match (row.state, held) {
            (State::Held, _) => return Err(Rejection::Hindered(Hindrance::WaitsForParent)),
            (State::Accepted, _) | (_, None) => return Err(Rejection::Hindered(Hindrance::NotArrived)),
            (_, Some(held)) if held.waits().is_some() => return Err(Rejection::Hindered(Hindrance::WaitsForPrice)),
            (_, Some(_)) if !instrument.trades(at) => return Err(Rejection::Hindered(Hindrance::NotTrading)),
            (_, Some(held)) => held,
        };
        let mut faults = Vec::new();
        let mut note = |fault| faults.push(fault);
        let lots = self.lots_to_fill(held, row, qty).map_err(&mut note).unwrap_or_default();
        let ticks = price.map(|price| instrument.price_to_fill(held, *price)).transpose();
        let ticks = ticks.map_err(&mut note).unwrap_or_default();
        if !faults.is_empty() {
            return Err(Rejection::Faulty(faults));
        }
        Ok((lots, ticks.unwrap_or_else(|| self.price_of_fill(held, row, at))))
    }

    /// At which price an order is filled where nobody says it.
    pub(super) fn price_of_fill(&self, held: &Held, row: &Row, at: Time) -> u64 {
        let terms = held.terms();
        let (bid, ask) = self.touch(row.instrument, at);
        let best = if terms.side == Side::Buy { ask } else { bid };
        terms.limit_ticks().or(best).unwrap_or_else(|| self.mark_above(row.instrument, at))
    }

    fn lots_to_fill(&self, held: &Held, row: &Row, qty: Option<&Decimal>) -> Result<u128, OrderFault> {
        let left = held.lots().saturating_sub(held.progress(row.changed_at).filled);
        let Some(qty) = qty else { return Ok(left) };
        let lots = self.clearing.instrument(row.instrument).lot().count(*qty).ok_or(OrderFault::QuantityLot)?;
        match u128::try_from(lots) {
            Ok(lots @ 1..) if lots <= left => Ok(lots),
            Ok(1..) => Err(OrderFault::QuantityLeft),
            _ => Err(OrderFault::QuantityRange),
        }
    }
}

/// What that changes.
impl Exchange {
    /// An order on its way comes at another time, or waits for an act.
    pub(super) fn rescheduled(&mut self, event: &Event, rescheduled: &Rescheduled, step: &Step) {
        let &Step { placed, due, .. } = step;
        let row = &mut self.orders[placed];
        (row.number, row.changed_at) = (event.number, event.at);
        row.come_at(rescheduled.due_at);
        if let (None, Some(rich)) = (row.rich.get(), &rescheduled.rich) {
            row.rich = self.rich.insert(rich).into();
        }
        due.into_iter().for_each(|due| self.leave_agenda(due));
        self.queue(placed, event.at, false);
    }

    /// Somebody, or a rule, ended an order.
    pub(super) fn scripted(&mut self, event: &Event, scripted: &Scripted, step: &Step) {
        if let Some(rich) = &scripted.rich {
            self.orders[step.placed].rich = self.rich.insert(rich).into();
        }
        if let Some(text) = &scripted.text {
            self.reason_texts.insert(step.accepted, text.clone());
        }
        self.befall(event, step);
    }
}

impl Instrument {
    /// The price at which an order shall be filled, in ticks: one that it takes.
    fn price_to_fill(&self, held: &Held, price: Decimal) -> Result<u64, OrderFault> {
        let (ticks, terms) = (self.price_asked(PriceOf::Fill, price)?, held.terms());
        let is_taken = terms.limit_ticks().is_none_or(|limit| terms.side.takes(limit, ticks));
        if is_taken { Ok(ticks) } else { Err(OrderFault::PriceBeyond) }
    }
}
