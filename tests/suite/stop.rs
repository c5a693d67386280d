//! How the server stops: what is under way ends well, and every WebSocket is closed with 1001 (contract, "WebSocket").

use std::time::Duration;

use futures_util::future::join_all;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tradepit_actors::DelayModel;

use crate::support::raw_ws::close;
use crate::support::{Line, RawSocket, Subscriber, Venue, as_text, clock, id_of, in_time, own_venue, seq_of};

/// Tells the venue to stop; over when it has, with the time that it took.
fn stop(venue: Venue) -> JoinHandle<Duration> {
    let started = clock();
    tokio::task::spawn_blocking(move || {
        venue.stop().expect("it stops in order");
        started.elapsed()
    })
}

async fn took(stopping: JoinHandle<Duration>) -> Duration {
    in_time("the stop", stopping).await.expect("the server does not panic")
}

#[tokio::test]
async fn stopping_closes_every_websocket_with_1001_after_what_it_was_still_to_be_told() {
    let venue = own_venue(|config| config.workers = std::num::NonZeroUsize::new(2));
    let mut line = Line::open(venue.addr).await;
    let long = id_of(&line.place_long("STOP-ALL").await);
    let queries = ["", "?format=json", "?stoks=STOP-ALL", &format!("?order_id={long}"), "?format=json&since=0"];
    let mut subscribers = Vec::new();
    for query in queries.iter().cycle().take(15) {
        subscribers.push(venue.subscribe(query).await);
    }
    assert_eq!(line.cancel(&long).await, 204);
    drop(line);
    let stopping = stop(venue);
    for subscriber in &mut subscribers {
        while as_text(&subscriber.text().await) != format!("{long} is CANCELLED") {}
        let frame = subscriber.close_frame().await.expect("a close frame with a code");
        assert_eq!(frame.code, CloseCode::Away);
    }
    drop(subscribers);
    assert!(took(stopping).await < Duration::from_secs(3));
}

#[tokio::test]
async fn a_websocket_ends_after_1001_whether_the_client_answers_or_not() {
    let venue = own_venue(|_| {});
    let mut answers = RawSocket::open(venue.addr, "").await;
    let mut silent = RawSocket::open(venue.addr, "").await;
    let stopping = stop(venue);
    assert_eq!(answers.close_code().await, Some(1001));
    answers.send(close(1001, "")).await;
    answers.end().await;
    assert_eq!(silent.close_code().await, Some(1001));
    silent.end().await;
    assert!(took(stopping).await < Duration::from_secs(5));
}

/// A POST whose handler has begun, and waits for the rest of its body.
struct HalfPosted {
    line: Line,
    rest: String,
}

async fn half_post(venue: &Venue) -> HalfPosted {
    let mut line = Line::open(venue.addr).await;
    let body = r#"{"stoks": "STOP-HALF", "quantity": 7}"#;
    let length = body.len();
    let head = "POST /orders HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n";
    line.send(format!("{head}Content-Length: {length}\r\n\r\n")).await;
    assert_eq!(line.reply().await.status, 100, "it asks for the body");
    let (begin, rest) = body.split_at(10);
    line.send(begin).await;
    HalfPosted { line, rest: rest.to_owned() }
}

#[tokio::test]
async fn requests_in_flight_are_finished_and_announced_before_1001() {
    let venue = own_venue(|_| {});
    let mut subscriber = venue.subscribe("?format=json").await;
    let mut halves = join_all((0..4).map(|_| half_post(&venue))).await;
    let stopping = stop(venue);
    let mut placed = Vec::new();
    for half in &mut halves {
        half.line.send(&half.rest).await;
        let reply = half.line.reply().await;
        assert_eq!(reply.status, 200, "{reply:?}");
        placed.push(reply.json());
    }
    for order in &placed {
        let told = subscriber.text_of(&id_of(order)).await;
        assert_eq!(seq_of(&told), order["seq"].as_u64().expect("a number"));
    }
    assert_eq!(subscriber.close_frame().await.expect("a close frame").code, CloseCode::Away);
    drop((halves, subscriber));
    assert!(took(stopping).await < Duration::from_secs(5));
}

#[tokio::test]
async fn a_random_sleep_on_a_route_does_not_hold_up_the_stop_and_its_request_is_answered() {
    let venue = own_venue(|config| config.route_delay = DelayModel::Fixed { us: 600_000_000 });
    let mut line = Line::open(venue.addr).await;
    line.send("POST /orders HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 29\r\n\r\n").await;
    assert_eq!(line.reply().await.status, 100);
    line.send(r#"{"stoks": "X", "quantity": 1}"#).await;
    let stopping = stop(venue);
    assert_eq!(line.reply().await.status, 200);
    drop(line);
    assert!(took(stopping).await < Duration::from_secs(5));
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_hold_up_the_stop() {
    let venue = own_venue(|_| {});
    let mut subscriber = venue.subscribe("").await;
    let half = half_post(&venue).await;
    let stopping = stop(venue);
    assert_eq!(subscriber.close_frame().await.expect("a close frame").code, CloseCode::Away);
    assert!(took(stopping).await < Duration::from_secs(8));
    drop(half);
}

#[tokio::test]
async fn a_jammed_client_does_not_hold_up_the_stop() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    let addr = venue.addr;
    let queries = ["", "?format=json", "?format=json&since=0"];
    let jammed = join_all(queries.iter().cycle().take(12).map(|query| RawSocket::open_narrow(addr, query))).await;
    // Their sockets are full, and something more waits for most of them; nobody was cut off.
    Line::open(addr).await.place_many("STOP-JAMMED-STOP-JAMMED", 900).await;
    let mut subscriber = venue.subscribe("").await;
    let stopping = stop(venue);
    assert_eq!(subscriber.close_frame().await.expect("a close frame").code, CloseCode::Away);
    assert!(took(stopping).await < Duration::from_secs(5));
    drop(jammed);
}

#[tokio::test]
async fn a_client_that_replays_is_closed_with_1001_as_well() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    let mut replay = RawSocket::open_narrow(venue.addr, "?format=json&since=0").await;
    Line::open(venue.addr).await.place_many("STOP-REPLAY", 1_500).await;
    let mut late = RawSocket::open_narrow(venue.addr, "?format=json&since=0").await;
    assert_eq!(seq_of(&late.text().await), 1);
    let stopping = stop(venue);
    assert_eq!(replay.close_code().await, Some(1001), "it was up to date");
    assert_eq!(late.close_code().await, Some(1001), "it was in the midst of the past");
    assert!(took(stopping).await < Duration::from_secs(5));
}

#[tokio::test]
async fn nothing_that_no_subscriber_can_be_told_is_done_after_1001() {
    // A client that stays keeps the server up for a moment after the WebSockets were closed.
    let venue = own_venue(|_| {});
    let mut subscriber = RawSocket::open(venue.addr, "").await;
    let mut lines = join_all((0..3).map(|_| Line::open(venue.addr))).await;
    for line in &mut lines {
        line.place("STOP-AFTER").await;
    }
    let stopping = stop(venue);
    assert_eq!(subscriber.close_code().await, Some(1001));
    for line in &mut lines {
        // The connection may have gone; what is answered must not tell of a change.
        let request = "POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 29\r\n\r\n";
        line.try_send(format!(r#"{request}{{"stoks": "X", "quantity": 1}}"#)).await;
        if let Some(reply) = line.try_reply().await {
            assert_eq!(reply.status, 503, "{reply:?}");
        }
    }
    drop((lines, subscriber));
    assert!(took(stopping).await < Duration::from_secs(5));
}

#[tokio::test]
async fn a_server_that_has_stopped_accepts_nobody() {
    let venue = own_venue(|_| {});
    let addr = venue.addr;
    drop(Subscriber::connect(addr, "").await);
    assert!(took(stop(venue)).await < Duration::from_secs(5));
    assert!(Subscriber::try_connect(addr, "").await.is_err());
}
