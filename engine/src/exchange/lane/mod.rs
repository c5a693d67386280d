//! The lane: plain limit orders, straight away.
//!
//! Nearly all that an exchange among programs is asked for are limit orders that wait for no other price, belong to no
//! group and trade with other clients. What is decided of these, and what its events change, stands here once more,
//! without all that can befall others only: each thing is looked up once, and counted in 64 bits.
//!
//! Whatever does not fit is left to the general way, before anything is told or changed: so nothing is decided here
//! that is refused there. Both ways tell and change the same: `tests.rs` holds them to each other, and the twin
//! (`tests/exchange_twin`) to what is right.
//!
//! | | |
//! |---|---|
//! | `decide.rs` | what is told where a plain order is placed, arrives, or is amended |
//! | `change.rs` | what that changes |
//! | `tests.rs` | both ways beside each other |

mod change;
mod decide;
#[cfg(test)]
mod tests;

use super::Exchange;
use crate::accounts::ledger::{AccountNumber, InstrumentNumber};
use crate::market::book::Side;
use crate::market::matching::SelfTrade;
use crate::market::pit::Pit;
use crate::orders::plain::Plain;
use crate::values::Time;

/// Whether the lane may be taken: always, but where a test looks what the general way does.
#[inline]
fn is_open() -> bool {
    #[cfg(test)]
    return tests::IS_OPEN.get();
    #[cfg(not(test))]
    true
}

/// The lane is taken: nothing that follows is left to the general way.
#[inline]
fn take<T>(thing: T) -> Option<T> {
    #[cfg(test)]
    tests::TAKEN.set(tests::TAKEN.get() + 1);
    Some(thing)
}

impl Exchange {
    /// Whether what is due first by now is what happens next: nothing goes on, nothing follows from what happened, and
    /// nobody meets the house or waited outside until now.
    #[inline]
    fn is_quiet(&self, now: Time) -> bool {
        let goes_on = self.acting.is_some() || self.arriving.is_some() || !self.groups.is_empty();
        let meets = self.meetings.first().is_some_and(|(at, _)| *at <= now);
        let opens = self.openings.first().is_some_and(|(at, ..)| *at <= now);
        !goes_on && !meets && !opens && self.restless.is_empty() && self.plans.is_empty()
    }

    /// Whether an order that takes this price trades at once, and with clients alone; `None` where it may meet the
    /// house, or its account looks at what it trades.
    #[inline]
    fn crosses(&self, (number, pit): (InstrumentNumber, &Pit), plain: &Plain, limit: u64, at: Time) -> Option<bool> {
        let side = plain.side;
        if self.is_quoted(number) && self.meets_house(number, side, limit, at) {
            return None;
        }
        let crosses = pit.book.best(side.other()).is_some_and(|best| side.takes(limit, best));
        (!crosses || (self.groups.is_empty() && self.trades_with_all(plain.account))).then_some(crosses)
    }

    /// Whether the house offers anything to an order that takes this price, or did.
    fn meets_house(&self, number: InstrumentNumber, side: Side, limit: u64, at: Time) -> bool {
        let best = self.best_untaken(number, side.other(), at);
        best.is_some_and(|best| side.takes(limit, best)) && !self.house(number, at).is_empty(side.other())
    }

    /// Whether an account pays for whatever its orders trade, with whomever.
    fn trades_with_all(&self, account: AccountNumber) -> bool {
        let settings = self.clearing.account(account);
        settings.is_some_and(|settings| settings.self_trade == SelfTrade::Allow && !settings.is_limited())
    }
}
