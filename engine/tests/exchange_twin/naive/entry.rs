//! An order as the twin has it.

use std::rc::Rc;
use std::sync::Arc;

use tradepit_engine::{
    Asked, AskedGroup, Bought, Ending, First, Group, Kin, Money, Name, Number, Order, OrderId, Origin, Progress,
    Quantity, ReasonText, Rich, Seq, State, Symbol, Terms, Time,
};

use super::terms::limit;
use crate::market::Market;

#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) id: OrderId,
    pub(crate) account: u32,
    pub(crate) symbol: Symbol,
    pub(crate) market: Rc<Market>,
    pub(super) quantity: Quantity,
    pub(crate) accepted_at: i64,
    pub(crate) accepted: u64,
    pub(super) accepted_seq: u64,
    /// When it arrives; nobody knows where it waits for an act.
    pub(crate) due_at: Option<i64>,
    pub(crate) state: State,
    /// The newest change, its newest one of status, and when it was closed.
    pub(crate) number: u64,
    pub(super) seq: u64,
    pub(super) closed_at: Option<i64>,
    pub(super) origin: Option<Arc<Origin>>,
    /// What was asked for in the beginning.
    pub(super) asked: (Quantity, Asked),
    pub(super) bought: Option<(u64, i128)>,
    /// Whether more is kept of it than of a native order.
    pub(crate) is_rich: bool,
    pub(crate) terms: Terms,
    pub(crate) filled: u128,
    pub(super) cost: i128,
    pub(super) arrived_at: Option<i64>,
    pub(super) updated_at: i64,
    pub(super) line: Option<u64>,
    pub(super) ending: Option<Ending>,
    pub(super) reason_text: Option<ReasonText>,
    /// Whether what it waited for came about, and how far the market went for it where it trails that.
    pub(super) triggered: bool,
    pub(crate) mark: Option<u64>,
    pub(super) first: Option<First>,
    /// The group that it is of, and what was asked for of that.
    pub(crate) group: Option<Group>,
    pub(super) asked_group: Option<AskedGroup>,
    /// The order in place of which it stands, and the one that stands in its place.
    pub(crate) replaces: Option<OrderId>,
    pub(super) replaced_by: Option<OrderId>,
    /// Whether it waits outside the book.
    pub(crate) outside: bool,
}

impl Entry {
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, State::Accepted | State::Held | State::New | State::PartiallyFilled)
    }

    pub(crate) fn has_limit(&self) -> bool {
        limit(&self.terms).is_some()
    }

    /// Whether it stands in the book.
    pub(crate) fn rests(&self) -> bool {
        self.is_open() && self.state != State::Accepted && self.line.is_some() && !self.waits()
    }

    /// Whether it is at the exchange, and neither rests nor ended: more trades follow.
    pub(super) fn is_trading(&self) -> bool {
        self.is_open() && self.is_here() && self.line.is_none()
    }

    /// Whether it has reached the exchange.
    pub(super) fn is_here(&self) -> bool {
        !matches!(self.state, State::Accepted | State::Held)
    }

    pub(crate) fn left(&self) -> u128 {
        self.terms.lots - self.filled
    }

    pub(super) fn has(&self, name: &Name) -> bool {
        self.origin.as_ref().is_some_and(|origin| match name {
            Name::ClientOrderId(key) => origin.client_order_id.as_ref() == Some(key),
            Name::IdempotencyKey(key) => origin.idempotency_key.as_ref() == Some(key),
        })
    }

    /// When something happens to it by itself.
    pub(super) fn awaits(&self) -> Option<i64> {
        self.turn().map(|(at, ..)| at)
    }

    /// The same: of one moment what expires comes before what arrives, then by age.
    pub(super) fn turn(&self) -> Option<(i64, bool, u64)> {
        let expires = self.terms.expires_at.map(|at| (at.0, false, self.accepted));
        let arrives = self.due_at.filter(|_| self.state == State::Accepted && !self.outside);
        let arrives = arrives.map(|due_at| (due_at, true, self.accepted));
        expires.into_iter().chain(arrives).min()
    }

    pub(super) fn progress(&self) -> Progress {
        Progress {
            filled: self.filled,
            cost: Money(self.cost),
            arrived_at: self.arrived_at.map(Time),
            updated_at: Time(self.updated_at),
            line: self.line.map(Number),
            ending: self.ending,
            triggered: self.triggered,
            mark: self.mark,
        }
    }

    pub(super) fn rich(&self) -> Rich {
        let (tick, lot) = self.market.steps();
        Rich {
            account: self.account,
            tick,
            lot,
            terms: self.terms,
            progress: self.progress(),
            first: self.first,
            kin: Kin { replaces: self.replaces, replaced_by: self.replaced_by, group: self.group },
        }
    }

    /// The entry as the engine should show it.
    pub(crate) fn shown(&self) -> Order {
        let (tick, _) = self.market.steps();
        Order {
            id: self.id,
            symbol: self.symbol,
            quantity: self.quantity,
            accepted_at: Time(self.accepted_at),
            accepted_number: Number(self.accepted),
            accepted_seq: Seq(self.accepted_seq),
            due_at: self.due_at.map(Time),
            state: self.state,
            closed_at: self.closed_at.map(Time),
            number: Number(self.number),
            seq: Seq(self.seq),
            origin: self.origin.clone(),
            bought: self.bought.map(|(ticks, fee)| Bought { ticks, tick, fee: Money(fee) }),
            rich: self.is_rich.then(|| Arc::new(self.rich())),
            reason_text: self.reason_text.clone(),
            put_off: None,
        }
    }
}
