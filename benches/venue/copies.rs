//! Copies of a venue: how long one takes, and for how long its parent and `main` answer nobody meanwhile.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::runtime::Builder;

use super::client::Client;
use super::process::{Bench, Server, median};

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
        let (alone, _) = beside(server.addr, &ids, || thread::sleep(BETWEEN * COPIES as u32));
        let ((of_parent, of_main), took) = beside(server.addr, &ids, || runtime.block_on(copy(server.addr)));
        let took = median(took);
        let what = format!("copy a venue of 100 000 {name} orders: p50");
        bench.result(&what, &format!("{took:.2} ms"), "<= 110 ms", took <= 110.0);
        for (who, longest, alone) in [("the parent", of_parent, alone.0), ("main", of_main, alone.1)] {
            let what = format!("  {COPIES} copies: the longest that {who} took to answer");
            bench.result(&what, &format!("{longest:.2} ms"), "<= 5 ms", longest <= 5.0);
            bench.note("  the same without", &format!("{alone:.2} ms"));
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

/// How long each copy took, in milliseconds. Each is used, and removed.
async fn copy(addr: SocketAddr) -> Vec<f64> {
    let mut client = Client::connect(addr).await;
    let mut took = Vec::new();
    for _ in 0..COPIES {
        let begun = Instant::now();
        let (status, told) = client.ask("POST", "/venues", r#"{"from": "parent", "name": "copy"}"#).await;
        took.push(begun.elapsed().as_secs_f64() * 1e3);
        assert_eq!(status, 201, "{told}");
        assert_eq!(client.ask("DELETE", "/venues/copy/orders/x", "").await.0, 404);
        tokio::time::sleep(BETWEEN).await;
        assert_eq!(client.ask("DELETE", "/venues/copy", "").await.0, 204);
    }
    took
}

/// Does this while one client cancels orders of the parent, from all over, and another one places orders with `main`:
/// how long each waited at most, in milliseconds.
fn beside<T>(addr: SocketAddr, ids: &[String], work: impl FnOnce() -> T) -> ((f64, f64), T) {
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
    let longest = |probe: JoinHandle<f64>| probe.join().expect("it ends");
    ((longest(cancel), longest(place)), done)
}

type Asked = (&'static str, String, String);

/// Asks one thing after the other until it is over: the longest that one took, in milliseconds.
fn probe(
    addr: SocketAddr,
    is_over: &Arc<AtomicBool>,
    mut next: impl FnMut() -> Option<Asked> + Send + 'static,
) -> JoinHandle<f64> {
    let is_over = Arc::clone(is_over);
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (mut client, mut longest) = (Client::connect(addr).await, Duration::ZERO);
            while !is_over.load(Ordering::Relaxed) {
                let Some((method, path, body)) = next() else { break };
                let begun = Instant::now();
                let (status, told) = client.ask(method, &path, &body).await;
                longest = longest.max(begun.elapsed());
                assert!((200..300).contains(&status), "{told}");
            }
            longest.as_secs_f64() * 1e3
        })
    })
}
