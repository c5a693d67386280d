//! Which requests a fault befalls.

use serde_json::{Value, json};

use super::{matched, put, touched};
use crate::support::{Venue, own_venue};
use crate::venues::make;

/// Which of so many requests are answered with 503.
async fn struck(venue: &Venue, count: usize) -> Vec<usize> {
    let mut struck = Vec::new();
    for number in 1..=count {
        if venue.get("/orders").await.status == 503 {
            struck.push(number);
        }
    }
    struck
}

async fn choose(venue: &Venue, matches: Value) {
    put(venue, json!([{"match": matches, "do": {"status": 503}}])).await;
}

#[tokio::test]
async fn one_or_each_so_many_of_those_that_meet_the_rest() {
    let venue = own_venue(|_| {});
    choose(&venue, json!({"route": "GET /orders", "nth": 3})).await;
    assert_eq!(venue.get("/instruments?limit=1").await.status, 200, "it does not count");
    assert_eq!(struck(&venue, 6).await, [3]);
    choose(&venue, json!({"route": "GET /orders", "every": 2})).await;
    assert_eq!(struck(&venue, 6).await, [2, 4, 6]);
    put(&venue, json!([{"match": {"route": "GET /orders"}, "do": {"status": 503}, "times": 2}])).await;
    assert_eq!(struck(&venue, 6).await, [1, 2]);
    assert_eq!(matched(&venue).await, [2]);
    choose(&venue, json!({"route": "GET /orders"})).await;
    let head = venue.ask("HEAD", "/orders").send(venue.addr).await;
    assert_eq!((head.status, touched(&head)), (503, vec!["fault-1"]), "what asks for a head alone reads");
}

#[tokio::test]
async fn what_is_drawn_follows_from_the_seed_whatever_else_happens() {
    let server = own_venue(|_| {});
    let mut drawn = Vec::new();
    for (seed, disturbs) in [(5, false), (5, true), (6, false)] {
        let (venue, _) = make(&server, json!({"seed": seed})).await;
        choose(&venue, json!({"route": "GET /orders", "probability": 0.5})).await;
        if disturbs {
            venue.place("EURUSD", 1).await;
            venue.get("/instruments?limit=1").await;
        }
        drawn.push(struck(&venue, 40).await);
    }
    assert_eq!(drawn[0], drawn[1]);
    assert_ne!(drawn[0], drawn[2]);
    assert!((8..=32).contains(&drawn[0].len()), "{:?}", drawn[0]);
}

#[tokio::test]
async fn an_account_is_named_in_the_path_the_query_or_the_body() {
    let server = own_venue(|_| {});
    let (venue, _) = make(&server, json!({"accounts": [{"id": "alice"}, {"id": "bob"}]})).await;
    choose(&venue, json!({"account": "alice"})).await;
    let order = |account: &str| json!({"stoks": "EURUSD", "quantity": 1, "account": account}).to_string();
    for (method, path, body, status) in [
        ("GET", "/accounts/alice", String::new(), 503),
        ("GET", "/accounts/bob", String::new(), 200),
        ("GET", "/accounts/alice/positions", String::new(), 503),
        ("GET", "/orders?account=alice", String::new(), 503),
        ("GET", "/orders?account=bob", String::new(), 200),
        ("POST", "/orders", order("alice"), 503),
        ("POST", "/orders", order("bob"), 200),
        ("POST", "/orders", json!({"stoks": "EURUSD", "quantity": 1}).to_string(), 200),
        ("POST", "/orders", "{".to_owned(), 422),
    ] {
        let reply = venue.ask(method, path).body(&body).send(venue.addr).await;
        assert_eq!(reply.status, status, "{method} {path} {body}: {reply:?}");
    }
    choose(&venue, json!({"account": "default"})).await;
    assert_eq!(venue.get("/orders").await.status, 503, "whoever names none");
    assert_eq!(venue.get("/orders?account=bob").await.status, 200);
    let pieces = order("bob");
    let (first, second) = pieces.split_at(7);
    let chunked = format!("7\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n", second.len());
    let chunked = venue.ask("POST", "/orders").header("Transfer-Encoding", "chunked").body(chunked);
    assert_eq!(chunked.send(venue.addr).await.status, 200, "a body that comes in pieces is handed on whole");
    let large = venue.ask("POST", "/orders").body("x".repeat(70_000)).send(venue.addr).await;
    assert_eq!(large.status, 413);
}

#[tokio::test]
async fn a_fault_may_have_its_time_of_the_venues_clock() {
    let server = own_venue(|_| {});
    let (venue, _) = make(&server, json!({"clock": {"start": "2026-01-05T14:29:59Z"}})).await;
    choose(&venue, json!({"between": ["2026-01-05T14:30:00Z", "2026-01-05T14:35:00Z"]})).await;
    for (by, status) in [("1ms", 200), ("999ms", 503), ("299999ms", 503), ("1ms", 200)] {
        let advanced = venue.post("/clock/advance", &json!({"by": by}).to_string()).await.json();
        assert_eq!(venue.get("/orders").await.status, status, "at {}", advanced["now"]);
    }
}

#[tokio::test]
async fn a_route_is_a_pattern_with_its_method_or_without() {
    let venue = own_venue(|_| {});
    let order = venue.place("EURUSD", 1).await;
    let path = format!("/orders/{}", order["id"].as_str().expect("an id"));
    choose(&venue, json!({"route": "/orders/{id}"})).await;
    for (method, path, status) in
        [("GET", &*path, 503), ("DELETE", &path, 503), ("GET", "/orders", 200), ("GET", "/orders/nobody/", 503)]
    {
        assert_eq!(venue.ask(method, path).send(venue.addr).await.status, status, "{method} {path}");
    }
    choose(&venue, json!({"route": "DELETE /orders/{id}"})).await;
    assert_eq!(venue.get(&path).await.status, 200);
    assert_eq!(venue.delete(&path).await.status, 503);
    choose(&venue, json!({"route": "GET /book/{symbol}"})).await;
    assert_eq!(venue.get("/venues/main/book/BTC/USD").await.status, 503);
    assert_eq!(venue.get("/quotes/BTC/USD").await.status, 200);
}
