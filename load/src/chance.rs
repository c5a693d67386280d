//! Chance that comes out the same in every run.
//!
//! Owns a small generator (SplitMix64, of Steele, Lea and Flood) and even draws from it. Each user or connection has
//! one of its own, seeded with its number: how fast a server answers does not change what is drawn.

/// A stream of numbers that a seed decides.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn seeded(seed: u64) -> Self {
        // Neighbouring seeds would give streams that are shifted by one step of each other.
        let mut mixer = Self(seed);
        Self(mixer.draw())
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, each as likely (to within `bound` / 2⁶⁴); 0 where `bound` is.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.draw()) * u128::from(bound)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_all_and_draws_reach_every_number_below_the_bound() {
        let draws = |seed| {
            let mut chance = Chance::seeded(seed);
            (0..1_000).map(|_| chance.below(7)).collect::<Vec<_>>()
        };
        assert_eq!(draws(1), draws(1));
        assert_ne!(draws(1), draws(2));
        assert_ne!(draws(1)[1..], draws(2)[..999], "shifted");
        let counts = (0..7).map(|number| draws(3).iter().filter(|&&draw| draw == number).count());
        assert!(counts.clone().all(|count| (100..190).contains(&count)), "{:?}", counts.collect::<Vec<_>>());
        assert_eq!(Chance::seeded(1).below(0), 0);
    }
}
