//! Venues that are kept on disk: there again after a restart, each by itself.

use std::fs;

use serde_json::{Value, json};

use super::make;
use crate::support::folder::{DataFolder, write};
use crate::support::process::Process;
use crate::support::rest::{flaw_places, id};
use crate::support::{Venue, own_venue, until};

/// A server on a folder, asked as any other.
async fn serve(folder: &DataFolder) -> (Process, Venue) {
    let (process, addr) = folder.serve(&["--delay", "none", "--seed", "1"]).await;
    (process, Venue::of(addr))
}

/// What is told of a venue that does not change with its life or with what happens in it.
fn settings(told: &Value) -> Value {
    let mut told = told.clone();
    for field in ["instance", "counts", "bytes"] {
        told.as_object_mut().expect("an object").remove(field);
    }
    told
}

#[tokio::test]
async fn what_is_durable_is_there_after_a_kill_with_all_that_it_was_made_with() {
    let folder = DataFolder::new();
    let (process, server) = serve(&folder).await;
    let body = json!({"name": "d", "durable": true, "seed": 5, "clock": {"start": "2026-01-05T14:30:00Z", "speed": 0},
        "delay": "1h", "market": "frozen", "hours": "nyse", "metrics": true,
        "instruments": [{"symbol": "ACME", "class": "equity", "quote": "USD", "tick": "0.01", "lot": 1,
            "reference_price": "12.50"}],
        "accounts": [{"id": "alice", "cash": {"USD": "25000.50"}}]});
    let (venue, made) = make(&server, body).await;
    assert_eq!((&made["durable"], &made["ttl"]), (&json!(true), &Value::Null));
    let early = venue.place("EURUSD", 5).await;
    assert_eq!(venue.post("/clock/advance", r#"{"by": "2h"}"#).await.status, 200);
    let late = venue.place("EURUSD", 7).await;
    let export = venue.get("/orders").await.body;
    let cash = venue.get("/accounts/alice").await.json()["cash"].clone();
    assert!(cash.to_string().contains("25000.5"), "{cash}");
    let (beside, _) = make(&server, json!({"name": "m"})).await;
    beside.place("EURUSD", 1).await;
    let (drawn, told_drawn) = make(&server, json!({"durable": true, "ttl": "1d"})).await;
    drawn.place("BTC/USD", 1).await;
    process.killed().await;

    let (process, server) = serve(&folder).await;
    let told = server.get("/venues/d").await.json();
    assert_eq!(settings(&told), settings(&made));
    assert_eq!(told["instance"], made["instance"], "the same life of it");
    let venue = server.at("d");
    assert_eq!(venue.get("/orders").await.body, export);
    assert_eq!(venue.get("/clock").await.json()["now"], "2026-01-05T16:30:00.000000Z");
    assert_eq!(venue.get(&format!("/orders/{}", id(&early))).await.json()["status"], "EXECUTED");
    assert_eq!(venue.get(&format!("/orders/{}", id(&late))).await.json()["status"], "PENDING");
    assert_eq!(venue.get("/accounts/alice").await.json()["cash"], cash);
    assert_eq!(venue.get("/instruments/ACME").await.status, 200);
    assert_eq!(server.get("/venues/m").await.status, 404, "it was in memory");
    let name = told_drawn["name"].as_str().expect("a name");
    let told = server.get(&format!("/venues/{name}")).await.json();
    assert_eq!(settings(&told), settings(&told_drawn));
    let names: Vec<Value> = server.get("/venues").await.json().as_array().expect("a list").clone();
    let names: Vec<&str> = names.iter().filter_map(|venue| venue["name"].as_str()).collect();
    assert_eq!(names, ["main", "d", name], "in the order in which they were made");
    // It goes on: what was to happen happens, and no id comes twice.
    assert_eq!(venue.post("/clock/advance", r#"{"by": "1h"}"#).await.status, 200);
    assert_eq!(venue.get(&format!("/orders/{}", id(&late))).await.json()["status"], "EXECUTED");
    let next = venue.place("EURUSD", 1).await;
    assert!(id(&next) != id(&late) && id(&next) != id(&early));
    process.signal("TERM");
    let ended = process.ended().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for dir in [folder.file("venues/d"), folder.file("venues").join(name)] {
        let dir = dir.to_str().expect("a plain path");
        let checked = Process::start(&["check", "--data-dir", dir]).ended().await;
        assert_eq!((checked.code, checked.stderr.as_str()), (Some(0), ""), "{checked:?}");
    }
}

#[tokio::test]
async fn a_reset_and_a_removal_outlive_a_kill() {
    let folder = DataFolder::new();
    let (process, server) = serve(&folder).await;
    let (kept, _) = make(
        &server,
        json!({"name": "kept", "durable": true, "seed": 1,
        "accounts": [{"id": "alice"}]}),
    )
    .await;
    let (gone, _) = make(&server, json!({"name": "gone", "durable": true})).await;
    gone.place("EURUSD", 1).await;
    let first = kept.place("EURUSD", 5).await;
    assert_eq!(kept.post("/accounts", r#"{"id": "bob"}"#).await.status, 201);
    let reset = server.post("/venues/kept/reset", r#"{"seed": 2, "keep": ["accounts"]}"#).await;
    assert_eq!(reset.status, 200, "{reset:?}");
    let second = kept.place("EURUSD", 6).await;
    assert_ne!(id(&first), id(&second));
    assert_eq!(server.delete("/venues/gone").await.status, 204);
    assert!(!folder.file("venues/gone").exists(), "nothing is left of it");
    process.killed().await;

    let (process, server) = serve(&folder).await;
    assert_eq!(server.get("/venues/gone").await.status, 404);
    let kept = server.at("kept");
    let told = server.get("/venues/kept").await.json();
    assert_eq!((&told["seed"], &told["instance"]), (&json!(2), &reset.json()["instance"]));
    assert_eq!(kept.get(&format!("/orders/{}", id(&second))).await.status, 200);
    assert_eq!(kept.get(&format!("/orders/{}", id(&first))).await.status, 404);
    assert_eq!(kept.get("/accounts/bob").await.status, 200, "it was kept");
    // Once more: what it was made with, and no more.
    assert_eq!(server.post("/venues/kept/reset", "").await.status, 200);
    assert_eq!(kept.get("/accounts/alice").await.status, 200);
    assert_eq!(kept.get("/accounts/bob").await.status, 404);
    let dirs = fs::read_dir(folder.file("venues")).expect("it is there").count();
    assert_eq!(dirs, 1, "of each life only the last is kept");
    drop(process);
}

#[tokio::test]
async fn one_that_is_damaged_is_refused_by_itself() {
    let folder = DataFolder::new();
    let (process, server) = serve(&folder).await;
    for name in ["whole", "torn", "mute"] {
        let (venue, _) = make(&server, json!({"name": name, "durable": true})).await;
        venue.place("EURUSD", 1).await;
    }
    process.killed().await;
    write(&folder.file("venues/torn/tradepit.db"), b"SQLite format 3\0 and nothing more");
    write(&folder.file("venues/mute/venue.json"), b"{}");
    fs::create_dir(folder.file("venues/half-made")).expect("room");

    let (mut process, server) = serve(&folder).await;
    let complaint = process.complaint("torn").await;
    assert!(complaint.contains("ERROR") && complaint.contains("tradepit.db"), "{complaint}");
    for (name, why) in [("torn", "tradepit.db"), ("mute", "venue.json is damaged")] {
        for path in ["", "/orders", "/clock"] {
            let reply = server.get(&format!("/venues/{name}{path}")).await;
            let detail = reply.json()["detail"].as_str().expect("a reason").to_owned();
            assert!(reply.status == 503 && detail.contains(why), "{name}{path}: {reply:?}");
        }
        assert_eq!(server.post("/venues", &json!({"name": name}).to_string()).await.status, 409);
        assert_eq!(server.post(&format!("/venues/{name}/reset"), "").await.status, 503);
    }
    assert_eq!(server.at("whole").place("EURUSD", 2).await["status"], "PENDING");
    assert_eq!(server.place("EURUSD", 2).await["status"], "PENDING");
    assert!(!folder.file("venues/half-made").exists(), "it was never finished");
    assert_eq!(server.delete("/venues/torn").await.status, 204);
    let (again, _) = make(&server, json!({"name": "torn", "durable": true})).await;
    assert_eq!(again.get("/orders").await.json(), json!({}));
    drop(process);
}

#[tokio::test]
async fn one_whose_files_are_taken_away_is_told_of_and_the_others_go_on() {
    let folder = DataFolder::new();
    let (mut process, server) = serve(&folder).await;
    let (venue, _) = make(&server, json!({"name": "v", "durable": true})).await;
    let mut subscriber = venue.subscribe("").await;
    fs::remove_dir_all(folder.file("venues/v")).expect("it is there");
    let reply = venue.post("/orders", r#"{"stoks": "EURUSD", "quantity": 1}"#).await;
    assert_eq!(reply.status, 503, "nothing was kept: {reply:?}");
    process.complaint("the venue v cannot be used any more").await;
    let frame = subscriber.close_frame().await.expect("a close frame");
    assert_eq!(u16::from(frame.code), 1011);
    until("it is told of", async || {
        let told = server.get("/venues/v/orders").await.json()["detail"].to_string();
        told.contains("is gone").then_some(())
    })
    .await;
    assert_eq!(server.place("EURUSD", 1).await["status"], "PENDING");
    assert_eq!(server.delete("/venues/v").await.status, 204);
    process.signal("TERM");
    assert_eq!(process.ended().await.code, Some(0));
}

#[tokio::test]
async fn without_a_data_folder_nothing_is_kept_and_a_flawed_body_leaves_nothing() {
    let server = own_venue(|_| {});
    let reply = server.post("/venues", r#"{"durable": true, "seed": -1}"#).await;
    assert_eq!((reply.status, flaw_places(&reply)), (422, vec!["body.durable".to_owned(), "body.seed".to_owned()]));
    assert!(reply.body.contains("no_data_folder"), "{reply:?}");
    let folder = DataFolder::new();
    let server = folder.venue(|_| {});
    let flawed = r#"{"name": "f", "durable": true, "accounts": [{"id": "a", "cash": {"XXX": "-1"}}]}"#;
    assert_eq!(server.post("/venues", flawed).await.status, 422);
    assert!(!folder.file("venues/f").exists());
    assert_eq!(server.post("/venues", r#"{"name": "f", "durable": true}"#).await.status, 201);
    assert_eq!(server.post("/venues", r#"{"name": "f", "durable": true}"#).await.status, 409);
    server.stop().expect("it ends well");
}
