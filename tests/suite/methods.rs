//! Paths and methods: which there are, and what is said to all others (contract, "Routes").

use tradepit_places::everywhere;

use crate::support::rest::{Kept, assert_detail, assert_some_detail, id, path, symbol};
use crate::support::{Reply, Request, send_raw, venue};

const UNKNOWN: &str = "1d70aeaa-658c-4799-819f-79c436d2dd18";

async fn ask(method: &str, path: &str) -> Reply {
    let reply = Request::new(method, path).send(venue()).await;
    assert!(!(300..400).contains(&reply.status), "{method} {path} is redirected: {reply:?}");
    assert_eq!(reply.header("location"), None, "{method} {path}");
    reply
}

/// The routes of the contract with the methods that they know.
fn routes(id: &str) -> [(String, &'static [&'static str]); 3] {
    [
        ("/orders".to_owned(), &["GET", "HEAD", "POST"]),
        (format!("/orders/{id}"), &["GET", "HEAD", "PATCH", "DELETE"]),
        ("/ws".to_owned(), &["GET"]),
    ]
}

#[everywhere]
async fn a_wrong_method_is_405_with_the_methods_that_are_right() {
    let order = venue().place_long(&symbol(), 1).await;
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get", "PROPFIND"];
    for id in [id(&order), UNKNOWN, "abc"] {
        for (path, known) in routes(id) {
            for path in [path.clone(), path + "/"] {
                for method in methods.into_iter().filter(|method| !known.contains(method)) {
                    let reply = ask(method, &path).await;
                    if method == "HEAD" {
                        assert_eq!((reply.status, reply.body.as_str()), (405, ""), "{path}");
                    } else {
                        assert_detail(&reply, 405, "Method Not Allowed");
                    }
                    let allow = reply.header("allow").unwrap_or_else(|| panic!("no Allow: {method} {path}"));
                    let mut allow: Vec<&str> = allow.split(',').map(str::trim).collect();
                    let mut known = known.to_vec();
                    allow.sort_unstable();
                    known.sort_unstable();
                    assert_eq!(allow, known, "{method} {path}");
                }
            }
        }
    }
    assert_eq!(venue().get(&path(&order)).await.json(), order);
}

#[everywhere]
async fn every_allowed_method_is_answered() {
    let order = venue().place_long(&symbol(), 1).await;
    for (path, known) in routes(id(&order)) {
        for method in known {
            assert_ne!(ask(method, &path).await.status, 405, "{method} {path}");
        }
    }
}

#[everywhere]
async fn a_wrong_method_on_an_unknown_path_is_404() {
    for method in ["GET", "POST", "PUT", "DELETE", "OPTIONS", "BREW"] {
        assert_detail(&ask(method, "/nowhere").await, 404, "Not Found");
    }
}

#[everywhere]
async fn every_route_works_with_a_trailing_slash() {
    let symbol = symbol();
    let body = format!(r#"{{"stoks": "{symbol}", "quantity": 3}}"#);
    let placed = Request::new("POST", "/orders/").header("long-pending", "1").body(&body).send(venue()).await;
    assert_eq!(placed.status, 200, "{placed:?}");
    let order = placed.json();
    assert_eq!(order["quantity"], 3);
    let with_slash = format!("{}/", path(&order));
    assert_eq!(ask("GET", &with_slash).await.json(), order);
    let list = ask("GET", &format!("/orders/?stoks={symbol}")).await;
    assert_eq!(list.json()[id(&order)], order);
    assert_eq!(ask("GET", &format!("/orders/?stoks={symbol}&limit=0")).await.status, 422);
    assert_eq!(ask("POST", "/orders/").await.status, 422);
    let cancelled = ask("DELETE", &with_slash).await;
    assert_eq!((cancelled.status, cancelled.body.as_str()), (204, ""));
    assert_eq!(ask("GET", &with_slash).await.json()["status"], "CANCELLED");
    assert_detail(&ask("GET", &format!("/orders/{UNKNOWN}/")).await, 404, "Order not found");
    assert_detail(&ask("DELETE", "/orders/abc/").await, 404, "Order not found");
}

#[everywhere]
async fn the_path_of_the_websocket_asked_for_without_an_upgrade_is_426() {
    for path in ["/ws", "/ws/", "/ws?format=json", "/ws/?since=0"] {
        let reply = ask("GET", path).await;
        assert_some_detail(&reply, 426);
        assert_eq!(reply.header("upgrade"), Some("websocket"), "{path}");
    }
}

#[everywhere]
async fn a_websocket_opens_with_and_without_a_trailing_slash() {
    for path in ["/ws", "/ws/", "/ws/?format=json", "/ws?order_id=1d70aeaa-658c-4799-819f-79c436d2dd18"] {
        let whole = venue().path(path);
        let head = format!(
            "GET {whole} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        let mut connection = Kept::open(venue()).await;
        connection.write(head.as_bytes()).await;
        let reply = connection.reply("GET").await.expect("a reply");
        assert_eq!(reply.status, 101, "{path}: {reply:?}");
        assert_eq!(reply.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{path}");
    }
}

#[everywhere]
async fn head_answers_as_get_without_the_body() {
    let symbol = symbol();
    let order = venue().place_long(&symbol, 1).await;
    let other = venue().place_long(&symbol, 1).await;
    venue().delete(&path(&other)).await;
    let order = path(&order);
    let paths = [
        format!("/orders?stoks={symbol}"),
        format!("/orders/?stoks={symbol}&limit=1"),
        "/orders?stoks=METHODS-NONE".to_owned(),
        "/orders?limit=0".to_owned(),
        format!("/orders?after={UNKNOWN}"),
        format!("{order}/"),
        order,
        path(&other),
        format!("/orders/{UNKNOWN}"),
        "/orders/abc".to_owned(),
        "/nowhere".to_owned(),
        "//".to_owned(),
        "/".to_owned(),
        "/health".to_owned(),
        "/health/".to_owned(),
        "/openapi.json".to_owned(),
        "/asyncapi.json".to_owned(),
        "/docs".to_owned(),
    ];
    for path in paths {
        let (get, head) = (ask("GET", &path).await, ask("HEAD", &path).await);
        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.body, "", "{path}");
        let headers = |reply: &Reply| {
            let mut headers = reply.headers.clone();
            headers.retain(|(name, _)| name != "date");
            headers.sort();
            headers
        };
        assert_eq!(headers(&head), headers(&get), "{path}");
        assert_eq!(head.header("content-length"), Some(get.body.len().to_string().as_str()), "{path}");
    }
    for path in ["/ready", "/metrics"] {
        assert_eq!((ask("HEAD", path).await.status, ask("HEAD", path).await.body.as_str()), (200, ""), "{path}");
    }
}

#[everywhere]
async fn an_id_that_is_no_uuid_is_404_as_an_unknown_order_is() {
    let order = venue().place_long(&symbol(), 1).await;
    let id = id(&order);
    let ids = [
        UNKNOWN.to_owned(),
        "00000000-0000-0000-0000-000000000000".to_owned(),
        "abc".to_owned(),
        "0".to_owned(),
        "-1".to_owned(),
        "null".to_owned(),
        "%20".to_owned(),
        "%00".to_owned(),
        "%".to_owned(),
        "%zz".to_owned(),
        "%FF".to_owned(),
        "%F0%9F%92%B6".to_owned(),
        "..".to_owned(),
        ".".to_owned(),
        "a%2Fb".to_owned(),
        "*".to_owned(),
        ":".to_owned(),
        "'".to_owned(),
        "[]".to_owned(),
        id[..35].to_owned(),
        format!("{id}0"),
        format!("%20{id}"),
        format!("{id}%00"),
        format!("{{{id}}}"),
        format!("urn:uuid:{id}"),
        format!("{id}%2F"),
        id.replace('-', ""),
        id.replace('-', "_"),
        format!("{id},{id}"),
        format!("{id};x=1"),
        "x".repeat(10_000),
        "%41".repeat(10_000),
        "0".repeat(60_000),
    ];
    for id in ids {
        for method in ["GET", "DELETE"] {
            for slash in ["", "/", "?x=1"] {
                let reply = ask(method, &format!("/orders/{id}{slash}")).await;
                assert_eq!(reply.status, 404, "{method} {id:.80}{slash}: {reply:?}");
                assert_eq!(reply.json()["detail"], "Order not found", "{method} {id:.80}{slash}");
            }
        }
    }
    // By now it may have executed.
    assert_ne!(venue().get(&path(&order)).await.json()["status"], "CANCELLED", "one of them was taken for its id");
}

#[everywhere]
async fn an_unknown_path_is_404() {
    let order = venue().place_long(&symbol(), 1).await;
    let id = id(&order);
    let paths = [
        "/nowhere".to_owned(),
        "/order".to_owned(),
        "/ordersx".to_owned(),
        "/ORDERS".to_owned(),
        "/Orders".to_owned(),
        "/orders.json".to_owned(),
        "//orders".to_owned(),
        "///orders".to_owned(),
        "//orders/".to_owned(),
        "/./orders".to_owned(),
        "/x/../orders".to_owned(),
        "/orders%2F".to_owned(),
        "/orders%2f".to_owned(),
        "/orders;x".to_owned(),
        "/orders%00".to_owned(),
        "/%00".to_owned(),
        "/%".to_owned(),
        "/%zz".to_owned(),
        "/%FF".to_owned(),
        "/wsx".to_owned(),
        "/ws/x".to_owned(),
        "/WS".to_owned(),
        "//ws".to_owned(),
        "/api/orders".to_owned(),
        "/v1/orders".to_owned(),
        "/*".to_owned(),
        "/..".to_owned(),
        "/favicon.ico".to_owned(),
        format!("/orders/{id}/x"),
        format!("/orders/{id}/x/y/"),
        format!("/{id}"),
        format!("/order/{id}"),
        format!("//orders/{id}"),
        format!("/orders//{id}"),
        format!("/orders%2F{id}"),
        "/docs/nothing".to_owned(),
        "/docs/../orders".to_owned(),
        "/docs/%2e%2e%2forders".to_owned(),
        format!("/{}", "x".repeat(60_000)),
        "/x".repeat(30_000),
        "/orders".repeat(5_000),
    ];
    for path in paths {
        for method in ["GET", "POST", "DELETE"] {
            // What exists, of the paths beside the contract's, may say that the method is wrong.
            if method != "GET" && path.starts_with("/docs/") {
                continue;
            }
            let reply = ask(method, &path).await;
            assert_eq!(reply.status, 404, "{method} {path:.80}: {reply:?}");
            assert_eq!(reply.json(), serde_json::json!({ "detail": "Not Found" }), "{method} {path:.80}");
        }
    }
    assert_ne!(venue().get(&crate::support::rest::path(&order)).await.json()["status"], "CANCELLED");
}

#[everywhere]
async fn a_path_of_slashes_is_404_and_never_a_redirect() {
    for path in ["/orders//", "/orders///", "/ws//", "//", "///"] {
        for method in ["GET", "POST", "DELETE"] {
            let reply = ask(method, path).await;
            assert_some_detail(&reply, 404);
        }
    }
    let twice = ask("GET", &format!("/orders/{UNKNOWN}//")).await;
    assert_some_detail(&twice, 404);
}

#[everywhere]
async fn a_query_changes_no_route() {
    let order = venue().place_long(&symbol(), 1).await;
    for query in ["?", "?x", "?limit=0", "?id=abc", "?/", "?%00", "?%", "??", "?x=http://a/b"] {
        assert_eq!(ask("GET", &format!("{}{query}", path(&order))).await.json(), order, "{query}");
    }
}

#[everywhere]
async fn an_order_is_found_by_its_id_in_either_case() {
    let order = venue().place_long(&symbol(), 1).await;
    assert_eq!(ask("GET", &format!("/orders/{}", id(&order).to_uppercase())).await.json(), order);
}

#[everywhere]
async fn a_target_that_is_no_path_is_refused_or_unknown() {
    for line in ["OPTIONS * HTTP/1.1", "CONNECT localhost:80 HTTP/1.1", "GET orders HTTP/1.1", "GET ?x HTTP/1.1"] {
        let reply = send_raw(venue().addr, format!("{line}\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes()).await;
        assert!((400..500).contains(&reply.status), "{line}: {reply:?}");
    }
}
