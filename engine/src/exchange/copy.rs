//! Another exchange, of all that is in one at a moment.
//!
//! What is large lies on sheets, which both have from then on: so that is done in a moment, however much there is, and
//! each copies a sheet when it first changes something there. Neither sees what befalls the other.

use super::Exchange;
use super::groups::Groups;
use crate::market::hours::Hours;
use crate::market::pit::Pit;
use crate::sheets::Sorted;

impl Exchange {
    /// A copy of it: asked the same, it tells the same, to the byte. In front of no store, whatever this one is: it has
    /// what is held, and what of the past only a store knows it does not.
    pub fn copy(&mut self) -> Exchange {
        self.share();
        Exchange { backing: None, ..self.clone() }
    }

    /// A share that is listed from now on without saying so trades then.
    pub fn set_equity_hours(&mut self, hours: Hours) {
        self.equity_hours = hours;
    }

    /// A copy shares what is large from now on. What is not shared here is copied with the exchange.
    fn share(&mut self) {
        self.orders.share();
        self.rich.share();
        self.by_name.share();
        self.fees.share();
        self.reason_texts.share();
        self.plans.share();
        [&mut self.parts_due, &mut self.decisions].into_iter().for_each(Sorted::share);
        self.agenda.share();
        let Groups { open, released, shut_out } = &mut self.groups;
        open.share();
        [released, shut_out].into_iter().for_each(Sorted::share);
        self.reserved.share();
        self.closed.share();
        self.pits.iter_mut().for_each(Pit::share);
    }
}
