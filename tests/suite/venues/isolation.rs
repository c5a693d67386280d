//! Venues share nothing but the process.
//!
//! `TRADEPIT_SCRIPT_SEEDS` says how many scripts are played beside a venue under full load.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use futures_util::StreamExt;
use serde_json::{Value, json};

use super::load::Load;
use super::make;
use super::script::{assert_same, play};
use crate::support::rest::{id, listed_ids, path};
use crate::support::{Venue, own_venue};

#[tokio::test]
async fn what_happens_in_one_venue_is_seen_in_no_other() {
    let server = own_venue(|_| {});
    let (one, _) = make(&server, json!({"name": "one", "delay": "none"})).await;
    let (other, _) = make(&server, json!({"name": "other", "delay": "none"})).await;
    let (mut hears_other, mut hears_main) = (other.subscribe("").await, server.subscribe("").await);
    let order = one.place("GOLD", 1).await;
    assert_eq!(one.get("/instruments/GOLD").await.status, 200, "it is listed there");
    for venue in [&other, &server] {
        assert_eq!(venue.get("/orders").await.json(), json!({}));
        assert_eq!(venue.get(&path(&order)).await.status, 404);
        assert_eq!(venue.delete(&path(&order)).await.status, 404);
        assert_eq!(venue.get("/instruments/GOLD").await.status, 404);
    }
    assert_eq!(one.post("/orders", "{}").await.status, 422);
    assert_eq!(one.get("/rejects").await.json().as_array().map(Vec::len), Some(1));
    assert_eq!(other.get("/rejects").await.json().as_array().map(Vec::len), Some(3), "its own 404s");
    for (venue, hears) in [(&other, &mut hears_other), (&server, &mut hears_main)] {
        let own = venue.place("EURUSD", 1).await;
        assert_eq!(own["seq"], 1, "numbers are its own");
        assert_eq!(hears.text().await, format!("{} is PENDING", id(&own)), "nothing came before");
    }
    assert_eq!(one.get("/orders?limit=1").await.json().as_object().map(serde_json::Map::len), Some(1));
}

#[tokio::test]
async fn one_idempotency_key_stands_for_an_order_in_each_venue() {
    let server = own_venue(|_| {});
    let (one, _) = make(&server, json!({"clock": "frozen"})).await;
    let (other, _) = make(&server, json!({"clock": "frozen"})).await;
    let mut ids = Vec::new();
    for venue in [&one, &other, &server] {
        let ask = venue.ask("POST", "/orders").header("Idempotency-Key", "k").body(r#"{"stoks": "A", "quantity": 1}"#);
        let (first, again) = (ask.clone().send(server.addr).await, ask.send(server.addr).await);
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(first.json()["id"], again.json()["id"]);
        ids.push(first.json()["id"].clone());
    }
    assert!(ids[0] != ids[1] && ids[1] != ids[2], "{ids:?}");
}

/// A day in the life of a client; what it was answered.
async fn day(venue: &Venue) -> Vec<Value> {
    let mut told = Vec::new();
    for body in [
        json!({"stoks": "EURUSD", "quantity": 3}),
        json!({"stoks": "GOLD", "quantity": 7}),
        json!({"stoks": "EURUSD", "qty": "1000", "side": "sell", "type": "limit", "limit_price": "1.50000"}),
        json!({"stoks": "BTC/USD", "qty": "0.25", "side": "buy", "account": "alice"}),
        json!({"stoks": "EURUSD"}),
    ] {
        told.push(venue.post("/orders", &body.to_string()).await.json());
    }
    assert_eq!(venue.delete(&path(&told[2])).await.status, 204);
    for path in ["/orders", "/fills", "/accounts", "/quotes", "/accounts/alice/activities", "/book/EURUSD"] {
        told.push(venue.get(path).await.json());
    }
    let mut subscriber = venue.subscribe("?format=json&since=0").await;
    for _ in 0..4 {
        told.push(subscriber.json().await);
    }
    told
}

#[tokio::test]
async fn equal_seeds_and_equal_requests_make_equal_answers_whatever_runs_beside_them() {
    let server = own_venue(|config| config.workers = std::num::NonZeroUsize::new(2));
    for (delay, market) in [("none", "volatile"), ("100ms..1s", "calm")] {
        let body = json!({"seed": 11, "clock": {"start": "2026-01-05T14:30:00Z", "speed": 0}, "delay": delay,
            "market": market, "accounts": [{"id": "alice", "cash": {"USD": "1000000"}}]});
        let (one, _) = make(&server, body.clone()).await;
        let (other, _) = make(&server, body.clone()).await;
        let (beside, _) = make(&server, body).await;
        let load = async {
            for _ in 0..50 {
                beside.place("EURUSD", 1).await;
            }
        };
        let (first, second, ()) = tokio::join!(day(&one), day(&other), load);
        assert_eq!(first, second, "delay {delay}");
        assert_eq!(listed_ids(&beside.get("/orders").await).len(), 50);
    }
}

#[tokio::test]
async fn the_contract_of_orders_holds_in_a_venue() {
    let server = own_venue(|_| {});
    let (venue, _) = make(&server, json!({"delay": "300ms"})).await;
    let mut subscriber = venue.subscribe("").await;
    let (kept, cancelled) = (venue.place("EURUSD", 1).await, venue.place_long("EURUSD", 2).await);
    assert_eq!(venue.delete(&path(&cancelled)).await.status, 204);
    let (kept, cancelled) = (id(&kept), id(&cancelled));
    let expected = [
        format!("{kept} is PENDING"),
        format!("{cancelled} is PENDING"),
        format!("{cancelled} is CANCELLED"),
        format!("{kept} is EXECUTED"),
    ];
    for text in expected {
        assert_eq!(subscriber.text().await, text);
    }
    let list = venue.get("/orders?status=EXECUTED").await;
    assert_eq!(listed_ids(&list), [kept]);
    let mut replayed = venue.subscribe("?format=json&since=2").await;
    assert_eq!(
        (replayed.json().await["status"].clone(), replayed.json().await["status"].clone()),
        (json!("CANCELLED"), json!("EXECUTED"))
    );
}

#[tokio::test]
async fn a_refused_request_is_told_at_the_time_of_its_venue_and_by_its_path_there() {
    let server = own_venue(|_| {});
    let (venue, _) = make(&server, json!({"clock": {"start": "2026-01-05T14:30:00Z"}})).await;
    assert_eq!(venue.post("/orders", "{}").await.status, 422);
    assert_eq!(venue.post("/clock/advance", r#"{"by": "1h"}"#).await.status, 200);
    assert_eq!(venue.get("/nowhere/venues/x/y").await.status, 404);
    assert_eq!(server.get("/venues/nobody/orders").await.status, 404);
    let [own, mains] = [venue.get("/rejects").await.json(), server.get("/rejects").await.json()];
    let told = |place: usize| (own[place]["at"].clone(), own[place]["path"].clone());
    assert_eq!(told(0), (json!("2026-01-05T15:30:00.000000Z"), json!("/nowhere/venues/x/y")));
    assert_eq!(told(1), (json!("2026-01-05T14:30:00.000000Z"), json!("/orders")));
    assert_eq!(mains[0]["path"], "/venues/nobody/orders", "it is of no venue");
}

/// What scripts are for: all of this must have happened in some of them, or they prove little.
const MET: [&str; 15] = [
    "\"state\":\"filled\"",
    "\"state\":\"partially_filled\"",
    "\"state\":\"canceled\"",
    "\"state\":\"expired\"",
    "\"state\":\"rejected\"",
    "\"state\":\"replaced\"",
    "\"event\":\"held\"",
    "\"event\":\"released\"",
    "\"event\":\"triggered\"",
    "\"event\":\"amended\"",
    "\"code\":\"script\"",
    "\"code\":\"insufficient_buying_power\"",
    "\"channel\":\"rules\"",
    "idempotent-replayed: true",
    "tradepit-fault: later",
];

#[track_caller]
fn assert_lively<'a>(told: impl Iterator<Item = &'a Vec<String>> + Clone) {
    let times = |what: &str| told.clone().flatten().filter(|line| line.contains(what)).count();
    let never: Vec<&str> = MET.into_iter().filter(|what| times(what) == 0).collect();
    assert!(never.is_empty(), "never: {never:?}");
}

/// Scripts that are played beside a busy venue, unless told otherwise: a hundred take half a minute.
const SEEDS: u64 = 30;

fn on_two_workers() -> Venue {
    own_venue(|config| config.workers = NonZeroUsize::new(2))
}

#[tokio::test]
async fn a_script_makes_the_same_history_alone_and_beside_a_venue_under_full_load() {
    let seeds = std::env::var("TRADEPIT_SCRIPT_SEEDS").map_or(SEEDS, |text| text.parse().expect("a number"));
    let server = on_two_workers();
    let mut alone = BTreeMap::new();
    for seed in 0..seeds {
        alone.insert(seed, play(&server, seed, 60).await);
    }
    assert_lively(alone.values());
    let load = Load::on(&server).await;
    for (seed, alone) in &alone {
        assert_same(*seed, alone, &play(&server, *seed, 60).await);
    }
    let placed = load.stop();
    assert!(placed > 200 * alone.len(), "there was hardly any load: {placed} orders");
}

#[tokio::test]
async fn what_each_of_two_hundred_tests_finds_alone_it_finds_among_sixteen_at_a_time() {
    let server = on_two_workers();
    let mut alone = BTreeMap::new();
    for seed in 1_000..1_200 {
        alone.insert(seed, play(&server, seed, 25).await);
    }
    assert_lively(alone.values());
    let together = futures_util::stream::iter(alone.keys().map(async |seed| (*seed, play(&server, *seed, 25).await)));
    let together: BTreeMap<u64, Vec<String>> = together.buffer_unordered(16).collect().await;
    for (seed, alone) in &alone {
        assert_same(*seed, alone, &together[seed]);
    }
}
