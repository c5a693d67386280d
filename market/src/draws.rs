//! What draws become: numbers that lie as a market's do.

/// From 3/4 to 1 or from -1 to -3/4, evenly, in units of 2^-16; its mean square is 37/48. What is never near to nothing
/// needs less room for as much: the bounds of a walk are so much the closer.
#[inline]
pub(crate) fn aside(draw: u64) -> i64 {
    let far = 0xc000 + (draw >> 49 & 0x3fff).cast_signed();
    if draw >> 63 == 0 { far } else { -far }
}

/// Greater than 0, mostly small and seldom large: about -log2 of an even number between 0 and 1, in units of 2^-16; its
/// mean is 1.5.
#[inline]
pub(crate) fn skewed(draw: u64) -> u64 {
    let zeros = u64::from(draw.leading_zeros().min(40));
    // What follows the first 1 leads from one power of two to the next.
    let rest = (draw << (zeros + 1).min(63)) >> 48;
    (zeros << 16) + (0x1_0000 - rest)
}

#[cfg(test)]
mod tests {
    use tradepit_engine::Draws;

    use super::*;

    #[test]
    fn draws_have_their_means() {
        let draws = Draws::of(1, b"EURUSD").kind(3);
        let count = 1_000_000;
        let mean = (0..count).map(|place| i128::from(aside(draws.at(place)))).sum::<i128>() / i128::from(count);
        // The standard error of the mean is 2^16 × √(37/48) / 1 000: 58.
        assert!(mean.abs() < 250, "{mean}");
        let square = (0..count).map(|place| aside(draws.at(place)).pow(2)).sum::<i64>() / count.cast_signed();
        assert!((3_300_000_000..3_321_000_000).contains(&square), "{square} of 37/48 × 2^32");
        let skew = (0..count).map(|place| u128::from(skewed(draws.at(place)))).sum::<u128>() / u128::from(count);
        assert!((97_900..98_700).contains(&skew), "{skew} of 98 304");
    }
}
