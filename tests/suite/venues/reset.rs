//! A reset: the venue as it was made, another life of it.

use serde_json::json;

use super::make;
use crate::support::own_venue;
use crate::support::rest::{id, native_fields};

#[tokio::test]
async fn a_reset_venue_begins_anew_with_the_same_seed() {
    let server = own_venue(|_| {});
    let body = json!({"name": "again", "seed": 3, "clock": {"start": "2026-01-05T14:30:00Z", "speed": 0},
        "accounts": [{"id": "alice"}]});
    let (venue, made) = make(&server, body).await;
    let mut subscriber = venue.subscribe("?format=json").await;
    let before = venue.place("EURUSD", 5).await;
    assert_eq!(venue.post("/accounts", r#"{"id": "bob"}"#).await.status, 201);
    assert_eq!(subscriber.json().await["id"], before["id"]);
    let reply = server.post("/venues/again/reset", "").await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let frame = subscriber.close_frame().await.expect("a close frame");
    assert_eq!((u16::from(frame.code), &*frame.reason), (1012, "the venue was reset"));
    let told = reply.json();
    assert_eq!((&told["seed"], &told["name"], &told["counts"]["orders"]), (&json!(3), &json!("again"), &json!(0)));
    assert_ne!(told["instance"], made["instance"]);
    assert_eq!(venue.get("/orders").await.json(), json!({}));
    assert_eq!(venue.get("/accounts/alice").await.status, 200, "it was made with it");
    assert_eq!(venue.get("/accounts/bob").await.status, 404, "it came later");
    let after = venue.place("EURUSD", 5).await;
    assert_eq!(native_fields(&after), native_fields(&before), "the same request makes the same bytes");
}

#[tokio::test]
async fn another_seed_makes_other_ids_and_stays() {
    let server = own_venue(|_| {});
    let (venue, _) = make(&server, json!({"name": "s", "seed": 3, "clock": "frozen"})).await;
    let first = venue.place("EURUSD", 1).await;
    assert_eq!(server.post("/venues/s/reset", r#"{"seed": 4}"#).await.json()["seed"], 4);
    let second = venue.place("EURUSD", 1).await;
    assert_ne!(id(&first), id(&second));
    assert_eq!(server.post("/venues/s/reset", "{}").await.json()["seed"], 4, "the seed stays");
    assert_eq!(id(&venue.place("EURUSD", 1).await), id(&second));
}

#[tokio::test]
async fn what_is_kept_is_there_again_with_its_first_cash() {
    let server = own_venue(|_| {});
    let (venue, _) = make(&server, json!({"name": "k", "delay": "none"})).await;
    assert_eq!(venue.post("/accounts", r#"{"id": "bob", "cash": {"USD": "5000"}}"#).await.status, 201);
    let listing = r#"{"symbol": "ACME", "class": "equity", "quote": "USD", "tick": "0.01", "lot": 1,
        "reference_price": "12.50"}"#;
    assert_eq!(venue.post("/instruments", listing).await.status, 201);
    let order = r#"{"stoks": "ACME", "qty": 10, "side": "buy", "account": "bob", "type": "market"}"#;
    assert_eq!(venue.post("/orders", order).await.status, 200);
    let spent = venue.get("/accounts/bob").await.json();
    assert_ne!(spent["cash"]["USD"], "5000", "it bought: {spent}");
    let kept = server.post("/venues/k/reset", r#"{"keep": ["accounts", "instruments", "rules"]}"#).await;
    assert_eq!(kept.status, 200, "{kept:?}");
    let bob = venue.get("/accounts/bob").await.json();
    assert_eq!(bob["cash"].to_string().matches("5000").count(), 1, "{bob}");
    assert_eq!(venue.get("/instruments/ACME").await.status, 200);
    assert_eq!(server.post("/venues/k/reset", r#"{"keep": ["accounts"]}"#).await.status, 200);
    assert_eq!(venue.get("/accounts/bob").await.status, 200, "kept again");
    assert_eq!(venue.get("/instruments/ACME").await.status, 404, "not kept");
    assert_eq!(server.post("/venues/k/reset", "").await.status, 200);
    assert_eq!(venue.get("/accounts/bob").await.status, 404);
}

#[tokio::test]
async fn an_account_in_a_currency_that_goes_cannot_be_kept_alone() {
    let server = own_venue(|_| {});
    let (venue, _) = make(&server, json!({"name": "c"})).await;
    let listing =
        r#"{"symbol": "ZZZ/USD", "class": "crypto", "quote": "USD", "tick": "0.01", "lot": 1, "reference_price": "2"}"#;
    assert_eq!(venue.post("/instruments", listing).await.status, 201);
    assert_eq!(venue.post("/accounts", r#"{"id": "z", "kind": "spot", "cash": {"ZZZ": 1}}"#).await.status, 201);
    let reply = server.post("/venues/c/reset", r#"{"keep": ["accounts"]}"#).await;
    assert_eq!((reply.status, &reply.json()["detail"][0]["loc"]), (422, &json!(["body", "keep"])));
    assert_eq!(venue.get("/accounts/z").await.status, 200, "nothing was done");
    assert_eq!(server.post("/venues/c/reset", r#"{"keep": ["accounts", "instruments"]}"#).await.status, 200);
}
