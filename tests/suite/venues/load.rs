//! A venue that is kept as busy as its clients can. They have a thread of their own: no other client waits for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use futures_util::future::join_all;
use serde_json::json;

use super::make;
use crate::support::rest::Kept;
use crate::support::{Line, Venue, id_of};

const CLIENTS: usize = 4;

/// Clients of one venue, and a subscriber that hears all of it.
pub struct Load {
    stop: Arc<AtomicBool>,
    clients: JoinHandle<usize>,
}

impl Load {
    /// Makes a venue of this server and has it kept busy; the first of it has happened.
    pub async fn on(server: &Venue) -> Load {
        let (venue, _) = make(server, json!({"delay": "0ms..20ms", "market": "volatile"})).await;
        let mut hears = venue.subscribe("").await;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let clients = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let mut hears = venue.subscribe(KEPT).await;
                tokio::spawn(async move {
                    loop {
                        hears.text().await;
                    }
                });
                let clients = (0..CLIENTS).map(|client| trade(&venue, client, &stopped));
                join_all(clients).await.into_iter().sum()
            })
        });
        hears.text().await;
        Load { stop, clients }
    }

    /// Ends it; how many orders were placed.
    pub fn stop(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        self.clients.join().expect("what its clients ask is right")
    }
}

const KEPT: &str = "?format=json&channels=orders,accounts,instruments";

/// Places native orders by the dozen, and others that rest, are amended and cancelled; how many.
async fn trade(venue: &Venue, client: usize, stopped: &AtomicBool) -> usize {
    let (mut line, mut kept) = (Line::open(venue).await, Kept::open(venue).await);
    let mut placed = 0;
    while !stopped.load(Ordering::Relaxed) {
        placed += line.place_many("EURUSD", 24).await.len();
        let side = ["buy", "sell"][client % 2];
        let body = json!({"symbol": "BTC/USD", "side": side, "qty": "0.5", "type": "limit",
            "limit_price": "60000"});
        let order = kept.ask("POST", "/orders", &body.to_string()).await.json();
        placed += 1;
        let path = format!("/orders/{}", id_of(&order));
        kept.ask("PATCH", &path, r#"{"qty": "0.25"}"#).await;
        kept.ask("DELETE", &path, "").await;
    }
    placed
}
