//! What is wrong with a body that asks for a venue: all of it at once, each with its place.

use serde_json::{Value, json};

use crate::support::{Venue, own_venue};

async fn faults(server: &Venue, path: &str, body: &str) -> Vec<(Value, Value)> {
    let reply = server.post(path, body).await;
    assert_eq!(reply.status, 422, "{body}: {reply:?}");
    let detail = reply.json()["detail"].clone();
    let detail = detail.as_array().expect("faults").iter();
    detail.map(|fault| (fault["loc"].clone(), fault["type"].clone())).collect()
}

#[tokio::test]
async fn every_fault_of_a_body_is_told_at_once() {
    let server = own_venue(|_| {});
    let body = json!({
        "name": "No Name", "seed": -1, "delay": "5 fortnights", "long_delay": 3, "market": "wild", "hours": "lunch",
        "clock": "sun", "ttl": "1y", "metrics": "yes", "from": "nobody", "durable": true, "rules": [{}],
        "faults": [{}, 7],
        "instruments": [{"symbol": "A"}, 7],
        "accounts": [{"id": "a", "leverage": 1000}, {"id": "a b"}, 7, {"currency": "XXX"}],
    });
    let told = faults(&server, "/venues", &body.to_string()).await;
    let expected = [
        (json!(["body", "name"]), "string_pattern_mismatch"),
        (json!(["body", "seed"]), "greater_than_equal"),
        (json!(["body", "delay"]), "delay"),
        (json!(["body", "long_delay"]), "string_type"),
        (json!(["body", "market"]), "enum"),
        (json!(["body", "hours"]), "enum"),
        (json!(["body", "clock"]), "enum"),
        (json!(["body", "ttl"]), "duration"),
        (json!(["body", "metrics"]), "bool_type"),
        (json!(["body", "from"]), "unknown_venue"),
        (json!(["body", "durable"]), "no_data_folder"),
        (json!(["body", "rules", 0, "do"]), "missing"),
        (json!(["body", "faults", 0, "do"]), "missing"),
        (json!(["body", "faults", 1]), "model_attributes_type"),
        (json!(["body", "instruments", 0, "tick"]), "missing"),
        (json!(["body", "instruments", 1]), "model_attributes_type"),
        (json!(["body", "accounts", 0, "leverage"]), "leverage_range"),
        (json!(["body", "accounts", 1, "id"]), "account_id"),
        (json!(["body", "accounts", 2]), "model_attributes_type"),
        (json!(["body", "accounts", 3, "currency"]), "unknown_currency"),
    ];
    for (place, kind) in expected {
        assert!(told.contains(&(place.clone(), json!(kind))), "{place} {kind} is not in {told:#?}");
    }
    let list = server.get("/venues").await.json();
    assert_eq!(list.as_array().map(Vec::len), Some(1), "nothing was made");
}

#[tokio::test]
async fn each_fault_is_refused_by_itself() {
    let server = own_venue(|_| {});
    let instrument = r#"{"symbol": "A", "class": "equity", "quote": "USD", "tick": 1, "lot": 1, "reference_price": 5}"#;
    for (body, place, kind) in [
        ("[]", json!(["body"]), "model_attributes_type"),
        ("{", json!(["body", 0]), "json_invalid"),
        (r#"{"seed": 1, "seed": 1}"#, json!(["body", "seed"]), "duplicate_key"),
        (r#"{"seed": 1.5}"#, json!(["body", "seed"]), "int_type"),
        (r#"{"seed": 18446744073709551616}"#, json!(["body", "seed"]), "less_than_equal"),
        (r#"{"ttl": "3651d"}"#, json!(["body", "ttl"]), "duration"),
        (r#"{"clock": {"start": "noon", "speed": 0}}"#, json!(["body", "clock", "start"]), "datetime_parsing"),
        (r#"{"clock": {"start": "2026-01-05T14:30:00Z", "speed": -60}}"#, json!(["body", "clock", "speed"]), "speed"),
        (r#"{"clock": {"start": "1969-12-31T23:59:59Z"}}"#, json!(["body", "clock", "start"]), "too_early"),
        (r#"{"accounts": {}}"#, json!(["body", "accounts"]), "list_type"),
        (r#"{"accounts": [{"id": "a"}, {"id": "a"}]}"#, json!(["body", "accounts", 1, "id"]), "account_exists"),
        (r#"{"accounts": [{"id": "default"}]}"#, json!(["body", "accounts", 0, "id"]), "account_exists"),
        (
            &format!(r#"{{"instruments": [{instrument}, {instrument}]}}"#),
            json!(["body", "instruments", 1, "symbol"]),
            "instrument_exists",
        ),
    ] {
        assert_eq!(faults(&server, "/venues", body).await, [(place, json!(kind))], "{body}");
    }
    assert_eq!(server.post("/venues", r#"{"name": "a"}"#).await.status, 201, "a refused body takes no name");
}

#[tokio::test]
async fn a_reset_is_refused_for_what_is_wrong_with_it() {
    let server = own_venue(|_| {});
    assert_eq!(server.post("/venues", r#"{"name": "a"}"#).await.status, 201);
    let told = faults(&server, "/venues/a/reset", r#"{"seed": "x", "keep": ["accounts", "orders", 3]}"#).await;
    let expected = [("seed", None, "int_type"), ("keep", Some(1), "enum"), ("keep", Some(2), "enum")];
    let expected = expected.map(|(field, number, kind)| match number {
        Some(number) => (json!(["body", field, number]), json!(kind)),
        None => (json!(["body", field]), json!(kind)),
    });
    assert_eq!(told, expected);
    assert_eq!(server.post("/venues/b/reset", "").await.status, 404);
}
