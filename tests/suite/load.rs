//! The load tool where it cannot do what was asked of it: it says so, and who held it up. And its mixes: what it says
//! of them is what the server has.

use serde_json::{Value, json};
use tradepit_actors::DelayModel;

use crate::support::process::{Ended, Process};
use crate::support::rest::path;
use crate::support::{Venue, own_venue};

/// A server that answers every request after a tenth of a second: 2 connections carry 20 orders a second.
fn slow() -> Venue {
    own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.route_delay = DelayModel::Fixed { us: 100_000 };
    })
}

/// Runs `tradepit bench` against it; how it ended, and its figures.
async fn bench(venue: &Venue, args: &[&str]) -> (Ended, Value) {
    let json = tempfile::NamedTempFile::new().expect("room for a file");
    let (host, file) = (format!("http://{}", venue.addr), json.path().to_str().expect("a plain path"));
    let ended = Process::start(&[&["bench", "--host", &host, "--json", file], args].concat()).ended().await;
    let figures = std::fs::read_to_string(json.path()).expect("it is written");
    (ended, serde_json::from_str(&figures).expect("JSON"))
}

#[tokio::test]
async fn a_schedule_that_the_server_holds_up_is_told_and_fails_where_that_was_asked_for() {
    let flags = ["--rate", "60", "--connections", "2", "-t", "1s"];
    let (one, other) = (slow(), slow());
    let strict = [&flags[..], &["--strict"]].concat();
    let ((lenient, figures), (strict, _)) = tokio::join!(bench(&one, &flags), bench(&other, &strict));
    assert_eq!((lenient.code, strict.code), (Some(0), Some(1)), "{lenient:?} {strict:?}");
    for ended in [&lenient, &strict] {
        let lines: Vec<&str> = ended.stdout.lines().collect();
        assert!(lines[0].starts_with("60 orders placed"), "{ended:?}");
        assert!(lines[1].starts_with("Fell behind: ") && lines[1].contains(" of 60 orders/s were sent"), "{ended:?}");
        assert!(lines[2].starts_with("The limit was the server: "), "{ended:?}");
        assert_eq!(lines[3], "No failures.", "{ended:?}");
    }
    let schedule = &figures["schedule"];
    assert_eq!((&schedule["limit"], &schedule["asked_per_s"]), (&"server".into(), &60.0.into()));
    // The first 2 leave at once, and then 2 every 100 ms at most.
    let (sent, behind) = (schedule["sent_per_s"].as_f64(), schedule["behind_s"].as_f64());
    assert!(sent.is_some_and(|sent| sent <= 22.0) && behind.is_some_and(|late| late >= 0.6), "{schedule}");
    assert!(figures["shortfall"].as_str().is_some_and(|text| text.starts_with("Fell behind")), "{figures}");
}

#[tokio::test]
async fn a_schedule_that_is_kept_is_no_shortfall() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    let (ended, figures) = bench(&venue, &["--rate", "4", "-t", "1s", "--strict"]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.stdout.lines().nth(1), Some("No failures."));
    assert_eq!((&figures["schedule"]["limit"], &figures["shortfall"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn orders_and_users_that_the_time_did_not_suffice_for_are_a_shortfall_too() {
    let venue = slow();
    let (orders, _) = bench(&venue, &["-u", "1", "-i", "1000", "-t", "500ms", "--strict"]).await;
    let line = orders.stdout.lines().nth(1).unwrap_or_default();
    assert!(
        line.starts_with("Fell short: the time was over after ") && line.ends_with(" of 1000 orders."),
        "{orders:?}"
    );
    let (users, figures) = bench(&venue, &["-u", "100", "-r", "1", "-t", "500ms", "--strict"]).await;
    assert_eq!(users.stdout.lines().nth(1), Some("Fell short: the time was over when 1 of 100 users had started."));
    assert_eq!((orders.code, users.code), (Some(1), Some(1)), "{orders:?} {users:?}");
    assert_eq!(figures["schedule"], Value::Null);
}

/// All orders of a venue, which has few enough for one page.
async fn orders(venue: &Venue) -> Vec<Value> {
    let listed = venue.get("/orders").await;
    assert_eq!(listed.header("link"), None);
    listed.json().as_object().expect("an object of orders").values().cloned().collect()
}

/// How many of them say `value` in this field.
fn count(orders: &[Value], field: &str, value: &str) -> usize {
    orders.iter().filter(|order| order[field] == value).count()
}

/// How much of them traded.
fn traded(orders: &[Value]) -> u64 {
    let part = |order: &Value| order["filled_qty"].as_str().and_then(|part| part.parse::<u64>().ok());
    orders.iter().map(|order| part(order).expect("whole lots")).sum()
}

#[tokio::test]
async fn every_order_of_a_mix_is_accounted_for_and_nobody_elses_is_touched() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::Fixed { us: 2_000 });
    let foreign = r#"{"stoks": "EURUSD", "quantity": 5, "type": "limit", "limit_price": "1.00000"}"#;
    let foreign = venue.post("/orders", foreign).await.json();
    let (ended, figures) = bench(&venue, &["--mix", "limit", "-u", "4", "-i", "600", "--strict"]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.starts_with("600 requests answered in "), "{ended:?}");
    assert_eq!(venue.get(&path(&foreign)).await.json()["state"], "new", "somebody else's order");

    let mut own = orders(&venue).await;
    own.retain(|order| order["id"] != foreign["id"]);
    let told = &figures["mix"]["orders"];
    let number = |field: &str| told[field].as_u64().unwrap_or_else(|| panic!("{field}: {told}")) as usize;
    assert_eq!(number("placed"), own.len());
    assert_eq!(number("filled"), count(&own, "state", "filled"));
    assert_eq!(number("cancelled"), count(&own, "status", "CANCELLED"));
    assert_eq!(number("replaced"), count(&own, "state", "replaced"));
    assert_eq!((number("open"), number("unread"), count(&own, "status", "PENDING")), (0, 0, 0));
    assert_eq!(number("filled") + number("cancelled"), number("placed"));
    assert_eq!(figures["mix"]["traded"], traded(&own).to_string());
    let partly = own.iter().filter(|order| order["status"] == "CANCELLED" && order["filled_qty"] != "0");
    assert_eq!(number("partly_filled"), partly.count());
    let requests = ["post", "patch", "replace", "delete"].map(|kind| match kind {
        "post" => figures[kind]["count"].as_u64(),
        _ => figures["mix"][kind]["count"].as_u64(),
    });
    assert!(requests.iter().all(|count| count.is_some_and(|count| count > 20)), "{requests:?}");
    assert_eq!(requests.iter().flatten().sum::<u64>(), 600);
    assert!(number("filled") > 100, "many trade: {told}");
}

#[tokio::test]
async fn a_mix_keeps_to_a_schedule_and_most_of_book_rests() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    let flags = ["--mix", "book", "--symbol", "BTC/USD", "--rate", "200", "-t", "1s"];
    let (ended, figures) = bench(&venue, &flags).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let (mix, told) = (&figures["mix"], &figures["mix"]["orders"]);
    assert_eq!(figures["aggregated"]["count"], 200, "a request each");
    assert_eq!((&figures["settings"]["mix"], &figures["settings"]["symbol"]), (&json!("book"), &json!("BTC/USD")));
    assert!(mix["patch"]["count"].as_u64() > Some(100) && mix["replace"].is_null(), "{mix}");
    let all = orders(&venue).await;
    assert!(all.iter().all(|order| order["stoks"] == "BTC/USD"));
    assert_eq!(told["placed"], all.len());
    assert_eq!(told["cancelled"], count(&all, "status", "CANCELLED"));
    assert_eq!(count(&all, "status", "PENDING"), 0);
    for ioc in all.iter().filter(|order| order["time_in_force"] == "ioc") {
        assert_eq!(ioc["state"], "filled", "the house is there: {ioc}");
    }
}

#[tokio::test]
async fn a_mix_without_its_instrument_does_not_run() {
    let venue = own_venue(|_| {});
    let host = format!("http://{}", venue.addr);
    for (flags, complaint) in [
        (&["--mix", "limit", "--symbol", "NOPE"] as &[&str], "GET /instruments/NOPE was answered with 404"),
        (&["--symbol", "EURUSD"], "--symbol is what a mix trades"),
    ] {
        let ended = Process::start(&[&["bench", "--host", &host], flags].concat()).ended().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
        assert!(ended.stderr.contains(complaint), "{ended:?}");
    }
}
