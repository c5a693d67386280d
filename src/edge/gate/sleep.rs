//! The random sleep on all routes: how long the next request sleeps.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tradepit_actors::{Chance, DelayModel};

/// Draws a sleep for each request, by its number.
#[derive(Debug)]
pub(crate) struct Sleep {
    model: DelayModel,
    chance: Chance,
    requests: AtomicU64,
}

impl Sleep {
    pub(crate) fn new(model: DelayModel, chance: Chance) -> Sleep {
        Sleep { model, chance, requests: AtomicU64::new(0) }
    }

    /// Whether no request sleeps.
    pub(super) fn is_none(&self) -> bool {
        self.model == DelayModel::None
    }

    pub(super) fn next(&self) -> Duration {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        Duration::from_micros(self.chance.route_us(number, &self.model))
    }
}
