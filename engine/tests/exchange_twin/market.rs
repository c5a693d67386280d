//! What a listing says, counted in 10^-12.

use tradepit_engine::{Decimal, Listing, Quantity, Side, Step, Symbol, Trading};

use crate::accounts::share;

pub(crate) const ONE: i128 = 1_000_000_000_000;

#[derive(Clone)]
pub(crate) struct Market {
    pub(crate) symbol: Symbol,
    pub(crate) listing: Listing,
    pub(crate) status: Trading,
    pub(crate) tick: i128,
    pub(crate) lot: i128,
    pub(crate) reference_ticks: u64,
    pub(crate) least: u128,
    pub(crate) most: u128,
}

impl Market {
    pub(crate) fn of(listing: &Listing) -> Market {
        let of_twelve = |number: Decimal| number.units(12).expect("twelve decimals are enough");
        let (tick, lot) = (of_twelve(listing.tick), of_twelve(listing.lot));
        let reference_ticks = u64::try_from(of_twelve(listing.reference_price) / tick).expect("few ticks");
        let lots = |quantity: Decimal| (of_twelve(quantity) / lot).unsigned_abs();
        let most = (1_000_000_000 * ONE / lot).min(i128::from(i64::MAX)).unsigned_abs();
        Market {
            symbol: listing.symbol,
            listing: *listing,
            status: Trading::Open,
            tick,
            lot,
            reference_ticks,
            least: listing.min_quantity.map_or(1, lots),
            most: listing.max_quantity.map_or(most, lots),
        }
    }

    pub(crate) fn steps(&self) -> (Step, Step) {
        let step = |size: Decimal| Step::new(size).expect("it is a step");
        (step(self.listing.tick), step(self.listing.lot))
    }

    /// How many steps of this size a number is, where it is a whole number of them.
    pub(crate) fn count(number: Decimal, step: i128) -> Option<i128> {
        // What has more than twelve decimals is no multiple of what has twelve at most.
        let units = number.units(12)?;
        (units % step == 0).then(|| units / step)
    }

    pub(crate) fn whole_lots(&self, quantity: Quantity) -> u128 {
        u128::from(quantity.get()) * (ONE / self.lot).unsigned_abs()
    }

    /// What so many lots at a price of so many ticks come to.
    pub(crate) fn worth(&self, ticks: u64, lots: u128) -> Option<i128> {
        let unit = self.tick * self.lot / ONE;
        unit.checked_mul(ticks.into())?.checked_mul(i128::try_from(lots).ok()?)
    }

    /// At a hundred times the reference price, with as much again for fees.
    pub(crate) fn highest_worth(&self, lots: u128) -> Option<i128> {
        self.worth(100 * self.reference_ticks, lots)?.checked_mul(2)
    }

    pub(crate) fn fee(&self, worth: i128, is_maker: bool) -> i128 {
        let rate = if is_maker { self.listing.maker_fee } else { self.listing.taker_fee };
        let rate = rate.units(12).expect("twelve decimals are enough");
        share(worth, rate.unsigned_abs(), ONE.unsigned_abs())
    }

    /// The prices that a house quotes on a side: ten from beside the reference price on, where there are so many.
    pub(crate) fn ladder(&self, side: Side) -> Vec<u64> {
        let away = 1..=10_u64;
        match side {
            Side::Sell => away.map(|away| self.reference_ticks + away).collect(),
            Side::Buy => {
                away.filter(|away| *away < self.reference_ticks).map(|away| self.reference_ticks - away).collect()
            }
        }
    }
}

/// Whether the first price is better than the second for somebody who comes on this side.
pub(crate) fn is_better(side: Side, ticks: u64, other: u64) -> bool {
    match side {
        Side::Buy => ticks < other,
        Side::Sell => ticks > other,
    }
}

/// So many steps of this size, which is counted in 10^-12.
pub(crate) fn times(step: i128, count: u128) -> Decimal {
    Decimal::new(step * count.cast_signed(), 12).expect("it is short")
}
