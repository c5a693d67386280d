//! A market that moves by itself, as the exchange sees it: what its house quotes is a function of time, in steps of
//! 100 ms.
//!
//! Whoever makes such a market says what it is at a step, and when it first is somewhere, without the steps between.
//! So what waits for a price knows when that is there, and nothing is looked at before.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::ops::Range;

use super::book::Side;
use super::house::House;
use super::instrument::Instrument;

/// Nothing is looked for later than so many steps ahead: a hundred years.
const AHEAD: u64 = 1 << 35;

/// Markets that move: of each instrument one, for a seed.
#[derive(Clone, Copy, Debug)]
pub struct Moving {
    /// Of what all chance in them is made.
    pub seed: u64,
    /// The market of an instrument, for a seed.
    pub of: fn(u64, &Instrument) -> Box<dyn Moves>,
}

/// The market of one instrument: a function of the step, whoever asks and however often.
pub trait Moves: fmt::Debug + Send + Sync {
    /// The best prices at a step.
    fn touch(&self, step: u64) -> Touch;

    /// All that the house offers at a step.
    fn house(&self, step: u64) -> House;

    /// The first of these steps at which something is there that is waited for; `None` where it is at none of them.
    fn first_reached(&self, awaited: &Awaited, steps: Range<u64>) -> Option<u64>;
}

/// The best prices of a house, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// The most that it pays.
    pub bid: u64,
    /// The least that it asks for.
    pub ask: u64,
}

impl Touch {
    /// The best price of a side.
    #[must_use]
    pub fn best(self, side: Side) -> u64 {
        match side {
            Side::Buy => self.bid,
            Side::Sell => self.ask,
        }
    }
}

/// What of the house's best prices is waited for: any of these, in ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Awaited {
    /// It sells at this price or a lower one: whoever buys at it trades.
    pub ask_falls_to: Option<u64>,
    /// It buys at this price or a higher one: whoever sells at it trades.
    pub bid_rises_to: Option<u64>,
    /// It sells at this price or a higher one only.
    pub ask_rises_to: Option<u64>,
    /// It buys at this price or a lower one only.
    pub bid_falls_to: Option<u64>,
}

impl Awaited {
    /// Whether nothing is waited for.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Awaited::default()
    }

    /// Whether one of these is there, with these best prices.
    #[must_use]
    pub fn is_reached(&self, Touch { bid, ask }: Touch) -> bool {
        self.ask_falls_to.is_some_and(|price| ask <= price)
            || self.bid_rises_to.is_some_and(|price| bid >= price)
            || self.ask_rises_to.is_some_and(|price| ask >= price)
            || self.bid_falls_to.is_some_and(|price| bid <= price)
    }
}

/// The market of one instrument, with what was last looked up in it.
#[derive(Debug)]
pub(crate) struct Mover {
    market: Box<dyn Moves>,
    /// What is offered at a step.
    seen: RefCell<Option<(u64, House)>>,
    /// When something is first there, from a step on.
    sought: Cell<Option<(Awaited, u64, Option<u64>)>>,
}

impl Mover {
    pub(crate) fn of(moving: Moving, instrument: &Instrument) -> Mover {
        Mover { market: (moving.of)(moving.seed, instrument), seen: RefCell::default(), sought: Cell::default() }
    }

    /// The best price of a side at any step, where nothing of it was taken.
    pub(crate) fn best_at(&self, step: u64, side: Side) -> u64 {
        self.market.touch(step).best(side)
    }

    /// Looks at what is offered at the step that is now, which is asked for often.
    pub(crate) fn look<Seen>(&self, step: u64, at: impl FnOnce(&House) -> Seen) -> Seen {
        let mut seen = self.seen.borrow_mut();
        match &*seen {
            Some((known, house)) if *known == step => at(house),
            _ => {
                let house = self.market.house(step);
                let looked = at(&house);
                *seen = Some((step, house));
                looked
            }
        }
    }

    /// The first step from this one on at which something is there that is waited for.
    pub(crate) fn first_reached(&self, awaited: &Awaited, from: u64) -> Option<u64> {
        if let Some((known, since, found)) = self.sought.get()
            && known == *awaited
            && since <= from
            && found.is_none_or(|found| found >= from)
        {
            return found;
        }
        let found = self.market.first_reached(awaited, from..from.saturating_add(AHEAD));
        self.sought.set(Some((*awaited, from, found)));
        found
    }
}
