//! What is traded with the house: how often, how much, and at which steps.
//!
//! From coarse to fine, as the walk: a day's trades and lots are drawn, and each span's are shared between its halves,
//! more to the livelier one. So what was traded in any span is had without its steps, and it is exactly what its steps
//! have.

use tradepit_engine::Draws;

use crate::draws::skewed;
use crate::preset::Preset;
use crate::walk::Span;

/// What is drawn first: the trades of 2^20 steps, some 29 hours.
pub(crate) const WHOLE: u32 = 20;

/// What was traded in a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traded {
    /// How many trades.
    pub(crate) count: u64,
    /// How much, in lots; each trade at least one.
    pub(crate) lots: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Flow {
    /// In how many of 65 536 steps something trades.
    prints: u64,
    /// About so many lots at a time.
    lots: u64,
    wholes: Draws,
    /// By span.
    shares: [Draws; WHOLE as usize + 1],
}

impl Flow {
    pub(crate) fn of(draws: Draws, preset: Preset, lots: u64) -> Flow {
        let shares = std::array::from_fn(|level| draws.kind(300 + level as u64));
        // The size of one price is not taken at once.
        Flow { prints: preset.prints(), lots: (lots / 4).max(1), wholes: draws.kind(299), shares }
    }

    /// What is traded in a span of the longest kind that is drawn.
    pub(crate) fn whole(&self, span: &Span) -> Traded {
        let draw = self.wholes.at(span.place);
        // From half to one and a half times as often as the mean, and more where it is livelier.
        let often = 0x8000 + (draw & 0xffff);
        let lively = (often * span.lively) >> 16;
        let count = ((self.prints << (WHOLE - 16)) * lively) >> 16;
        let count = count.min(1 << (WHOLE - 1));
        Traded { count, lots: count * self.lots }
    }

    /// How that is shared between the halves of a span.
    #[inline]
    pub(crate) fn halves(&self, traded: Traded, span: &Span, [left, right]: &[Span; 2]) -> [Traded; 2] {
        let Traded { count, lots } = traded;
        if count == 0 {
            return [Traded::default(); 2];
        }
        let draw = self.shares[span.level as usize].at(span.place);
        let room = 1_u64 << left.level;
        // By how lively they are, and by chance: between a third and two thirds of that.
        let weight = |lively: u64, draw: u64| lively * (0x1_0000 + (draw & 0xffff));
        let (a, b) = (weight(left.lively, draw), weight(right.lively, draw >> 16));
        // What is left over goes to either side by chance: no rounding leans.
        let count_left = (count * share(a, b) + (draw >> 48)) >> 16;
        let count_left = count_left.clamp(count.saturating_sub(room), room.min(count));
        let count_right = count - count_left;
        let beyond = lots - count;
        let beyond_left = match (count_left, count_right) {
            (0, _) => 0,
            (_, 0) => beyond,
            _ => {
                let more = self.shares[span.level as usize].at(!span.place);
                let weight = |count: u64, draw: u64| count * (skewed(draw) + 1);
                let part = share(weight(count_left, more), weight(count_right, more.rotate_left(32)));
                ((u128::from(beyond) * u128::from(part)) >> 16) as u64
            }
        };
        [
            Traded { count: count_left, lots: count_left + beyond_left },
            Traded { count: count_right, lots: lots - count_left - beyond_left },
        ]
    }
}

/// What one weight is of both, in units of 2^-16. No two come to 2^48.
#[inline]
fn share(one: u64, other: u64) -> u64 {
    (one << 16) / (one + other)
}
