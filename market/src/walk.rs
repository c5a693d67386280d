//! Where a price is: a walk by midpoints, from coarse to fine.
//!
//! The knots between spans of 2^28 steps are drawn. The middle of a span lies on the straight line between its ends,
//! and beside it by a draw of its own, as far as a random walk of that many steps gets; so do the middles of its
//! halves, down to single steps. Where a price is at one moment takes 28 draws, and no other moment. Since every draw
//! is bounded, so is the price in any span whose ends are known.

use tradepit_engine::{Class, Draws};

use crate::draws::aside;
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
        let level = span.level as usize;
        let (low, high) = (begin.min(end), begin.max(end));
        let mut beside = times(self.amplitudes.within[level], lively) + 2;
        if level > 2 {
            // The more one end is beyond the other, the less what lies between gets beyond both: by two thirds of half
            // of that in the end, by 5/8 of it at the least with so many levels. (`preset.rs`: it is as if its middle
            // were moved by so much less.)
            let apart = (high - low).min(2 * times(self.amplitudes.middle[level], lively));
            beside -= (5 * apart) >> 4;
        }
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

    /// Requires it of the span and of all that it is made of; returns where the walk is at its steps.
    fn stays_within(walk: &Walk, span: &Span) -> (i64, i64) {
        let (lowest, highest) = match span.level {
            0 => (walk.at(span), walk.at(span)),
            _ => {
                let [left, right] = walk.halves(span).map(|half| stays_within(walk, &half));
                (left.0.min(right.0), left.1.max(right.1))
            }
        };
        let (low, high) = walk.bounds(span);
        assert!(low <= lowest && highest <= high, "{lowest} to {highest} in {span:?}");
        (lowest, highest)
    }

    #[test]
    fn every_step_is_within_the_bounds_of_all_that_it_lies_in() {
        for (preset, class) in [(Preset::Calm, Class::Forex), (Preset::Volatile, Class::Crypto)] {
            let walk = Walk::of(Draws::of(7, b"AAPL"), preset, class);
            for place in 0..12 {
                let mut span = walk.longest(17_000_000_000 + place * 99_991_003);
                while span.level > 15 {
                    span = walk.halves(&span)[(place & 1) as usize];
                }
                stays_within(&walk, &span);
            }
        }
    }

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
