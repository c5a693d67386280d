//! How lively a market is, and what that comes to for each span of time.

use tradepit_engine::Class;

use crate::power::ONE;

/// Steps of 100 ms in a day.
pub(crate) const STEPS_IN_A_DAY: u64 = 864_000;

/// The walk's longest span is 2^28 steps, some 310 days: beyond it nothing grows any more, so a price stays around its
/// reference for ever. Shorter spans halve it.
pub(crate) const TOP: u32 = 28;
/// How lively it is differs from span to span, from some 39 days down to 51 seconds: so lively times cluster.
pub(crate) const LIVELY: std::ops::RangeInclusive<u32> = 10..=25;

/// Which market it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// A share moves by some 0.8 % a day.
    #[default]
    Calm,
    /// By some 3 %.
    Volatile,
}

impl Preset {
    /// By how many millionths a price moves in a day, in the mean of squares.
    fn millionths_a_day(self, class: Class) -> u64 {
        let of_a_share = match self {
            Preset::Calm => 8_000,
            Preset::Volatile => 30_000,
        };
        match class {
            Class::Equity => of_a_share,
            Class::Forex => of_a_share * 2 / 5,
            Class::Crypto => of_a_share * 2,
        }
    }

    /// In how many of 65 536 steps something is traded with the house.
    pub(crate) fn prints(self) -> u64 {
        match self {
            Preset::Calm => 8_000,
            Preset::Volatile => 20_000,
        }
    }
}

/// How far a price goes: exponents of two, in units of 2^-40.
#[derive(Clone, Debug)]
pub(crate) struct Amplitudes {
    /// The knots between the longest spans lie within this of the reference.
    pub(crate) knots: i64,
    /// By span: how far its middle lies at most from the straight line between its ends, where it is as lively as the
    /// mean.
    pub(crate) middle: [i64; TOP as usize + 1],
    /// By span: how far anything in it lies at most from that line.
    pub(crate) within: [i64; TOP as usize + 1],
}

/// A span may be so many times as lively as the one that it is half of, in units of 2^-16: √1.3 or √0.7, so that the
/// mean of the squares is 1.
pub(crate) const LIVELIER: [u64; 2] = [74_722, 54_831];

impl Amplitudes {
    pub(crate) fn of(preset: Preset, class: Class) -> Amplitudes {
        // A millionth is 1 / ln 2 millionths of a power of two.
        let a_day = u128::from(preset.millionths_a_day(class)) * ONE as u128 * 1_442_695 / 1_000_000_000_000;
        // As far as a walk of steps gets in a span: with the root of its length. A draw aside has a mean square of
        // 37/48, and a middle lies half as far from the line between the ends as these lie apart.
        let root = |steps: u128| ((steps << 64) / u128::from(STEPS_IN_A_DAY)).isqrt();
        let as_aside = |far: u128| far * 1_138_990 / 1_000_000;
        let middle = |level: usize| (as_aside(a_day * root(1 << level)) >> 33) as i64;
        let middle: [i64; TOP as usize + 1] = std::array::from_fn(middle);
        let within = std::array::from_fn(|level| within(&middle, level));
        // Two knots lie as far apart as a walk gets in the span between them.
        let knots = (as_aside(a_day * root(1 << (TOP - 1))) >> 32) as i64;
        Amplitudes { knots, middle, within }
    }
}

/// How far anything in a span lies at most from the straight line between its ends.
///
/// A middle moves what is beside it along, the less the further that is: at a place that is the part h of the way to
/// the nearer end from there, by h of what it moves itself; and at the next level that place has no more than 2 - 2h.
/// So what two levels that follow each other do is bounded together: by h + h' / 2 <= 1 of each, all of them come to
/// some two thirds of the sum. (The dual of that linear program, whose every step this is.)
fn within(middle: &[i64], level: usize) -> i64 {
    let (mut lively, mut before, mut sum) = (1 << 16, 0, 0);
    for below in (1..=level).rev() {
        // One more for what is rounded.
        let far = ((middle[below] * lively) >> 16) + 2;
        // No level moves as little as half of the one above it.
        before = far - before / 2;
        sum += before;
        let liveliest = if LIVELY.contains(&(below as u32 - 1)) { LIVELIER[0] as i64 } else { 1 << 16 };
        lively = (lively * liveliest) >> 16;
    }
    sum
}
