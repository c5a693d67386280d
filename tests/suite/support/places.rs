//! Where a test of the contract runs: at `main`, in a venue of its own, and in one whose clock stands.
//!
//! `#[everywhere]` makes a test for each of them, of one body, which finds its own at [`venue`]. In the frozen venue
//! time goes by only where the body waits: who waits for a moment has the clock advanced to it, who waits for something
//! to be told has it advanced until that comes. So nobody waits for longer than that takes.
//!
//! At the server's root alone ([`server`](super::server), `#[tokio::test]`) run tests of
//! - what is refused before it is known whom it is for: `broken`, heads (`limits::head`);
//! - connections, whose time limits and heartbeats are in real time wherever they lead: `limits::slow`, `heartbeat`;
//! - what the process says of itself: `dashboard`, `documents`, `ops`;
//! - the prefix: `venues::mount`.
//!
//! Tests that need a setting of their own, a data folder or a process start a server, and are of no place.

use std::pin::pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::server::{Venue, named, server};
use super::{in_time, text_at};

tokio::task_local! {
    static HERE: &'static Place;
}

/// So long nothing must have been told in a frozen venue before its clock is advanced by so much. An order that stays
/// pending for five seconds does so for a quarter of a second at least: a busy machine has time to cancel it.
const SILENCE: Duration = Duration::from_millis(5);
const STEP: Duration = Duration::from_millis(100);

struct Place {
    venue: &'static Venue,
    watch: Option<Watch>,
}

/// The time of a frozen venue, which goes by as its only client has it go by.
struct Watch {
    began: Instant,
    passed_us: AtomicU64,
    /// Whose turn it is to advance the clock.
    turn: Mutex<()>,
}

/// Where this test runs. It must be `#[everywhere]`.
pub fn venue() -> &'static Venue {
    HERE.with(|here| here.venue)
}

/// Runs a test at what `TRADEPIT_URL` names, or at `main` of the server that tests share.
pub async fn at_main(test: impl Future<Output = ()>) {
    static MAIN: OnceLock<Venue> = OnceLock::new();
    let venue = MAIN.get_or_init(|| named().map_or_else(|| Venue::of(server().addr), Venue::of));
    run(venue, None, test).await;
}

/// Runs a test in a venue of its own.
pub async fn in_a_venue(test: impl Future<Output = ()>) {
    run_in_its_own("real", None, test).await;
}

/// Runs a test in a venue of its own, whose clock goes on only where the test waits.
pub async fn in_a_frozen_venue(test: impl Future<Output = ()>) {
    let watch = Watch { began: real_now(), passed_us: AtomicU64::new(0), turn: Mutex::default() };
    run_in_its_own("frozen", Some(watch), test).await;
}

async fn run_in_its_own(clock: &str, watch: Option<Watch>, test: impl Future<Output = ()>) {
    let made = server().post("/venues", &json!({"clock": clock, "ttl": "10m"}).to_string()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let name = text_at(&made.json(), "name");
    run(Box::leak(Box::new(server().at(&name))), watch, test).await;
    assert_eq!(server().delete(&format!("/venues/{name}")).await.status, 204);
}

/// What a test is told of where it runs stays until the process ends: a few words.
async fn run(venue: &'static Venue, watch: Option<Watch>, test: impl Future<Output = ()>) {
    let here = Box::leak(Box::new(Place { venue, watch }));
    HERE.scope(here, test).await;
}

#[expect(clippy::disallowed_methods, reason = "a client has a clock of its own")]
fn real_now() -> Instant {
    Instant::now()
}

/// The client's own time, to measure with: in a frozen venue as much of it has passed as was waited for.
pub fn now() -> Instant {
    watch().map_or_else(real_now, |(_, watch)| watch.now())
}

/// Waits until a moment that the contract names.
pub async fn wait_until(moment: Instant) {
    match watch() {
        Some((venue, watch)) => watch.go_on(venue, |now| moment.saturating_duration_since(now)).await,
        None => tokio::time::sleep_until(moment).await,
    }
}

/// Lets so much time pass.
#[expect(clippy::disallowed_methods, reason = "a client that waits is what is tested")]
pub async fn wait(time: Duration) {
    match watch() {
        Some((venue, watch)) => watch.go_on(venue, |_| time).await,
        None => tokio::time::sleep(time).await,
    }
}

/// Waits for what comes by itself, but not for ever.
pub async fn in_its_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    let Some((venue, watch)) = watch() else { return in_time(what, future).await };
    let mut future = pin!(future);
    in_time(what, async {
        loop {
            if let Ok(value) = tokio::time::timeout(SILENCE, &mut future).await {
                return value;
            }
            watch.go_on(venue, |_| STEP).await;
        }
    })
    .await
}

/// That of the frozen venue where this test runs, if it runs in one. A task that it spawned runs nowhere.
fn watch() -> Option<(&'static Venue, &'static Watch)> {
    HERE.try_with(|here| Some((here.venue, here.watch.as_ref()?))).ok()?
}

impl Watch {
    fn now(&self) -> Instant {
        self.began + Duration::from_micros(self.passed_us.load(Ordering::Relaxed))
    }

    /// Has so much time go by, told when it is one's turn: what others waited for has passed by then.
    async fn go_on(&self, venue: &Venue, by: impl FnOnce(Instant) -> Duration) {
        let _turn = self.turn.lock().await;
        let by = by(self.now());
        if by.is_zero() {
            return;
        }
        // First here: so nothing that happens has happened before its time.
        self.passed_us.fetch_add(u64::try_from(by.as_micros()).expect("a short time"), Ordering::Relaxed);
        let by = json!({"by": format!("{}ms", by.as_secs_f64() * 1_000.0)});
        let reply = venue.post("/clock/advance", &by.to_string()).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
}
