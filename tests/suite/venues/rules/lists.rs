//! The lists that have names, what is shown of a list, and where one comes from.

use serde_json::{Value, json};

use super::{counts, frozen, make, post, put};
use crate::support::own_venue;

/// Without what was counted, and what was not said.
fn said(rules: &Value) -> Value {
    let mut rules = rules.clone();
    for rule in rules.as_array_mut().expect("a list") {
        let rule = rule.as_object_mut().expect("an object");
        for field in ["matched", "used"] {
            assert_eq!(rule.remove(field), Some(json!(0)));
        }
        rule.retain(|_, value| !value.is_null());
    }
    rules
}

#[tokio::test]
async fn each_preset_is_a_list() {
    let server = own_venue(|_| {});
    let instant = json!([{"name": "no delay", "match": {}, "do": {"delay": "none"}}]);
    let realistic = json!([
        {"name": "in two parts", "match": {"type": "market", "probability": 0.2},
            "do": {"fill": ["60%", "100%"], "every": "150ms"}},
        {"name": "in three parts", "match": {"type": "market", "probability": 0.1},
            "do": {"fill": ["50%", "30%", "100%"], "every": "250ms"}},
    ]);
    let brutal = json!([
        {"name": "refused", "match": {"probability": 0.05},
            "do": {"reject": "the exchange refuses orders now and then"}},
        {"name": "rejected", "match": {"probability": 0.05},
            "do": {"reject_on_arrival": "the exchange rejects orders now and then"}},
        {"name": "late, and in parts", "match": {"type": "market", "probability": 0.1},
            "do": {"delay": "2s..5s", "fill": ["10%", "20%", "30%", "100%"], "every": "500ms"}},
        {"name": "late", "match": {"probability": 0.1},
            "do": {"delay": "2s..5s", "cancel_delay": "1s", "replace_delay": "1s"}},
        {"name": "in parts", "match": {"type": "market", "probability": 0.3},
            "do": {"fill": ["25%", "25%", "25%", "100%"], "every": "400ms", "cancel_delay": "500ms",
                "replace_delay": "500ms"}},
        {"name": "raced", "match": {}, "do": {"cancel_delay": "500ms", "replace_delay": "500ms"}},
    ]);
    for (name, list) in [("instant", instant), ("realistic", realistic), ("brutal", brutal)] {
        assert_eq!(said(&put(&server, json!({"preset": name})).await), list, "{name}");
        assert_eq!(said(&put(&server, json!([{"preset": name}])).await), list, "{name}, among others");
        put(&server, server.get("/rules").await.json()).await;
        assert_eq!(said(&server.get("/rules").await.json()), list, "what is shown can be sent");
    }
}

#[tokio::test]
async fn whatever_a_rule_says_is_shown_as_it_was_said() {
    let server = own_venue(|_| {});
    let rules = json!([
        {"name": "all of it", "match": {"symbol": "BTC/USD", "account": "alice", "side": "sell", "type": "stop_limit",
            "time_in_force": "day", "client_order_id": "a-*\"", "quantity": ">=0.5", "every": 3, "probability": 0.25},
            "do": {"delay": "lognormal(250ms,0.5)", "fill": ["0.1", "33.3%"], "every": "1.5s", "price": "1.25",
            "cancel_delay": "2d", "replace_delay": "0ms"}, "times": 9_007_199_254_740_991_u64},
        {"match": {"quantity": "7"}, "do": {"hold": true, "reject_on_arrival": "zu spät"}},
        {"match": {"nth": 1}, "do": {"expire": true}},
        {"match": {}, "do": {"cancel": true, "delay": "1h"}},
        {"match": {}, "do": "nothing"},
    ]);
    assert_eq!(said(&put(&server, rules.clone()).await), rules);
    assert_eq!(said(&server.get("/rules").await.json()), rules);
}

#[tokio::test]
async fn with_instant_orders_arrive_at_once() {
    let server = own_venue(|_| {});
    let venue = frozen(&server, json!({"preset": "instant"})).await;
    let (_, order) = post(&venue, json!({"stoks": "EURUSD", "quantity": 1})).await;
    let order = venue.get(&crate::support::rest::path(&order)).await.json();
    assert_eq!(order["status"], "EXECUTED");
}

#[tokio::test]
async fn a_reset_brings_back_what_a_venue_was_made_with_unless_rules_are_kept() {
    let server = own_venue(|_| {});
    let made = json!([{"match": {"nth": 1}, "do": {"reject": "made"}}]);
    let (venue, _) = make(&server, json!({"name": "r", "clock": "frozen", "rules": made})).await;
    put(&venue, json!([{"match": {"nth": 1}, "do": {"reject": "set"}}])).await;
    let refused = async || post(&venue, json!({"stoks": "EURUSD", "quantity": 1})).await.1["detail"].clone();
    assert_eq!(refused().await, "set");
    assert_eq!(server.post("/venues/r/reset", r#"{"keep": ["rules"]}"#).await.status, 200);
    assert_eq!(counts(&venue).await, [(0, 0)]);
    assert_eq!(refused().await, "set");
    assert_eq!(server.post("/venues/r/reset", "").await.status, 200);
    assert_eq!(refused().await, "made");
    put(&venue, json!([])).await;
    assert_eq!(server.post("/venues/r/reset", r#"{"keep": ["rules"]}"#).await.status, 200);
    assert_eq!(venue.get("/rules").await.json(), json!([]), "none are kept too");
}
