//! What a new order must be, to be accepted.

use std::cell::OnceCell;

use super::Exchange;
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
use crate::values::{Decimal, Time};

/// All that is counted, and may be at stake, comes to no more: whatever happens, nothing leaves the range.
pub(super) const COUNTED_AT_MOST: i128 = i128::MAX / 8;

impl Exchange {
    pub(super) fn submit(&self, telling: &mut Telling<'_>, submit: &Submit) -> Result<(), Rejection> {
        let account = submit.asked.map_or(Clearing::DEFAULT, |asked| asked.account);
        self.trading_account(account)?;
        let Submit { id, symbol, quantity, delay_us, ref origin, asked } = *submit;
        let own = origin.as_deref();
        self.check_names(own, account, |order| order.is_for(symbol, quantity, asked.as_ref(), own))?;
        // Whatever comes out as a native order is one.
        let asked = asked.filter(|asked| Asked::native(quantity) != Some(*asked));
        let (listed, unknown) = (self.instrument(symbol), OnceCell::new());
        let instrument = match (listed, asked) {
            (Some(instrument), _) => instrument,
            (None, Some(_)) => return Err(Rejection::UnknownSymbol),
            (None, None) if !self.lists_unknown => return Err(Rejection::UnknownSymbol),
            (None, None) => {
                let instrument = || Instrument::new(self.unknown(symbol)).expect("it can be listed");
                unknown.get_or_init(instrument)
            }
        };
        let terms = asked.map(|asked| instrument.terms(&asked, telling.at)).transpose().map_err(Rejection::Faulty)?;
        if terms.is_some() && instrument.status == Trading::Closed {
            return Err(Rejection::InstrumentClosed);
        }
        let lots = terms.map_or_else(|| instrument.whole_lots(quantity), |terms| terms.lots);
        self.check_range(instrument, lots)?;
        if let (Some(number), Some(terms)) = (self.clearing.find(symbol), &terms) {
            let with = Some(Committed::of(instrument, terms, &Progress::accepted(telling.at)));
            self.check_payable(account, number, Instead { without: None, with }, telling.at)?;
        }
        self.check_room()?;
        if listed.is_none() {
            self.check_instruments()?;
            telling.tell(Body::Listed(Box::new(*instrument.listing())));
        }
        let at = telling.at;
        let rich = terms.map(|terms| {
            let (tick, lot) = (instrument.tick(), instrument.lot());
            let progress = Progress::accepted(at);
            let (first, kin) = (None, Kin::default());
            telling.told.rich(Rich { account, tick, lot, terms, progress, first, kin })
        });
        let due_at = at.plus_us(delay_us);
        telling.tell(Body::Accepted(Accepted { id, symbol, quantity, due_at, origin: origin.clone(), rich }));
        Ok(())
    }

    /// Whoever repeats a request is told the order that it placed, whoever reuses a name for another order is refused.
    pub(super) fn check_names(
        &self,
        origin: Option<&Origin>,
        account: AccountNumber,
        is_it: impl Fn(&Order) -> bool,
    ) -> Result<(), Rejection> {
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
        let worth = instrument.highest_worth(lots);
        let sum = worth
            .and_then(|worth| worth.0.checked_add(self.at_stake.0)?.checked_add(self.clearing.ledger().extent().0));
        if sum.is_some_and(|sum| sum <= COUNTED_AT_MOST) { Ok(()) } else { Err(Rejection::OutOfRange) }
    }

    fn check_room(&self) -> Result<(), Rejection> {
        if self.open >= self.max_orders { Err(Rejection::BookFull) } else { Ok(()) }
    }
}

impl Instrument {
    /// What a client asks for, in ticks and lots, for an order that is accepted at this time.
    ///
    /// # Errors
    /// All that the instrument does not allow.
    pub fn terms(&self, asked: &Asked, at: Time) -> Result<Terms, Vec<OrderFault>> {
        let Asked { side, limit_price, stop, time_in_force, post_only, qty, .. } = *asked;
        let lots = self.lots_asked(qty);
        let mut faults: Vec<OrderFault> = lots.err().into_iter().collect();
        let begun = match (stop, limit_price) {
            (None, None) => OrderType::Market,
            (None, Some(_)) => OrderType::Limit { ticks: 1 },
            (Some(AskedStop::At(_)), None) => OrderType::Stop { stop: 1 },
            (Some(AskedStop::At(_)), Some(_)) => OrderType::StopLimit { stop: 1, limit: 1 },
            (Some(_), _) => OrderType::TrailingStop { trail: Trail::Ticks(1) },
        };
        let mut order_type = begun;
        self.amend_type(&mut order_type, (limit_price, stop), &mut faults);
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
        (limit, stop): (Option<Decimal>, Option<AskedStop>),
        faults: &mut Vec<OrderFault>,
    ) {
        let mut set = |of: PriceOf, price: Decimal, own: &mut u64| match self.price_asked(of, price) {
            Ok(ticks) => *own = ticks,
            Err(fault) => faults.push(fault),
        };
        if let (Some(price), OrderType::Limit { ticks } | OrderType::StopLimit { limit: ticks, .. }) =
            (limit, &mut *order_type)
        {
            set(PriceOf::Limit, price, ticks);
        }
        match (stop, order_type) {
            (Some(AskedStop::At(price)), OrderType::Stop { stop } | OrderType::StopLimit { stop, .. }) => {
                set(PriceOf::Stop, price, stop);
            }
            (Some(AskedStop::Behind(distance)), OrderType::TrailingStop { trail }) => {
                let mut ticks = 1;
                set(PriceOf::Trail, distance, &mut ticks);
                *trail = Trail::Ticks(ticks);
            }
            (Some(AskedStop::BehindPercent(percent)), OrderType::TrailingStop { trail }) => {
                match Trail::percent(percent) {
                    Some(percent) => *trail = percent,
                    None => faults.push(OrderFault::TrailPercent),
                }
            }
            (_, _) => {}
        }
    }

    /// What a client asks for of it, in lots.
    pub(super) fn lots_asked(&self, qty: Decimal) -> Result<u128, OrderFault> {
        let (least, most) = self.limits();
        let lots = self.lot().count(qty).and_then(|lots| u128::try_from(lots).ok()).ok_or(OrderFault::QuantityLot)?;
        let is_within = (u128::from(least)..=u128::from(most)).contains(&lots);
        if is_within { Ok(lots) } else { Err(OrderFault::QuantityRange) }
    }

    /// A price that a client asks for, in ticks.
    fn price_asked(&self, of: PriceOf, price: Decimal) -> Result<u64, OrderFault> {
        self.ticks(price).ok_or_else(|| match self.tick().count(price) {
            Some(_) => OrderFault::PriceRange(of),
            None => OrderFault::PriceTick(of),
        })
    }
}

impl TimeInForce {
    /// When an order ends by itself that asks for this at this time, of an instrument with these hours.
    pub(super) fn ends_after(self, hours: Hours, at: Time) -> Option<Time> {
        (self == TimeInForce::Day).then(|| hours.day_ends(at))
    }
}
