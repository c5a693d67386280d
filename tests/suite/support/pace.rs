//! Time for the tests that are about time.

use std::time::{Duration, Instant};

/// The time now, to measure with.
#[expect(clippy::disallowed_methods, reason = "a black-box test measures the time that a client sees")]
pub fn clock() -> Instant {
    Instant::now()
}

/// Lets time pass: the pause is the point of the test, nothing is hoped to happen in it.
pub async fn pause(time: Duration) {
    super::places::wait(time).await;
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
