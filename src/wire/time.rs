//! Times on the wire: UTC, RFC 3339, with microseconds.

use std::fmt;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use tradepit_engine::Time;

/// A time, written as `2026-11-22T08:00:00.123456Z`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WireTime(pub(crate) Time);

impl fmt::Display for WireTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Beyond the year 9999 RFC 3339 has no words; the engine's delays end long before.
        let time = Timestamp::from_microsecond(self.0.0).unwrap_or(Timestamp::MAX);
        write!(f, "{time:.6}")
    }
}

impl Serialize for WireTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
