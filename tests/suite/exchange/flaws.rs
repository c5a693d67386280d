//! What a body has wrong: by itself, and for its instrument, all at once and each with its place.

use crate::support::rest::{Flaw, flaws, symbol};

use super::*;

/// The kind and the place of each flaw of a body, in the order in which they are told.
async fn told_of(venue: &Venue, fields: &str) -> Vec<String> {
    let reply = venue.post("/orders", &format!("{{{fields}}}")).await;
    flaws(&reply).iter().map(|flaw: &Flaw| format!("{} {}", flaw.kind, flaw.place())).collect()
}

#[tokio::test]
async fn each_field_has_its_own_flaws() {
    let venue = in_an_hour();
    let limit = r#""stoks": "EURUSD", "type": "limit", "limit_price": 1.08, "quantity": 5"#;
    let market = r#""stoks": "EURUSD", "quantity": 5"#;
    for (fields, flaw) in [
        (format!(r#"{market}, "qty": 5"#), "quantity_conflict body.qty"),
        (r#""stoks": "EURUSD", "qty": null"#.to_owned(), "missing body.quantity"),
        (r#""stoks": "EURUSD", "qty": 0"#.to_owned(), "greater_than body.qty"),
        (r#""stoks": "EURUSD", "qty": "-1""#.to_owned(), "greater_than body.qty"),
        (r#""stoks": "EURUSD", "qty": "1,5""#.to_owned(), "decimal_parsing body.qty"),
        (r#""stoks": "EURUSD", "qty": """#.to_owned(), "decimal_parsing body.qty"),
        (r#""stoks": "EURUSD", "qty": true"#.to_owned(), "decimal_type body.qty"),
        (r#""stoks": "EURUSD", "qty": [1]"#.to_owned(), "decimal_type body.qty"),
        (r#""stoks": "EURUSD", "qty": 9007199254740991.5"#.to_owned(), "less_than_equal body.qty"),
        (r#""stoks": "EURUSD", "qty": 1e99999999999"#.to_owned(), "decimal_max_digits body.qty"),
        (format!(r#""stoks": "EURUSD", "qty": 0.{}"#, "1".repeat(37)), "decimal_max_digits body.qty"),
        (format!(r#"{market}, "side": "BUY""#), "enum body.side"),
        (format!(r#"{market}, "side": 1"#), "enum body.side"),
        (format!(r#"{market}, "type": "stopp""#), "enum body.type"),
        (format!(r#"{market}, "time_in_force": "gtd""#), "enum body.time_in_force"),
        (format!(r#"{market}, "order_class": "other""#), "enum body.order_class"),
        (format!(r#"{market}, "account": "other""#), "unknown_account body.account"),
        (format!(r#"{market}, "account": 7"#), "unknown_account body.account"),
        (format!(r#"{market}, "limit_price": 1.08"#), "limit_price_without_limit body.limit_price"),
        (format!(r#"{market}, "post_only": true"#), "post_only_without_limit body.post_only"),
        (format!(r#"{market}, "post_only": "true""#), "bool_type body.post_only"),
        (format!(r#"{market}, "notional": 1"#), "notional_conflict body.notional"),
        (r#""stoks": "EURUSD", "notional": 0"#.to_owned(), "greater_than body.notional"),
        (r#""stoks": "EURUSD", "notional": "0.0000000000001""#.to_owned(), "decimal_max_places body.notional"),
        (r#""stoks": "EURUSD", "notional": 1e30"#.to_owned(), "decimal_max_places body.notional"),
        (
            r#""stoks": "EURUSD", "notional": 1, "type": "limit", "limit_price": 1"#.to_owned(),
            "notional_without_market body.notional",
        ),
        (r#""stoks": "NOBODY", "notional": 1"#.to_owned(), "unknown_symbol body.stoks"),
        (r#""stoks": "EURUSD", "notional": 1e25"#.to_owned(), "out_of_range body.notional"),
        (format!(r#"{market}, "type": "limit""#), "missing body.limit_price"),
        (format!(r#"{market}, "type": "limit", "limit_price": null"#), "missing body.limit_price"),
        (format!(r#"{market}, "type": "limit", "limit_price": 0"#), "greater_than body.limit_price"),
        (format!(r#"{market}, "type": "limit", "limit_price": {{}}"#), "decimal_type body.limit_price"),
        (format!(r#"{limit}, "post_only": true, "time_in_force": "ioc""#), "post_only_at_once body.post_only"),
        (format!(r#"{limit}, "post_only": true, "time_in_force": "fok""#), "post_only_at_once body.post_only"),
        (format!(r#"{limit}, "side": "buy", "side": "buy""#), "duplicate_key body.side"),
    ] {
        assert_eq!(told_of(&venue, &fields).await, [flaw], "{fields}");
    }
    assert_eq!(venue.get("/orders").await.body, "{}", "nothing of a refused request is kept");
}

#[tokio::test]
async fn what_an_order_waits_for_has_flaws_of_its_own() {
    let venue = in_an_hour();
    let market = r#""stoks": "EURUSD", "quantity": 5"#;
    for (fields, flaw) in [
        (format!(r#"{market}, "type": "stop""#), "missing body.stop_price"),
        (format!(r#"{market}, "type": "stop_limit", "stop_price": 1"#), "missing body.limit_price"),
        (format!(r#"{market}, "type": "stop", "stop_price": "x""#), "decimal_parsing body.stop_price"),
        (format!(r#"{market}, "type": "trailing_stop""#), "missing body.trail_price"),
        (
            format!(r#"{market}, "type": "trailing_stop", "trail_price": 1, "trail_percent": 1"#),
            "trail_conflict body.trail_percent",
        ),
        (
            format!(r#"{market}, "type": "stop", "stop_price": 1, "trail_price": 1"#),
            "trail_without_trailing_stop body.trail_price",
        ),
        (format!(r#"{market}, "trail_percent": 1"#), "trail_without_trailing_stop body.trail_percent"),
        (
            format!(r#"{market}, "type": "stop", "stop_price": 1, "post_only": true"#),
            "post_only_without_limit body.post_only",
        ),
        (
            format!(r#"{market}, "type": "stop", "stop_price": 1, "limit_price": 1"#),
            "limit_price_without_limit body.limit_price",
        ),
        (format!(r#"{market}, "stop_price": 1"#), "stop_price_without_stop body.stop_price"),
    ] {
        assert_eq!(told_of(&venue, &fields).await, [flaw], "{fields}");
    }
}

#[tokio::test]
async fn an_unknown_value_is_told_what_is_possible() {
    let venue = in_an_hour();
    let body = r#"{"stoks": "EURUSD", "quantity": 5, "type": "loss", "time_in_force": "x", "order_class": "other"}"#;
    let reply = venue.post("/orders", body).await;
    let told: Vec<(String, String)> =
        flaws(&reply).into_iter().map(|flaw| (flaw.msg, flaw.input.get().to_owned())).collect();
    let expected = [
        ("Input should be 'market', 'limit', 'stop', 'stop_limit' or 'trailing_stop'", r#""loss""#),
        ("Input should be 'gtc', 'day', 'ioc' or 'fok'", r#""x""#),
        ("Input should be 'simple', 'bracket', 'oco' or 'oto'", r#""other""#),
    ];
    assert_eq!(told, expected.map(|(msg, input)| (msg.to_owned(), input.to_owned())));
}

#[tokio::test]
async fn an_instrument_tells_what_it_does_not_allow() {
    let venue = in_an_hour();
    for (fields, expected) in [
        (r#""stoks": "EURUSD", "qty": 0.5"#, &["quantity_lot body.qty"][..]),
        (r#""stoks": "EURUSD", "qty": 1000000000.5"#, &["quantity_lot body.qty"]),
        (r#""stoks": "EURUSD", "side": "sell", "quantity": 1000000001"#, &["quantity_range body.quantity"]),
        (r#""stoks": "AAPL", "side": "sell", "qty": 1e-10"#, &["quantity_lot body.qty"]),
        (r#""stoks": "EURUSD", "qty": 5, "type": "limit", "limit_price": 1.085001"#, &["price_tick body.limit_price"]),
        (
            r#""stoks": "EURUSD", "qty": 5, "type": "limit", "limit_price": "108.50001""#,
            &["price_range body.limit_price"],
        ),
        (
            r#""stoks": "EURUSD", "qty": "5.5", "type": "limit", "limit_price": 1e-6"#,
            &["quantity_lot body.qty", "price_tick body.limit_price"],
        ),
    ] {
        assert_eq!(told_of(&venue, fields).await, expected, "{fields}");
    }
    let body = r#"{"stoks": "EURUSD", "qty": 1.5, "type": "limit", "limit_price": 200}"#;
    let told: Vec<String> = flaws(&venue.post("/orders", body).await).into_iter().map(|flaw| flaw.msg).collect();
    assert_eq!(told, ["Input should be a multiple of the lot, 1", "Input should be from 0.00001 to 108.5"]);
}

#[tokio::test]
async fn what_the_body_tells_and_what_the_instrument_tells_come_together() {
    let venue = in_an_hour();
    for (fields, expected) in [
        (
            r#""stoks": "EURUSD", "qty": 0.5, "side": "up", "type": "limit", "limit_price": 1.000001"#,
            &["enum body.side", "quantity_lot body.qty", "price_tick body.limit_price"][..],
        ),
        (
            r#""stoks": "EURUSD", "type": "limit", "limit_price": 1.000001"#,
            &["missing body.quantity", "price_tick body.limit_price"],
        ),
        (r#""stoks": "EURUSD", "qty": 0.5, "type": "limit""#, &["missing body.limit_price", "quantity_lot body.qty"]),
        (r#""symbol": "NONE", "qty": 0.5, "side": "up""#, &["enum body.side", "unknown_symbol body.symbol"]),
        (r#""stoks": "A B", "qty": 0.5, "side": "up""#, &["string_pattern_mismatch body.stoks", "enum body.side"]),
        (r#""stoks": "NONE", "qty": 5, "account": "other""#, &["unknown_account body.account"]),
    ] {
        assert_eq!(told_of(&venue, fields).await, expected, "{fields}");
    }
}

#[tokio::test]
async fn an_unknown_symbol_is_listed_for_a_native_order_alone() {
    let venue = in_an_hour();
    let stoks = symbol();
    for fields in [r#""side": "sell""#, r#""time_in_force": "ioc""#, r#""type": "limit", "limit_price": 1"#] {
        let fields = format!(r#""stoks": "{stoks}", "quantity": 1, {fields}"#);
        assert_eq!(told_of(&venue, &fields).await, ["unknown_symbol body.stoks"], "{fields}");
    }
    assert_eq!(venue.get(&format!("/instruments/{stoks}")).await.status, 404);
    place(&venue, &format!(r#""stoks": "{stoks}", "quantity": 1"#)).await;
    place(&venue, &format!(r#""stoks": "{stoks}", "quantity": 1, "side": "sell""#)).await;
}

#[tokio::test]
async fn decimals_are_read_by_their_digits() {
    let venue = in_an_hour();
    for (qty, read) in [
        ("0.1", "0.1"),
        ("\"0.10\"", "0.1"),
        ("1e-9", "0.000000001"),
        ("123456789.123456789", "123456789.123456789"),
        ("\"1000000000.000000000000000000000000000000000\"", "1000000000"),
    ] {
        let order = place(&venue, &format!(r#""stoks": "AAPL", "side": "sell", "qty": {qty}"#)).await;
        assert_eq!(order["qty"], read, "{qty}");
    }
}
