//! What a `POST /orders` costs the server.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::full_rate::{ask_for, cpu_of_a_request, cpu_of_an_order, place_for};
use super::posts::{Asks, place_many};
use super::process::{Bench, Server, median};

const PAIRS: usize = 7;
const CONNECTIONS: usize = 32;

/// Connections of a load tool that asks as fast as it is answered, and for how long.
const FULL_RATE_CONNECTIONS: usize = 64;
const FULL_RATE_FOR: Duration = Duration::from_secs(4);

/// POST /orders per CPU-second at full rate, the orders' executions included, against a bare handler that parses and
/// answers the same JSON.
pub fn against_a_bare_handler(bench: &mut Bench) {
    let pairs: Vec<(f64, f64)> = (0..PAIRS)
        .map(|_| {
            let (ours, bare) = (Server::start(&[]), Server::start_bare());
            // The first requests of a process also pay for its first memory.
            cpu_of(&ours, FULL_RATE_CONNECTIONS, 2_000);
            cpu_of(&bare, FULL_RATE_CONNECTIONS, 2_000);
            let ours = runtime().block_on(cpu_of_an_order(&ours, FULL_RATE_CONNECTIONS, FULL_RATE_FOR));
            (1.0 / ours, bare_per_cpu_second(&bare))
        })
        .collect();
    let ratio = median(pairs.iter().map(|(ours, bare)| ours / bare).collect());
    bench.note("POST /orders per CPU-second", &format!("{:.0}", median(pairs.iter().map(|pair| pair.0).collect())));
    bench.note("a bare handler's", &format!("{:.0}", median(pairs.iter().map(|pair| pair.1).collect())));
    bench.result("POST /orders per CPU-second, of a bare handler's", &format!("{ratio:.2}"), ">= 0.75", ratio >= 0.75);
}

/// Orders of one request.
const TOGETHER: usize = 100;

/// Orders per CPU-second that come 100 in a request, executions included, against those that come alone.
pub fn together(bench: &mut Bench) {
    let item = r#"{"place": {"stoks": "EURUSD", "quantity": 123}}"#;
    let body = format!("[{}]", vec![item; TOGETHER].join(","));
    let batch = Asks { path: "/batch", body: &body, end: b"}}]" };
    let ratios = (0..PAIRS).map(|_| {
        let (alone, together) = (Server::start(&[]), Server::start(&[]));
        cpu_of(&alone, CONNECTIONS, 2_000);
        cpu_of(&together, CONNECTIONS, 2_000);
        let alone = runtime().block_on(cpu_of_an_order(&alone, FULL_RATE_CONNECTIONS, FULL_RATE_FOR));
        let of_all = runtime().block_on(cpu_of_a_request(&together, batch, 4, FULL_RATE_FOR));
        alone / (of_all / TOGETHER as f64)
    });
    let ratio = median(ratios.collect());
    let what = "orders per CPU-second, 100 in a request, of those alone";
    bench.result(what, &format!("{ratio:.2}"), ">= 6", ratio >= 6.0);
}

/// POST of a limit order that rests, per CPU-second, against the bare handler.
pub fn resting(bench: &mut Bench) {
    let body = r#"{"stoks": "EURUSD", "quantity": 123, "type": "limit", "limit_price": "1.05"}"#;
    let rests = Asks { path: "/orders", body, end: b"}" };
    let ratios = (0..PAIRS).map(|_| {
        let (ours, bare) = (Server::start(&["--delay", "none"]), Server::start_bare());
        cpu_of(&ours, FULL_RATE_CONNECTIONS, 2_000);
        cpu_of(&bare, FULL_RATE_CONNECTIONS, 2_000);
        let before = ours.cpu();
        let placed = runtime().block_on(ask_for(ours.addr, rests, FULL_RATE_CONNECTIONS, FULL_RATE_FOR));
        let ours = placed as f64 / (ours.cpu() - before).as_secs_f64();
        ours / bare_per_cpu_second(&bare)
    });
    let ratio = median(ratios.collect());
    let what = "POST of a limit order that rests, per CPU-second, of bare";
    bench.result(what, &format!("{ratio:.2}"), ">= 0.6", ratio >= 0.6);
}

/// One POST with 100 000 orders pending, against one with (next to) none.
pub fn with_many_pending(bench: &mut Bench) {
    let ratios = (0..PAIRS).map(|_| {
        let (few, many) = (Server::start(&["--delay", "1h"]), Server::start(&["--delay", "1h"]));
        cpu_of(&many, CONNECTIONS, 100_000);
        // The first orders of a process also pay for its first memory.
        cpu_of(&few, CONNECTIONS, 1_000);
        let (few, many) = (cpu_of(&few, CONNECTIONS, 10_000), cpu_of(&many, CONNECTIONS, 10_000));
        many.as_secs_f64() / few.as_secs_f64()
    });
    let ratio = median(ratios.collect());
    let what = "CPU of a POST with 100 000 orders pending, of one with few";
    bench.result(what, &format!("{ratio:.2}"), "<= 1.20", ratio <= 1.2);
}

fn bare_per_cpu_second(server: &Server) -> f64 {
    let before = server.cpu();
    let answered = runtime().block_on(place_for(server.addr, FULL_RATE_CONNECTIONS, FULL_RATE_FOR));
    answered as f64 / (server.cpu() - before).as_secs_f64()
}

/// CPU time that a server takes for so many orders over so many connections.
pub fn cpu_of(server: &Server, connections: usize, count: usize) -> Duration {
    let before = server.cpu();
    runtime().block_on(place_many(server.addr, connections, count));
    server.cpu() - before
}

/// What a client runs on.
pub fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}
