//! What an event is about, and what it means for that order.

use std::sync::Arc;

use super::{Accepted, Body, Event, OrderRef, Then};
use crate::orders::line::InLine;
use crate::orders::origin::{Name, Origin};
use crate::orders::state::{Happens, Status};
use crate::orders::terms::Ending;
use crate::values::Number;

impl Event {
    /// The one order that it is about.
    #[must_use]
    pub fn order(&self) -> Option<OrderRef> {
        match &self.body {
            Body::Accepted(accepted) => Some(accepted.order(self.number)),
            _ => self.known().copied(),
        }
    }

    /// Which order it is about that is there already: the change that accepted it.
    #[must_use]
    pub fn about(&self) -> Option<Number> {
        self.known().map(|order| order.accepted_number)
    }

    /// The order that it is about, where that is there already.
    fn known(&self) -> Option<&OrderRef> {
        match &self.body {
            Body::Executed(order) | Body::Cancelled(order) => Some(order),
            Body::Bought(trade) => Some(&trade.order),
            Body::Arrived(arrived) => Some(&arrived.order),
            Body::Filled(filled) => Some(&filled.order),
            Body::Ended(ended) => Some(&ended.order),
            Body::Replaced(replaced) => Some(&replaced.order),
            Body::Rescheduled(rescheduled) => Some(&rescheduled.order),
            Body::Scripted(scripted) => Some(&scripted.order),
            Body::Amended(amended) => Some(&amended.order),
            Body::Triggered(triggered) => Some(&triggered.order),
            Body::Followed(followed) => Some(&followed.order),
            Body::Ruled(ruled) => Some(&ruled.order),
            Body::Accepted(_)
            | Body::Listed(_)
            | Body::InstrumentChanged(_)
            | Body::Quoted(_)
            | Body::RowsChanged(_)
            | Body::AccountOpened(_)
            | Body::Transferred(_)
            | Body::RulesSet(_)
            | Body::Refused(_) => None,
        }
    }

    /// What befalls an order by it that is there already.
    #[must_use]
    #[inline]
    pub fn happens(&self) -> Option<Happens> {
        match &self.body {
            Body::Accepted(_)
            | Body::Followed(_)
            | Body::Listed(_)
            | Body::InstrumentChanged(_)
            | Body::Quoted(_)
            | Body::RowsChanged(_)
            | Body::AccountOpened(_)
            | Body::Transferred(_)
            | Body::RulesSet(_)
            | Body::Ruled(_)
            | Body::Refused(_) => None,
            Body::Executed(_) | Body::Bought(_) => Some(Happens::ArrivesAndFills),
            Body::Cancelled(_) => Some(Happens::Ends(Ending::Client)),
            Body::Arrived(arrived) if arrived.is_partly => Some(Happens::Returns),
            Body::Arrived(_) => Some(Happens::Arrives),
            Body::Filled(filled) if filled.then == Then::Closes => Some(Happens::Fills),
            Body::Filled(_) => Some(Happens::Trades),
            Body::Ended(ended) => Some(Happens::Ends(ended.ending)),
            Body::Replaced(_) => Some(Happens::Ends(Ending::Replaced)),
            Body::Rescheduled(_) => Some(Happens::Reschedules),
            Body::Scripted(scripted) => Some(Happens::Ends(scripted.ending)),
            Body::Amended(amended) if amended.place == InLine::Waits => Some(Happens::Waits),
            Body::Amended(_) => Some(Happens::Amends),
            Body::Triggered(_) => Some(Happens::Triggers),
        }
    }

    /// The order that it accepts, if it does.
    #[must_use]
    pub fn accepted(&self) -> Option<&Accepted> {
        match &self.body {
            Body::Accepted(accepted) => Some(accepted),
            _ => None,
        }
    }

    /// Under which names the order that it accepts was placed, if there are any.
    #[must_use]
    pub fn origin(&self) -> Option<&Arc<Origin>> {
        self.accepted()?.origin.as_ref()
    }

    /// The same names, each with its kind, in the account of the order.
    pub fn names(&self) -> impl Iterator<Item = Name> {
        self.accepted().into_iter().flat_map(Accepted::names)
    }

    /// Which status its order has from now on, where that changes: what native clients are told of.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.body.status()
    }

    /// Whether it closes its order: nothing happens to that one any more.
    #[must_use]
    pub fn closes(&self) -> bool {
        self.status().is_some_and(|status| status != Status::Pending)
    }
}
