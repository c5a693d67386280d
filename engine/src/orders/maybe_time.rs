//! A time that may be none, in as much room as a time.

use crate::values::Time;

/// A time, or none; in 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MaybeTime(i64);

impl MaybeTime {
    pub(super) const NONE: MaybeTime = MaybeTime(i64::MIN);

    #[inline]
    pub(crate) fn get(self) -> Option<Time> {
        (self != MaybeTime::NONE).then_some(Time(self.0))
    }
}

impl From<Option<Time>> for MaybeTime {
    fn from(time: Option<Time>) -> MaybeTime {
        time.map_or(MaybeTime::NONE, |time| MaybeTime(time.0))
    }
}

/// This time, to be kept; `None` where it is the one that stands for none.
pub(super) fn kept(time: Option<Time>) -> Option<MaybeTime> {
    let kept = MaybeTime::from(time);
    (kept.get() == time).then_some(kept)
}
