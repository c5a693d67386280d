//! When an order executes, and what a cancel means (contract, "Execution").

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::time::Instant;
use tradepit_actors::DelayModel;
use tradepit_places::everywhere;

use crate::support::places::{now, wait, wait_until};
use crate::support::rest::{Kept, id, listed, micros, path, symbol};
use crate::support::{Request, Venue, own_venue, venue};

const SECOND: i64 = 1_000_000;

fn delay(order: &Value) -> i64 {
    micros(&order["due_at"]) - micros(&order["accepted_at"])
}

/// An order that is executed, rightly: not before its time.
#[track_caller]
fn assert_executed(order: &Value) {
    assert_eq!(order["status"], "EXECUTED", "{order}");
    assert!(micros(&order["closed_at"]) >= micros(&order["due_at"]), "early: {order}");
}

/// Places so many orders over one connection; with the moments before the request and after the reply.
async fn place_many(venue: &Venue, symbol: &str, count: usize) -> Vec<(Instant, Value, Instant)> {
    let mut connection = Kept::open(venue).await;
    let body = format!(r#"{{"stoks": "{symbol}", "quantity": 1}}"#);
    let mut placed = Vec::new();
    for _ in 0..count {
        let sent = now();
        let reply = connection.ask("POST", "/orders", &body).await;
        let told = now();
        assert_eq!(reply.status, 200, "{reply:?}");
        placed.push((sent, reply.json(), told));
    }
    placed
}

#[everywhere]
async fn the_delay_is_drawn_evenly_between_a_tenth_of_a_second_and_one_second() {
    let placed = place_many(venue(), &symbol(), 400).await;
    let mut delays: Vec<i64> = placed.iter().map(|(_, order, _)| delay(order)).collect();
    delays.sort_unstable();
    assert!(delays[0] >= SECOND / 10 && delays[399] <= SECOND, "{} to {}", delays[0], delays[399]);
    // With 400 draws each of these fails less than once in ten million runs of a server that draws evenly.
    for (share, expected) in [(0.25, 0.325), (0.5, 0.55), (0.75, 0.775)] {
        let found = delays[(400.0 * share) as usize] as f64 / SECOND as f64;
        assert!((found - expected).abs() < 0.13, "{share} of the delays are below {found} s");
    }
    assert!(delays[0] < SECOND * 15 / 100 && delays[399] > SECOND * 95 / 100, "{} to {}", delays[0], delays[399]);
}

#[everywhere]
async fn a_client_that_waits_exactly_one_second_after_the_reply_finds_the_order_executed() {
    let symbol = symbol();
    let check = async |(_, order, told): (Instant, Value, Instant)| {
        wait_until(told + Duration::from_secs(1)).await;
        let found = venue().get(&path(&order)).await.json();
        assert_executed(&found);
        assert!(found["seq"].as_u64() > order["seq"].as_u64(), "{found}");
    };
    let place_and_check = async || {
        let placed = place_many(venue(), &symbol, 50).await;
        join_all(placed.into_iter().map(check)).await;
    };
    join_all((0..6).map(|_| place_and_check())).await;
    let list = listed(&venue().get(&format!("/orders?stoks={symbol}")).await);
    assert_eq!(list.len(), 300);
    list.iter().for_each(|(_, order)| assert_executed(order));
}

#[tokio::test]
async fn one_second_is_enough_even_where_every_delay_is_the_longest() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::Fixed { us: 1_000_000 });
    let place_and_check = async || {
        for (_, order, told) in place_many(&venue, "A", 60).await {
            wait_until(told + Duration::from_secs(1)).await;
            assert_executed(&venue.get(&path(&order)).await.json());
        }
    };
    join_all((0..4).map(|_| place_and_check())).await;
}

#[everywhere]
async fn an_order_never_executes_early() {
    let watch = async || {
        let mut connection = Kept::open(venue()).await;
        let (sent, order, _) = place_many(venue(), &symbol(), 1).await.remove(0);
        let delay = Duration::from_micros(delay(&order).unsigned_abs());
        let mut polls = 0;
        loop {
            let found = connection.ask("GET", &path(&order), "").await.json();
            let waited = now() - sent;
            if found["status"] != "PENDING" {
                assert_executed(&found);
                assert!(waited >= delay && waited >= Duration::from_millis(100), "after {waited:?}: {found}");
                break;
            }
            assert_eq!(found, order, "it changed while it was pending");
            polls += 1;
            // Often enough to see an early one, seldom enough to leave the machine to others.
            wait(Duration::from_millis(2)).await;
        }
        assert!(polls > 0, "never seen pending");
        // Closed for good.
        let closed = connection.ask("GET", &path(&order), "").await.json();
        assert_executed(&closed);
    };
    join_all((0..20).map(|_| watch())).await;
}

#[tokio::test]
async fn no_order_is_seen_pending_past_its_time() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    let mut connection = Kept::open(venue.addr).await;
    for _ in 0..200 {
        let order = connection.ask("POST", "/orders", r#"{"stoks": "A", "quantity": 1}"#).await.json();
        assert_eq!(order["status"], "PENDING");
        assert_eq!(order["closed_at"], Value::Null);
        assert_executed(&connection.ask("GET", &path(&order), "").await.json());
    }
}

/// Places an order with these headers; its delay.
async fn delay_with(headers: &[(&str, &str)]) -> i64 {
    let request = Request::new("POST", "/orders").body(r#"{"stoks": "LONG", "quantity": 1}"#);
    let reply = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    let order = reply.send(venue()).await.json();
    assert_eq!(order["status"], "PENDING", "{headers:?}");
    delay(&order)
}

#[everywhere]
async fn a_header_makes_the_delay_five_seconds_unless_it_is_empty_false_or_0() {
    let long = [
        "1",
        "true",
        "True",
        "yes",
        "no",
        "off",
        "00",
        "0.0",
        "-0",
        "falsey",
        "f",
        "null",
        "undefined",
        "x y",
        "é",
        "\"",
    ];
    let usual = ["", " ", "\t", "false", "False", "FALSE", "fAlSe", "0", " 0 ", "  false\t"];
    for name in ["long_pending", "long-pending", "Long-Pending", "LONG_PENDING", "Long_pending"] {
        for value in long {
            assert_eq!(delay_with(&[(name, value)]).await, 5 * SECOND, "{name}: {value}");
        }
        for value in usual {
            let delay = delay_with(&[(name, value)]).await;
            assert!((SECOND / 10..=SECOND).contains(&delay), "{name}: {value}: {delay}");
        }
    }
    for name in ["longpending", "x-long-pending", "long_pending_", "long.pending"] {
        assert!(delay_with(&[(name, "1")]).await <= SECOND, "{name}");
    }
}

#[everywhere]
async fn where_both_headers_are_sent_either_suffices() {
    for (one, other, long) in [
        ("1", "1", true),
        ("1", "0", true),
        ("false", "yes", true),
        ("", "1", true),
        ("1", "", true),
        ("0", "false", false),
        ("", "", false),
        ("FALSE", "0", false),
    ] {
        for headers in
            [[("long_pending", one), ("long-pending", other)], [("long-pending", other), ("long_pending", one)]]
        {
            assert_eq!(delay_with(&headers).await == 5 * SECOND, long, "{headers:?}");
        }
    }
}

#[everywhere]
async fn long_pending_in_the_body_or_the_query_means_nothing() {
    let body = r#"{"stoks": "A", "quantity": 1, "long_pending": true, "long-pending": "1"}"#;
    let order = venue().post("/orders?long_pending=1", body).await.json();
    assert!(delay(&order) <= SECOND, "{order}");
}

#[everywhere]
async fn a_long_order_is_pending_for_five_seconds_and_then_executed() {
    let order = venue().place_long(&symbol(), 1).await;
    let told = now();
    let after = async |millis| {
        wait_until(told + Duration::from_millis(millis)).await;
        venue().get(&path(&order)).await.json()
    };
    assert_eq!(after(1_100).await["status"], "PENDING");
    assert_eq!(after(4_800).await["status"], "PENDING");
    assert_executed(&after(5_000).await);
}

#[everywhere]
async fn an_order_cancelled_while_pending_is_never_executed() {
    let mut connection = Kept::open(venue()).await;
    let mut cancelled = Vec::new();
    let body = format!(r#"{{"stoks": "{}", "quantity": 1}}"#, symbol());
    for _ in 0..100 {
        // Each at once, so that a busy machine leaves some of them pending.
        let order = connection.ask("POST", "/orders", &body).await.json();
        assert_eq!(connection.ask("DELETE", &path(&order), "").await.status, 204);
        let found = connection.ask("GET", &path(&order), "").await.json();
        if found["status"] == "CANCELLED" {
            assert!(micros(&found["closed_at"]) < micros(&found["due_at"]), "{found}");
            cancelled.push(found);
        }
    }
    assert!(cancelled.len() > 10, "hardly one was still pending");
    wait(Duration::from_millis(1_100)).await;
    for order in cancelled {
        assert_eq!(connection.ask("GET", &path(&order), "").await.json(), order);
    }
}

/// Places an order and cancels it about when it falls due; how it ended, as it was found after the 204.
async fn race(connection: &mut Kept) -> Value {
    let order = connection.ask("POST", "/orders", r#"{"stoks": "A", "quantity": 1}"#).await.json();
    assert_eq!(connection.ask("DELETE", &path(&order), "").await.status, 204);
    let ended = connection.ask("GET", &path(&order), "").await.json();
    assert_ne!(ended["status"], "PENDING", "after 204: {ended}");
    ended
}

/// Races until enough orders ended in either way: on a busy machine most of them execute first.
async fn races(venue: &Venue, enough: usize) -> Vec<Value> {
    let mut ended: Vec<Value> = Vec::new();
    let count = |ended: &[Value], status: &str| ended.iter().filter(|order| order["status"] == status).count();
    while ended.len() < enough || count(&ended, "CANCELLED") < 50 || count(&ended, "EXECUTED") < 50 {
        assert!(ended.len() < 20_000, "it always ends the same way");
        let races = (0..8).map(async |_| {
            let mut connection = Kept::open(venue.addr).await;
            let mut ended = Vec::new();
            for _ in 0..25 {
                ended.push(race(&mut connection).await);
            }
            ended
        });
        ended.extend(join_all(races).await.concat());
    }
    ended
}

fn venue_of_tiny_delays() -> Venue {
    own_venue(|config| {
        config.venue.delay = DelayModel::Uniform { min_us: 0, max_us: 2_000 };
        config.workers = std::num::NonZeroUsize::new(2);
    })
}

/// `due_at` is the time at which the order will execute: a cancel that comes later comes too late.
#[tokio::test]
async fn no_order_is_cancelled_at_or_after_its_time() {
    for ended in races(&venue_of_tiny_delays(), 2_000).await {
        let (closed_at, due_at) = (micros(&ended["closed_at"]), micros(&ended["due_at"]));
        assert_eq!(closed_at >= due_at, ended["status"] == "EXECUTED", "{ended}");
    }
}

#[tokio::test]
async fn an_order_is_executed_or_cancelled_but_never_both() {
    let venue = venue_of_tiny_delays();
    let ended = races(&venue, 400).await;
    // Drawn from the past: nobody read while they raced.
    let mut feed = venue.subscribe("?format=json&since=0").await;
    let mut ends: std::collections::HashMap<String, Vec<Value>> = std::collections::HashMap::new();
    for seq in 1..=2 * ended.len() {
        let change = feed.json().await;
        assert_eq!(change["seq"], seq);
        ends.entry(id(&change).to_owned()).or_default().push(change["status"].clone());
    }
    for order in ended {
        let told = ends.remove(id(&order)).unwrap_or_default();
        assert_eq!(told, [Value::from("PENDING"), order["status"].clone()], "{order}");
        assert_eq!(venue.get(&path(&order)).await.json(), order, "it changed afterwards");
    }
    assert!(ends.is_empty());
}

#[tokio::test]
async fn two_cancels_at_once_are_both_204_and_cancel_once() {
    let venue = own_venue(|config| config.workers = std::num::NonZeroUsize::new(2));
    let (mut one, mut other) = (Kept::open(venue.addr).await, Kept::open(venue.addr).await);
    for round in 0..100 {
        let order = venue.place_long("A", 1).await;
        assert_eq!(order["seq"], 2 * round + 1);
        let path = path(&order);
        let (first, second) = tokio::join!(one.ask("DELETE", &path, ""), other.ask("DELETE", &path, ""));
        assert_eq!((first.status, second.status), (204, 204));
        let found = venue.get(&path).await.json();
        assert_eq!((&found["status"], found["seq"].as_u64()), (&"CANCELLED".into(), Some(2 * round + 2)));
    }
}

#[tokio::test]
async fn times_are_utc_and_now() {
    #[expect(clippy::disallowed_methods, reason = "a client looks at the time of day")]
    let wall = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |time| time.as_micros());
    let venue = own_venue(|_| {});
    let before = wall() as i64;
    let order = venue.place_long("A", 1).await;
    let after = wall() as i64;
    let accepted_at = micros(&order["accepted_at"]);
    // The server keeps a clock of its own that no step of the machine's moves: a second is allowed for that.
    assert!((before - SECOND..=after + SECOND).contains(&accepted_at), "{before} {accepted_at} {after}");
}
