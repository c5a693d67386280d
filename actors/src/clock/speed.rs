//! How fast a virtual clock runs.

use std::fmt;
use std::time::Duration;

use tradepit_engine::Decimal;

/// So many times as fast as the machine's clock, to the thousandth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed {
    thousandths: u64,
}

impl Speed {
    /// Stands still.
    pub const STILL: Speed = Speed { thousandths: 0 };

    /// As fast as the machine's clock.
    pub const USUAL: Speed = Speed { thousandths: 1_000 };

    /// The fastest: a year in half a minute.
    pub const MOST: Speed = Speed { thousandths: 1_000_000_000 };

    /// A decimal from 0 to 1 000 000, of three digits after the point at most.
    #[must_use]
    pub fn of(times: Decimal) -> Option<Speed> {
        let thousandths = times.units(3).and_then(|thousandths| u64::try_from(thousandths).ok())?;
        Some(Speed { thousandths }).filter(|_| thousandths <= Speed::MOST.thousandths)
    }

    /// How much passes on the clock meanwhile, in microseconds.
    pub(super) fn passed_us(self, meanwhile: Duration) -> u64 {
        let passed = meanwhile.as_micros().saturating_mul(self.thousandths.into()) / 1_000;
        u64::try_from(passed).unwrap_or(u64::MAX)
    }

    /// How long it takes until so much has passed; `None` where it never does.
    pub(super) fn takes(self, us: u64) -> Option<Duration> {
        let thousandths = (self.thousandths > 0).then_some(u128::from(self.thousandths))?;
        let real_us = (u128::from(us) * 1_000).div_ceil(thousandths);
        Some(Duration::from_micros(u64::try_from(real_us).unwrap_or(u64::MAX)))
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.thousandths / 1_000, self.thousandths % 1_000);
        match rest {
            0 => write!(f, "{whole}"),
            _ => f.write_str(format!("{whole}.{rest:03}").trim_end_matches('0')),
        }
    }
}
