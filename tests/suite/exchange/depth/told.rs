//! What is told in the channels `book`, `quotes` and `trades`, of which instruments, and what is refused.

use serde_json::json;
use tradepit::config::Market;
use tradepit_actors::DelayModel;

use super::super::*;
use super::client::Depth;
use crate::support::folder::DataFolder;
use crate::support::raw_ws::{ask, handshake};
use crate::support::rest::flaw_places;
use crate::support::{Request, Subscriber};

const BOOK: &str = "?format=json&channels=book&symbols=EURUSD";

fn clients_only() -> Venue {
    own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.market = Market::None;
    })
}

fn limit(side: &str, qty: &str, price: &str) -> String {
    format!(r#""stoks": "EURUSD", "type": "limit", "side": "{side}", "qty": "{qty}", "limit_price": "{price}""#)
}

/// Reads frames of a book until it is as `GET /book` shows it.
async fn follow(venue: &Venue, subscriber: &mut Subscriber, depth: &mut Depth, prices: usize) {
    let now = Depth::shown(&venue.get(&format!("/book/EURUSD?depth={prices}")).await.json(), prices);
    while depth.number.is_none() || !depth.is_as(&now) {
        depth.take(&subscriber.json().await);
    }
    assert!(depth.number <= now.number, "{depth:?} and {now:?}");
}

#[tokio::test]
async fn a_book_is_told_whole_and_then_as_it_changes() {
    let venue = clients_only();
    let resting = place(&venue, &limit("sell", "5", "1.09")).await;
    let mut subscriber = venue.subscribe(BOOK).await;
    let whole = subscriber.json().await;
    let book = venue.get("/book/EURUSD").await.json();
    assert_eq!(
        (&whole["channel"], &whole["symbol"], &whole["previous"]),
        (&json!("book"), &json!("EURUSD"), &json!(null))
    );
    assert_eq!((&whole["bids"], &whole["asks"]), (&book["bids"], &book["asks"]));
    place(&venue, &limit("buy", "2", "1.08")).await;
    let added = subscriber.json().await;
    assert_eq!(added["previous"], whole["book_number"]);
    assert_eq!((&added["bids"], &added["asks"]), (&json!([["1.08000", "2"]]), &json!([])));
    place(&venue, &limit("buy", "3", "1.09")).await;
    let traded = subscriber.json().await;
    assert_eq!((&traded["previous"], &traded["asks"]), (&added["book_number"], &json!([["1.09000", "2"]])));
    venue.delete(&path(&resting)).await;
    let gone = subscriber.json().await;
    assert_eq!((&gone["previous"], &gone["asks"]), (&traded["book_number"], &json!([["1.09000", "0"]])));
    let mut late = venue.subscribe(BOOK).await;
    let now = late.json().await;
    assert_eq!((&now["book_number"], &now["previous"]), (&gone["book_number"], &json!(null)), "as others have it");
    assert_eq!((&now["bids"], &now["asks"]), (&json!([["1.08000", "2"]]), &json!([])));
}

#[tokio::test]
async fn a_level_that_comes_into_sight_is_told_and_one_that_goes_out_of_sight_too() {
    let venue = clients_only();
    let mut subscriber = venue.subscribe(&format!("{BOOK}&depth=2")).await;
    let (mut depth, mut orders) = (Depth::default(), Vec::new());
    for price in ["1.05", "1.04", "1.03", "1.06", "1.02"] {
        orders.push(place(&venue, &limit("buy", "1", price)).await);
    }
    follow(&venue, &mut subscriber, &mut depth, 2).await;
    assert_eq!(depth.best()[0], Some(["1.06000".to_owned(), "1".to_owned()]));
    venue.delete(&path(&orders[3])).await;
    let frame = subscriber.json().await;
    assert_eq!(frame["bids"], json!([["1.06000", "0"], ["1.04000", "1"]]));
    depth.take(&frame);
    follow(&venue, &mut subscriber, &mut depth, 2).await;
    // One beyond is none of it: the next that is told is about the best again.
    venue.delete(&path(&orders[2])).await;
    place(&venue, &limit("buy", "4", "1.05")).await;
    let frame = subscriber.json().await;
    assert_eq!((&frame["previous"], &frame["bids"]), (&json!(depth.number), &json!([["1.05000", "5"]])));
    let mut deeper = venue.subscribe(&format!("{BOOK}&depth=3")).await;
    assert_eq!(deeper.json().await["bids"], json!([["1.05000", "5"], ["1.04000", "1"], ["1.02000", "1"]]));
}

#[tokio::test]
async fn what_is_taken_from_the_house_is_told_and_again_when_it_is_back() {
    let venue = at_once();
    let mut subscriber = venue.subscribe("?format=json&channels=book,quotes,trades&symbols=EURUSD").await;
    let mut first = [subscriber.json().await, subscriber.json().await];
    first.sort_by_key(|frame| frame["channel"].to_string());
    assert_eq!([&first[0]["channel"], &first[1]["channel"]], ["book", "quotes"]);
    assert_eq!(told(&first[1], &["symbol", "bid", "ask_size", "last"]), "EURUSD 1.08499 1000000000 null");
    place(&venue, r#""stoks": "EURUSD", "quantity": 30"#).await;
    let (mut sizes, mut quoted, mut trades) = (Vec::new(), Vec::new(), Vec::new());
    while sizes.last() != Some(&json!([["1.08501", "1000000000"]]))
        || quoted.last().is_none_or(|q| q != "1000000000 1.08501")
    {
        let frame = subscriber.json().await;
        match frame["channel"].as_str().expect("a channel") {
            "book" => sizes.push(frame["asks"].clone()),
            "quotes" => quoted.push(told(&frame, &["ask_size", "last"])),
            _ => trades.push(frame),
        }
    }
    // Where the step ended between the trade and the look at it, nothing was ever seen to be gone.
    assert!(sizes.len() == 1 || sizes[0] == json!([["1.08501", "999999970"]]), "{sizes:?}");
    assert!(quoted.len() <= 2 && sizes.len() <= 2, "{quoted:?}");
    let mut listed = venue.get("/trades/EURUSD").await.json()[0].clone();
    listed["channel"] = json!("trades");
    assert_eq!(trades, [listed]);
}

#[tokio::test]
async fn a_market_that_moves_is_told_step_by_step_though_nobody_trades() {
    let venue = own_venue(|config| config.venue.market = Market::Volatile);
    let (mut subscriber, mut depth, mut compared) = (venue.subscribe(BOOK).await, Depth::default(), 0);
    while compared < 3 {
        depth.take(&subscriber.json().await);
        let shown = Depth::shown(&venue.get("/book/EURUSD").await.json(), 20);
        assert!(depth.number <= shown.number);
        if depth.number == shown.number {
            assert_eq!(depth, shown, "of one number there is one book");
            compared += 1;
        }
    }
}

#[tokio::test]
async fn a_quote_is_told_as_it_is_shown_whenever_its_best_or_last_changes() {
    let venue = clients_only();
    let mut quotes = venue.subscribe("?format=json&channels=quotes&symbols=EURUSD").await;
    let shown = async |frame: &Value| {
        let mut quote = venue.get("/quotes/EURUSD").await.json();
        quote["channel"] = json!("quotes");
        quote["at"] = frame["at"].clone();
        assert_eq!(*frame, quote);
    };
    shown(&quotes.json().await).await;
    place(&venue, &limit("buy", "7", "1.05")).await;
    shown(&quotes.json().await).await;
    // Behind the best nothing is told.
    place(&venue, &limit("buy", "7", "1.04")).await;
    place(&venue, &limit("sell", "2", "1.05")).await;
    let frame = quotes.json().await;
    assert_eq!(told(&frame, &["bid", "bid_size", "ask", "last"]), "1.05000 5 null 1.05000");
    shown(&frame).await;
}

#[tokio::test]
async fn trades_are_told_once_each_beside_what_is_kept_and_from_then_on() {
    let venue = clients_only();
    place(&venue, &limit("sell", "9", "1.09")).await;
    place(&venue, &limit("buy", "1", "1.09")).await;
    let channels = "?format=json&channels=orders,trades,book";
    let mut all = venue.subscribe(&format!("{channels}&symbols=EURUSD&after=0")).await;
    let mut trades = venue.subscribe("?format=json&channels=trades").await;
    let mut others = venue.subscribe("?format=json&channels=trades&symbols=USDJPY").await;
    let mut seen = Vec::new();
    // Two orders, of which one rests and the other takes of it: what is past of the trade is its fills alone.
    while seen.iter().filter(|name| **name != "book").count() < 6 {
        seen.push(all.json().await["channel"].as_str().expect("a channel").to_owned());
    }
    assert!(seen.iter().all(|name| name != "trades"), "{seen:?}");
    place(&venue, &limit("buy", "2", "1.09")).await;
    let trade = trades.json().await;
    let mut listed = venue.get("/trades/EURUSD").await.json()[0].clone();
    listed["channel"] = json!("trades");
    assert_eq!((&trade, told(&trade, &["qty", "price", "side"])), (&listed, "2 1.09000 buy".to_owned()));
    loop {
        let frame = all.json().await;
        if frame["channel"] == "trades" {
            assert_eq!(frame, trade);
            break;
        }
    }
    place(&venue, r#""stoks": "USDJPY", "side": "sell", "type": "limit", "limit_price": "150", "qty": 1"#).await;
    place(&venue, r#""stoks": "USDJPY", "type": "limit", "limit_price": "150", "qty": 1"#).await;
    assert_eq!(others.json().await["symbol"], "USDJPY");
    assert_eq!(trades.json().await["symbol"], "USDJPY");
}

#[tokio::test]
async fn without_symbols_all_instruments_are_followed_that_there_are() {
    let venue = in_an_hour();
    let mut subscriber = venue.subscribe("?format=json&channels=quotes,book&depth=1").await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..60 {
        let frame = subscriber.json().await;
        assert!(frame["previous"].is_null());
        seen.insert(told(&frame, &["channel", "symbol"]));
    }
    assert_eq!(seen.len(), 60, "30 instruments, each whole once");
}

#[tokio::test]
async fn more_than_can_be_followed_is_refused_before_the_upgrade() {
    let venue = at_once();
    let of_symbols = |count: usize| vec!["EURUSD"; count].join(",");
    for (query, places) in [
        (format!("channels=book,quotes&depth=0&symbols={}", of_symbols(1_001)), "query.depth query.symbols"),
        (format!("channels=book&depth=1000&symbols={}", of_symbols(21)), "query.symbols"),
        ("channels=book&depth=1000".to_owned(), "query.symbols"),
        ("channels=book,bok".to_owned(), "query.channels"),
    ] {
        let reply = ask(venue.addr, &handshake(&format!("?format=json&{query}"))).await;
        assert_eq!(flaw_places(&reply).join(" "), places, "{query}");
    }
    let unknown = ask(venue.addr, &handshake("?format=json&channels=quotes&symbols=NOBODY")).await;
    assert_eq!(unknown.status, 404);
    venue.subscribe(&format!("?format=json&channels=book&depth=1000&symbols={}", of_symbols(20))).await.json().await;
}

#[tokio::test]
async fn a_quote_by_hand_and_a_halt_change_the_book() {
    let venue = at_once();
    let (mut subscriber, mut depth) = (venue.subscribe(BOOK).await, Depth::default());
    follow(&venue, &mut subscriber, &mut depth, 20).await;
    let quote = Request::new("PUT", "/market/EURUSD").body(r#"{"bid": "1.2", "ask": "1.3", "ask_size": 7}"#);
    assert_eq!(quote.send(venue.addr).await.status, 200);
    follow(&venue, &mut subscriber, &mut depth, 20).await;
    assert_eq!(depth.best()[1], Some(["1.30000".to_owned(), "7".to_owned()]));
    assert_eq!(venue.patch("/instruments/EURUSD", r#"{"status": "halted"}"#).await.status, 200);
    follow(&venue, &mut subscriber, &mut depth, 20).await;
    assert_eq!(depth.best(), [None, None]);
}

#[tokio::test]
async fn a_book_of_a_data_folder_tells_nothing_that_is_not_durable_and_goes_on_after_a_restart() {
    let folder = DataFolder::new();
    let mut last = None;
    for price in ["1.01", "1.02", "1.03"] {
        let venue = folder.venue(|config| {
            config.venue.delay = DelayModel::None;
            config.venue.market = Market::None;
        });
        let (mut subscriber, mut depth) = (venue.subscribe(BOOK).await, Depth::default());
        follow(&venue, &mut subscriber, &mut depth, 20).await;
        assert!(depth.number >= last, "{last:?} before");
        for qty in 1..=20 {
            place(&venue, &limit("buy", &qty.to_string(), price)).await;
            follow(&venue, &mut subscriber, &mut depth, 20).await;
        }
        assert_eq!(depth.best()[0], Some([format!("{price}000"), "210".to_owned()]));
        last = depth.number;
    }
}
