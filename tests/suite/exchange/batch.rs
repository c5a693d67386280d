//! Several requests in one: in order, each on its own, each answered as its own would have been.

use serde_json::json;

use super::*;
use tradepit_actors::DelayModel;

use crate::support::{Request, id_of};

/// What became of each.
async fn batch(venue: &Venue, body: &Value) -> Vec<(u64, Value)> {
    let reply = venue.post("/batch", &body.to_string()).await;
    assert_eq!(reply.status, 207, "{body}: {reply:?}");
    let items = reply.json().as_array().expect("a list").clone();
    items.into_iter().map(|item| (item["status"].as_u64().expect("a number"), item["body"].clone())).collect()
}

fn statuses(done: &[(u64, Value)]) -> Vec<u64> {
    done.iter().map(|(status, _)| *status).collect()
}

#[tokio::test]
async fn orders_are_placed_amended_and_cancelled_in_order() {
    let venue = at_once();
    let limit = json!({"stoks": "EURUSD", "type": "limit", "qty": "10", "limit_price": "1.05"});
    let placed = batch(
        &venue,
        &json!([{"place": {"stoks": "EURUSD", "quantity": 5}}, {"place": limit}, {"place": {"stoks": "EURUSD"}}]),
    )
    .await;
    assert_eq!(statuses(&placed), [200, 200, 422]);
    assert_eq!(placed[2].1, venue.post("/orders", r#"{"stoks": "EURUSD"}"#).await.json());
    let (native, rests) = (&placed[0].1, &placed[1].1);
    assert_eq!(told(native, &["state", "qty"]), "accepted 5");
    let id = id_of(rests);
    let done = batch(
        &venue,
        &json!([
            {"amend": {"id": id, "qty": "4"}}, {"amend": {"id": id, "qty": "0"}}, {"cancel": {"id": id}},
            {"cancel": {"id": id}}, {"amend": {"id": id, "qty": "3"}}, {"cancel": {"id": "x"}},
            {"cancel": {"id": id_of(native)}}, {"replace": {"id": id, "qty": "3"}}, {"place": 1},
            {"fly": {}}, 7, {}, {"cancel": {}},
        ]),
    )
    .await;
    assert_eq!(statuses(&done), [200, 422, 204, 204, 409, 404, 204, 409, 422, 422, 422, 422, 422]);
    assert_eq!((&done[0].1["qty"], &done[2].1), (&json!("4"), &Value::Null));
    assert_eq!(outcome(&again(&venue, rests).await), "CANCELLED canceled 0 null client");
    assert_eq!(outcome(&again(&venue, native).await), "EXECUTED filled 5 1.08501 null");
}

#[tokio::test]
async fn what_an_item_asks_for_meets_what_those_before_it_brought_about() {
    let venue = own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.market = tradepit::config::Market::None;
    });
    let sell = json!({"stoks": "EURUSD", "side": "sell", "type": "limit", "qty": "10", "limit_price": "1.05"});
    let buy = json!({"stoks": "EURUSD", "qty": "4", "time_in_force": "ioc"});
    let done = batch(&venue, &json!([{"place": sell}, {"place": buy}])).await;
    assert_eq!(statuses(&done), [200, 200]);
    assert_eq!(outcome(&again(&venue, &done[1].1).await), "EXECUTED filled 4 1.05000 null");
    assert_eq!(outcome(&again(&venue, &done[0].1).await), "PENDING partially_filled 4 1.05000 null");
}

#[tokio::test]
async fn an_order_is_replaced_once_under_a_key() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    let limit = r#""stoks": "EURUSD", "type": "limit", "qty": "10", "limit_price": "1.05""#;
    let old = arrive(&venue, limit).await;
    let body = json!([{"replace": {"id": id_of(&old), "qty": "4", "limit_price": "1.051", "client_order_id": "b"}},
        {"replace": {"id": id_of(&old), "qty": "0"}}]);
    let body = body.to_string();
    let send = || Request::new("POST", "/batch").header("Idempotency-Key", "k").body(&body).send(venue.addr);
    let first = send().await;
    assert_eq!((first.status, first.json()[1]["status"].as_u64()), (207, Some(422)));
    let new = &first.json()[0]["body"];
    assert_eq!(told(new, &["qty", "limit_price", "client_order_id", "idempotency_key"]), "4 1.05100 b k#0");
    assert_eq!(new["replaces"], old["id"]);
    assert_eq!(send().await.body, first.body);
    assert_eq!(venue.get("/orders").await.json().as_object().expect("an object").len(), 2);
}

#[tokio::test]
async fn what_is_no_array_or_too_long_is_refused_whole_and_nothing_of_it_is_kept() {
    let venue = in_an_hour();
    let item = json!({"place": {"stoks": "EURUSD", "quantity": 1}});
    for (body, kind) in [
        (String::new(), "missing"),
        ("[".to_owned(), "json_invalid"),
        ("{}".to_owned(), "list_type"),
        (json!(vec![&item; 257]).to_string(), "too_long"),
    ] {
        let reply = venue.post("/batch", &body).await;
        assert_eq!((reply.status, &reply.json()["detail"][0]["type"]), (422, &json!(kind)));
    }
    assert_eq!(venue.get("/orders").await.body, "{}");
    assert_eq!(statuses(&batch(&venue, &json!(vec![&item; 256])).await), [200; 256]);
    assert_eq!(batch(&venue, &json!([])).await, []);
    let large = json!([{"place": {"stoks": "EURUSD", "quantity": 1, "note": "x".repeat(65_536)}}]);
    assert_eq!(venue.post("/batch", &large.to_string()).await.status, 413);
}

#[tokio::test]
async fn a_key_holds_for_the_whole() {
    let venue = in_an_hour();
    let place = json!({"place": {"stoks": "EURUSD", "quantity": 1}});
    let body = json!([place, {"place": {"stoks": "EURUSD"}}, place]).to_string();
    let send = |body: &str| Request::new("POST", "/batch").header("Idempotency-Key", "k-1").body(body).send(venue.addr);
    let first = send(&body).await;
    let again = send(&body).await;
    assert_eq!((first.status, first.header("idempotent-replayed")), (207, None));
    assert_eq!((again.status, again.header("idempotent-replayed")), (207, Some("true")));
    assert_eq!(first.body, again.body);
    assert_eq!(venue.get("/orders").await.json().as_object().expect("an object").len(), 2);
    assert_eq!(first.json()[2]["body"]["idempotency_key"], "k-1#2");
    let other = send(&json!([place]).to_string()).await;
    assert_eq!((other.status, &other.json()["detail"][0]["type"]), (422, &json!("idempotency_key_reused")));
}
