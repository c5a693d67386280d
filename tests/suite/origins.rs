//! Web pages: what those of other origins may do here, and what the server says to their browsers.
//!
//! A page cannot change what its browser sends in `Origin` and `Sec-Fetch-Site`; a program sends neither.

use tradepit::config::Config;

use crate::support::rest::{assert_detail, assert_some_detail};
use crate::support::{Reply, Venue, own_venue, raw_ws, send_raw, server};

const ORDER: &str = r#"{"stoks": "EURUSD", "quantity": 1}"#;
const FRONT: &str = "http://front.example:3000";

/// A request with these headers, one a line.
async fn ask(venue: &Venue, method: &str, path: &str, host: &str, headers: &str) -> Reply {
    let body = if method == "POST" { ORDER } else { "" };
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}");
    send_raw(venue.addr, format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await
}

/// The status of a WebSocket's handshake with this header.
async fn handshake(venue: &Venue, host: &str, header: &str) -> u16 {
    let request = raw_ws::handshake("").replace("Host: localhost\r\n", &format!("Host: {host}\r\n{header}"));
    raw_ws::ask(venue.addr, &request).await.status
}

fn here(venue: &Venue) -> String {
    format!("127.0.0.1:{}", venue.addr.port())
}

#[tokio::test]
async fn a_page_of_another_origin_changes_nothing_and_hears_nothing() {
    let venues = [own_venue(|_| {}), own_venue(|config| config.host = "0.0.0.0".to_owned())];
    for venue in venues {
        let here = here(&venue);
        let order = venue.place_long("A", 1).await;
        let order = format!("/orders/{}", order["id"].as_str().expect("an id"));
        for page in [
            "Origin: http://evil.example\r\n",
            "Origin: null\r\n",
            "Origin: http://127.0.0.1\r\n",
            "Origin: http://localhost:1\r\nSec-Fetch-Site: same-site\r\n",
            "Sec-Fetch-Site: cross-site\r\n",
        ] {
            for (method, path) in [("POST", "/orders"), ("POST", "/orders/"), ("DELETE", order.as_str()), ("PUT", "/x")]
            {
                assert_some_detail(&ask(&venue, method, path, &here, page).await, 403);
            }
            assert_eq!(handshake(&venue, &here, page).await, 403, "{page}");
            let read = ask(&venue, "GET", "/orders", &here, page).await;
            assert_eq!(read.status, 200, "its browser does not show it: {page}");
            assert!(!read.headers.iter().any(|(name, _)| name.starts_with("access-control")), "{read:?}");
        }
        let held = venue.get("/orders").await.json();
        assert_eq!(held.as_object().map(serde_json::Map::len), Some(1), "{held}");
        assert_eq!(venue.get(&order).await.json()["status"], "PENDING");
    }
}

#[tokio::test]
async fn the_servers_own_page_and_programs_notice_nothing() {
    let venue = own_venue(|_| {});
    let here = here(&venue);
    for page in [
        "",
        &format!("Origin: http://{here}\r\n"),
        &format!("Origin: http://{here}\r\nSec-Fetch-Site: same-origin\r\n"),
        "Sec-Fetch-Site: none\r\n",
        "User-Agent: Mozilla/5.0\r\n",
    ] {
        assert_eq!(ask(&venue, "POST", "/orders", &here, page).await.status, 200, "{page}");
        assert_eq!(handshake(&venue, &here, page).await, 101, "{page}");
    }
    assert_eq!(ask(&venue, "POST", "/orders", "evil.example", "").await.status, 200, "a program");
    let proxied = "X-Forwarded-Host: pit.example\r\nX-Forwarded-Proto: https\r\nOrigin: https://pit.example\r\n";
    assert_eq!(ask(&venue, "POST", "/orders", &here, proxied).await.status, 200);
    assert_eq!(handshake(&venue, &here, proxied).await, 101);
}

#[tokio::test]
async fn a_name_that_was_made_to_lead_here_is_421() {
    let venue = own_venue(|_| {});
    for browser in
        ["Origin: http://evil.example\r\n", "Sec-Fetch-Site: same-origin\r\n", "User-Agent: Mozilla/5.0 (X11)\r\n"]
    {
        for host in ["evil.example", "evil.example:8000", "localhost.evil.example", "192.0.2.1"] {
            for (method, path) in [("GET", "/"), ("GET", "/orders"), ("POST", "/orders"), ("OPTIONS", "/orders")] {
                assert_some_detail(&ask(&venue, method, path, host, browser).await, 421);
            }
            assert_eq!(handshake(&venue, host, browser).await, 421, "{host}");
        }
        for host in ["localhost", "LOCALHOST:8000", "pit.localhost", "127.0.0.1", "[::1]:8000"] {
            assert_eq!(ask(&venue, "GET", "/orders", host, browser).await.status, 200, "{host}");
        }
    }
    // A proxy's word does not change what the browser was led to.
    let told = "X-Forwarded-Host: localhost\r\nSec-Fetch-Site: same-origin\r\n";
    assert_some_detail(&ask(&venue, "GET", "/orders", "evil.example", told).await, 421);
}

#[tokio::test]
async fn names_are_given_and_a_server_that_others_reach_has_names_of_theirs() {
    let named = own_venue(|config| config.allow_host = vec!["pit.example".to_owned()]);
    let any = own_venue(|config| config.allow_host = vec!["*".to_owned()]);
    let public = own_venue(|config| config.host = "0.0.0.0".to_owned());
    for (venue, other) in [(named, 421), (any, 200), (public, 200)] {
        let status = async |host| ask(&venue, "GET", "/orders", host, "Sec-Fetch-Site: same-origin\r\n").await.status;
        assert_eq!(status("Pit.example:8443").await, 200);
        assert_eq!(status("other.example").await, other);
    }
}

fn shared(origins: &[&str]) -> Venue {
    let origins = origins.iter().map(|origin| origin.parse().expect(origin)).collect();
    own_venue(|config: &mut Config| config.allow_origin = origins)
}

fn preflight_from(origin: &str) -> String {
    format!(
        "Origin: {origin}\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: idempotency-key\r\n"
    )
}

#[tokio::test]
async fn a_front_end_that_is_allowed_asks_first_and_may_do_everything() {
    let venue = shared(&["https://other.example", FRONT]);
    let here = here(&venue);
    for (path, methods) in
        [("/orders", "GET, HEAD, POST"), ("/orders/", "GET, HEAD, POST"), ("/orders/x", "GET, HEAD, PATCH, DELETE")]
    {
        let reply = ask(&venue, "OPTIONS", path, &here, &preflight_from(FRONT)).await;
        assert_eq!((reply.status, reply.body.as_str()), (204, ""), "{reply:?}");
        assert_eq!(reply.header("access-control-allow-origin"), Some(FRONT));
        assert_eq!(reply.header("access-control-allow-methods"), Some(methods));
        let sent = reply.header("access-control-allow-headers").unwrap_or_default().to_ascii_lowercase();
        for name in ["content-type", "idempotency-key", "long-pending", "long_pending"] {
            assert!(sent.split(", ").any(|sent| sent == name), "{name} in {sent}");
        }
        assert!(
            reply.header("access-control-max-age").is_some() && reply.header("vary") == Some("Origin"),
            "{reply:?}"
        );
        assert_eq!(reply.header("access-control-allow-credentials"), None);
        assert_eq!(reply.header("access-control-allow-private-network"), None);
    }
    let private = preflight_from(FRONT) + "Access-Control-Request-Private-Network: true\r\n";
    let reply = ask(&venue, "OPTIONS", "/orders", &here, &private).await;
    assert_eq!(reply.header("access-control-allow-private-network"), Some("true"));

    let page = format!("Origin: {FRONT}\r\nSec-Fetch-Site: cross-site\r\n");
    for (method, path, status) in [("POST", "/orders", 200), ("GET", "/orders", 200), ("DELETE", "/orders/x", 404)] {
        let reply = ask(&venue, method, path, &here, &page).await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (status, Some(FRONT)), "{reply:?}");
        let exposed = reply.header("access-control-expose-headers");
        assert_eq!(exposed, Some("Link, Retry-After, Idempotent-Replayed, Tradepit-Fault"), "{reply:?}");
        assert_eq!(reply.header("vary"), Some("Origin"), "{reply:?}");
    }
    assert_eq!(handshake(&venue, &here, &page).await, 101);
}

#[tokio::test]
async fn others_are_still_refused_where_some_are_allowed() {
    let venue = shared(&[FRONT]);
    let here = here(&venue);
    for origin in
        ["http://front.example", "https://front.example:3000", "http://front.example:3000.evil.example", "null"]
    {
        let page = format!("Origin: {origin}\r\n");
        assert_some_detail(&ask(&venue, "POST", "/orders", &here, &page).await, 403);
        assert_eq!(handshake(&venue, &here, &page).await, 403, "{origin}");
        for reply in [
            ask(&venue, "GET", "/orders", &here, &page).await,
            ask(&venue, "OPTIONS", "/orders", &here, &preflight_from(origin)).await,
        ] {
            assert!(!reply.headers.iter().any(|(name, _)| name.starts_with("access-control")), "{reply:?}");
            assert_eq!(reply.header("vary"), Some("Origin"), "{reply:?}");
        }
    }
}

#[tokio::test]
async fn all_origins_may_be_allowed_but_never_with_credentials() {
    let venue = shared(&["*"]);
    for origin in [FRONT, "null", "https://evil.example"] {
        let page = format!("Origin: {origin}\r\nSec-Fetch-Site: cross-site\r\n");
        for reply in [
            ask(&venue, "POST", "/orders", &here(&venue), &page).await,
            ask(&venue, "OPTIONS", "/orders", &here(&venue), &preflight_from(origin)).await,
        ] {
            assert!(reply.status < 300, "{reply:?}");
            assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{reply:?}");
            assert_eq!(reply.header("access-control-allow-credentials"), None, "{reply:?}");
        }
        assert_eq!(handshake(&venue, &here(&venue), &page).await, 101, "{origin}");
    }
}

#[tokio::test]
async fn without_an_allowed_origin_there_are_no_options() {
    let (closed, open) = (own_venue(|_| {}), shared(&[FRONT]));
    for headers in ["", &format!("Origin: {FRONT}\r\n"), &preflight_from(FRONT)] {
        let reply = ask(&closed, "OPTIONS", "/orders", &here(&closed), headers).await;
        assert_detail(&reply, 405, "Method Not Allowed");
        assert_eq!((reply.header("allow"), reply.header("vary")), (Some("GET, HEAD, POST"), None));
    }
    // What is no preflight.
    assert_detail(&ask(&open, "OPTIONS", "/orders", &here(&open), "").await, 405, "Method Not Allowed");
    assert_detail(&ask(&open, "OPTIONS", "/nowhere", &here(&open), &preflight_from(FRONT)).await, 404, "Not Found");
}

#[tokio::test]
async fn an_escape_in_a_path_opens_nothing_to_a_page_of_elsewhere() {
    for path in ["/ws", "/%77s", "/w%73", "/venues", "/%76enues", "/venues/main/%77s"] {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        let reply = raw_ws::ask(server().addr, &request).await;
        assert_eq!(reply.status, if path.contains('%') { 404 } else { 403 }, "{path}: {reply:?}");
    }
}
