//! What is wrong with a list of faults: all of it at once, each with its place.

use serde_json::{Value, json};

use crate::support::own_venue;
use crate::support::rest::flaws;

#[tokio::test]
async fn every_fault_of_a_list_is_told_at_once() {
    let venue = own_venue(|_| {});
    let list = json!([
        {"name": "a\u{e9}", "match": {"route": "POST /clock", "account": "a b", "nth": 0, "color": 1},
            "do": {"status": 99}},
        {"match": {"stream": "news", "between": ["2026-01-05T14:30:00Z"], "every": 1.5, "probability": 2},
            "do": {"status": 503, "delay": "1s"}},
        {"match": 7, "do": {}, "times": 0, "extra": true},
        {"match": {}},
        8,
        {"match": {"between": ["2026-01-05T14:35:00Z", "2026-01-05T14:30:00Z"]}, "do": {"status": 204, "body": "x"}},
        {"do": {"status": 500, "headers": {"content-length": "3", "a b": "x", "X-Y": 7}, "wait": "1s"}},
    ]);
    let reply = venue.ask("PUT", "/faults").body(list.to_string()).send(venue.addr).await;
    let told: Vec<(String, String)> = flaws(&reply).iter().map(|flaw| (flaw.place(), flaw.kind.clone())).collect();
    for (place, kind) in [
        ("0.name", "string_pattern_mismatch"),
        ("0.match.color", "unknown_field"),
        ("0.match.route", "unknown_route"),
        ("0.match.account", "account_id"),
        ("0.match.nth", "count"),
        ("0.do.status", "status"),
        ("1.match.stream", "enum"),
        ("1.match.between", "between"),
        ("1.match.every", "count"),
        ("1.match.probability", "probability"),
        ("1.do", "one_deed"),
        ("2.extra", "unknown_field"),
        ("2.times", "count"),
        ("2.match", "model_attributes_type"),
        ("2.do", "one_deed"),
        ("3.do", "missing"),
        ("4", "model_attributes_type"),
        ("5.match.between", "between"),
        ("5.do.body", "no_body"),
        ("6.do.headers.content-length", "header"),
        ("6.do.headers.a b", "header"),
        ("6.do.headers.X-Y", "header"),
        ("6.do.wait", "unknown_field"),
    ] {
        let expected = (format!("body.{place}"), kind.to_owned());
        assert!(told.contains(&expected), "{expected:?} is not in {told:#?}");
    }
    assert_eq!(told.len(), 23, "{told:#?}");
    assert_eq!(venue.get("/faults").await.json(), json!([]), "nothing of it is in force");
}

#[tokio::test]
async fn each_deed_is_refused_by_itself() {
    let venue = own_venue(|_| {});
    for (field, value) in [
        ("status", json!(600)),
        ("delay", json!("soon")),
        ("delay", json!("2h")),
        ("drop", json!("never")),
        ("drop", json!(false)),
        ("truncate", json!(-1)),
        ("truncate", json!(1_u64 << 31)),
        ("rate_limit", json!("10/d")),
        ("close", json!(1005)),
        ("close", json!(999)),
        ("stall", json!("61m")),
        ("duplicate", json!(false)),
        ("reorder", json!(0)),
        ("reorder", json!(101)),
        ("skip", json!("yes")),
    ] {
        let list = json!([{"do": {field: value}}]);
        let reply = venue.ask("PUT", "/faults").body(list.to_string()).send(venue.addr).await;
        let told = flaws(&reply);
        assert_eq!((told.len(), told[0].place()), (1, format!("body.0.do.{field}")), "{list}");
    }
}

#[tokio::test]
async fn requests_and_streams_are_not_mixed() {
    let venue = own_venue(|_| {});
    for (matches, deed, field) in [
        (json!({"route": "GET /orders"}), json!({"skip": true}), "route"),
        (json!({"route": "GET /orders"}), json!({"drop": true}), "route"),
        (json!({"stream": "orders"}), json!({"status": 500}), "stream"),
        (json!({"stream": "orders"}), json!({"drop": "after"}), "stream"),
        (json!({"stream": "orders", "route": "GET /orders"}), json!({"delay": "1s"}), "stream"),
    ] {
        let list = json!([{"match": matches, "do": deed}]);
        let reply = venue.ask("PUT", "/faults").body(list.to_string()).send(venue.addr).await;
        let told = flaws(&reply);
        assert_eq!((told.len(), told[0].place()), (1, format!("body.0.match.{field}")), "{list}");
        assert_eq!(told[0].kind, "fault_conflict");
    }
}

#[tokio::test]
async fn what_is_no_list_is_refused_as_a_whole() {
    let venue = own_venue(|_| {});
    let put = async |body: &str| {
        let reply = venue.ask("PUT", "/faults").header("Content-Length", &body.len().to_string()).body(body);
        let told = flaws(&reply.send(venue.addr).await);
        assert_eq!(told.len(), 1, "{body}");
        (told[0].place(), told[0].kind.clone())
    };
    let list = |count: usize| Value::from(vec![json!({"do": {"delay": "none"}}); count]).to_string();
    for (body, place, kind) in [
        ("", "body", "missing"),
        ("{}", "body", "list_type"),
        ("[", "body.0", "json_invalid"),
        (&*list(101), "body.100", "too_long"),
        (r#"[{"do": {"delay": "none"}, "do": {"delay": "none"}}]"#, "body.0.do", "duplicate_key"),
    ] {
        assert_eq!(put(body).await, (place.to_owned(), kind.to_owned()), "{body}");
    }
    let most = venue.ask("PUT", "/faults").body(list(100)).send(venue.addr).await;
    assert_eq!(most.status, 200);
}
