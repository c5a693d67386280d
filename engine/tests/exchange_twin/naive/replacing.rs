//! What the twin does where an order is placed in place of an open one.

use std::rc::Rc;

use tradepit_engine::{Body, Ending, Quantity, Rejection, Replace, Replaced, State, Submit, Terms, Time, Trading};

use super::terms::{amended_terms, asked_of, sum_of, whole};
use super::{Entry, Naive, Others, most};
use crate::accounts::DEFAULT;
use crate::market::{Market, times};

impl Naive {
    pub(super) fn replace(&mut self, at: i64, replace: &Replace) -> Result<(), Rejection> {
        let Replace { accepted_number, id, ref amendment, quantity, ref origin } = *replace;
        let place = self.find(accepted_number).ok_or(Rejection::UnknownOrder)?;
        let old = self.orders[place].clone();
        self.check_named(origin.as_ref(), old.account, |entry| {
            let asked = &entry.asked.1;
            entry.replaces == Some(old.id)
                && amendment.qty.is_none_or(|qty| qty == asked.qty)
                && amendment.limit_price.is_none_or(|price| Some(price) == asked.limit_price)
                && amendment.stop.is_none_or(|stop| Some(stop) == asked.stop)
                && amendment.time_in_force.is_none_or(|time| time == asked.time_in_force)
        })?;
        if !old.is_open() {
            return Err(Rejection::OrderClosed);
        }
        let market = Rc::clone(&old.market);
        let terms = amended_terms(&market, &anew(&old, at), amendment, at, true)?;
        let quantity = quantity.or_else(|| rounded_up(&market, terms.lots)).unwrap_or(old.quantity);
        let is_native = old.account == DEFAULT && old.group.is_none() && terms == whole(&market, quantity);
        if market.status == Trading::Closed && !is_native {
            return Err(Rejection::InstrumentClosed);
        }
        let of_legs = 1 + self.waiting_legs(place).len() as u128;
        self.check_range(&market, most(&market, &terms).saturating_mul(of_legs))?;
        let with = self.would_count(place, terms, (0, None));
        self.check_paid(at, (old.account, &market), Some(place), with)?;
        let others = Others { group: self.in_place_of(place), asked_group: None, replaces: Some(old.id) };
        let rich = (!old.is_rich).then(|| old.rich());
        let order = self.refer(place);
        let entry = &mut self.orders[place];
        (entry.is_rich, entry.ending, entry.replaced_by) = (true, Some(Ending::Replaced), Some(id));
        self.close(place, State::Replaced, at, Body::Replaced(Box::new(Replaced { order, by: id, rich })));
        let asked = asked_of(&market, old.account, &terms);
        let said = if sum_of(&terms).is_some() { Quantity::ONE } else { quantity };
        let submit =
            Submit { id, symbol: old.symbol, quantity: said, delay_us: 0, origin: origin.clone(), asked: None };
        self.accept(at, (&submit, quantity), &market, (asked, terms, true), others);
        let new = self.last_number;
        let entry = self.orders.last().expect("it was accepted");
        if entry.state == State::Accepted && !entry.outside {
            self.arriving = Some(new);
        }
        self.substitute(at, &old, new);
        Ok(())
    }

    /// The order in place of another one that arrives before anything else happens.
    pub(super) fn in_place_of_another(&self) -> Option<usize> {
        let is_it = |entry: &Entry| Some(entry.accepted) == self.arriving && entry.state == State::Accepted;
        self.orders.iter().position(is_it)
    }
}

/// The order as if what is left of it were asked for now.
fn anew(old: &Entry, at: i64) -> Entry {
    let lots = old.left();
    let expires_at = old.terms.expires_at.map(|_| Time(super::hours::day_ends(&old.market, at)));
    let terms = Terms { lots, expires_at, ..old.terms };
    Entry { terms, filled: 0, state: State::Accepted, triggered: false, ..old.clone() }
}

fn rounded_up(market: &Market, lots: u128) -> Option<Quantity> {
    Quantity::new(u64::try_from(times(market.lot, lots).ceiling()).ok()?).ok()
}
