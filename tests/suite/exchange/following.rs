//! Who follows trades and bars is told in the end what `GET /trades` and `GET /bars` list: of clients and of the
//! simulated market, each once, in order.

use std::collections::BTreeMap;
use std::time::Duration;

use tradepit::config::Market;

use crate::support::folder::DataFolder;
use crate::support::raw_ws::{ask, handshake};
use crate::support::rest::{flaw_places, micros, next_page};
use crate::support::{Subscriber, clock, pause};

use super::*;

fn lively() -> Venue {
    own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.market = Market::Volatile;
    })
}

fn text<'a>(frame: &'a Value, field: &str) -> &'a str {
    frame[field].as_str().unwrap_or_else(|| panic!("{field} in {frame}"))
}

/// As lists have it, which have no channels.
fn listed(frame: &Value, besides: &[&str]) -> Value {
    let mut frame = frame.clone();
    besides.iter().for_each(|name| drop(frame.as_object_mut().and_then(|fields| fields.remove(*name))));
    frame
}

/// All trades from this one to that one, the first first.
async fn trades_between(venue: &Venue, symbol: &str, first: &str, last: &str) -> Vec<Value> {
    let (mut trades, mut next) = (Vec::new(), Some(format!("/trades/{symbol}?limit=50")));
    while let Some(path) = next.filter(|_| trades.iter().all(|trade| text(trade, "trade_id") != first)) {
        let reply = venue.get(&path).await;
        trades.extend(reply.json().as_array().expect("a list").iter().cloned());
        next = next_page(&reply);
    }
    let place = |id: &str| trades.iter().position(|trade| text(trade, "trade_id") == id).expect("it is listed");
    let mut between = trades[place(last)..=place(first)].to_vec();
    between.reverse();
    between
}

#[tokio::test]
async fn what_is_printed_is_told_once_each_in_order_beside_what_clients_trade() {
    let venue = lively();
    let mut subscriber = venue.subscribe("?format=json&channels=trades&symbols=EURUSD,BTC/USD").await;
    let (mut told, mut placed) = (BTreeMap::<String, Vec<Value>>::new(), 0);
    let printed = |told: &BTreeMap<String, Vec<Value>>, symbol: &str| {
        let of_symbol = told.get(symbol).into_iter().flatten();
        of_symbol.filter(|trade| text(trade, "trade_id").starts_with('p')).count()
    };
    while printed(&told, "EURUSD") < 6 || printed(&told, "BTC/USD") < 6 {
        let frame = subscriber.json().await;
        assert_eq!(frame["channel"], "trades");
        told.entry(text(&frame, "symbol").to_owned()).or_default().push(listed(&frame, &["channel"]));
        if placed < 3 {
            placed += 1;
            place(&venue, r#""stoks": "EURUSD", "quantity": 3"#).await;
        }
    }
    let is_printed = |trade: &&Value| text(trade, "trade_id").starts_with('p');
    for (symbol, told) in &told {
        let own: Vec<&Value> = told.iter().filter(is_printed).collect();
        let ends = [own[0], own[own.len() - 1]].map(|trade| text(trade, "trade_id"));
        let trades = trades_between(&venue, symbol, ends[0], ends[1]).await;
        assert_eq!(own, trades.iter().filter(is_printed).collect::<Vec<_>>(), "{symbol}");
        let of_clients = told.iter().filter(|trade| !is_printed(trade)).count();
        assert_eq!(of_clients, if symbol == "EURUSD" { placed } else { 0 });
    }
    // Whoever comes later is told what is printed from then on.
    let known: Vec<&str> = told.values().flatten().map(|trade| text(trade, "trade_id")).collect();
    let mut late = venue.subscribe("?format=json&channels=trades&symbols=EURUSD").await;
    let frame = late.json().await;
    assert!(!known.contains(&text(&frame, "trade_id")), "{frame} was told before");
}

/// Bars as they were told: of each length, by when they begin.
type Told = BTreeMap<String, BTreeMap<i64, Vec<Value>>>;

/// Reads until so many bars of a second are over.
async fn follow(subscriber: &mut Subscriber, told: &mut Told, seconds: usize) {
    let over = |told: &Told| {
        let of_seconds = told.get("1s").into_iter().flat_map(BTreeMap::values);
        of_seconds.filter(|frames| frames.iter().any(|frame| frame["over"] == true)).count()
    };
    while over(told) < seconds {
        let frame = subscriber.json().await;
        assert_eq!((&frame["channel"], &frame["symbol"]), (&Value::from("bars"), &Value::from("EURUSD")));
        let of = told.entry(text(&frame, "timeframe").to_owned()).or_default();
        let at = micros(&frame["at"]);
        assert!(of.last_key_value().is_none_or(|(newest, _)| *newest <= at), "{frame} after {of:?}");
        of.entry(at).or_default().push(frame);
    }
}

/// Requires that each bar grew, ended once, and is in the end as it is listed.
async fn agree(venue: &Venue, told: &Told) {
    for (timeframe, bars) in told {
        for (at, frames) in bars {
            let counts: Vec<u64> = frames.iter().filter_map(|frame| frame["count"].as_u64()).collect();
            assert!(counts.is_sorted(), "{frames:?}");
            let over: Vec<&Value> = frames.iter().filter(|frame| frame["over"] == true).collect();
            assert!(over.len() <= 1 && (over.is_empty() || frames.last() == over.first().copied()), "{frames:?}");
            let is_newest = bars.last_key_value().is_some_and(|(newest, _)| newest == at);
            assert!(is_newest || over.len() == 1, "the end of it was not told: {frames:?}");
        }
        let over = bars.values().filter_map(|frames| frames.last().filter(|frame| frame["over"] == true));
        let over: Vec<Value> = over.map(|bar| listed(bar, &["channel", "symbol", "timeframe", "over"])).collect();
        let [Some(first), Some(last)] = [over.first(), over.last()] else { continue };
        let reply = venue.get(&format!("/bars/EURUSD?timeframe={timeframe}&start={}", text(first, "at"))).await;
        let shown: Vec<Value> = reply.json().as_array().expect("a list").clone();
        let upto = shown.iter().position(|bar| bar["at"] == last["at"]).expect("it is listed");
        assert_eq!(over, shown[..=upto], "{timeframe}");
    }
}

#[tokio::test]
async fn bars_are_told_as_they_grow_and_in_the_end_as_they_are_listed() {
    let folder = DataFolder::new();
    let venue = folder.venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.market = Market::Volatile;
    });
    let begun = clock();
    let mut subscriber = venue.subscribe("?format=json&channels=bars&timeframe=1m,1s&symbols=EURUSD").await;
    let mut told = Told::new();
    for seconds in 1..=3 {
        for _ in 0..5 {
            place(&venue, r#""stoks": "EURUSD", "quantity": 2"#).await;
        }
        follow(&mut subscriber, &mut told, seconds).await;
    }
    let passed = begun.elapsed().as_secs() as usize + 2;
    agree(&venue, &told).await;
    let of_minutes = told["1m"].values().map(|frames| frames.len());
    let told_of_them: usize = of_minutes.clone().sum();
    assert!(told_of_them > 1, "a minute is told as it grows");
    assert!(of_minutes.clone().all(|frames| frames <= passed), "once a second at most: {:?}", told["1m"]);
    let mut late = venue.subscribe("?format=json&channels=bars&symbols=EURUSD").await;
    assert_eq!(told_first(&mut late).await, "1m", "that is meant where nothing is said");
}

async fn told_first(subscriber: &mut Subscriber) -> String {
    text(&subscriber.json().await, "timeframe").to_owned()
}

#[tokio::test]
async fn where_nobody_quotes_bars_are_of_what_clients_trade() {
    let venue = own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.market = Market::None;
    });
    let mut subscriber = venue.subscribe("?format=json&channels=bars,trades&timeframe=1s").await;
    pause(Duration::from_millis(1_200)).await;
    let mut told = Told::new();
    for seconds in 1..=2 {
        for side in ["sell", "buy"] {
            let fields = r#""stoks": "EURUSD", "type": "limit", "limit_price": "1.08", "qty": 4"#;
            place(&venue, &format!(r#"{fields}, "side": "{side}""#)).await;
        }
        assert_eq!(subscriber.json().await["channel"], "trades");
        follow(&mut subscriber, &mut told, seconds).await;
    }
    agree(&venue, &told).await;
    let volume = |frames: &Vec<Value>| text(&frames[frames.len() - 1], "volume").to_owned();
    assert_eq!(told["1s"].values().map(volume).collect::<Vec<_>>(), ["4", "4"]);
}

#[tokio::test]
async fn what_is_wrong_with_bars_is_named_before_the_upgrade() {
    let venue = at_once();
    let of_symbols = |count: usize| vec!["EURUSD"; count].join(",");
    for (query, places) in [
        ("channels=bars&timeframe=2m".to_owned(), "query.timeframe"),
        ("channels=bars&timeframe=1m,".to_owned(), "query.timeframe"),
        (format!("channels=bars&timeframe=1m,1d&symbols={}", of_symbols(501)), "query.symbols"),
        (format!("channels=trades&symbols={}", of_symbols(1_001)), "query.symbols"),
        ("channels=bar".to_owned(), "query.channels"),
    ] {
        let reply = ask(venue.addr, &handshake(&format!("?format=json&{query}"))).await;
        assert_eq!(flaw_places(&reply).join(" "), places, "{query}");
    }
    venue.subscribe(&format!("?format=json&channels=bars&timeframe=1m,1d&symbols={}", of_symbols(500))).await;
}
