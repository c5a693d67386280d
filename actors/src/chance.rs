//! The one source of chance: ids and delays, each a function of the seed and of the sequence number that the order
//! will have. Nothing is remembered between two draws, so a restart on kept data never repeats an id.

#![expect(clippy::disallowed_methods, reason = "the one file that may ask for randomness")]

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};
use rand_distr::{Distribution, LogNormal};
use tradepit_engine::{OrderId, Seq};

/// The longest delay that a model without an upper bound draws: one hour.
pub const DELAY_CAP_US: u64 = 3_600_000_000;

/// How long an order waits, or a route sleeps. All figures in microseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DelayModel {
    /// No delay.
    None,
    /// Always the same.
    Fixed {
        /// The delay.
        us: u64,
    },
    /// Evenly between two bounds, both included.
    Uniform {
        /// The shortest.
        min_us: u64,
        /// The longest.
        max_us: u64,
    },
    /// Log-normal, capped at [`DELAY_CAP_US`].
    LogNormal {
        /// The median.
        median_us: u64,
        /// The standard deviation of the delay's natural logarithm.
        sigma: f64,
    },
}

impl DelayModel {
    /// Draws a delay, in microseconds.
    pub fn draw_us(&self, rng: &mut impl Rng) -> u64 {
        match *self {
            DelayModel::None => 0,
            DelayModel::Fixed { us } => us,
            DelayModel::Uniform { min_us, max_us } => rng.random_range(min_us..=max_us.max(min_us)),
            DelayModel::LogNormal { median_us, sigma } => draw_log_normal_us(median_us, sigma, rng),
        }
    }
}

fn draw_log_normal_us(median_us: u64, sigma: f64, rng: &mut impl Rng) -> u64 {
    // Exact to the microsecond up to 2^53 us, far beyond the cap; `as` saturates, and NaN becomes 0.
    let median = median_us as f64;
    let drawn = LogNormal::new(0.0, sigma).map_or(median, |shape: LogNormal<f64>| median * shape.sample(rng));
    (drawn.round() as u64).min(DELAY_CAP_US)
}

/// A seed and what follows from it.
#[derive(Clone, Copy, Debug)]
pub struct Chance {
    key: [u8; 32],
}

impl Chance {
    /// Chance that is the same for the same seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Chance {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        Chance { key }
    }

    /// Chance that is different each time.
    #[must_use]
    pub fn random() -> Chance {
        Chance { key: rand::random() }
    }

    /// The id (a UUID of version 4) and the delay in microseconds of the order that change `seq` accepts.
    #[must_use]
    pub fn order(&self, seq: Seq, delays: &DelayModel) -> (OrderId, u64) {
        let mut rng = self.stream(seq.0 << 1);
        let id = uuid::Builder::from_random_bytes(rng.random()).into_uuid();
        (OrderId(id.into_bytes()), delays.draw_us(&mut rng))
    }

    /// The sleep in microseconds of the request with this number.
    #[must_use]
    pub fn route_us(&self, request: u64, delays: &DelayModel) -> u64 {
        delays.draw_us(&mut self.stream(request << 1 | 1))
    }

    /// Independent random numbers for each `number`: ChaCha's stream (even for orders, odd for requests).
    fn stream(&self, number: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::from_seed(self.key);
        rng.set_stream(number);
        rng
    }
}
