//! What a client says of where it asks: `Host`, what proxies tell, and the headers that are made of it.

use tradepit::config::Config;
use tradepit_places::everywhere;

use crate::support::rest::{assert_some_detail, symbol};
use crate::support::{Reply, Venue, own_venue, send_raw, venue};

/// `GET` with exactly these headers.
async fn get(venue: &Venue, path: &str, headers: &str) -> Reply {
    let line = format!("GET {} HTTP/1.1\r\n", venue.path(path));
    send_raw(venue.addr, format!("{line}{headers}Connection: close\r\n\r\n").as_bytes()).await
}

/// The address in `Link` of a list of which there is more; what stands before the query.
async fn next(venue: &Venue, headers: &str) -> String {
    let symbol = symbol();
    for _ in 0..2 {
        venue.place(&symbol, 1).await;
    }
    let reply = get(venue, &format!("/orders?limit=1&stoks={symbol}"), headers).await;
    let link = reply.header("link").unwrap_or_else(|| panic!("no Link: {reply:?}")).to_owned();
    let url = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).expect(&link);
    url.split('?').next().expect("it has a query").to_owned()
}

#[everywhere]
async fn a_host_that_is_none_is_400() {
    for host in
        ["", " ", "a b", "a/b", "user@a", "user:word@a:1", "a:b", "a:99999", "<a>", "a\"", "[::1", "::1", "a?b", "a#b"]
    {
        for path in ["/orders", "/health", "/nowhere"] {
            assert_some_detail(&get(venue(), path, &format!("Host: {host}\r\n")).await, 400);
        }
    }
    assert_some_detail(&get(venue(), "/orders", "").await, 400);
    assert_some_detail(&get(venue(), "/orders", "Host: a\r\nHost: a\r\n").await, 400);
    for host in ["a", "a:", "a:80", "127.0.0.1:8000", "[::1]", "[::1]:8000", "A_b-c.example.", "x.example:1"] {
        assert_eq!(get(venue(), "/health", &format!("Host: {host}\r\n")).await.status, 200, "{host}");
    }
    assert_eq!(send_raw(venue().addr, b"GET /health HTTP/1.0\r\n\r\n").await.status, 200);
}

#[everywhere]
async fn a_link_is_made_of_the_host_that_was_asked() {
    for host in ["localhost", "pit.example:81", "[2001:db8::1]:8000"] {
        assert_eq!(
            next(venue(), &format!("Host: {host}\r\n")).await,
            format!("http://{host}{}", venue().path("/orders"))
        );
    }
}

#[tokio::test]
async fn a_proxy_on_this_machine_tells_where_it_was_asked() {
    let venue = own_venue(|_| {});
    let told = "Host: a\r\nX-Forwarded-Host: pit.example\r\nX-Forwarded-Proto: https\r\n";
    assert_eq!(next(&venue, told).await, "https://pit.example/orders");
    assert_eq!(next(&venue, &format!("{told}X-Forwarded-Prefix: /pit\r\n")).await, "https://pit.example/pit/orders");
    assert_eq!(
        next(&venue, "Host: a\r\nForwarded: host=pit.example;proto=https\r\n").await,
        "https://pit.example/orders"
    );
    let broken = "Host: a\r\nX-Forwarded-Host: a>; rel=\"prev\", <http://evil.example/\r\nX-Forwarded-Proto: javascript\r\n\
                  X-Forwarded-Prefix: //evil.example\r\n";
    assert_eq!(next(&venue, broken).await, "http://a/orders");
}

#[tokio::test]
async fn nobody_else_tells() {
    let other = |config: &mut Config| config.trusted_proxy = "192.0.2.0/24".parse().expect("a network");
    let told = "Host: a\r\nX-Forwarded-Host: pit.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Prefix: /pit\r\n";
    assert_eq!(next(&own_venue(other), told).await, "http://a/orders");
    let nobody = |config: &mut Config| config.trusted_proxy = "none".parse().expect("a word");
    assert_eq!(next(&own_venue(nobody), told).await, "http://a/orders");
}

#[everywhere]
async fn where_the_prefix_is_not_known_a_link_is_relative_to_what_was_asked() {
    assert_eq!(next(venue(), "Host: a\r\nX-Forwarded-For: 192.0.2.1\r\n").await, "");
    assert_eq!(next(venue(), "Host: a\r\nVia: 1.1 proxy\r\n").await, "");
}

#[tokio::test]
async fn what_may_change_is_not_kept_by_caches() {
    let venue = own_venue(|_| {});
    let order = venue.place("A", 1).await;
    let order = format!("/orders/{}", order["id"].as_str().expect("an id"));
    for path in
        ["/orders", "/orders/", &order, "/metrics", "/health", "/ready", "/nowhere", "/orders/x", "/orders?limit=0"]
    {
        assert_eq!(venue.get(path).await.header("cache-control"), Some("no-store"), "{path}");
    }
    assert_eq!(venue.post("/orders", "{}").await.header("cache-control"), Some("no-store"));
    assert_eq!(venue.get("/docs/swagger-ui.css").await.header("cache-control"), Some("max-age=3600"));
}
