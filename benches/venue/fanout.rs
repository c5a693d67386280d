//! What it costs to tell many subscribers, and what those that never read cost the others.

use std::rc::Rc;
use std::time::Duration;

use tokio::task::{LocalSet, spawn_local};

use super::durable::DataDir;
use super::posts::{field, place_steadily};
use super::process::{Bench, Server, median, percentile};
use super::subscriber::{Seen, key, read_frames, subscribe};

/// How a run went.
struct Run {
    orders: usize,
    frames: u64,
    frames_per_cpu_second: f64,
    p99_ms: f64,
    peak_memory: u64,
    metrics: String,
}

/// 1 000 subscribers at 200 orders a second: 400 000 frames a second.
pub fn many_subscribers(bench: &mut Bench) {
    a_thousand_subscribers(bench, "1 000 subscribers, 200 orders/s", &[], 1.0);
}

/// The same with a data folder.
pub fn durable_subscribers(bench: &mut Bench) {
    let data = DataDir::new();
    a_thousand_subscribers(bench, "1 000 subscribers, 200 durable orders/s", &["--data-dir", data.text()], 1.5);
}

fn a_thousand_subscribers(bench: &mut Bench, what: &str, flags: &[&str], allowance: f64) {
    let subscribers = 1_000;
    let run = run(flags, subscribers, 200, 15, 0);
    let expected = (2 * run.orders * subscribers) as u64;
    let delivered = format!("{} of {expected}", run.frames);
    bench.result(&format!("{what}: frames delivered"), &delivered, "all", run.frames == expected);
    let (frames, least) = (run.frames_per_cpu_second, 3e5 / allowance);
    let target = format!(">= {least:.0}");
    bench.result("  frames per server CPU-second", &format!("{frames:.0}"), &target, frames >= least);
    let (p99, at_most) = (run.p99_ms, 50.0 * allowance);
    bench.result("  due to received, p99", &format!("{p99:.1} ms"), &format!("<= {at_most:.0} ms"), p99 <= at_most);
}

/// 100 subscribers at 2 000 orders a second, without and with ten more that never read.
pub fn stalled_subscribers(bench: &mut Bench) {
    let mut ratios = Vec::new();
    let mut dropped = true;
    let mut growth = 0;
    for _ in 0..5 {
        let (without, with) = (run(&[], 100, 2_000, 10, 0), run(&[], 100, 2_000, 10, 10));
        bench.note("p99 without and with stalled ones", &format!("{:.2} and {:.2} ms", without.p99_ms, with.p99_ms));
        ratios.push(with.p99_ms / without.p99_ms);
        dropped &= with.metrics.contains("subscribers_dropped_total{reason=\"slow\"} 10");
        dropped &= with.metrics.lines().any(|line| line == "tradepit_subscribers 100");
        growth = growth.max(with.peak_memory.saturating_sub(without.peak_memory));
    }
    let ratio = median(ratios);
    let what = "10 of 110 subscribers never read: the others' p99";
    bench.result(what, &format!("x {ratio:.2}"), "<= x 1.20", ratio <= 1.2);
    bench.result("  the stalled are dropped within 12 s of their connecting", &dropped.to_string(), "true", dropped);
    let megabytes = growth as f64 / 1e6;
    bench.result("  peak memory they cost", &format!("{megabytes:.1} MB"), "<= 10 MiB", growth <= 10 << 20);
}

fn run(flags: &[&str], subscribers: usize, rate: u32, seconds: u64, stalled: usize) -> Run {
    let server = Server::start(flags);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let seen = Rc::new(Seen::default());
    let (orders, cpu, metrics) = LocalSet::new().block_on(&runtime, async {
        for _ in 0..subscribers {
            spawn_local(read_frames(subscribe(server.addr).await, Rc::clone(&seen)));
        }
        let mut never_read = Vec::new();
        for _ in 0..stalled {
            never_read.push(subscribe(server.addr).await);
        }
        let before = server.cpu();
        let noting = Rc::clone(&seen);
        let placed = place_steadily(server.addr, rate, Duration::from_secs(seconds), |reply| {
            let due: jiff::Timestamp = field(reply, "due_at").parse().expect("a time");
            noting.due.borrow_mut().insert(key(field(reply, "id").as_bytes()), due.as_microsecond());
        });
        let orders = placed.await;
        // The last order is due after a second at most; what is late beyond that is not delivered.
        tokio::time::sleep(Duration::from_secs(2)).await;
        (orders, server.cpu() - before, server.get("/metrics").await)
    });
    let frames = seen.frames.get();
    // The median second's: a hiccup of the machine is not the server's.
    let p99_ms = median(seen.late_ms.borrow_mut().values_mut().map(|late_ms| percentile(late_ms, 0.99)).collect());
    let frames_per_cpu_second = frames as f64 / cpu.as_secs_f64();
    Run { orders, frames, frames_per_cpu_second, p99_ms, peak_memory: server.peak_memory(), metrics }
}
