//! How long orders wait: the models, and the delay of each order.

use std::convert::Infallible;

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng, TryRng};
use rand_distr::{Distribution, LogNormal};
use tradepit_engine::Pace;

use super::Chance;

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

/// A delay that a rule names.
impl From<Pace> for DelayModel {
    fn from(pace: Pace) -> DelayModel {
        match pace {
            Pace::None => DelayModel::None,
            Pace::Fixed { us } => DelayModel::Fixed { us },
            Pace::Uniform { min_us, max_us } => DelayModel::Uniform { min_us, max_us },
            Pace::LogNormal { median_us, sigma_bits } => {
                DelayModel::LogNormal { median_us, sigma: f64::from_bits(sigma_bits) }
            }
        }
    }
}

/// As a rule names it.
impl From<DelayModel> for Pace {
    fn from(model: DelayModel) -> Pace {
        match model {
            DelayModel::None => Pace::None,
            DelayModel::Fixed { us } => Pace::Fixed { us },
            DelayModel::Uniform { min_us, max_us } => Pace::Uniform { min_us, max_us },
            DelayModel::LogNormal { median_us, sigma } => Pace::LogNormal { median_us, sigma_bits: sigma.to_bits() },
        }
    }
}

fn draw_log_normal_us(median_us: u64, sigma: f64, rng: &mut impl Rng) -> u64 {
    // Exact to the microsecond up to 2^53 us, far beyond the cap; `as` saturates, and NaN becomes 0.
    let median = median_us as f64;
    let drawn = LogNormal::new(0.0, sigma).map_or(median, |shape: LogNormal<f64>| median * shape.sample(rng));
    (drawn.round() as u64).min(DELAY_CAP_US)
}

/// First draws that are made at once: what one call of ChaCha gives.
const AT_ONCE: u64 = 32;

/// The delay of each order: a function of the seed and of the order's place among all that were accepted, whatever
/// happened in between.
#[derive(Debug)]
pub struct Delays {
    chance: Chance,
    /// The first draws of the orders from `AT_ONCE * block` on. Remembered only to save work.
    first_draws: [u64; AT_ONCE as usize],
    block: u64,
}

impl Delays {
    /// The delays that follow from this chance.
    #[must_use]
    pub fn new(chance: Chance) -> Delays {
        Delays { chance, first_draws: first_draws(chance, 0), block: 0 }
    }

    /// The delay in microseconds of the order before which so many were accepted.
    pub fn order_us(&mut self, accepted_before: u64, delays: &DelayModel) -> u64 {
        let block = accepted_before / AT_ONCE;
        if block != self.block {
            (self.block, self.first_draws) = (block, first_draws(self.chance, block));
        }
        let first = self.first_draws[(accepted_before % AT_ONCE) as usize];
        delays.draw_us(&mut Draws { first: Some(first), number: accepted_before, chance: self.chance, rest: None })
    }
}

/// Streams of a key of its own, so that no delay says anything of an id. Half of them are for first draws.
fn stream(chance: Chance, number: u64, is_first: bool) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::from_seed(chance.key.map(|byte| byte ^ 0x55));
    rng.set_stream(number << 1 | u64::from(is_first));
    rng
}

fn first_draws(chance: Chance, block: u64) -> [u64; AT_ONCE as usize] {
    stream(chance, block, true).random()
}

/// The random numbers of one order: the first is there already, and nearly always enough; the rest are drawn when
/// needed.
struct Draws {
    first: Option<u64>,
    number: u64,
    chance: Chance,
    rest: Option<ChaCha8Rng>,
}

impl Draws {
    fn rest(&mut self) -> &mut ChaCha8Rng {
        self.rest.get_or_insert_with(|| stream(self.chance, self.number, false))
    }
}

impl TryRng for Draws {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        // The upper half, as for any generator of 64 bits.
        self.try_next_u64().map(|drawn| (drawn >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.first.take().unwrap_or_else(|| self.rest().next_u64()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.rest().fill_bytes(bytes);
        Ok(())
    }
}
