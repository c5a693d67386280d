//! What the house quotes where nothing moves by itself.

use super::book::Side;
use super::house::{House, Offer};
use super::instrument::Instrument;
use crate::values::Time;

/// Which house there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quoting {
    /// One that quotes round the reference price, and stays there.
    #[default]
    Frozen,
    /// None: clients trade with each other alone.
    Nobody,
}

/// What is taken of an offer is gone for so long: a step of the market.
const STEP_US: i64 = 100_000;

/// In which step of the market a time lies; times before 1970 lie in the first.
pub(crate) fn step_of(at: Time) -> u64 {
    u64::try_from(step(at)).unwrap_or(0)
}

fn step(at: Time) -> i64 {
    at.0.div_euclid(STEP_US)
}

/// When the step ends in which a time lies.
pub(crate) fn end_of_step(at: Time) -> Time {
    Time(step(at).saturating_add(1).saturating_mul(STEP_US))
}

/// Prices on each side.
const LEVELS: u64 = 10;

/// What was taken from the house since its last quote.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    step: i64,
    taken: Vec<(Side, u64, u128)>,
}

impl Taken {
    /// So much was taken at this time from what a side offered at this price.
    pub(crate) fn take(&mut self, at: Time, side: Side, ticks: u64, lots: u128) {
        let step = step(at);
        if step != self.step {
            self.taken.clear();
            self.step = step;
        }
        match self.taken.iter_mut().find(|taken| (taken.0, taken.1) == (side, ticks)) {
            Some(taken) => taken.2 = taken.2.saturating_add(lots),
            None => self.taken.push((side, ticks, lots)),
        }
    }

    /// How much of that is gone at this time.
    fn of(&self, at: Time, side: Side, ticks: u64) -> u128 {
        let is_it = |taken: &&(Side, u64, u128)| (taken.0, taken.1) == (side, ticks);
        let is_now = self.step == step(at);
        self.taken.iter().filter(|_| is_now).find(is_it).map_or(0, |taken| taken.2)
    }
}

impl Quoting {
    /// What the house offers at this time.
    pub(crate) fn house(self, instrument: &Instrument, taken: &Taken, at: Time) -> House {
        match self {
            Quoting::Nobody => House::default(),
            Quoting::Frozen => {
                let side = |side| (0..LEVELS).filter_map(|level| offer(instrument, taken, at, side, level)).collect();
                House::offering(side(Side::Buy), side(Side::Sell))
            }
        }
    }

    /// The best price of a side, in ticks, where nothing of it was taken.
    pub(crate) fn best(self, instrument: &Instrument, side: Side) -> Option<u64> {
        match self {
            Quoting::Nobody => None,
            Quoting::Frozen => price(instrument, side, 0),
        }
    }

    /// The best that it sells at, and how much of that is left.
    pub(crate) fn best_ask(self, instrument: &Instrument, taken: &Taken, at: Time) -> Option<Offer> {
        match self {
            Quoting::Nobody => None,
            Quoting::Frozen => offer(instrument, taken, at, Side::Sell, 0),
        }
    }
}

/// What a frozen house offers at one price: of each as much as an order may ask for. Where the reference price is too
/// low for all prices below it, there are fewer.
fn offer(instrument: &Instrument, taken: &Taken, at: Time, side: Side, level: u64) -> Option<Offer> {
    let ticks = price(instrument, side, level)?;
    let (_, most) = instrument.limits();
    let left = u128::from(most).saturating_sub(taken.of(at, side, ticks));
    Some(Offer { ticks, lots: u64::try_from(left).unwrap_or(u64::MAX) })
}

fn price(instrument: &Instrument, side: Side, level: u64) -> Option<u64> {
    match side {
        Side::Buy => instrument.reference_ticks().checked_sub(1 + level).filter(|&ticks| ticks > 0),
        Side::Sell => Some(instrument.reference_ticks() + 1 + level),
    }
}
