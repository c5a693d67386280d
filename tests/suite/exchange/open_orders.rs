//! `/open-orders`: what is open, listed, and cancelled in one go.

use crate::support::rest::{listed, path};

use super::*;

const BUY: &str = r#""qty": "10", "type": "limit", "limit_price": "1""#;

#[tokio::test]
async fn all_open_orders_are_listed_and_cancelled_in_order_of_creation() {
    let venue = at_once();
    let mut open = Vec::new();
    for symbol in ["EURUSD", "GBPUSD", "EURUSD"] {
        open.push(arrive(&venue, &format!(r#""stoks": "{symbol}", {BUY}"#)).await);
    }
    arrive(&venue, r#""stoks": "EURUSD", "quantity": 1"#).await;
    let shown = listed(&venue.get("/open-orders").await);
    assert_eq!(shown.into_iter().map(|(_, order)| order).collect::<Vec<_>>(), open);
    assert_eq!(listed(&venue.get("/open-orders?stoks=GBPUSD&status=EXECUTED").await).len(), 1, "of the open ones");
    let page = venue.get("/open-orders?limit=1").await;
    assert!(page.header("link").is_some_and(|link| link.contains("/open-orders?limit=1&after=")), "{page:?}");

    let cancelled = venue.delete("/open-orders?symbol=EURUSD").await;
    let row = |order: &Value| serde_json::json!({"id": order["id"], "status": 204});
    assert_eq!((cancelled.status, cancelled.json()), (207, Value::from(vec![row(&open[0]), row(&open[2])])));
    assert_eq!(outcome(&again(&venue, &open[0]).await), "CANCELLED canceled 0 null client");
    assert_eq!(outcome(&again(&venue, &open[1]).await), "PENDING new 0 null null");
    let rest = venue.delete("/open-orders/?account=default").await;
    assert_eq!((rest.status, rest.json()), (207, Value::from(vec![row(&open[1])])));
    let nothing = venue.delete("/open-orders").await;
    assert_eq!((nothing.status, nothing.body.as_str()), (207, "[]"));
}

#[tokio::test]
async fn more_than_one_turn_cancels_are_cancelled_whole_and_what_is_on_its_way_too() {
    let venue = in_an_hour();
    let mut placed = Vec::new();
    for _ in 0..700 {
        placed.push(venue.place("EURUSD", 1).await["id"].clone());
    }
    let cancelled = venue.delete("/open-orders").await.json();
    let ids: Vec<Value> = cancelled.as_array().expect("a list").iter().map(|row| row["id"].clone()).collect();
    assert_eq!(ids, placed);
    assert_eq!(listed(&venue.get("/open-orders").await).len(), 0);
}

#[tokio::test]
async fn what_names_no_orders_cancels_none() {
    let venue = at_once();
    let order = arrive(&venue, &format!(r#""stoks": "EURUSD", {BUY}"#)).await;
    for query in ["symbol=", "symbol=a%20b", "account=mine", "side=both", "state=gone"] {
        let reply = venue.delete(&format!("/open-orders?{query}")).await;
        assert_eq!(reply.status, 422, "{query}: {reply:?}");
    }
    let all = venue.delete("/orders").await;
    assert_eq!(all.status, 405, "an id that a client left empty cancels nothing: {all:?}");
    assert_eq!(again(&venue, &order).await, order);
    assert_eq!(venue.delete(&path(&order)).await.status, 204);
}
