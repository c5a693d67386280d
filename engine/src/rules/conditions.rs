//! Which orders a rule is about.

use super::pattern::{Bound, Pattern, Probability};
use crate::accounts::account::AccountId;
use crate::market::book::Side;
use crate::orders::terms::{Asked, AskedStop, TimeInForce};
use crate::values::{Decimal, Symbol};

/// Of what type an order is, prices apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderKind {
    /// Also one that says a sum.
    Market,
    /// With a limit price.
    Limit,
    /// With a stop price.
    Stop,
    /// With both.
    StopLimit,
    /// With a stop price that follows the market.
    TrailingStop,
}

impl OrderKind {
    /// That of what a client asks for.
    #[must_use]
    pub fn of(asked: &Asked) -> OrderKind {
        match (&asked.stop, &asked.limit_price) {
            (None, None) => OrderKind::Market,
            (None, Some(_)) => OrderKind::Limit,
            (Some(AskedStop::At(_)), None) => OrderKind::Stop,
            (Some(AskedStop::At(_)), Some(_)) => OrderKind::StopLimit,
            (Some(AskedStop::Behind(_) | AskedStop::BehindPercent(_)), _) => OrderKind::TrailingStop,
        }
    }
}

/// What an order must be for a rule to be about it. Whatever is not said holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// What is ordered.
    pub symbol: Option<Symbol>,
    /// Whose it is. There may be no such account yet.
    pub account: Option<AccountId>,
    /// On which side.
    pub side: Option<Side>,
    /// Of what type.
    pub kind: Option<OrderKind>,
    /// How long it stands.
    pub time_in_force: Option<TimeInForce>,
    /// What its client calls it; an order without such a name is none of these.
    pub client_order_id: Option<Pattern>,
    /// How much.
    pub quantity: Option<Bound>,
    /// Of those that all of this holds for, this one alone: the first is 1.
    pub nth: Option<u64>,
    /// Of these, each so many: where it is 3 the third, the sixth and so on.
    pub every: Option<u64>,
    /// Of what is left, by chance.
    pub probability: Option<Probability>,
}

/// An order as rules look at it.
#[derive(Clone, Copy, Debug)]
pub struct Looked<'a> {
    /// What is ordered.
    pub symbol: Symbol,
    /// Whose it is.
    pub account: AccountId,
    /// On which side.
    pub side: Side,
    /// Of what type.
    pub kind: OrderKind,
    /// How long it stands.
    pub time_in_force: TimeInForce,
    /// What its client calls it.
    pub client_order_id: Option<&'a str>,
    /// How much.
    pub quantity: Decimal,
}

impl Conditions {
    /// Whether an order is all that it says by itself: it is counted then.
    #[must_use]
    pub fn are_met_by(&self, order: &Looked<'_>) -> bool {
        self.symbol.is_none_or(|symbol| symbol == order.symbol)
            && self.account.is_none_or(|account| account == order.account)
            && self.side.is_none_or(|side| side == order.side)
            && self.kind.is_none_or(|kind| kind == order.kind)
            && self.time_in_force.is_none_or(|time| time == order.time_in_force)
            && self.quantity.is_none_or(|bound| bound.holds_for(order.quantity))
            && self.client_order_id.as_ref().is_none_or(|pattern| {
                order.client_order_id.is_some_and(|client_order_id| pattern.holds_for(client_order_id))
            })
    }

    /// Whether it is about the order that meets it as the one of this count, the first of which is 1; `draw` is what
    /// is drawn for that count.
    #[must_use]
    pub fn are_about(&self, count: u64, draw: impl FnOnce() -> u64) -> bool {
        self.nth.is_none_or(|nth| nth == count)
            && self.every.is_none_or(|every| count.is_multiple_of(every))
            && self.probability.is_none_or(|probability| probability.comes_about(draw()))
    }
}
