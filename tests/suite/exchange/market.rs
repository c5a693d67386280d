//! `/instruments`, `/book` and `/quotes`: what can be traded, and what is offered.

use serde_json::json;

use crate::support::rest::{assert_detail, flaw_places, next_page, symbol};

use super::*;

#[tokio::test]
async fn an_instrument_is_shown_with_all_that_binds_its_orders() {
    let venue = in_an_hour();
    assert_eq!(
        venue.get("/instruments/EURUSD").await.json(),
        json!({
            "symbol": "EURUSD", "class": "forex", "base": "EUR", "quote": "USD", "tick": "0.00001", "lot": "1",
            "min_quantity": "1", "max_quantity": "1000000000", "reference_price": "1.08500", "maker_fee": "0",
            "taker_fee": "0", "short": true, "hours": "always", "status": "open",
        })
    );
    let crypto = venue.get("/instruments/BTC/USD").await;
    assert_eq!(crypto.header("content-type"), Some("application/json"));
    assert_eq!(told(&crypto.json(), &["class", "base", "quote", "tick", "lot"]), "crypto BTC USD 0.01 0.00000001");
}

#[tokio::test]
async fn a_symbol_stands_last_in_a_path_plain_or_encoded() {
    let venue = in_an_hour();
    for stoks in ["A/", "/", "a//b", ".."] {
        place(&venue, &format!(r#""stoks": "{stoks}", "quantity": 1"#)).await;
    }
    for (path, stoks) in [
        ("BTC/USD", "BTC/USD"),
        ("BTC/USD/", "BTC/USD"),
        ("BTC%2FUSD", "BTC/USD"),
        ("BTC%2fUSD/", "BTC/USD"),
        ("%42TC/US%44", "BTC/USD"),
        ("BRK.B", "BRK.B"),
        ("A%2F", "A/"),
        ("A//", "A/"),
        ("%2F", "/"),
        ("a//b", "a//b"),
        ("..", ".."),
    ] {
        for route in ["instruments", "book", "quotes"] {
            let reply = venue.get(&format!("/{route}/{path}")).await;
            assert_eq!((reply.status, &reply.json()["symbol"]), (200, &json!(stoks)), "{route} {path}");
        }
    }
    for path in ["NONE", "btc/usd", "A", "BTC%252FUSD", "BTC+USD", "%FF", "%", "BTC/USD//", &"A".repeat(33)] {
        for route in ["instruments", "book", "quotes"] {
            assert_detail(&venue.get(&format!("/{route}/{path}")).await, 404, "Instrument not found");
        }
    }
}

#[tokio::test]
async fn instruments_are_listed_in_pages_in_the_order_of_their_listing() {
    let venue = in_an_hour();
    let symbols = |list: &Value| -> Vec<String> {
        list.as_array().expect("an array").iter().map(|one| told(one, &["symbol"])).collect()
    };
    let stoks = symbol();
    venue.place(&stoks, 1).await;
    let all = symbols(&venue.get("/instruments").await.json());
    assert_eq!((all.len(), all[0].as_str(), all.last()), (31, "EURUSD", Some(&stoks)));
    for route in ["instruments", "quotes"] {
        let (mut paged, mut next) = (Vec::new(), Some(format!("/{route}?limit=8")));
        while let Some(path) = next {
            let reply = venue.get(&path).await;
            assert!(reply.json().as_array().is_some_and(|page| (1..=8).contains(&page.len())), "{path}");
            paged.extend(symbols(&reply.json()));
            next = next_page(&reply);
        }
        assert_eq!(paged, all, "{route}");
        let end = venue.get(&format!("/{route}?after={stoks}")).await;
        assert_eq!((end.body.as_str(), end.header("link")), ("[]", None), "{route}");
        assert_eq!(flaw_places(&venue.get(&format!("/{route}?after=NONE&limit=1")).await), ["query.after"]);
        assert_eq!(flaw_places(&venue.get(&format!("/{route}?after=&limit=0")).await), ["query.after", "query.limit"]);
    }
}

#[tokio::test]
async fn quotes_are_told_in_the_order_in_which_they_were_asked_for() {
    let venue = in_an_hour();
    let quotes = venue.get("/quotes?symbols=BTC/USD,EURUSD,BTC%2FUSD").await.json();
    let told: Vec<String> = [0, 1, 2].iter().map(|&at| told(&quotes[at], &["symbol", "bid", "ask"])).collect();
    let bitcoin = "BTC/USD 64999.99 65000.01";
    assert_eq!(told, [bitcoin, "EURUSD 1.08499 1.08501", bitcoin]);
    assert_eq!(quotes[0]["at"], quotes[1]["at"], "at one moment");
    assert_detail(&venue.get("/quotes?symbols=EURUSD,NONE").await, 404, "Instrument not found");
    for symbols in ["", "EURUSD,", "A+B", &"A,".repeat(1_001)] {
        assert_eq!(flaw_places(&venue.get(&format!("/quotes?symbols={symbols}")).await), ["query.symbols"]);
    }
}

#[tokio::test]
async fn a_book_adds_up_what_clients_rest_and_what_the_house_offers() {
    let venue = at_once();
    for (side, qty, price) in
        [("sell", "100", "1.08501"), ("sell", "50", "1.08500"), ("buy", "7", "1.08499"), ("buy", "9", "1.08490")]
    {
        let fields = format!(r#""stoks": "EURUSD", "side": "{side}", "qty": "{qty}", "type": "limit""#);
        arrive(&venue, &format!(r#"{fields}, "limit_price": "{price}""#)).await;
    }
    let book = venue.get("/book/EURUSD?depth=3").await.json();
    assert_eq!(told(&book, &["symbol"]), "EURUSD");
    assert_eq!(book["asks"], json!([["1.08500", "50"], ["1.08501", "1000000100"], ["1.08502", "1000000000"]]));
    assert_eq!(book["bids"], json!([["1.08499", "1000000007"], ["1.08498", "1000000000"], ["1.08497", "1000000000"]]));
    let whole = venue.get("/book/EURUSD").await.json();
    let lengths = ["bids", "asks"].map(|side| whole[side].as_array().map(Vec::len));
    assert_eq!(lengths, [Some(10), Some(11)], "the house's ten, and one that a client has alone");
    assert_eq!(whole["bids"][9], json!(["1.08490", "1000000009"]));
    let quote = venue.get("/quotes/EURUSD").await.json();
    assert_eq!(told(&quote, &["bid", "bid_size", "ask", "ask_size", "last"]), "1.08499 1000000007 1.08500 50 null");
    arrive(&venue, r#""stoks": "EURUSD", "quantity": 30"#).await;
    let quote = venue.get("/quotes/EURUSD").await.json();
    assert_eq!(told(&quote, &["ask", "ask_size", "last"]), "1.08500 20 1.08500");
}

#[tokio::test]
async fn a_book_number_rises_with_each_change_of_the_book() {
    let venue = at_once();
    let mut before = 0;
    for price in 1..=5 {
        let book = venue.get("/book/EURUSD?depth=1").await.json();
        let number = book["book_number"].as_u64().expect("a number");
        assert!(before < number && number < 1 << 53, "{before} {book}");
        before = number;
        let fields = r#""stoks": "EURUSD", "qty": 1, "side": "sell", "type": "limit""#;
        arrive(&venue, &format!(r#"{fields}, "limit_price": "1.1000{price}""#)).await;
    }
}

#[tokio::test]
async fn a_depth_that_is_none_is_422() {
    let venue = in_an_hour();
    for depth in ["0", "-1", "x", ""] {
        assert_eq!(flaw_places(&venue.get(&format!("/book/EURUSD?depth={depth}")).await), ["query.depth"], "{depth}");
    }
    assert_eq!(venue.get("/book/EURUSD?depth=99999999999999999999").await.status, 200);
}
