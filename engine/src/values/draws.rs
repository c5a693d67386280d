//! Chance without state: a draw depends on its key and its place alone, so each is had at once, in any order.

/// What is drawn of one thing and one kind, for a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws(u64);

/// The fraction of the golden ratio, in 64 bits: its multiples lie apart.
const APART: u64 = 0x9e37_79b9_7f4a_7c15;

impl Draws {
    /// All that is drawn for a name with a seed.
    #[must_use]
    pub fn of(seed: u64, name: &[u8]) -> Draws {
        let folded = name.iter().fold(mix(seed.wrapping_add(APART)), |key, &byte| mix(key ^ u64::from(byte)));
        Draws(mix(folded ^ name.len() as u64))
    }

    /// Those of one kind among these.
    #[must_use]
    pub fn kind(self, kind: u64) -> Draws {
        Draws(mix(self.0.wrapping_add(kind.wrapping_add(1).wrapping_mul(APART))))
    }

    /// The draw at a place: 64 bits, each as good as the others.
    #[inline]
    #[must_use]
    pub fn at(self, place: u64) -> u64 {
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

#[cfg(test)]
mod tests {
    use super::*;

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
