//! The steps of a market: the house quotes anew with each, what is taken of a quote is gone until the next.

use crate::values::Time;

/// How long a step is.
const STEP_US: i64 = 100_000;

/// In which step a time lies; times before 1970 lie in the first.
pub(crate) fn step_of(at: Time) -> u64 {
    u64::try_from(step_since_1970(at)).unwrap_or(0)
}

/// The same; below zero before 1970.
pub(crate) fn step_since_1970(at: Time) -> i64 {
    at.0.div_euclid(STEP_US)
}

/// The first step that begins at this time or later; none begins before 1970.
#[must_use]
pub fn step_from(at: Time) -> u64 {
    step_of(Time(at.0.saturating_add(STEP_US - 1)))
}

/// When a step begins.
#[must_use]
pub fn begin_of_step(step: u64) -> Time {
    Time(i64::try_from(step).unwrap_or(i64::MAX).saturating_mul(STEP_US))
}

/// When the step ends in which a time lies.
pub(crate) fn end_of_step(at: Time) -> Time {
    Time(step_since_1970(at).saturating_add(1).saturating_mul(STEP_US))
}
