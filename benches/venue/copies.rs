//! Copies of a venue: how long one takes, and for how long its parent and `main` answer nobody meanwhile.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::runtime::Builder;

use super::client::Client;
use super::process::{Bench, Server, median, percentile};

const OPEN: usize = 100_000;
const IN_A_BATCH: usize = 100;
const COPIES: usize = 20;
/// Between two copies the parent goes on, so that it has something of its own again.
const BETWEEN: Duration = Duration::from_millis(200);

/// All of it.
pub fn of_many(bench: &mut Bench) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    for (name, order) in [
        ("pending", r#"{"stoks": "EURUSD", "quantity": 1}"#),
        ("resting", r#"{"stoks": "EURUSD", "side": "buy", "qty": "1", "type": "limit", "limit_price": "0.50000"}"#),
    ] {
        let server = Server::start(&["--market", "none", "--venues-memory", "8GiB"]);
        let ids = runtime.block_on(fill(server.addr, order));
        let alone = beside(server.addr, &ids, || (0..COPIES).map(|_| wait()).collect());
        let copying = beside(server.addr, &ids, || runtime.block_on(copy(server.addr)));
        let took = median(copying.took.iter().map(|took| took.as_secs_f64() * 1e3).collect());
        let what = format!("copy a venue of 100 000 {name} orders: p50");
        bench.result(&what, &format!("{took:.2} ms"), "<= 110 ms", took <= 110.0);
        let who = [("the parent", copying.of_parent, alone.of_parent), ("main", copying.of_main, alone.of_main)];
        for (who, mut longest, mut alone) in who {
            let what = format!("  {COPIES} copies: the longest answer of {who} at each, p50");
            let at_half = percentile(&mut longest, 0.5);
            bench.result(&what, &format!("{at_half:.2} ms"), "<= 5 ms", at_half <= 5.0);
            let most = percentile(&mut longest, 1.0);
            let (half, all) = (percentile(&mut alone, 0.5), percentile(&mut alone, 1.0));
            bench.note(
                "  of all; the same without copies, p50 and of all",
                &format!("{most:.2}; {half:.2}, {all:.2} ms"),
            );
        }
    }
}

/// Makes the parent; the ids of its orders.
async fn fill(addr: SocketAddr, order: &str) -> Vec<String> {
    let mut client = Client::connect(addr).await;
    let made = r#"{"name": "parent", "clock": "frozen", "delay": "1h"}"#;
    assert_eq!(client.ask("POST", "/venues", made).await.0, 201);
    let batch = format!("[{}]", vec![format!(r#"{{"place": {order}}}"#); IN_A_BATCH].join(","));
    let mut ids = Vec::new();
    for _ in 0..OPEN / IN_A_BATCH {
        let (status, told) = client.ask("POST", "/venues/parent/batch", &batch).await;
        assert_eq!(status, 207, "{told}");
        ids.extend(told.split(r#""id":""#).skip(1).map(|rest| rest[..36].to_owned()));
    }
    assert_eq!(ids.len(), OPEN);
    if order.contains("limit") {
        // They arrive, and rest.
        let (status, told) = client.ask("POST", "/venues/parent/clock/advance", r#"{"by": "1h"}"#).await;
        assert_eq!(status, 200, "{told}");
    }
    ids
}

/// A while in which nothing is copied; since when, and that it took no time.
fn wait() -> Copied {
    let begun = Instant::now();
    thread::sleep(BETWEEN);
    (begun, Duration::ZERO)
}

/// Since when each copy was asked for, and how long it took. Each is used, and removed.
async fn copy(addr: SocketAddr) -> Vec<Copied> {
    let mut client = Client::connect(addr).await;
    let mut copied = Vec::new();
    for _ in 0..COPIES {
        let begun = Instant::now();
        let (status, told) = client.ask("POST", "/venues", r#"{"from": "parent", "name": "copy"}"#).await;
        copied.push((begun, begun.elapsed()));
        assert_eq!(status, 201, "{told}");
        assert_eq!(client.ask("DELETE", "/venues/copy/orders/x", "").await.0, 404);
        tokio::time::sleep(BETWEEN).await;
        assert_eq!(client.ask("DELETE", "/venues/copy", "").await.0, 204);
    }
    copied
}

/// When it began, and how long it took.
type Copied = (Instant, Duration);

/// What others saw of it: the longest answer at each, in milliseconds.
struct Seen {
    took: Vec<Duration>,
    of_parent: Vec<f64>,
    of_main: Vec<f64>,
}

/// Does this while one client cancels orders of the parent, from all over, and another one places orders with `main`:
/// how long each waited at most within [`BETWEEN`] of each beginning.
fn beside(addr: SocketAddr, ids: &[String], work: impl FnOnce() -> Vec<Copied>) -> Seen {
    let is_over = Arc::new(AtomicBool::new(false));
    // A prime leads through all of them, each far from the one before.
    let mut left: Vec<String> = (0..ids.len()).map(|turn| ids[turn * 7_919 % ids.len()].clone()).collect();
    let cancel = probe(addr, &is_over, move || {
        left.pop().map(|id| ("DELETE", format!("/venues/parent/orders/{id}"), String::new()))
    });
    let order = r#"{"stoks": "EURUSD", "quantity": 1}"#;
    let place = probe(addr, &is_over, move || Some(("POST", "/orders".to_owned(), order.to_owned())));
    let done = work();
    is_over.store(true, Ordering::Relaxed);
    let longest = |probe: JoinHandle<Vec<Copied>>| {
        let answers = probe.join().expect("it ends");
        let at = |(begun, _): &Copied| {
            let within = answers.iter().filter(|(asked, took)| *asked + *took >= *begun && *asked < *begun + BETWEEN);
            within.map(|(_, took)| took.as_secs_f64() * 1e3).fold(0.0, f64::max)
        };
        done.iter().map(at).collect()
    };
    Seen { of_parent: longest(cancel), of_main: longest(place), took: done.iter().map(|(_, took)| *took).collect() }
}

type Asked = (&'static str, String, String);

/// Asks one thing after the other until it is over: when each was asked, and how long its answer took.
fn probe(
    addr: SocketAddr,
    is_over: &Arc<AtomicBool>,
    mut next: impl FnMut() -> Option<Asked> + Send + 'static,
) -> JoinHandle<Vec<Copied>> {
    let is_over = Arc::clone(is_over);
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (mut client, mut answers) = (Client::connect(addr).await, Vec::new());
            while !is_over.load(Ordering::Relaxed) {
                let Some((method, path, body)) = next() else { break };
                let begun = Instant::now();
                let (status, told) = client.ask(method, &path, &body).await;
                answers.push((begun, begun.elapsed()));
                assert!((200..300).contains(&status), "{told}");
            }
            answers
        })
    })
}
