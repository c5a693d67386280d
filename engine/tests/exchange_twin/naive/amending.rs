//! What the twin does where an open order asks for something else.

use std::rc::Rc;

use tradepit_engine::{Amended, Amendment, Body, First, InLine, OrderFault, Quantity, Rejection, State};

use super::paying::Purse;
use super::terms::{amended_terms, limit};
use super::{Entry, Naive};

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
        let (crosses, acts) = (is_here && self.meets(at, place), is_here && self.acts(at, place));
        if crosses && terms.post_only {
            self.orders[place].terms = before.terms;
            return Err(Rejection::Faulty(vec![OrderFault::PostOnly]));
        }
        self.orders[place].terms = before.terms;
        let with = self.would_count(place, terms, (before.filled, before.mark));
        self.check_paid(at, (before.account, &market), Some(place), with)?;
        // What it can pay is as all stood before, when it was in the book itself.
        let purse = self.purse(at, place);
        self.orders[place].terms = terms;
        if is_here && self.trades(&market, at) {
            self.clear_the_way(at, place);
        }
        let keeps = limit(&terms) == limit(&before.terms) && terms.lots <= before.terms.lots;
        let (is_trading, has_come) = (self.trades(&market, at), before.outside && before.came().0 <= at);
        let trades = acts && is_trading;
        let in_line = match (is_here, trades) {
            (true, false) if crosses && !is_trading => InLine::Waits,
            (false, _) if has_come && !keeps => InLine::Waits,
            (false, _) => InLine::Keeps,
            (true, true) => InLine::Leaves,
            (true, false) if keeps => InLine::Keeps,
            (true, false) => InLine::GoesToEnd,
        };
        self.asks_now(at, place, (&before, quantity, purse), in_line);
        Ok(())
    }

    /// It asks for something else from now on, and stands elsewhere.
    fn asks_now(
        &mut self,
        at: i64,
        place: usize,
        (before, quantity, purse): (&Entry, Option<Quantity>, Option<Purse>),
        in_line: InLine,
    ) {
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
                self.trade_with(at, place, purse);
            }
        }
        self.queue_amended(at, place, before.outside);
    }
}
