//! What orders ask for, in ticks and lots, or what is wrong with that.

use tradepit_engine::{
    Amendment, Asked, AskedGroup, AskedStop, Decimal, GroupClass, Money, OrderFault, OrderType, PriceOf, Quantity,
    Rejection, Side, Terms, Time, TimeInForce, Trail,
};

use super::Entry;
use super::hours::day_ends;
use crate::market::{Market, times};

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

/// The sum that an order trades for, where it says no quantity.
pub(super) fn sum_of(terms: &Terms) -> Option<i128> {
    if let OrderType::Notional { sum } = terms.order_type { Some(sum.0) } else { None }
}

/// What a native order asks for.
pub(super) fn whole(market: &Market, quantity: Quantity) -> Terms {
    let (order_type, time_in_force) = (OrderType::Market, TimeInForce::GoodTillCancelled);
    let lots = market.whole_lots(quantity);
    Terms { side: Side::Buy, order_type, time_in_force, post_only: false, lots, expires_at: None }
}

pub(super) fn terms(market: &Market, asked: &Asked, at: i64) -> Result<Terms, Vec<OrderFault>> {
    let Asked { side, limit_price, stop, time_in_force, post_only, qty, notional, .. } = *asked;
    // How many a sum buys is found out later.
    let lots = if notional.is_some() { Ok(0) } else { lots(market, qty) };
    // One that trails the market has no such price, whatever is said.
    let limit_price = limit_price.filter(|_| matches!(stop, None | Some(AskedStop::At(_))));
    let limit = limit_price.map(|price| ticks(market, PriceOf::Limit, price)).transpose();
    let stop = stop.map(|stop| stop_of(market, stop)).transpose();
    let faults: Vec<OrderFault> = lots.err().into_iter().chain(limit.err()).chain(stop.err()).collect();
    let (Ok(lots), Ok(limit), Ok(stop)) = (lots, limit, stop) else { return Err(faults) };
    let order_type = match (stop, limit) {
        (None, None) => notional.map_or(OrderType::Market, |sum| OrderType::Notional { sum }),
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

/// What the legs of an order ask for: the one that takes a profit, and the one that stops a loss.
pub(super) fn legs_of(
    market: &Market,
    asked: &Asked,
    group: &AskedGroup,
) -> Result<[Option<OrderType>; 2], Vec<OrderFault>> {
    let stands = matches!(asked.time_in_force, TimeInForce::GoodTillCancelled | TimeInForce::Day);
    let has = (group.take_profit.is_some(), group.stop_loss.is_some());
    let is_one = match group.class {
        GroupClass::Bracket => stands && has == (true, true),
        GroupClass::Oto => stands && has.0 != has.1,
        GroupClass::Oco => asked.limit_price.is_some() && has == (false, true),
    };
    let mut faults = Vec::new();
    faults.extend((!is_one || asked.stop.is_some()).then_some(OrderFault::Group));
    let mut read = |of, price: Option<Decimal>| match price.map(|price| ticks(market, of, price)) {
        Some(Err(fault)) => {
            faults.push(fault);
            None
        }
        Some(Ok(ticks)) => Some(ticks),
        None => None,
    };
    let profit = read(PriceOf::TakeProfit, group.take_profit);
    let stop = read(PriceOf::LossStop, group.stop_loss.map(|loss| loss.stop));
    let limit = read(PriceOf::LossLimit, group.stop_loss.and_then(|loss| loss.limit));
    let loss = stop.map(|stop| match limit {
        Some(limit) => OrderType::StopLimit { stop, limit },
        None => OrderType::Stop { stop },
    });
    if faults.is_empty() { Ok([profit.map(|ticks| OrderType::Limit { ticks }), loss]) } else { Err(faults) }
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
    replaces: bool,
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
    let is_at_market = before.is_here() && !before.waits();
    let at_once = [Some(TimeInForce::ImmediateOrCancel), Some(TimeInForce::FillOrKill)].contains(&time_in_force);
    if at_once && (is_at_market || before.terms.post_only) {
        faults.push(OrderFault::TimeInForce);
    }
    match qty.map(|qty| lots(market, qty)) {
        Some(_) if sum_of(&before.terms).is_some() => faults.push(OrderFault::Notional),
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
    if let Some(group) = before.group {
        // Only a parent has a quantity of its own, and that of an `oto` only as long as it is the same order.
        let is_of_leg = group.class == GroupClass::Oco || group.parent.is_some();
        let follows = is_of_leg || (replaces && group.class == GroupClass::Oto);
        faults.extend((qty.is_some() && follows).then_some(OrderFault::QuantityOfGroup));
        let is_told = faults.contains(&OrderFault::TimeInForce);
        faults.extend((at_once && !is_told).then_some(OrderFault::TimeInForce));
    }
    if faults.is_empty() { Ok(terms) } else { Err(Rejection::Faulty(faults)) }
}

/// What an order asks for, in prices and quantities.
pub(super) fn asked_of(market: &Market, account: u32, terms: &Terms) -> Asked {
    let Terms { side, order_type, time_in_force, post_only, lots, .. } = *terms;
    let price = |ticks: u64| times(market.tick, ticks.into());
    let stop = match order_type {
        OrderType::Stop { stop } | OrderType::StopLimit { stop, .. } => Some(AskedStop::At(price(stop))),
        OrderType::TrailingStop { trail: Trail::Ticks(ticks) } => Some(AskedStop::Behind(price(ticks))),
        OrderType::TrailingStop { trail: Trail::Percent(part) } => {
            Some(AskedStop::BehindPercent(times(1_000_000, part.into())))
        }
        OrderType::Market | OrderType::Notional { .. } | OrderType::Limit { .. } => None,
    };
    let notional = sum_of(terms).map(Money);
    let qty = if notional.is_some() { Decimal::ZERO } else { times(market.lot, lots) };
    let limit_price = limit(terms).map(price);
    Asked { account, side, limit_price, stop, time_in_force, post_only, qty, notional }
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
