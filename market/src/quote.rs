//! What the house quotes: round the middle, a spread that is about constant, and some prices behind the best ones.

use tradepit_engine::{Draws, Instrument, Offer, Side, Touch};

use crate::draws::skewed;
use crate::power::scaled;
use crate::walk::{Span, Walk};

/// Prices on each side.
pub const LEVELS: usize = 10;

/// The spread is about so many millionths of the price.
const SPREAD_MILLIONTHS: u64 = 50;
/// The middle is counted in so many parts of a tick.
const PARTS: u64 = 16;
/// For so many steps, some 6 s, the spread stays as it is.
const SPREAD_STAYS: u32 = 6;
/// For so many steps, some 3 s, a size stays as it is, each price's from a moment of its own on.
const SIZE_STAYS: u64 = 32;
/// What is offered at one price is about worth so many units of the currency that it is paid in, and never less than
/// some lots.
const WORTH: u128 = 20_000;
const LOTS_AT_LEAST: u64 = 100;

/// What the house offers on both sides, the best first: ticks and lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// Where it buys.
    pub bids: [Option<Offer>; LEVELS],
    /// Where it sells.
    pub asks: [Offer; LEVELS],
}

#[derive(Clone, Debug)]
pub(crate) struct Quotes {
    /// In parts of a tick.
    reference: u64,
    /// The least spread, and how far its prices are apart behind the best, in ticks.
    spread: u64,
    gap: u64,
    /// About so many lots at a price.
    lots: u64,
    most: u64,
    spreads: Draws,
    sizes: Draws,
}

impl Quotes {
    pub(crate) fn of(draws: Draws, instrument: &Instrument) -> Quotes {
        let ticks = instrument.reference_ticks();
        let spread = (ticks / (1_000_000 / SPREAD_MILLIONTHS)).max(1);
        let lot = instrument.lot_price(ticks).0.unsigned_abs().max(1);
        let (least, most) = instrument.limits();
        let lots = u64::try_from(WORTH * 1_000_000_000_000 / lot).unwrap_or(u64::MAX >> 20);
        let lots = lots.max(LOTS_AT_LEAST).max(least).min(u64::MAX >> 20);
        let (spreads, sizes) = (draws.kind(200), draws.kind(201));
        Quotes { reference: ticks.saturating_mul(PARTS), spread, gap: (spread / 4).max(1), lots, most, spreads, sizes }
    }

    /// About how many lots one price offers.
    pub(crate) fn lots(&self) -> u64 {
        self.lots
    }

    /// The spread at a step, in ticks: mostly the least one, else up to half as much more, and a tick at least.
    fn spread(&self, step: u64) -> u64 {
        let draw = self.spreads.at(step >> SPREAD_STAYS);
        let wider = (draw >> 62 == 3).then(|| 1 + (draw & 0xffff) * self.spread / 0x2_0000);
        self.spread + wider.unwrap_or(0)
    }

    /// The greatest spread that there can be.
    fn widest(&self) -> u64 {
        self.spread + 1 + self.spread / 2
    }

    /// The best prices at a step where the walk is there.
    pub(crate) fn touch(&self, step: u64, exponent: i64) -> Touch {
        self.around(exponent, self.spread(step))
    }

    fn around(&self, exponent: i64, spread: u64) -> Touch {
        let middle = scaled(self.reference, exponent);
        // No price is less than a tick.
        let bid = (middle.saturating_sub(spread * (PARTS / 2)) / PARTS).max(1);
        Touch { bid, ask: bid + spread }
    }

    /// No best price of a side is better for who trades with it than this in a span in which the walk stays in these
    /// bounds: no bid is higher, no ask lower.
    #[inline]
    pub(crate) fn best_within(&self, side: Side, span: &Span, (low, high): (i64, i64)) -> u64 {
        let spread = self.spread_in(span).unwrap_or(self.spread);
        match side {
            Side::Buy => self.around(high, spread).bid,
            Side::Sell => self.around(low, spread).ask,
        }
    }

    /// No best price of a side is worse for who trades with it than this in a span in which the walk stays in these
    /// bounds: no bid is lower, no ask higher.
    #[inline]
    pub(crate) fn worst_within(&self, side: Side, span: &Span, (low, high): (i64, i64)) -> u64 {
        let spread = self.spread_in(span).unwrap_or_else(|| self.widest());
        match side {
            Side::Buy => self.around(low, spread).bid,
            Side::Sell => self.around(high, spread).ask,
        }
    }

    /// The spread of a span that is so short that it stays as it is.
    #[inline]
    fn spread_in(&self, span: &Span) -> Option<u64> {
        (span.level <= SPREAD_STAYS).then(|| self.spread(span.first()))
    }

    /// All that the house offers at a step.
    pub(crate) fn ladder(&self, walk: &Walk, span: &Span) -> Ladder {
        let step = span.first();
        let Touch { bid, ask } = self.touch(step, walk.at(span));
        let offer = |ticks: u64, level: usize| Offer { ticks, lots: self.size(step, ticks, level) };
        let behind = |level: usize| level as u64 * self.gap;
        Ladder {
            bids: std::array::from_fn(|level| {
                bid.checked_sub(behind(level)).filter(|&ticks| ticks > 0).map(|ticks| offer(ticks, level))
            }),
            asks: std::array::from_fn(|level| offer(ask + behind(level), level)),
        }
    }

    /// How much is offered at a price; more behind the best ones.
    fn size(&self, step: u64, ticks: u64, level: usize) -> u64 {
        let draws = self.sizes.kind(ticks);
        let moment = (step + draws.at(0) % SIZE_STAYS) / SIZE_STAYS;
        let times = skewed(draws.at(moment + 1)) * (4 + level as u64);
        let lots = (u128::from(self.lots) * u128::from(times)) >> 19;
        u64::try_from(lots).unwrap_or(u64::MAX).clamp(1, self.most)
    }
}
