//! What the house quotes by its rule, and what was taken of it.

use super::book::Side;
use super::frozen::FROZEN;
use super::house::{House, Offer};
use super::instrument::Instrument;
use super::moving::{Awaited, Mover, Moving};
use super::pit::Pit;
use super::steps::{begin_of_step, end_of_step, step_from, step_of, step_since_1970};
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

/// What was taken from the house since its last quote.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    since: Quote,
    taken: Vec<(Side, u64, u128)>,
}

/// Which quote of the house: that of a step, or that of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quote {
    OfStep(i64),
    OfRow(usize),
}

impl Default for Quote {
    fn default() -> Quote {
        Quote::OfStep(0)
    }
}

impl Taken {
    /// So much was taken of a quote, from what a side offered at this price.
    fn take(&mut self, quote: Quote, side: Side, ticks: u64, lots: u128) {
        if quote != self.since {
            self.taken.clear();
            self.since = quote;
        }
        match self.taken.iter_mut().find(|taken| (taken.0, taken.1) == (side, ticks)) {
            Some(taken) => taken.2 = taken.2.saturating_add(lots),
            None => self.taken.push((side, ticks, lots)),
        }
    }

    /// What is gone of a quote.
    fn of(&self, quote: Quote) -> impl Iterator<Item = (Side, u64, u128)> {
        let is_it = self.since == quote;
        self.taken.iter().filter(move |_| is_it).copied()
    }
}

impl Pit {
    /// Which quote of the house stands at this time, where none is set by hand.
    pub(crate) fn quote_at(&self, at: Time) -> Quote {
        self.rows.at(at).map_or_else(|| Quote::OfStep(step_since_1970(at)), |(place, _)| Quote::OfRow(place))
    }

    /// Since when that quote stands, and no quote before did: it only rises.
    pub(crate) fn quoted_since(&self, at: Time) -> Time {
        let row = self.rows.at(at).map(|(_, row)| row.at);
        let step = begin_of_step(step_of(at));
        row.into_iter().chain(self.dropped_at).fold(step, Time::max)
    }

    /// All rows are dropped at this time.
    pub(crate) fn drop_rows(&mut self, at: Time) {
        (self.rows, self.taken) = Default::default();
        self.dropped_at = Some(at);
    }

    /// So much was taken at this time from what a side of the house offered at this price.
    pub(crate) fn take(&mut self, at: Time, side: Side, ticks: u64, lots: u128) {
        let quote = self.quote_at(at);
        self.taken.take(quote, side, ticks, lots);
    }

    /// What is left at this time of what a side of the house offers, the best first; also what is taken whole.
    fn left<'a>(&'a self, at: Time, side: Side, house: &'a House) -> impl Iterator<Item = Offer> {
        let quote = self.quote_at(at);
        house.side(side).iter().map(move |&Offer { ticks, lots }| {
            let is_it = |taken: &(Side, u64, u128)| (taken.0, taken.1) == (side, ticks);
            let taken = self.taken.of(quote).find(is_it).map_or(0, |taken| taken.2);
            Offer { ticks, lots: lots.saturating_sub(u64::try_from(taken).unwrap_or(u64::MAX)) }
        })
    }

    /// The market of its instrument, made when it is first asked.
    pub(crate) fn mover(&self, moving: Moving, instrument: &Instrument) -> &Mover {
        self.mover.get_or_init(|| Box::new(Mover::of(moving, instrument)))
    }
}

impl Quoting {
    /// Whether its prices move by themselves.
    pub(crate) fn moves(self) -> bool {
        matches!(self, Quoting::Moving(_))
    }

    /// What the house offers at this time.
    pub(crate) fn house(self, instrument: &Instrument, pit: &Pit, at: Time) -> House {
        let mut house = self.look(instrument, pit, at, House::clone);
        pit.taken.of(pit.quote_at(at)).for_each(|(side, ticks, lots)| house.take(side, ticks, lots));
        house
    }

    /// The best price of a side, in ticks, of what is left at this time.
    pub(crate) fn best_left(self, instrument: &Instrument, pit: &Pit, side: Side, at: Time) -> Option<u64> {
        self.look(instrument, pit, at, |house| {
            pit.left(at, side, house).find(|offer| offer.lots > 0).map(|offer| offer.ticks)
        })
    }

    /// The best price of a side, in ticks, at this time, where nothing of it was taken.
    pub(crate) fn best(self, instrument: &Instrument, pit: &Pit, side: Side, at: Time) -> Option<u64> {
        self.look(instrument, pit, at, |house| house.best(side).map(|offer| offer.ticks))
    }

    /// The same of a time that is asked for once.
    pub(crate) fn best_then(self, instrument: &Instrument, pit: &Pit, side: Side, at: Time) -> Option<u64> {
        match self {
            Quoting::Moving(moving) if pit.rows.at(at).is_none() => {
                Some(pit.mover(moving, instrument).best_at(step_of(at), side))
            }
            _ => self.best(instrument, pit, side, at),
        }
    }

    /// What it sells next to who takes any price.
    pub(crate) fn sells(self, instrument: &Instrument, pit: &Pit, at: Time) -> Option<Sells> {
        self.look(instrument, pit, at, |house| Sells::first_of(pit.left(at, Side::Sell, house)))
    }

    /// When another quote stands next after this time.
    pub(crate) fn changes_after(self, pit: &Pit, at: Time) -> Option<Time> {
        let row = pit.rows.next_after(at);
        if matches!(self, Quoting::Nobody) || pit.rows.at(at).is_some() {
            return row;
        }
        Some(row.map_or(end_of_step(at), |row| row.min(end_of_step(at))))
    }

    /// The first moment from this one on, at which a quote stands, when one stands that has what is waited for, where
    /// nothing of it is taken.
    pub(crate) fn first_reached(
        self,
        instrument: &Instrument,
        pit: &Pit,
        awaited: &Awaited,
        from: Time,
    ) -> Option<Time> {
        let by_rows = |begin: Time| pit.rows.first_reached(awaited, from.max(begin));
        let Some(begin) = pit.rows.begin() else { return self.by_rule(instrument, pit, awaited, from) };
        let by_rule = || self.by_rule(instrument, pit, awaited, from).filter(|reached| *reached < begin);
        if from < begin { by_rule().or_else(|| by_rows(begin)) } else { by_rows(begin) }
    }

    fn by_rule(self, instrument: &Instrument, pit: &Pit, awaited: &Awaited, from: Time) -> Option<Time> {
        let moving = match self {
            Quoting::Nobody => return None,
            Quoting::Frozen => FROZEN,
            Quoting::Moving(moving) => moving,
        };
        pit.mover(moving, instrument).first_reached(awaited, step_from(from)).map(begin_of_step)
    }

    /// Looks at what the house offers at this time, where nothing of it was taken.
    fn look<Seen>(self, instrument: &Instrument, pit: &Pit, at: Time, seen: impl FnOnce(&House) -> Seen) -> Seen {
        match (pit.rows.at(at), self) {
            (Some((_, row)), _) => seen(&House::from(row.quote)),
            (None, Quoting::Nobody) => seen(&House::default()),
            (None, Quoting::Frozen) => pit.mover(FROZEN, instrument).look(step_of(at), seen),
            (None, Quoting::Moving(moving)) => pit.mover(moving, instrument).look(step_of(at), seen),
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
