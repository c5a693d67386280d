//! How a WebSocket begins, and how it is refused (contract, "Routes"; RFC 6455 section 4.2).

use tradepit_places::everywhere;

use crate::support::raw_ws::{ACCEPT, KEY, ask, handshake};
use crate::support::{RawSocket, Reply, id_of, venue};

/// Asks for `/ws` with these header lines.
async fn ask_with(first_line: &str, headers: &[&str]) -> Reply {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    ask(venue(), &format!("{first_line}\r\n{headers}\r\n")).await
}

const GET: &str = "GET /ws HTTP/1.1";
const HOST: &str = "Host: localhost";
const UPGRADE: &str = "Upgrade: websocket";
const CONNECTION: &str = "Connection: Upgrade";
const VERSION: &str = "Sec-WebSocket-Version: 13";

fn key() -> String {
    format!("Sec-WebSocket-Key: {KEY}")
}

#[track_caller]
fn assert_refused(case: &str, reply: &Reply, status: u16) {
    assert_eq!(reply.status, status, "{case}: {reply:?}");
    assert!(reply.json()["detail"].is_string(), "{case}: {reply:?}");
}

#[everywhere]
async fn a_handshake_is_answered_with_101_and_the_accept_key() {
    for path in ["", "?", "?format=text", "?format=json", "?unknown=1&unknown=2"] {
        let reply = ask(venue(), &handshake(path)).await;
        assert_eq!(reply.status, 101, "{path}: {reply:?}");
        assert_eq!(reply.header("sec-websocket-accept"), Some(ACCEPT));
        assert!(reply.header("upgrade").is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket")), "{reply:?}");
        assert!(reply.header("connection").is_some_and(|option| option.eq_ignore_ascii_case("upgrade")), "{reply:?}");
        // RFC 9110 section 8.6 and RFC 9112 section 6.1: a 1xx has no body and says nothing of one.
        assert_eq!((reply.header("content-length"), reply.header("transfer-encoding")), (None, None));
    }
}

#[everywhere]
async fn a_handshake_works_with_a_trailing_slash() {
    let reply = ask(venue(), &handshake("/?format=json")).await;
    assert_eq!(reply.status, 101, "{reply:?}");
}

#[everywhere]
async fn names_and_tokens_of_a_handshake_are_read_in_any_case_and_among_others() {
    let upper = [HOST, "UPGRADE: WebSocket", "CONNECTION: keep-alive, UPGRADE", "SEC-WEBSOCKET-VERSION: 13"];
    let apart =
        [HOST, "upgrade: websocket", "connection: keep-alive", "connection: upgrade", "sec-websocket-version: 13"];
    for headers in [&upper[..], &apart[..]] {
        let key = key();
        let reply = ask_with(GET, &[headers, &[key.as_str()]].concat()).await;
        assert_eq!(reply.status, 101, "{headers:?}: {reply:?}");
    }
}

#[everywhere]
async fn extensions_and_subprotocols_that_are_offered_are_not_taken() {
    let (key, deflate, chat) =
        (key(), "Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Protocol: chat, superchat");
    let reply = ask_with(GET, &[HOST, UPGRADE, CONNECTION, VERSION, &key, deflate, chat]).await;
    assert_eq!(reply.status, 101, "{reply:?}");
    assert_eq!(reply.header("sec-websocket-extensions"), None);
    assert_eq!(reply.header("sec-websocket-protocol"), None);
}

#[everywhere]
async fn without_an_upgrade_the_answer_is_426() {
    let key = key();
    let cases: [(&str, &[&str]); 4] = [
        ("a plain GET", &[HOST]),
        ("a GET that is kept alive", &[HOST, "Connection: keep-alive"]),
        ("an upgrade to something else", &[HOST, "Upgrade: h2c", CONNECTION]),
        ("all but the upgrade", &[HOST, CONNECTION, VERSION, &key]),
    ];
    for (case, headers) in cases {
        for path in ["/ws", "/ws/", "/ws?format=json"] {
            let reply = ask_with(&format!("GET {path} HTTP/1.1"), headers).await;
            assert_refused(case, &reply, 426);
            assert_eq!(reply.header("upgrade"), Some("websocket"), "{case}: {reply:?}");
        }
    }
}

#[everywhere]
async fn another_version_is_answered_with_426_and_the_one_that_is_spoken() {
    let key = key();
    for version in ["8", "7", "0", "14", "99", "-13", "13.0", "abc"] {
        let version = format!("Sec-WebSocket-Version: {version}");
        let reply = ask_with(GET, &[HOST, UPGRADE, CONNECTION, &version, &key]).await;
        assert_refused(&version, &reply, 426);
        assert_eq!(reply.header("upgrade"), Some("websocket"), "{version}: {reply:?}");
        // RFC 6455 section 4.4.
        assert_eq!(reply.header("sec-websocket-version"), Some("13"), "{version}: {reply:?}");
    }
}

#[everywhere]
async fn any_other_broken_handshake_is_answered_with_400() {
    let key = key();
    let cases: [(&str, &[&str]); 10] = [
        ("no Connection", &[HOST, UPGRADE, VERSION, &key]),
        ("another Connection", &[HOST, UPGRADE, "Connection: keep-alive", VERSION, &key]),
        ("no version", &[HOST, UPGRADE, CONNECTION, &key]),
        ("no key", &[HOST, UPGRADE, CONNECTION, VERSION]),
        ("an empty key", &[HOST, UPGRADE, CONNECTION, VERSION, "Sec-WebSocket-Key:"]),
        (
            "a key that is no base64",
            &[HOST, UPGRADE, CONNECTION, VERSION, "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!=="],
        ),
        ("a key of 15 bytes", &[HOST, UPGRADE, CONNECTION, VERSION, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA"]),
        ("a key of 17 bytes", &[HOST, UPGRADE, CONNECTION, VERSION, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAA="]),
        ("a key of 18 bytes", &[HOST, UPGRADE, CONNECTION, VERSION, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAAA"]),
        (
            "a key without its padding",
            &[HOST, UPGRADE, CONNECTION, VERSION, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA"],
        ),
    ];
    for (case, headers) in cases {
        assert_refused(case, &ask_with(GET, headers).await, 400);
    }
}

#[everywhere]
async fn a_handshake_with_two_keys_is_broken() {
    let key = key();
    let other = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
    let reply = ask_with(GET, &[HOST, UPGRADE, CONNECTION, VERSION, &key, other]).await;
    assert_eq!(reply.status, 400, "RFC 6455 section 11.3.1: {reply:?}");
}

#[everywhere]
async fn a_handshake_names_its_host() {
    let key = key();
    let reply = ask_with(GET, &[UPGRADE, CONNECTION, VERSION, &key]).await;
    assert_eq!(reply.status, 400, "RFC 6455 section 4.2.1, item 2: {reply:?}");
}

#[everywhere]
async fn a_handshake_needs_http_1_1() {
    let key = key();
    let reply = ask_with("GET /ws HTTP/1.0", &[HOST, UPGRADE, CONNECTION, VERSION, &key]).await;
    assert_eq!(reply.status, 400, "RFC 6455 section 4.2.1, item 1: {reply:?}");
}

#[everywhere]
async fn a_query_that_cannot_be_understood_is_answered_with_422_and_its_place() {
    let cases = [
        ("?format=xml", "format"),
        ("?format=", "format"),
        ("?format=JSON", "format"),
        ("?order_id=17", "order_id"),
        ("?order_id=", "order_id"),
        ("?order_id=1d70aeaa-658c-4799-819f-79c436d2dd1", "order_id"),
        ("?stoks=", "stoks"),
        ("?stoks=a%20b", "stoks"),
        ("?stoks=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456", "stoks"),
        ("?since=0", "since"),
        ("?since=0&format=text", "since"),
        ("?format=json&since=", "since"),
        ("?format=json&since=-1", "since"),
        ("?format=json&since=1.0", "since"),
        ("?format=json&since=%2B1", "since"),
        ("?format=json&since=abc", "since"),
        ("?format=json&since=18446744073709551615", "since"),
        ("?format=json&since=18446744073709551616", "since"),
        ("?format=json&since=99999999999999999999999999", "since"),
        ("?last=0", "last"),
        ("?last=10&format=text", "last"),
        ("?format=json&last=", "last"),
        ("?format=json&last=-1", "last"),
        ("?format=json&last=1.0", "last"),
        ("?format=json&last=%2B1", "last"),
        ("?format=json&last=all", "last"),
        ("?format=json&last=18446744073709551616", "last"),
        ("?format=json&last=1&since=0", "last"),
        ("?format=json&since=0&last=0", "last"),
    ];
    for (query, parameter) in cases {
        let reply = ask(venue(), &handshake(query)).await;
        assert_eq!(reply.status, 422, "{query}: {reply:?}");
        let json = reply.json();
        let flaws = json["detail"].as_array().expect("a list of flaws");
        assert_eq!(flaws.len(), 1, "{query}: {reply:?}");
        assert_eq!(flaws[0]["loc"], serde_json::json!(["query", parameter]), "{query}");
        assert!(flaws[0]["type"].is_string() && flaws[0]["msg"].is_string(), "{query}: {reply:?}");
    }
}

#[everywhere]
async fn only_get_knows_the_path() {
    for method in ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        for path in ["/ws", "/ws/"] {
            let reply = ask_with(&format!("{method} {path} HTTP/1.1"), &[HOST, "Content-Length: 0"]).await;
            assert_eq!(reply.status, 405, "{method} {path}: {reply:?}");
            assert_eq!(reply.header("allow"), Some("GET"), "{method} {path}: {reply:?}");
            if method != "HEAD" {
                assert_eq!(reply.body, r#"{"detail":"Method Not Allowed"}"#, "{method} {path}");
            }
        }
    }
    let key = key();
    for method in ["HEAD", "POST"] {
        let first_line = format!("{method} /ws HTTP/1.1");
        let reply = ask_with(&first_line, &[HOST, UPGRADE, CONNECTION, VERSION, &key]).await;
        assert_eq!(reply.status, 405, "{method} with a handshake: {reply:?}");
    }
}

#[everywhere]
async fn a_path_below_is_unknown() {
    let request = handshake("/x");
    let reply = ask(venue(), &request).await;
    assert_eq!((reply.status, reply.body.as_str()), (404, r#"{"detail":"Not Found"}"#));
}

#[everywhere]
async fn a_plain_get_leaves_the_connection_usable() {
    let mut line = crate::support::Line::open(venue()).await;
    for _ in 0..3 {
        line.send(format!("GET {} HTTP/1.1\r\n{HOST}\r\n\r\n", venue().path("/ws"))).await;
        assert_eq!(line.reply().await.status, 426);
    }
    id_of(&line.place("WS-SHAKE").await);
}

#[everywhere]
async fn frames_that_come_with_the_first_bytes_are_read() {
    use crate::support::raw_ws::{FIN, PING, frame};
    let mut socket = RawSocket::open(venue(), "").await;
    socket.send([frame(FIN | PING, "one"), frame(FIN | PING, "two")].concat()).await;
    assert_eq!(socket.pong().await, b"one");
    assert_eq!(socket.pong().await, b"two");
}
