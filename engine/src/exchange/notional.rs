//! Orders that say a sum of the quote currency in place of a quantity: what that buys, when they are accepted and when
//! they arrive.

use super::Exchange;
use super::part::worth_of;
use crate::accounts::ledger::AccountNumber;
use crate::market::book::{Book, Side};
use crate::market::house::House;
use crate::market::instrument::Instrument;
use crate::market::matching::{Next, SelfTrade};
use crate::orders::held::Held;
use crate::orders::row::Row;
use crate::orders::terms::{Ending, Terms, TimeInForce};
use crate::values::{Money, Quantity, Symbol, Time};

impl Exchange {
    /// What a sum buys, or sells, at the best price of the other side, else the mark: in lots, and in whole ones
    /// rounded up; `None` where that is more than is counted.
    pub(super) fn bought_for(&self, sum: Money, symbol: Symbol, side: Side, at: Time) -> Option<(u128, Quantity)> {
        let number = self.clearing.find(symbol)?;
        let (instrument, (bid, ask)) = (self.clearing.instrument(number), self.touch(number, at));
        let best = if side == Side::Buy { ask } else { bid };
        let lots = match best {
            Some(ticks) => whole_lots(sum, instrument.lot_price(ticks)),
            // It may lie between two ticks.
            None => whole_lots(Money(sum.0.checked_mul(2)?), instrument.lot_price(self.mark(number, at).half_ticks)),
        };
        let whole = u64::try_from(instrument.rounded_up(lots).max(1)).ok()?;
        Some((lots, Quantity::new(whole).ok()?))
    }

    /// What a sum buys or sells as its order arrives: so many lots, and why the order ends, where it does at once.
    pub(super) fn comes_to(
        &self,
        sum: Money,
        row: &Row,
        account: AccountNumber,
        terms: &Terms,
        house: &House,
    ) -> (u128, Option<Ending>) {
        let (instrument, pit) = self.pit(row);
        let endless = Terms { lots: u128::MAX, ..*terms };
        let arriving = self.incoming(account, &endless, 0);
        let walk = self.walk(&arriving, pit, house);
        let (lots, is_short) = spent(sum, instrument, &pit.book, walk, arriving.self_trade);
        let is_killed = lots == 0 || (is_short && terms.time_in_force == TimeInForce::FillOrKill);
        (lots, is_killed.then(|| terms.time_in_force.ends_rest()))
    }
}

/// How many lots a sum buys or sells, and whether it would take more than all that is offered.
///
/// Where it comes to an order of its own account that it does not trade with, it takes some of that too: it ends there.
fn spent(
    sum: Money,
    instrument: &Instrument,
    book: &Book,
    walk: impl Iterator<Item = Next>,
    self_trade: SelfTrade,
) -> (u128, bool) {
    let (mut lots, mut left, mut last) = (0_u128, sum, sum);
    for next in walk {
        let (ticks, most) = match next {
            Next::Trade { ticks, lots, .. } => (ticks, lots),
            Next::Meets(_) if self_trade == SelfTrade::CancelOldest => continue,
            Next::Meets(slot) => (book.get(slot).price, book.get(slot).left.into()),
            Next::Nothing => break,
        };
        last = instrument.lot_price(ticks);
        let some = whole_lots(left, last).min(most);
        (lots, left) = (lots + some, Money(left.0 - worth_of(instrument, ticks, some).0));
        if some < most || matches!(next, Next::Meets(_)) {
            return (lots, false);
        }
    }
    (lots, left >= last)
}

/// How many of these a sum pays for.
fn whole_lots(sum: Money, lot_price: Money) -> u128 {
    u128::try_from(sum.0.checked_div(lot_price.0).unwrap_or_default()).unwrap_or_default()
}

impl Instrument {
    /// The most lots that an order can come to.
    pub(super) fn most_lots(&self, terms: &Terms) -> u128 {
        terms.notional().map_or(terms.lots, |sum| self.most_lots_for(sum))
    }

    /// The same of one that is held.
    pub(super) fn most_lots_of(&self, held: &Held) -> u128 {
        held.notional().map_or_else(|| held.lots(), |sum| self.most_lots_for(sum))
    }

    /// The most lots that a sum can come to: at one tick each.
    fn most_lots_for(&self, sum: Money) -> u128 {
        whole_lots(sum, self.lot_price(1))
    }
}
