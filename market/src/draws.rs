//! Chance without state: a draw depends on its key and its place alone, so each is had at once, in any order.

/// What is drawn of one instrument, one kind of thing and one level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draws(u64);

/// The fraction of the golden ratio, in 64 bits: its multiples lie apart.
const APART: u64 = 0x9e37_79b9_7f4a_7c15;

impl Draws {
    /// All that is drawn for a name with a seed.
    pub(crate) fn of(seed: u64, name: &[u8]) -> Draws {
        let folded = name.iter().fold(mix(seed.wrapping_add(APART)), |key, &byte| mix(key ^ u64::from(byte)));
        Draws(mix(folded ^ name.len() as u64))
    }

    /// Those of one kind among these.
    pub(crate) fn kind(self, kind: u64) -> Draws {
        Draws(mix(self.0.wrapping_add(kind.wrapping_add(1).wrapping_mul(APART))))
    }

    /// The draw at a place: 64 bits, each as good as the others.
    #[inline]
    pub(crate) fn at(self, place: u64) -> u64 {
        mix(self.0.wrapping_add(place.wrapping_mul(APART)))
    }
}

/// A number whose bits depend on all bits of this one: multiplied and folded, as counters are made into chance.
#[inline]
fn mix(number: u64) -> u64 {
    let mut mixed = number;
    mixed ^= mixed >> 27;
    mixed = mixed.wrapping_mul(0x3c79_ac49_2ba7_b653);
    mixed ^= mixed >> 33;
    mixed = mixed.wrapping_mul(0x1c69_b3f7_4ac4_ae35);
    mixed ^ (mixed >> 27)
}

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

    #[test]
    fn names_and_kinds_and_seeds_draw_apart() {
        let all = [
            Draws::of(1, b"A").kind(0).at(0),
            Draws::of(1, b"A").kind(0).at(1),
            Draws::of(1, b"A").kind(1).at(0),
            Draws::of(1, b"B").kind(0).at(0),
            Draws::of(1, b"AA").kind(0).at(0),
            Draws::of(2, b"A").kind(0).at(0),
        ];
        let mut each = all.to_vec();
        each.sort_unstable();
        each.dedup();
        assert_eq!(each.len(), all.len());
    }
}
