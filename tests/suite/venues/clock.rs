//! A venue's clock over HTTP: shown, run otherwise, let go on; and its calendar.

use serde_json::{Value, json};
use tradepit_actors::DelayModel;

use super::make;
use crate::support::folder::DataFolder;
use crate::support::process::Process;
use crate::support::rest::{flaws, id, path};
use crate::support::{Reply, Venue, own_venue};

async fn advance(venue: &Venue, body: Value) -> Value {
    let reply = venue.post("/clock/advance", &body.to_string()).await;
    assert_eq!(reply.status, 200, "{body}: {reply:?}");
    reply.json()
}

async fn put(venue: &Venue, path: &str, body: &Value) -> Reply {
    venue.ask("PUT", path).body(body.to_string()).send(venue.addr).await
}

async fn clock(venue: &Venue) -> Value {
    venue.get("/clock").await.json()
}

#[tokio::test]
async fn a_frozen_clock_goes_on_when_it_is_told_and_all_that_is_due_happens_at_its_own_time() {
    let server = own_venue(|_| {});
    let body = json!({"seed": 3, "clock": {"start": "2026-01-05T14:30:00Z"}, "delay": "10s..50m"});
    let (venue, _) = make(&server, body).await;
    let mut subscriber = venue.subscribe("?format=json").await;
    let mut due = Vec::new();
    for quantity in 1..=20 {
        let order = venue.place("EURUSD", quantity).await;
        assert_eq!(order["accepted_at"], "2026-01-05T14:30:00.000000Z");
        assert_eq!(subscriber.json().await["id"], order["id"]);
        due.push((order["due_at"].as_str().expect("a time").to_owned(), id(&order).to_owned()));
    }
    due.sort();
    let shown = clock(&venue).await;
    assert_eq!((&shown["mode"], &shown["speed"], &shown["is_open"]), (&json!("frozen"), &json!(0), &json!(true)));
    assert_eq!((&shown["next_open"], &shown["next"]), (&Value::Null, &json!(due[0].0)));
    let first = advance(&venue, json!({"events": 1})).await;
    assert_eq!(first["now"], due[0].0);
    let all = advance(&venue, json!({"by": "1h"})).await;
    assert_eq!(all["changes"], 19 * 2, "each arrives, and buys: {all}");
    for (at, id) in &due {
        let told = subscriber.json().await;
        assert_eq!((&told["id"], &told["status"], &told["at"]), (&json!(id), &json!("EXECUTED"), &json!(at)));
    }
    let newest = venue.get("/orders?limit=1").await;
    assert!(newest.body.contains("EXECUTED"), "{newest:?}");
    assert_eq!(clock(&venue).await["next"], Value::Null);
    let to = advance(&venue, json!({"to": "2027-01-05T14:30:00+01:00"})).await;
    assert_eq!((&to["now"], &to["number"]), (&json!("2027-01-05T13:30:00.000000Z"), &all["number"]));
}

#[tokio::test]
async fn a_running_clock_is_as_fast_as_it_was_made() {
    let server = own_venue(|_| {});
    let body = json!({"clock": {"start": "2026-01-05T14:30:00Z", "speed": 7200.5}, "delay": "1h"});
    let (venue, made) = make(&server, body).await;
    assert_eq!(made["clock"], json!({"mode": "running", "speed": 7200.5, "start": "2026-01-05T14:30:00.000000Z"}));
    let mut subscriber = venue.subscribe("?format=json").await;
    let order = venue.place("EURUSD", 1).await;
    // In half a second.
    let told = [subscriber.json().await, subscriber.json().await];
    assert_eq!((&told[1]["status"], &told[1]["at"]), (&json!("EXECUTED"), &order["due_at"]));
    let shown = clock(&venue).await;
    assert_eq!((&shown["mode"], &shown["speed"]), (&json!("running"), &json!(7200.5)));
    assert!(shown["now"].as_str() >= order["due_at"].as_str());
}

#[tokio::test]
async fn mains_clock_is_real_until_somebody_freezes_it() {
    let server = own_venue(|config| config.venue.delay = DelayModel::Fixed { us: 3_600_000_000 });
    let refused = server.post("/clock/advance", r#"{"by": "1h"}"#).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.json()["code"], "clock_is_real");
    assert_eq!(clock(&server).await["mode"], "real");
    let order = server.place("EURUSD", 1).await;
    let frozen = put(&server, "/clock", &json!({"mode": "frozen"})).await;
    assert_eq!((frozen.status, &frozen.json()["speed"]), (200, &json!(0)));
    advance(&server, json!({"by": "61m"})).await;
    assert_eq!(server.get(&path(&order)).await.json()["closed_at"], order["due_at"]);
    let ahead = put(&server, "/venues/main/clock", &json!({"mode": "real"})).await;
    assert_eq!(flaws(&ahead)[0].kind, "time_goes_back");
    let faster = put(&server, "/clock", &json!({"speed": 60})).await.json();
    assert_eq!((&faster["mode"], &faster["speed"]), (&json!("running"), &json!(60)));
}

#[tokio::test]
async fn sessions_of_new_york_are_told_and_a_day_order_ends_with_one() {
    let server = own_venue(|_| {});
    let body = json!({"clock": {"start": "2026-11-25T20:59:00Z"}, "hours": "nyse", "delay": "none",
        "market": "frozen"});
    let (venue, _) = make(&server, body).await;
    let body = json!({"stoks": "AAPL", "qty": "1", "side": "buy", "type": "limit", "limit_price": "1.00",
        "time_in_force": "day"});
    let order = venue.post("/orders", &body.to_string()).await.json();
    let shown = clock(&venue).await;
    assert_eq!((&shown["is_open"], &shown["next"]), (&json!(true), &json!("2026-11-25T21:00:00.000000Z")));
    // Thanksgiving is no session, and the day after it is a short one.
    assert_eq!(shown["next_open"], "2026-11-27T14:30:00.000000Z");
    assert_eq!(shown["next_close"], "2026-11-25T21:00:00.000000Z");
    advance(&venue, json!({"events": 1})).await;
    assert_eq!(venue.get(&path(&order)).await.json()["state"], "expired");
    let shown = clock(&venue).await;
    assert_eq!((&shown["is_open"], &shown["next_close"]), (&json!(false), &json!("2026-11-27T18:00:00.000000Z")));
    let calendar = venue.get("/calendar?start=2026-11-25&end=2026-12-01").await.json();
    let session = |date: &str, close: &str| {
        let [open, close] = ["14:30", close].map(|time| format!("{date}T{time}:00.000000Z"));
        json!({"date": date, "open": open, "close": close})
    };
    let expected = [("2026-11-25", "21:00"), ("2026-11-27", "18:00"), ("2026-11-30", "21:00")];
    assert_eq!(calendar, json!(expected.map(|(date, close)| session(date, close))));
    let always = server.get("/calendar?start=2026-11-26&end=2026-11-27").await.json();
    assert_eq!(always[0]["close"], "2026-11-27T00:00:00.000000Z", "main trades always");
    assert_eq!(venue.get("/calendar").await.json()[0]["date"], "2026-11-25", "from its own today");
}

#[tokio::test]
async fn what_is_wrong_with_a_question_to_a_clock_is_told_at_its_place() {
    let server = own_venue(|_| {});
    let (venue, _) = make(&server, json!({"clock": {"start": "2026-01-05T14:30:00Z"}})).await;
    for (body, expected) in [
        (json!({}), [("by", "missing")]),
        (json!({"by": "1h", "events": 1}), [("by", "advance_conflict")]),
        (json!({"by": "soon"}), [("by", "duration")]),
        (json!({"by": "3651d"}), [("by", "duration")]),
        (json!({"to": "2026-01-05T14:29:59Z"}), [("to", "time_goes_back")]),
        (json!({"events": 0}), [("events", "events")]),
        (json!({"events": 1_000_001}), [("events", "events")]),
    ] {
        refused(&venue.post("/clock/advance", &body.to_string()).await, &expected);
    }
    for (body, expected) in [
        (json!({}), [("mode", "missing")]),
        (json!({"mode": "stopped"}), [("mode", "enum")]),
        (json!({"mode": "real", "speed": 1}), [("speed", "speed_conflict")]),
        (json!({"mode": "frozen", "speed": 1}), [("speed", "speed_conflict")]),
        (json!({"mode": "running", "speed": 0}), [("speed", "speed_conflict")]),
        (json!({"speed": 1_000_001}), [("speed", "speed")]),
        (json!({"speed": 0.0001}), [("speed", "speed")]),
    ] {
        refused(&put(&venue, "/clock", &body).await, &expected);
    }
    for (query, field, kind) in [
        ("start=today", "start", "date"),
        ("start=2026-01-01&end=2026-13-01", "end", "date"),
        ("start=2026-01-01&end=2037-01-01", "end", "too_many_days"),
    ] {
        let reply = venue.get(&format!("/calendar?{query}")).await;
        assert_eq!(reply.status, 422, "{query}");
        assert_eq!(reply.json()["detail"][0]["loc"], json!(["query", field]));
        assert_eq!(reply.json()["detail"][0]["type"], kind);
    }
    let far = venue.post("/clock/advance", r#"{"to": "9999-12-31T23:59:59Z"}"#).await;
    assert_eq!(far.status, 200);
    refused(&venue.post("/clock/advance", r#"{"by": "1h"}"#).await, &[("by", "too_far")]);
}

fn refused(reply: &Reply, expected: &[(&str, &str)]) {
    let told: Vec<(String, String)> = flaws(reply).iter().map(|flaw| (flaw.place(), flaw.kind.clone())).collect();
    let expected: Vec<(String, String)> =
        expected.iter().map(|(field, kind)| (format!("body.{field}"), (*kind).to_owned())).collect();
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_frozen_main_goes_on_after_a_kill_where_its_clock_had_come() {
    let folder = DataFolder::new();
    let args = ["--data-dir", folder.path(), "--clock", "2026-01-05T14:30:00Z", "--delay", "1h"];
    let (process, addr) = Process::serve(&args).await;
    let venue = Venue::of(addr);
    let order = venue.place("EURUSD", 1).await;
    let advanced = advance(&venue, json!({"by": "30m"})).await;
    assert_eq!((&advanced["now"], &advanced["changes"]), (&json!("2026-01-05T15:00:00.000000Z"), &json!(0)));
    process.killed().await;
    let (_process, addr) = Process::serve(&args).await;
    let venue = Venue::of(addr);
    assert_eq!(clock(&venue).await["now"], "2026-01-05T15:00:00.000000Z");
    advance(&venue, json!({"by": "30m"})).await;
    assert_eq!(venue.get(&path(&order)).await.json()["status"], "EXECUTED");
}
