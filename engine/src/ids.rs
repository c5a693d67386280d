//! A hash of ids that costs next to nothing.
//!
//! Ids are chosen by the server and are random already, so their bits serve as they are. A client cannot choose an id
//! that is put in, only ones that are looked up: it cannot make the table slow.

use std::hash::Hasher;

/// Folds an id to 64 bits; one multiplication spreads ids that differ in few bits, as tests use.
#[derive(Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write_u128(&mut self, id: u128) {
        self.0 = (id as u64 ^ (id >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
