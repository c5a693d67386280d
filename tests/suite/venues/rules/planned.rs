//! What rules have in store for orders that are accepted: held, ended on arrival, in parts, and slow to be cancelled.

use std::time::Duration;

use serde_json::{Value, json};

use super::{counts, limit, make, post};
use crate::support::places::wait;
use crate::support::rest::{Kept, id, path};
use crate::support::{Reply, Request, Venue, own_venue, until};

/// A venue whose time stands, where orders arrive at once.
async fn prompt(server: &Venue, rules: Value) -> Venue {
    let body = json!({"seed": 5, "clock": "frozen", "delay": "none", "market": "frozen", "rules": rules});
    make(server, body).await.0
}

async fn advance(venue: &Venue, by: &str) {
    let reply = venue.post("/clock/advance", &json!({"by": by}).to_string()).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

/// What of an order as it stands is asked for, with blanks between.
async fn stands(venue: &Venue, order: &Value) -> String {
    let order = venue.get(&path(order)).await.json();
    let fields = ["status", "state", "filled_qty", "average_price", "reason"];
    let text = |field: &str| order[field].as_str().unwrap_or("null").to_owned();
    fields.map(text).join(" ")
}

#[tokio::test]
async fn an_order_that_is_held_is_due_at_no_time_and_is_let_go_by_cancelling() {
    let server = own_venue(|_| {});
    let venue = prompt(&server, json!([{"match": {}, "do": {"hold": true}}])).await;
    let (_, order) = post(&venue, limit("buy", 5)).await;
    assert_eq!(order["due_at"], Value::Null);
    advance(&venue, "1h").await;
    assert_eq!(stands(&venue, &order).await, "PENDING accepted 0 null null");
    assert_eq!(venue.delete(&path(&order)).await.status, 204);
}

#[tokio::test]
async fn orders_end_on_arrival_with_their_reason() {
    let server = own_venue(|_| {});
    let rules = json!([{"match": {"side": "buy"}, "do": {"reject_on_arrival": "too late", "delay": "1s"}, "times": 1},
        {"match": {"side": "sell"}, "do": {"expire": true}}, {"match": {}, "do": {"cancel": true}}]);
    let venue = prompt(&server, rules).await;
    let (_, rejected) = post(&venue, json!({"stoks": "EURUSD", "quantity": 1})).await;
    let (_, expired) = post(&venue, limit("sell", 1)).await;
    let (_, cancelled) = post(&venue, limit("buy", 1)).await;
    assert_eq!(stands(&venue, &rejected).await, "PENDING accepted 0 null null");
    assert_eq!(stands(&venue, &expired).await, "CANCELLED expired 0 null null");
    assert_eq!(stands(&venue, &cancelled).await, "CANCELLED canceled 0 null script");
    advance(&venue, "1s").await;
    assert_eq!(stands(&venue, &rejected).await, "CANCELLED rejected 0 null script");
    assert_eq!(venue.get(&path(&rejected)).await.json()["reason_text"], "too late");
}

#[tokio::test]
async fn an_order_trades_in_parts_each_at_its_time_and_the_rest_stays_open() {
    let server = own_venue(|_| {});
    let rules = json!([{"match": {"type": "limit"}, "do": {"fill": ["40%", "25"], "every": "200ms"}},
        {"match": {}, "do": {"fill": ["50%", "100%"], "every": "1s", "price": "1.25"}}]);
    let venue = prompt(&server, rules).await;
    let (_, order) = post(&venue, limit("buy", 101)).await;
    assert_eq!(stands(&venue, &order).await, "PENDING partially_filled 40 1.05000 null");
    let book = venue.get("/book/EURUSD").await.json();
    assert!(!book["bids"].to_string().contains("1.05000"), "it is not in the book: {book}");
    advance(&venue, "199ms").await;
    assert_eq!(stands(&venue, &order).await, "PENDING partially_filled 40 1.05000 null");
    advance(&venue, "1ms").await;
    assert_eq!(stands(&venue, &order).await, "PENDING partially_filled 65 1.05000 null");
    advance(&venue, "1h").await;
    assert_eq!(stands(&venue, &order).await, "PENDING partially_filled 65 1.05000 null", "the rest stays open");
    assert_eq!(venue.delete(&path(&order)).await.status, 204);
    assert_eq!(stands(&venue, &order).await, "CANCELLED canceled 65 1.05000 client");

    let mut subscriber = venue.subscribe("").await;
    let (_, native) = post(&venue, json!({"stoks": "EURUSD", "quantity": 7})).await;
    assert_eq!(stands(&venue, &native).await, "PENDING partially_filled 3 1.25000 null");
    advance(&venue, "1s").await;
    assert_eq!(stands(&venue, &native).await, "EXECUTED filled 7 1.25000 null");
    for status in ["PENDING", "EXECUTED"] {
        assert_eq!(subscriber.text().await, format!("{} is {status}", id(&native)));
    }
    let fills = venue.get(&format!("/fills?order_id={}", id(&native))).await.json();
    assert_eq!(fills.as_array().map(Vec::len), Some(2));
    let position = venue.get("/accounts/default/positions/EURUSD").await.json();
    assert_eq!(position["qty"], "72", "what it bought is its account's");
}

/// Sends a request that takes its time.
fn begin(venue: &Venue, method: &'static str, path: String, body: &'static str) -> tokio::task::JoinHandle<Reply> {
    let (addr, path) = (venue.addr, venue.path(&path));
    tokio::spawn(async move { Request::new(method, &path).body(body).send(addr).await })
}

async fn until_it_stands(venue: &Venue, order: &Value, state: &str) {
    until(state, async || (venue.get(&path(order)).await.json()["state"] == state).then_some(())).await;
}

#[tokio::test]
async fn a_cancellation_is_answered_when_it_is_decided_and_the_order_may_fill_meanwhile() {
    let server = own_venue(|_| {});
    let venue = prompt(&server, json!([{"match": {}, "do": {"cancel_delay": "2s"}}])).await;
    let (_, filled) = post(&venue, limit("buy", 5)).await;
    let asked = begin(&venue, "DELETE", path(&filled), "");
    until_it_stands(&venue, &filled, "pending_cancel").await;
    advance(&venue, "1s").await;
    assert!(!asked.is_finished(), "it is not decided");
    let quote = r#"{"bid": "1.04000", "ask": "1.05000"}"#;
    assert_eq!(venue.ask("PUT", "/market/EURUSD").body(quote).send(venue.addr).await.status, 200);
    assert_eq!(asked.await.expect("it ends").status, 204);
    assert_eq!(stands(&venue, &filled).await, "EXECUTED filled 5 1.05000 null");
    assert_eq!(venue.delete("/market/EURUSD").await.status, 204);

    let (_, cancelled) = post(&venue, limit("buy", 5)).await;
    let (first, second) =
        (begin(&venue, "DELETE", path(&cancelled), ""), begin(&venue, "DELETE", path(&cancelled), ""));
    until_it_stands(&venue, &cancelled, "pending_cancel").await;
    let open = venue.get("/open-orders").await.json();
    assert_eq!(open[id(&cancelled)]["status"], "PENDING");
    advance(&venue, "2s").await;
    // Whoever came while the clock went asks for what is decided: it is closed by then.
    for asked in [first, second] {
        assert_eq!(asked.await.expect("it ends").status, 204);
    }
    assert_eq!(stands(&venue, &cancelled).await, "CANCELLED canceled 0 null client");
    assert_eq!(counts(&venue).await, [(2, 2)]);
}

#[tokio::test]
async fn what_is_cancelled_with_others_is_told_as_undecided() {
    let server = own_venue(|_| {});
    let rules = json!([{"match": {"client_order_id": "slow"}, "do": {"cancel_delay": "2s"}}]);
    let venue = prompt(&server, rules).await;
    let mut slow = limit("buy", 5);
    slow["client_order_id"] = json!("slow");
    let ((_, slow), (_, prompt)) = (post(&venue, slow).await, post(&venue, limit("buy", 6)).await);
    let rows = venue.delete("/open-orders").await.json();
    assert_eq!(rows, json!([{"id": id(&slow), "status": 202}, {"id": id(&prompt), "status": 204}]));
    advance(&venue, "2s").await;
    assert_eq!(stands(&venue, &slow).await, "CANCELLED canceled 0 null client");
}

#[tokio::test]
async fn an_amendment_and_a_replacement_take_their_time() {
    let server = own_venue(|_| {});
    let venue = prompt(&server, json!([{"match": {}, "do": {"replace_delay": "1s"}}])).await;
    let (_, order) = post(&venue, limit("buy", 5)).await;
    let faulty = venue.patch(&path(&order), r#"{"qty": "0.5"}"#).await;
    assert_eq!(faulty.status, 422, "what is wrong with it is told at once: {faulty:?}");
    let asked = begin(&venue, "PATCH", path(&order), r#"{"quantity": 9}"#);
    until_it_stands(&venue, &order, "pending_replace").await;
    let undecided = venue.patch(&path(&order), r#"{"quantity": 8}"#).await;
    assert_eq!((undecided.status, &undecided.json()["code"]), (409, &json!("undecided")));
    assert_eq!(venue.get(&path(&order)).await.json()["quantity"], 5);
    advance(&venue, "1s").await;
    let amended = asked.await.expect("it ends");
    assert_eq!(
        (amended.status, &amended.json()["quantity"], &amended.json()["state"]),
        (200, &json!(9), &json!("new"))
    );

    let asked = begin(&venue, "POST", format!("{}/replace", path(&order)), r#"{"limit_price": "1.04"}"#);
    until_it_stands(&venue, &order, "pending_replace").await;
    advance(&venue, "1s").await;
    let replaced = asked.await.expect("it ends");
    assert_eq!((replaced.status, &replaced.json()["replaces"]), (200, &order["id"]), "{replaced:?}");
    assert_eq!(stands(&venue, &order).await, "CANCELLED replaced 0 null null");
    assert_eq!(stands(&venue, &replaced.json()).await, "PENDING new 0 null null", "it is found by its id");
}

#[tokio::test]
async fn who_waits_for_a_decision_waits_for_half_a_minute_and_it_is_done_all_the_same() {
    let server = own_venue(|_| {});
    let venue = prompt(&server, json!([{"match": {}, "do": {"cancel_delay": "1h", "replace_delay": "1h"}}])).await;
    let ((_, leaves), (_, changes)) = (post(&venue, limit("buy", 5)).await, post(&venue, limit("buy", 6)).await);
    let (mut cancel, mut amend) = (Kept::open(venue.addr).await, Kept::open(venue.addr).await);
    let head = |method: &str, order: &Value| format!("{method} {} HTTP/1.1\r\nHost: x\r\n", venue.path(&path(order)));
    cancel.write(format!("{}\r\n", head("DELETE", &leaves)).as_bytes()).await;
    let body = r#"{"quantity": 9}"#;
    let length = format!("Content-Length: {}\r\n\r\n", body.len());
    amend.write(format!("{}{length}{body}", head("PATCH", &changes)).as_bytes()).await;
    wait(Duration::from_secs(30)).await;
    for (line, method, state) in [(&mut cancel, "DELETE", "pending_cancel"), (&mut amend, "PATCH", "pending_replace")] {
        let reply = line.reply(method).await.expect("a reply");
        assert_eq!((reply.status, &reply.json()["state"]), (202, &json!(state)), "{reply:?}");
    }
    advance(&venue, "1h").await;
    assert_eq!(stands(&venue, &leaves).await, "CANCELLED canceled 0 null client");
    assert_eq!(venue.get(&path(&changes)).await.json()["quantity"], 9);
}
