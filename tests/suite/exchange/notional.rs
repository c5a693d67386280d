//! Orders that say a sum in place of a quantity.

use crate::support::Request;
use crate::support::folder::DataFolder;
use crate::support::rest::Kept;

use super::*;

#[tokio::test]
async fn a_sum_buys_whole_lots_and_how_many_is_told_once_it_has_arrived() {
    let venue = at_once();
    let placed = place(&venue, r#""stoks": "EURUSD", "notional": "100""#).await;
    assert_eq!(
        told(&placed, &["type", "state", "quantity", "notional", "qty", "filled_qty"]),
        "market accepted 92 100 null 0"
    );
    let now = again(&venue, &placed).await;
    assert_eq!(told(&now, &["state", "quantity", "notional", "qty", "filled_qty"]), "filled 92 100 92 92");
    assert_eq!(outcome(&now), "EXECUTED filled 92 1.08501 null");
    let sold = arrive(&venue, r#""stoks": "BTC/USD", "side": "sell", "notional": 100.5, "time_in_force": "ioc""#).await;
    assert_eq!(told(&sold, &["status", "notional", "quantity"]), "EXECUTED 100.5 1");
    let none = arrive(&venue, r#""stoks": "EURUSD", "notional": "1""#).await;
    assert_eq!(outcome(&none), "CANCELLED canceled 0 null no_liquidity");
    assert_eq!(told(&none, &["qty", "quantity"]), "0 1");
}

#[tokio::test]
async fn the_same_sum_again_is_the_same_order_by_value() {
    let venue = in_an_hour();
    let send = |sum: &str| {
        let body = format!(r#"{{"stoks": "EURUSD", "notional": {sum}}}"#);
        let addr = venue.addr;
        async move { Request::new("POST", "/orders").header("Idempotency-Key", "k").body(&body).send(addr).await }
    };
    let first = send("100").await;
    let again = send(r#""100.00""#).await;
    assert_eq!((again.status, again.header("idempotent-replayed")), (200, Some("true")));
    assert_eq!(first.body, again.body);
    let other = send("101").await;
    assert_eq!((other.status, &other.json()["detail"][0]["type"]), (422, &"idempotency_key_reused".into()));
    let amended = venue.patch(&path(&first.json()), r#"{"qty": 5}"#).await;
    assert_eq!((amended.status, &amended.json()["detail"][0]["type"]), (422, &"quantity_of_notional".into()));
}

#[tokio::test]
async fn a_data_folder_keeps_sums() {
    let folder = DataFolder::new();
    let flags = ["--market", "frozen", "--delay", "1h"];
    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    let waits = line.ask("POST", "/orders", r#"{"stoks": "EURUSD", "notional": 100}"#).await.json();
    server.killed().await;
    folder.check().await;
    let (server, addr) = folder.serve(&["--market", "frozen", "--delay", "none"]).await;
    let mut line = Kept::open(addr).await;
    assert_eq!(line.ask("GET", &path(&waits), "").await.json(), waits);
    let done = line.ask("POST", "/orders", r#"{"stoks": "EURUSD", "notional": 100}"#).await.json();
    let done = line.ask("GET", &path(&done), "").await.json();
    assert_eq!(told(&done, &["state", "qty", "notional"]), "filled 92 100");
    server.killed().await;
    folder.check().await;
    let (_server, addr) = folder.serve(&flags).await;
    assert_eq!(Kept::open(addr).await.ask("GET", &path(&done), "").await.json(), done);
}
