//! What an account holds of one instrument, and what that cost, exact to the unit.

use crate::market::book::Side;
use crate::values::Money;

/// One account's part in a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade {
    /// Whether the account bought or sold.
    pub side: Side,
    /// How much, in lots.
    pub lots: u128,
    /// What one lot came to.
    pub lot_price: Money,
}

/// A holding of one instrument: long above zero, short below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// How much, in lots.
    pub lots: i128,
    /// What it cost, before fees, with the sign of `lots`.
    pub cost: Money,
    /// What was won, or lost, by what was closed, before fees.
    pub realized: Money,
}

impl Position {
    /// The position after a trade; `None` where that leaves the range of what is counted.
    ///
    /// What grows it adds to its cost. What closes a part of it takes that part's share of the cost, half to even, and
    /// the last takes all that is left. What crosses zero closes all of it and begins anew with the rest.
    #[must_use]
    pub fn after(self, trade: Trade) -> Option<Position> {
        let lots = i128::try_from(trade.lots).ok()?;
        let signed = match trade.side {
            Side::Buy => lots,
            Side::Sell => -lots,
        };
        if self.lots == 0 || (self.lots > 0) == (signed > 0) {
            return self.grown(signed, trade.lot_price);
        }
        let closed = trade.lots.min(self.lots.unsigned_abs());
        let position = self.without(closed, trade.lot_price)?;
        let rest = trade.lots - closed;
        if rest == 0 {
            Some(position)
        } else {
            position.grown(i128::try_from(rest).ok()? * signed.signum(), trade.lot_price)
        }
    }

    fn grown(self, lots: i128, lot_price: Money) -> Option<Position> {
        let worth = lot_price.times(lots.unsigned_abs())?.0 * lots.signum();
        let cost = self.cost.0.checked_add(worth)?;
        Some(Position { lots: self.lots.checked_add(lots)?, cost: Money(cost), ..self })
    }

    /// The position without so many of its lots, which were closed at this price.
    fn without(self, closed: u128, lot_price: Money) -> Option<Position> {
        let share = self.cost.share(closed, self.lots.unsigned_abs())?;
        let lots = i128::try_from(closed).ok()? * self.lots.signum();
        let won = (lot_price.times(closed)?.0 * self.lots.signum()).checked_sub(share.0)?;
        Some(Position {
            lots: self.lots - lots,
            cost: Money(self.cost.0 - share.0),
            realized: Money(self.realized.0.checked_add(won)?),
        })
    }
}
