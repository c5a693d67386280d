//! `PATCH /orders/{id}`: what an open order asks for instead.

use crate::support::rest::path;

use super::*;

const BUY: &str = r#""stoks": "EURUSD", "qty": "1000", "type": "limit", "limit_price": "1.08000""#;

async fn amend(venue: &Venue, order: &Value, fields: &str) -> Value {
    let reply = venue.patch(&path(order), &format!("{{{fields}}}")).await;
    assert_eq!(reply.status, 200, "{fields}: {reply:?}");
    reply.json()
}

#[tokio::test]
async fn an_open_order_is_amended_in_place_and_keeps_its_id() {
    let venue = at_once();
    let order = arrive(&venue, BUY).await;
    let less = amend(&venue, &order, r#""quantity": 900"#).await;
    assert_eq!(
        told(&less, &["id", "qty", "quantity", "state"]),
        format!("{} 900 900 new", order["id"].as_str().unwrap())
    );
    assert_eq!((&less["seq"], &less["status"]), (&order["seq"], &order["status"]), "its status is the same");
    assert!(less["number"].as_u64() > order["number"].as_u64());
    let moved = amend(&venue, &order, r#""qty": "950", "limit_price": 1.07, "time_in_force": "day""#).await;
    assert_eq!(told(&moved, &["qty", "limit_price", "time_in_force"]), "950 1.07000 day");
    assert_ne!(moved["expires_at"], Value::Null);
    assert_eq!(venue.get("/book/EURUSD").await.json()["bids"].as_array().unwrap().last().unwrap()[0], "1.07000");
    assert_eq!(again(&venue, &order).await, moved);
}

#[tokio::test]
async fn an_amendment_that_crosses_trades_and_the_reply_tells_of_it() {
    let venue = at_once();
    let order = arrive(&venue, BUY).await;
    let traded = amend(&venue, &order, r#""limit_price": "1.08501""#).await;
    assert_eq!(outcome(&traded), "EXECUTED filled 1000 1.08501 null");
    let closed = venue.patch(&path(&order), r#"{"quantity": 1}"#).await;
    assert_eq!((closed.status, closed.json()["code"].clone()), (409, "order_closed".into()), "{closed:?}");
}

#[tokio::test]
async fn every_fault_of_an_amendment_is_told_at_once_and_nothing_of_it_is_done() {
    let venue = at_once();
    let order = arrive(&venue, BUY).await;
    for (body, expected) in [
        ("{}", vec!["missing"]),
        (
            r#"{"quantity": 0, "limit_price": "x", "time_in_force": "gtd"}"#,
            vec!["greater_than_equal", "decimal_parsing", "enum"],
        ),
        (r#"{"qty": "1.5", "limit_price": "1.000001"}"#, vec!["quantity_lot", "price_tick"]),
        (r#"{"quantity": 5, "qty": 5}"#, vec!["quantity_conflict"]),
        (r#"{"time_in_force": "ioc"}"#, vec!["time_in_force"]),
        (r#"{"stop_price": "1"}"#, vec!["stop_price_without_stop"]),
        (r#"{"trail_percent": "1"}"#, vec!["trail_without_trailing_stop"]),
        (r#"{"trail_percent": "1", "stop_price": 1}"#, vec!["trail_conflict"]),
        (r#"{"quantity": 5, "quantity": 5}"#, vec!["duplicate_key"]),
        ("[]", vec!["model_attributes_type"]),
    ] {
        let reply = venue.patch(&path(&order), body).await;
        assert_eq!(reply.status, 422, "{body}: {reply:?}");
        let flaws = reply.json()["detail"].as_array().expect("a list").clone();
        let kinds: Vec<&str> = flaws.iter().map(|flaw| flaw["type"].as_str().expect("a text")).collect();
        assert_eq!(kinds, expected, "{body}");
    }
    assert_eq!(again(&venue, &order).await, order);
    let unknown = venue.patch("/orders/1d70aeaa-658c-4799-819f-79c436d2dd18", r#"{"quantity": 1}"#).await;
    assert_eq!((unknown.status, unknown.json()["detail"].clone()), (404, "Order not found".into()));
}

#[tokio::test]
async fn a_repeated_request_is_answered_as_at_first_whatever_became_of_its_order() {
    let venue = in_an_hour();
    let named = format!(r#"{BUY}, "client_order_id": "mine""#);
    let first = venue.post("/orders", &format!("{{{named}}}")).await;
    amend(&venue, &first.json(), r#""quantity": 5, "limit_price": "1.01""#).await;
    let repeated = venue.post("/orders", &format!("{{{named}}}")).await;
    assert_eq!(repeated.header("idempotent-replayed"), Some("true"), "{repeated:?}");
    assert_eq!(repeated.body, first.body);
    let native = r#"{"stoks": "EURUSD", "quantity": 9, "client_order_id": "native"}"#;
    let first = venue.post("/orders", native).await;
    let more = amend(&venue, &first.json(), r#""quantity": 11"#).await;
    assert_eq!(told(&more, &["quantity", "qty", "state"]), "11 11 accepted");
    assert_eq!(venue.post("/orders", native).await.body, first.body);
    let other = venue.post("/orders", &native.replace('9', "11")).await;
    assert_eq!(other.status, 422, "it is another order: {other:?}");
}
