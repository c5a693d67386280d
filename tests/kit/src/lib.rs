//! What the tests of Tradepit's crates have in common: chance from a seed.
//!
//! Nobody depends on it but tests: cargo leaves it out of the packages.

mod dice;

pub use dice::Dice;
