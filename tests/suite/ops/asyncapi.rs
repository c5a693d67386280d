//! `/asyncapi.json`: it describes what subscribers are sent.

use tradepit::config::Market;

use super::*;

async fn document() -> Value {
    let reply = server().get("/asyncapi.json").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
    reply.json()
}

fn check_frame(document: &Value, message: &str, frame: &Value) {
    let payload = &document["components"]["messages"][message]["payload"];
    assert!(payload.is_object(), "{message}");
    check(document, payload, frame);
}

#[tokio::test]
async fn it_is_asyncapi_3_and_every_reference_leads_somewhere() {
    let document = document().await;
    assert!(document["asyncapi"].as_str().is_some_and(|version| version.starts_with("3.")), "{document}");
    assert!(follow_all(&document, &document) >= 10);
    assert_eq!(document["channels"]["announcements"]["address"], "/ws");
    assert_eq!(document["info"]["version"], server().get("/openapi.json").await.json()["info"]["version"]);
}

#[tokio::test]
async fn its_examples_are_as_described() {
    let document = document().await;
    for (name, message) in document["components"]["messages"].as_object().expect("messages") {
        for example in message["examples"].as_array().expect("examples") {
            check_frame(&document, name, &example["payload"]);
        }
    }
}

#[tokio::test]
async fn real_frames_are_as_described() {
    let document = document().await;
    let (mut text, mut json) = (server().subscribe("").await, server().subscribe("?format=json").await);
    let executed = server().place("EURUSD", 7).await;
    for status in ["PENDING", "EXECUTED"] {
        let frame = text.text_of(id(&executed)).await;
        check_frame(&document, "text", &Value::from(frame.as_str()));
        assert!(frame.ends_with(status), "{frame}");
        let frame: Value = serde_json::from_str(&json.text_of(id(&executed)).await).expect("JSON");
        check_frame(&document, "change", &frame);
        assert_eq!(frame["status"], status);
    }
    let cancelled = server().place_long("EURUSD", 7).await;
    json.text_of(id(&cancelled)).await;
    assert_eq!(server().delete(&format!("/orders/{}", id(&cancelled))).await.status, 204);
    let frame: Value = serde_json::from_str(&json.text_of(id(&cancelled)).await).expect("JSON");
    check_frame(&document, "change", &frame);
    assert_eq!(frame["status"], "CANCELLED");
}

#[tokio::test]
async fn a_real_gap_is_as_described() {
    let document = document().await;
    let venue = own_venue(|config| {
        config.venue.history = 2;
        config.venue.delay = DelayModel::Fixed { us: 3_600_000_000 };
    });
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(id(&venue.place("EURUSD", 7).await).to_owned());
    }
    let mut late = Subscriber::connect(venue.addr, "?format=json&since=1").await;
    let lagged = late.json().await;
    check_frame(&document, "lagged", &lagged);
    assert_eq!(lagged, serde_json::json!({"type": "lagged", "oldest": 3, "seq": 4}));
    for id in ids {
        let order = late.json().await;
        check_frame(&document, "order", &order);
        assert_eq!(order["id"], id);
    }
}

#[tokio::test]
async fn what_is_told_of_the_market_is_as_described() {
    let document = document().await;
    let venue = own_venue(|config| config.venue.market = Market::Volatile);
    let query = "?format=json&channels=trades,bars,quotes,book&symbols=EURUSD&timeframe=1s";
    let (mut subscriber, mut seen) = (venue.subscribe(query).await, BTreeSet::new());
    while seen.len() < 5 {
        let frame = subscriber.json().await;
        let message = match frame["channel"].as_str() {
            Some("trades") => "trade",
            Some("bars") => "bar",
            Some("quotes") => "quote",
            Some("book") if frame["previous"].is_null() => "book",
            Some("book") => "bookChange",
            other => panic!("{other:?} was not asked for"),
        };
        check_frame(&document, message, &frame);
        seen.insert(message);
    }
}
