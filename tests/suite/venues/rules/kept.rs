//! Rules of `main`: from a file, and over restarts.

use serde_json::{Value, json};

use crate::support::Request;
use crate::support::folder::DataFolder;
use crate::support::process::Process;
use crate::support::rest::Kept;

const RULES: &str = r#"[{"match": {"nth": 3}, "do": {"reject": "the third"}},
    {"match": {"probability": 0.5}, "do": {"reject": "by chance"}}]"#;

/// A file of rules, and its folder.
fn file(text: &str) -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("rules.json");
    std::fs::write(&path, text).expect("a file");
    (dir, path.to_str().expect("UTF-8").to_owned())
}

async fn place(line: &mut Kept, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..count {
        statuses.push(line.ask("POST", "/orders", r#"{"stoks": "EURUSD", "quantity": 1}"#).await.status);
    }
    statuses
}

#[tokio::test]
async fn a_file_says_what_becomes_of_orders_of_main_and_of_venues_made_as_it() {
    let (_dir, path) = file(r#"{"preset": "instant"}"#);
    let (server, addr) = Process::serve(&["--rules", &path, "--delay", "1h"]).await;
    let mut line = Kept::open(addr).await;
    let order = line.ask("POST", "/orders", r#"{"stoks": "EURUSD", "quantity": 1}"#).await.json();
    assert_eq!((&order["due_at"], &order["number"]), (&order["accepted_at"], &json!(1)), "the first change of all");
    assert_eq!(line.ask("POST", "/venues", r#"{"name": "as-main"}"#).await.status, 201);
    assert_eq!(line.ask("GET", "/venues/as-main/rules", "").await.json()[0]["name"], "no delay");
    assert_eq!(line.ask("POST", "/venues", r#"{"name": "none", "rules": []}"#).await.status, 201);
    assert_eq!(line.ask("GET", "/venues/none/rules", "").await.json(), json!([]));
    server.killed().await;
}

#[tokio::test]
async fn a_file_that_is_wrong_is_refused_with_all_that_is() {
    let (_dir, path) = file(r#"[{"match": {"x": 1}, "do": {}}, 7]"#);
    let ended = Process::start(&["serve", "--port", "0", "--rules", &path]).ended().await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
    for part in ["0.match.x: There is no such field", "0.do: Input should say", "1: Input should be a JSON object"] {
        assert!(ended.stderr.contains(part), "{part}: {}", ended.stderr);
    }
}

#[tokio::test]
async fn rules_their_counts_and_their_chance_outlive_a_kill() {
    let folder = DataFolder::new();
    let (_dir, path) = file(RULES);
    let flags = ["--delay", "1h", "--seed", "9", "--rules", &path];
    // What becomes of them where nothing ends.
    let (server, addr) = Process::serve(&flags).await;
    let expected = place(&mut Kept::open(addr).await, 30).await;
    server.killed().await;
    assert_eq!((expected[2], expected.contains(&200)), (403, true), "{expected:?}");

    let mut statuses = Vec::new();
    for piece in [2, 1, 7, 20] {
        let (server, addr) = folder.serve(&flags).await;
        let mut line = Kept::open(addr).await;
        let before = line.ask("GET", "/rules", "").await.json();
        let matched = |rules: &Value| (rules[0]["matched"].clone(), rules[1]["used"].clone());
        let by_chance = statuses.iter().enumerate().filter(|(place, status)| *place != 2 && **status == 403).count();
        assert_eq!(matched(&before), (json!(u8::from(statuses.len() > 2)), json!(by_chance)));
        statuses.extend(place(&mut line, piece).await);
        server.killed().await;
        folder.check().await;
    }
    assert_eq!(statuses, expected);
}

#[tokio::test]
async fn what_was_set_stays_whatever_a_file_says() {
    let folder = DataFolder::new();
    let (_dir, path) = file(RULES);
    for (set, expected) in [("[]", json!([])), (r#"[{"match": {}, "do": "nothing"}]"#, json!("nothing"))] {
        let (server, addr) = folder.serve(&["--rules", &path]).await;
        assert_eq!(Request::new("PUT", "/rules").body(set).send(addr).await.status, 200);
        server.signal("TERM");
        assert_eq!(server.ended().await.code, Some(0));
        let (server, addr) = folder.serve(&["--rules", &path]).await;
        let rules = Request::new("GET", "/rules").send(addr).await.json();
        assert!(rules == expected || rules[0]["do"] == expected, "{rules}");
        server.killed().await;
    }
    folder.check().await;
}

#[tokio::test]
async fn what_is_in_store_for_an_order_outlives_a_kill() {
    let folder = DataFolder::new();
    let rules = r#"[{"match": {"client_order_id": "parts"}, "do": {"fill": ["3", "3", "3"], "every": "10s"}},
        {"match": {"client_order_id": "late"}, "do": {"reject_on_arrival": "too late", "delay": "15s"}},
        {"match": {"client_order_id": "slow"}, "do": {"cancel_delay": "15s"}}]"#;
    let (_dir, path) = file(rules);
    let flags = ["--clock", "2026-01-05T14:30:00Z", "--delay", "none", "--market", "frozen", "--rules", &path];
    let place = async |line: &mut Kept, name: &str| {
        let terms = r#""type": "limit", "limit_price": "1.05""#;
        let body = format!(r#"{{"stoks": "EURUSD", "quantity": 9, "client_order_id": "{name}", {terms}}}"#);
        line.ask("POST", "/orders", &body).await.json()
    };
    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    let mut orders = Vec::new();
    for name in ["parts", "late", "slow"] {
        orders.push(place(&mut line, name).await);
    }
    let stands = async |line: &mut Kept| {
        let mut told = Vec::new();
        for order in &orders {
            let order = line.ask("GET", &crate::support::rest::path(order), "").await.json();
            told.push(format!("{} {}", order["state"].as_str().unwrap_or("?"), order["filled_qty"]));
        }
        told
    };
    let slow = orders[2].clone();
    let asked = tokio::spawn(Request::new("DELETE", &crate::support::rest::path(&slow)).send(addr));
    let before = crate::support::until("it is asked for", async || {
        let told = stands(&mut line).await;
        told[2].starts_with("pending_cancel").then_some(told)
    });
    assert_eq!(before.await, [r#"partially_filled "3""#, r#"accepted "0""#, r#"pending_cancel "0""#]);
    server.killed().await;
    drop(asked);
    folder.check().await;

    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    assert_eq!(stands(&mut line).await, [r#"partially_filled "3""#, r#"accepted "0""#, r#"pending_cancel "0""#]);
    let mut advance = async |by: &str| {
        let body = format!(r#"{{"by": "{by}"}}"#);
        assert_eq!(line.ask("POST", "/clock/advance", &body).await.status, 200);
        stands(&mut line).await
    };
    assert_eq!(advance("10s").await, [r#"partially_filled "6""#, r#"accepted "0""#, r#"pending_cancel "0""#]);
    assert_eq!(advance("10s").await, [r#"filled "9""#, r#"rejected "0""#, r#"canceled "0""#]);
    server.signal("TERM");
    assert_eq!(server.ended().await.code, Some(0));
    folder.check().await;
}
