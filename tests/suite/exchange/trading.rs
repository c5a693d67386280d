//! Orders that rest, trade and end: each sentence as a client sees it over REST.

use crate::support::rest::path;
use crate::support::until;

use super::*;

const SELL: &str = r#""stoks": "EURUSD", "qty": "1000", "side": "sell", "type": "limit", "limit_price": "1.08500""#;

#[tokio::test]
async fn a_limit_order_rests_and_trades_with_another_clients_at_its_own_price() {
    let venue = at_once();
    let sell = arrive(&venue, SELL).await;
    assert_eq!(outcome(&sell), "PENDING new 0 null null");
    assert_eq!(sell["arrived_at"], sell["updated_at"]);
    // A better price is not asked for: the trade is at the price of whoever was there first.
    let buy = r#""stoks": "EURUSD", "qty": "400", "type": "limit", "limit_price": "1.08501""#;
    let buy = arrive(&venue, buy).await;
    assert_eq!(outcome(&buy), "EXECUTED filled 400 1.08500 null");
    let sold = again(&venue, &sell).await;
    assert_eq!(outcome(&sold), "PENDING partially_filled 400 1.08500 null");
    assert_eq!((&sold["seq"], &sold["closed_at"]), (&sell["seq"], &Value::Null), "its status is the same");
    assert!(sold["number"].as_u64() > sell["number"].as_u64(), "it has changed");
    assert!(sold["number"].as_u64() > again(&venue, &buy).await["number"].as_u64(), "the taker is told of first");
    arrive(&venue, r#""stoks": "EURUSD", "quantity": 600"#).await;
    assert_eq!(outcome(&again(&venue, &sell).await), "EXECUTED filled 1000 1.08500 null");
}

#[tokio::test]
async fn at_one_price_whoever_came_first_trades_first_and_clients_come_before_the_house() {
    let venue = at_once();
    let at_the_houses = SELL.replace("1.08500", "1.08501");
    let first = arrive(&venue, &at_the_houses).await;
    let second = arrive(&venue, &at_the_houses).await;
    let better = arrive(&venue, SELL).await;
    let bought = arrive(&venue, r#""stoks": "EURUSD", "quantity": 2500"#).await;
    assert_eq!(outcome(&bought), "EXECUTED filled 2500 1.085006 null");
    for (order, outcome_of_it) in [
        (&better, "EXECUTED filled 1000 1.08500 null"),
        (&first, "EXECUTED filled 1000 1.08501 null"),
        (&second, "PENDING partially_filled 500 1.08501 null"),
    ] {
        assert_eq!(outcome(&again(&venue, order).await), outcome_of_it);
    }
}

#[tokio::test]
async fn a_sell_order_sells_to_the_house_at_its_bid() {
    let venue = at_once();
    let sold = arrive(&venue, r#""stoks": "EURUSD", "qty": 250, "side": "sell""#).await;
    assert_eq!(outcome(&sold), "EXECUTED filled 250 1.08499 null");
    let limited = arrive(&venue, &SELL.replace("1.08500", "1.08498")).await;
    assert_eq!(outcome(&limited), "EXECUTED filled 1000 1.08499 null");
}

#[tokio::test]
async fn an_average_is_rounded_half_to_even_to_nine_decimals() {
    let venue = at_once();
    let sell = r#""stoks": "BTC/USD", "qty": "0.1", "side": "sell", "type": "limit", "limit_price": 65000"#;
    arrive(&venue, sell).await;
    let buy = arrive(&venue, r#""stoks": "BTC/USD", "qty": "0.30", "type": "limit", "limit_price": 65000.01"#).await;
    assert_eq!(outcome(&buy), "EXECUTED filled 0.3 65000.006666667 null");
    assert_eq!(told(&buy, &["quantity", "qty", "limit_price"]), "1 0.3 65000.01");
}

#[tokio::test]
async fn what_rests_where_the_house_has_nothing_left_trades_with_its_next_quote() {
    let venue = at_once();
    // All that the house has at its best price, for a tenth of a second. Both sides: the end of one may lie between.
    for (side, price) in [("buy", "1.08501"), ("sell", "1.08499")] {
        let all = r#""stoks": "EURUSD", "quantity": 1000000000, "type": "limit", "limit_price": "#;
        let all = format!(r#"{all}"{price}", "side": "{side}""#);
        let executed = |quantity: &str| format!("EXECUTED filled {quantity} {price} null");
        assert_eq!(outcome(&arrive(&venue, &all).await), executed("1000000000"));
        let late = arrive(&venue, &all.replace("1000000000", "5")).await;
        let order = until("the house's next quote", async || {
            Some(again(&venue, &late).await).filter(|order| order["status"] == "EXECUTED")
        });
        assert_eq!(outcome(&order.await), executed("5"));
    }
    let book = venue.get("/book/EURUSD").await.json();
    assert_eq!((&book["bids"][0][0], &book["asks"][0][0]), (&Value::from("1.08499"), &Value::from("1.08501")));
}

#[tokio::test]
async fn what_does_not_trade_at_once_ends_where_the_order_says_so() {
    let venue = at_once();
    let sell = arrive(&venue, SELL).await;
    for (fields, expected) in [
        (r#""time_in_force": "ioc", "limit_price": "1.08500""#, "CANCELLED canceled 1000 1.08500 ioc"),
        (r#""time_in_force": "ioc", "limit_price": "1.08500""#, "CANCELLED canceled 0 null ioc"),
        (r#""time_in_force": "fok", "limit_price": "1.08500""#, "CANCELLED canceled 0 null fok"),
        (r#""time_in_force": "fok", "limit_price": "1.08501""#, "EXECUTED filled 1500 1.08501 null"),
        (r#""post_only": true, "limit_price": "1.08501""#, "CANCELLED rejected 0 null post_only"),
        (r#""post_only": true, "limit_price": "1.08500""#, "PENDING new 0 null null"),
    ] {
        let fields = format!(r#""stoks": "EURUSD", "qty": "1500", "type": "limit", {fields}"#);
        assert_eq!(outcome(&arrive(&venue, &fields).await), expected, "{fields}");
    }
    assert_eq!(outcome(&again(&venue, &sell).await), "EXECUTED filled 1000 1.08500 null");
}

#[tokio::test]
async fn a_resting_order_is_cancelled_by_its_client_and_trades_no_more() {
    let venue = at_once();
    let sell = arrive(&venue, SELL).await;
    arrive(&venue, r#""stoks": "EURUSD", "quantity": 1"#).await;
    assert_eq!(venue.delete(&path(&sell)).await.status, 204);
    let cancelled = again(&venue, &sell).await;
    assert_eq!(outcome(&cancelled), "CANCELLED canceled 1 1.08500 client");
    assert_eq!(cancelled["closed_at"], cancelled["updated_at"]);
    arrive(&venue, r#""stoks": "EURUSD", "quantity": 1"#).await;
    assert_eq!(venue.delete(&path(&sell)).await.status, 204);
    assert_eq!(again(&venue, &sell).await, cancelled);
}

#[tokio::test]
async fn an_order_that_is_on_its_way_trades_with_nobody_and_can_be_cancelled() {
    let venue = in_an_hour();
    let sell = place(&venue, SELL).await;
    assert_eq!(outcome(&sell), "PENDING accepted 0 null null");
    assert_eq!(sell["arrived_at"], Value::Null);
    assert_eq!(venue.get("/book/EURUSD?depth=1").await.json()["asks"][0][0], "1.08501");
    assert_eq!(venue.delete(&path(&sell)).await.status, 204);
    assert_eq!(outcome(&again(&venue, &sell).await), "CANCELLED canceled 0 null client");
}

#[tokio::test]
async fn an_order_for_the_day_tells_when_it_expires() {
    let venue = at_once();
    let order = arrive(&venue, &format!(r#"{SELL}, "time_in_force": "day""#)).await;
    let (accepted, expires) = (told(&order, &["accepted_at"]), told(&order, &["expires_at"]));
    assert!(expires > accepted && expires.ends_with("T00:00:00.000000Z"), "{order}");
    let ever = arrive(&venue, SELL).await;
    assert_eq!(ever["expires_at"], Value::Null);
}
