//! What the tests of Tradepit's crates have in common: chance from a seed, samples, what events make of orders, and, with
//! the feature `venue`, a world with a venue in it and a log that does as it is told.
//!
//! Nobody depends on it but tests: cargo leaves it out of the packages.

mod dice;
#[cfg(feature = "venue")]
mod log;
mod orders;
mod samples;
#[cfg(feature = "venue")]
mod world;

pub use dice::Dice;
#[cfg(feature = "venue")]
pub use log::FakeLog;
pub use orders::{happen, has, order, orders};
pub use samples::{accepted, cancelled, executed, label, quantity, symbol};
#[cfg(feature = "venue")]
pub use world::{TICK_US, World, executed_at, fixed, new, pass, setup, skip, submit_of};
