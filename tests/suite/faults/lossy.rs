//! A client that resumes its stream where it broke off and repeats its requests under their keys comes through whatever
//! is lost: every order once, every event once, in order.
//!
//! `TRADEPIT_FAULTS_MET` says how many faults it must meet, `TRADEPIT_FAULTS_SEED` which.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{matched, put};
use crate::support::rest::listed_ids;
use crate::support::{Reply, Subscriber, Venue, own_venue, until};
use crate::venues::make;

/// A client waits so long for a frame that it knows of, then opens another socket.
const LOSES_PATIENCE: Duration = Duration::from_millis(40);

/// One after the other, so many orders before the client looks at what it was told of them.
const AT_A_TIME: usize = 10;

/// Orders on a page of their list.
const PAGE: usize = 1_000;

#[tokio::test]
async fn a_client_that_resumes_and_repeats_loses_nothing_and_doubles_nothing() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let (met, seed) = (number("TRADEPIT_FAULTS_MET").unwrap_or(1_000), number("TRADEPIT_FAULTS_SEED").unwrap_or(17));
    let server = own_venue(|_| {});
    let (venue, _) = make(&server, json!({"seed": seed, "delay": "none"})).await;
    put(
        &venue,
        json!([
            {"name": "before", "match": {"route": "POST /orders", "probability": 0.15}, "do": {"drop": "before"}},
            {"name": "after", "match": {"route": "POST /orders", "probability": 0.15}, "do": {"drop": "after"}},
            {"name": "half", "match": {"route": "POST /orders", "probability": 0.1}, "do": {"truncate": 20}},
            {"name": "down", "match": {"route": "POST /orders", "probability": 0.1}, "do": {"status": 503}},
            {"name": "cut", "match": {"stream": "orders", "probability": 0.05}, "do": {"drop": true}},
            {"name": "closed", "match": {"stream": "orders", "probability": 0.02}, "do": {"close": 1011}},
            {"name": "stalled", "match": {"stream": "orders", "probability": 0.02}, "do": {"stall": "1h"}},
            {"name": "lost", "match": {"stream": "orders", "probability": 0.03}, "do": {"skip": true}},
            {"name": "twice", "match": {"stream": "orders", "probability": 0.05}, "do": {"duplicate": true}},
            {"name": "shuffled", "match": {"stream": "orders", "probability": 0.03}, "do": {"reorder": 3}},
        ]),
    )
    .await;
    let mut client = Client::begin(&venue);
    while matched(&venue).await.iter().sum::<u64>() < met {
        for _ in 0..AT_A_TIME {
            client.place().await;
        }
        client.catch_up().await;
    }
    let all = matched(&venue).await;
    assert!(all.iter().all(|&count| count > 0), "each was met: {all:?}");
    client.verify().await;
    eprintln!("{} orders, {} sockets, faults {all:?}", client.orders.len(), client.sockets);
}

struct Client<'a> {
    venue: &'a Venue,
    /// The orders that it placed, by the key of each.
    orders: Vec<String>,
    /// What it was told, in order: it begins with the first event of all.
    told: Vec<Value>,
    socket: Option<Subscriber>,
    sockets: usize,
}

impl Client<'_> {
    fn begin(venue: &Venue) -> Client<'_> {
        Client { venue, orders: Vec::new(), told: Vec::new(), socket: None, sockets: 0 }
    }

    /// Places an order, however often that takes.
    async fn place(&mut self) {
        let (key, quantity) = (format!("order-{}", self.orders.len()), self.orders.len() + 1);
        let body = json!({"stoks": "EURUSD", "quantity": quantity}).to_string();
        loop {
            let request = self.venue.ask("POST", "/orders").header("Idempotency-Key", &key).body(&body);
            let answer = request.answer(self.venue.addr).await;
            if answer.is_empty() {
                continue;
            }
            let reply = Reply::parse(&answer);
            let length = reply.header("content-length").and_then(|length| length.parse().ok());
            if reply.status == 200 && length == Some(reply.bytes.len()) {
                let order = reply.json();
                assert_eq!(order["quantity"], quantity);
                self.orders.push(order["id"].as_str().expect("an id").to_owned());
                return;
            }
            assert!([200, 503].contains(&reply.status), "{reply:?}");
        }
    }

    /// Reads until it knows of all that happened: each order is placed, and executes.
    async fn catch_up(&mut self) {
        while self.told.len() < 2 * self.orders.len() {
            if let Some(next) = self.next().await {
                let seq = next["seq"].as_u64().expect("a number");
                match seq.cmp(&(self.told.len() as u64 + 1)) {
                    // It was told before.
                    std::cmp::Ordering::Less => {}
                    std::cmp::Ordering::Equal => self.told.push(next),
                    // Something is missing before it: begin again behind what is known.
                    std::cmp::Ordering::Greater => self.socket = None,
                }
            } else {
                self.socket = None;
            }
        }
    }

    /// The next event; nothing where the socket ended, or says nothing for long.
    async fn next(&mut self) -> Option<Value> {
        if self.socket.is_none() {
            let query = format!("/ws?format=json&since={}", self.told.len());
            let path = self.venue.path(&query);
            self.socket = Some(Subscriber::connect_to(self.venue.addr, &path).await.expect("the handshake succeeds"));
            self.sockets += 1;
        }
        let socket = &mut self.socket.as_mut()?.socket;
        match tokio::time::timeout(LOSES_PATIENCE, socket.next()).await {
            Ok(Some(Ok(Message::Text(text)))) => Some(serde_json::from_str(&text).expect("JSON")),
            _ => None,
        }
    }

    /// Compares what it knows with what is so.
    async fn verify(&mut self) {
        put(self.venue, json!([])).await;
        let (mut listed, mut after) = (Vec::new(), String::new());
        while listed.len() % PAGE == 0 && listed.len() < self.orders.len() {
            listed.extend(listed_ids(&self.venue.get(&format!("/orders?limit={PAGE}{after}")).await));
            after = format!("&after={}", listed.last().expect("there are some"));
        }
        assert_eq!(listed, self.orders, "every order once, in order");
        for (at, event) in self.told.iter().enumerate() {
            assert_eq!(event["seq"], at as u64 + 1, "every event once, in order");
        }
        for id in &self.orders {
            let statuses: Vec<&Value> =
                self.told.iter().filter(|event| event["id"] == **id).map(|event| &event["status"]).collect();
            assert_eq!(statuses, ["PENDING", "EXECUTED"], "{id}");
        }
        self.socket = None;
        until("no socket is left over, stalled or not", async || {
            let venue = self.venue.get("").await.json();
            (venue["counts"]["subscribers"] == 0).then_some(())
        })
        .await;
    }
}
