//! Fills and trades, as they are read: of an order, of all, and as everybody is told.

use serde_json::json;
use tradepit_actors::DelayModel;

use tradepit::config::Market;

use super::*;
use crate::support::id_of;
use crate::support::rest::next_page;

const LIMIT: &str = r#""stoks": "EURUSD", "type": "limit""#;

/// A list, page by page.
async fn all(venue: &Venue, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let reply = venue.get(&path).await;
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
        next = next_page(&reply);
        items.extend(reply.json().as_array().expect("a list").iter().cloned());
    }
    items
}

#[tokio::test]
async fn a_native_order_tells_its_one_fill() {
    let venue = at_once();
    let order = place(&venue, r#""stoks": "EURUSD", "quantity": 123"#).await;
    let order = shown(&venue, &order).await;
    let at = &order["closed_at"];
    let fill = json!({"trade_id": "3", "number": 3, "at": at, "price": "1.08501", "qty": "123", "liquidity": "taker",
        "fee": "0"});
    assert_eq!(order["fills"], json!([fill]));
    assert_eq!(order["number"], 3);
    let fills = all(&venue, "/fills").await;
    assert_eq!(fills.len(), 1);
    assert_eq!(
        told(&fills[0], &["trade_id", "order_id", "symbol", "account", "side"]),
        format!("3 {} EURUSD default buy", id_of(&order))
    );
    assert_eq!(all(&venue, &format!("/fills?order_id={}", id_of(&order))).await, fills);
    let trade = json!({"trade_id": "3", "symbol": "EURUSD", "at": at, "price": "1.08501", "qty": "123", "side": "buy"});
    assert_eq!(all(&venue, "/trades/EURUSD").await, [trade]);
}

#[tokio::test]
async fn both_orders_of_a_trade_tell_it_and_a_page_goes_on_where_the_last_ended() {
    let venue = own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.market = Market::None;
    });
    let maker = place(&venue, &format!(r#"{LIMIT}, "side": "sell", "qty": "100", "limit_price": "1.09""#)).await;
    let mut takers = Vec::new();
    for qty in 1..=5 {
        let taker = place(&venue, &format!(r#"{LIMIT}, "qty": "{qty}", "limit_price": "1.1""#)).await;
        takers.push(shown(&venue, &taker).await);
    }
    let maker = shown(&venue, &maker).await;
    let fills = maker["fills"].as_array().expect("a list").clone();
    let of = |fields: &[&str]| fills.iter().map(|fill| told(fill, fields)).collect::<Vec<_>>();
    assert_eq!(of(&["qty", "price", "liquidity"]), ["1", "2", "3", "4", "5"].map(|qty| format!("{qty} 1.09000 maker")));
    for (fill, taker) in fills.iter().zip(&takers) {
        let own = &taker["fills"][0];
        assert_eq!((&own["trade_id"], own["liquidity"].as_str()), (&fill["trade_id"], Some("taker")));
        // The taker's part comes first, and the trade has its number.
        let number = own["number"].as_u64().expect("a number");
        assert_eq!((fill["number"].as_u64(), own["trade_id"].as_str()), (Some(number + 1), Some(&*number.to_string())));
    }
    let listed = all(&venue, "/fills?limit=3").await;
    assert_eq!(listed.len(), 10);
    assert!(listed.iter().map(|fill| fill["number"].as_u64()).is_sorted());
    let newest_first: Vec<Value> = listed.iter().rev().cloned().collect();
    assert_eq!(all(&venue, "/fills?order=desc&limit=3").await, newest_first);
    let before = newest_first[2]["number"].as_u64().expect("a number");
    assert_eq!(all(&venue, &format!("/fills?order=desc&after={before}")).await, newest_first[3..]);
    let of_maker = all(&venue, &format!("/fills?limit=2&order=desc&order_id={}", id_of(&maker))).await;
    assert!(of_maker.iter().map(|fill| &fill["number"]).eq(fills.iter().rev().map(|fill| &fill["number"])));
    let of_maker = all(&venue, &format!("/fills?limit=2&order_id={}", id_of(&maker))).await;
    assert_eq!(
        of_maker.iter().map(|fill| &fill["number"]).collect::<Vec<_>>(),
        fills.iter().map(|fill| &fill["number"]).collect::<Vec<_>>()
    );
    assert_eq!(all(&venue, "/fills?symbol=USDJPY").await, [Value::Null; 0]);
    assert_eq!(all(&venue, "/fills?account=default&symbol=EURUSD").await, listed);
    let trades = all(&venue, "/trades/EURUSD?limit=2").await;
    let told_of = trades.iter().map(|trade| told(trade, &["qty", "side"])).collect::<Vec<_>>();
    assert_eq!(told_of, ["5 buy", "4 buy", "3 buy", "2 buy", "1 buy"]);
    let before = trades[2]["trade_id"].as_str().expect("a text");
    assert_eq!(all(&venue, &format!("/trades/EURUSD?before={before}")).await, trades[3..]);
    assert_eq!(all(&venue, "/trades/USDJPY").await, [Value::Null; 0]);
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_told_by_its_place() {
    let venue = at_once();
    for (path, kinds) in [
        (
            "/fills?limit=0&after=x&order_id=y&account=z&symbol=%20&order=down",
            "enum greater_than_equal int_parsing unknown_order unknown_account string_pattern_mismatch",
        ),
        ("/fills?order_id=00000000-0000-4000-8000-000000000000", "unknown_order"),
        ("/trades/EURUSD?before=-1&limit=a", "int_parsing int_parsing"),
    ] {
        let reply = venue.get(path).await;
        let flaws = reply.json()["detail"].as_array().expect("a list").clone();
        let types = flaws.iter().map(|flaw| told(flaw, &["type"])).collect::<Vec<_>>().join(" ");
        let mut found: Vec<&str> = types.split(' ').collect();
        let mut expected: Vec<&str> = kinds.split(' ').collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!((reply.status, found), (422, expected), "{path}");
    }
    assert_eq!(venue.get("/trades/NOBODY").await.status, 404);
}

#[tokio::test]
async fn an_order_shows_the_newest_hundred_of_its_fills() {
    let venue = own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.market = Market::None;
    });
    let maker = place(&venue, &format!(r#"{LIMIT}, "side": "sell", "qty": "1000", "limit_price": "1.09""#)).await;
    for _ in 0..105 {
        place(&venue, &format!(r#"{LIMIT}, "qty": "1", "limit_price": "1.1""#)).await;
    }
    let shown = shown(&venue, &maker).await["fills"].as_array().expect("a list").clone();
    let listed = all(&venue, &format!("/fills?order_id={}", id_of(&maker))).await;
    assert_eq!((shown.len(), listed.len()), (100, 105));
    assert!(shown.iter().zip(&listed[5..]).all(|(shown, listed)| shown["number"] == listed["number"]));
}
