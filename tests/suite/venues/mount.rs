//! Every surface below a venue's prefix: the same routes, the same answers, links that lead on.

use serde_json::json;

use crate::support::rest::{id, listed_ids, native_fields, path, symbol};
use crate::support::{Request, Subscriber, own_venue, server};

#[tokio::test]
async fn what_is_done_at_the_prefix_of_main_is_done_at_the_root() {
    let (main, symbol) = (server(), symbol());
    let below = main.at("main");
    let order = below.place(&symbol, 7).await;
    assert_eq!(native_fields(&main.get(&path(&order)).await.json())["stoks"], json!(symbol));
    assert_eq!(below.get(&format!("{}/", path(&order))).await.json()["id"], order["id"]);
    let listed = below.get(&format!("/orders/?stoks={symbol}")).await;
    assert_eq!(listed_ids(&listed), [id(&order)]);
    let cancelled = main.place_long(&symbol, 1).await;
    assert_eq!(below.delete(&path(&cancelled)).await.status, 204);
    assert_eq!(main.get(&path(&cancelled)).await.json()["status"], "CANCELLED");
    for symbol in ["EURUSD", "BTC/USD", "BTC%2FUSD"] {
        assert_eq!(below.get(&format!("/instruments/{symbol}")).await.status, 200, "{symbol}");
        assert_eq!(below.get(&format!("/book/{symbol}/")).await.status, 200, "{symbol}");
    }
    assert_eq!(below.get("/accounts/default/positions").await.status, 200);
}

#[tokio::test]
async fn a_subscriber_at_the_prefix_hears_what_happens_there() {
    let (main, symbol) = (server(), symbol());
    let mut subscriber = main.at("main").subscribe(&format!("?stoks={symbol}")).await;
    let order = main.place(&symbol, 1).await;
    assert_eq!(subscriber.text().await, format!("{} is PENDING", id(&order)));
}

#[tokio::test]
async fn links_lead_on_below_the_prefix() {
    let (main, symbol) = (server(), symbol());
    let below = main.at("main");
    for _ in 0..3 {
        below.place(&symbol, 1).await;
    }
    let first = below.get(&format!("/orders?limit=2&stoks={symbol}")).await;
    let link = first.header("link").expect("there is a third").to_owned();
    let next = link.trim_start_matches("<http://localhost").split('>').next().expect("an address");
    assert!(next.starts_with("/venues/main/orders?"), "{link}");
    let second = Request::new("GET", next).send(main.addr).await;
    assert_eq!((listed_ids(&second).len(), second.header("link")), (1, None));
}

#[tokio::test]
async fn what_is_wrong_is_answered_as_at_the_root() {
    let main = server();
    let below = main.at("main");
    for (method, at) in [
        ("GET", "/orders/x"),
        ("GET", "/nothing"),
        ("PUT", "/orders"),
        ("DELETE", "/orders"),
        ("GET", "/ws"),
        ("POST", "/orders"),
        ("GET", "/orders?limit=0"),
        ("GET", "/venues/main/orders"),
    ] {
        let root = if at.starts_with("/venues") { "/nothing" } else { at };
        let (here, there) = (below.ask(method, at).send(main.addr).await, main.ask(method, root).send(main.addr).await);
        assert_eq!((here.status, &here.body), (there.status, &there.body), "{method} {at}");
        assert_eq!((here.header("allow"), here.header("upgrade")), (there.header("allow"), there.header("upgrade")));
    }
    let large = below.ask("POST", "/orders").body("x".repeat(70_000)).send(main.addr).await;
    assert_eq!(large.status, 413);
}

#[tokio::test]
async fn a_name_that_no_venue_has_is_404() {
    let main = server();
    for path in ["/orders", "/orders/", "/health", "/openapi.json", "/orders/x"] {
        let reply = main.at("nobody").get(path).await;
        assert_eq!((reply.status, reply.json()), (404, json!({"detail": "Venue not found"})), "{path}");
    }
    assert!(Subscriber::connect_to(main.addr, "/venues/nobody/ws").await.is_err());
    let reply = main.at("No-Name").get("/orders").await;
    assert_eq!((reply.status, reply.json()), (404, json!({"detail": "Not Found"})), "nor could one have it");
}

#[tokio::test]
async fn operations_are_those_of_the_process_and_counted_as_such() {
    let main = own_venue(|_| {});
    let below = main.at("main");
    for path in ["/health", "/ready", "/metrics", "/docs", "/docs/", "/openapi.json", "/asyncapi.json"] {
        let (here, there) = (below.get(path).await, main.get(path).await);
        assert_eq!((here.status, here.header("content-type")), (200, there.header("content-type")), "{path}");
    }
    assert_eq!(below.get("/openapi.json").await.json()["servers"], json!([{"url": "."}]), "beside the document");
    below.get("/orders").await;
    main.get("/orders").await;
    let metrics = main.get("/metrics").await.body;
    let counted = r#"tradepit_http_request_duration_seconds_count{route="/orders",method="GET",code="200"} 2"#;
    assert!(metrics.contains(counted), "{metrics}");
    assert!(!metrics.contains("/venues/main"), "{metrics}");
}
