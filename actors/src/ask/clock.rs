//! What can be asked of a venue's clock.

use tradepit_engine::{Hours, Number, Time};

use crate::clock::{Mode, Speed};

/// Show the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadClock;

/// How a venue's clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockStanding {
    /// What it shows.
    pub now: Time,
    /// How it runs.
    pub mode: Mode,
    /// When equities trade that do not say so themselves.
    pub hours: Hours,
    /// When something may happen by itself next, if anything may.
    pub next: Option<Time>,
}

/// Let a virtual clock go on, from one due time to the next: everything that falls due on the way happens, each at its
/// own time, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance {
    /// To this time.
    To(Time),
    /// By so many microseconds.
    By(u64),
    /// Over so many moments at which something kept happens; all of it does.
    Events(u32),
}

/// How far a clock went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advanced {
    /// What it shows.
    pub now: Time,
    /// So many kept changes happened on the way.
    pub changes: u64,
    /// The newest of all.
    pub number: Number,
}

/// Let the clock run otherwise.
#[derive(Clone, Copy, Debug)]
pub enum RunClock {
    /// As the machine's, which is read by this: what is due by then happens first.
    AsMachines(fn() -> Time),
    /// Virtual from now on, and so fast.
    Virtually(Speed),
    /// Virtual from now on, and as fast as it is; as the machine's clock, where it runs like that or stands.
    Onward,
}

/// Why a clock does not do that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotAdvance {
    /// It is real: it runs by itself.
    RealClock,
    /// It shows this time already, and time never goes back.
    Backwards(Time),
    /// It would show a time that nobody can write.
    TooFar,
}
