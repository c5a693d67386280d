//! Time and chance for the tests that are about time, and for seeded schedules: the one place here that reads a clock.

use std::time::{Duration, Instant};

/// The time now, to measure with.
#[expect(clippy::disallowed_methods, reason = "a black-box test measures the time that a client sees")]
pub fn clock() -> Instant {
    Instant::now()
}

/// Lets time pass: the pause is the point of the test, nothing is hoped to happen in it.
#[expect(clippy::disallowed_methods, reason = "a client that waits is what is tested")]
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

/// Looks again and again until `look` finds what it waits for.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    super::in_time(what, async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            pause(Duration::from_millis(20)).await;
        }
    })
    .await
}

/// Seeded chance (SplitMix64): the same schedule for the same seed.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn seeded(seed: u64) -> Dice {
        Dice(seed)
    }

    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.number() % end as u64).expect("it is below a usize")
    }

    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.number().to_le_bytes()[0]).collect()
    }
}
