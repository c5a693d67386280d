//! What the twin does with orders because somebody wants it.

use std::rc::Rc;
use std::sync::Arc;

use tradepit_engine::{
    Act, Body, Decimal, Ending, Hindrance, Number, OrderFault, PriceOf, ReasonText, Rejection, Rescheduled, Scripted,
    Side, State, Then,
};

use super::Naive;
use super::terms::limit;
use crate::accounts::HOUSE;
use crate::market::{Market, is_better};

impl Naive {
    pub(super) fn act(&mut self, at: i64, accepted: Number, act: &Act) -> Result<(), Rejection> {
        let place = self.find(accepted).ok_or(Rejection::UnknownOrder)?;
        if !self.orders[place].is_open() {
            return Err(Rejection::OrderClosed);
        }
        self.hindrance(at, place, act).map_or(Ok(()), |hindrance| Err(Rejection::Hindered(hindrance)))?;
        match act {
            Act::Arrive | Act::Release => self.come_at(at, place, Some(at)),
            Act::Hold => self.come_at(at, place, None),
            Act::Fill { qty, price } => self.fill_by_hand(at, place, *qty, *price)?,
            Act::Reject { text } => self.end_by_hand(at, place, (Ending::Refused, State::Rejected), text.as_ref()),
            Act::Cancel => self.end_by_hand(at, place, (Ending::Script, State::Cancelled), None),
            Act::Expire => self.end_by_hand(at, place, (Ending::Expired, State::Expired), None),
        }
        Ok(())
    }

    /// What of how an order stands is in the way.
    fn hindrance(&self, at: i64, place: usize, act: &Act) -> Option<Hindrance> {
        let entry = &self.orders[place];
        match (act, entry.state) {
            (Act::Cancel | Act::Expire, _) => None,
            (_, State::Held) => Some(Hindrance::WaitsForParent),
            (Act::Fill { .. }, State::Accepted) => Some(Hindrance::NotArrived),
            (Act::Fill { .. }, _) if entry.waits() => Some(Hindrance::WaitsForPrice),
            (Act::Fill { .. }, _) => (!self.trades(&entry.market, at)).then_some(Hindrance::NotTrading),
            (_, State::New | State::PartiallyFilled) => Some(Hindrance::HasArrived),
            // It was there before, and waits outside now.
            (_, _) if entry.line.is_some() => Some(Hindrance::HasArrived),
            (Act::Reject { .. }, _) => None,
            (_, _) if entry.outside && entry.due_at.is_some_and(|due_at| due_at <= at) => Some(Hindrance::HasArrived),
            (Act::Release, _) => entry.due_at.map(|_| Hindrance::NotOnHold),
            (_, _) => None,
        }
    }

    fn come_at(&mut self, at: i64, place: usize, due_at: Option<i64>) {
        let entry = &self.orders[place];
        let is_so_already = match (entry.due_at, due_at) {
            (Some(before), Some(now)) => before <= now,
            (None, None) => true,
            (_, _) => false,
        };
        if is_so_already {
            return;
        }
        let rich = (!entry.is_rich).then(|| Arc::new(entry.rich()));
        let order = self.refer(place);
        self.tell(at, 1, 0, Body::Rescheduled(Rescheduled { order, due_at: due_at.map(tradepit_engine::Time), rich }));
        let number = self.last_number;
        let entry = &mut self.orders[place];
        (entry.number, entry.updated_at, entry.due_at, entry.is_rich) = (number, at, due_at, true);
        self.orders[place].outside = self.is_for_outside(place, at);
    }

    fn end_by_hand(&mut self, at: i64, place: usize, (ending, state): (Ending, State), text: Option<&ReasonText>) {
        let entry = &self.orders[place];
        let rich = (!entry.is_rich).then(|| entry.rich());
        let (order, text) = (self.refer(place), text.cloned());
        let entry = &mut self.orders[place];
        (entry.is_rich, entry.ending, entry.reason_text) = (true, Some(ending), text.clone());
        self.close(place, state, at, Body::Scripted(Box::new(Scripted { order, ending, text, rich })));
    }

    /// The house trades with an order in the book, at a price that this takes.
    fn fill_by_hand(
        &mut self,
        at: i64,
        place: usize,
        qty: Option<Decimal>,
        price: Option<Decimal>,
    ) -> Result<(), Rejection> {
        let market = Rc::clone(&self.orders[place].market);
        let (left, terms) = (self.orders[place].left(), self.orders[place].terms);
        let worst = limit(&terms).expect("what rests has a limit");
        let mut faults = Vec::new();
        let lots = match qty.map(|qty| Market::count(qty, market.lot)) {
            None => left,
            Some(Some(lots)) if lots > 0 && lots.unsigned_abs() <= left => lots.unsigned_abs(),
            Some(other) => {
                faults.push(match other {
                    None => OrderFault::QuantityLot,
                    Some(lots) if lots > 0 => OrderFault::QuantityLeft,
                    Some(_) => OrderFault::QuantityRange,
                });
                0
            }
        };
        let highest = 100 * i128::from(market.reference_ticks);
        let ticks = match price.map(|price| Market::count(price, market.tick)) {
            None => Ok(worst),
            Some(None) => Err(OrderFault::PriceTick(PriceOf::Fill)),
            Some(Some(ticks)) if ticks < 1 || ticks > highest => Err(OrderFault::PriceRange(PriceOf::Fill)),
            Some(Some(ticks)) => {
                let ticks = u64::try_from(ticks).expect("in range");
                if is_better(terms.side, worst, ticks) { Err(OrderFault::PriceBeyond) } else { Ok(ticks) }
            }
        };
        let ticks = ticks.map_err(|fault| faults.push(fault)).unwrap_or(0);
        if !faults.is_empty() {
            return Err(Rejection::Faulty(faults));
        }
        let mut wanted = lots;
        for (offered, some) in self.left_for(&market, terms.side, ticks, at) {
            let taken = wanted.min(some);
            wanted -= taken;
            if taken > 0 {
                self.take(at, &market, terms.side.other(), offered, taken);
            }
        }
        let worth = market.worth(ticks, lots).expect("in range");
        let own = (self.orders[place].account, market.fee(worth, true));
        let (buyer, seller) = if terms.side == Side::Buy { (own, (HOUSE, 0)) } else { ((HOUSE, 0), own) };
        self.deal(&market, (ticks, lots, worth), buyer, seller);
        let (trade, then) = (self.last_number + 1, if left == lots { Then::Closes } else { Then::Rests });
        self.take_part(at, place, (ticks, lots, worth), (trade, own, Some((HOUSE, 0))), true, then);
        Ok(())
    }
}
