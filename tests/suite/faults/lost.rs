//! Connections that are cut without a byte of a reply: before anything was done, or after it was done and kept.

use serde_json::json;

use super::{matched, orders, post_named, put, touched};
use crate::support::folder::DataFolder;
use crate::support::rest::id;
use crate::support::{Line, Reply, Venue, own_venue};
use crate::venues::make;

/// Loses one request before it is done and one after; returns what is said of the second when it is asked again.
async fn lose(venue: &Venue) -> Reply {
    put(
        venue,
        json!([
            {"name": "before", "match": {"route": "POST /orders", "nth": 1}, "do": {"drop": "before"}},
            {"name": "after", "match": {"route": "POST /orders", "nth": 2}, "do": {"drop": "after"}},
        ]),
    )
    .await;
    assert_eq!(post_named(venue, "one").await, b"", "not a byte");
    assert_eq!(orders(venue).await, 0, "nothing was done");
    assert_eq!(post_named(venue, "one").await, b"", "not a byte");
    assert_eq!(matched(venue).await, [1, 1]);
    assert_eq!(orders(venue).await, 1, "it was done");
    Reply::parse(&post_named(venue, "one").await)
}

#[tokio::test]
async fn an_order_whose_reply_was_lost_is_there_and_its_key_finds_it() {
    let server = own_venue(|_| {});
    let (made, _) = make(&server, json!({"seed": 1})).await;
    for venue in [&server, &made] {
        let again = lose(venue).await;
        assert_eq!((again.status, again.header("idempotent-replayed"), touched(&again).len()), (200, Some("true"), 0));
        let listed = venue.get("/orders").await.json();
        assert_eq!(
            listed.as_object().map(|orders| orders.keys().cloned().collect()),
            Some(vec![id(&again.json()).to_owned()])
        );
    }
}

#[tokio::test]
async fn what_was_kept_before_its_reply_was_lost_outlives_a_kill() {
    let folder = DataFolder::new();
    let (process, addr) = folder.serve(&["--delay", "1h"]).await;
    let venue = Venue::of(addr);
    put(&venue, json!([{"match": {"route": "POST /orders"}, "do": {"drop": "after"}}])).await;
    assert_eq!(post_named(&venue, "kept").await, b"");
    process.killed().await;
    let (_process, addr) = folder.serve(&["--delay", "1h"]).await;
    let venue = Venue::of(addr);
    assert_eq!(venue.get("/faults").await.json(), json!([]), "they are in memory only");
    assert_eq!(orders(&venue).await, 1);
    let again = Reply::parse(&post_named(&venue, "kept").await);
    assert_eq!((again.status, again.header("idempotent-replayed")), (200, Some("true")));
    assert_eq!(orders(&venue).await, 1);
}

#[tokio::test]
async fn replies_before_one_that_is_lost_are_not() {
    let venue = own_venue(|_| {});
    put(&venue, json!([{"match": {"route": "POST /orders", "nth": 3}, "do": {"drop": "after"}}])).await;
    let mut line = Line::open(venue.addr).await;
    let first = [line.place("A").await, line.place("A").await];
    line.send(
        b"POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30\r\n\r\n{\"stoks\": \"A\", \"quantity\": 12}"
            .as_slice(),
    )
    .await;
    assert!(line.try_reply().await.is_none(), "the connection ends");
    let listed = venue.get("/orders").await.json();
    assert_eq!(listed.as_object().map(serde_json::Map::len), Some(3));
    assert!(first.iter().all(|order| listed[id(order)]["quantity"] == 7));
}

#[tokio::test]
async fn a_socket_may_be_refused_or_cut_as_it_opens() {
    let venue = own_venue(|_| {});
    put(
        &venue,
        json!([
            {"match": {"route": "GET /ws", "nth": 1}, "do": {"status": 503}},
            {"match": {"route": "GET /ws", "nth": 2}, "do": {"drop": "after"}},
        ]),
    )
    .await;
    for _ in 0..2 {
        assert!(crate::support::Subscriber::try_connect(venue.addr, "").await.is_err());
    }
    let mut subscriber = venue.subscribe("").await;
    let order = venue.place("EURUSD", 1).await;
    assert_eq!(subscriber.text().await, format!("{} is PENDING", id(&order)));
    crate::support::until("those that were cut are gone", async || {
        let told = venue.get("/venues/main").await.json();
        (told["counts"]["subscribers"] == 1).then_some(())
    })
    .await;
}
