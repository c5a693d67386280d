//! What `/ws` tells of rich orders: changes of status, each once, and nothing else.

use crate::support::rest::{id, path};

use super::*;

/// Everything told up to the last change of this order.
async fn heard(venue: &Venue, query: &str, last: &Value) -> Vec<String> {
    let mut subscriber = venue.subscribe(query).await;
    let mut frames = Vec::new();
    loop {
        let frame = subscriber.text().await;
        let is_last = frame.contains(id(last)) && !frame.contains("PENDING");
        frames.push(frame);
        if is_last {
            return frames;
        }
    }
}

#[tokio::test]
async fn an_order_is_announced_as_pending_and_at_its_end_and_partial_fills_tell_nothing() {
    let venue = at_once();
    let mut subscriber = venue.subscribe("").await;
    let sell = r#""stoks": "EURUSD", "qty": 3, "side": "sell", "type": "limit", "limit_price": 1.085"#;
    let sell = arrive(&venue, sell).await;
    let mut expected = vec![format!("{} is PENDING", id(&sell))];
    for quantity in [1, 2] {
        let buy = arrive(&venue, &format!(r#""stoks": "EURUSD", "quantity": {quantity}"#)).await;
        expected.extend(["PENDING", "EXECUTED"].map(|status| format!("{} is {status}", id(&buy))));
    }
    expected.push(format!("{} is EXECUTED", id(&sell)));
    let limit = r#""stoks": "EURUSD", "qty": 2, "type": "limit", "limit_price": 1.085"#;
    for fields in [r#""post_only": false"#, r#""time_in_force": "ioc""#, r#""time_in_force": "fok""#] {
        let order = arrive(&venue, &format!("{limit}, {fields}")).await;
        expected.push(format!("{} is PENDING", id(&order)));
        venue.delete(&path(&order)).await;
        expected.push(format!("{} is CANCELLED", id(&order)));
    }
    let rejected = arrive(&venue, &format!("{}, \"post_only\": true", limit.replace("1.085", "1.09"))).await;
    expected.extend(["PENDING", "CANCELLED"].map(|status| format!("{} is {status}", id(&rejected))));
    for frame in expected {
        assert_eq!(subscriber.text().await, frame);
    }
}

#[tokio::test]
async fn json_frames_of_rich_orders_are_those_of_native_ones_and_seq_has_no_gap() {
    let venue = at_once();
    let sell = r#""stoks": "AAPL", "qty": "2.5", "side": "sell", "type": "limit", "limit_price": 230"#;
    let sell = arrive(&venue, sell).await;
    arrive(&venue, r#""stoks": "AAPL", "quantity": 1"#).await;
    let last = arrive(&venue, r#""stoks": "AAPL", "qty": "1.5", "time_in_force": "ioc""#).await;
    let frames = heard(&venue, "?format=json&since=0", &last).await;
    let frames: Vec<Value> = frames.iter().map(|frame| serde_json::from_str(frame).expect("JSON")).collect();
    let of_sell: Vec<String> = frames
        .iter()
        .filter(|frame| frame["id"] == sell["id"])
        .map(|frame| told(frame, &["stoks", "quantity", "status"]))
        .collect();
    assert_eq!(of_sell, ["AAPL 3 PENDING"], "its end comes after that of the taker");
    for (frame, seq) in frames.iter().zip(1..) {
        assert_eq!(frame["seq"], seq, "{frame}");
        let known = ["seq", "at", "id", "stoks", "quantity", "status", "due_at"];
        assert!(frame.as_object().expect("an object").keys().all(|field| known.contains(&field.as_str())), "{frame}");
    }
    assert_eq!(outcome(&again(&venue, &sell).await), "EXECUTED filled 2.5 230.00 null");
}

#[tokio::test]
async fn what_stands_in_for_lost_changes_tells_a_rich_order_as_a_native_one() {
    let venue = own_venue(|config| {
        config.venue.delay = DelayModel::Fixed { us: 3_600_000_000 };
        config.venue.history = 1;
    });
    let sell = r#""stoks": "EURUSD", "qty": 3, "side": "sell", "type": "limit", "limit_price": 1.085"#;
    let sell = place(&venue, sell).await;
    for _ in 0..3 {
        venue.place("EURUSD", 1).await;
    }
    let mut late = venue.subscribe("?format=json&since=0").await;
    assert_eq!(late.json().await["type"], "lagged");
    let order = late.json().await;
    // `type` is the frame's own.
    assert_eq!(told(&order, &["type", "id", "status", "quantity"]), format!("order {} PENDING 3", id(&sell)));
}
