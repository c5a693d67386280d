//! What a client sees, by the load tool.

use serde_json::Value;

use super::durable::DataDir;
use super::process::{Bench, Server, load_tool};

/// 100 users who each place an order and wait for its EXECUTED.
pub fn hundred_users(bench: &mut Bench) {
    let server = Server::start(&[]);
    let figures = load_tool("1", &server, &["-u", "100", "-r", "100", "-i", "100", "-t", "20s"]);
    let average = figures["executed"]["mean_ms"].as_f64().unwrap_or(f64::NAN);
    let drawn = mean_of_drawn_delays(&server);
    let allowed = drawn * 1.01 + 3.0;
    let what = "100 users: average execution (mean drawn delay + 1 % + 3 ms)";
    let target = format!("<= {allowed:.1} ms");
    let reached = average <= allowed && average >= drawn * 0.99 && figures["exit_code"] == 0;
    bench.result(what, &format!("{average:.1} ms of {drawn:.1} ms"), &target, reached);
}

/// 10 000 orders a second for 20 s, the server on one processor, the load tool on the other.
pub fn open_loop(bench: &mut Bench) {
    ten_thousand_a_second(bench, "10 000 orders/s", &[], [0.2, 2.0]);
}

/// The same with a data folder.
pub fn durable_open_loop(bench: &mut Bench) {
    let data = DataDir::new();
    ten_thousand_a_second(bench, "10 000 durable orders/s", &["--data-dir", data.text()], [2.25, 9.0]);
}

fn ten_thousand_a_second(bench: &mut Bench, what: &str, flags: &[&str], [p50_ms, p99_ms]: [f64; 2]) {
    let server = Server::start(flags);
    let before = server.cpu();
    let figures = load_tool("1", &server, &["--rate", "10000", "-t", "20s"]);
    let mut late = |name: &str, part: &str, at_most: f64| {
        let late = figures["late"]["percentiles_ms"][part].as_f64().unwrap_or(f64::NAN);
        let target = format!("<= {at_most} ms");
        bench.result(&format!("{what}: late, {name}"), &format!("{late:.2} ms"), &target, late <= at_most);
    };
    late("p50", "50%", p50_ms);
    late("p99", "99%", p99_ms);
    let placed = figures["executed"]["count"].as_f64().unwrap_or(f64::NAN);
    let cpu_us = 1e6 * (server.cpu() - before).as_secs_f64() / placed;
    bench.note("CPU of an order, its announcements included", &format!("{cpu_us:.1} us"));
    let (early, failures) = (&figures["late"]["early"], &figures["failures"]["total"]);
    let reached = figures["exit_code"] == 0 && *early == 0 && *failures == 0;
    bench.result("  early and lost", &format!("{early} and {failures}"), "0 and 0", reached);
}

/// The mean of the delays that were drawn, in milliseconds.
fn mean_of_drawn_delays(server: &Server) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let orders: Value = serde_json::from_str(&runtime.block_on(server.get("/orders"))).expect("JSON");
    let micros = |order: &Value, name: &str| {
        let time: jiff::Timestamp = order[name].as_str().and_then(|text| text.parse().ok()).expect("a time");
        time.as_microsecond()
    };
    let orders = orders.as_object().expect("orders by id");
    let delays: Vec<i64> =
        orders.values().map(|order| micros(order, "due_at") - micros(order, "accepted_at")).collect();
    delays.iter().sum::<i64>() as f64 / delays.len() as f64 / 1e3
}
