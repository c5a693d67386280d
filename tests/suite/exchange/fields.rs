//! What a reply tells of an order: all fields, always, in one order, null where they do not apply.

use serde_json::json;

use crate::support::rest::path;

use super::*;

/// What native clients know, then the rest.
#[rustfmt::skip]
const FIELDS: [&str; 35] = [
    "id", "stoks", "quantity", "status", "accepted_at", "due_at", "closed_at", "seq", "accepted_seq", "state", "side",
    "type", "time_in_force", "limit_price", "stop_price", "trail_price", "trail_percent", "post_only", "order_class",
    "account", "notional", "qty", "filled_qty", "average_price", "hwm", "arrived_at", "expires_at", "updated_at",
    "number", "reason", "reason_text", "parent", "legs", "replaces", "replaced_by",
];

/// The fields of an order that is shown alone, but the last, where it is there: its fills.
async fn shown(venue: &Venue, order: &Value) -> Vec<String> {
    let body = venue.get(&path(order)).await.body;
    let fields = body.split_once(r#","fills":["#).map_or(&*body, |(fields, _)| fields);
    written(fields).into_iter().map(str::to_owned).collect()
}

/// The fields of a reply, in the order in which they are written: none of these objects has another in it.
fn written(body: &str) -> Vec<&str> {
    body.split(",\"").map(|field| field.trim_start_matches("{\"").split('"').next().unwrap_or(field)).collect()
}

#[tokio::test]
async fn every_order_has_every_field_in_the_same_order() {
    let venue = at_once();
    for body in [
        r#"{"stoks": "EURUSD", "quantity": 5}"#,
        r#"{"stoks": "EURUSD", "quantity": 5, "side": "sell"}"#,
        r#"{"stoks": "EURUSD", "qty": 5, "type": "limit", "limit_price": 1, "time_in_force": "day"}"#,
    ] {
        let reply = venue.post("/orders", body).await;
        assert_eq!(written(&reply.body), FIELDS, "{body}");
        let order = reply.json();
        assert_eq!(shown(&venue, &order).await, FIELDS, "{body}");
        venue.delete(&path(&order)).await;
        assert_eq!(shown(&venue, &order).await, FIELDS, "{body}");
    }
}

#[tokio::test]
async fn a_native_order_says_what_it_comes_out_as() {
    let venue = in_an_hour();
    let order = place(&venue, r#""stoks": "EURUSD", "quantity": 5"#).await;
    let mut expected = json!({
        "stoks": "EURUSD", "quantity": 5, "status": "PENDING", "closed_at": null, "seq": 1, "accepted_seq": 1,
        "state": "accepted", "side": "buy", "type": "market", "time_in_force": "gtc", "limit_price": null,
        "stop_price": null, "trail_price": null, "trail_percent": null, "post_only": false, "order_class": "simple",
        "account": "default", "notional": null, "qty": "5", "filled_qty": "0", "average_price": null, "hwm": null,
        "arrived_at": null, "expires_at": null, "number": 1, "reason": null, "reason_text": null, "parent": null,
        "legs": null, "replaces": null, "replaced_by": null,
    });
    for field in ["id", "accepted_at", "due_at"] {
        expected[field] = order[field].clone();
    }
    expected["updated_at"] = order["accepted_at"].clone();
    assert_eq!(order, expected);
    assert_eq!(again(&venue, &order).await, order);
}

#[tokio::test]
async fn a_rich_order_says_what_it_asks_for_by_value() {
    let venue = in_an_hour();
    let asked = r#""symbol": "AAPL", "qty": "0.1250000", "side": "sell", "type": "limit", "limit_price": 2300e-1,
        "time_in_force": "gtc", "post_only": true, "client_order_id": "one""#;
    let order = place(&venue, asked).await;
    let terms = ["stoks", "quantity", "qty", "side", "type", "limit_price", "time_in_force", "post_only", "account"];
    assert_eq!(told(&order, &terms), "AAPL 1 0.125 sell limit 230.00 gtc true default");
    assert_eq!(order["client_order_id"], "one");
    assert_eq!(again(&venue, &order).await, order);
    assert_eq!(venue.get("/orders?client_order_id=one").await.json()[order["id"].as_str().expect("an id")], order);
}

#[tokio::test]
async fn a_native_order_that_traded_in_pieces_reads_as_one_that_did_not() {
    let venue = at_once();
    let whole = arrive(&venue, r#""stoks": "EURUSD", "quantity": 2"#).await;
    arrive(&venue, r#""stoks": "EURUSD", "quantity": 1, "side": "sell", "type": "limit", "limit_price": 1.08501"#)
        .await;
    let pieces = arrive(&venue, r#""stoks": "EURUSD", "quantity": 2"#).await;
    let alike = ["status", "state", "side", "type", "time_in_force", "limit_price", "post_only", "qty", "filled_qty"];
    assert_eq!(told(&pieces, &alike), told(&whole, &alike));
    assert_eq!(told(&pieces, &["average_price", "reason", "expires_at"]), "1.08501 null null");
    for order in [&whole, &pieces] {
        assert_eq!(order["arrived_at"], order["closed_at"], "{order}");
        assert_eq!(order["updated_at"], order["closed_at"], "{order}");
    }
}

#[tokio::test]
async fn the_reply_is_the_order_as_it_was_accepted() {
    let venue = at_once();
    for fields in [r#""quantity": 5"#, r#""quantity": 5, "side": "sell""#] {
        let order = place(&venue, &format!(r#""stoks": "EURUSD", {fields}"#)).await;
        assert_eq!(outcome(&order), "PENDING accepted 0 null null", "{fields}");
        assert_eq!(outcome(&again(&venue, &order).await).split(' ').next(), Some("EXECUTED"), "{fields}");
    }
}
