//! What an open order may ask for instead.
//!
//! It keeps its place where the price is the same and the quantity not greater; else it goes to the end of the line,
//! and what crosses by its new price trades at once.

use super::Exchange;
use super::arrive::{incoming, rich_native};
use super::telling::Telling;
use crate::command::Rejection;
use crate::event::{Amended, InLine, OrderRef};
use crate::market::instrument::Instrument;
use crate::market::matching::Next;
use crate::orders::state::State;
use crate::orders::terms::{Amendment, Asked, First, OrderFault, Rich, Terms, TimeInForce};
use crate::values::{Number, Quantity, Time};

impl Exchange {
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
        let (instrument, pit) = self.pit(row);
        let before = self.rich_of(row, instrument).unwrap_or_else(|| rich_native(row, instrument));
        let has_arrived = row.state != State::Accepted;
        let terms = amended_terms(&before, amendment, instrument, telling.at, has_arrived)?;
        let quantity = quantity.unwrap_or(row.quantity);
        self.check_range(instrument, terms.lots.saturating_sub(before.terms.lots))?;
        let order = OrderRef { quantity, ..self.refer(row) };
        let house = self.quoting.house(instrument, &pit.taken, telling.at);
        let arriving = incoming(before.account, &terms, before.progress.filled);
        let trades = has_arrived && !matches!(arriving.next(&pit.book, &house), Next::Nothing);
        if trades && terms.post_only {
            return Err(Rejection::Faulty(vec![OrderFault::PostOnly]));
        }
        let is_same_price = terms.limit_ticks() == before.terms.limit_ticks();
        let place = match (has_arrived, trades) {
            (true, true) => InLine::Leaves,
            (true, false) if !is_same_price || terms.lots > before.terms.lots => InLine::GoesToEnd,
            _ => InLine::Keeps,
        };
        let asked_first = || Some(Box::new(First { quantity: row.quantity, terms: before.terms }));
        let first = before.first.or_else(asked_first);
        let (account, progress) = (before.account, before.progress);
        let rich = Rich { terms, first, ..before };
        let amended = telling.told.amended(Amended { order, rich, place });
        telling.tell(amended);
        if trades {
            self.trade_with(telling, (row, order), &house, account, &terms, &progress);
        }
        Ok(())
    }
}

/// What an order asks for once it is amended.
fn amended_terms(
    before: &Rich,
    amendment: &Amendment,
    instrument: &Instrument,
    now: Time,
    has_arrived: bool,
) -> Result<Terms, Rejection> {
    let Amendment { qty, limit_price, time_in_force } = *amendment;
    // What was accepted is asked for again as it was: its quantity can be written, as it was read.
    let asked = before.asked().ok_or(Rejection::OutOfRange)?;
    let mut faults = Vec::new();
    if limit_price.is_some() && asked.limit_price.is_none() {
        faults.push(OrderFault::NoLimitPrice);
    }
    let stands = |time| matches!(time, TimeInForce::GoodTillCancelled | TimeInForce::Day);
    // What is not to trade when it arrives cannot be one that trades at once, or not at all.
    if (has_arrived || asked.post_only) && time_in_force.is_some_and(|time| !stands(time)) {
        faults.push(OrderFault::TimeInForce);
    }
    let asked = Asked {
        qty: qty.unwrap_or(asked.qty),
        limit_price: asked.limit_price.map(|price| limit_price.unwrap_or(price)),
        time_in_force: time_in_force.unwrap_or(asked.time_in_force),
        ..asked
    };
    let terms = instrument.terms(&asked, now);
    let found = terms.as_ref().err().into_iter().flatten().copied();
    // What it has asked for all along is no fault of the amendment.
    let is_of_quantity = |fault: &OrderFault| matches!(fault, OrderFault::QuantityLot | OrderFault::QuantityRange);
    let mut found: Vec<OrderFault> = found.filter(|fault| qty.is_some() || !is_of_quantity(fault)).collect();
    let lots = qty.and_then(|qty| qty.steps(instrument.lot().size())).and_then(|lots| u128::try_from(lots).ok());
    if lots.is_some_and(|lots| lots <= before.progress.filled) && !found.iter().any(is_of_quantity) {
        found.insert(0, OrderFault::QuantityFilled);
    }
    faults.append(&mut found);
    if !faults.is_empty() {
        return Err(Rejection::Faulty(faults));
    }
    let keeps_day = asked.time_in_force == before.terms.time_in_force;
    let expires_at = if keeps_day { before.terms.expires_at } else { asked.expires_at(now) };
    // A native order may be larger than others.
    Ok(Terms { expires_at, ..terms.unwrap_or(Terms { time_in_force: asked.time_in_force, ..before.terms }) })
}
