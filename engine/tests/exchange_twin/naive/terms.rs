//! What orders ask for, in ticks and lots, or what is wrong with that.

use tradepit_engine::{
    Amendment, Asked, Decimal, OrderFault, OrderType, PriceOf, Quantity, Rejection, Side, State, Terms, Time,
    TimeInForce,
};

use super::Entry;
use crate::market::Market;

const DAY: i64 = 86_400_000_000;

pub(super) fn limit(terms: &Terms) -> Option<u64> {
    match terms.order_type {
        OrderType::Limit { ticks } => Some(ticks),
        _ => None,
    }
}

/// Whether what is left of it rests.
pub(super) fn stays(terms: &Terms) -> bool {
    limit(terms).is_some() && matches!(terms.time_in_force, TimeInForce::GoodTillCancelled | TimeInForce::Day)
}

/// What a native order asks for.
pub(super) fn whole(market: &Market, quantity: Quantity) -> Terms {
    let (order_type, time_in_force) = (OrderType::Market, TimeInForce::GoodTillCancelled);
    let lots = market.whole_lots(quantity);
    Terms { side: Side::Buy, order_type, time_in_force, post_only: false, lots, expires_at: None }
}

pub(super) fn terms(market: &Market, asked: &Asked, at: i64) -> Result<Terms, Vec<OrderFault>> {
    let Asked { side, limit_price, time_in_force, post_only, qty, .. } = *asked;
    let lots = lots(market, qty);
    let ticks = limit_price.map(|price| ticks(market, price)).transpose();
    let faults: Vec<OrderFault> = lots.err().into_iter().chain(ticks.err()).collect();
    let (Ok(lots), Ok(ticks)) = (lots, ticks) else { return Err(faults) };
    let order_type = ticks.map_or(OrderType::Market, |ticks| OrderType::Limit { ticks });
    let expires_at = (time_in_force == TimeInForce::Day).then(|| midnight(at));
    Ok(Terms { side, order_type, time_in_force, post_only, lots, expires_at })
}

pub(super) fn lots(market: &Market, qty: Decimal) -> Result<u128, OrderFault> {
    let lots = Market::count(qty, market.lot).ok_or(OrderFault::QuantityLot)?.unsigned_abs();
    if lots < market.least || lots > market.most { Err(OrderFault::QuantityRange) } else { Ok(lots) }
}

pub(super) fn ticks(market: &Market, price: Decimal) -> Result<u64, OrderFault> {
    let ticks = Market::count(price, market.tick).ok_or(OrderFault::PriceTick(PriceOf::Limit))?;
    let most = 100 * market.reference_ticks;
    u64::try_from(ticks).ok().filter(|ticks| (1..=most).contains(ticks)).ok_or(OrderFault::PriceRange(PriceOf::Limit))
}

/// The end of the day, UTC.
pub(super) fn midnight(at: i64) -> Time {
    Time((at.div_euclid(DAY) + 1).saturating_mul(DAY))
}

/// What an order asks for once it is amended.
pub(super) fn amended_terms(
    market: &Market,
    before: &Entry,
    amendment: &Amendment,
    at: i64,
) -> Result<Terms, Rejection> {
    let Amendment { qty, limit_price, time_in_force, .. } = *amendment;
    let is_here = before.state != State::Accepted;
    let mut faults = Vec::new();
    if limit_price.is_some() && limit(&before.terms).is_none() {
        faults.push(OrderFault::No(PriceOf::Limit));
    }
    let at_once = [Some(TimeInForce::ImmediateOrCancel), Some(TimeInForce::FillOrKill)].contains(&time_in_force);
    if at_once && (is_here || before.terms.post_only) {
        faults.push(OrderFault::TimeInForce);
    }
    let mut terms = before.terms;
    match qty.map(|qty| lots(market, qty)) {
        Some(Ok(lots)) if lots <= before.filled => faults.push(OrderFault::QuantityFilled),
        Some(Ok(lots)) => terms.lots = lots,
        Some(Err(fault)) => faults.push(fault),
        None => {}
    }
    if let (Some(price), OrderType::Limit { .. }) = (limit_price, before.terms.order_type) {
        match ticks(market, price) {
            Ok(ticks) => terms.order_type = OrderType::Limit { ticks },
            Err(fault) => faults.push(fault),
        }
    }
    if let Some(time) = time_in_force.filter(|time| *time != before.terms.time_in_force) {
        terms.time_in_force = time;
        terms.expires_at = (time == TimeInForce::Day).then(|| midnight(at));
    }
    if faults.is_empty() { Ok(terms) } else { Err(Rejection::Faulty(faults)) }
}
