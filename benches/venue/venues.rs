//! Many venues in one process: how fast one is made and gone, what an idle one takes, what `main` feels of them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;

use super::client::Client;
use super::durable::DataDir;
use super::full_rate::cpu_of_an_order;
use super::posts::place_many;
use super::process::{Bench, Server, median, percentile};

const LIVES: usize = 500;
const VENUES: usize = 1_000;
const DURABLE: usize = 200;
const PAIRS: usize = 7;
const CONNECTIONS: usize = 64;
const FULL_RATE_FOR: Duration = Duration::from_secs(4);
const IDLE_FOR: Duration = Duration::from_secs(10);

impl Client {
    async fn make(&mut self, name: &str) {
        let (status, told) = self.ask("POST", "/venues", &format!(r#"{{"name": "{name}", "delay": "none"}}"#)).await;
        assert_eq!(status, 201, "{told}");
    }

    async fn place(&mut self, name: &str) -> String {
        let order = r#"{"stoks": "EURUSD", "quantity": 123}"#;
        let (status, told) = self.ask("POST", &format!("/venues/{name}/orders"), order).await;
        assert_eq!(status, 200, "{told}");
        let order: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        order["id"].as_str().expect("an id").to_owned()
    }
}

/// All of it.
pub fn many(bench: &mut Bench) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let server = Server::start(&[]);
    let mut lives = runtime.block_on(lives(server.addr));
    let p50 = percentile(&mut lives, 0.5);
    let what = "make a venue, place, see it executed, remove it: p50";
    bench.result(what, &format!("{p50:.2} ms"), "<= 5 ms", p50 <= 5.0);
    bench.note("  p99", &format!("{:.2} ms", percentile(&mut lives, 0.99)));

    let server = Server::start(&[]);
    runtime.block_on(place_many(server.addr, 4, 2_000));
    server.rest();
    let before = server.memory();
    runtime.block_on(with_an_order_each(server.addr));
    server.rest();
    let each = (server.memory() - before) as f64 / VENUES as f64;
    bench.result("resident bytes per idle venue with an order", &format!("{each:.0}"), "<= 65 536", each <= 65_536.0);
    let before = server.cpu();
    std::thread::sleep(IDLE_FOR);
    let busy = 100.0 * (server.cpu() - before).as_secs_f64() / IDLE_FOR.as_secs_f64();
    bench.result("processor of 1 000 idle venues", &format!("{busy:.2} %"), "<= 1 %", busy <= 1.0);

    let ratios = (0..PAIRS).map(|_| {
        let (alone, beside) = (Server::start(&[]), Server::start(&[]));
        runtime.block_on(with_an_order_each(beside.addr));
        runtime.block_on(place_many(alone.addr, CONNECTIONS, 2_000));
        runtime.block_on(place_many(beside.addr, CONNECTIONS, 2_000));
        let alone = runtime.block_on(cpu_of_an_order(&alone, CONNECTIONS, FULL_RATE_FOR));
        runtime.block_on(cpu_of_an_order(&beside, CONNECTIONS, FULL_RATE_FOR)) / alone
    });
    let ratio = median(ratios.collect());
    let what = "CPU of a POST to main beside 1 000 idle venues, of one alone";
    bench.result(what, &format!("{ratio:.2}"), "<= 1.05", ratio <= 1.05);
}

/// A start on venues that are kept, beside `main`, each with an order.
pub fn durable(bench: &mut Bench) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let data = DataDir::new();
    let flags = ["--data-dir", data.text()];
    let server = Server::start(&flags);
    let mut made = runtime.block_on(make_durable(server.addr));
    drop(server);
    let begun = Instant::now();
    let server = Server::start(&flags);
    let seconds = begun.elapsed().as_secs_f64();
    let what = "200 durable venues beside main: ready after";
    bench.result(what, &format!("{seconds:.2} s"), "<= 3 s", seconds <= 3.0);
    bench.note("  make one of them, p50", &format!("{:.2} ms", percentile(&mut made, 0.5)));
    server.rest();
    bench.note("  resident bytes of each, at rest", &format!("{:.0}", server.memory() as f64 / DURABLE as f64));
}

/// How long the making of each took, in milliseconds.
async fn make_durable(addr: SocketAddr) -> Vec<f64> {
    let mut client = Client::connect(addr).await;
    let mut took = Vec::new();
    for number in 0..DURABLE {
        let (name, begun) = (format!("durable-{number}"), Instant::now());
        let body = format!(r#"{{"name": "{name}", "durable": true, "delay": "none"}}"#);
        let (status, told) = client.ask("POST", "/venues", &body).await;
        assert_eq!(status, 201, "{told}");
        took.push(begun.elapsed().as_secs_f64() * 1e3);
        client.place(&name).await;
    }
    took
}

/// How long each life of a venue took, in milliseconds.
async fn lives(addr: SocketAddr) -> Vec<f64> {
    let mut client = Client::connect(addr).await;
    let mut took = Vec::new();
    for number in 0..LIVES {
        let (name, begun) = (format!("life-{number}"), Instant::now());
        client.make(&name).await;
        let id = client.place(&name).await;
        loop {
            let (_, order) = client.ask("GET", &format!("/venues/{name}/orders/{id}"), "").await;
            if order.contains("EXECUTED") {
                break;
            }
        }
        assert_eq!(client.ask("DELETE", &format!("/venues/{name}"), "").await.0, 204);
        took.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    took
}

async fn with_an_order_each(addr: SocketAddr) {
    let mut client = Client::connect(addr).await;
    for number in 0..VENUES {
        let name = format!("idle-{number}");
        client.make(&name).await;
        client.place(&name).await;
    }
}
