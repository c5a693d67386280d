//! A plain order, as it is held: packed into few bytes.
//!
//! It asks for a price, or for any, and for so much that 64 bits hold it; it waits for no other price, and has nothing
//! to do with other orders. Nearly all rich orders are so.

use super::maybe_time::{MaybeTime, kept};
use super::terms::{Ending, OrderType, Progress, Terms, TimeInForce};
use crate::accounts::ledger::AccountNumber;
use crate::market::book::Side;
use crate::values::{Money, Number, Time};

/// Whose it is, what it asks for, and how far it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain {
    pub(crate) lots: u64,
    pub(crate) filled: u64,
    /// Upper and lower half: so it needs not be where 16 divides its address.
    cost: [u64; 2],
    /// 0 where it takes any price.
    limit_ticks: u64,
    expires_at: MaybeTime,
    arrived_at: MaybeTime,
    /// 0 where it does not stand in line.
    line: Number,
    pub(crate) account: AccountNumber,
    pub(crate) side: Side,
    pub(crate) time_in_force: TimeInForce,
    pub(crate) post_only: bool,
    ending: Option<Ending>,
}

impl Plain {
    const EMPTY: Plain = Plain {
        lots: 0,
        filled: 0,
        cost: [0; 2],
        limit_ticks: 0,
        expires_at: MaybeTime::NONE,
        arrived_at: MaybeTime::NONE,
        line: Number(0),
        account: 0,
        side: Side::Buy,
        time_in_force: TimeInForce::GoodTillCancelled,
        post_only: false,
        ending: None,
    };

    /// An order of this account that asks for this and is so far; `None` where that is no plain one.
    #[inline]
    pub(crate) fn of(account: AccountNumber, terms: &Terms, progress: &Progress) -> Option<Plain> {
        let mut plain = Plain { account, ..Plain::EMPTY };
        (plain.ask(terms) && plain.put(progress)).then_some(plain)
    }

    /// Asks for this from now on; returns whether a plain order can. It is written part by part: a whole that is copied
    /// right after it was made waits for its parts.
    #[inline]
    pub(crate) fn ask(&mut self, terms: &Terms) -> bool {
        let Terms { side, order_type, time_in_force, post_only, lots, expires_at } = *terms;
        self.limit_ticks = match order_type {
            OrderType::Market => 0,
            OrderType::Limit { ticks } if ticks > 0 => ticks,
            OrderType::Limit { .. }
            | OrderType::Notional { .. }
            | OrderType::Stop { .. }
            | OrderType::StopLimit { .. }
            | OrderType::TrailingStop { .. } => return false,
        };
        let (Ok(lots), Some(expires_at)) = (u64::try_from(lots), kept(expires_at)) else { return false };
        (self.lots, self.expires_at) = (lots, expires_at);
        (self.side, self.time_in_force, self.post_only) = (side, time_in_force, post_only);
        true
    }

    /// Is so far from now on; returns whether a plain order can be.
    #[inline]
    pub(super) fn put(&mut self, progress: &Progress) -> bool {
        let Progress { filled, cost, arrived_at, updated_at: _, line, ending, triggered, mark } = *progress;
        let (Ok(filled), Some(arrived_at)) = (u64::try_from(filled), kept(arrived_at)) else { return false };
        if triggered || mark.is_some() {
            return false;
        }
        self.filled = filled;
        self.cost = halves(cost);
        (self.arrived_at, self.line, self.ending) = (arrived_at, line.unwrap_or(Number(0)), ending);
        true
    }

    #[inline]
    pub(crate) fn terms(&self) -> Terms {
        let Plain { side, time_in_force, post_only, .. } = *self;
        let order_type = match self.limit_ticks {
            0 => OrderType::Market,
            ticks => OrderType::Limit { ticks },
        };
        let (lots, expires_at) = (self.lots.into(), self.expires_at());
        Terms { side, order_type, time_in_force, post_only, lots, expires_at }
    }

    /// The worst price that it takes, in ticks; `None` for any.
    #[inline]
    pub(crate) fn limit(&self) -> Option<u64> {
        (self.limit_ticks > 0).then_some(self.limit_ticks)
    }

    /// What of it has not traded, in lots.
    #[inline]
    pub(crate) fn left(&self) -> u64 {
        self.lots.saturating_sub(self.filled)
    }

    #[inline]
    pub(crate) fn expires_at(&self) -> Option<Time> {
        self.expires_at.get()
    }

    pub(super) fn arrived_at(&self) -> Option<Time> {
        self.arrived_at.get()
    }

    /// Since which change it stands in line, if it does.
    #[inline]
    pub(crate) fn line(&self) -> Option<Number> {
        (self.line != Number(0)).then_some(self.line)
    }

    /// It stands in line since this change, or does not.
    #[inline]
    pub(crate) fn stand(&mut self, line: Option<Number>) {
        self.line = line.unwrap_or(Number(0));
    }

    /// It came to the exchange at this time; returns whether a plain order can.
    #[inline]
    pub(crate) fn arrive(&mut self, at: Time) -> bool {
        let at = kept(Some(at));
        self.arrived_at = at.unwrap_or(self.arrived_at);
        at.is_some()
    }

    /// What traded of it came to.
    #[inline]
    pub(crate) fn cost(&self) -> Money {
        let [high, low] = self.cost;
        Money((i128::from(high.cast_signed()) << u64::BITS) | i128::from(low))
    }

    /// So much of it has traded by now, and came to this.
    #[inline]
    pub(crate) fn fill(&mut self, filled: u64, cost: Money) {
        (self.filled, self.cost) = (filled, halves(cost));
    }

    /// It ended for this reason.
    #[inline]
    pub(crate) fn end(&mut self, ending: Ending) {
        self.ending = Some(ending);
    }

    #[inline]
    pub(crate) fn progress(&self, updated_at: Time) -> Progress {
        let (filled, arrived_at, line) = (self.filled.into(), self.arrived_at(), self.line());
        let (cost, ending, triggered, mark) = (self.cost(), self.ending, false, None);
        Progress { filled, cost, arrived_at, updated_at, line, ending, triggered, mark }
    }
}

/// The upper and the lower half of an amount.
fn halves(money: Money) -> [u64; 2] {
    [(money.0 >> u64::BITS) as u64, money.0 as u64]
}
