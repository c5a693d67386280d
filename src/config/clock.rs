//! How a clock is written on the command line.

use tradepit_actors::{Clock, Speed};
use tradepit_engine::{Decimal, Time};

use crate::time;

/// Which clock a venue goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockConfig {
    /// The machine's.
    Real,
    /// One of its own.
    Virtual {
        /// What it shows at the start; else what the machine's does.
        start: Option<Time>,
        /// How fast it runs.
        speed: Speed,
    },
}

impl ClockConfig {
    /// The clock, from now on.
    pub(crate) fn begin(self) -> Clock {
        match self {
            ClockConfig::Real => Clock::system(),
            ClockConfig::Virtual { start, speed } => Clock::running_from(start.unwrap_or_else(Clock::wall), speed),
        }
    }
}

/// Reads `real`, `frozen`, `2026-01-05T14:30:00Z`, `2026-01-05T14:30:00Z@60` or `@60`.
pub(super) fn parse_clock(text: &str) -> Result<ClockConfig, String> {
    let (start, speed) = match text.trim() {
        "real" => return Ok(ClockConfig::Real),
        "frozen" => return Ok(ClockConfig::Virtual { start: None, speed: Speed::STILL }),
        text => match text.split_once('@') {
            Some(("", speed)) => (None, parse_speed(speed)?),
            Some((start, speed)) => (Some(parse_start(start)?), parse_speed(speed)?),
            None => (Some(parse_start(text)?), Speed::STILL),
        },
    };
    Ok(ClockConfig::Virtual { start, speed })
}

fn parse_start(text: &str) -> Result<Time, String> {
    time::parse(text).filter(|start| start.0 >= 0).ok_or_else(|| {
        format!("'{text}' is no clock: write real, frozen or a time since 1970 such as 2026-01-05T14:30:00Z")
    })
}

fn parse_speed(text: &str) -> Result<Speed, String> {
    let speed = Decimal::parse(text).ok().and_then(Speed::of);
    speed.ok_or_else(|| format!("'{text}' is no speed: write a number from 0 to 1000000, as in @60"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_real_or_begins_at_a_time_and_runs_so_fast() {
        let at = |text| ClockConfig::Virtual { start: time::parse(text), speed: Speed::STILL };
        assert_eq!(parse_clock("real"), Ok(ClockConfig::Real));
        assert_eq!(parse_clock("frozen"), Ok(ClockConfig::Virtual { start: None, speed: Speed::STILL }));
        assert_eq!(parse_clock("2026-01-05T14:30:00Z"), Ok(at("2026-01-05T14:30:00Z")));
        assert_eq!(parse_clock("@1"), Ok(ClockConfig::Virtual { start: None, speed: Speed::USUAL }));
        let from = parse_clock("2026-01-05T14:30:00Z@1000000");
        assert_eq!(from, Ok(ClockConfig::Virtual { start: time::parse("2026-01-05T14:30:00Z"), speed: Speed::MOST }));
        for wrong in ["", "stopped", "2026-01-05", "1969-12-31T23:59:59Z", "@", "@-1", "@1000001", "frozen@60"] {
            assert!(parse_clock(wrong).is_err(), "{wrong}");
        }
    }
}
