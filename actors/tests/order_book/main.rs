//! A venue through its face, in a world whose clock the test owns: nothing sleeps, time jumps.

mod bars;
mod execution;
mod fills;
mod history;
mod limits;
mod lists;
mod order_of_telling;
mod past;
mod reading;
mod together;
mod world;
