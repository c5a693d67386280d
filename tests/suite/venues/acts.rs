//! What is made to happen to an order by hand: `POST /orders/{id}/acts`.

use serde_json::{Value, json};
use tradepit_actors::DelayModel;

use super::make;
use crate::support::folder::DataFolder;
use crate::support::rest::{Kept, flaws, id, path};
use crate::support::{Reply, Request, Venue, own_venue};

/// A server whose orders arrive in an hour, where no price moves by itself.
fn in_an_hour() -> Venue {
    own_venue(|config| config.venue.delay = DelayModel::Fixed { us: 3_600_000_000 })
}

async fn place(venue: &Venue, body: Value) -> Value {
    let reply = venue.post("/orders", &body.to_string()).await;
    assert_eq!(reply.status, 200, "{body}: {reply:?}");
    reply.json()
}

async fn ask(venue: &Venue, order: &Value, act: &Value) -> Reply {
    venue.post(&format!("{}/acts", path(order)), &act.to_string()).await
}

/// The order as the act's reply tells it, which is as it is shown.
async fn act(venue: &Venue, order: &Value, act: Value) -> Value {
    let reply = ask(venue, order, &act).await;
    assert_eq!(reply.status, 200, "{act}: {reply:?}");
    assert_eq!(reply.json(), venue.get(&path(order)).await.json(), "{act}");
    reply.json()
}

/// A limit order that rests.
async fn resting(venue: &Venue, side: &str, qty: &str, price: &str) -> Value {
    let body = json!({"stoks": "EURUSD", "side": side, "qty": qty, "type": "limit", "limit_price": price});
    let order = place(venue, body).await;
    act(venue, &order, json!({"act": "arrive"})).await
}

fn state(order: &Value) -> [&str; 3] {
    ["status", "state", "reason"].map(|field| order[field].as_str().unwrap_or("-"))
}

#[tokio::test]
async fn a_native_order_arrives_by_hand_and_executes_whole() {
    let venue = in_an_hour();
    let mut subscriber = venue.subscribe("").await;
    let order = venue.place("EURUSD", 7).await;
    let executed = act(&venue, &order, json!({"act": "arrive"})).await;
    assert_eq!(state(&executed), ["EXECUTED", "filled", "-"]);
    assert_eq!((&executed["filled_qty"], &executed["average_price"]), (&json!("7"), &json!("1.08501")));
    assert_eq!((&executed["seq"], &executed["due_at"]), (&json!(2), &executed["closed_at"]), "not early");
    assert_eq!(subscriber.text().await, format!("{} is PENDING", id(&order)));
    assert_eq!(subscriber.text().await, format!("{} is EXECUTED", id(&order)));
    assert_eq!(venue.get("/accounts/default/positions/EURUSD").await.json()["qty"], "7");
}

#[tokio::test]
async fn an_order_that_is_held_waits_until_it_is_released() {
    let server = own_venue(|_| {});
    let (venue, _) = make(&server, json!({"clock": "frozen", "delay": "1s"})).await;
    let mut subscriber = venue.subscribe("?format=json&channels=orders").await;
    let order = venue.place("EURUSD", 1).await;
    let held = act(&venue, &order, json!({"act": "hold"})).await;
    assert_eq!((state(&held), &held["due_at"]), (["PENDING", "accepted", "-"], &Value::Null));
    let again = act(&venue, &order, json!({"act": "hold"})).await;
    assert_eq!(again, held, "it is held already");
    assert_eq!(venue.get("/clock").await.json()["next"], Value::Null, "nothing happens by itself");
    assert_eq!(venue.post("/clock/advance", r#"{"by": "3650d"}"#).await.status, 200);
    assert_eq!(venue.get(&path(&order)).await.json(), held);
    let released = act(&venue, &order, json!({"act": "release"})).await;
    assert_eq!(state(&released), ["EXECUTED", "filled", "-"]);
    let mut told = Vec::new();
    for number in 1..=5 {
        let frame = subscriber.json().await;
        assert_eq!(frame["number"], number);
        told.push((frame["event"].clone(), frame["order"]["due_at"].is_null()));
    }
    let expected = [("accepted", false), ("held", true), ("released", false), ("arrived", false), ("fill", false)];
    assert_eq!(told, expected.map(|(event, is_null)| (json!(event), is_null)));
}

#[tokio::test]
async fn an_order_that_rests_is_filled_in_parts_at_the_price_that_is_said() {
    let venue = in_an_hour();
    let order = resting(&venue, "buy", "100", "1.08400").await;
    assert_eq!(state(&order), ["PENDING", "new", "-"]);
    let part = act(&venue, &order, json!({"act": "fill", "qty": "40", "price": "1.08350"})).await;
    assert_eq!((state(&part), &part["filled_qty"]), (["PENDING", "partially_filled", "-"], &json!("40")));
    assert_eq!((&part["average_price"], &part["fills"][0]["liquidity"]), (&json!("1.08350"), &json!("maker")));
    let book = venue.get("/book/EURUSD?depth=1").await.json();
    assert_eq!(book["bids"][0][0], json!("1.08499"), "the house's is better, and stays");
    // All that is left, at its limit.
    let whole = act(&venue, &order, json!({"act": "fill"})).await;
    assert_eq!((state(&whole), &whole["filled_qty"]), (["EXECUTED", "filled", "-"], &json!("100")));
    assert_eq!(whole["average_price"], json!("1.08380"));
    let position = venue.get("/accounts/default/positions/EURUSD").await.json();
    assert_eq!((&position["qty"], &position["cost"]), (&json!("100"), &json!("108.38")));
    let of_house = venue.get("/accounts/house/positions/EURUSD").await.json();
    assert_eq!((&of_house["qty"], &of_house["cost"]), (&json!("-100"), &json!("-108.38")));
    assert_eq!(venue.get("/quotes/EURUSD").await.json()["last"], json!("1.08400"));
}

#[tokio::test]
async fn an_order_that_is_rejected_says_why() {
    let venue = in_an_hour();
    let mut subscriber = venue.subscribe("?format=json").await;
    for (body, text) in [
        (json!({"stoks": "EURUSD", "quantity": 1}), json!("insufficient margin")),
        (json!({"stoks": "EURUSD", "qty": "1", "side": "sell"}), json!("\"so\" – 遅い")),
        (json!({"stoks": "EURUSD", "qty": "2", "side": "sell"}), Value::Null),
    ] {
        let order = place(&venue, body).await;
        assert_eq!(order["reason_text"], Value::Null);
        let rejected = act(&venue, &order, json!({"act": "reject", "reason_text": text})).await;
        assert_eq!((state(&rejected), &rejected["reason_text"]), (["CANCELLED", "rejected", "script"], &text));
        assert_eq!(subscriber.json().await["status"], "PENDING");
        assert_eq!(subscriber.json().await["status"], "CANCELLED");
        let listed = venue.get("/orders?state=rejected&limit=1&order=desc").await.json();
        assert_eq!(listed[id(&order)]["reason_text"], text);
    }
}

#[tokio::test]
async fn an_order_ends_by_hand_wherever_it_stands_and_its_group_with_it() {
    let venue = in_an_hour();
    let native = venue.place("EURUSD", 3).await;
    let cancelled = act(&venue, &native, json!({"act": "cancel"})).await;
    assert_eq!(state(&cancelled), ["CANCELLED", "canceled", "script"]);
    let rests = resting(&venue, "sell", "5", "1.10000").await;
    act(&venue, &rests, json!({"act": "fill", "qty": "2"})).await;
    let expired = act(&venue, &rests, json!({"act": "expire"})).await;
    assert_eq!((state(&expired), &expired["filled_qty"]), (["CANCELLED", "expired", "-"], &json!("2")));
    let body = json!({"stoks": "EURUSD", "side": "sell", "qty": "10", "order_class": "oco",
        "take_profit": {"limit_price": "1.09500"}, "stop_loss": {"stop_price": "1.08000"}});
    let oco = place(&venue, body).await;
    act(&venue, &oco, json!({"act": "arrive"})).await;
    let leg = json!({"id": oco["legs"][0]});
    // What the one is filled by hand the other loses.
    act(&venue, &oco, json!({"act": "fill", "qty": "4"})).await;
    assert_eq!(venue.get(&path(&leg)).await.json()["qty"], json!("6"));
    act(&venue, &leg, json!({"act": "cancel"})).await;
    assert_eq!(state(&venue.get(&path(&oco)).await.json()), ["CANCELLED", "canceled", "group"]);
}

#[tokio::test]
async fn what_the_state_of_an_order_does_not_allow_is_refused() {
    let venue = in_an_hour();
    let on_its_way = venue.place("EURUSD", 1).await;
    let rests = resting(&venue, "buy", "10", "1.08000").await;
    let stop = json!({"stoks": "EURUSD", "qty": "1", "type": "stop", "stop_price": "1.09000"});
    let stop = place(&venue, stop).await;
    act(&venue, &stop, json!({"act": "arrive"})).await;
    let body = json!({"stoks": "EURUSD", "qty": "10", "order_class": "oto", "take_profit": {"limit_price": "1.09500"}});
    let parent = place(&venue, body).await;
    let leg = json!({"id": parent["legs"][0]});
    let closed = venue.place("EURUSD", 1).await;
    act(&venue, &closed, json!({"act": "cancel"})).await;
    for (order, name, code) in [
        (&on_its_way, "fill", "not_arrived"),
        (&on_its_way, "release", "not_on_hold"),
        (&rests, "reject", "has_arrived"),
        (&rests, "arrive", "has_arrived"),
        (&rests, "hold", "has_arrived"),
        (&rests, "release", "has_arrived"),
        (&stop, "fill", "waits_for_price"),
        (&leg, "fill", "waits_for_parent"),
        (&leg, "arrive", "waits_for_parent"),
        (&closed, "arrive", "order_closed"),
        (&closed, "cancel", "order_closed"),
    ] {
        let before = venue.get(&path(order)).await.json();
        let reply = ask(&venue, order, &json!({"act": name})).await;
        assert_eq!((reply.status, &reply.json()["code"]), (409, &json!(code)), "{name}: {reply:?}");
        assert_eq!(venue.get(&path(order)).await.json(), before, "{name}");
    }
    let halted = venue.ask("PATCH", "/instruments/EURUSD").body(r#"{"status": "halted"}"#).send(venue.addr).await;
    assert_eq!(halted.status, 200);
    let reply = ask(&venue, &rests, &json!({"act": "fill"})).await;
    assert_eq!((reply.status, &reply.json()["code"]), (409, &json!("not_trading")));
    // What arrives now waits for trading; a native order does not.
    let waits = resting(&venue, "buy", "1", "1.08000").await;
    assert_eq!((state(&waits), &waits["arrived_at"]), (["PENDING", "accepted", "-"], &Value::Null));
    let reply = ask(&venue, &waits, &json!({"act": "hold"})).await;
    assert_eq!((reply.status, &reply.json()["code"]), (409, &json!("has_arrived")));
    let executed = act(&venue, &on_its_way, json!({"act": "arrive"})).await;
    assert_eq!(state(&executed), ["EXECUTED", "filled", "-"]);
}

#[tokio::test]
async fn what_is_wrong_with_an_act_is_told_at_its_place_all_at_once() {
    let venue = in_an_hour();
    let order = resting(&venue, "buy", "10", "1.08000").await;
    for (body, expected) in [
        (json!({}), &[("act", "missing")][..]),
        (json!({"act": "trade"}), &[("act", "enum")]),
        (json!({"act": "fill", "qty": "11"}), &[("qty", "quantity_left")]),
        (json!({"act": "fill", "qty": "0.5"}), &[("qty", "quantity_lot")]),
        (json!({"act": "fill", "qty": 0, "price": "x"}), &[("qty", "greater_than"), ("price", "decimal_parsing")]),
        (json!({"act": "fill", "price": "1.08001"}), &[("price", "price_beyond")]),
        (json!({"act": "fill", "price": "1.079995"}), &[("price", "price_tick")]),
        (json!({"act": "fill", "qty": 11, "price": 200}), &[("qty", "quantity_left"), ("price", "price_range")]),
        (json!({"act": "cancel", "qty": 1, "price": 1}), &[("qty", "act_conflict"), ("price", "act_conflict")]),
        (json!({"act": "expire", "reason_text": "so"}), &[("reason_text", "act_conflict")]),
        (json!({"act": "reject", "reason_text": ""}), &[("reason_text", "string_too_short")]),
        (json!({"act": "reject", "reason_text": "a\nb"}), &[("reason_text", "string_pattern_mismatch")]),
        (json!({"act": "reject", "reason_text": "x".repeat(256)}), &[("reason_text", "string_too_long")]),
    ] {
        let reply = ask(&venue, &order, &body).await;
        let told: Vec<(String, String)> = flaws(&reply).iter().map(|flaw| (flaw.place(), flaw.kind.clone())).collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(field, kind)| (format!("body.{field}"), (*kind).to_owned())).collect();
        assert_eq!(told, expected, "{body}");
    }
    assert_eq!(venue.get(&path(&order)).await.json(), order, "nothing was done");
    for unknown in [json!({"id": "x"}), json!({"id": "1d70aeaa-658c-4799-819f-79c436d2dd18"})] {
        let reply = ask(&venue, &unknown, &json!({"act": "arrive"})).await;
        assert_eq!((reply.status, reply.json()), (404, json!({"detail": "Order not found"})));
    }
}

#[tokio::test]
async fn examples_of_the_document_are_taken() {
    let venue = in_an_hour();
    let document = venue.get("/openapi.json").await.json();
    let content = &document["paths"]["/orders/{id}/acts"]["post"]["requestBody"]["content"]["application/json"];
    let examples = content["examples"].as_object().expect("examples");
    assert_eq!(examples.len(), 7, "one for each act");
    for (name, example) in examples {
        let order = match name.as_str() {
            "fill" => resting(&venue, "buy", "50", "1.08495").await,
            _ => venue.place("EURUSD", 1).await,
        };
        if name == "release" {
            act(&venue, &order, json!({"act": "hold"})).await;
        }
        act(&venue, &order, example["value"].clone()).await;
    }
}

#[tokio::test]
async fn acts_are_a_control_of_every_venue() {
    let server = in_an_hour();
    let (venue, _) = make(&server, json!({"name": "t", "delay": "1h"})).await;
    let order = venue.place("EURUSD", 1).await;
    let acts = format!("{}/acts", path(&order));
    let foreign = Request::new("POST", &format!("/venues/t{acts}")).header("Origin", "http://evil.example");
    assert_eq!(foreign.body(r#"{"act": "arrive"}"#).send(server.addr).await.status, 403);
    assert_eq!(server.post(&acts, r#"{"act": "arrive"}"#).await.status, 404, "it is another venue's");
    let get = venue.get(&acts).await;
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
    assert_eq!(state(&venue.get(&path(&order)).await.json())[0], "PENDING");
    assert_eq!(state(&act(&venue, &order, json!({"act": "arrive"})).await)[0], "EXECUTED");
}

#[tokio::test]
async fn a_data_folder_keeps_what_was_made_to_happen() {
    let folder = DataFolder::new();
    let flags = ["--delay", "1h", "--market", "frozen"];
    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    let place = async |line: &mut Kept, body: Value| line.ask("POST", "/orders", &body.to_string()).await.json();
    let act = async |line: &mut Kept, order: &Value, act: Value| {
        let reply = line.ask("POST", &format!("{}/acts", path(order)), &act.to_string()).await;
        assert_eq!(reply.status, 200, "{act}: {reply:?}");
        reply.json()
    };
    let limit = json!({"stoks": "EURUSD", "qty": "9", "type": "limit", "limit_price": "1.08000"});
    let mut orders = Vec::new();
    for (body, acts) in [
        (json!({"stoks": "EURUSD", "quantity": 1}), &[json!({"act": "hold"})][..]),
        (limit.clone(), &[json!({"act": "hold"})]),
        (limit.clone(), &[json!({"act": "hold"}), json!({"act": "release"}), json!({"act": "fill", "qty": 4})]),
        (json!({"stoks": "EURUSD", "quantity": 2}), &[json!({"act": "reject", "reason_text": "no \"margin\""})]),
        (limit.clone(), &[json!({"act": "expire"})]),
        (json!({"stoks": "EURUSD", "quantity": 3}), &[json!({"act": "cancel"})]),
        (json!({"stoks": "EURUSD", "quantity": 4}), &[json!({"act": "hold"}), json!({"act": "arrive"})]),
    ] {
        let mut order = place(&mut line, body).await;
        for one in acts {
            order = act(&mut line, &order, one.clone()).await;
        }
        orders.push(order);
    }
    server.killed().await;
    folder.check().await;

    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    for order in &orders {
        assert_eq!(line.ask("GET", &path(order), "").await.json(), *order);
    }
    // What was held is held, and is released.
    let executed = act(&mut line, &orders[0], json!({"act": "release"})).await;
    assert_eq!(state(&executed), ["EXECUTED", "filled", "-"]);
    let rests = act(&mut line, &orders[1], json!({"act": "arrive"})).await;
    assert_eq!(state(&rests), ["PENDING", "new", "-"]);
    let filled = act(&mut line, &orders[2], json!({"act": "fill"})).await;
    assert_eq!((state(&filled), &filled["filled_qty"]), (["EXECUTED", "filled", "-"], &json!("9")));
    let closed = line.ask("POST", &format!("{}/acts", path(&orders[3])), r#"{"act": "arrive"}"#).await;
    assert_eq!((closed.status, &closed.json()["code"]), (409, &json!("order_closed")));
    server.signal("TERM");
    server.ended().await;
    folder.check().await;
    let exported = folder.tool("export", &["--format", "jsonl"]).await.stdout;
    let statuses = exported.lines().filter(|line| line.contains(id(&orders[0]))).count();
    assert_eq!(statuses, 2, "it was PENDING, and EXECUTED: {exported}");
}
