//! The one source of chance: ids, each a function of the seed and of the sequence number that the order will have, and
//! delays, each a function of the seed and of how many orders were accepted before. Nothing is remembered between two
//! draws, so a restart on kept data never repeats an id.
//!
//! An id is its order's sequence number, sealed: whoever holds the key finds the number in it, so that no index of ids
//! is written anywhere, and for everybody else it is a random UUID (docs/decisions.md).

#![expect(clippy::disallowed_methods, reason = "the one file that may ask for randomness")]

mod delay;
mod faults;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use tradepit_engine::{Number, OrderId};

pub use delay::{DELAY_CAP_US, DelayModel, Delays};
pub use faults::FaultDraws;

/// The bits of an id's first half that are drawn: all but the version.
const DRAWN_BITS: u64 = !0xf000;
/// The bits of an id's second half that hide the number: all but the variant.
const SEALED_BITS: u64 = !0 >> 2;

fn bytes_of(halves: [u64; 2]) -> [u8; 16] {
    (u128::from(halves[0]) << 64 | u128::from(halves[1])).to_be_bytes()
}

/// The keys by which the ids of a venue were made: one for each seed that its store was used with.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    /// Newest first, each with the first change that may have used it.
    keys: Vec<(Number, Chance)>,
}

impl Ids {
    /// Keys, oldest first.
    #[must_use]
    pub fn new(keys: impl DoubleEndedIterator<Item = (Number, Chance)>) -> Ids {
        Ids { keys: keys.rev().collect() }
    }

    /// From this change on ids are made by another key.
    pub(crate) fn go_on_by(&mut self, first_number: Number, chance: Chance) {
        self.keys.insert(0, (first_number, chance));
    }

    /// The number of the change that accepted the order of this id; `None` where the id was never given.
    #[must_use]
    pub fn number_of(&self, id: OrderId) -> Option<Number> {
        self.keys.iter().find_map(|(first_number, chance)| chance.number_of(id).filter(|number| number >= first_number))
    }
}

/// A seed and what follows from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    key: [u8; 32],
}

impl std::fmt::Debug for Chance {
    /// Without the key: it is a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chance").finish_non_exhaustive()
    }
}

impl Chance {
    /// Chance that is the same for the same seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Chance {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        Chance { key }
    }

    /// Chance that is different each time.
    #[must_use]
    pub fn random() -> Chance {
        Chance { key: rand::random() }
    }

    /// Chance that goes on where [`Chance::key`] was kept.
    #[must_use]
    pub fn from_key(key: [u8; 32]) -> Chance {
        Chance { key }
    }

    /// What everything follows from: a secret, where it was not made from a seed.
    #[must_use]
    pub fn key(&self) -> [u8; 32] {
        self.key
    }

    /// A number of 63 bits that follows from the key and tells nothing of it.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.stream(u64::MAX).random::<u64>() >> 1
    }

    /// The id (a UUID of version 4) of the order that change `number` accepts.
    ///
    /// The id's first half is random bits drawn for `number`, the second half is `number` hidden by a mask that follows
    /// from the first (a synthetic initialisation vector): two numbers never have the same id.
    #[must_use]
    pub fn id(&self, number: Number) -> OrderId {
        let drawn: u64 = self.stream(number.0 << 1).random();
        let halves = [drawn, number.0 ^ self.mask(drawn & DRAWN_BITS)];
        OrderId(uuid::Builder::from_random_bytes(bytes_of(halves)).into_uuid().into_bytes())
    }

    /// The number of the change that accepted the order of this id; `None` where the id was not made with this key.
    #[must_use]
    pub fn number_of(&self, id: OrderId) -> Option<Number> {
        let number = u128::from_be_bytes(id.0);
        let (first, second) = ((number >> 64) as u64, number as u64);
        let number = (second ^ self.mask(first & DRAWN_BITS)) & SEALED_BITS;
        let drawn = self.stream(number << 1).random::<u64>();
        let version_4 = first & !DRAWN_BITS == 0x4000 && second & !SEALED_BITS == 1 << 63;
        (version_4 && drawn & DRAWN_BITS == first & DRAWN_BITS).then_some(Number(number))
    }

    /// What hides a number in the second half of an id whose first half is this.
    fn mask(&self, drawn: u64) -> u64 {
        let mut rng = ChaCha8Rng::from_seed(self.key.map(|byte| !byte));
        rng.set_stream(drawn);
        rng.random::<u64>() & SEALED_BITS
    }

    /// The sleep in microseconds of the request with this number.
    #[must_use]
    pub fn route_us(&self, request: u64, delays: &DelayModel) -> u64 {
        delays.draw_us(&mut self.stream(request << 1 | 1))
    }

    /// Independent random numbers for each `number`: ChaCha's stream (even for ids, odd for requests).
    fn stream(&self, number: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::from_seed(self.key);
        rng.set_stream(number);
        rng
    }
}
