//! Native clients see nothing of the exchange: whatever comes out as a native order is one (exchange contract).

use serde_json::json;

use crate::support::Request;
use crate::support::rest::{id, path, symbol};

use super::*;

#[tokio::test]
async fn whatever_comes_out_as_a_native_order_is_one() {
    let venue = at_once();
    for fields in [
        r#""quantity": 5"#,
        r#""qty": "5""#,
        r#""qty": 5.00"#,
        r#""qty": 50e-1, "quantity": null"#,
        r#""quantity": "5", "side": "buy", "type": "market", "time_in_force": "gtc", "order_class": "simple""#,
        r#""quantity": 5.0, "side": null, "type": null, "limit_price": null, "post_only": false, "account": "default""#,
    ] {
        // An unknown symbol is listed, as an equity at 100.00 dollars.
        let stoks = symbol();
        let order = arrive(&venue, &format!(r#""stoks": "{stoks}", {fields}"#)).await;
        assert_eq!(outcome(&order), "EXECUTED filled 5 100.01 null", "{fields}");
        assert_eq!(order["quantity"], 5, "{fields}");
        assert_eq!(venue.get(&format!("/instruments/{stoks}")).await.json()["class"], "equity");
    }
}

#[tokio::test]
async fn neither_the_lot_nor_the_greatest_quantity_binds_a_native_order() {
    let venue = at_once();
    let order = arrive(&venue, r#""stoks": "EURUSD", "quantity": 9007199254740991"#).await;
    // Nearly all of it at the last of the house's prices.
    assert_eq!(outcome(&order), "EXECUTED filled 9007199254740991 1.08510 null");
}

#[tokio::test]
async fn seq_counts_changes_of_status_and_number_counts_all() {
    let venue = at_once();
    let sell = r#""stoks": "EURUSD", "qty": 3, "side": "sell", "type": "limit", "limit_price": "1.085""#;
    let sell = place(&venue, sell).await;
    assert_eq!(told(&sell, &["seq", "number"]), "1 1");
    assert_eq!(told(&again(&venue, &sell).await, &["seq", "number"]), "1 2");
    let first = arrive(&venue, r#""stoks": "EURUSD", "quantity": 1"#).await;
    // Accepted, arrived, and its part of the trade; then the resting order's.
    assert_eq!(told(&first, &["accepted_seq", "seq", "number"]), "2 3 5");
    assert_eq!(told(&again(&venue, &sell).await, &["seq", "number"]), "1 6");
    let second = arrive(&venue, r#""stoks": "EURUSD", "quantity": 2"#).await;
    assert_eq!(told(&second, &["accepted_seq", "seq", "number"]), "4 5 9");
    assert_eq!(told(&again(&venue, &sell).await, &["seq", "number"]), "6 10");
}

#[tokio::test]
async fn a_name_stands_for_one_order_by_the_value_of_all_its_fields() {
    let venue = in_an_hour();
    let post = |key: &'static str, fields: &'static str| {
        let addr = venue.addr;
        async move {
            let body = format!(r#"{{"stoks": "EURUSD", {fields}}}"#);
            Request::new("POST", "/orders").header("Idempotency-Key", key).body(body).send(addr).await
        }
    };
    let first = post("a", r#""qty": "5", "type": "limit", "limit_price": "1.08500""#).await;
    assert_eq!((first.status, first.header("idempotent-replayed")), (200, None));
    let same =
        post("a", r#""quantity": 5, "side": "buy", "type": "limit", "limit_price": 1.085, "account": null"#).await;
    assert_eq!((same.status, same.header("idempotent-replayed")), (200, Some("true")), "{same:?}");
    assert_eq!(same.json(), first.json());
    for other in [
        r#""quantity": 5"#,
        r#""qty": 5, "type": "limit", "limit_price": 1.08501"#,
        r#""qty": 5, "type": "limit", "limit_price": 1.085, "side": "sell""#,
        r#""qty": 5, "type": "limit", "limit_price": 1.085, "time_in_force": "ioc""#,
        r#""qty": 5, "type": "limit", "limit_price": 1.085, "post_only": true"#,
        r#""qty": 6, "type": "limit", "limit_price": 1.085"#,
    ] {
        let reply = post("a", other).await;
        assert_eq!(reply.status, 422, "{other}: {reply:?}");
        assert_eq!(reply.json()["detail"][0]["type"], "idempotency_key_reused", "{other}");
    }
    assert_eq!(venue.get("/orders").await.json().as_object().map(serde_json::Map::len), Some(1));
}

#[tokio::test]
async fn a_cancelled_native_order_says_that_its_client_did_it() {
    let venue = in_an_hour();
    let order = venue.place("EURUSD", 5).await;
    assert_eq!(venue.delete(&path(&order)).await.status, 204);
    let cancelled = again(&venue, &order).await;
    assert_eq!(outcome(&cancelled), "CANCELLED canceled 0 null client");
    assert_eq!(cancelled["arrived_at"], json!(null));
    assert_eq!(cancelled["updated_at"], cancelled["closed_at"]);
    assert_eq!(venue.get("/orders?state=canceled").await.json()[id(&order)], cancelled);
}
