//! What tests of a venue have in common: a world with a clock of its own, and a log that does as it is told.
//!
//! Apart from the kit, so that the tests of engine and store do without the actors. Nobody depends on it but tests:
//! cargo leaves it out of the packages.

mod fills;
mod log;
mod world;

pub use log::FakeLog;
pub use world::{TICK_US, World, executed_at, fixed, new, pass, setup, skip, submit_of};
