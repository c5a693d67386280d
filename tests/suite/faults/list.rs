//! The list of a venue: put, shown with its counts, made with, reset.

use serde_json::{Value, json};

use super::{matched, put};
use crate::support::folder::{DataFolder, write};
use crate::support::process::Process;
use crate::support::{Venue, own_venue, send_raw};
use crate::venues::make;

#[tokio::test]
async fn a_list_is_shown_as_it_was_sent_with_its_counts() {
    let venue = own_venue(|_| {});
    assert_eq!(venue.get("/faults").await.json(), json!([]));
    let sent = json!([
        {"name": "slow start", "match": {"route": "POST /orders", "nth": 2}, "do": {"delay": "1ms"}, "times": 5},
        {"do": {"delay": "none"}},
    ]);
    let told = put(&venue, sent.clone()).await;
    let expected = json!([
        {"name": "slow start", "match": {"route": "POST /orders", "nth": 2}, "do": {"delay": "1ms"}, "times": 5,
            "matched": 0},
        {"name": "fault-2", "match": {}, "do": {"delay": "none"}, "times": null, "matched": 0},
    ]);
    assert_eq!(told, expected);
    for _ in 0..3 {
        venue.place("EURUSD", 1).await;
    }
    assert_eq!(matched(&venue).await, [1, 3]);
    assert_eq!(venue.get("/venues/main").await.json()["counts"]["faults"], 2);
    assert_eq!(put(&venue, sent).await, expected, "the same list put again starts at 0");
}

#[tokio::test]
async fn a_venue_has_its_own_and_comes_back_to_what_it_was_made_with() {
    let server = own_venue(|_| {});
    let made_with = json!([{"name": "made", "match": {"route": "GET /orders", "nth": 1}, "do": {"status": 500}}]);
    let (venue, made) = make(&server, json!({"name": "f", "faults": made_with})).await;
    assert_eq!(made["counts"]["faults"], 1);
    let (bare, _) = make(&server, json!({"faults": []})).await;
    assert_eq!([venue.get("/orders").await.status, venue.get("/orders").await.status], [500, 200]);
    assert_eq!([bare.get("/orders").await.status, server.get("/orders").await.status], [200, 200]);
    put(&venue, json!([{"match": {}, "do": {"status": 501}}])).await;
    assert_eq!(venue.get("/orders").await.status, 501);
    assert_eq!(server.post("/venues/f/reset", r#"{"keep": ["rules"]}"#).await.status, 200);
    assert_eq!(venue.get("/faults").await.json()[0]["name"], "made");
    assert_eq!(matched(&venue).await, [0]);
    assert_eq!([venue.get("/orders").await.status, venue.get("/orders").await.status], [500, 200]);
}

#[tokio::test]
async fn a_file_of_faults_is_mains_and_that_of_venues_that_say_nothing() {
    let folder = DataFolder::new();
    let file = folder.file("faults.json");
    write(&file, r#"[{"name": "filed", "match": {"route": "GET /orders", "nth": 1}, "do": {"status": 500}}]"#);
    let server = own_venue(|config| config.venue.faults = Some(file));
    let (venue, _) = make(&server, json!({})).await;
    let (bare, _) = make(&server, json!({"faults": []})).await;
    for (venue, status) in [(&server, 500), (&venue, 500), (&bare, 200)] {
        assert_eq!(venue.get("/orders").await.status, status);
        assert_eq!(venue.get("/orders").await.status, 200);
    }
    assert_eq!(server.get("/faults").await.json()[0]["name"], "filed");
}

#[tokio::test]
async fn a_file_that_is_wrong_is_told_with_its_places_and_nothing_starts() {
    let folder = DataFolder::new();
    let file = folder.file("faults.json");
    let path = file.to_str().expect("a plain path").to_owned();
    let serve = async || Process::start(&["serve", "--port", "0", "--faults", &path]).ended().await;
    let ended = serve().await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains(&format!("the faults in {path}: it cannot be read: ")), "{ended:?}");
    write(&file, r#"[{"do": {"delay": "1ms"}}, {"match": {"nth": 0}, "do": {"status": 1}}]"#);
    let ended = serve().await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("1.match.nth: Input should be a whole number from 1"), "{ended:?}");
    assert!(ended.stderr.contains("1.do.status: Input should be a status from 200 to 599"), "{ended:?}");
}

#[tokio::test]
async fn a_page_of_elsewhere_neither_reads_nor_puts_faults() {
    let origin = "http://front.example".parse().expect("an origin");
    let venue = own_venue(|config| config.allow_origin = vec![origin]);
    for (method, body) in [("GET", ""), ("PUT", "[]")] {
        let head = format!(
            "{method} /faults HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nOrigin: http://front.example\r\n"
        );
        let reply =
            send_raw(venue.addr, format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
        assert_eq!(reply.status, 403, "{method}");
    }
}

#[tokio::test]
async fn examples_of_the_document_are_taken() {
    let server = own_venue(|_| {});
    let document = server.get("/openapi.json").await.json();
    let content = &document["paths"]["/faults"]["put"]["requestBody"]["content"]["application/json"];
    let examples = content["examples"].as_object().expect("examples");
    assert!(examples.len() >= 5);
    for (name, example) in examples {
        let (venue, _) = make(&server, json!({"faults": example["value"]})).await;
        let told = put(&venue, example["value"].clone()).await;
        assert_eq!(told.as_array().map(Vec::len), example["value"].as_array().map(Vec::len), "{name}");
        assert_eq!(venue.get("/faults").await.json(), told);
        check_schema(&document, &told);
    }
}

/// What is told has the fields that the document says, and no others.
fn check_schema(document: &Value, told: &Value) {
    let properties = document["components"]["schemas"]["FaultInForce"]["properties"].as_object().expect("properties");
    let names: Vec<&String> = properties.keys().collect();
    for fault in told.as_array().expect("a list") {
        let mut told: Vec<&String> = fault.as_object().expect("a fault").keys().collect();
        told.sort();
        let mut names = names.clone();
        names.sort();
        assert_eq!(told, names);
    }
}

#[tokio::test]
async fn a_venue_below_its_name_and_main_at_the_root_have_lists_of_their_own() {
    let server = own_venue(|_| {});
    let (venue, _) = make(&server, json!({"name": "own"})).await;
    put(&venue, json!([{"name": "own", "do": {"status": 500}}])).await;
    put(&server.at("main"), json!([{"name": "mains", "do": {"status": 501}}])).await;
    let statuses = async |venue: &Venue| venue.get("/orders").await.status;
    assert_eq!([statuses(&venue).await, statuses(&server).await, statuses(&server.at("main")).await], [500, 501, 501]);
    assert_eq!(server.get("/faults").await.json()[0]["name"], "mains");
}
