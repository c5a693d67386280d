//! Rules: what becomes of orders on purpose.

mod faults;
mod kept;
mod lists;
mod planned;

use serde_json::{Value, json};

use super::make;
use crate::support::rest::path;
use crate::support::{Request, Venue, own_venue};

/// A venue whose time stands, where orders take an hour.
async fn frozen(server: &Venue, rules: Value) -> Venue {
    let (venue, _) =
        make(server, json!({"seed": 5, "clock": "frozen", "delay": "1h", "market": "frozen", "rules": rules})).await;
    venue
}

/// Sets rules, and returns what is told of them.
async fn put(venue: &Venue, rules: Value) -> Value {
    let reply = venue.ask("PUT", "/rules").body(rules.to_string()).send(venue.addr).await;
    assert_eq!(reply.status, 200, "{rules}: {reply:?}");
    reply.json()
}

async fn post(venue: &Venue, order: Value) -> (u16, Value) {
    let reply = venue.post("/orders", &order.to_string()).await;
    (reply.status, reply.json())
}

/// How often each rule matched, and decided.
async fn counts(venue: &Venue) -> Vec<(u64, u64)> {
    let rules = venue.get("/rules").await.json();
    let count = |rule: &Value, name: &str| rule[name].as_u64().expect("a count");
    rules.as_array().expect("a list").iter().map(|rule| (count(rule, "matched"), count(rule, "used"))).collect()
}

fn limit(side: &str, quantity: u64) -> Value {
    json!({"stoks": "EURUSD", "quantity": quantity, "side": side, "type": "limit", "limit_price": "1.05"})
}

#[tokio::test]
async fn the_third_buy_is_refused_with_its_reason_and_nothing_of_it_is_kept() {
    let server = own_venue(|_| {});
    let venue = frozen(&server, json!([])).await;
    let rule = json!({"name": "third EURUSD buy is refused", "match": {"symbol": "EURUSD", "side": "buy", "nth": 3},
        "do": {"reject": "insufficient margin"}});
    let told = put(&venue, json!([rule])).await;
    let mut shown = rule.clone();
    for (field, value) in [("times", Value::Null), ("matched", json!(0)), ("used", json!(0))] {
        shown[field] = value;
    }
    assert_eq!(told, json!([shown]));
    let mut subscriber = venue.subscribe("?format=json").await;
    assert_eq!(post(&venue, limit("buy", 1)).await.0, 200);
    assert_eq!(post(&venue, limit("sell", 2)).await.0, 200);
    assert_eq!(post(&venue, json!({"stoks": "EURUSD", "quantity": 3})).await.0, 200, "a native order counts too");
    let (status, refused) = post(&venue, limit("buy", 4)).await;
    assert_eq!((status, refused), (403, json!({"detail": "insufficient margin", "code": "script"})));
    assert_eq!(post(&venue, limit("buy", 5)).await.0, 200);
    let quantities: Vec<Value> = {
        let mut told = Vec::new();
        for _ in 0..4 {
            told.push(subscriber.json().await["quantity"].clone());
        }
        told
    };
    assert_eq!(quantities, [1, 2, 3, 5].map(Value::from));
    assert_eq!(counts(&venue).await, [(1, 1)]);
    let orders = venue.get("/orders").await.json();
    assert_eq!(orders.as_object().map(serde_json::Map::len), Some(4));
}

#[tokio::test]
async fn what_is_refused_may_be_asked_again_under_its_name() {
    let server = own_venue(|_| {});
    let venue = frozen(&server, json!([{"match": {}, "do": {"reject": "not now"}, "times": 1}])).await;
    let order = json!({"stoks": "EURUSD", "quantity": 1, "client_order_id": "once"});
    assert_eq!(post(&venue, order.clone()).await.0, 403);
    let (status, placed) = post(&venue, order.clone()).await;
    assert_eq!(status, 200);
    let (status, again) = post(&venue, order).await;
    assert_eq!((status, &again["id"]), (200, &placed["id"]));
    assert_eq!(counts(&venue).await, [(2, 1)], "who asks again for what was placed is not looked at");
}

#[tokio::test]
async fn orders_of_a_name_are_as_late_as_their_rule_says() {
    let server = own_venue(|_| {});
    let rules = json!([{"match": {"client_order_id": "slow-*"}, "do": {"delay": "5s"}},
        {"match": {"client_order_id": "some-*"}, "do": {"delay": "1s..2s"}},
        {"match": {"client_order_id": "days-*"}, "do": {"delay": "3d"}},
        {"match": {"client_order_id": "*"}, "do": {"delay": "none"}}]);
    let venue = frozen(&server, rules).await;
    let due = async |name: Option<&str>| {
        let order = json!({"stoks": "EURUSD", "quantity": 1, "client_order_id": name});
        let (_, order) = post(&venue, order).await;
        crate::support::rest::micros(&order["due_at"]) - crate::support::rest::micros(&order["accepted_at"])
    };
    assert_eq!(due(Some("slow-1")).await, 5_000_000);
    let some = due(Some("some-1")).await;
    assert!((1_000_000..=2_000_000).contains(&some), "{some}");
    assert_eq!(due(Some("days-1")).await, 3 * 86_400_000_000);
    assert_eq!(due(Some("x")).await, 0);
    assert_eq!(due(None).await, 3_600_000_000, "as any other");
    assert_eq!(counts(&venue).await, [(1, 1), (1, 1), (1, 1), (4, 1)]);
}

#[tokio::test]
async fn rules_are_tried_in_order_and_nothing_ends_the_search() {
    let server = own_venue(|_| {});
    let rules = json!([{"match": {"quantity": ">100"}, "do": "nothing"},
        {"match": {"quantity": "<=5"}, "do": {"reject": "too small"}, "times": 2},
        {"match": {"every": 2}, "do": {"reject": "each second"}}]);
    let venue = frozen(&server, rules).await;
    let mut statuses = Vec::new();
    for quantity in [101, 5, 5, 5, 200, 50, 50, 100] {
        statuses.push(post(&venue, json!({"stoks": "EURUSD", "quantity": quantity})).await.0);
    }
    assert_eq!(statuses, [200, 403, 403, 403, 200, 403, 200, 403]);
    assert_eq!(counts(&venue).await, [(2, 2), (3, 2), (4, 3)]);
}

#[tokio::test]
async fn a_rule_comes_before_buying_power_and_each_of_a_batch_is_looked_at() {
    let server = own_venue(|_| {});
    let rules = json!([{"match": {"account": "poor"}, "do": {"reject": "margin call"}, "times": 1}]);
    let venue = frozen(&server, rules).await;
    assert_eq!(venue.post("/accounts", r#"{"id": "poor", "cash": {"USD": "1"}}"#).await.status, 201);
    let order = json!({"stoks": "EURUSD", "qty": 1_000, "account": "poor"});
    let batch = json!([{"place": order}, {"place": order}]);
    let done = venue.post("/batch", &batch.to_string()).await.json();
    let codes: Vec<&Value> = done.as_array().expect("rows").iter().map(|row| &row["body"]["code"]).collect();
    assert_eq!(codes, ["script", "insufficient_buying_power"]);
    assert_eq!(counts(&venue).await, [(1, 1)]);
}

#[tokio::test]
async fn chance_follows_from_seed_rule_and_count_whatever_else_happens() {
    let server = own_venue(|_| {});
    let rule = json!({"match": {"symbol": "EURUSD", "probability": 0.4}, "do": {"reject": "by chance"}});
    let lived = async |rules: Value, others: bool| {
        let venue = frozen(&server, rules).await;
        let mut refused = Vec::new();
        for number in 0..40 {
            if others {
                post(&venue, json!({"stoks": "AAPL", "quantity": number + 1})).await;
            }
            refused.push(post(&venue, json!({"stoks": "EURUSD", "quantity": 1})).await.0 == 403);
        }
        refused
    };
    let alone = lived(json!([rule]), false).await;
    let sum = alone.iter().filter(|refused| **refused).count();
    assert!((6..30).contains(&sum), "{alone:?}");
    assert_eq!(lived(json!([rule]), true).await, alone);
    let after = json!([{"match": {"symbol": "AAPL"}, "do": "nothing"}, rule]);
    assert_eq!(lived(after, true).await, alone);
}

#[tokio::test]
async fn the_same_rules_put_again_begin_at_nothing_and_venues_have_their_own() {
    let server = own_venue(|_| {});
    let rules = json!([{"match": {"nth": 1}, "do": {"reject": "the first"}}]);
    let (one, other) = (frozen(&server, rules.clone()).await, frozen(&server, json!([])).await);
    let order = json!({"stoks": "EURUSD", "quantity": 1});
    assert_eq!(post(&one, order.clone()).await.0, 403);
    assert_eq!(post(&one, order.clone()).await.0, 200);
    assert_eq!(post(&other, order.clone()).await.0, 200);
    put(&one, rules).await;
    assert_eq!(counts(&one).await, [(0, 0)]);
    assert_eq!(post(&one, order).await.0, 403);
    assert_eq!((other.get("/rules").await.json(), server.get("/rules").await.json()), (json!([]), json!([])));
}

#[tokio::test]
async fn what_is_told_of_rules_leaves_no_gap_in_the_numbers() {
    let server = own_venue(|_| {});
    let venue = frozen(&server, json!([])).await;
    let channels = "?format=json&channels=orders,accounts,instruments";
    let mut subscriber = venue.subscribe(channels).await;
    put(&venue, json!([{"match": {"nth": 1}, "do": {"reject": "the first"}}])).await;
    for _ in 0..2 {
        post(&venue, json!({"stoks": "EURUSD", "quantity": 1})).await;
    }
    let mut live = Vec::new();
    for _ in 0..3 {
        live.push(subscriber.json().await);
    }
    let told: Vec<Value> =
        live.iter().map(|frame| json!([frame["channel"], frame["event"], frame["number"]])).collect();
    assert_eq!(json!(told), json!([["rules", "set", 1], ["rules", "refused", 2], ["orders", "accepted", 3]]));
    let mut again = venue.subscribe(&format!("{channels}&after=0")).await;
    for frame in live {
        assert_eq!(again.json().await, frame, "a replay tells the same");
    }
}

#[tokio::test]
async fn rules_are_a_control_that_no_other_page_reaches() {
    let server = own_venue(|_| {});
    for request in [Request::new("GET", "/rules"), Request::new("PUT", "/rules").body("[]")] {
        let reply = request.header("Origin", "http://elsewhere.example").send(server.addr).await;
        assert_eq!(reply.status, 403, "{reply:?}");
    }
    let reply = Request::new("POST", "/rules").body("[]").send(server.addr).await;
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, HEAD, PUT")));
    let order = server.place("EURUSD", 1).await;
    assert_eq!(server.get(&path(&order)).await.status, 200);
}
