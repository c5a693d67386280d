//! `PUT` and `DELETE /market/{symbol}`: what the house shall quote in place of what it quotes by itself.

use serde_json::json;
use tradepit::config::Market;

use crate::support::folder::DataFolder;
use crate::support::rest::{Kept, assert_detail, flaw_places, flaws};
use crate::support::{Reply, Request};

use super::*;

async fn set(venue: &Venue, symbol: &str, quote: &str) -> Reply {
    Request::new("PUT", &format!("/market/{symbol}")).body(quote).send(venue.addr).await
}

const QUOTE: [&str; 4] = ["bid", "bid_size", "ask", "ask_size"];

#[tokio::test]
async fn the_house_quotes_what_it_is_told_to_until_that_is_taken_back() {
    let venue = at_once();
    let before = venue.get("/book/BTC/USD").await.json();
    let reply = set(&venue, "BTC/USD", r#"{"bid": "64000", "ask": 64100.50, "ask_size": "0.5"}"#).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
    assert_eq!(told(&reply.json(), &QUOTE), "64000.00 1000000000 64100.50 0.5");
    let book = venue.get("/book/BTC%2FUSD").await.json();
    assert_eq!((&book["bids"], &book["asks"]), (&json!([["64000.00", "1000000000"]]), &json!([["64100.50", "0.5"]])));
    // What is taken of it is gone until the next quote; then what takes any price trades at the last one.
    let bought = arrive(&venue, r#""stoks": "BTC/USD", "qty": "0.5""#).await;
    assert_eq!(outcome(&bought), "EXECUTED filled 0.5 64100.50 null");
    assert_eq!(told(&venue.get("/quotes/BTC/USD").await.json(), &["ask", "last"]), "null 64100.50");
    let limit = r#""stoks": "BTC/USD", "qty": "0.1", "type": "limit", "limit_price": "64200", "time_in_force": "ioc""#;
    assert_eq!(outcome(&arrive(&venue, limit).await), "CANCELLED canceled 0 null ioc");
    assert_eq!(
        outcome(&arrive(&venue, r#""stoks": "BTC/USD", "quantity": 2"#).await),
        "EXECUTED filled 2 64100.50 null"
    );
    for _ in 0..2 {
        let reply = venue.delete("/market/BTC/USD").await;
        assert_eq!((reply.status, reply.body.as_str()), (204, ""));
        let after = venue.get("/book/BTC/USD").await.json();
        assert_eq!((&after["bids"], &after["asks"]), (&before["bids"], &before["asks"]));
    }
}

#[tokio::test]
async fn what_rests_where_a_quote_meets_it_trades_as_maker_at_its_own_price() {
    let venue = own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.market = Market::None;
    });
    let limit = |side: &str, qty: &str, price: &str| {
        format!(r#""stoks": "AAPL", "side": "{side}", "qty": "{qty}", "type": "limit", "limit_price": "{price}""#)
    };
    let dear = arrive(&venue, &limit("buy", "3", "230.50")).await;
    let cheap = arrive(&venue, &limit("buy", "4", "230.40")).await;
    let far = arrive(&venue, &limit("sell", "1", "300")).await;
    let reply = set(&venue, "AAPL", r#"{"bid": "230.30", "ask": "230.40", "ask_size": "5"}"#).await;
    assert_eq!(
        told(&reply.json(), &QUOTE),
        "230.40 2 300.00 1",
        "the ask is taken, and the rest of the cheaper one stands"
    );
    assert_eq!(outcome(&again(&venue, &dear).await), "EXECUTED filled 3 230.50 null");
    assert_eq!(outcome(&again(&venue, &cheap).await), "PENDING partially_filled 2 230.40 null");
    assert_eq!(outcome(&again(&venue, &far).await), "PENDING new 0 null null");
}

#[tokio::test]
async fn every_fault_of_a_quote_is_told_and_the_one_before_stands() {
    let venue = at_once();
    set(&venue, "EURUSD", r#"{"bid": "1.08", "ask": "1.09"}"#).await;
    let refused = async |quote: &str| {
        let reply = set(&venue, "EURUSD", quote).await;
        assert_eq!(reply.status, 422, "{quote}: {reply:?}");
        reply
    };
    for (quote, places) in [
        ("{}", &["body.ask", "body.bid"] as &[&str]),
        (r#"{"bid": 0, "ask": "x", "bid_size": -1}"#, &["body.ask", "body.bid", "body.bid_size"]),
        (
            r#"{"bid": "1.000001", "bid_size": "1.5", "ask": 109, "ask_size": 1000000001}"#,
            &["body.ask", "body.ask_size", "body.bid", "body.bid_size"],
        ),
        (r#"{"bid": "1.09", "ask": "1.09"}"#, &["body.bid"]),
        (r#"{"bid": 1, "bid": 1, "ask": 2}"#, &["body.bid"]),
        ("[1, 2]", &["body"]),
        ("", &["body"]),
    ] {
        assert_eq!(flaw_places(&refused(quote).await), places, "{quote}");
    }
    let crossed = flaws(&refused(r#"{"bid": "1.10", "ask": "1.09"}"#).await);
    assert_eq!(
        (crossed[0].kind.as_str(), crossed[0].msg.as_str()),
        ("bid_not_below_ask", "Input should be less than ask")
    );
    assert_eq!(told(&venue.get("/quotes/EURUSD").await.json(), &QUOTE), "1.08000 1000000000 1.09000 1000000000");
    for reply in [set(&venue, "NONE", r#"{"bid": 1, "ask": 2}"#).await, venue.delete("/market/NONE").await] {
        assert_detail(&reply, 404, "Instrument not found");
    }
    let wrong = venue.get("/market/EURUSD").await;
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("PUT, DELETE")));
}

#[tokio::test]
async fn a_quote_by_hand_and_the_last_price_outlive_a_kill() {
    const FLAGS: [&str; 4] = ["--market", "frozen", "--delay", "none"];
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&FLAGS).await;
    let mut line = Kept::open(addr).await;
    line.ask("PUT", "/market/EURUSD", r#"{"bid": "1.07", "ask": "1.0701", "ask_size": 100}"#).await;
    line.ask("PUT", "/market/USDJPY", r#"{"bid": 150, "ask": 151}"#).await;
    line.ask("DELETE", "/market/USDJPY", "").await;
    line.ask("POST", "/orders", r#"{"stoks": "EURUSD", "quantity": 30}"#).await;
    let fields = ["bid", "bid_size", "ask", "ask_size", "last"];
    let quotes = async |line: &mut Kept| {
        let quotes = line.ask("GET", "/quotes?symbols=EURUSD,USDJPY", "").await.json();
        [0, 1].map(|at| told(&quotes[at], &fields))
    };
    let before = quotes(&mut line).await;
    assert_eq!(before[0], "1.07000 1000000000 1.07010 70 1.07010");
    server.killed().await;
    folder.check().await;
    let (server, addr) = folder.serve(&FLAGS).await;
    let mut line = Kept::open(addr).await;
    assert_eq!(quotes(&mut line).await, before);
    line.ask("DELETE", "/market/EURUSD", "").await;
    server.killed().await;
    folder.check().await;
    let (_server, addr) = folder.serve(&FLAGS).await;
    assert_eq!(
        told(&Kept::open(addr).await.ask("GET", "/quotes/EURUSD", "").await.json(), &fields[..3]),
        "1.08499 1000000000 1.08501"
    );
}
