//! What only a rich order tells: what it asks for, how far it got, and with which others it stands.
//!
//! Written field by field, behind what all orders tell (`order`).

use tradepit_actors::AccountIds;
use tradepit_engine::{Clearing, Decimal, Kin, Order, OrderId, OrderType, ReasonText, Rich, State, Step, Trail};

use super::id::WireId;
use super::nullable::{write_decimal, write_price, write_time};
use super::object::Object;
use super::order::NO_OTHERS;
use super::terms::{DEFAULT_ACCOUNT, reason_name, side_name, time_in_force_name, type_name, write_account_id};

/// Decimals of what is divided (exchange contract, "Numbers").
const AVERAGE_DECIMALS: u32 = 9;

/// What an order waits for that waits for nothing.
const NO_STOP: &str = r#","stop_price":null,"trail_price":null,"trail_percent":null"#;

/// The rest of an order that asks for more, or that trades in pieces.
pub(super) fn write_rich(order: &Order, rich: &Rich, accounts: &AccountIds, json: &mut Object<'_>) {
    let Rich { tick, lot, terms, progress, .. } = rich;
    json.plain("side", side_name(terms.side));
    json.plain("type", type_name(terms.order_type));
    json.plain("time_in_force", time_in_force_name(terms.time_in_force));
    match terms.limit_ticks() {
        Some(ticks) => write_price("limit_price", *tick, ticks, json),
        None => json.null("limit_price"),
    }
    write_stop(terms.order_type, *tick, json);
    json.spelled("post_only", if terms.post_only { "true" } else { "false" });
    json.plain("order_class", rich.kin.group.map_or("simple", |group| group.class.name()));
    if rich.account == Clearing::DEFAULT {
        json.plain("account", DEFAULT_ACCOUNT);
    } else {
        // Whoever has an order has an account.
        write_account_id(rich.account, accounts, json);
    }
    match terms.notional() {
        Some(sum) => json.decimal("notional", sum),
        None => json.null("notional"),
    }
    let filled = lot.times(progress.filled);
    let is_known = terms.notional().is_none() || progress.arrived_at.is_some();
    write_decimal("qty", lot.times(terms.lots).filter(|_| is_known), 0, json);
    write_decimal("filled_qty", filled, 0, json);
    // At a price with more decimals than what is divided is shown with, all of them are shown.
    let decimals = tick.decimals().max(AVERAGE_DECIMALS);
    let average = filled.filter(|_| progress.filled > 0).and_then(|filled| progress.cost.per(filled, decimals));
    write_decimal("average_price", average, tick.decimals(), json);
    match progress.mark {
        Some(ticks) => write_price("hwm", *tick, ticks, json),
        None => json.null("hwm"),
    }
    // What waits outside the book is not at the exchange, though it may have been.
    write_time("arrived_at", progress.arrived_at.filter(|_| order.state != State::Accepted), json);
    write_time("expires_at", terms.expires_at, json);
    json.time("updated_at", progress.updated_at);
    json.number("number", order.number.0);
    match progress.ending.and_then(reason_name) {
        Some(reason) => json.plain("reason", reason),
        None => json.null("reason"),
    }
    write_text_and_kin(order.reason_text.as_ref(), &rich.kin, json);
}

/// Why it ended in words, and with which others it stands: nearly none has anything of it.
fn write_text_and_kin(text: Option<&ReasonText>, kin: &Kin, json: &mut Object<'_>) {
    if kin.is_none() && text.is_none() {
        return json.fields(NO_OTHERS);
    }
    match text {
        Some(text) => json.text("reason_text", text.as_str()),
        None => json.null("reason_text"),
    }
    let group = kin.group.as_ref();
    write_id("parent", group.and_then(|group| group.parent), json);
    match group.filter(|group| !group.is_leg()) {
        Some(group) => json.list("legs", group.legs.into_iter().flatten(), |leg, out| {
            out.push(b'"');
            out.extend_from_slice(WireId(leg).write(&mut [0; WireId::LENGTH]).as_bytes());
            out.push(b'"');
        }),
        None => json.null("legs"),
    }
    write_id("replaces", kin.replaces, json);
    write_id("replaced_by", kin.replaced_by, json);
}

fn write_id(name: &str, id: Option<OrderId>, json: &mut Object<'_>) {
    match id {
        Some(id) => json.id(name, id),
        None => json.null(name),
    }
}

/// What an order waits for.
fn write_stop(order_type: OrderType, tick: Step, json: &mut Object<'_>) {
    let (mut stop, mut distance, mut percent) = (None, None, None);
    match order_type {
        OrderType::Market | OrderType::Notional { .. } | OrderType::Limit { .. } => return json.fields(NO_STOP),
        OrderType::Stop { stop: ticks } | OrderType::StopLimit { stop: ticks, .. } => stop = Some(ticks),
        OrderType::TrailingStop { trail: Trail::Ticks(ticks) } => distance = Some(ticks),
        OrderType::TrailingStop { trail: Trail::Percent(units) } => {
            percent = Decimal::new(units.into(), Trail::DECIMALS);
        }
    }
    let price = |ticks: Option<u64>| ticks.and_then(|ticks| tick.times(ticks.into()));
    write_decimal("stop_price", price(stop), tick.decimals(), json);
    write_decimal("trail_price", price(distance), tick.decimals(), json);
    write_decimal("trail_percent", percent, 0, json);
}
