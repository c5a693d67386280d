//! Placing, finding and cancelling an order (contract, "An order" and "Routes").

use std::collections::HashSet;

use serde_json::json;
use tradepit_places::everywhere;

use crate::support::rest::{Kept, assert_detail, id, micros, path, symbol};
use crate::support::{Request, own_venue, venue};

const UNKNOWN: &str = "/orders/1d70aeaa-658c-4799-819f-79c436d2dd18";

#[everywhere]
async fn a_placed_order_is_answered_with_200_and_the_pending_order() {
    let symbol = symbol();
    let reply = venue().post("/orders", &format!(r#"{{"stoks": "{symbol}", "quantity": 123}}"#)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let order = reply.json();
    assert_eq!(order["stoks"], json!(symbol));
    assert_eq!(order["quantity"], json!(123));
    assert_eq!(order["status"], "PENDING");
    assert_eq!(order["closed_at"], json!(null));
    assert!(order["seq"].as_u64().is_some_and(|seq| seq >= 1), "{order}");
    assert!(micros(&order["accepted_at"]) <= micros(&order["due_at"]), "{order}");
    for name in ["client_order_id", "idempotency_key"] {
        assert_eq!(order.get(name), None, "only where it has one: {order}");
    }
}

#[everywhere]
async fn accepted_seq_is_the_number_of_the_change_that_accepted_the_order_for_ever() {
    let order = venue().place_long(&symbol(), 1).await;
    assert_eq!(order["accepted_seq"], order["seq"], "{order}");
    assert_eq!(venue().delete(&path(&order)).await.status, 204);
    let cancelled = venue().get(&path(&order)).await.json();
    assert!(cancelled["seq"].as_u64() > order["seq"].as_u64(), "{cancelled}");
    assert_eq!(cancelled["accepted_seq"], order["accepted_seq"]);
}

#[everywhere]
async fn an_id_is_a_uuid_of_version_4_and_never_given_twice() {
    let mut connection = Kept::open(venue()).await;
    let mut seen = HashSet::new();
    for _ in 0..200 {
        let order = connection.ask("POST", "/orders", r#"{"stoks": "ID", "quantity": 1}"#).await.json();
        let id = id(&order).to_owned();
        let shape: String = id.chars().map(|c| if c.is_ascii_hexdigit() { 'x' } else { c }).collect();
        assert_eq!(shape, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "{id}");
        assert_eq!(id, id.to_lowercase());
        assert_eq!(&id[14..15], "4", "the version: {id}");
        assert!("89ab".contains(&id[19..20]), "the variant: {id}");
        assert!(seen.insert(id), "given twice");
    }
}

#[everywhere]
async fn a_placed_order_is_found_as_it_was_answered() {
    let order = venue().place_long(&symbol(), 9_007_199_254_740_991).await;
    let found = venue().get(&path(&order)).await;
    assert_eq!(found.status, 200);
    assert_eq!(found.header("content-type"), Some("application/json"));
    assert_eq!(found.json(), order);
}

#[everywhere]
async fn an_id_and_a_status_sent_by_a_client_are_ignored_as_are_unknown_fields() {
    let body = r#"{"id": "1d70aeaa-658c-4799-819f-79c436d2dd18", "status": "EXECUTED", "quantity": 1, "stoks": "A",
        "accepted_at": 7, "due_at": [], "closed_at": {}, "seq": -1, "delay": 0, "": null, "Quantity": 0, "STOKS": ""}"#;
    let order = venue().post("/orders", body).await.json();
    assert_ne!(order["id"], "1d70aeaa-658c-4799-819f-79c436d2dd18");
    assert_eq!(order["status"], "PENDING");
    assert!(order["seq"].as_u64().is_some_and(|seq| seq >= 1), "{order}");
    let body = r#"{"id": 7, "status": null, "quantity": 1, "stoks": "A"}"#;
    assert_eq!(venue().post("/orders", body).await.status, 200);
}

#[everywhere]
async fn cancelling_a_pending_order_is_204_without_a_body_and_makes_it_cancelled() {
    let order = venue().place_long(&symbol(), 5).await;
    let reply = venue().delete(&path(&order)).await;
    assert_eq!((reply.status, reply.body.as_str()), (204, ""), "{reply:?}");
    assert_eq!(reply.header("content-length").unwrap_or("0"), "0");
    assert_eq!(reply.header("transfer-encoding"), None);
    let cancelled = venue().get(&path(&order)).await.json();
    assert_eq!(cancelled["status"], "CANCELLED");
    assert!(cancelled["seq"].as_u64() > order["seq"].as_u64(), "{order} {cancelled}");
    let closed_at = micros(&cancelled["closed_at"]);
    assert!(micros(&order["accepted_at"]) <= closed_at && closed_at < micros(&order["due_at"]), "{cancelled}");
    for field in ["id", "stoks", "quantity", "accepted_at", "due_at"] {
        assert_eq!(cancelled[field], order[field], "{field}");
    }
}

#[everywhere]
async fn cancelling_a_cancelled_order_is_204_and_changes_nothing() {
    let order = venue().place_long(&symbol(), 5).await;
    venue().delete(&path(&order)).await;
    let cancelled = venue().get(&path(&order)).await.json();
    let again = venue().delete(&path(&order)).await;
    assert_eq!((again.status, again.body.as_str()), (204, ""));
    assert_eq!(venue().get(&path(&order)).await.json(), cancelled);
}

#[tokio::test]
async fn cancelling_an_executed_order_is_204_and_changes_nothing() {
    let venue = own_venue(|config| config.venue.delay = tradepit_actors::DelayModel::None);
    let order = venue.place("A", 5).await;
    let executed = venue.get(&path(&order)).await.json();
    assert_eq!(executed["status"], "EXECUTED");
    let reply = venue.delete(&path(&order)).await;
    assert_eq!((reply.status, reply.body.as_str()), (204, ""));
    assert_eq!(venue.get(&path(&order)).await.json(), executed);
}

#[tokio::test]
async fn a_cancel_that_changes_nothing_takes_no_number() {
    let venue = own_venue(|_| {});
    let first = venue.place_long("A", 1).await;
    assert_eq!(first["seq"], 1);
    for _ in 0..3 {
        assert_eq!(venue.delete(&path(&first)).await.status, 204);
        assert_eq!(venue.get(&path(&first)).await.json()["seq"], 2);
    }
    venue.delete(UNKNOWN).await;
    venue.post("/orders", "{}").await;
    assert_eq!(venue.place_long("A", 1).await["seq"], 3);
}

#[everywhere]
async fn an_unknown_order_is_neither_found_nor_cancelled() {
    assert_detail(&venue().get(UNKNOWN).await, 404, "Order not found");
    assert_detail(&venue().delete(UNKNOWN).await, 404, "Order not found");
}

#[everywhere]
async fn a_connection_is_kept_whatever_the_answer_was() {
    let mut connection = Kept::open(venue()).await;
    let place = r#"{"stoks": "A", "quantity": 1}"#;
    let cases: [(&str, &str, &str, u16); 12] = [
        ("POST", "/orders", place, 200),
        ("POST", "/orders", "{}", 422),
        ("POST", "/orders", "", 422),
        ("POST", "/orders", "no JSON", 422),
        ("GET", UNKNOWN, "", 404),
        ("DELETE", UNKNOWN, "", 404),
        ("PUT", "/orders", "", 405),
        ("POST", "/nowhere", "", 404),
        ("GET", "/orders?limit=0", "", 422),
        ("HEAD", "/orders?limit=1", "", 200),
        ("GET", "/ws", "", 426),
        ("POST", "/orders", place, 200),
    ];
    for (method, path, body, status) in cases {
        assert_eq!(connection.ask(method, path, body).await.status, status, "{method} {path} {body}");
    }
    let order = connection.ask("POST", "/orders", place).await.json();
    assert_eq!(connection.ask("DELETE", &path(&order), "").await.status, 204);
    assert_eq!(connection.ask("GET", &path(&order), "").await.json()["status"], "CANCELLED");
}

#[everywhere]
async fn a_body_where_none_is_needed_is_ignored() {
    let mut connection = Kept::open(venue()).await;
    let order = connection.ask("POST", "/orders", r#"{"stoks": "A", "quantity": 1}"#).await.json();
    assert_eq!(connection.ask("GET", &path(&order), "GET / HTTP/1.1\r\n\r\n").await.json()["id"], order["id"]);
    assert_eq!(connection.ask("DELETE", &path(&order), "{}").await.status, 204);
    assert_eq!(connection.ask("GET", "/orders?stoks=BODY-NONE", "null").await.body, "{}");
    assert_eq!(connection.ask("GET", &path(&order), "").await.json()["status"], "CANCELLED");
}

#[everywhere]
async fn requests_that_come_in_one_piece_are_answered_in_order() {
    let mut connection = Kept::open(venue()).await;
    let body = r#"{"stoks": "A", "quantity": 1}"#;
    let [orders, nowhere] = ["/orders", "/nowhere"].map(|path| venue().path(path));
    let length = body.len();
    let post = format!("POST {orders} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{body}");
    let get = format!("GET {nowhere} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    connection.write(format!("{post}{get}{post}{get}").as_bytes()).await;
    for status in [200, 404, 200, 404] {
        assert_eq!(connection.reply("GET").await.expect("a reply").status, status);
    }
}

#[everywhere]
async fn a_client_of_http_1_0_is_served_and_then_closed() {
    let order = venue().place_long(&symbol(), 1).await;
    let request = format!("GET {} HTTP/1.0\r\n\r\n", venue().path(&path(&order)));
    let reply = crate::support::send_raw(venue().addr, request.as_bytes()).await;
    assert_eq!((reply.status, reply.json()), (200, order));
}

#[everywhere]
async fn a_request_target_may_be_a_whole_url() {
    let order = venue().place_long(&symbol(), 1).await;
    let url = format!("http://localhost{}", venue().path(&path(&order)));
    assert_eq!(Request::new("GET", &url).send(venue().addr).await.json(), order);
}
