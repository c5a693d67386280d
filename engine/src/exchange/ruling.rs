//! What rules have to say of an order: whether it is accepted, and what they have in store for it.
//!
//! That is looked up when an order is to be accepted, once nothing but its account's means could speak against it.
//! Only what was accepted, or was refused by a rule, is counted: of any other refused request nothing is kept.

use std::sync::Arc;

use super::Exchange;
use super::telling::Telling;
use crate::accounts::clearing::Clearing;
use crate::event::{Accepted, Body, Refused, Ruled};
use crate::market::book::Side;
use crate::orders::origin::Origin;
use crate::orders::terms::{Asked, TimeInForce};
use crate::rules::conditions::{Looked, OrderKind};
use crate::rules::rule::{Does, Pace, Plan, Rule, Way};
use crate::rules::rulebook::{Judged, Noticed, Rulebook};
use crate::values::{Decimal, Number, Quantity, Symbol, Time};

/// What is to be ordered, as far as rules look at it.
#[derive(Clone, Copy, Debug)]
pub struct Ordered<'a> {
    /// What.
    pub symbol: Symbol,
    /// How much, in whole ones.
    pub quantity: Quantity,
    /// What is asked for beside; without it this is a native order.
    pub asked: Option<&'a Asked>,
    /// Under which names.
    pub origin: Option<&'a Origin>,
}

/// What rules have to say of an order that they do not refuse.
#[derive(Default)]
pub(super) struct Ruling {
    noticed: Vec<Noticed>,
    plan: Option<Arc<Plan>>,
    /// Whether the order stays on its way until an act.
    is_held: bool,
}

impl Ruling {
    /// When the order arrives that would then.
    pub(super) fn comes_at(&self, due_at: Time) -> Option<Time> {
        (!self.is_held).then_some(due_at)
    }
}

impl Exchange {
    /// How long an order shall be on its way that is placed now, where a rule says that: whoever places it draws so
    /// much ([`crate::Submit::delay_us`]).
    #[must_use]
    #[inline]
    pub fn pace_of(&self, now: Time, ordered: &Ordered<'_>) -> Option<Pace> {
        let rulebook = self.rulebook.as_deref()?;
        let (_, rule) = self.judge(rulebook, ordered, now.max(self.last_at))?;
        match rule.map(|rule| &rule.does) {
            Some(Does::Plan(Plan { way: Way::Delayed(pace), .. })) => Some(*pace),
            _ => None,
        }
    }

    /// What the rules have to say of an order that is to be accepted; `None` where one of them refuses it: that is told
    /// then.
    #[inline]
    pub(super) fn ruling(&self, telling: &mut Telling<'_>, ordered: &Ordered<'_>) -> Option<Ruling> {
        match self.rulebook.as_deref() {
            Some(rulebook) => self.ruling_by(rulebook, telling, ordered),
            None => Some(Ruling::default()),
        }
    }

    fn ruling_by(&self, rulebook: &Rulebook, telling: &mut Telling<'_>, ordered: &Ordered<'_>) -> Option<Ruling> {
        let Some((Judged { noticed, .. }, rule)) = self.judge(rulebook, ordered, telling.at) else {
            return Some(Ruling::default());
        };
        let decided = match rule.map(|rule| &rule.does) {
            None | Some(Does::Nothing) => None,
            Some(Does::Reject(reason)) => {
                telling.tell(Body::Refused(Box::new(Refused { reason: reason.clone(), noticed })));
                return None;
            }
            Some(Does::Plan(plan)) => Some(plan),
        };
        let is_held = decided.is_some_and(|plan| plan.way == Way::Held);
        let plan = decided.filter(|plan| !plan.is_over()).cloned().map(Arc::new);
        Some(Ruling { noticed, plan, is_held })
    }

    /// What the rules say of an order, and which of them decides; nothing where its account is unknown.
    fn judge<'a>(&self, rulebook: &'a Rulebook, ordered: &Ordered<'_>, at: Time) -> Option<(Judged, Option<&'a Rule>)> {
        let judged = rulebook.judge(&self.looked(ordered, at)?);
        let rule = judged.decides.map(|place| &rulebook.rules()[place]);
        Some((judged, rule))
    }

    /// An order as rules look at it.
    fn looked<'a>(&self, ordered: &Ordered<'a>, at: Time) -> Option<Looked<'a>> {
        let &Ordered { symbol, quantity, asked, origin } = ordered;
        let account = self.clearing.account(asked.map_or(Clearing::DEFAULT, |asked| asked.account))?.id;
        let client_order_id = origin.and_then(|origin| origin.client_order_id.as_ref()).map(|label| label.as_str());
        let whole = |quantity: Quantity| Decimal::new(quantity.get().into(), 0);
        let (side, kind, time_in_force, quantity) = match asked {
            None => (Side::Buy, OrderKind::Market, TimeInForce::GoodTillCancelled, whole(quantity)?),
            Some(asked) => {
                let quantity = match asked.notional {
                    // What it would buy at the quote of its acceptance.
                    Some(sum) => {
                        let (lots, whole_ones) = self.bought_for(sum, symbol, asked.side, at)?;
                        let number = self.clearing.find(symbol)?;
                        self.clearing.instrument(number).quantity(lots).or_else(|| whole(whole_ones))?
                    }
                    None => asked.qty,
                };
                (asked.side, OrderKind::of(asked), asked.time_in_force, quantity)
            }
        };
        Some(Looked { symbol, account, side, kind, time_in_force, client_order_id, quantity })
    }

    /// Tells that an order is accepted, and what rules have to say of it.
    #[inline]
    pub(super) fn tell_accepted(&self, telling: &mut Telling<'_>, accepted: Accepted, ruling: Ruling) {
        let Ruling { noticed, plan, .. } = ruling;
        if noticed.is_empty() {
            telling.tell(Body::Accepted(accepted));
            return;
        }
        let order = accepted.order(Number(telling.number.0 + 1));
        telling.tell(Body::Accepted(accepted));
        telling.tell(Body::Ruled(Box::new(Ruled { order, noticed, plan })));
    }

    /// These are the rules, and so far they have counted.
    pub fn have_rules(&mut self, rulebook: Rulebook) {
        // Where there are none, none is looked for.
        self.rulebook = (!rulebook.rules().is_empty()).then(|| Box::new(rulebook));
    }

    /// The rules that there are.
    #[must_use]
    pub fn rulebook(&self) -> Option<&Rulebook> {
        self.rulebook.as_deref()
    }

    /// What rules have in store for the order that this change accepted, while it is open.
    #[must_use]
    pub fn plan(&self, accepted: Number) -> Option<&Arc<Plan>> {
        self.plans.get(&accepted).map(|planned| &planned.plan)
    }

    /// This is in store for an open order, which may come later.
    pub fn plan_for(&mut self, accepted: Number, plan: Arc<Plan>) {
        self.have_plan(accepted, plan);
    }

    pub(super) fn ruled(&mut self, ruled: &Ruled) {
        self.count_ruling(&ruled.noticed);
        if let Some(plan) = &ruled.plan {
            self.plan_for(ruled.order.accepted_number, Arc::clone(plan));
        }
    }

    pub(super) fn count_ruling(&mut self, noticed: &[Noticed]) {
        if let Some(rulebook) = &mut self.rulebook {
            rulebook.count(noticed);
        }
    }
}
