//! `POST /orders/{id}/replace`: a new order in place of one that is open.

use crate::support::Request;
use crate::support::folder::DataFolder;
use crate::support::rest::{Kept, assert_detail, flaw_places};

use super::*;

const LIMIT: &str =
    r#""stoks": "EURUSD", "quantity": 10, "type": "limit", "limit_price": "1.08", "client_order_id": "a""#;

fn replacement(order: &Value) -> String {
    path(order) + "/replace"
}

#[tokio::test]
async fn the_new_order_stands_in_place_of_the_old_one_and_each_tells_of_the_other() {
    let venue = at_once();
    let old = arrive(&venue, LIMIT).await;
    let new = venue.post(&replacement(&old), r#"{"limit_price": "1.0810", "client_order_id": "b"}"#).await;
    assert_eq!(new.status, 200, "{new:?}");
    let new = new.json();
    assert_eq!(told(&new, &["state", "qty", "limit_price", "client_order_id"]), "accepted 10 1.08100 b");
    assert_eq!(
        (&new["replaces"], &new["replaced_by"], &new["due_at"]),
        (&old["id"], &Value::Null, &new["accepted_at"])
    );
    let new = again(&venue, &new).await;
    assert_eq!(outcome(&new), "PENDING new 0 null null");
    let old = again(&venue, &old).await;
    assert_eq!(
        told(&old, &["status", "state", "reason", "replaced_by"]),
        format!("CANCELLED replaced null {}", told(&new, &["id"]))
    );
    assert_eq!(old["closed_at"], new["arrived_at"], "at one moment");
    let listed = venue.get("/orders?state=replaced").await.json();
    assert_eq!(listed.as_object().map(|listed| listed.len()), Some(1));
    let refused = venue.post(&replacement(&old), "{}").await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &"order_closed".into()));
    let again = venue.post(&replacement(&new), "{}").await.json();
    assert_eq!(told(&again, &["qty", "limit_price"]), "10 1.08100", "all as it was");
    assert!(again.get("client_order_id").is_none(), "a name is not taken over");
}

#[tokio::test]
async fn a_native_order_on_its_way_is_replaced_too_and_the_new_one_does_not_wait() {
    let venue = in_an_hour();
    let old = place(&venue, r#""stoks": "EURUSD", "quantity": 5"#).await;
    let new = venue.post(&replacement(&old), r#"{"quantity": 7}"#).await.json();
    assert_eq!(outcome(&again(&venue, &new).await), "EXECUTED filled 7 1.08501 null");
    assert_eq!(told(&again(&venue, &old).await, &["state", "quantity", "qty"]), "replaced 5 5");
}

#[tokio::test]
async fn what_is_wrong_is_told_and_the_old_order_stands() {
    let venue = at_once();
    let old = arrive(&venue, LIMIT).await;
    for (body, places) in [
        (r#"{"qty": 0.5, "limit_price": "1.000001"}"#, &["body.limit_price", "body.qty"] as &[&str]),
        (r#"{"stop_price": "1"}"#, &["body.stop_price"]),
        (r#"{"client_order_id": "a"}"#, &["body.client_order_id"]),
        (r#"{"client_order_id": "", "quantity": 0}"#, &["body.client_order_id", "body.quantity"]),
        ("[]", &["body"]),
    ] {
        assert_eq!(flaw_places(&venue.post(&replacement(&old), body).await), places, "{body}");
    }
    assert_eq!(again(&venue, &old).await, old);
    for id in ["x", "0b0e7d5e-0000-4000-8000-000000000000"] {
        assert_detail(&venue.post(&format!("/orders/{id}/replace"), "{}").await, 404, "Order not found");
    }
    let wrong = venue.get(&replacement(&old)).await;
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("POST")));
}

#[tokio::test]
async fn a_request_that_is_repeated_is_answered_as_the_first_time_also_after_a_kill() {
    const FLAGS: [&str; 4] = ["--market", "frozen", "--delay", "none"];
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&FLAGS).await;
    let mut line = Kept::open(addr).await;
    let old = line.ask("POST", "/orders", &format!("{{{LIMIT}}}")).await.json();
    let send = async |addr, quantity: u64| {
        let body = format!(r#"{{"quantity": {quantity}}}"#);
        Request::new("POST", &replacement(&old)).header("Idempotency-Key", "k").body(&body).send(addr).await
    };
    let first = send(addr, 7).await;
    let repeated = send(addr, 7).await;
    assert_eq!((repeated.json(), repeated.header("idempotent-replayed")), (first.json(), Some("true")));
    assert_eq!(flaw_places(&send(addr, 8).await), ["header.idempotency-key"]);
    let orders = line.ask("GET", "/orders", "").await.json();
    server.killed().await;
    folder.check().await;
    let (_server, addr) = folder.serve(&FLAGS).await;
    let repeated = send(addr, 7).await;
    assert_eq!((repeated.json(), repeated.header("idempotent-replayed")), (first.json(), Some("true")));
    assert_eq!(Kept::open(addr).await.ask("GET", "/orders", "").await.json(), orders);
}
