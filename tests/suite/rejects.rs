//! What was refused: `GET /rejects`, and the frames of `/ws?rejects=true`.

use std::time::Duration;

use serde_json::{Value, json};
use tradepit_actors::DelayModel;
use tradepit_places::everywhere;

use crate::support::raw_ws::{ask, handshake};
use crate::support::rest::{Kept, flaw_places, flaws, listed_ids, micros, next_page};
use crate::support::{Line, Recorder, Reply, Request, Subscriber, Venue, figures, own_venue, pause, seq_of, until};

/// All that are told at once.
async fn rejects(venue: &Venue) -> Vec<Value> {
    let reply = venue.get("/rejects").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")), "{reply:?}");
    reply.json().as_array().expect("an array").clone()
}

fn numbers(reply: &Reply) -> Vec<u64> {
    let list = reply.json();
    list.as_array().expect("an array").iter().map(|reject| reject["number"].as_u64().expect("a number")).collect()
}

#[tokio::test]
async fn a_refused_request_is_told_with_what_it_sent_and_what_it_was_told() {
    let venue = own_venue(|_| {});
    assert_eq!(venue.get("/rejects").await.body, "[]");
    let placed = venue.place("A", 1).await;
    let sent = r#"{"stoks": "A", "quantity": 0}"#;
    let reply = venue.post("/orders?x=1&y", sent).await;
    let told = rejects(&venue).await;
    assert_eq!(told.len(), 1, "what succeeds is none");
    let at = micros(&told[0]["at"]);
    assert!((at - micros(&placed["accepted_at"])).abs() < 20_000_000, "{at}");
    let expected = json!({
        "number": 1, "at": told[0]["at"], "method": "POST", "path": "/orders", "query": "x=1&y", "status": 422,
        "sent": sent, "detail": reply.json()["detail"],
    });
    assert_eq!(told[0], expected);
    let fields: Vec<&str> = venue_fields(&venue.get("/rejects").await.body);
    assert_eq!(fields, ["number", "at", "method", "path", "query", "status", "sent", "detail"]);
    let detail = reply.body.strip_prefix(r#"{"detail":"#).and_then(|body| body.strip_suffix('}')).expect("a detail");
    assert!(venue.get("/rejects").await.body.ends_with(&format!(r#","detail":{detail}}}]"#)), "as it was spelled");
}

/// The names of the first object of a list, in their order, as far as they stand before a nested one.
fn venue_fields(body: &str) -> Vec<&'static str> {
    const ALL: [&str; 8] = ["number", "at", "method", "path", "query", "status", "sent", "detail"];
    let mut places: Vec<(usize, &str)> =
        ALL.iter().filter_map(|name| Some((body.find(&format!("\"{name}\":"))?, *name))).collect();
    places.sort_unstable();
    places.into_iter().map(|(_, name)| name).collect()
}

#[tokio::test]
async fn whatever_refuses_a_request_it_is_told() {
    let venue = own_venue(|_| {});
    let big = "x".repeat(70_000);
    let requests = [
        (Request::new("GET", "/nowhere"), 404),
        (Request::new("GET", "/orders/nothing"), 404),
        (Request::new("PUT", "/orders"), 405),
        (Request::new("GET", "/orders?limit=0"), 422),
        (Request::new("GET", "/ws"), 426),
        (Request::new("GET", "/ws").header("Upgrade", "websocket"), 400),
        (Request::new("DELETE", "/orders/x").header("Origin", "http://evil.example"), 403),
        (Request::new("POST", "/orders").header("Content-Encoding", "gzip").body("{}"), 415),
        (Request::new("POST", "/orders").body(&big), 413),
        (Request::new("GET", "/rejects?limit=x"), 422),
        (Request::new("HEAD", "/orders/nothing"), 404),
    ];
    let mut expected = Vec::new();
    for (request, status) in requests {
        let reply = request.send(venue.addr).await;
        assert_eq!(reply.status, status, "{reply:?}");
        expected.push(u64::from(status));
    }
    let foreign = "GET /orders HTTP/1.1\r\nHost: evil.example\r\nUser-Agent: Mozilla/5.0\r\nConnection: close\r\n\r\n";
    assert_eq!(crate::support::send_raw(venue.addr, foreign.as_bytes()).await.status, 421);
    expected.push(421);
    // While it is read, too.
    let chunk = format!("{:x}\r\n{{\"a\":\"{}\r\n", 30_006, "y".repeat(30_000));
    let head = "POST /orders HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunks = format!("{head}{}0\r\n\r\n", chunk.repeat(3));
    assert_eq!(crate::support::send_raw(venue.addr, chunks.as_bytes()).await.status, 413);
    expected.push(413);
    let told = rejects(&venue).await;
    let statuses: Vec<u64> = told.iter().rev().map(|reject| reject["status"].as_u64().expect("a number")).collect();
    assert_eq!(statuses, expected);
    assert!(told.iter().all(|reject| reject["detail"].is_string() || reject["detail"].is_array()), "{told:?}");
    let begin = told[0]["sent"].as_str().expect("what came of it");
    assert!(begin.starts_with("{\"a\":\"yyy") && begin.chars().count() == 1_000, "{begin}");
    let unread: Vec<&Value> = told[1..].iter().map(|reject| &reject["sent"]).collect();
    assert!(unread.iter().all(|sent| sent.is_null()), "nothing of those was read: {unread:?}");
    assert_eq!(told[1].get("query"), None);
    assert_eq!(told.last().map(|reject| &reject["path"]), Some(&json!("/nowhere")));
}

#[tokio::test]
async fn probes_and_the_files_of_the_page_are_not_told() {
    let venue = own_venue(|_| {});
    for path in ["/health", "/ready", "/", "/assets/nothing.js", "/docs/nothing.js"] {
        let reply = venue.post(path, "{}").await;
        assert_eq!(reply.status, 405, "{path}");
        venue.get(path).await;
    }
    assert_eq!(venue.get("/assets/nothing.js").await.status, 404);
    assert_eq!(rejects(&venue).await, [json!(null); 0]);
}

#[tokio::test]
async fn nothing_that_is_named_like_a_secret_is_kept() {
    let venue = own_venue(|_| {});
    let body = r#"{"stoks": "A", "quantity": 0, "password": "Hidden1", "api_key": ["Hidden2"],
        "idempotency_key": "seen", "password": "Hidden3"}"#;
    let post = Request::new("POST", "/orders?ticket=Hidden4&a=1&X-Token=Hidden5&client_order_id=seen");
    let post = post.header("Authorization", "Bearer Hidden6").header("X-Secret", "Hidden7").body(body);
    assert_eq!(post.send(venue.addr).await.status, 422);
    // Of what lacks a field the whole body is repeated; of what is long, as a string.
    venue.post("/orders", r#"{"quantity": 1, "Secret": {"a": "Hidden8"}}"#).await;
    let long = format!(r#"{{"quantity": 1, "access_token": "Hidden9", "note": "{}"}}"#, "n".repeat(300));
    venue.post("/orders", &long).await;
    venue.post("/orders", "token=HiddenA&stoks=A").await;
    let told = venue.get("/rejects").await.body;
    assert!(!told.contains("Hidden"), "{told}");
    let told = rejects(&venue).await;
    assert_eq!(told.len(), 4);
    assert_eq!(told[3]["query"], "ticket=…&a=1&X-Token=…&client_order_id=seen");
    let sent = told[3]["sent"].as_str().expect("a text");
    assert!(sent.contains(r#""password": "…""#) && sent.contains(r#""idempotency_key": "seen""#), "{sent}");
    let twice = told[3]["detail"].as_array().expect("faults").iter().find(|fault| fault["type"] == "duplicate_key");
    assert_eq!(twice.expect("it is given twice")["input"], "…");
    assert_eq!(told[0]["sent"], "token=…");
    // What looks like a secret's name within a text takes the list's JSON nothing.
    for path in ["/orders?status=key=", "/orders?status=token='x", "/orders?status=token=[", "/orders%3Ftoken=HiddenB"]
    {
        venue.get(path).await;
    }
    let told = venue.get("/rejects").await.body;
    assert!(!told.contains("Hidden"), "{told}");
    assert_eq!(rejects(&venue).await.len(), 8);
}

#[tokio::test]
async fn pages_lead_from_the_newest_to_the_oldest_that_is_kept() {
    let venue = own_venue(|config| config.rejects = 30);
    let mut line = Kept::open(venue.addr).await;
    for number in 1..=40 {
        assert_eq!(line.ask("GET", &format!("/r{number}"), "").await.status, 404);
    }
    let all: Vec<u64> = (11..=40).rev().collect();
    assert_eq!(numbers(&venue.get("/rejects").await), all);
    assert_eq!(venue.get("/rejects?limit=30").await.header("link"), None);
    let (mut pages, mut next) = (Vec::new(), Some("/rejects?limit=7&foo=1".to_owned()));
    while let Some(path) = next {
        let reply = venue.get(&path).await;
        next = next_page(&reply);
        assert!(next.as_ref().is_none_or(|next| next.starts_with("/rejects?limit=7&foo=1&after=")), "{next:?}");
        pages.push(numbers(&reply));
    }
    assert_eq!((pages.len(), pages.concat()), (5, all));
    assert_eq!(numbers(&venue.get("/rejects?after=13&limit=5000").await), [12, 11]);
    assert_eq!(numbers(&venue.get("/rejects?after=0").await), [0; 0]);
    for (query, place) in [("limit=0", "limit"), ("limit=", "limit"), ("after=-1", "after"), ("after=x", "after")] {
        assert_eq!(flaw_places(&venue.get(&format!("/rejects?{query}")).await), [format!("query.{place}")], "{query}");
    }
    // The oldest have gone; those four are the newest.
    assert_eq!(numbers(&venue.get("/rejects?limit=1").await), [44]);
    assert_eq!(figures::figure(venue.addr, "tradepit_rejects_total").await, 44);
}

#[tokio::test]
async fn they_can_be_switched_off() {
    let venue = own_venue(|config| config.rejects = 0);
    let mut subscriber = Recorder::subscribe(venue.addr, "?format=json&rejects=true").await;
    assert_eq!(venue.get("/nowhere").await.status, 404);
    assert_eq!(rejects(&venue).await, [json!(null); 0]);
    pause(Duration::from_millis(500)).await;
    venue.place("A", 1).await;
    assert_eq!(seq_of(&subscriber.text().await), 1);
}

#[tokio::test]
async fn a_subscriber_that_asks_hears_them_between_the_changes_and_others_do_not() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::Fixed { us: 3_600_000_000 });
    venue.get("/before").await;
    let mut hearing = Subscriber::connect(venue.addr, "?format=json&rejects=true").await;
    let mut replaying = Subscriber::connect(venue.addr, "?format=json&since=0&rejects=true&stoks=NONE").await;
    let mut others = Vec::new();
    for query in ["", "?format=json", "?format=json&rejects=false", "?format=json&since=0", "?rejects=false"] {
        others.push(Recorder::subscribe(venue.addr, query).await);
    }
    venue.place("A", 1).await;
    assert_eq!(hearing.json().await["seq"], 1);
    let reply = venue.post("/orders", "[]").await;
    let told = hearing.json().await;
    let listed = rejects(&venue).await.remove(0);
    assert_eq!(
        (&told["type"], &told["number"], &told["detail"]),
        (&json!("reject"), &json!(2), &reply.json()["detail"])
    );
    let mut expected = json!({"type": "reject"});
    expected.as_object_mut().expect("an object").extend(listed.as_object().expect("an object").clone());
    assert_eq!(told, expected);
    assert_eq!(replaying.json().await, told, "no filter of changes counts");
    venue.place("B", 1).await;
    assert_eq!(hearing.json().await["seq"], 2, "they take no number of a change");
    for other in &mut others {
        for order in 1..=2 {
            let text = other.text().await;
            assert!(text.ends_with("is PENDING") || seq_of(&text) == order, "{text}");
        }
    }
}

#[everywhere]
async fn rejects_need_json() {
    for query in ["?rejects=true", "?format=text&rejects=true", "?format=json&rejects=1", "?rejects="] {
        let reply = ask(crate::support::venue(), &handshake(query)).await;
        assert_eq!(flaws(&reply)[0].place(), "query.rejects", "{query}");
    }
}

/// Thousands of them in a moment: the venue goes on, and whoever hears them is told with gaps, and never cut off.
#[tokio::test]
async fn a_flood_of_refused_requests_slows_nobody_and_drops_nobody() {
    let venue = own_venue(|config| config.rejects = 100);
    let mut hearing = Recorder::subscribe(venue.addr, "?format=json&rejects=true").await;
    let body = format!(r#"{{"note": "{}"}}"#, "n".repeat(900));
    let bad = format!("POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let flood = async {
        let mut line = Line::open(venue.addr).await;
        for _ in 0..100 {
            line.send(bad.repeat(50)).await;
            for _ in 0..50 {
                assert_eq!(line.reply().await.status, 422);
            }
        }
    };
    let trade = async {
        let mut line = Line::open(venue.addr).await;
        line.place_many("A", 500).await
    };
    let (_, orders) = tokio::join!(flood, trade);
    assert_eq!(orders.len(), 500);
    let (mut changes, mut rejects) = (Vec::new(), Vec::new());
    while changes.len() < 1_000 || rejects.last() != Some(&5_000) {
        let told: Value = serde_json::from_str(&hearing.text().await).expect("JSON");
        match told["type"].as_str() {
            Some("reject") => rejects.push(told["number"].as_u64().expect("a number")),
            _ => changes.push(told["seq"].as_u64().expect("a number")),
        }
    }
    assert_eq!(changes, (1..=1_000).collect::<Vec<u64>>());
    assert!(rejects.is_sorted_by(|one, next| one < next) && rejects.len() < 5_000, "{}", rejects.len());
    assert_eq!(figures::dropped(venue.addr, "slow").await, 0);
    until("the list", async || (listed_ids(&venue.get("/orders").await).len() == 500).then_some(())).await;
}
