//! What is asked of an account's past.

use tradepit_engine::{
    AccountNumber, Activity, ActivityKind, Direction, Had, Missing, Moment, Number, Time, TraceOf, Traces,
};

/// What moved an account's cash.
#[derive(Clone, Copy, Debug)]
pub struct ReadActivities {
    /// Of this account.
    pub account: AccountNumber,
    /// Only of this kind.
    pub kind: Option<ActivityKind>,
    /// After the one at this place of this change, in the direction of the list.
    pub after: Option<(Number, u32)>,
    /// In which order they come.
    pub direction: Direction,
    /// How many are wanted.
    pub limit: usize,
}

/// What an account was worth, from time to time.
#[derive(Clone, Copy, Debug)]
pub struct ReadHistory {
    /// Of this account.
    pub account: AccountNumber,
    /// From this time on; from the first on that can be told where none is said.
    pub start: Option<Time>,
    /// Before this time; up to now where none is said.
    pub end: Option<Time>,
    /// At the multiples of so many microseconds since 1970.
    pub step_us: i64,
    /// How many moments are wanted.
    pub limit: usize,
}

/// What an account was worth at some moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moments {
    /// These, in order.
    pub moments: Vec<Moment>,
    /// The next one that is wanted, if there is one.
    pub next: Option<Time>,
}

/// What an account has, to be taken back from there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadHad(pub(crate) AccountNumber);

/// An account as it was before these, the newest first, moved it.
#[derive(Debug)]
pub(crate) struct TakeBack(pub(crate) Box<Had>, pub(crate) Vec<Activity>);

/// What it was worth then, by what is known of instruments.
#[derive(Debug)]
pub(crate) struct Value {
    pub(crate) had: Box<Had>,
    pub(crate) traces: Traces,
    pub(crate) at: Time,
}

/// What that came to, or what must be known before; and what it was asked with.
pub(crate) struct Valued {
    pub(crate) had: Box<Had>,
    pub(crate) traces: Traces,
    pub(crate) worth: Result<Moment, Missing>,
}

/// Where an instrument stood at a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadTrace(pub(crate) TraceOf);
