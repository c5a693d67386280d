//! What a new order must be, to be accepted.

use std::cell::OnceCell;

use super::Exchange;
use super::ruling::Ordered;
use super::telling::Telling;
use crate::accounts::clearing::Clearing;
use crate::accounts::commitments::{Committed, Instead};
use crate::accounts::ledger::AccountNumber;
use crate::command::{Rejection, Submit};
use crate::event::{Accepted, Body};
use crate::market::hours::Hours;
use crate::market::instrument::{Instrument, Trading};
use crate::market::triggers::Trail;
use crate::orders::kin::Kin;
use crate::orders::order::Order;
use crate::orders::origin::Origin;
use crate::orders::terms::{Asked, AskedStop, OrderFault, OrderType, PriceOf, Progress, Rich, Terms, TimeInForce};
use crate::values::{Decimal, Money, Time};

/// All that is counted, and may be at stake, comes to no more: whatever happens, nothing leaves the range.
pub(super) const COUNTED_AT_MOST: i128 = i128::MAX / 8;

impl Exchange {
    #[inline(never)]
    pub(super) fn submit(&self, telling: &mut Telling<'_>, submit: &Submit) -> Result<(), Rejection> {
        let Submit { id, symbol, mut quantity, delay_us, ref origin, ref asked } = *submit;
        let asked = asked.as_ref();
        let account = asked.map_or(Clearing::DEFAULT, |asked| asked.account);
        self.trading_account(account)?;
        let own = origin.as_deref();
        self.check_names(own, account, |order| order.is_for(symbol, quantity, (asked, None), own))?;
        // Whatever comes out as a native order is one.
        let asked = asked.filter(|asked| !asked.is_native(quantity));
        let (number, unknown) = (self.clearing.find(symbol), OnceCell::new());
        let listed = number.map(|number| self.clearing.instrument(number));
        let instrument = match (listed, asked) {
            (Some(instrument), _) => instrument,
            (None, Some(_)) => return Err(Rejection::UnknownSymbol),
            (None, None) if !self.lists_unknown => return Err(Rejection::UnknownSymbol),
            (None, None) => {
                let instrument = || Instrument::new(self.unknown(symbol)).expect("it can be listed");
                unknown.get_or_init(instrument)
            }
        };
        let mut terms =
            asked.map(|asked| instrument.terms(asked, telling.at)).transpose().map_err(Rejection::Faulty)?;
        if terms.is_some() && instrument.status == Trading::Closed {
            return Err(Rejection::InstrumentClosed);
        }
        if let Some(terms) = &mut terms
            && let Some(sum) = terms.notional()
        {
            (terms.lots, quantity) =
                self.bought_for(sum, symbol, terms.side, telling.at).ok_or(Rejection::OutOfRange)?;
        }
        let most = terms.map_or_else(|| instrument.whole_lots(quantity), |terms| instrument.most_lots(&terms));
        self.check_range(instrument, most)?;
        let ordered = Ordered { symbol, quantity, asked, origin: own };
        let Some(ruling) = self.ruling(telling, &ordered) else { return Ok(()) };
        if let (Some(number), Some(terms)) = (number, &terms) {
            let with = || Some(Committed::of(instrument, terms, &Progress::accepted(telling.at)));
            self.check_payable(account, number, || Instead { without: None, with: with() }, telling.at)?;
        }
        self.check_room(1)?;
        if listed.is_none() {
            self.check_instruments()?;
            telling.tell(Body::Listed(Box::new(*instrument.listing())));
        }
        let at = telling.at;
        let rich = terms.as_ref().map(|terms| {
            let (tick, lot) = (instrument.tick(), instrument.lot());
            let (terms, progress) = (*terms, Progress::accepted(at));
            let (first, kin) = (None, Kin::default());
            telling.told.rich(|| Rich { account, tick, lot, terms, progress, first, kin })
        });
        let due_at = ruling.comes_at(at.plus_us(delay_us));
        let accepted = Accepted { id, symbol, quantity, due_at, origin: origin.clone(), rich };
        self.tell_accepted(telling, accepted, ruling);
        Ok(())
    }

    /// Whoever repeats a request is told the order that it placed, whoever reuses a name for another order is refused.
    pub(super) fn check_names(
        &self,
        origin: Option<&Origin>,
        account: AccountNumber,
        is_it: impl Fn(&Order) -> bool,
    ) -> Result<(), Rejection> {
        if origin.is_none() {
            return Ok(());
        }
        let mut placed = None;
        for name in origin.into_iter().flat_map(|origin| origin.names_in(account)) {
            match self.find_named(&name) {
                None => {}
                Some(order) if is_it(&order) => placed = placed.or(Some(order.accepted_number)),
                Some(_) => return Err(Rejection::NameTaken(name)),
            }
        }
        placed.map_or(Ok(()), |accepted| Err(Rejection::AlreadyPlaced(accepted)))
    }

    /// All that is counted must stay so, whatever trades at whatever price.
    pub(super) fn check_range(&self, instrument: &Instrument, lots: u128) -> Result<(), Rejection> {
        let worth = if lots == 0 { Some(Money::ZERO) } else { instrument.highest_worth(lots) };
        let sum = worth
            .and_then(|worth| worth.0.checked_add(self.at_stake.0)?.checked_add(self.clearing.ledger().extent().0));
        if sum.is_some_and(|sum| sum <= COUNTED_AT_MOST) { Ok(()) } else { Err(Rejection::OutOfRange) }
    }

    pub(super) fn check_room(&self, orders: usize) -> Result<(), Rejection> {
        if self.open + orders > self.max_orders { Err(Rejection::BookFull) } else { Ok(()) }
    }
}

impl Instrument {
    /// What a client asks for, in ticks and lots, for an order that is accepted at this time.
    ///
    /// # Errors
    /// All that the instrument does not allow.
    pub fn terms(&self, asked: &Asked, at: Time) -> Result<Terms, Vec<OrderFault>> {
        let Asked { side, limit_price, stop, time_in_force, post_only, qty, notional, .. } = asked;
        let (side, time_in_force, post_only) = (*side, *time_in_force, *post_only);
        // Nearly all say a quantity and a price, and have nothing wrong.
        if let (Some(price), None, None) = (limit_price, stop, notional)
            && let (Ok(lots), Some(ticks)) = (self.lots_asked(*qty), self.ticks(*price))
        {
            let expires_at = time_in_force.ends_after(self.listing().hours, at);
            let order_type = OrderType::Limit { ticks };
            return Ok(Terms { side, order_type, time_in_force, post_only, lots, expires_at });
        }
        let lots = if notional.is_some() { Ok(0) } else { self.lots_asked(*qty) };
        let mut faults = Vec::new();
        faults.extend(lots.err());
        let is_market = stop.is_none() && limit_price.is_none();
        if notional.is_some_and(|sum| !is_market || sum <= Money::ZERO || *qty != Decimal::ZERO) {
            faults.push(OrderFault::Notional);
        }
        let begun = match (stop, limit_price) {
            (None, None) => notional.map_or(OrderType::Market, |sum| OrderType::Notional { sum }),
            (None, Some(_)) => OrderType::Limit { ticks: 1 },
            (Some(AskedStop::At(_)), None) => OrderType::Stop { stop: 1 },
            (Some(AskedStop::At(_)), Some(_)) => OrderType::StopLimit { stop: 1, limit: 1 },
            (Some(_), _) => OrderType::TrailingStop { trail: Trail::Ticks(1) },
        };
        let mut order_type = begun;
        self.amend_type(&mut order_type, limit_price.as_ref(), stop.as_ref(), &mut faults);
        match lots {
            Ok(lots) if faults.is_empty() => {
                let expires_at = time_in_force.ends_after(self.listing().hours, at);
                Ok(Terms { side, order_type, time_in_force, post_only, lots, expires_at })
            }
            _ => Err(faults),
        }
    }

    /// Gives a type the prices that are asked for; what is wrong with them is noted.
    pub(super) fn amend_type(
        &self,
        order_type: &mut OrderType,
        limit: Option<&Decimal>,
        stop: Option<&AskedStop>,
        faults: &mut Vec<OrderFault>,
    ) {
        if let (Some(price), OrderType::Limit { ticks } | OrderType::StopLimit { limit: ticks, .. }) =
            (limit, &mut *order_type)
        {
            match self.price_asked(PriceOf::Limit, *price) {
                Ok(asked) => *ticks = asked,
                Err(fault) => faults.push(fault),
            }
        }
        if let Some(stop) = stop {
            self.amend_stop(order_type, *stop, faults);
        }
    }

    fn amend_stop(&self, order_type: &mut OrderType, asked: AskedStop, faults: &mut Vec<OrderFault>) {
        let mut set = |of: PriceOf, price: Decimal, own: &mut u64| match self.price_asked(of, price) {
            Ok(ticks) => *own = ticks,
            Err(fault) => faults.push(fault),
        };
        match (asked, order_type) {
            (AskedStop::At(price), OrderType::Stop { stop } | OrderType::StopLimit { stop, .. }) => {
                set(PriceOf::Stop, price, stop);
            }
            (AskedStop::Behind(distance), OrderType::TrailingStop { trail }) => {
                let mut ticks = 1;
                set(PriceOf::Trail, distance, &mut ticks);
                *trail = Trail::Ticks(ticks);
            }
            (AskedStop::BehindPercent(percent), OrderType::TrailingStop { trail }) => match Trail::percent(percent) {
                Some(percent) => *trail = percent,
                None => faults.push(OrderFault::TrailPercent),
            },
            (_, _) => {}
        }
    }

    /// What a client asks for of it, in lots.
    #[inline]
    pub(super) fn lots_asked(&self, qty: Decimal) -> Result<u128, OrderFault> {
        let (least, most) = self.limits();
        if let Some(lots) = self.lot().count_64(qty) {
            return if (least..=most).contains(&lots) { Ok(lots.into()) } else { Err(OrderFault::QuantityRange) };
        }
        Err(self.fault_of_lots(qty))
    }

    #[cold]
    fn fault_of_lots(&self, qty: Decimal) -> OrderFault {
        let is_too_many = self.lot().count(qty).is_some_and(|lots| lots > 0);
        if is_too_many { OrderFault::QuantityRange } else { OrderFault::QuantityLot }
    }

    /// A price that a client asks for, in ticks.
    #[inline]
    pub(super) fn price_asked(&self, of: PriceOf, price: Decimal) -> Result<u64, OrderFault> {
        self.ticks(price).ok_or_else(|| self.fault_of_price(of, price))
    }

    #[cold]
    fn fault_of_price(&self, of: PriceOf, price: Decimal) -> OrderFault {
        match self.tick().count(price) {
            Some(_) => OrderFault::PriceRange(of),
            None => OrderFault::PriceTick(of),
        }
    }
}

impl TimeInForce {
    /// When an order ends by itself that asks for this at this time, of an instrument with these hours.
    pub(super) fn ends_after(self, hours: Hours, at: Time) -> Option<Time> {
        (self == TimeInForce::Day).then(|| hours.day_ends(at))
    }
}
