//! The OrderBook in front of a store, in a world whose clock and store the test owns: what is told, when, and to whom.

mod cases;
mod schedules;
mod world;
