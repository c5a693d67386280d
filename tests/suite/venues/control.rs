//! Making venues, showing them, removing them.

use serde_json::{Value, json};

use super::make;
use crate::support::rest::{id, path};
use crate::support::{Request, Subscriber, own_venue, until};

#[tokio::test]
async fn a_venue_is_made_as_main_was_started_and_shown() {
    let server = own_venue(|config| config.venue.seed = Some(5));
    let (venue, made) = make(&server, json!({})).await;
    let name = made["name"].as_str().expect("a name");
    assert_eq!(server.get(&format!("/venues/{name}")).await.json(), made);
    assert_eq!(server.get(&format!("/venues/{name}/")).await.json(), made);
    assert_eq!(
        (&made["delay"], &made["long_delay"], &made["market"]),
        (&json!("100ms..1s"), &json!("5s"), &json!("frozen"))
    );
    assert_eq!((&made["hours"], &made["ttl"], &made["durable"]), (&json!("always"), &json!("1h"), &json!(false)));
    assert_eq!(made["clock"], json!({"mode": "real", "speed": 1, "start": null}));
    assert_ne!(made["seed"], json!(5), "it is drawn");
    assert!(made["seed"].as_u64().is_some_and(|seed| seed < 1 << 53), "{made}");
    let instance = made["instance"].as_str().and_then(|text| uuid::Uuid::parse_str(text).ok()).expect("a UUID");
    assert_eq!(instance.get_version_num(), 4);
    let order = venue.place("EURUSD", 1).await;
    assert_eq!((&order["status"], &order["seq"]), (&json!("PENDING"), &json!(1)));
    let counts = server.get(&format!("/venues/{name}")).await.json()["counts"].clone();
    assert_eq!(counts, json!({"orders": 1, "open": 1, "executed": 0, "cancelled": 0, "subscribers": 0, "faults": 0}));
    let main = server.get("/venues/main").await.json();
    assert_eq!((&main["seed"], &main["ttl"], &main["counts"]["orders"]), (&json!(5), &Value::Null, &json!(0)));
}

#[tokio::test]
async fn what_is_asked_for_is_what_is_made() {
    let server = own_venue(|_| {});
    let body = json!({
        "name": "ci-42", "seed": 7, "delay": "250ms", "long_delay": "2s", "market": "volatile", "hours": "nyse",
        "clock": {"start": "2026-01-05T14:30:00Z", "speed": 0}, "ttl": "1.5h", "metrics": true,
        "instruments": [{"symbol": "ACME", "class": "equity", "quote": "USD", "tick": "0.01", "lot": 1,
            "reference_price": "12.50"}],
        "accounts": [{"id": "alice", "cash": {"USD": "25000"}}, {"kind": "spot"}],
        "from": null, "durable": false, "rules": [], "faults": [],
    });
    let (venue, made) = make(&server, body).await;
    let expected = json!({"name": "ci-42", "seed": 7, "delay": "250ms", "long_delay": "2s", "market": "volatile",
        "hours": "nyse", "clock": {"mode": "frozen", "speed": 0, "start": "2026-01-05T14:30:00.000000Z"},
        "ttl": "90m", "metrics": true, "durable": false});
    for (field, value) in expected.as_object().expect("fields") {
        assert_eq!(made[field], *value, "{field}");
    }
    let order = venue.place("EURUSD", 1).await;
    assert_eq!(order["accepted_at"], "2026-01-05T14:30:00.000000Z", "its own time");
    assert_eq!(order["due_at"], "2026-01-05T14:30:00.250000Z");
    let acme = venue.get("/instruments/ACME").await.json();
    assert_eq!((&acme["hours"], &acme["reference_price"]), (&json!("nyse"), &json!("12.50")));
    assert_eq!(server.get("/instruments/ACME").await.status, 404, "main has none");
    assert_eq!(venue.get("/accounts/alice").await.status, 200);
    let accounts = venue.get("/accounts").await.json();
    assert_eq!(accounts.as_array().map(Vec::len), Some(5), "beside house, fees and default");
    assert_eq!(server.get("/accounts/alice").await.status, 404);
}

#[tokio::test]
async fn an_instrument_stands_in_place_of_that_of_main_and_symbols_are_as_they_were() {
    let server = own_venue(|_| {});
    let body = json!({"instruments": [{"symbol": "EURUSD", "class": "forex", "quote": "USD", "tick": "0.1", "lot": 1,
        "reference_price": "2.0"}]});
    let (venue, _) = make(&server, body).await;
    assert_eq!(venue.get("/instruments/EURUSD").await.json()["tick"], "0.1");
    assert_eq!(server.get("/instruments/EURUSD").await.json()["tick"], "0.00001");
}

#[tokio::test]
async fn venues_are_listed_in_pages_in_the_order_of_their_making() {
    let server = own_venue(|_| {});
    for name in ["z", "b", "y", "a"] {
        make(&server, json!({"name": name})).await;
    }
    let names = |reply: &crate::support::Reply| -> Vec<String> {
        let list = reply.json();
        list.as_array().expect("a list").iter().map(|one| one["name"].as_str().expect("a name").to_owned()).collect()
    };
    let all = server.get("/venues").await;
    assert_eq!((names(&all), all.header("link")), (["main", "z", "b", "y", "a"].map(str::to_owned).to_vec(), None));
    let first = server.get("/venues?limit=2").await;
    let link = first.header("link").expect("there are more").to_owned();
    assert_eq!(names(&first), ["main", "z"]);
    let next = link.trim_start_matches("<http://localhost").split('>').next().expect("an address");
    let second = Request::new("GET", next).send(server.addr).await;
    assert_eq!(
        (names(&second), second.header("link").is_some()),
        (vec!["b".to_owned(), "y".to_owned()], true),
        "{link}"
    );
    assert_eq!(names(&server.get("/venues?after=y&limit=5000").await), ["a"]);
    for (query, field) in [("limit=0", "limit"), ("limit=x", "limit"), ("after=nobody", "after")] {
        let reply = server.get(&format!("/venues?{query}")).await;
        assert_eq!((reply.status, &reply.json()["detail"][0]["loc"]), (422, &json!(["query", field])), "{query}");
    }
}

#[tokio::test]
async fn a_venue_that_is_removed_is_gone_and_its_sockets_close_with_1001() {
    let server = own_venue(|_| {});
    let (venue, _) = make(&server, json!({"name": "short"})).await;
    let (mut one, mut other) = (venue.subscribe("").await, venue.subscribe("?format=json").await);
    let mut of_main = server.subscribe("").await;
    let order = venue.place("EURUSD", 1).await;
    assert_eq!(server.delete("/venues/short").await.status, 204);
    assert_eq!(one.text().await, format!("{} is PENDING", id(&order)), "what happened before is told");
    for subscriber in [&mut one, &mut other] {
        let frame = subscriber.close_frame().await.expect("a close frame");
        assert_eq!((u16::from(frame.code), &*frame.reason), (1001, "the venue was removed"));
    }
    for reply in [venue.get(&path(&order)).await, server.get("/venues/short").await] {
        assert_eq!((reply.status, reply.json()), (404, json!({"detail": "Venue not found"})));
    }
    assert_eq!(server.delete("/venues/short").await.status, 404);
    assert!(Subscriber::connect_to(server.addr, "/venues/short/ws").await.is_err());
    let of_another = server.place("EURUSD", 1).await;
    assert_eq!(of_main.text().await, format!("{} is PENDING", id(&of_another)), "others go on");
    let (venue, _) = make(&server, json!({"name": "short"})).await;
    assert_eq!(venue.get("/orders").await.json(), json!({}), "the name is free, and nothing of the other is left");
}

#[tokio::test]
async fn main_stays_and_a_name_in_use_is_taken() {
    let server = own_venue(|_| {});
    make(&server, json!({"name": "a"})).await;
    for name in ["a", "main"] {
        let reply = server.post("/venues", &json!({"name": name}).to_string()).await;
        assert_eq!((reply.status, &reply.json()["code"]), (409, &json!("venue_exists")), "{name}");
    }
    for reply in [server.delete("/venues/main").await, server.post("/venues/main/reset", "").await] {
        assert_eq!((reply.status, &reply.json()["code"]), (409, &json!("main_stays")));
    }
    assert_eq!(server.get("/venues/main").await.status, 200);
}

#[tokio::test]
async fn examples_of_the_document_are_taken() {
    let server = own_venue(|_| {});
    let document = server.get("/openapi.json").await.json();
    make(&server, json!({"name": "x"})).await;
    for (path, at, status) in [("/venues", "/venues", 201), ("/venues/{v}/reset", "/venues/x/reset", 200)] {
        let content = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"];
        let examples = content["examples"].as_object().expect("examples");
        for (name, example) in examples {
            let reply = server.post(at, &example["value"].to_string()).await;
            assert_eq!(reply.status, status, "{path} {name}: {reply:?}");
        }
    }
    let of_venue = server.get("/venues/x/openapi.json").await.json();
    assert!(of_venue["paths"]["/orders"].is_object() && of_venue["paths"]["/venues"].is_null());
}

#[tokio::test]
async fn of_many_who_want_one_name_one_gets_it() {
    let server = own_venue(|_| {});
    let asks = (0..16).map(|_| server.post("/venues", r#"{"name": "wanted", "accounts": [{"id": "a"}]}"#));
    let replies = futures_util::future::join_all(asks).await;
    let mut codes: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    codes.sort_unstable();
    assert_eq!((codes[0], codes[1..].iter().all(|&code| code == 409)), (201, true), "{codes:?}");
}

#[tokio::test]
async fn pages_of_elsewhere_control_nothing() {
    let server = own_venue(|_| {});
    make(&server, json!({"name": "a"})).await;
    for (method, path) in [
        ("POST", "/venues"),
        ("GET", "/venues"),
        ("GET", "/venues/a"),
        ("DELETE", "/venues/a"),
        ("POST", "/venues/a/reset"),
    ] {
        let ask = |origin: &str| Request::new(method, path).header("Origin", origin).send(server.addr);
        assert_eq!(ask("http://evil.example").await.status, 403, "{method} {path}");
    }
    assert_eq!(server.get("/venues/a").await.status, 200, "it is still there");
    let own = Request::new("DELETE", "/venues/a")
        .header("Origin", "http://localhost")
        .header("Sec-Fetch-Site", "same-origin");
    assert_eq!(own.send(server.addr).await.status, 204);
}

#[tokio::test]
async fn a_page_that_may_place_orders_controls_nothing_all_the_same() {
    let origin = "http://friend.example";
    let server = own_venue(|config| config.allow_origin = vec![origin.parse().expect("an origin")]);
    let ask = |method: &str, path: &str| Request::new(method, path).header("Origin", origin);
    let order = ask("POST", "/orders").body(r#"{"stoks": "A", "quantity": 1}"#).send(server.addr).await;
    assert_eq!(order.status, 200);
    for (method, path) in [("POST", "/venues"), ("GET", "/venues"), ("GET", "/clock"), ("PUT", "/clock")] {
        assert_eq!(ask(method, path).send(server.addr).await.status, 403, "{method} {path}");
        let preflight = ask("OPTIONS", path).header("Access-Control-Request-Method", method);
        assert_eq!(preflight.send(server.addr).await.status, 403, "{method} {path}");
    }
}

#[tokio::test]
async fn a_venue_that_nobody_uses_is_removed_when_its_ttl_is_over() {
    let server = own_venue(|_| {});
    let (_, idle) = make(&server, json!({"name": "idle", "ttl": "1s"})).await;
    let (used, _) = make(&server, json!({"name": "used", "ttl": "1s"})).await;
    assert_eq!(idle["ttl"], "1s");
    let socket = used.subscribe("").await;
    until("it is removed", async || (server.get("/venues/idle").await.status == 404).then_some(())).await;
    assert_eq!(used.get("/orders").await.status, 200, "a socket keeps it");
    drop(socket);
    until("it is removed too", async || (server.get("/venues/used").await.status == 404).then_some(())).await;
}
