//! What a fault makes of a reply: another answer, a late one, half of one, or none.

use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

use super::{matched, orders, put, touched};
use crate::support::rest::assert_overloaded;
use crate::support::{clock, in_time, own_venue, until};
use crate::venues::make;

const ORDER: &str = r#"{"stoks": "EURUSD", "quantity": 1}"#;

#[tokio::test]
async fn a_request_is_answered_as_the_fault_says_and_nothing_is_done() {
    let venue = own_venue(|_| {});
    put(
        &venue,
        json!([
            {"name": "down", "match": {"route": "POST /orders", "nth": 1},
                "do": {"status": 503, "body": {"detail": "Down"}, "headers": {"Retry-After": "7", "X-Why": "test"}}},
            {"match": {"route": "POST /orders", "nth": 2}, "do": {"status": 418, "body": "a teapot"}},
            {"match": {"route": "POST /orders", "nth": 3}, "do": {"status": 502}},
            {"match": {"route": "POST /orders", "nth": 4}, "do": {"status": 204}},
        ]),
    )
    .await;
    let down = venue.post("/orders", ORDER).await;
    assert_eq!((down.status, &*down.body), (503, r#"{"detail":"Down"}"#), "as it was spelled");
    assert_eq!(down.header("content-type"), Some("application/json"));
    assert_eq!((down.header("retry-after"), down.header("x-why")), (Some("7"), Some("test")));
    assert_eq!(touched(&down), ["down"]);
    let teapot = venue.post("/orders", ORDER).await;
    assert_eq!((teapot.status, &*teapot.body), (418, "a teapot"));
    assert_eq!(teapot.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(touched(&teapot), ["fault-2"], "named by its place");
    let plain = venue.post("/orders", ORDER).await;
    assert_eq!((plain.status, plain.json()), (502, json!({"detail": "Bad Gateway"})));
    let none = venue.post("/orders", ORDER).await;
    assert_eq!((none.status, &*none.body), (204, ""));
    assert_eq!(orders(&venue).await, 0, "nothing was done");
    let order = venue.post("/orders", ORDER).await;
    assert_eq!((order.status, touched(&order).len()), (200, 0));
    assert_eq!(matched(&venue).await, [1, 1, 1, 1]);
}

#[tokio::test]
async fn a_delay_holds_up_its_request_and_no_other() {
    let server = own_venue(|_| {});
    let (other, _) = make(&server, json!({})).await;
    put(
        &server,
        json!([
            {"name": "slow", "match": {"route": "GET /orders"}, "do": {"delay": "200ms..300ms"}},
            {"match": {"route": "POST /orders", "nth": 1}, "do": {"delay": "1h"}},
        ]),
    )
    .await;
    let begun = clock();
    let slow = server.get("/orders").await;
    assert_eq!((slow.status, touched(&slow)), (200, vec!["slow"]));
    assert!(begun.elapsed() >= Duration::from_millis(200), "{:?}", begun.elapsed());
    let addr = server.addr;
    let waiting = tokio::spawn(server.ask("POST", "/orders").body(ORDER).send(addr));
    until("it waits", async || (matched(&server).await[1] == 1).then_some(())).await;
    // While it waits for an hour:
    assert_eq!(server.post("/orders", ORDER).await.status, 200);
    assert_eq!(other.post("/orders", ORDER).await.status, 200);
    assert_eq!(orders(&server).await, 1);
    // Who puts another list lets it go on.
    put(&server, json!([{"name": "again", "match": {"route": "POST /orders"}, "do": {"delay": "1h"}}])).await;
    let reply = waiting.await.expect("it is answered");
    assert_eq!((reply.status, touched(&reply)), (200, vec!["fault-2"]));
    let waiting = tokio::spawn(server.ask("POST", "/orders").body(ORDER).send(addr));
    until("it waits", async || (matched(&server).await == [1]).then_some(())).await;
    // Who stops the server does not wait for it either.
    server.stop().expect("it ends well");
    let reply = waiting.await.expect("it is answered");
    assert_eq!((reply.status, touched(&reply)), (200, vec!["again"]));
}

#[tokio::test]
async fn so_many_requests_of_a_venue_may_wait_and_one_more_is_told_so() {
    let server = own_venue(|_| {});
    let (other, _) = make(&server, json!({})).await;
    put(&server, json!([{"match": {"route": "GET /orders"}, "do": {"delay": "1h"}}])).await;
    let mut asked = JoinSet::new();
    for _ in 0..=500 {
        asked.spawn(server.ask("GET", "/orders").send(server.addr));
    }
    let refused = in_time("one is refused", asked.join_next()).await.expect("it was asked").expect("it ends");
    assert_overloaded(&refused);
    assert_eq!(other.get("/orders").await.status, 200);
    until("the others wait", async || (matched(&server).await == [501]).then_some(())).await;
    put(&server, json!([])).await;
    assert!(asked.join_all().await.iter().all(|reply| reply.status == 200));
}

#[tokio::test]
async fn a_reply_that_is_cut_short_tells_its_whole_length_and_ends_with_the_connection() {
    let venue = own_venue(|_| {});
    let order = venue.place("EURUSD", 1).await;
    let path = format!("/orders/{}", order["id"].as_str().expect("an id"));
    let whole = venue.get(&path).await;
    for bytes in [0, 20, whole.body.len() - 1] {
        put(&venue, json!([{"match": {"route": "GET /orders/{id}"}, "do": {"truncate": bytes}}])).await;
        let cut = venue.get(&path).await;
        assert_eq!((cut.status, touched(&cut)), (200, vec!["fault-1"]));
        let length = cut.header("content-length").and_then(|length| length.parse().ok());
        assert!(length.is_some_and(|length: usize| length >= whole.body.len()), "{cut:?}");
        assert_eq!(cut.body.len(), bytes, "{cut:?}");
    }
    put(&venue, json!([{"match": {}, "do": {"truncate": 100_000}}])).await;
    let untouched = venue.get(&path).await;
    assert_eq!(untouched.json()["id"], order["id"], "it is shorter than that");
    assert_eq!(touched(&untouched).len(), 0);
    let head = venue.ask("HEAD", &path).send(venue.addr).await;
    assert_eq!((head.status, &*head.body), (200, ""));
}

#[tokio::test]
async fn no_more_than_so_many_come_through_for_each_account() {
    let server = own_venue(|_| {});
    let (venue, _) = make(&server, json!({"accounts": [{"id": "alice"}, {"id": "bob"}]})).await;
    put(&venue, json!([{"name": "limit", "match": {"route": "POST /orders"}, "do": {"rate_limit": "3/h"}}])).await;
    let order = |account: Option<&str>| {
        let mut body = json!({"stoks": "EURUSD", "qty": 1, "side": "buy", "type": "market"});
        if let Some(account) = account {
            body["account"] = json!(account);
        }
        let body = body.to_string();
        let venue = &venue;
        async move { venue.post("/orders", &body).await }
    };
    for account in [Some("alice"), None, Some("bob")] {
        for _ in 0..3 {
            let reply = order(account).await;
            assert_eq!((reply.status, touched(&reply).len()), (200, 0), "a burst of as many: {reply:?}");
        }
        let refused = order(account).await;
        assert_eq!((refused.status, touched(&refused)), (429, vec!["limit"]));
        let again_in: u64 = refused.header("retry-after").and_then(|text| text.parse().ok()).expect("seconds");
        assert!((1_190..=1_200).contains(&again_in), "{again_in}");
        assert!(refused.json()["detail"].is_string());
    }
    assert_eq!(order(Some("nobody")).await.status, 429, "it has no account's room: that of default");
    assert_eq!(orders(&venue).await, 9);
    assert_eq!(venue.get("/orders").await.status, 200);
}

#[tokio::test]
async fn all_that_match_apply_in_order() {
    let venue = own_venue(|_| {});
    put(
        &venue,
        json!([
            {"name": "first", "match": {"route": "/orders"}, "do": {"delay": "120ms"}},
            {"name": "second", "match": {"route": "POST /orders"}, "do": {"status": 500, "body": "0123456789"}},
            {"name": "third", "match": {}, "do": {"delay": "120ms"}},
            {"name": "fourth", "match": {}, "do": {"status": 501}},
            {"name": "fifth", "match": {}, "do": {"truncate": 4}},
        ]),
    )
    .await;
    let begun = clock();
    let reply = venue.post("/orders", ORDER).await;
    assert!(begun.elapsed() >= Duration::from_millis(240), "delays add up: {:?}", begun.elapsed());
    assert_eq!((reply.status, &*reply.body), (500, "0123"), "the first that answers");
    assert_eq!(touched(&reply), ["first", "second", "third", "fifth"]);
    assert_eq!(matched(&venue).await, [1; 5], "the fourth came too late to touch it");
}

#[tokio::test]
async fn controls_and_what_is_the_processs_own_are_never_touched() {
    let venue = own_venue(|_| {});
    let order = venue.place("EURUSD", 1).await;
    put(&venue, json!([{"match": {}, "do": {"status": 503}}])).await;
    for path in [
        "/faults",
        "/clock",
        "/calendar",
        "/venues",
        "/venues/main",
        "/health",
        "/ready",
        "/metrics",
        "/openapi.json",
        "/docs",
        "/",
    ] {
        let reply = venue.get(path).await;
        assert!(reply.status < 400 && touched(&reply).is_empty(), "{path}: {reply:?}");
    }
    for path in ["/orders", "/orders/", "/instruments", "/accounts", "/rejects", "/venues/main/quotes"] {
        assert_eq!(venue.get(path).await.status, 503, "{path}");
    }
    assert_eq!(venue.get("/nowhere").await.status, 404);
    put(&venue, json!([])).await;
    assert_eq!(venue.get("/orders").await.json()[order["id"].as_str().expect("an id")]["quantity"], 1);
}
