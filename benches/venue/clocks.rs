//! How fast virtual time passes: what is due in it, and a year of orders for the day.

use std::time::Instant;

use serde_json::Value;
use tokio::runtime::Builder;

use super::client::Client;
use super::process::{Bench, Server, median};

const DUE: usize = 100_000;
const IN_A_BATCH: usize = 100;
const DAYS: usize = 365;
const ROUNDS: usize = 5;

/// All of it.
pub fn time(bench: &mut Bench) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let server = Server::start(&["--max-orders", "10000000"]);
    let mut client = runtime.block_on(Client::connect(server.addr));
    let rates = (0..ROUNDS).map(|round| runtime.block_on(due_orders(&mut client, &format!("due-{round}"))));
    let rate = median(rates.collect());
    let what = "advance over 100 000 due orders: a second";
    bench.result(what, &format!("{rate:.0}"), ">= 200 000", rate >= 200_000.0);
    for (market, most) in [("frozen", 1.0), ("calm", 20.0)] {
        let took = (0..ROUNDS).map(|round| runtime.block_on(year(&mut client, market, &format!("{market}-{round}"))));
        let took = median(took.collect());
        let what = format!("a year of day orders, one a day, in sessions, market {market}");
        bench.result(&what, &format!("{took:.2} s"), &format!("<= {most} s"), took <= most);
    }
}

async fn ask(client: &mut Client, method: &str, path: &str, body: &str) -> Value {
    let (status, told) = client.ask(method, path, body).await;
    assert!((200..300).contains(&status), "{method} {path}: {told}");
    serde_json::from_str(&told).unwrap_or(Value::Null)
}

/// How many orders that fall due are executed in a second.
async fn due_orders(client: &mut Client, name: &str) -> f64 {
    let made = format!(r#"{{"name": "{name}", "clock": "frozen", "market": "frozen", "delay": "1s..1h"}}"#);
    ask(client, "POST", "/venues", &made).await;
    let order = r#"{"place": {"stoks": "EURUSD", "quantity": 1}}"#;
    let batch = format!("[{}]", [order; IN_A_BATCH].join(","));
    for _ in 0..DUE / IN_A_BATCH {
        ask(client, "POST", &format!("/venues/{name}/batch"), &batch).await;
    }
    let begun = Instant::now();
    ask(client, "POST", &format!("/venues/{name}/clock/advance"), r#"{"by": "1h"}"#).await;
    let took = begun.elapsed();
    let open = ask(client, "GET", &format!("/venues/{name}"), "").await["counts"]["open"].clone();
    assert_eq!(open, 0, "all are executed");
    ask(client, "DELETE", &format!("/venues/{name}"), "").await;
    DUE as f64 / took.as_secs_f64()
}

/// How many seconds a year takes in which an order for the day is placed each day.
async fn year(client: &mut Client, market: &str, name: &str) -> f64 {
    let clock = r#"{"start": "2026-01-01T15:00:00Z"}"#;
    let made = format!(
        r#"{{"name": "{name}", "clock": {clock}, "market": "{market}", "hours": "nyse", "delay": "none", "seed": 7}}"#
    );
    ask(client, "POST", "/venues", &made).await;
    let order = r#"{"stoks": "AAPL", "qty": "10", "side": "buy", "type": "limit", "limit_price": "1.00",
        "time_in_force": "day"}"#;
    let begun = Instant::now();
    for _ in 0..DAYS {
        ask(client, "POST", &format!("/venues/{name}/orders"), order).await;
        ask(client, "POST", &format!("/venues/{name}/clock/advance"), r#"{"by": "24h"}"#).await;
    }
    let took = begun.elapsed();
    ask(client, "DELETE", &format!("/venues/{name}"), "").await;
    took.as_secs_f64()
}
