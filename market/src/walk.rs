//! Where a price is: a walk by midpoints, from coarse to fine.
//!
//! The knots between spans of 2^28 steps are drawn. The middle of a span lies on the straight line between its ends,
//! and beside it by a draw of its own, as far as a random walk of that many steps gets; so do the middles of its
//! halves, down to single steps. Where a price is at one moment takes 28 draws, and no other moment. Since every draw
//! is bounded, so is the price in any span whose ends are known.

use tradepit_engine::Class;

use crate::draws::{Draws, aside};
use crate::power::ONE;
use crate::preset::{Amplitudes, LIVELIER, LIVELY, Preset, TOP};

/// A price is never further from its reference than 2^6 times.
const FURTHEST: i64 = 6 * ONE;

#[derive(Clone, Debug)]
pub(crate) struct Walk {
    amplitudes: Amplitudes,
    knots: Draws,
    /// By span.
    middles: [Draws; TOP as usize + 1],
}

/// A span of 2^`level` steps, and where the walk is at its ends: exponents of two, in units of 2^-40.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) level: u32,
    /// How many such spans are before it, since 1970.
    pub(crate) place: u64,
    pub(crate) begin: i64,
    pub(crate) end: i64,
    /// How many times as lively it is as the mean, in units of 2^-16.
    pub(crate) lively: u64,
}

impl Span {
    /// Its first step.
    pub(crate) fn first(&self) -> u64 {
        self.place << self.level
    }

    /// The first step after it.
    pub(crate) fn after(&self) -> u64 {
        (self.place + 1) << self.level
    }
}

impl Walk {
    pub(crate) fn of(draws: Draws, preset: Preset, class: Class) -> Walk {
        let middles = std::array::from_fn(|level| draws.kind(level as u64));
        Walk { amplitudes: Amplitudes::of(preset, class), knots: draws.kind(100), middles }
    }

    /// The longest span in which a step lies.
    pub(crate) fn longest(&self, step: u64) -> Span {
        let place = step >> TOP;
        Span { level: TOP, place, begin: self.knot(place), end: self.knot(place + 1), lively: 1 << 16 }
    }

    fn knot(&self, place: u64) -> i64 {
        part(self.amplitudes.knots, 1 << 16, self.knots.at(place))
    }

    /// The halves of a span of more than one step.
    #[inline]
    pub(crate) fn halves(&self, span: &Span) -> [Span; 2] {
        let Span { level, place, begin, end, lively } = *span;
        let draw = self.middles[level as usize].at(place);
        let middle = ((begin + end) >> 1) + part(self.amplitudes.middle[level as usize], lively, draw);
        let below = level - 1;
        // The lowest bits of a draw are not among those that say where the middle is.
        let lively = |bit: u64| match LIVELY.contains(&below) {
            true => (lively * LIVELIER[(bit & 1) as usize]) >> 16,
            false => lively,
        };
        [
            Span { level: below, place: 2 * place, begin, end: middle, lively: lively(draw) },
            Span { level: below, place: 2 * place + 1, begin: middle, end, lively: lively(draw >> 1) },
        ]
    }

    /// Between what the walk stays in a span.
    #[inline]
    pub(crate) fn bounds(&self, span: &Span) -> (i64, i64) {
        let Span { begin, end, lively, .. } = *span;
        let beside = times(self.amplitudes.within[span.level as usize], lively) + 2;
        let (low, high) = (begin.min(end), begin.max(end));
        // The walk at the last step of a span is not yet at its end, nor beyond both ends without having passed them.
        (within_range(low - beside), within_range(high + beside))
    }

    /// The span of one step.
    pub(crate) fn step(&self, step: u64) -> Span {
        let mut span = self.longest(step);
        while span.level > 0 {
            let [left, right] = self.halves(&span);
            span = if (step >> left.level) & 1 == 0 { left } else { right };
        }
        span
    }

    /// Where the walk is in the span of one step.
    pub(crate) fn at(&self, span: &Span) -> i64 {
        within_range(span.begin)
    }
}

fn within_range(exponent: i64) -> i64 {
    exponent.clamp(-FURTHEST, FURTHEST)
}

/// A drawn part of a length, at so many times its size in units of 2^-16.
#[inline]
fn part(length: i64, lively: u64, draw: u64) -> i64 {
    (times(length, lively) * aside(draw)) >> 16
}

/// So many times a length, in units of 2^-16. No length comes to 2^42, none is 2^4 times as lively as the mean: neither
/// this nor a part of it leaves the range.
#[inline]
fn times(length: i64, lively: u64) -> i64 {
    (length * lively.cast_signed()) >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_stays_within_the_bounds_of_each_span() {
        for preset in [Preset::Calm, Preset::Volatile] {
            let walk = Walk::of(Draws::of(7, b"AAPL"), preset, Class::Crypto);
            for place in 0..2_000 {
                let step = 17_000_000_000 + place * 99_991;
                let (mut span, at) = (walk.longest(step), walk.at(&walk.step(step)));
                while span.level > 0 {
                    let (low, high) = walk.bounds(&span);
                    assert!((low..=high).contains(&at), "step {step} in {span:?}");
                    let [left, right] = walk.halves(&span);
                    assert_eq!((left.begin, left.end, right.end), (span.begin, right.begin, span.end));
                    span = if step < right.first() { left } else { right };
                }
            }
        }
    }
}
