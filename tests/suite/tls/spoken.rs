//! What works over it: all that works without.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::rustls::ProtocolVersion;
use tokio_tungstenite::client_async;

use super::*;
use crate::support::{in_time, pause};

#[tokio::test]
async fn orders_and_their_announcements_go_over_either_version() {
    let secure = Secure::start();
    for (version, spoken) in VERSIONS.into_iter().zip([ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3]) {
        let client = client(&secure.authority.pem, &[version], None);
        let stream = connect(&client, secure.venue.addr).await.expect("a handshake");
        assert_eq!(stream.get_ref().1.protocol_version(), Some(spoken));
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
        let (mut subscriber, _) = client_async("wss://localhost/ws", stream).await.expect("an upgrade");
        let order = Request::new("POST", "/orders").body(r#"{"stoks": "EURUSD", "quantity": 5}"#);
        let reply = ask(&client, secure.venue.addr, order).await.expect("a reply");
        assert_eq!(reply.status, 200, "{reply:?}");
        let id = reply.json()["id"].as_str().expect("an id").to_owned();
        for status in ["PENDING", "EXECUTED"] {
            let frame = in_time("an announcement", subscriber.next()).await.expect("one").expect("a frame");
            assert_eq!(frame.into_text().expect("a text").as_str(), format!("{id} is {status}"));
        }
    }
}

#[tokio::test]
async fn a_client_that_names_no_protocol_gets_http_and_one_that_wants_another_gets_none() {
    let secure = Secure::start();
    for (offered, is_served) in
        [(vec![], true), (vec!["http/1.1"], true), (vec!["h2", "http/1.1"], true), (vec!["h2"], false)]
    {
        let client = secure.client();
        let mut config = client.config().as_ref().clone();
        config.alpn_protocols = offered.iter().map(|name| name.as_bytes().to_vec()).collect();
        let client = std::sync::Arc::new(config).into();
        let reply = ask(&client, secure.venue.addr, Request::new("GET", "/health")).await;
        assert_eq!(reply.is_ok_and(|reply| reply.status == 200), is_served, "{offered:?}");
    }
}

#[tokio::test]
async fn links_lead_to_https() {
    let secure = Secure::start();
    for _ in 0..2 {
        let order = Request::new("POST", "/orders").body(r#"{"stoks": "EURUSD", "quantity": 5}"#);
        ask(&secure.client(), secure.venue.addr, order).await.expect("a reply");
    }
    let reply = secure.get("/orders?limit=1").await;
    let link = reply.header("link").expect("a next page");
    assert!(link.starts_with("<https://localhost/orders?"), "{link}");
}

/// Its page is the server's own: it says so by its origin.
#[tokio::test]
async fn a_page_of_its_own_may_place_orders_and_one_that_came_without_tls_may_not() {
    let secure = Secure::start();
    for (scheme, status) in [("https", 200), ("http", 403)] {
        let order = Request::new("POST", "/orders")
            .header("Origin", &format!("{scheme}://localhost"))
            .body(r#"{"stoks": "EURUSD", "quantity": 5}"#);
        let reply = ask(&secure.client(), secure.venue.addr, order).await.expect("a reply");
        assert_eq!(reply.status, status, "{scheme}: {reply:?}");
    }
}

#[tokio::test]
async fn a_long_answer_arrives_whole_at_whoever_reads_slowly() {
    let secure = Secure::start();
    let mut stream = connect(&secure.client(), secure.venue.addr).await.expect("a handshake");
    let order = r#"{"place": {"stoks": "EURUSD", "quantity": 123}}"#;
    let batch = format!("[{}]", vec![order; 100].join(","));
    for _ in 0..10 {
        let request = Request::new("POST", "/batch").body(&batch);
        assert_eq!(ask(&secure.client(), secure.venue.addr, request).await.expect("a reply").status, 207);
    }
    // Several of the longest pages in one go: more than every buffer on the way holds.
    let request = String::from_utf8(Request::new("GET", "/orders").bytes()).expect("text");
    let kept = request.replace("Connection: close\r\n", "");
    stream.write_all(format!("{}{request}", kept.repeat(19)).as_bytes()).await.expect("it reads");
    let (mut answer, mut piece) = (Vec::new(), vec![0; 64 * 1024]);
    loop {
        let read = in_time("the rest", stream.read(&mut piece)).await.expect("it goes on");
        if read == 0 {
            break;
        }
        answer.extend_from_slice(&piece[..read]);
        pause(Duration::from_millis(1)).await;
    }
    let text = String::from_utf8(answer).expect("text");
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 20);
    assert_eq!(text.matches("\"quantity\":123").count(), 20_000);
}

#[tokio::test]
async fn one_connection_too_many_is_told_within_tls() {
    let authority = Authority::new("An authority");
    let files = Files::of(&authority.sign());
    let venue = own_venue(|config| {
        files.set(config);
        config.max_connections = std::num::NonZeroUsize::MIN;
    });
    let client = client(&authority.pem, &VERSIONS, None);
    let first = connect(&client, venue.addr).await.expect("a handshake");
    let reply = ask(&client, venue.addr, Request::new("GET", "/orders")).await.expect("a reply");
    assert_eq!((reply.status, reply.header("retry-after")), (503, Some("1")), "{reply:?}");
    drop(first);
}
