//! What a fault makes of a stream: frames that come late, twice, in another order or never; sockets that end or fall
//! silent.

use std::time::Duration;

use serde_json::{Value, json};

use super::{matched, put};
use crate::support::raw_ws::{CLOSE, FIN, PING, PONG, RawSocket, frame};
use crate::support::{Subscriber, Venue, clock, own_venue};
use crate::venues::make;

/// A venue in which nothing happens by itself.
fn quiet() -> Venue {
    own_venue(|config| config.venue.delay = tradepit_actors::DelayModel::Fixed { us: 3_600_000_000 })
}

/// Places so many orders, each of which is one frame.
async fn happen(venue: &Venue, count: u64) {
    for quantity in 1..=count {
        venue.place("EURUSD", quantity).await;
    }
}

/// Which frames come, by their numbers.
async fn told(subscriber: &mut Subscriber, count: usize) -> Vec<u64> {
    let mut told = Vec::new();
    for _ in 0..count {
        told.push(subscriber.json().await["seq"].as_u64().expect("a number"));
    }
    told
}

#[tokio::test]
async fn frames_are_skipped_and_doubled_by_socket() {
    let venue = quiet();
    put(
        &venue,
        json!([
            {"match": {"stream": "orders", "nth": 2}, "do": {"skip": true}},
            {"match": {"stream": "orders", "every": 3}, "do": {"duplicate": true}},
        ]),
    )
    .await;
    let (mut one, mut other) = (venue.subscribe("?format=json").await, venue.subscribe("?format=json").await);
    happen(&venue, 7).await;
    for subscriber in [&mut one, &mut other] {
        assert_eq!(told(subscriber, 8).await, [1, 3, 3, 4, 5, 6, 6, 7]);
    }
    assert_eq!(matched(&venue).await, [2, 4], "of both");
    let mut text = venue.subscribe("").await;
    happen(&venue, 3).await;
    let texts = [text.text().await, text.text().await, text.text().await];
    assert_ne!(texts[0], texts[1], "the second was skipped");
    assert_eq!(texts[1], texts[2], "a socket of its own counts from one");
}

#[tokio::test]
async fn frames_come_late_and_in_order() {
    let venue = quiet();
    let mut subscriber = venue.subscribe("?format=json").await;
    put(&venue, json!([{"match": {"stream": "orders", "nth": 2}, "do": {"delay": "400ms"}}])).await;
    let begun = clock();
    happen(&venue, 4).await;
    assert_eq!(told(&mut subscriber, 1).await, [1]);
    assert_eq!(told(&mut subscriber, 3).await, [2, 3, 4]);
    assert!(begun.elapsed() >= Duration::from_millis(400), "{:?}", begun.elapsed());
    put(&venue, json!([{"match": {"stream": "orders"}, "do": {"delay": "400ms"}}])).await;
    let begun = clock();
    happen(&venue, 20).await;
    assert_eq!(told(&mut subscriber, 20).await, (5..=24).collect::<Vec<u64>>());
    let took = begun.elapsed();
    assert!(took >= Duration::from_millis(400), "{took:?}");
    assert!(took < Duration::from_secs(5), "each is late by so much, not one after the other: {took:?}");
}

#[tokio::test]
async fn frames_are_passed_by_some_that_follow_and_none_is_lost() {
    let server = quiet();
    let mut orders = Vec::new();
    for _ in 0..2 {
        let faults = json!([{"match": {"stream": "orders", "probability": 0.5}, "do": {"reorder": 3}}]);
        let (venue, _) = make(&server, json!({"seed": 9, "clock": "frozen", "delay": "1h", "faults": faults})).await;
        let mut subscriber = venue.subscribe("?format=json").await;
        happen(&venue, 60).await;
        // The last ones wait for others, and then no longer.
        orders.push(told(&mut subscriber, 60).await);
    }
    assert_eq!(orders[0], orders[1], "as the seed says");
    assert_ne!(orders[0], (1..=60).collect::<Vec<u64>>());
    let mut sorted = orders[0].clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (1..=60).collect::<Vec<u64>>(), "each once");
    for (at, &number) in orders[0].iter().enumerate() {
        let ahead = orders[0][..at].iter().filter(|&&earlier| earlier > number).count();
        assert!(ahead <= 3, "{ahead} came before {number}: {:?}", orders[0]);
    }
}

#[tokio::test]
async fn a_socket_ends_with_a_close_frame_or_without() {
    let venue = quiet();
    put(&venue, json!([{"match": {"stream": "orders", "nth": 3}, "do": {"close": 1011}}])).await;
    let mut subscriber = venue.subscribe("?format=json").await;
    happen(&venue, 5).await;
    assert_eq!(told(&mut subscriber, 2).await, [1, 2], "what came before is told");
    let closed = subscriber.close_frame().await.expect("a close frame");
    assert_eq!(u16::from(closed.code), 1011);
    put(&venue, json!([{"match": {"stream": "orders", "nth": 3}, "do": {"drop": true}}])).await;
    let mut socket = RawSocket::open(venue.addr, "?format=json").await;
    happen(&venue, 5).await;
    for _ in 0..2 {
        assert!(socket.frame().await.is_some_and(|frame| frame.is_text()));
    }
    let rest = socket.frame().await;
    assert_eq!(rest, None, "it ends without a word");
    let mut again = venue.subscribe("?format=json&since=7").await;
    assert_eq!(told(&mut again, 2).await, [8, 9], "a replay is a stream like any other");
    assert_eq!(again.close_frame().await, None);
}

#[tokio::test]
async fn a_stalled_socket_is_open_and_silent_and_then_goes_on() {
    let venue = quiet();
    put(&venue, json!([{"match": {"stream": "orders", "nth": 2}, "do": {"stall": "700ms"}}])).await;
    let mut socket = RawSocket::open(venue.addr, "?format=json").await;
    happen(&venue, 1).await;
    assert!(socket.frame().await.is_some_and(|frame| frame.is_text()));
    socket.send(frame(FIN | PING, "before")).await;
    assert_eq!(socket.pong().await, b"before");
    let begun = clock();
    happen(&venue, 3).await;
    super::super::support::until("it is stalled", async || (matched(&venue).await == [1]).then_some(())).await;
    socket.send(frame(FIN | PING, "within")).await;
    let next = socket.frame().await.expect("the connection stands");
    assert!(begun.elapsed() >= Duration::from_millis(690), "silent: {:?}", begun.elapsed());
    assert!(next.is_text(), "no pong: {next:?}");
    let seqs = [next, socket.frame().await.expect("one more"), socket.frame().await.expect("one more")];
    let seqs = seqs.map(|frame| serde_json::from_str::<Value>(frame.text()).expect("JSON")["seq"].clone());
    assert_eq!(seqs, [json!(2), json!(3), json!(4)], "nothing is lost");
    socket.send(frame(FIN | PING, "after")).await;
    let pong = socket.frame().await.expect("the connection stands");
    assert_eq!((pong.first, &*pong.payload), (FIN | PONG, &b"after"[..]));
}

#[tokio::test]
async fn a_list_that_is_put_holds_for_open_sockets_and_lifts_what_those_before_hold() {
    let venue = quiet();
    let mut subscriber = venue.subscribe("?format=json").await;
    put(&venue, json!([{"match": {"stream": "orders", "nth": 1}, "do": {"stall": "1h"}}])).await;
    happen(&venue, 3).await;
    crate::support::until("it is stalled", async || (matched(&venue).await == [1]).then_some(())).await;
    put(&venue, json!([{"match": {"stream": "orders", "nth": 2}, "do": {"delay": "1h"}}])).await;
    assert_eq!(told(&mut subscriber, 1).await, [1]);
    put(&venue, json!([{"match": {"stream": "orders"}, "do": {"reorder": 100}}])).await;
    assert_eq!(told(&mut subscriber, 2).await, [2, 3], "what was held back comes, in order");
    happen(&venue, 2).await;
    put(&venue, json!([])).await;
    assert_eq!(told(&mut subscriber, 2).await, [4, 5]);
}

#[tokio::test]
async fn a_stalled_socket_closes_with_its_venue() {
    let server = quiet();
    let faults = json!([{"match": {"stream": "orders", "nth": 1}, "do": {"stall": "1h"}}]);
    let (venue, _) = make(&server, json!({"name": "s", "faults": faults})).await;
    let mut subscriber = venue.subscribe("?format=json").await;
    happen(&venue, 2).await;
    crate::support::until("it is stalled", async || (matched(&venue).await == [1]).then_some(())).await;
    assert_eq!(server.delete("/venues/s").await.status, 204);
    assert_eq!(told(&mut subscriber, 2).await, [1, 2]);
    let closed = subscriber.close_frame().await.expect("a close frame");
    assert_eq!(u16::from(closed.code), 1001);
}

#[tokio::test]
async fn a_client_that_closes_a_stalled_socket_is_answered() {
    let venue = quiet();
    put(&venue, json!([{"match": {"stream": "orders", "nth": 1}, "do": {"stall": "1h"}}])).await;
    let mut socket = RawSocket::open(venue.addr, "").await;
    happen(&venue, 1).await;
    crate::support::until("it is stalled", async || (matched(&venue).await == [1]).then_some(())).await;
    socket.send(crate::support::raw_ws::close(1000, "")).await;
    let answer = socket.frame().await.expect("an answer");
    assert_eq!((answer.first, answer.close_code()), (FIN | CLOSE, 1000));
}

#[tokio::test]
async fn what_gathers_behind_a_stall_is_bounded_as_ever() {
    let venue = quiet();
    put(&venue, json!([{"match": {"stream": "orders", "nth": 1}, "do": {"stall": "1h"}}])).await;
    let mut socket = RawSocket::open(venue.addr, "?format=json").await;
    let mut line = crate::support::Line::open(venue.addr).await;
    for _ in 0..8 {
        // Each is some 200 bytes of JSON.
        line.place_many("EURUSD", 1_000).await;
    }
    assert_eq!(socket.close_code().await, Some(1013), "cut off as one that reads too slowly");
}

#[tokio::test]
async fn a_channel_is_a_stream_of_its_own() {
    let server = quiet();
    let (venue, _) = make(&server, json!({"delay": "none", "accounts": [{"id": "alice"}]})).await;
    put(
        &venue,
        json!([
            {"match": {"stream": "accounts"}, "do": {"skip": true}},
            {"match": {"stream": "trades", "account": "alice"}, "do": {"duplicate": true}},
            {"match": {"stream": "book"}, "do": {"skip": true}},
        ]),
    )
    .await;
    let query = "?format=json&channels=orders,accounts,trades,book&symbols=EURUSD";
    let (mut all, mut alice) = (venue.subscribe(query).await, venue.subscribe(&format!("{query}&account=alice")).await);
    assert_eq!(venue.post("/accounts", r#"{"id": "bob"}"#).await.status, 201);
    let order =
        json!({"stoks": "EURUSD", "qty": 1, "side": "buy", "type": "limit", "limit_price": "9", "account": "alice"});
    assert_eq!(venue.post("/orders", &order.to_string()).await.status, 200);
    // The trade comes after the changes of the order that took part in it.
    for (subscriber, trades) in [(&mut all, 1), (&mut alice, 2)] {
        let (mut channels, mut seen) = (Vec::new(), 0);
        while seen < trades {
            let told = subscriber.json().await;
            let channel = told["channel"].as_str().expect("a channel").to_owned();
            seen += usize::from(channel == "trades");
            channels.push(channel);
        }
        assert!(!channels.contains(&"accounts".to_owned()) && !channels.contains(&"book".to_owned()), "{channels:?}");
        assert!(channels.contains(&"orders".to_owned()), "{channels:?}");
    }
    let matched = matched(&venue).await;
    assert_eq!(matched[1], 1, "one frame was doubled");
    assert!(matched[0] >= 1 && matched[2] >= 2, "{matched:?}");
}
