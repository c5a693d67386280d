//! What the twin does where an open order asks for something else.

use std::rc::Rc;

use tradepit_engine::{Amended, Amendment, Body, First, InLine, OrderFault, Quantity, Rejection, State};

use super::Naive;
use super::terms::{amended_terms, limit};

impl Naive {
    pub(super) fn amend(
        &mut self,
        at: i64,
        place: usize,
        amendment: &Amendment,
        quantity: Option<Quantity>,
    ) -> Result<(), Rejection> {
        let before = self.orders[place].clone();
        if !before.is_open() {
            return Err(Rejection::OrderClosed);
        }
        let market = Rc::clone(&before.market);
        let terms = amended_terms(&market, &before, amendment, at, false)?;
        let of_legs = 1 + self.waiting_legs(place).len() as u128;
        self.check_range(&market, terms.lots.saturating_sub(before.terms.lots).saturating_mul(of_legs))?;
        // What waits for a price has no place in the book.
        let is_here = before.is_here() && !before.waits();
        // Whom it would trade with is looked up with what it asks for now.
        self.orders[place].terms = terms;
        let crosses = is_here && !self.offers(at, place).is_empty();
        if crosses && terms.post_only {
            self.orders[place].terms = before.terms;
            return Err(Rejection::Faulty(vec![OrderFault::PostOnly]));
        }
        let keeps = limit(&terms) == limit(&before.terms) && terms.lots <= before.terms.lots;
        let (is_trading, has_come) = (self.trades(&market, at), before.outside && before.came().0 <= at);
        let trades = crosses && is_trading;
        let in_line = match (is_here, trades) {
            (true, false) if crosses => InLine::Waits,
            (false, _) if has_come && !keeps => InLine::Waits,
            (false, _) => InLine::Keeps,
            (true, true) => InLine::Leaves,
            (true, false) if keeps => InLine::Keeps,
            (true, false) => InLine::GoesToEnd,
        };
        let entry = &mut self.orders[place];
        entry.first = before.first.or(Some(First { quantity: before.quantity, terms: before.terms }));
        entry.quantity = quantity.unwrap_or(before.quantity);
        entry.is_rich = true;
        let rich = entry.rich();
        let amended = Amended { order: self.refer(place), rich, place: in_line };
        self.tell(at, 1, 0, Body::Amended(Box::new(amended)));
        let number = self.last_number;
        let entry = &mut self.orders[place];
        (entry.number, entry.updated_at) = (number, at);
        match in_line {
            InLine::Keeps => {}
            InLine::GoesToEnd => entry.line = Some(number),
            InLine::Waits => (entry.line, entry.arrived_at, entry.state) = (Some(number), Some(at), State::Accepted),
            InLine::Leaves => {
                entry.line = None;
                self.trade(at, place);
            }
        }
        self.queue_amended(at, place, before.outside);
        Ok(())
    }
}
