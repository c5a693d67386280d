//! What a new order with legs must be, to be accepted; and what of a group may be asked for otherwise.

use super::Exchange;
use super::ruling::Ordered;
use super::telling::Telling;
use crate::accounts::commitments::{Committed, Instead};
use crate::command::{Rejection, SubmitGroup};
use crate::event::Accepted;
use crate::market::instrument::{Instrument, Trading};
use crate::orders::group::{AskedGroup, Group, GroupClass, Legs, Loss, Role};
use crate::orders::kin::Kin;
use crate::orders::terms::{Amendment, Asked, OrderFault, OrderType, PriceOf, Progress, Rich, Terms, TimeInForce};
use crate::values::{Decimal, Number};

impl Exchange {
    pub(super) fn submit_group(&self, telling: &mut Telling<'_>, submit: &SubmitGroup) -> Result<(), Rejection> {
        let SubmitGroup { id, legs: ids, symbol, quantity, delay_us, ref origin, asked, group } = *submit;
        self.trading_account(asked.account)?;
        let own = origin.as_deref();
        let asks = (Some(&asked), Some(&group));
        self.check_names(own, asked.account, |order| order.is_for(symbol, quantity, asks, own))?;
        let number = self.clearing.find(symbol).ok_or(Rejection::UnknownSymbol)?;
        let (instrument, at) = (self.clearing.instrument(number), telling.at);
        let terms = instrument.terms(&asked, at);
        let (terms, legs) = match (terms, instrument.legs(&asked, &group)) {
            (Ok(terms), Ok(legs)) => (terms, legs),
            (terms, legs) => {
                let faults = [terms.err(), legs.err()];
                return Err(Rejection::Faulty(faults.into_iter().flatten().flatten().collect()));
            }
        };
        if instrument.status == Trading::Closed {
            return Err(Rejection::InstrumentClosed);
        }
        let of_legs = legs.terms(group.class, &terms);
        let orders = 1 + of_legs.iter().flatten().count();
        self.check_range(instrument, terms.lots.saturating_mul(orders as u128))?;
        let ordered = Ordered { symbol, quantity, asked: Some(&asked), origin: own };
        let Some(mut ruling) = self.ruling(telling, &ordered) else { return Ok(()) };
        let commits = |terms: &Terms| Committed::of(instrument, terms, &Progress::accepted(at));
        let with = match of_legs {
            // What the one fills the other loses.
            [_, Some(stop_loss)] if group.class == GroupClass::Oco => commits(&terms).or_greater(commits(&stop_loss)),
            _ => commits(&terms),
        };
        self.check_payable(asked.account, number, || Instead { without: None, with: Some(with) }, at)?;
        self.check_room(orders)?;
        let (class, first, due_at) = (group.class, Number(telling.number.0 + 1), ruling.comes_at(at.plus_us(delay_us)));
        let mut next_id = ids.into_iter();
        let leg_ids = of_legs.map(|terms| terms.and_then(|_| next_id.next()));
        let role = if class == GroupClass::Oco { Role::TakeProfit } else { Role::Parent };
        let head = Group { class, first, role, held: false, parent: None, legs: leg_ids, asked: Some(legs) };
        let of_head = (Some((id, terms, head)), origin.clone());
        let of_legs =
            [Role::TakeProfit, Role::StopLoss].into_iter().zip(of_legs).zip(leg_ids).map(|((role, terms), id)| {
                let held = class != GroupClass::Oco;
                let leg = Group { class, first, role, held, parent: Some(submit.id), legs: [None; 2], asked: None };
                (id.zip(terms).map(|(id, terms)| (id, terms, leg)), None)
            });
        for (order, origin) in std::iter::once(of_head).chain(of_legs) {
            let Some((id, terms, group)) = order else { continue };
            let (tick, lot, progress) = (instrument.tick(), instrument.lot(), Progress::accepted(at));
            let kin = Kin { group: Some(group), ..Kin::default() };
            let rich = Rich { account: asked.account, tick, lot, terms, progress, first: None, kin };
            let rich = Some(telling.told.rich(|| rich));
            let accepted = Accepted { id, symbol, quantity, due_at, origin, rich };
            // Rules look at the order that is placed: its legs follow from it.
            self.tell_accepted(telling, accepted, std::mem::take(&mut ruling));
        }
        Ok(())
    }
}

impl Instrument {
    /// What a client asks for of the legs of an order, in ticks.
    ///
    /// # Errors
    /// All that the instrument does not allow, and that no group is.
    pub fn legs(&self, asked: &Asked, group: &AskedGroup) -> Result<Legs, Vec<OrderFault>> {
        let mut faults = Vec::new();
        if !group.can_be_of(asked) {
            faults.push(OrderFault::Group);
        }
        let mut price =
            |of: PriceOf, price: Decimal| self.price_asked(of, price).map_err(|fault| faults.push(fault)).ok();
        let take_profit = group.take_profit.map(|profit| price(PriceOf::TakeProfit, profit));
        let stop_loss = group.stop_loss.map(|loss| {
            let stop = price(PriceOf::LossStop, loss.stop);
            Loss { stop, limit: loss.limit.map(|limit| price(PriceOf::LossLimit, limit)) }
        });
        if !faults.is_empty() {
            return Err(faults);
        }
        let stop_loss = stop_loss.and_then(|Loss { stop, limit }| Some(Loss { stop: stop?, limit: limit.flatten() }));
        Ok(Legs { take_profit: take_profit.flatten(), stop_loss })
    }
}

impl AskedGroup {
    /// Whether an order that asks for this can have these legs.
    #[must_use]
    pub fn can_be_of(&self, asked: &Asked) -> bool {
        let stands = asked.time_in_force.stands();
        let fits = match self.class {
            GroupClass::Bracket => stands && self.take_profit.is_some() && self.stop_loss.is_some(),
            GroupClass::Oto => stands && self.legs() == 1,
            GroupClass::Oco => asked.limit_price.is_some() && self.take_profit.is_none() && self.stop_loss.is_some(),
        };
        fits && asked.stop.is_none() && asked.notional.is_none()
    }
}

impl Legs {
    /// What the legs of an order ask for: the one that takes a profit, the one that stops a loss.
    fn terms(&self, class: GroupClass, of: &Terms) -> [Option<Terms>; 2] {
        let (time_in_force, expires_at) = match of.time_in_force.stands() {
            true => (of.time_in_force, of.expires_at),
            false => (TimeInForce::GoodTillCancelled, None),
        };
        let side = if class == GroupClass::Oco { of.side } else { of.side.other() };
        let leg = |order_type| Terms { side, order_type, time_in_force, post_only: false, lots: of.lots, expires_at };
        let take_profit = self.take_profit.map(|ticks| leg(OrderType::Limit { ticks }));
        let stop_loss = self.stop_loss.map(|Loss { stop, limit }| match limit {
            Some(limit) => leg(OrderType::StopLimit { stop, limit }),
            None => leg(OrderType::Stop { stop }),
        });
        [take_profit, stop_loss]
    }
}

impl Group {
    /// What of an amendment no order in this place of a group can ask for.
    pub(super) fn faults_of(&self, amendment: &Amendment, replaces: bool) -> Vec<OrderFault> {
        let has_own_quantity = match self.class {
            GroupClass::Bracket => !self.is_leg(),
            GroupClass::Oto => !self.is_leg() && !replaces,
            GroupClass::Oco => false,
        };
        let quantity = amendment.qty.is_some() && !has_own_quantity;
        let time = amendment.time_in_force.is_some_and(|time| !time.stands());
        let faults = [quantity.then_some(OrderFault::QuantityOfGroup), time.then_some(OrderFault::TimeInForce)];
        faults.into_iter().flatten().collect()
    }
}
