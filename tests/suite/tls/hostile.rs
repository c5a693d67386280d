//! What is no handshake, and handshakes that come to nothing: told where anybody would read it, counted, and cut off.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::support::rest::assert_some_detail;
use crate::support::{Dice, clock, in_time, pause, send_raw};

const MALFORMED: &str = r#"tradepit_broken_requests_total{reason="malformed"}"#;
const HANDSHAKE: &str = r#"tradepit_broken_requests_total{reason="handshake"}"#;
const LATE: &str = r#"tradepit_broken_requests_total{reason="late"}"#;

/// A handshake's beginning: a record of 512 bytes, of which few come.
const BEGUN: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";

#[tokio::test]
async fn plain_http_is_400_and_says_what_to_write_instead() {
    let secure = Secure::start();
    let asked = ["GET /orders HTTP/1.1\r\nHost: localhost\r\n\r\n", "POST /orders HTTP/1.1\r\n", "hello", "\r\n", "\0"];
    for (count, bytes) in asked.into_iter().enumerate() {
        let reply = send_raw(secure.venue.addr, bytes.as_bytes()).await;
        assert_some_detail(&reply, 400);
        assert!(reply.body.contains("https://") && reply.header("connection") == Some("close"), "{reply:?}");
        assert_eq!(secure.figure(MALFORMED).await, 1 + count as u64);
    }
    let reply = Request::new("POST", "/orders").body(vec![b' '; 300_000]).send(secure.venue.addr).await;
    assert_some_detail(&reply, 400);
}

#[tokio::test]
async fn garbage_within_tls_ends_that_connection_alone() {
    let secure = Secure::start();
    let mut dice = Dice::seeded(15);
    for _ in 0..200 {
        let length = 1 + dice.below(300_usize);
        let garbage: Vec<u8> = [22].into_iter().chain((0..length).map(|_| dice.number() as u8)).collect();
        let mut stream = TcpStream::connect(secure.venue.addr).await.expect("it accepts");
        stream.write_all(&garbage).await.expect("it reads");
        stream.shutdown().await.expect("it is open");
        let mut answer = Vec::new();
        // It may be reset.
        let _ = in_time("the end", stream.read_to_end(&mut answer)).await;
        assert!(answer.is_empty() || answer[0] == 21, "an alert, if anything: {answer:?}");
    }
    assert_eq!(secure.figure(HANDSHAKE).await, 200);
    secure.assert_lives().await;
}

#[tokio::test]
async fn a_client_that_does_not_trust_the_server_is_counted_and_nothing_else() {
    let secure = Secure::start();
    let other = Authority::new("Another");
    let client = client(&other.pem, &VERSIONS, None);
    assert!(ask(&client, secure.venue.addr, Request::new("GET", "/health")).await.is_err());
    assert_eq!(secure.figure(HANDSHAKE).await, 1);
}

/// What comes after so much silence, if anything.
async fn end_of(secure: &Secure, begun: &[u8], again: Option<&[u8]>) -> (Vec<u8>, Duration) {
    let started = clock();
    let mut stream = TcpStream::connect(secure.venue.addr).await.expect("it accepts");
    let (mut reader, mut writer) = stream.split();
    writer.write_all(begun).await.expect("it reads");
    let write = async {
        let Some(again) = again else { return std::future::pending().await };
        while writer.write_all(again).await.is_ok() {
            pause(Duration::from_millis(500)).await;
        }
        std::future::pending::<()>().await;
    };
    let mut answer = Vec::new();
    tokio::select! {
        () = write => {}
        _ = in_time("the end", reader.read_to_end(&mut answer)) => {}
    }
    (answer, started.elapsed())
}

/// One test, so that the ten seconds pass once for all of them.
#[tokio::test]
async fn a_handshake_that_does_not_end_in_ten_seconds_is_cut_off() {
    let secure = Secure::start();
    let cases: [(&[u8], Option<&[u8]>); 3] = [(b"", None), (BEGUN, None), (BEGUN, Some(b"\0"))];
    let ends = join_all(cases.map(|(begun, again)| end_of(&secure, begun, again))).await;
    for (case, (answer, passed)) in ends.into_iter().enumerate() {
        assert_eq!(answer, b"", "{case}");
        assert!((9_900..13_500).contains(&passed.as_millis()), "{case}: after {passed:?}");
    }
    // Who said nothing has broken nothing.
    assert_eq!(secure.figure(LATE).await, 2);
    secure.assert_lives().await;
}

#[tokio::test]
async fn who_ends_the_connection_and_not_tls_is_answered_all_the_same() {
    let secure = Secure::start();
    let mut stream = connect(&secure.client(), secure.venue.addr).await.expect("a handshake");
    stream.write_all(&Request::new("GET", "/health").bytes()).await.expect("it reads");
    stream.flush().await.expect("it reads");
    stream.get_mut().0.shutdown().await.expect("it is open");
    let mut answer = Vec::new();
    in_time("a reply", stream.read_to_end(&mut answer)).await.expect("a reply");
    assert_eq!(Reply::parse(&answer).status, 200);
}
