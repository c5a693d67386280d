//! A house that stays where it is, round the reference price: of each price as much as an order may ask for.

use std::ops::Range;

use super::book::Side;
use super::house::{House, Offer};
use super::instrument::Instrument;
use super::moving::{Awaited, Moves, Moving, Touch};

/// Prices on each side.
const LEVELS: u64 = 10;

/// What it quotes in an instrument, as a market that never goes anywhere.
pub(crate) const FROZEN: Moving = Moving { seed: 0, of: |_, instrument| Box::new(Frozen::of(instrument)) };

#[derive(Debug)]
struct Frozen(House);

impl Frozen {
    /// Where the reference price is too low for all prices below it, there are fewer.
    fn of(instrument: &Instrument) -> Frozen {
        let (_, lots) = instrument.limits();
        let offer = |side, level| Some(Offer { ticks: price(instrument, side, level)?, lots });
        let side = |side| (0..LEVELS).filter_map(|level| offer(side, level)).collect();
        Frozen(House::offering(side(Side::Buy), side(Side::Sell)))
    }
}

impl Moves for Frozen {
    fn touch(&self, _: u64) -> Touch {
        let best = |side| self.0.best(side).map_or(0, |offer| offer.ticks);
        Touch { bid: best(Side::Buy), ask: best(Side::Sell) }
    }

    fn house(&self, _: u64) -> House {
        self.0.clone()
    }

    fn first_reached(&self, awaited: &Awaited, steps: Range<u64>) -> Option<u64> {
        let touch = self.touch(steps.start);
        // Nobody waits for a bid where there is none.
        let of_asks = Awaited { bid_rises_to: None, bid_falls_to: None, ..*awaited };
        let awaited = if touch.bid == 0 { &of_asks } else { awaited };
        (!steps.is_empty() && awaited.is_reached(touch)).then_some(steps.start)
    }
}

/// Its price at a level, in ticks.
fn price(instrument: &Instrument, side: Side, level: u64) -> Option<u64> {
    match side {
        Side::Buy => instrument.reference_ticks().checked_sub(1 + level).filter(|&ticks| ticks > 0),
        Side::Sell => Some(instrument.reference_ticks() + 1 + level),
    }
}
