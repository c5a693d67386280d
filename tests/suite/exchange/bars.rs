//! Bars of what is traded: what the trades of their time come to, also after a kill, and where older orders are gone.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::support::folder::DataFolder;
use crate::support::pause;
use crate::support::rest::{Kept, micros, next_page};

use super::*;

const LENGTHS: [(&str, i64); 6] = [("1s", 1), ("1m", 60), ("5m", 300), ("15m", 900), ("1h", 3_600), ("1d", 86_400)];

const FIELDS: [&str; 6] = ["open", "high", "low", "close", "volume", "count"];

/// All pages of a list.
async fn all(line: &mut Kept, path: &str) -> Vec<Value> {
    let (mut items, mut next) = (Vec::new(), Some(path.to_owned()));
    while let Some(path) = next {
        let reply = line.ask("GET", &path, "").await;
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
        next = next_page(&reply);
        items.extend(reply.json().as_array().expect("a list").iter().cloned());
    }
    items
}

/// What trades come to in a bar: prices and quantities here are whole ones, or have as many decimals.
fn bar(at: i64, trades: &[&Value]) -> String {
    let price = |trade: &&Value| trade["price"].as_str().expect("a text").to_owned();
    let (open, close) = (price(&trades[0]), price(&trades[trades.len() - 1]));
    let (high, low) = (trades.iter().map(price).max(), trades.iter().map(price).min());
    let qty = |trade: &&Value| trade["qty"].as_str().expect("a text").parse::<u64>().expect("a whole number");
    let volume: u64 = trades.iter().map(qty).sum();
    let (high, low) = (high.expect("there is one"), low.expect("there is one"));
    format!("{at} {open} {high} {low} {close} {volume} {}", trades.len())
}

/// Requires that bars of every length are what these trades come to, which come the newest first.
async fn agree(line: &mut Kept, trades: &[Value]) {
    for (name, seconds) in LENGTHS {
        let us = seconds * 1_000_000;
        let mut of: BTreeMap<i64, Vec<&Value>> = BTreeMap::new();
        for trade in trades.iter().rev() {
            of.entry(micros(&trade["at"]).div_euclid(us)).or_default().push(trade);
        }
        let expected: Vec<String> = of.iter().map(|(place, trades)| bar(place * us, trades)).collect();
        let text = |bar: &Value| {
            let rest = told(bar, &FIELDS);
            format!("{} {rest}", micros(&bar["at"]))
        };
        let paths = [
            format!("/bars/EURUSD?timeframe={name}"),
            format!("/bars/EURUSD?timeframe={name}&start=1970-01-01T00:00:00Z&limit=1"),
        ];
        for path in paths {
            let bars: Vec<String> = all(line, &path).await.iter().map(text).collect();
            assert_eq!(bars, expected, "{path}");
        }
    }
}

#[tokio::test]
async fn bars_are_what_was_traded_also_after_a_kill_and_when_orders_are_gone() {
    let flags = ["--delay", "none", "--market", "frozen", "--retain-orders", "3"];
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    let mut trades: Vec<Value> = Vec::new();
    for round in 0..3 {
        for (side, quantity) in [("buy", 3), ("sell", 4), ("buy", 5)] {
            let body = format!(r#"{{"symbol": "EURUSD", "quantity": {quantity}, "side": "{side}", "type": "market"}}"#);
            assert_eq!(line.ask("POST", "/orders", &body).await.status, 200);
            assert_eq!(line.ask("POST", "/orders", r#"{"stoks": "EURUSD", "quantity": 2}"#).await.status, 200);
            let newest = line.ask("GET", "/trades/EURUSD?limit=2", "").await.json();
            let newest = newest.as_array().expect("a list").clone();
            trades.splice(0..0, newest);
        }
        if round < 2 {
            pause(Duration::from_millis(1_100)).await;
        }
    }
    agree(&mut line, &trades).await;
    server.killed().await;
    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    agree(&mut line, &trades).await;
    server.killed().await;
}

/// All trades since a time, the newest first.
async fn since(line: &mut Kept, at: i64) -> Vec<Value> {
    let (mut trades, mut next) = (Vec::<Value>::new(), Some("/trades/EURUSD?limit=100".to_owned()));
    while let Some(path) = next.filter(|_| trades.last().is_none_or(|last| micros(&last["at"]) >= at)) {
        let reply = line.ask("GET", &path, "").await;
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
        next = next_page(&reply);
        trades.extend(reply.json().as_array().expect("a list").iter().cloned());
    }
    trades.retain(|trade| micros(&trade["at"]) >= at);
    trades
}

#[tokio::test]
async fn what_the_market_prints_is_among_them_and_is_the_same_after_a_kill() {
    let flags = ["--delay", "none", "--market", "volatile"];
    let folder = DataFolder::new();
    let (mut server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    for _ in 0..3 {
        assert_eq!(line.ask("POST", "/orders", r#"{"stoks": "EURUSD", "quantity": 2}"#).await.status, 200);
        pause(Duration::from_millis(400)).await;
    }
    let newest = line.ask("GET", "/trades/EURUSD?limit=1", "").await.json();
    let now = micros(&newest[0]["at"]);
    let begin = (now - 100_000_000) / 60_000_000 * 60_000_000;
    let mut first = Vec::new();
    for round in 0..2 {
        let mut trades = since(&mut line, begin).await;
        trades.retain(|trade| micros(&trade["at"]) <= now);
        let ids: Vec<&str> = trades.iter().filter_map(|trade| trade["trade_id"].as_str()).collect();
        assert_eq!(ids.iter().filter(|id| !id.starts_with('p')).count(), 3, "{ids:?}");
        let start = trades[trades.len() - 1]["at"].as_str().expect("a text")[..17].to_owned() + "00Z";
        let path = format!("/bars/EURUSD?timeframe=1s&start={start}");
        let bars = all(&mut line, &path).await;
        let last = now / 1_000_000 * 1_000_000;
        let over: Vec<Value> = bars.into_iter().filter(|bar| micros(&bar["at"]) < last).collect();
        for bar_of in &over {
            let at = micros(&bar_of["at"]);
            let own = |trade: &&Value| (at..at + 1_000_000).contains(&micros(&trade["at"]));
            let own: Vec<&Value> = trades.iter().rev().filter(own).collect();
            assert_eq!(format!("{at} {}", told(bar_of, &FIELDS)), bar(at, &own), "{bar_of}");
        }
        let count: usize = over.iter().map(|bar| bar["count"].as_u64().expect("a number") as usize).sum();
        let earlier = trades.iter().filter(|trade| micros(&trade["at"]) < last).count();
        assert!(count == earlier && count > 13, "{count} of {earlier}");
        if round == 0 {
            first = over;
            server.killed().await;
            let (again, addr) = folder.serve(&flags).await;
            (server, line) = (again, Kept::open(addr).await);
        } else {
            assert_eq!(over, first);
        }
    }
    server.killed().await;
}

#[tokio::test]
async fn without_a_folder_too_and_none_but_those_asked_for() {
    let venue = at_once();
    let mut line = Kept::open(venue.addr).await;
    for quantity in [1, 2, 3] {
        arrive(&venue, &format!(r#""symbol": "EURUSD", "quantity": {quantity}"#)).await;
        pause(Duration::from_millis(600)).await;
    }
    let trades = all(&mut line, "/trades/EURUSD").await;
    assert_eq!(trades.len(), 3);
    agree(&mut line, &trades).await;
    let seconds = all(&mut line, "/bars/EURUSD?timeframe=1s").await;
    let at = |place: usize| seconds[place]["at"].as_str().expect("a text").to_owned();
    assert!(seconds.len() > 1, "{seconds:?}");
    let one = format!("/bars/EURUSD?timeframe=1s&start={}&end={}", at(0), at(1));
    assert_eq!(all(&mut line, &one).await, seconds[..1]);
    let last = all(&mut line, "/bars/EURUSD?timeframe=1s&limit=1").await;
    assert_eq!(last, seconds[seconds.len() - 1..]);
    assert_eq!(all(&mut line, "/bars/USDJPY?timeframe=1d&start=2020-01-01T00:00:00Z").await, [Value::Null; 0]);
}

#[tokio::test]
async fn what_is_wrong_is_named_and_unknown_instruments_have_none() {
    let venue = at_once();
    let reply = venue.get("/bars/EURUSD?timeframe=2m&start=x&end=y&limit=0").await;
    assert_eq!(reply.status, 422);
    let mut places: Vec<String> = Vec::new();
    for flaw in reply.json()["detail"].as_array().expect("a list") {
        places.push(told(flaw, &["type"]) + " " + flaw["loc"][1].as_str().expect("a name"));
    }
    places.sort();
    let expected = ["datetime_parsing end", "datetime_parsing start", "enum timeframe", "greater_than_equal limit"];
    assert_eq!(places, expected);
    for (path, status) in [
        ("/bars/NOBODY", 404),
        ("/bars", 404),
        ("/bars/BTC/USD", 200),
        ("/bars/BTC%2FUSD/", 200),
        ("/trades/EURUSD?before=p17000000000", 200),
        ("/trades/EURUSD?before=p", 422),
        ("/trades/EURUSD?before=q1", 422),
    ] {
        assert_eq!(venue.get(path).await.status, status, "{path}");
    }
}
