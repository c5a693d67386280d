//! What is no request: answered with its reason where an answer is sent at all, counted, and no line for each in the
//! log.

use crate::support::figures::figure;
use crate::support::process::Process;
use crate::support::rest::assert_some_detail;
use crate::support::{Line, Request, send_raw, server};

/// The beginning of a TLS handshake.
const TLS_HELLO: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";

fn malformed() -> Vec<Vec<u8>> {
    let texts = [
        "hello\r\n\r\n",
        "GET\r\n\r\n",
        "GET /orders\r\n\r\n",
        "GET /orders HTTP/9.9\r\n\r\n",
        "GET /orders HTTP/1.1\r\n\r\n",
        "GET /or ders HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /orders HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /orders HTTP/1.1\r\nHost: a\r\nA b: c\r\n\r\n",
        "GET /orders HTTP/1.1\r\nHost: a\r\nA: \x01\r\n\r\n",
        "GET /orders HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
        "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /orders HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
    ];
    texts.into_iter().map(|text| text.as_bytes().to_vec()).chain([[TLS_HELLO, b"\r\n\r\n"].concat()]).collect()
}

fn with_too_many_headers() -> String {
    let headers: String = (0..100).map(|number| format!("X-{number}: 1\r\n")).collect();
    format!("GET /orders HTTP/1.1\r\nHost: a\r\n{headers}\r\n")
}

#[tokio::test]
async fn a_malformed_head_is_400_and_says_so() {
    for bytes in malformed() {
        let reply = send_raw(server().addr, &bytes).await;
        assert_some_detail(&reply, 400);
        assert_eq!(reply.header("connection"), Some("close"), "{reply:?}");
        assert_eq!(reply.header("content-type"), Some("application/json"), "{reply:?}");
    }
}

#[tokio::test]
async fn too_many_headers_are_431_and_it_says_so() {
    assert_some_detail(&send_raw(server().addr, with_too_many_headers().as_bytes()).await, 431);
}

#[tokio::test]
async fn what_was_asked_before_it_is_answered_first() {
    let mut line = Line::open(server().addr).await;
    let ask = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
    line.send(format!("{ask}{ask}hello\r\n\r\n")).await;
    for _ in 0..2 {
        assert_eq!(line.reply().await.json()["status"], "ok");
    }
    assert_some_detail(&line.reply().await, 400);
    assert!(line.try_reply().await.is_none(), "the connection ends");
}

#[tokio::test]
async fn it_is_counted_and_the_log_has_one_warning() {
    let (server, addr) = Process::serve(&[]).await;
    let count =
        async |reason: &str| figure(addr, &format!(r#"tradepit_broken_requests_total{{reason="{reason}"}}"#)).await;
    for reason in ["malformed", "too_large", "late"] {
        assert_eq!(count(reason).await, 0, "{reason}");
    }
    for bytes in malformed().iter().chain(&malformed()) {
        send_raw(addr, bytes).await;
    }
    send_raw(addr, with_too_many_headers().as_bytes()).await;
    // What is a request, though it fails, is counted as one.
    Request::new("POST", "/orders").header("Transfer-Encoding", "chunked").body("zz\r\n").send(addr).await;
    assert_eq!(count("malformed").await, 2 * malformed().len() as u64);
    assert_eq!((count("too_large").await, count("late").await), (1, 0));
    server.signal("TERM");
    let log = server.ended().await.stderr;
    assert!(!log.contains("ERROR"), "{log}");
    let warnings: Vec<&str> = log.lines().filter(|line| line.contains("WARN")).collect();
    assert!(matches!(warnings[..], [warning] if warning.contains("1 broken request")), "{log}");
}

#[tokio::test]
async fn who_asks_for_debugging_sees_each() {
    let (server, addr) = Process::serve_with(&[], &[("RUST_LOG", "tradepit=debug")]).await;
    for _ in 0..3 {
        send_raw(addr, "hello\r\n\r\n".as_bytes()).await;
    }
    server.signal("TERM");
    let log = server.ended().await.stderr;
    assert_eq!(log.lines().filter(|line| line.contains("DEBUG") && line.contains("malformed")).count(), 3, "{log}");
}
