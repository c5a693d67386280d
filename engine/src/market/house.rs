//! The house: what it offers at a moment, and what of that was taken.

use super::book::Side;

/// What the house offers at one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The price, in ticks.
    pub ticks: u64,
    /// How much is left of it, in lots.
    pub lots: u64,
}

/// What the house offers on both sides, each with the best price first.
///
/// Its last price stands for whatever comes without a limit, however much was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct House {
    bids: Vec<Offer>,
    asks: Vec<Offer>,
}

impl House {
    /// Offers these, on each side the best first and no price twice.
    #[must_use]
    pub fn offering(bids: Vec<Offer>, asks: Vec<Offer>) -> House {
        debug_assert!(bids.is_sorted_by(|better, worse| better.ticks > worse.ticks));
        debug_assert!(asks.is_sorted_by(|better, worse| better.ticks < worse.ticks));
        House { bids, asks }
    }

    /// Whether it offers nothing on a side, and never did.
    pub(crate) fn is_empty(&self, side: Side) -> bool {
        self.side(side).is_empty()
    }

    /// The best of a side that is not yet taken whole.
    #[must_use]
    pub fn best(&self, side: Side) -> Option<Offer> {
        self.side(side).iter().find(|offer| offer.lots > 0).copied()
    }

    /// The price of a side at which the house trades without a limit with what has none itself.
    #[must_use]
    pub fn last_ticks(&self, side: Side) -> Option<u64> {
        self.side(side).last().map(|offer| offer.ticks)
    }

    /// All of a side that is left, the best first.
    pub fn offers(&self, side: Side) -> impl Iterator<Item = Offer> {
        self.side(side).iter().filter(|offer| offer.lots > 0).copied()
    }

    /// So much was taken at a price; of more than was offered there, what was offered.
    pub fn take(&mut self, side: Side, ticks: u64, lots: u128) {
        let offers = match side {
            Side::Buy => &mut self.bids,
            Side::Sell => &mut self.asks,
        };
        if let Some(offer) = offers.iter_mut().find(|offer| offer.ticks == ticks) {
            offer.lots = offer.lots.saturating_sub(u64::try_from(lots).unwrap_or(u64::MAX));
        }
    }

    /// How much a side offers down to this price, and at better ones.
    #[must_use]
    pub fn within(&self, side: Side, ticks: u64) -> u128 {
        self.offers(side)
            .take_while(|offer| side.other().takes(ticks, offer.ticks))
            .map(|offer| u128::from(offer.lots))
            .sum()
    }

    /// So much was taken down to this price, from the best on; each price is told with how much it was.
    pub fn take_within(&mut self, side: Side, ticks: u64, mut lots: u128, mut told: impl FnMut(u64, u128)) {
        let offers: Vec<Offer> = self.offers(side).take_while(|offer| side.other().takes(ticks, offer.ticks)).collect();
        for offer in offers {
            let taken = lots.min(offer.lots.into());
            lots -= taken;
            if taken > 0 {
                self.take(side, offer.ticks, taken);
                told(offer.ticks, taken);
            }
        }
    }

    /// All of a side, also what is taken whole.
    pub(crate) fn side(&self, side: Side) -> &[Offer] {
        match side {
            Side::Buy => &self.bids,
            Side::Sell => &self.asks,
        }
    }
}
