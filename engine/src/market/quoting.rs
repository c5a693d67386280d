//! What the house quotes by its rule, and what was taken of it.

use super::book::Side;
use super::house::{House, Offer};
use super::instrument::Instrument;
use super::moving::{Mover, Moving};
use super::pit::Pit;
use crate::values::Time;

/// Which house there is.
#[derive(Clone, Copy, Debug, Default)]
pub enum Quoting {
    /// One that quotes round the reference price, and stays there.
    #[default]
    Frozen,
    /// None: clients trade with each other alone.
    Nobody,
    /// One whose prices move by themselves.
    Moving(Moving),
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

/// The first step that begins at this time or later.
pub(crate) fn step_from(at: Time) -> u64 {
    step_of(Time(at.0.saturating_add(STEP_US - 1)))
}

/// When a step begins.
pub(crate) fn begin_of_step(step: u64) -> Time {
    Time(i64::try_from(step).unwrap_or(i64::MAX).saturating_mul(STEP_US))
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

    /// What is gone at this time.
    fn at(&self, at: Time) -> impl Iterator<Item = (Side, u64, u128)> {
        let is_now = self.step == step(at);
        self.taken.iter().filter(move |_| is_now).copied()
    }

    /// How much of what a side offers at this price is gone at this time.
    fn of(&self, at: Time, side: Side, ticks: u64) -> u128 {
        self.at(at).find(|taken| (taken.0, taken.1) == (side, ticks)).map_or(0, |taken| taken.2)
    }
}

impl Quoting {
    /// Whether its prices move by themselves.
    pub(crate) fn moves(self) -> bool {
        matches!(self, Quoting::Moving(_))
    }

    /// What the house offers at this time.
    pub(crate) fn house(self, instrument: &Instrument, pit: &Pit, at: Time) -> House {
        match self {
            Quoting::Nobody => House::default(),
            Quoting::Frozen => {
                let side = |side| {
                    (0..LEVELS).filter_map(|level| offer(instrument, &pit.taken, at, side, level)).collect::<Vec<_>>()
                };
                House::offering(side(Side::Buy), side(Side::Sell))
            }
            Quoting::Moving(moving) => {
                let mut house = mover(moving, instrument, pit).look(step_of(at), House::clone);
                pit.taken.at(at).for_each(|(side, ticks, lots)| house.take(side, ticks, lots));
                house
            }
        }
    }

    /// The best price of a side, in ticks, of what is left at this time.
    pub(crate) fn best_left(self, instrument: &Instrument, pit: &Pit, side: Side, at: Time) -> Option<u64> {
        match self {
            Quoting::Nobody => None,
            Quoting::Frozen => {
                let mut offers = (0..LEVELS).filter_map(|level| offer(instrument, &pit.taken, at, side, level));
                offers.find(|offer| offer.lots > 0).map(|offer| offer.ticks)
            }
            Quoting::Moving(moving) if pit.taken.at(at).next().is_none() => {
                mover(moving, instrument, pit).best(step_of(at), side).map(|offer| offer.ticks)
            }
            Quoting::Moving(_) => self.house(instrument, pit, at).best(side).map(|offer| offer.ticks),
        }
    }

    /// The best price of a side, in ticks, in the step of this time, where nothing of it was taken.
    pub(crate) fn best(self, instrument: &Instrument, pit: &Pit, side: Side, at: Time) -> Option<u64> {
        match self {
            Quoting::Nobody => None,
            Quoting::Frozen => price(instrument, side, 0),
            Quoting::Moving(moving) => mover(moving, instrument, pit).best(step_of(at), side).map(|offer| offer.ticks),
        }
    }

    /// The same of a time that is asked for once.
    pub(crate) fn best_then(self, instrument: &Instrument, pit: &Pit, side: Side, at: Time) -> Option<u64> {
        match self {
            Quoting::Moving(moving) => Some(mover(moving, instrument, pit).best_at(step_of(at), side)),
            Quoting::Nobody | Quoting::Frozen => self.best(instrument, pit, side, at),
        }
    }

    /// What it sells next to who takes any price.
    pub(crate) fn sells(self, instrument: &Instrument, pit: &Pit, at: Time) -> Option<Sells> {
        match self {
            Quoting::Nobody => None,
            Quoting::Frozen => {
                let asks = (0..LEVELS).filter_map(|level| offer(instrument, &pit.taken, at, Side::Sell, level));
                Sells::first_of(asks)
            }
            Quoting::Moving(moving) => mover(moving, instrument, pit).look(step_of(at), |house| {
                let left = |ask: &Offer| left(ask.lots, &pit.taken, at, Side::Sell, ask.ticks);
                Sells::first_of(house.side(Side::Sell).iter().map(|ask| Offer { lots: left(ask), ..*ask }))
            }),
        }
    }
}

/// What the house sells next to who takes any price: its last price has no end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sells {
    /// In ticks.
    pub(crate) ticks: u64,
    /// How much is left there.
    pub(crate) left: u64,
    /// Whether it sells more than that at this price.
    pub(crate) is_endless: bool,
}

impl Sells {
    /// The first of these that is not taken whole, else the last.
    fn first_of(asks: impl Iterator<Item = Offer>) -> Option<Sells> {
        let mut asks = asks.peekable();
        loop {
            let Offer { ticks, lots: left } = asks.next()?;
            let is_endless = asks.peek().is_none();
            if left > 0 || is_endless {
                return Some(Sells { ticks, left, is_endless });
            }
        }
    }
}

/// The market of an instrument, made when it is first asked.
pub(crate) fn mover<'a>(moving: Moving, instrument: &Instrument, pit: &'a Pit) -> &'a Mover {
    pit.mover.get_or_init(|| Box::new(Mover::of(moving, instrument)))
}

/// What a frozen house offers at one price: of each as much as an order may ask for. Where the reference price is too
/// low for all prices below it, there are fewer.
fn offer(instrument: &Instrument, taken: &Taken, at: Time, side: Side, level: u64) -> Option<Offer> {
    let ticks = price(instrument, side, level)?;
    let (_, most) = instrument.limits();
    Some(Offer { ticks, lots: left(most, taken, at, side, ticks) })
}

/// What is left at this time of so many lots.
fn left(lots: u64, taken: &Taken, at: Time, side: Side, ticks: u64) -> u64 {
    lots.saturating_sub(u64::try_from(taken.of(at, side, ticks)).unwrap_or(u64::MAX))
}

fn price(instrument: &Instrument, side: Side, level: u64) -> Option<u64> {
    match side {
        Side::Buy => instrument.reference_ticks().checked_sub(1 + level).filter(|&ticks| ticks > 0),
        Side::Sell => Some(instrument.reference_ticks() + 1 + level),
    }
}
