//! Orders that wait for a price: over REST, and across a kill.

use crate::support::Request;
use crate::support::folder::DataFolder;
use crate::support::rest::Kept;

use super::*;

const STOP: [&str; 8] =
    ["type", "state", "stop_price", "limit_price", "trail_price", "trail_percent", "hwm", "filled_qty"];

async fn quote(venue: &Venue, bid: &str, ask: &str) {
    let body = format!(r#"{{"bid": "{bid}", "ask": "{ask}"}}"#);
    assert_eq!(Request::new("PUT", "/market/EURUSD").body(&body).send(venue.addr).await.status, 200);
}

#[tokio::test]
async fn a_stop_waits_is_shown_amended_and_triggered() {
    let venue = at_once();
    quote(&venue, "1.08", "1.09").await;
    let fields = r#""stoks": "EURUSD", "quantity": 5, "type": "stop""#;
    let order = arrive(&venue, &format!(r#"{fields}, "stop_price": "1.1""#)).await;
    assert_eq!(told(&order, &STOP), "stop new 1.10000 null null null null 0");
    assert_eq!(
        venue.patch(&path(&order), r#"{"stop_price": "1.0950", "qty": 7}"#).await.json()["stop_price"],
        "1.09500"
    );
    let limit = r#""stoks": "EURUSD", "side": "sell", "quantity": 4, "type": "stop_limit", "limit_price": "1.085""#;
    let limit = arrive(&venue, &format!(r#"{limit}, "stop_price": "1.075""#)).await;
    quote(&venue, "1.07", "1.095").await;
    let order = again(&venue, &order).await;
    assert_eq!(told(&order, &STOP), "stop filled 1.09500 null null null null 7");
    assert_eq!(outcome(&order), "EXECUTED filled 7 1.09500 null");
    let limit = again(&venue, &limit).await;
    assert_eq!(told(&limit, &STOP), "stop_limit new 1.07500 1.08500 null null null 0");
    assert_eq!(venue.get("/book/EURUSD?depth=1").await.json()["asks"][0][0], "1.08500", "it rests");
    let refused = venue.patch(&path(&limit), r#"{"stop_price": 1}"#).await;
    assert_eq!((refused.status, &refused.json()["detail"][0]["type"]), (422, &"triggered".into()));
}

#[tokio::test]
async fn what_trails_shows_how_far_the_market_has_gone() {
    let venue = at_once();
    quote(&venue, "1.08", "1.081").await;
    let fields = r#""stoks": "EURUSD", "quantity": 5, "type": "trailing_stop""#;
    let sells = arrive(&venue, &format!(r#"{fields}, "side": "sell", "trail_price": 0.01"#)).await;
    let buys = arrive(&venue, &format!(r#"{fields}, "trail_percent": "0.50""#)).await;
    assert_eq!(told(&sells, &STOP), "trailing_stop new null null 0.01000 null 1.08000 0");
    assert_eq!(told(&buys, &STOP), "trailing_stop new null null null 0.5 1.08100 0");
    let before = [&sells, &buys].map(|order| order["number"].clone());
    quote(&venue, "1.085", "1.086").await;
    quote(&venue, "1.0755", "1.0756").await;
    let (sells, buys) = (again(&venue, &sells).await, again(&venue, &buys).await);
    assert_eq!(told(&sells, &STOP), "trailing_stop new null null 0.01000 null 1.08500 0");
    assert_eq!(told(&buys, &STOP), "trailing_stop new null null null 0.5 1.07560 0");
    assert_eq!([&sells, &buys].map(|order| order["number"].clone()), before, "to follow is no change");
    quote(&venue, "1.075", "1.0756").await;
    assert_eq!(outcome(&again(&venue, &sells).await), "EXECUTED filled 5 1.07500 null");
}

#[tokio::test]
async fn what_waits_goes_on_waiting_after_a_kill_and_what_trails_has_not_gone_back() {
    const FLAGS: [&str; 4] = ["--market", "frozen", "--delay", "none"];
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&FLAGS).await;
    let mut line = Kept::open(addr).await;
    let quote = async |line: &mut Kept, bid: &str, ask: &str| {
        let body = format!(r#"{{"bid": "{bid}", "ask": "{ask}"}}"#);
        assert_eq!(line.ask("PUT", "/market/EURUSD", &body).await.status, 200);
    };
    let place = async |line: &mut Kept, fields: &str| {
        let body = format!(r#"{{"stoks": "EURUSD", "quantity": 5, {fields}}}"#);
        let order = line.ask("POST", "/orders", &body).await.json();
        line.ask("GET", &path(&order), "").await.json()
    };
    quote(&mut line, "1.08", "1.081").await;
    let trails = place(&mut line, r#""side": "sell", "type": "trailing_stop", "trail_price": "0.01""#).await;
    let gone = place(&mut line, r#""side": "sell", "type": "trailing_stop", "trail_percent": 1"#).await;
    let stop = place(&mut line, r#""type": "stop", "stop_price": "1.09""#).await;
    quote(&mut line, "1.085", "1.086").await;
    quote(&mut line, "1.08", "1.081").await;
    assert_eq!(line.ask("DELETE", &path(&gone), "").await.status, 204);
    let before = line.ask("GET", "/orders", "").await.json();
    assert_eq!(told(&before[trails["id"].as_str().expect("an id")], &["hwm"]), "1.08500");
    server.killed().await;
    folder.check().await;

    let (server, addr) = folder.serve(&FLAGS).await;
    let mut line = Kept::open(addr).await;
    assert_eq!(line.ask("GET", "/orders", "").await.json(), before);
    assert_eq!(line.ask("GET", &path(&gone), "").await.json(), before[gone["id"].as_str().expect("an id")]);
    quote(&mut line, "1.075", "1.09").await;
    let again = async |line: &mut Kept, order: &Value| line.ask("GET", &path(order), "").await.json();
    assert_eq!(outcome(&again(&mut line, &trails).await), "EXECUTED filled 5 1.07500 null");
    assert_eq!(outcome(&again(&mut line, &stop).await), "EXECUTED filled 5 1.09000 null");
    let after = line.ask("GET", "/orders", "").await.json();
    server.signal("TERM");
    server.ended().await;
    folder.check().await;
    let (_server, addr) = folder.serve(&FLAGS).await;
    assert_eq!(Kept::open(addr).await.ask("GET", "/orders", "").await.json(), after);
}
