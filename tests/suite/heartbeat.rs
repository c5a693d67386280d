//! Pings, and clients that fall silent (contract, "WebSocket"). These tests are about time and take some.

use std::time::Duration;

use crate::support::raw_ws::{BINARY, FIN, PING, PONG, TEXT, frame, header};
use crate::support::{RawSocket, clock, pause, server};

/// A filter that nothing passes: whoever subscribes so is told nothing but the heartbeat.
const QUIET: &str = "?stoks=HEARTBEAT-NONE";
/// How much later than said something may come: the server looks once a second, and this machine may be busy.
const LATE: f64 = 3.0;

#[tokio::test]
async fn the_server_pings_every_15_s_and_drops_a_client_that_is_silent_for_40_s() {
    let started = clock();
    let mut socket = RawSocket::open(server().addr, QUIET).await;
    let mut pings = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(60), async {
        while let Some(frame) = socket.frame_at_last().await {
            if frame.first == FIN | PING {
                pings.push(started.elapsed().as_secs_f64());
            }
        }
        started.elapsed().as_secs_f64()
    });
    let ended = ended.await.expect("a silent client is dropped");
    assert_eq!(pings.len(), 2, "{pings:?}");
    assert!((14.5..15.0 + LATE).contains(&pings[0]) && (29.5..30.0 + LATE).contains(&pings[1]), "{pings:?}");
    assert!((39.5..40.0 + LATE).contains(&ended), "dropped after {ended} s");
}

/// Stays for 44 s, does something every ten seconds, and is still there.
async fn stays(name: &str, bytes: &[u8]) {
    let mut socket = RawSocket::open(server().addr, QUIET).await;
    for _ in 0..4 {
        pause(Duration::from_secs(11)).await;
        socket.send(bytes).await;
    }
    // It reads all the time's frames now: pings, and pongs if it pinged.
    socket.send(frame(FIN | PING, "still there")).await;
    while socket.pong().await != b"still there" {}
    assert_eq!(socket.frame_by_now().await, None, "{name}");
}

#[tokio::test]
async fn a_client_that_sends_anything_is_not_dropped() {
    let message = frame(FIN | TEXT, "hello");
    let (pong, ping) = (frame(FIN | PONG, ""), frame(FIN | PING, ""));
    tokio::join!(stays("pongs", &pong), stays("pings", &ping), stays("texts", &message));
}

#[tokio::test]
async fn bytes_of_a_message_that_never_ends_are_something_too() {
    let mut socket = RawSocket::open(server().addr, QUIET).await;
    socket.send(header(FIN | BINARY, 1000)).await;
    for _ in 0..4 {
        pause(Duration::from_secs(11)).await;
        socket.send("x").await;
    }
    let mut pings = 0;
    while let Some(frame) = socket.frame_by_now().await {
        assert_eq!(frame.first, FIN | PING);
        pings += 1;
    }
    assert_eq!(pings, 2, "and the connection stands");
}
