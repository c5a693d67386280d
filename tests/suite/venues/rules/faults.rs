//! What is wrong with rules: all of it at once, each with its place.

use serde_json::{Value, json};

use super::put;
use crate::support::{Venue, own_venue};

async fn faults(server: &Venue, body: &str) -> Vec<(Value, Value)> {
    let reply = server.ask("PUT", "/rules").body(body).send(server.addr).await;
    assert_eq!(reply.status, 422, "{body}: {reply:?}");
    let detail = reply.json()["detail"].clone();
    let detail = detail.as_array().expect("faults").iter();
    detail.map(|fault| (fault["loc"].clone(), fault["type"].clone())).collect()
}

#[tokio::test]
async fn every_fault_of_every_rule_is_told_at_once() {
    let server = own_venue(|_| {});
    put(&server, json!([{"match": {}, "do": "nothing"}])).await;
    let body = json!([
        {"name": "", "match": {"simbol": "A", "symbol": "A B", "side": "both", "nth": 0, "probability": 1.5},
            "do": {"rejct": "x", "delay": "soon"}, "times": 1.5},
        {"match": []},
        7,
        {"match": {"quantity": "=> 5", "client_order_id": "a b", "type": "peg", "account": "a/b", "every": -1},
            "do": "anything"},
        {"match": {}, "do": {"reject": "x", "hold": true, "fill": ["0%", "101%", "5", 0], "every": "1 y", "price": -1}},
        {"match": {}, "do": {"delay": "1s", "hold": true, "cancel": true, "expire": true, "every": "1s"}},
        {"match": {}, "do": {}},
        {"preset": "gentle", "more": 1},
    ]);
    let told = faults(&server, &body.to_string()).await;
    let expected = [
        (json!(["body", 0, "name"]), "text"),
        (json!(["body", 0, "match", "simbol"]), "unknown_field"),
        (json!(["body", 0, "match", "symbol"]), "string_pattern_mismatch"),
        (json!(["body", 0, "match", "side"]), "enum"),
        (json!(["body", 0, "match", "nth"]), "greater_than_equal"),
        (json!(["body", 0, "match", "probability"]), "probability"),
        (json!(["body", 0, "do", "rejct"]), "unknown_field"),
        (json!(["body", 0, "do", "delay"]), "delay"),
        (json!(["body", 0, "times"]), "int_type"),
        (json!(["body", 1, "match"]), "model_attributes_type"),
        (json!(["body", 1, "do"]), "missing"),
        (json!(["body", 2]), "model_attributes_type"),
        (json!(["body", 3, "match", "quantity"]), "quantity"),
        (json!(["body", 3, "match", "client_order_id"]), "string_pattern_mismatch"),
        (json!(["body", 3, "match", "type"]), "enum"),
        (json!(["body", 3, "match", "account"]), "string_pattern_mismatch"),
        (json!(["body", 3, "match", "every"]), "greater_than_equal"),
        (json!(["body", 3, "do"]), "enum"),
        (json!(["body", 4, "do", "hold"]), "do_conflict"),
        (json!(["body", 4, "do", "fill"]), "do_conflict"),
        (json!(["body", 5, "do", "hold"]), "do_conflict"),
        (json!(["body", 5, "do", "expire"]), "do_conflict"),
        (json!(["body", 5, "do", "every"]), "needs_fill"),
        (json!(["body", 6, "do"]), "missing"),
        (json!(["body", 7, "preset"]), "enum"),
        (json!(["body", 7, "more"]), "unknown_field"),
    ];
    for (place, kind) in expected {
        assert!(told.contains(&(place.clone(), json!(kind))), "{place} {kind} is not in {told:#?}");
    }
    let rules = server.get("/rules").await.json();
    assert_eq!(rules[0]["do"], "nothing", "the rules that there were stay");
}

#[tokio::test]
async fn parts_are_looked_at_each_by_itself() {
    let server = own_venue(|_| {});
    let body = json!([{"match": {}, "do": {"fill": ["0%", "101%", "5", 0, "x%", {}], "every": "1 y", "price": -1}},
        {"match": {}, "do": {"fill": []}}, {"match": {}, "do": {"fill": "50%"}}]);
    let told = faults(&server, &body.to_string()).await;
    let expected = [
        (json!(["body", 0, "do", "every"]), "duration"),
        (json!(["body", 0, "do", "price"]), "greater_than"),
        (json!(["body", 0, "do", "fill", 0]), "percent"),
        (json!(["body", 0, "do", "fill", 1]), "percent"),
        (json!(["body", 0, "do", "fill", 3]), "greater_than"),
        (json!(["body", 0, "do", "fill", 4]), "percent"),
        (json!(["body", 0, "do", "fill", 5]), "decimal_type"),
        (json!(["body", 1, "do", "fill"]), "list_type"),
        (json!(["body", 2, "do", "fill"]), "list_type"),
    ];
    assert_eq!(told, expected.map(|(place, kind)| (place, json!(kind))));
}

#[tokio::test]
async fn lists_texts_and_parts_have_bounds() {
    let server = own_venue(|_| {});
    let rule = json!({"match": {}, "do": "nothing"});
    put(&server, json!(vec![rule.clone(); 100])).await;
    assert_eq!(faults(&server, &json!(vec![rule; 101]).to_string()).await, [(json!(["body"]), json!("too_long"))]);
    let reject = |text: String| json!([{"match": {}, "do": {"reject": text}}]);
    put(&server, reject("ä".repeat(255))).await;
    for text in ["ä".repeat(256), "a\nb".to_owned(), String::new()] {
        let told = faults(&server, &reject(text).to_string()).await;
        assert_eq!(told, [(json!(["body", 0, "do", "reject"]), json!("text"))]);
    }
    let fill = |count| json!([{"match": {}, "do": {"fill": vec!["1%"; count]}}]);
    put(&server, fill(100)).await;
    let told = faults(&server, &fill(101).to_string()).await;
    assert_eq!(told, [(json!(["body", 0, "do", "fill"]), json!("list_type"))]);
}

#[tokio::test]
async fn what_is_no_list_is_told_as_a_whole() {
    let server = own_venue(|_| {});
    for (body, place, kind) in [
        ("", json!(["body"]), "missing"),
        ("[", json!(["body", 0]), "json_invalid"),
        ("7", json!(["body"]), "list_type"),
        ("{}", json!(["body", "preset"]), "missing"),
        (r#"{"preset": "instant", "preset": "brutal"}"#, json!(["body", "preset"]), "duplicate_key"),
        (r#"[{"match": {}, "match": {}, "do": "nothing"}]"#, json!(["body", 0, "match"]), "duplicate_key"),
        (r#"[{"match": {"nth": 1, "nth": 2}, "do": "nothing"}]"#, json!(["body", 0, "match", "nth"]), "duplicate_key"),
    ] {
        assert_eq!(faults(&server, body).await, [(place, json!(kind))], "{body}");
    }
}

#[tokio::test]
async fn faults_of_rules_stand_among_those_of_a_venue() {
    let server = own_venue(|_| {});
    let body = json!({"name": "No Name", "rules": [{"match": {"x": 1}, "do": "nothing"}]});
    let reply = server.post("/venues", &body.to_string()).await;
    assert_eq!(reply.status, 422, "{reply:?}");
    let places: Vec<Value> =
        reply.json()["detail"].as_array().expect("faults").iter().map(|fault| fault["loc"].clone()).collect();
    assert_eq!(places, [json!(["body", "name"]), json!(["body", "rules", 0, "match", "x"])]);
}
