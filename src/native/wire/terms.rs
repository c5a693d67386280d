//! What an order asks for and how it stands, by the names on the wire: read, written, and as the documents list them.

use tradepit_actors::AccountIds;
use tradepit_engine::{AccountId, AccountNumber, Clearing, Ending, OrderType, Side, State, TimeInForce};
use utoipa::ToSchema;

use super::object::Object;

pub(crate) const SIDES: [(&str, Side); 2] = [("buy", Side::Buy), ("sell", Side::Sell)];

pub(crate) const TIMES_IN_FORCE: [(&str, TimeInForce); 4] = [
    ("gtc", TimeInForce::GoodTillCancelled),
    ("day", TimeInForce::Day),
    ("ioc", TimeInForce::ImmediateOrCancel),
    ("fok", TimeInForce::FillOrKill),
];

/// The account of this id, if it takes orders: the house's do not.
pub(crate) fn trading_account(accounts: &AccountIds, id: &str) -> Option<AccountNumber> {
    match id {
        DEFAULT_ACCOUNT => Some(Clearing::DEFAULT),
        _ => AccountId::new(id).ok().and_then(|id| accounts.number(id)).filter(|&number| number > Clearing::DEFAULT),
    }
}

/// Under which name something stands in a table of names, in which all are.
pub(crate) fn name_of<T: PartialEq>(names: &[(&'static str, T)], one: &T) -> &'static str {
    names.iter().find(|name| name.1 == *one).map_or("", |name| name.0)
}

/// Writes of which account something is.
pub(crate) fn write_account_id(account: AccountNumber, accounts: &AccountIds, json: &mut Object<'_>) {
    json.plain("account", accounts.id(account).as_ref().map_or("", AccountId::as_str));
}

/// The account of whoever names none.
pub(crate) const DEFAULT_ACCOUNT: &str = "default";

pub(crate) fn side_name(side: Side) -> &'static str {
    match side {
        Side::Buy => "buy",
        Side::Sell => "sell",
    }
}

pub(crate) fn type_name(order_type: OrderType) -> &'static str {
    match order_type {
        OrderType::Market | OrderType::Notional { .. } => "market",
        OrderType::Limit { .. } => "limit",
        OrderType::Stop { .. } => "stop",
        OrderType::StopLimit { .. } => "stop_limit",
        OrderType::TrailingStop { .. } => "trailing_stop",
    }
}

pub(crate) fn time_in_force_name(time_in_force: TimeInForce) -> &'static str {
    match time_in_force {
        TimeInForce::GoodTillCancelled => "gtc",
        TimeInForce::Day => "day",
        TimeInForce::ImmediateOrCancel => "ioc",
        TimeInForce::FillOrKill => "fok",
    }
}

/// Why an order ended, where its state does not say it.
pub(crate) fn reason_name(ending: Ending) -> Option<&'static str> {
    match ending {
        Ending::Client => Some("client"),
        Ending::ImmediateOrCancel => Some("ioc"),
        Ending::FillOrKill => Some("fok"),
        Ending::SelfTrade => Some("self_trade"),
        Ending::InsufficientBuyingPower => Some("insufficient_buying_power"),
        Ending::NoLiquidity => Some("no_liquidity"),
        Ending::PostOnly => Some("post_only"),
        Ending::Group => Some("group"),
        Ending::NotTrading => Some("not_trading"),
        Ending::Script | Ending::Refused => Some("script"),
        Ending::Expired | Ending::Replaced => None,
    }
}

/// The state of this name.
pub(crate) fn state_of(name: &str) -> Option<State> {
    State::ALL.into_iter().find(|state| state.name() == name)
}

/// Which side an order is on.
#[derive(ToSchema)]
#[schema(as = Side, rename_all = "lowercase")]
#[expect(dead_code, reason = "described here, written by name")]
pub(crate) enum WireSide {
    Buy,
    Sell,
}

/// Of what type an order is.
#[derive(ToSchema)]
#[schema(as = OrderType, rename_all = "snake_case")]
#[expect(dead_code, reason = "described here, written by name")]
pub(crate) enum WireType {
    Market,
    Limit,
    Stop,
    StopLimit,
    TrailingStop,
}

/// How long an order stands: until it is cancelled, or until 24:00 UTC; `ioc` trades what it can at once, `fok` all or
/// nothing.
#[derive(ToSchema)]
#[schema(as = TimeInForce, rename_all = "lowercase")]
#[expect(dead_code, reason = "described here, written by name")]
pub(crate) enum WireTimeInForce {
    Gtc,
    Day,
    Ioc,
    Fok,
}

/// How an order stands with others. The legs of a `bracket` (`take_profit` and `stop_loss`) and of an `oto` (one of
/// them) wait until it is filled; then, and in an `oco` from the beginning, what one of two fills the other loses.
#[derive(ToSchema)]
#[schema(as = OrderClass, rename_all = "lowercase")]
#[expect(dead_code, reason = "described here, written by name")]
pub(crate) enum WireClass {
    Simple,
    Bracket,
    Oco,
    Oto,
}

/// Where an order stands. `accepted` (on its way, or it waits for trading), `held` (a leg that waits for its parent),
/// `new` and `partially_filled` are PENDING, `filled` is EXECUTED, the others are CANCELLED; where a rule lets a
/// cancellation or an amendment take its time, one that is PENDING is `pending_cancel`, `pending_replace` meanwhile.
#[derive(ToSchema)]
#[schema(as = OrderState, rename_all = "snake_case")]
#[expect(dead_code, reason = "described here, written by name")]
pub(crate) enum WireState {
    Accepted,
    Held,
    New,
    PartiallyFilled,
    Filled,
    Canceled,
    Expired,
    Rejected,
    Replaced,
    PendingCancel,
    PendingReplace,
}

/// In which state orders are asked for.
#[derive(ToSchema)]
#[schema(as = StateFilter, rename_all = "snake_case")]
#[expect(dead_code, reason = "described here, read by name")]
pub(crate) enum WireStateFilter {
    Accepted,
    Held,
    New,
    PartiallyFilled,
    Filled,
    Canceled,
    Expired,
    Rejected,
    Replaced,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_by_a_name_is_written_by_it() {
        for (name, side) in SIDES {
            assert_eq!(side_name(side), name);
        }
        for (name, time_in_force) in TIMES_IN_FORCE {
            assert_eq!(time_in_force_name(time_in_force), name);
        }
        for state in State::ALL {
            assert_eq!(state_of(state.name()), Some(state));
        }
    }
}
