//! The store through its public doors, beside a twin that keeps everything in a list. Changes come from the real
//! exchange under seeded random commands, so that the store never sees what cannot happen.
//!
//! Nothing here waits for a time: a test goes on when the store has confirmed.

#![expect(clippy::unwrap_used, reason = "tests may, and so may what they are made of")]

mod agree;
mod backup;
mod bars;
mod belong;
mod clock;
mod damage;
mod desk;
mod doors;
mod earlier;
mod failure;
mod fills;
mod grouped;
mod image;
mod life;
mod opened;
mod past;
mod restless;
mod restoring;
mod retention;
mod rich;
mod round_trip;
mod taken;
mod twin;
mod upgrade;
mod view;
