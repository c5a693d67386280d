//! What orders ask for, in ticks and lots, or what is wrong with that.

use tradepit_engine::{
    Amendment, Asked, AskedStop, Decimal, OrderFault, OrderType, PriceOf, Quantity, Rejection, Side, State, Terms,
    Time, TimeInForce, Trail,
};

use super::Entry;
use super::hours::day_ends;
use crate::market::Market;

pub(super) fn limit(terms: &Terms) -> Option<u64> {
    match terms.order_type {
        OrderType::Limit { ticks } | OrderType::StopLimit { limit: ticks, .. } => Some(ticks),
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
    let Asked { side, limit_price, stop, time_in_force, post_only, qty, .. } = *asked;
    let lots = lots(market, qty);
    let limit = limit_price.map(|price| ticks(market, PriceOf::Limit, price)).transpose();
    let stop = stop.map(|stop| stop_of(market, stop)).transpose();
    let faults: Vec<OrderFault> = lots.err().into_iter().chain(limit.err()).chain(stop.err()).collect();
    let (Ok(lots), Ok(limit), Ok(stop)) = (lots, limit, stop) else { return Err(faults) };
    let order_type = match (stop, limit) {
        (None, None) => OrderType::Market,
        (None, Some(ticks)) => OrderType::Limit { ticks },
        (Some(Stop::At(stop)), None) => OrderType::Stop { stop },
        (Some(Stop::At(stop)), Some(limit)) => OrderType::StopLimit { stop, limit },
        (Some(Stop::Behind(trail)), _) => OrderType::TrailingStop { trail },
    };
    let expires_at = (time_in_force == TimeInForce::Day).then(|| Time(day_ends(market, at)));
    Ok(Terms { side, order_type, time_in_force, post_only, lots, expires_at })
}

/// What an order waits for: a price, or one behind the market.
#[derive(Clone, Copy)]
enum Stop {
    At(u64),
    Behind(Trail),
}

fn stop_of(market: &Market, asked: AskedStop) -> Result<Stop, OrderFault> {
    match asked {
        AskedStop::At(price) => ticks(market, PriceOf::Stop, price).map(Stop::At),
        AskedStop::Behind(distance) => {
            ticks(market, PriceOf::Trail, distance).map(|ticks| Stop::Behind(Trail::Ticks(ticks)))
        }
        AskedStop::BehindPercent(percent) => {
            // Six decimals, and neither nothing nor all.
            let part =
                percent.units(6).filter(|part| (1..100_000_000).contains(part)).ok_or(OrderFault::TrailPercent)?;
            Ok(Stop::Behind(Trail::Percent(u64::try_from(part).expect("no sign"))))
        }
    }
}

pub(super) fn lots(market: &Market, qty: Decimal) -> Result<u128, OrderFault> {
    let lots = Market::count(qty, market.lot).ok_or(OrderFault::QuantityLot)?.unsigned_abs();
    if lots < market.least || lots > market.most { Err(OrderFault::QuantityRange) } else { Ok(lots) }
}

fn ticks(market: &Market, of: PriceOf, price: Decimal) -> Result<u64, OrderFault> {
    let ticks = Market::count(price, market.tick).ok_or(OrderFault::PriceTick(of))?;
    let most = 100 * market.reference_ticks;
    u64::try_from(ticks).ok().filter(|ticks| (1..=most).contains(ticks)).ok_or(OrderFault::PriceRange(of))
}

/// What an order asks for once it is amended.
pub(super) fn amended_terms(
    market: &Market,
    before: &Entry,
    amendment: &Amendment,
    at: i64,
) -> Result<Terms, Rejection> {
    let Amendment { qty, limit_price, stop, time_in_force } = *amendment;
    let mut terms = before.terms;
    let mut faults = Vec::new();
    if limit_price.is_some() && limit(&before.terms).is_none() {
        faults.push(OrderFault::No(PriceOf::Limit));
    }
    let no_stop = stop.and_then(|stop| not_waiting_for(before, stop));
    faults.extend(no_stop);
    // What trades, or may already, is not to trade at once or not at all; what waits for a price still can be.
    let is_at_market = before.state != State::Accepted && !before.waits();
    let at_once = [Some(TimeInForce::ImmediateOrCancel), Some(TimeInForce::FillOrKill)].contains(&time_in_force);
    if at_once && (is_at_market || before.terms.post_only) {
        faults.push(OrderFault::TimeInForce);
    }
    match qty.map(|qty| lots(market, qty)) {
        Some(Ok(lots)) if lots <= before.filled => faults.push(OrderFault::QuantityFilled),
        Some(Ok(lots)) => terms.lots = lots,
        Some(Err(fault)) => faults.push(fault),
        None => {}
    }
    let new_limit = limit_price.filter(|_| limit(&before.terms).is_some());
    match new_limit.map(|price| ticks(market, PriceOf::Limit, price)) {
        Some(Ok(ticks)) => terms.order_type = with_limit(terms.order_type, ticks),
        Some(Err(fault)) => faults.push(fault),
        None => {}
    }
    match stop.filter(|_| no_stop.is_none()).map(|stop| stop_of(market, stop)) {
        Some(Ok(stop)) => terms.order_type = with_stop(terms.order_type, stop),
        Some(Err(fault)) => faults.push(fault),
        None => {}
    }
    if let Some(time) = time_in_force.filter(|time| *time != before.terms.time_in_force) {
        terms.time_in_force = time;
        terms.expires_at = (time == TimeInForce::Day).then(|| Time(day_ends(market, at)));
    }
    if faults.is_empty() { Ok(terms) } else { Err(Rejection::Faulty(faults)) }
}

/// Why an order cannot wait for this instead: it never did for the like, or does no more.
fn not_waiting_for(before: &Entry, stop: AskedStop) -> Option<OrderFault> {
    let trails = matches!(before.terms.order_type, OrderType::TrailingStop { .. });
    let stops = matches!(before.terms.order_type, OrderType::Stop { .. } | OrderType::StopLimit { .. });
    match stop {
        AskedStop::At(_) if !stops => Some(OrderFault::No(PriceOf::Stop)),
        AskedStop::Behind(_) | AskedStop::BehindPercent(_) if !trails => Some(OrderFault::No(PriceOf::Trail)),
        _ => before.triggered.then_some(OrderFault::Triggered),
    }
}

fn with_limit(order_type: OrderType, limit: u64) -> OrderType {
    match order_type {
        OrderType::StopLimit { stop, .. } => OrderType::StopLimit { stop, limit },
        _ => OrderType::Limit { ticks: limit },
    }
}

fn with_stop(order_type: OrderType, stop: Stop) -> OrderType {
    match (order_type, stop) {
        (_, Stop::Behind(trail)) => OrderType::TrailingStop { trail },
        (OrderType::StopLimit { limit, .. }, Stop::At(stop)) => OrderType::StopLimit { stop, limit },
        (_, Stop::At(stop)) => OrderType::Stop { stop },
    }
}
