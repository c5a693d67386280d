//! The real binary with real signals: what it says where, how it refuses, how it ends, and that a seed holds.

mod bench;
mod chance;
mod flags;
mod output;
mod refusals;
mod replay;
mod route_delay;
mod rules;
mod stopping;
mod venue;

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tradepit_actors::Clock;

use crate::support::process::{Ended, Process, Trigger};
use crate::support::{Reply, Request, Subscriber, in_time};

/// An order's waiting time as its reply tells it, in microseconds.
fn delay_us(order: &Value) -> i64 {
    let time = |field: &str| {
        let text = order[field].as_str().unwrap_or_else(|| panic!("{field} in {order}"));
        text.parse::<jiff::Timestamp>().expect("RFC 3339").as_microsecond()
    };
    time("due_at") - time("accepted_at")
}

async fn get(addr: SocketAddr, path: &str) -> Reply {
    Request::new("GET", path).send(addr).await
}

async fn place(addr: SocketAddr) -> Value {
    let reply = Request::new("POST", "/orders").body(r#"{"stoks": "EURUSD", "quantity": 1}"#).send(addr).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

fn id(order: &Value) -> String {
    order["id"].as_str().expect("an id").to_owned()
}

/// Waits for the end of a server that was told to stop: code 0, in order, nothing more on stdout.
async fn ends_in_order(server: Process, told_to_stop: tokio::time::Instant) -> Ended {
    let ended = server.ended().await;
    let took = told_to_stop.elapsed();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(took < Duration::from_secs(5), "it took {took:?}: {ended:?}");
    assert_eq!(ended.stdout.lines().count(), 1, "{ended:?}");
    ended
}
