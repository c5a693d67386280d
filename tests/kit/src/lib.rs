//! What the tests of Tradepit's crates have in common: chance from a seed, samples, and what events make of orders.
//!
//! Nobody depends on it but tests: cargo leaves it out of the packages.

mod dice;
mod orders;
mod samples;

pub use dice::Dice;
pub use orders::{happen, has, order, orders};
pub use samples::{accepted, bought, cancelled, executed, id_of, label, name_of, quantity, symbol};
