//! What an account's open orders in one instrument would take of its buying power.
//!
//! An order counts as far as it could take the account further than it is. With 10 held, sells of 20 lead to 10 short,
//! which is no further: what they sell beyond that counts. Which of them that will be is not known: the dearest count.

use std::collections::BTreeMap;

use crate::market::book::Side;
use crate::values::Money;

/// One account's open orders in one instrument: how much at which price.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commitments {
    buys: OneSide,
    sells: OneSide,
}

/// Those of one side, by what a lot comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct OneSide {
    lots: BTreeMap<Money, u128>,
    total: u128,
    worth: Money,
}

impl Commitments {
    /// Adds so many lots at a price each; `None`, and nothing is added, where that leaves the range of what is counted.
    #[must_use]
    pub fn with(&mut self, side: Side, lots: u128, lot_price: Money) -> Option<()> {
        let open = self.side_mut(side);
        let total = open.total.checked_add(lots)?;
        let worth = open.worth.0.checked_add(lot_price.times(lots)?.0)?;
        (open.total, open.worth) = (total, Money(worth));
        *open.lots.entry(lot_price).or_default() += lots;
        Some(())
    }

    /// Takes so many lots out that were added at this price.
    pub fn without(&mut self, side: Side, lots: u128, lot_price: Money) {
        let open = self.side_mut(side);
        let Some(held) = open.lots.get_mut(&lot_price) else { return };
        let lots = lots.min(*held);
        *held -= lots;
        if *held == 0 {
            open.lots.remove(&lot_price);
        }
        open.total -= lots;
        open.worth.0 -= lot_price.times(lots).unwrap_or_default().0;
    }

    /// How many lots of a side are open.
    #[must_use]
    pub fn lots(&self, side: Side) -> u128 {
        match side {
            Side::Buy => self.buys.total,
            Side::Sell => self.sells.total,
        }
    }

    /// What they come to, beyond a position of so many lots: the greater of what the buys do and what the sells do.
    #[must_use]
    pub fn beyond(&self, position: i128) -> Money {
        // What leads to the same size on the other side of zero is no further.
        let back = position.unsigned_abs().saturating_mul(2);
        let (buys_back, sells_back) = if position < 0 { (back, 0) } else { (0, back) };
        self.buys.dearest_beyond(buys_back).max(self.sells.dearest_beyond(sells_back))
    }

    fn side_mut(&mut self, side: Side) -> &mut OneSide {
        match side {
            Side::Buy => &mut self.buys,
            Side::Sell => &mut self.sells,
        }
    }
}

impl OneSide {
    /// What all come to but the cheapest, so many lots of them.
    fn dearest_beyond(&self, mut cheapest: u128) -> Money {
        if cheapest >= self.total {
            return Money::ZERO;
        }
        let mut worth_beyond = self.worth;
        for (&lot_price, &lots) in &self.lots {
            if cheapest == 0 {
                break;
            }
            let left_out = lots.min(cheapest);
            cheapest -= left_out;
            worth_beyond.0 -= lot_price.times(left_out).unwrap_or_default().0;
        }
        worth_beyond
    }
}
