//! What an account's open orders in one instrument would take of its buying power.
//!
//! An order counts as far as it could take the account further than it is. With 10 held, sells of 20 lead to 10 short,
//! which is no further: what they sell beyond that counts. Which of them that will be is not known: the dearest count.
//!
//! An order without a price of its own counts at the best one of the other side, as that is whenever it is asked for,
//! and a twentieth more. So all is counted in twentieths.

use crate::market::book::Side;
use crate::sheets::Sorted;
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
    lots: Sorted<Money, u128>,
    total: u128,
    worth: Money,
    /// Those without a price, which are not among the others.
    at_market: u128,
}

/// So many lots of an open order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Of which side.
    pub side: Side,
    /// How many.
    pub lots: u128,
    /// What each comes to; `None` where it takes any price.
    pub lot_price: Option<Money>,
}

impl Committed {
    /// The one of two that comes to more; the first where they come to the same.
    #[must_use]
    pub(crate) fn or_greater(self, other: Committed) -> Committed {
        // One that takes any price comes to more than any that does not; so does what is more than is counted.
        let worth = |of: &Committed| {
            of.lot_price.map_or(i128::MAX, |price| price.times(of.lots).map_or(i128::MAX, |all| all.0))
        };
        if worth(&other) > worth(&self) { other } else { self }
    }
}

/// What a lot comes to at the best price of the other side: for whoever buys, and for whoever sells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Far {
    /// Where others sell.
    pub buy: Money,
    /// Where others buy.
    pub sell: Money,
}

/// What would be open otherwise: less of the one, more of the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Instead {
    /// This is not open any more.
    pub without: Option<Committed>,
    /// This is open too.
    pub with: Option<Committed>,
}

impl Commitments {
    /// None.
    pub(crate) const NOTHING: Commitments = Commitments { buys: OneSide::NOTHING, sells: OneSide::NOTHING };

    /// Adds so many lots at a price each; `None`, and nothing is added, where that leaves the range of what is counted.
    #[must_use]
    pub fn with(&mut self, side: Side, lots: u128, lot_price: Money) -> Option<()> {
        let open = self.side_mut(side);
        let total = open.total.checked_add(lots)?;
        let worth = open.worth.0.checked_add(lot_price.times(lots)?.0)?;
        (open.total, open.worth) = (total, Money(worth));
        *open.lots.entry(lot_price) += lots;
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

    /// Adds an order; `None`, and nothing is added, where that leaves the range of what is counted.
    #[must_use]
    pub(crate) fn add(&mut self, more: Committed) -> Option<()> {
        let Committed { side, lots, lot_price } = more;
        match lot_price {
            Some(lot_price) => self.with(side, lots, lot_price),
            None => {
                let open = self.side_mut(side);
                open.at_market = open.at_market.checked_add(lots)?;
                Some(())
            }
        }
    }

    /// Takes an order out that was added so.
    pub(crate) fn remove(&mut self, less: Committed) {
        let Committed { side, lots, lot_price } = less;
        match lot_price {
            Some(lot_price) => self.without(side, lots, lot_price),
            None => {
                let open = self.side_mut(side);
                open.at_market = open.at_market.saturating_sub(lots);
            }
        }
    }

    /// How many lots of a side are open.
    #[must_use]
    pub fn lots(&self, side: Side) -> u128 {
        let open = self.side(side);
        open.total.saturating_add(open.at_market)
    }

    /// Whether nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lots(Side::Buy) == 0 && self.lots(Side::Sell) == 0
    }

    /// How many lots of a side would be open.
    #[must_use]
    pub fn lots_instead(&self, side: Side, instead: Instead) -> u128 {
        let of_side = |change: Option<Committed>| change.filter(|change| change.side == side).map_or(0, |own| own.lots);
        self.lots(side).saturating_add(of_side(instead.with)).saturating_sub(of_side(instead.without))
    }

    /// What they come to, beyond a position of so many lots: the greater of what the buys do and what the sells do.
    #[must_use]
    pub fn beyond(&self, position: i128) -> Money {
        self.beyond_instead(position, Far::default(), Instead::default()).unwrap_or(Money(i128::MAX))
    }

    /// The same, of what would be open; `None` where that leaves the range of what is counted.
    #[must_use]
    pub fn beyond_instead(&self, position: i128, far: Far, instead: Instead) -> Option<Money> {
        // What leads to the same size on the other side of zero is no further.
        let back = position.unsigned_abs().saturating_mul(2);
        let (buys_back, sells_back) = if position < 0 { (back, 0) } else { (0, back) };
        let buys = self.worth_of(Side::Buy, buys_back, far, instead)?;
        Some(buys.max(self.worth_of(Side::Sell, sells_back, far, instead)?))
    }

    /// What all of a side would come to but the cheapest, so many lots of them.
    #[must_use]
    pub fn worth_of(&self, side: Side, cheapest: u128, far: Far, instead: Instead) -> Option<Money> {
        let far = if side == Side::Buy { far.buy } else { far.sell };
        let own = |change: Option<Committed>| change.filter(|change| change.side == side && change.lots > 0);
        self.side(side).dearest_beyond(cheapest, far, own(instead.without), own(instead.with))
    }

    /// A copy shares them from now on.
    pub(crate) fn share(&mut self) {
        self.buys.lots.share();
        self.sells.lots.share();
    }

    fn side(&self, side: Side) -> &OneSide {
        match side {
            Side::Buy => &self.buys,
            Side::Sell => &self.sells,
        }
    }

    fn side_mut(&mut self, side: Side) -> &mut OneSide {
        match side {
            Side::Buy => &mut self.buys,
            Side::Sell => &mut self.sells,
        }
    }
}

/// What an order comes to is told in twentieths: the one without a price takes one more.
const TWENTIETHS: i128 = 20;

impl OneSide {
    const NOTHING: OneSide = OneSide { lots: Sorted::NOTHING, total: 0, worth: Money::ZERO, at_market: 0 };

    /// What all come to but the cheapest, so many lots of them. What is cheaper than all that is left is not looked at.
    fn dearest_beyond(
        &self,
        mut cheapest: u128,
        far: Money,
        without: Option<Committed>,
        with: Option<Committed>,
    ) -> Option<Money> {
        let price_of = |lot_price: Option<Money>| match lot_price {
            Some(lot_price) => lot_price.0.checked_mul(TWENTIETHS),
            None => far.0.checked_mul(TWENTIETHS + 1),
        };
        let less = |lot_price: Option<Money>| {
            without.filter(|without| without.lot_price == lot_price).map_or(0, |without| without.lots)
        };
        let at_market = self.at_market.checked_sub(less(None))?;
        let more = with.map_or(0, |with| with.lots);
        if cheapest >= self.total.checked_add(self.at_market)?.checked_add(more)? {
            return Some(Money::ZERO);
        }
        // The few that do not stand in the order of their prices.
        let mut aside = [(price_of(None)?, at_market), (0, 0)];
        if let Some(with) = with {
            aside[1] = (price_of(with.lot_price)?, with.lots);
        }
        aside.sort_unstable();
        let mut beyond = self.worth.0.checked_mul(TWENTIETHS)?;
        for (price, lots) in aside {
            beyond = beyond.checked_add(Money(price).times(lots)?.0)?;
        }
        if let Some(without) = without.filter(|without| without.lot_price.is_some()) {
            beyond = beyond.checked_sub(Money(price_of(without.lot_price)?).times(without.lots)?.0)?;
        }
        let mut aside = aside.into_iter().peekable();
        let mut line = self.lots.iter().peekable();
        while cheapest > 0 {
            let next = line.peek().map(|(lot_price, _)| price_of(Some(**lot_price)));
            let (price, lots) = match (next, aside.peek()) {
                (Some(next), Some(&(price, lots))) if price <= next? => {
                    aside.next();
                    (price, lots)
                }
                (Some(next), _) => {
                    let Some((lot_price, lots)) = line.next() else { break };
                    (next?, lots.checked_sub(less(Some(*lot_price)))?)
                }
                (None, Some(&(price, lots))) => {
                    aside.next();
                    (price, lots)
                }
                (None, None) => break,
            };
            let left_out = lots.min(cheapest);
            cheapest -= left_out;
            beyond = beyond.checked_sub(Money(price).times(left_out)?.0)?;
        }
        Money(beyond).share(1, TWENTIETHS.unsigned_abs())
    }
}
