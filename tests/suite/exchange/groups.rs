//! Orders with legs over HTTP: what is placed, what is told of each, what is wrong, what a kill leaves.

use crate::support::Request;
use crate::support::folder::DataFolder;
use crate::support::rest::{Flaw, Kept, flaws, id, listed, path};

use super::*;

const BRACKET: &str = r#""stoks": "EURUSD", "qty": "10", "type": "limit", "limit_price": "1.08",
    "order_class": "bracket", "take_profit": {"limit_price": "1.10"}, "stop_loss": {"stop_price": 1.070,
    "limit_price": null}"#;
const OCO: &str = r#""stoks": "EURUSD", "qty": "10", "side": "sell", "order_class": "oco",
    "take_profit": {"limit_price": "1.10"}, "stop_loss": {"stop_price": "1.07", "limit_price": "1.06"}"#;

/// The legs of an order as they stand now.
async fn legs(venue: &Venue, order: &Value) -> Vec<Value> {
    let mut legs = Vec::new();
    for leg in order["legs"].as_array().expect("it has legs") {
        legs.push(venue.get(&format!("/orders/{}", leg.as_str().expect("an id"))).await.json());
    }
    legs
}

#[tokio::test]
async fn each_leg_is_an_order_with_a_row_of_its_own_that_waits_for_its_parent() {
    let venue = at_once();
    let mut subscriber = venue.subscribe("").await;
    let order = place(&venue, BRACKET).await;
    assert_eq!(told(&order, &["state", "order_class", "parent", "number"]), "accepted bracket null 1");
    let held = legs(&venue, &order).await;
    let fields = ["status", "state", "side", "type", "limit_price", "stop_price", "order_class", "number", "seq"];
    let shown: Vec<String> = held.iter().map(|leg| told(leg, &fields)).collect();
    assert_eq!(
        shown,
        ["PENDING held sell limit 1.10000 null bracket 2 2", "PENDING held sell stop null 1.07000 bracket 3 3"]
    );
    assert!(held.iter().all(|leg| leg["parent"] == order["id"] && leg["legs"].is_null()), "{held:?}");
    assert_eq!(listed(&venue.get("/orders").await).len(), 3);
    assert_eq!(listed(&venue.get("/orders?state=held").await).len(), 2);

    // It meets the order, which is filled, and then one of the legs.
    let quote = r#"{"bid": "1.07", "ask": "1.071"}"#;
    Request::new("PUT", "/market/EURUSD").body(quote).send(venue.addr).await;
    assert_eq!(outcome(&again(&venue, &order).await), "EXECUTED filled 10 1.08000 null");
    let ended = legs(&venue, &order).await;
    assert_eq!(outcome(&ended[0]), "CANCELLED canceled 0 null group");
    assert_eq!(outcome(&ended[1]), "EXECUTED filled 10 1.07000 null");
    let mut frames = Vec::new();
    for _ in 0..6 {
        frames.push(subscriber.text().await);
    }
    let expected = [
        (&order, "PENDING"),
        (&held[0], "PENDING"),
        (&held[1], "PENDING"),
        (&order, "EXECUTED"),
        (&held[1], "EXECUTED"),
        (&held[0], "CANCELLED"),
    ];
    assert_eq!(frames, expected.map(|(order, status)| format!("{} is {status}", id(order))));
}

#[tokio::test]
async fn an_oco_takes_its_price_from_either_place_and_one_cancellation_ends_both() {
    let venue = at_once();
    let order = arrive(&venue, OCO).await;
    assert_eq!(told(&order, &["state", "type", "limit_price", "order_class"]), "new limit 1.10000 oco");
    let leg = &legs(&venue, &order).await[0];
    let fields = ["state", "side", "type", "stop_price", "limit_price", "parent"];
    assert_eq!(told(leg, &fields), format!("new sell stop_limit 1.07000 1.06000 {}", id(&order)));
    assert_eq!(venue.delete(&path(leg)).await.status, 204);
    assert_eq!(outcome(&again(&venue, &order).await), "CANCELLED canceled 0 null group");

    let own = OCO.replace(r#""take_profit": {"limit_price": "1.10"}"#, r#""limit_price": 1.1, "type": "limit""#);
    let order = arrive(&venue, &own).await;
    let leg = legs(&venue, &order).await[0].clone();
    let amended = venue.patch(&path(&leg), r#"{"quantity": 5}"#).await;
    assert_eq!(flaws(&amended)[0].kind, "quantity_of_group");
    let cancelled = venue.delete("/open-orders").await.json();
    let ids: Vec<&Value> = cancelled.as_array().expect("a list").iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, [&order["id"], &leg["id"]], "a row each");
}

#[tokio::test]
async fn a_leg_is_replaced_in_its_place_and_each_tells_of_the_other() {
    let venue = at_once();
    let order = arrive(&venue, BRACKET).await;
    let leg = legs(&venue, &order).await[0].clone();
    let new = venue.post(&(path(&leg) + "/replace"), r#"{"limit_price": "1.2"}"#).await;
    assert_eq!(new.status, 200, "{new:?}");
    let new = new.json();
    let fields = ["state", "limit_price", "order_class", "parent", "replaces"];
    assert_eq!(told(&new, &fields), format!("held 1.20000 bracket {} {}", id(&order), id(&leg)));
    assert_eq!(again(&venue, &leg).await["replaced_by"], new["id"]);
    assert_eq!(venue.delete(&path(&new)).await.status, 204);
    assert_eq!(outcome(&again(&venue, &order).await), "CANCELLED canceled 0 null group");
}

#[tokio::test]
async fn every_fault_of_the_legs_is_told_with_its_place() {
    let venue = in_an_hour();
    let order = r#""stoks": "EURUSD", "quantity": 5"#;
    let (profit, loss) = (r#""take_profit": {"limit_price": 1.1}"#, r#""stop_loss": {"stop_price": 1.07}"#);
    for (fields, expected) in [
        (format!("{order}, {profit}"), "unexpected body.take_profit"),
        (format!(r#"{order}, "order_class": "bracket", {profit}"#), "missing body.stop_loss"),
        (format!(r#"{order}, "order_class": "oto""#), "missing body.take_profit"),
        (format!(r#"{order}, "order_class": "oto", {profit}, {loss}"#), "legs_conflict body.stop_loss"),
        (format!(r#"{order}, "order_class": "oto", "take_profit": 1.1"#), "model_attributes_type body.take_profit"),
        (format!(r#"{order}, "order_class": "oto", "take_profit": {{}}"#), "missing body.take_profit.limit_price"),
        (
            format!(r#"{order}, "order_class": "oto", "stop_loss": {{"stop_price": "x"}}"#),
            "decimal_parsing body.stop_loss.stop_price",
        ),
        (
            format!(r#"{order}, "order_class": "oto", "stop_loss": {{"stop_price": 1, "limit_price": 1.000001}}"#),
            "price_tick body.stop_loss.limit_price",
        ),
        (
            format!(r#"{order}, "order_class": "oto", "take_profit": {{"limit_price": 1, "limit_price": 1}}"#),
            "duplicate_key body.take_profit.limit_price",
        ),
        (
            format!(r#"{order}, "order_class": "oto", "time_in_force": "ioc", {profit}"#),
            "time_in_force_of_parent body.time_in_force",
        ),
        (
            format!(r#"{order}, "order_class": "oto", "type": "stop", "stop_price": 1, {profit}"#),
            "type_of_parent body.type",
        ),
        (format!(r#"{order}, "order_class": "oco", {loss}"#), "missing body.limit_price"),
        (format!(r#"{order}, "order_class": "oco", {profit}"#), "missing body.stop_loss"),
        (format!(r#"{order}, "order_class": "oco", "type": "market", {profit}, {loss}"#), "type_of_oco body.type"),
        (
            format!(r#"{order}, "order_class": "oco", "limit_price": 1.2, {profit}, {loss}"#),
            "take_profit_conflict body.take_profit.limit_price",
        ),
    ] {
        let reply = venue.post("/orders", &format!("{{{fields}}}")).await;
        let told: Vec<String> =
            flaws(&reply).iter().map(|flaw: &Flaw| format!("{} {}", flaw.kind, flaw.place())).collect();
        assert_eq!(told, [expected], "{fields}");
    }
    let all = r#"{"stoks": "EURUSD", "qty": 0.5, "order_class": "bracket", "take_profit": {"limit_price": 1.000001},
        "stop_loss": {"stop_price": 1000, "limit_price": 0}}"#;
    let reply = venue.post("/orders", all).await;
    let places: Vec<String> = flaws(&reply).iter().map(|flaw| format!("{} {}", flaw.kind, flaw.place())).collect();
    assert_eq!(
        places,
        [
            "greater_than body.stop_loss.limit_price",
            "quantity_lot body.qty",
            "price_tick body.take_profit.limit_price",
            "price_range body.stop_loss.stop_price"
        ]
    );
    assert_eq!(venue.get("/orders").await.body, "{}", "nothing of a refused request is kept");
}

#[tokio::test]
async fn legs_count_by_value_where_a_request_is_repeated_also_after_a_kill() {
    const FLAGS: [&str; 4] = ["--market", "frozen", "--delay", "none"];
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&FLAGS).await;
    let mut line = Kept::open(addr).await;
    let named = |fields: &str| format!(r#"{{{fields}, "client_order_id": "a"}}"#);
    let order = line.ask("POST", "/orders", &named(BRACKET)).await.json();
    let other_leg = named(&BRACKET.replace("\"1.10\"", "\"1.11\""));
    let without = named(r#""stoks": "EURUSD", "qty": "10", "type": "limit", "limit_price": "1.08""#);
    let as_numbers = named(&BRACKET.replace("\"1.10\"", "1.1000").replace("1.070", "\"1.07\""));
    let again = line.ask("POST", "/orders", &as_numbers).await;
    assert_eq!((again.header("idempotent-replayed"), again.json()), (Some("true"), order.clone()));
    for other in [&other_leg, &without] {
        assert_eq!(line.ask("POST", "/orders", other).await.status, 422, "{other}");
    }
    server.killed().await;
    folder.check().await;

    let (_server, addr) = folder.serve(&FLAGS).await;
    let mut line = Kept::open(addr).await;
    let again = line.ask("POST", "/orders", &as_numbers).await;
    assert_eq!((again.header("idempotent-replayed"), again.json()), (Some("true"), order.clone()));
    for other in [&other_leg, &without] {
        assert_eq!(line.ask("POST", "/orders", other).await.status, 422, "{other}");
    }
    // The legs wait as before, and act once their parent is filled.
    line.ask("PUT", "/market/EURUSD", r#"{"bid": "1.07", "ask": "1.071"}"#).await;
    let leg = |place: usize| format!("/orders/{}", order["legs"][place].as_str().expect("an id"));
    assert_eq!(outcome(&line.ask("GET", &path(&order), "").await.json()), "EXECUTED filled 10 1.08000 null");
    assert_eq!(outcome(&line.ask("GET", &leg(0), "").await.json()), "CANCELLED canceled 0 null group");
    assert_eq!(outcome(&line.ask("GET", &leg(1), "").await.json()), "EXECUTED filled 10 1.07000 null");
}

#[tokio::test]
async fn each_change_of_a_group_has_a_number_and_is_told_again_as_it_was_told_live() {
    const CHANNELS: &str = "?format=json&channels=orders,instruments";
    let venue = at_once();
    let mut live = venue.subscribe(CHANNELS).await;
    let order = place(&venue, BRACKET).await;
    let quote = r#"{"bid": "1.07", "ask": "1.071"}"#;
    Request::new("PUT", "/market/EURUSD").body(quote).send(venue.addr).await;
    let mut frames = Vec::new();
    for _ in 0..11 {
        frames.push(live.json().await);
    }
    let legs = legs(&venue, &order).await;
    let names = [(&order, "order"), (&legs[0], "profit"), (&legs[1], "loss")];
    let name =
        |frame: &Value| names.iter().find(|(order, _)| order["id"] == frame["order"]["id"]).map(|(_, name)| *name);
    let said = |frame: &Value| format!("{} {}", told(frame, &["number", "event"]), name(frame).unwrap_or("-"));
    let expected = [
        "1 accepted order",
        "2 held profit",
        "3 held loss",
        "4 arrived order",
        "5 quoted -",
        "6 fill order",
        "7 arrived profit",
        "8 arrived loss",
        "9 triggered loss",
        "10 fill loss",
        "11 canceled profit",
    ];
    assert_eq!(frames.iter().map(said).collect::<Vec<_>>(), expected);
    assert_eq!(told(&frames[1]["order"], &["state", "number"]), "held 2");
    let mut late = venue.subscribe(&format!("{CHANNELS}&after=0")).await;
    for frame in frames {
        assert_eq!(late.json().await, frame);
    }
}
