//! What rules have in store for orders, carried out: how they end when they arrive, and in which parts they trade.
//!
//! An order that trades in parts stands in no book: the house alone trades with it, part for part, whatever is offered.
//! Its parts come at their times as orders arrive at theirs; while its instrument does not trade they wait. It goes
//! through the same door: accounts are looked at and settled as for every trade.
//!
//! What is asked of an order whose cancellation or amendment takes its time is put off. A cancellation is decided here;
//! of anything else it is told that it is decided, and whoever asked gives the command once more
//! ([`Command::Decided`]), for only he has what a new order needs.

use std::sync::Arc;

use super::Exchange;
use super::arrive::end;
use super::telling::Telling;
use crate::command::{Command, Hindrance, Rejection};
use crate::event::{Body, Ruled};
use crate::market::instrument::Instrument;
use crate::orders::held::Held;
use crate::orders::row::Row;
use crate::orders::state::State;
use crate::orders::terms::Ending;
use crate::rules::rule::{Fate, Parts, Plan, PutOff, Share};
use crate::told::Told;
use crate::values::{Decimal, Number, Time};

/// What is in store for an open order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    pub(super) plan: Arc<Plan>,
    /// When its next part trades, where one does by itself.
    part_due: Option<Time>,
}

impl Planned {
    /// Whether its order trades by its parts alone.
    pub(super) fn trades_in_parts(&self) -> bool {
        matches!(self.plan.fate, Some(Fate::Fill(_)))
    }
}

impl Exchange {
    /// What rules have in store for an order.
    pub(super) fn plan_of(&self, row: &Row) -> Option<&Plan> {
        if self.plans.is_empty() {
            return None;
        }
        self.plans.get(&row.accepted_number).map(|planned| &*planned.plan)
    }

    /// In which parts an order trades.
    pub(super) fn parts_of(&self, row: &Row) -> Option<&Parts> {
        match self.plan_of(row)?.fate.as_ref()? {
            Fate::Fill(parts) => Some(parts),
            Fate::Reject(_) | Fate::Cancel | Fate::Expire => None,
        }
    }

    /// Ends an order as it arrives, where a rule wants that; returns whether it did.
    pub(super) fn end_as_planned(&self, telling: &mut Telling<'_>, row: &Row) -> bool {
        let (ending, reason) = match self.plan_of(row).and_then(|plan| plan.fate.as_ref()) {
            None | Some(Fate::Fill(_)) => return false,
            Some(Fate::Reject(reason)) => (Ending::Refused, Some(reason)),
            Some(Fate::Cancel) => (Ending::Script, None),
            Some(Fate::Expire) => (Ending::Expired, None),
        };
        self.end_by_script(telling, row, ending, reason);
        true
    }

    /// The order whose part trades first, and when, where one does by `now`.
    pub(super) fn first_part(&self, now: Time) -> Option<(Time, &Row)> {
        let (&(at, accepted), ()) = self.parts_due.first().filter(|((at, _), ())| *at <= now)?;
        Some((at, self.orders.get(accepted)?))
    }

    /// When a part trades next, or something is decided that was put off.
    pub(super) fn next_planned(&self) -> Option<Time> {
        let firsts = [self.parts_due.first(), self.decisions.first()].into_iter().flatten();
        let first = firsts.map(|((at, _), ())| *at).min();
        first.map(|at| at.max(self.last_at))
    }

    /// What is asked of an order that takes its time there: it is decided later. Who asks again waits for the same; a
    /// cancellation comes in place of what was asked before.
    pub(super) fn put_off(&self, telling: &mut Telling<'_>, row: &Row, what: PutOff, us: u64) -> Result<(), Rejection> {
        let Some(plan) = self.plan_of(row) else { return Ok(()) };
        match (plan.put_off, what) {
            (None | Some((PutOff::Replace, _)), PutOff::Cancel) | (None, PutOff::Replace) => {}
            (Some((PutOff::Cancel, _)), PutOff::Cancel) => return Ok(()),
            (Some(_), PutOff::Replace) => return Err(Rejection::Hindered(Hindrance::Undecided)),
        }
        let put_off = Some((what, telling.at.plus_us(us)));
        self.plan_anew(telling, row, Plan { put_off, ..plan.clone() });
        Ok(())
    }

    /// Whether what is asked of an order is put off, which is told then. What is wrong with it is told at once.
    pub(super) fn puts_off(
        &self,
        telling: &mut Telling<'_>,
        accepted: Number,
        command: &Command,
    ) -> Result<bool, Rejection> {
        let Some(row) = self.orders.get(accepted).filter(|row| row.is_open()) else { return Ok(false) };
        let Some(us) = self.plan_of(row).and_then(|plan| plan.replace_us).filter(|us| *us > 0) else {
            return Ok(false);
        };
        self.decide_into(telling.at, &Command::Decided(Box::new(command.clone())), &mut Told::default())?;
        self.put_off(telling, row, PutOff::Replace, us)?;
        Ok(true)
    }

    /// Amends an order, or places another one in its place, whatever rules have in store for it.
    pub(super) fn decide_now(&self, telling: &mut Telling<'_>, command: &Command) -> Result<(), Rejection> {
        match command {
            Command::Amend { accepted_number, amendment, quantity } => {
                if self.amend_plainly(telling, *accepted_number, amendment, *quantity).is_none() {
                    self.amend(telling, *accepted_number, amendment, *quantity)?;
                }
                self.settle_groups(telling);
                Ok(())
            }
            Command::Replace(replace) => self.replace(telling, replace),
            // Nothing else is put off so.
            _ => Ok(()),
        }
    }

    /// The order of which it is decided first what was put off, and when, where that is by `now`.
    pub(super) fn first_decision(&self, now: Time) -> Option<(Time, &Row)> {
        let (&(at, accepted), ()) = self.decisions.first().filter(|((at, _), ())| *at <= now)?;
        Some((at, self.orders.get(accepted)?))
    }

    /// It is decided what was put off: an order is cancelled; whoever asked for anything else may do it now.
    pub(super) fn decide_put_off(&self, telling: &mut Telling<'_>, row: &Row) {
        let Some(plan) = self.plan_of(row) else { return };
        match plan.put_off {
            Some((PutOff::Cancel, _)) => drop(telling.tell(Body::Cancelled(self.refer(row)))),
            Some((PutOff::Replace, _)) => self.plan_anew(telling, row, Plan { put_off: None, ..plan.clone() }),
            None => {}
        }
    }

    /// Something else is in store for an order from now on.
    fn plan_anew(&self, telling: &mut Telling<'_>, row: &Row, plan: Plan) {
        let (order, plan) = (self.refer(row), Some(Arc::new(plan)));
        telling.tell(Body::Ruled(Box::new(Ruled { order, noticed: Vec::new(), plan })));
    }

    /// The next part of an order trades; then it waits for the one after it, or stays open.
    pub(super) fn trade_part(&self, telling: &mut Telling<'_>, row: &Row) {
        let (Some(plan), Some(parts)) = (self.plan_of(row), self.parts_of(row)) else { return };
        let Some(held) = row.rich.get().map(|place| &self.rich[place]) else { return };
        let Some((share, rest)) = parts.shares.split_first() else { return };
        let (instrument, _) = self.pit(row);
        let (order, terms, progress) = (self.refer(row), held.terms(), held.progress(row.changed_at));
        let lots = share.lots(instrument, terms.lots).min(terms.lots.saturating_sub(progress.filled));
        if lots > 0 {
            self.fill_by_house(telling, row, lots, self.price_of_part(held, row, parts, telling.at));
        }
        if telling.told.last().is_some_and(|event| event.closes()) {
            return;
        }
        if rest.is_empty() && !terms.time_in_force.stands() {
            telling.tell(end(order, terms.time_in_force.ends_rest()));
            return;
        }
        let due = parts.next_at.or(progress.arrived_at).unwrap_or(telling.at);
        let next_at = Some(due.plus_us(parts.every_us));
        let fate = Some(Fate::Fill(Parts { shares: rest.into(), next_at, ..*parts }));
        self.plan_anew(telling, row, Plan { fate, ..plan.clone() });
    }

    /// The price that is said, where the order takes it; else its limit, or the quote.
    fn price_of_part(&self, held: &Held, row: &Row, parts: &Parts, at: Time) -> u64 {
        let (terms, (instrument, _)) = (held.terms(), self.pit(row));
        let takes = |ticks: &u64| terms.limit_ticks().is_none_or(|limit| terms.side.takes(limit, *ticks));
        let said = parts.price.and_then(|price| instrument.ticks(price)).filter(takes);
        said.unwrap_or_else(|| self.price_of_fill(held, row, at))
    }

    /// This is in store for an order from now on.
    pub(super) fn have_plan(&mut self, accepted: Number, plan: Arc<Plan>) {
        self.forget_plan(accepted);
        self.decisions.extend(plan.put_off.map(|(_, at)| ((at, accepted), ())));
        self.plans.insert(accepted, Planned { plan, part_due: None });
        self.look_for_part(accepted);
    }

    /// An order is open no more.
    pub(super) fn forget_plan(&mut self, accepted: Number) {
        let Some(Planned { plan, part_due }) = self.plans.remove(&accepted) else { return };
        if let Some(at) = part_due {
            self.parts_due.remove(&(at, accepted));
        }
        if let Some((_, at)) = plan.put_off {
            self.decisions.remove(&(at, accepted));
        }
    }

    /// Looks up when the next part of an order trades, after something befell it.
    pub(super) fn look_for_part(&mut self, accepted: Number) {
        let Some(row) = self.orders.get(accepted) else { return };
        let due = self.part_due(row);
        let Some(planned) = self.plans.get_mut(&accepted) else { return };
        let before = std::mem::replace(&mut planned.part_due, due);
        if before != due {
            if let Some(before) = before {
                self.parts_due.remove(&(before, accepted));
            }
            self.parts_due.extend(due.map(|at| ((at, accepted), ())));
        }
    }

    /// The same of all: instruments trade, or do not.
    pub(super) fn look_for_parts(&mut self) {
        let planned: Vec<Number> = self.plans.iter().map(|(accepted, _)| *accepted).collect();
        planned.into_iter().for_each(|accepted| self.look_for_part(accepted));
    }

    fn part_due(&self, row: &Row) -> Option<Time> {
        let parts = self.parts_of(row).filter(|parts| !parts.shares.is_empty())?;
        let held = &self.rich[row.rich.get()?];
        let is_there = matches!(row.state, State::New | State::PartiallyFilled) && held.waits().is_none();
        let due = parts.next_at.or(held.progress(row.changed_at).arrived_at).filter(|_| is_there)?;
        self.clearing.instrument(row.instrument).trades_from(due)
    }
}

impl Share {
    /// How many lots of an order for so many it is.
    fn lots(&self, instrument: &Instrument, all: u128) -> u128 {
        match self {
            Share::Quantity(quantity) => whole_steps(*quantity, instrument.lot().size()).unwrap_or(all),
            Share::Percent(percent) => {
                // Hundredths of so many decimals: 14 digits at most, and no order has more than 10^22 lots.
                let units = percent.units(Share::DECIMALS).unwrap_or_default().unsigned_abs();
                let whole = 100 * 10_u128.pow(Share::DECIMALS);
                all.checked_mul(units).map_or_else(|| all / whole * units, |lots| lots / whole)
            }
        }
    }
}

/// How many whole steps a number has; `None` where that is more than is counted.
fn whole_steps(number: Decimal, step: Decimal) -> Option<u128> {
    let scale = number.decimals().max(step.decimals());
    u128::try_from(number.units(scale)?.checked_div(step.units(scale)?)?).ok()
}
