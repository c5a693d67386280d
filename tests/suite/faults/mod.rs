//! Faults: what is made to go wrong on purpose of requests and streams.

mod choosing;
mod flaws;
mod list;
mod lossy;
mod lost;
mod replies;
mod streams;

use serde_json::{Value, json};

use crate::support::{Reply, Venue};

/// Puts these faults, in place of those before.
async fn put(venue: &Venue, faults: Value) -> Value {
    let reply = venue.ask("PUT", "/faults").body(faults.to_string()).send(venue.addr).await;
    assert_eq!(reply.status, 200, "{faults}: {reply:?}");
    reply.json()
}

/// How often each met something.
async fn matched(venue: &Venue) -> Vec<u64> {
    let list = venue.get("/faults").await.json();
    let list = list.as_array().expect("a list").iter();
    list.map(|fault| fault["matched"].as_u64().expect("a number")).collect()
}

/// The faults that touched a reply.
fn touched(reply: &Reply) -> Vec<&str> {
    let faults = reply.headers.iter().filter(|(name, _)| name == "tradepit-fault");
    faults.map(|(_, value)| value.as_str()).collect()
}

/// How many orders there are.
async fn orders(venue: &Venue) -> usize {
    venue.get("/orders").await.json().as_object().expect("orders by id").len()
}

/// An order that is sent under a key.
async fn post_named(venue: &Venue, key: &str) -> Vec<u8> {
    let body = json!({"stoks": "EURUSD", "quantity": 7}).to_string();
    venue.ask("POST", "/orders").header("Idempotency-Key", key).body(body).answer(venue.addr).await
}
