//! What an open order may ask for instead.
//!
//! It keeps its place where the price is the same and the quantity not greater; else it goes to the end of the line,
//! and what crosses by its new price trades at once.

use super::Exchange;
use super::native::rich_native;
use super::telling::Telling;
use crate::accounts::commitments::Instead;
use crate::accounts::ledger::AccountNumber;
use crate::command::Rejection;
use crate::event::{Amended, OrderRef};
use crate::market::instrument::Instrument;
use crate::market::matching::Next;
use crate::orders::kin::Kin;
use crate::orders::line::InLine;
use crate::orders::row::Row;
use crate::orders::state::State;
use crate::orders::terms::{Amendment, AskedStop, First, OrderFault, OrderType, PriceOf, Progress, Rich, Terms};
use crate::values::{Number, Quantity, Time};

impl Exchange {
    #[inline(never)]
    pub(super) fn amend(
        &self,
        telling: &mut Telling<'_>,
        accepted_number: Number,
        amendment: &Amendment,
        quantity: Option<Quantity>,
    ) -> Result<(), Rejection> {
        let row = self.orders.get(accepted_number).ok_or(Rejection::UnknownOrder)?;
        if !row.is_open() {
            return Err(Rejection::OrderClosed);
        }
        let quantity = quantity.unwrap_or(row.quantity.get());
        match row.rich.get().map(|place| &self.rich[place]) {
            Some(held) => {
                let (terms, progress, first) = (held.terms(), held.progress(row.changed_at), self.rich.first(held));
                let before = Before { row, account: held.account(), terms, progress, first, kin: held.kin() };
                self.amend_from(telling, &before, amendment, quantity)
            }
            None => {
                let Rich { account, terms, progress, .. } = rich_native(row, self.clearing.instrument(row.instrument));
                let before = Before { row, account, terms, progress, first: None, kin: &Kin::NONE };
                self.amend_from(telling, &before, amendment, quantity)
            }
        }
    }

    fn amend_from(
        &self,
        telling: &mut Telling<'_>,
        before: &Before<'_>,
        amendment: &Amendment,
        quantity: Quantity,
    ) -> Result<(), Rejection> {
        let &Before { row, account, terms: ref asked, ref progress, first, kin } = before;
        let (instrument, pit) = self.pit(row);
        // What waits for a price has a place in line, and none in the book.
        let waits = !progress.triggered && asked.order_type.waits().is_some();
        let is_aside = self.parts_of(row).is_some();
        let is_at_market = !matches!(row.state, State::Accepted | State::Held) && !waits && !is_aside;
        let mut terms = *asked;
        let fits = amend_terms(&mut terms, (asked, progress), amendment, instrument, telling.at, is_at_market);
        match &kin.group {
            None => fits?,
            Some(group) => with_faults(fits, group.faults_of(amendment, false))?,
        }
        if terms.lots > asked.lots {
            // Its legs are for as much.
            let grows = (terms.lots - asked.lots).saturating_mul(1 + self.held_legs(row).count() as u128);
            self.check_range(instrument, grows)?;
        }
        let order = OrderRef { quantity, ..self.refer(row) };
        let house = self.house_for(row.instrument, &terms, telling.at);
        let arriving = self.incoming(account, &terms, progress.filled);
        let crosses = is_at_market && !matches!(arriving.next(&pit.book, &house), Next::Nothing);
        if crosses && terms.post_only {
            return Err(Rejection::Faulty(vec![OrderFault::PostOnly]));
        }
        let instead = || Instead {
            without: self.committed(row).map(|(_, before)| before),
            with: self.committed_instead(row, &terms, progress),
        };
        self.check_payable(account, row.instrument, instead, telling.at)?;
        let is_trading = instrument.trades(telling.at);
        let trades = is_at_market && is_trading && arriving.acts(&pit.book, &house);
        if is_at_market && is_trading {
            self.clear_the_way(telling, pit, &house, &arriving, usize::MAX);
        }
        let is_same_price = terms.limit_ticks() == asked.limit_ticks();
        let keeps = is_same_price && terms.lots <= asked.lots;
        let waits = self.outside(row).is_some_and(|(came_at, _)| came_at <= telling.at);
        let place = match (is_at_market, trades) {
            (true, true) => InLine::Leaves,
            (true, false) if crosses && !is_trading => InLine::Waits,
            (true, false) if !keeps => InLine::GoesToEnd,
            (false, _) if waits && !keeps => InLine::Waits,
            _ => InLine::Keeps,
        };
        let first = Some(first.copied().unwrap_or(First { quantity: row.quantity.get(), terms: *asked }));
        let (tick, lot) = (instrument.tick(), instrument.lot());
        let rich = Rich { account, tick, lot, terms, progress: *progress, first, kin: *kin };
        telling.tell_amended(|| Amended { order, rich, place });
        if trades {
            self.trade_with(telling, (row, order), &house, account, &terms, progress);
        }
        Ok(())
    }
}

/// What an order asks for that is placed in place of another one: of what is not said, the same, and what was left.
pub(super) fn replaced_terms(
    before: &Rich,
    amendment: &Amendment,
    instrument: &Instrument,
    now: Time,
) -> Result<Terms, Rejection> {
    let left = before.terms.lots.saturating_sub(before.progress.filled);
    let expires_at = before.terms.time_in_force.ends_after(instrument.listing().hours, now);
    let mut terms = Terms { lots: left, expires_at, ..before.terms };
    let (asked, progress) = (terms, Progress::accepted(now));
    let fits = amend_terms(&mut terms, (&asked, &progress), amendment, instrument, now, false);
    match before.kin.group {
        None => fits?,
        Some(group) => with_faults(fits, group.faults_of(amendment, true))?,
    }
    Ok(terms)
}

/// The same with what else is wrong.
fn with_faults(fits: Result<(), Rejection>, more: Vec<OrderFault>) -> Result<(), Rejection> {
    let mut faults = match fits {
        Ok(()) => Vec::new(),
        Err(Rejection::Faulty(faults)) => faults,
        Err(other) => return Err(other),
    };
    for fault in more {
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Rejection::Faulty(faults)) }
}

/// An order as it is before it is amended.
struct Before<'a> {
    row: &'a Row,
    account: AccountNumber,
    terms: Terms,
    progress: Progress,
    first: Option<&'a First>,
    kin: &'a Kin,
}

/// Makes of what an order asked for what it asks for once it is amended.
fn amend_terms(
    terms: &mut Terms,
    (before, progress): (&Terms, &Progress),
    amendment: &Amendment,
    instrument: &Instrument,
    now: Time,
    is_at_market: bool,
) -> Result<(), Rejection> {
    let Amendment { qty, limit_price, stop, time_in_force } = amendment;
    // What it has asked for all along is not looked at again: a native order may be larger than others.
    let mut faults = Vec::new();
    if limit_price.is_some() && before.limit_ticks().is_none() {
        faults.push(OrderFault::No(PriceOf::Limit));
    }
    let fault = stop.and_then(|stop| fault_of_stop(stop, before, progress));
    faults.extend(fault);
    if let Some(time_in_force) = *time_in_force {
        if time_in_force != before.time_in_force {
            terms.time_in_force = time_in_force;
            terms.expires_at = time_in_force.ends_after(instrument.listing().hours, now);
        }
        // What is not to trade when it arrives cannot be one that trades at once, or not at all.
        if (is_at_market || before.post_only) && !time_in_force.stands() {
            faults.push(OrderFault::TimeInForce);
        }
    }
    match qty.map(|qty| instrument.lots_asked(qty)) {
        None => {}
        Some(_) if before.notional().is_some() => faults.push(OrderFault::Notional),
        Some(Ok(lots)) if lots <= progress.filled => faults.push(OrderFault::QuantityFilled),
        Some(Ok(lots)) => terms.lots = lots,
        Some(Err(fault)) => faults.push(fault),
    }
    let stop = stop.as_ref().filter(|_| fault.is_none());
    instrument.amend_type(&mut terms.order_type, limit_price.as_ref(), stop, &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(Rejection::Faulty(faults)) }
}

/// Why an order cannot wait for this instead.
fn fault_of_stop(stop: AskedStop, before: &Terms, progress: &Progress) -> Option<OrderFault> {
    let (has_it, price) = match (stop, before.order_type) {
        (AskedStop::At(_), now) => (matches!(now, OrderType::Stop { .. } | OrderType::StopLimit { .. }), PriceOf::Stop),
        (_, now) => (matches!(now, OrderType::TrailingStop { .. }), PriceOf::Trail),
    };
    match has_it {
        false => Some(OrderFault::No(price)),
        true => progress.triggered.then_some(OrderFault::Triggered),
    }
}
