//! Channels: every kept change with its number and its order whole, live and from the past, in memory and durable.

use serde_json::json;
use tradepit::config::Market;
use tradepit_actors::DelayModel;

use crate::support::folder::DataFolder;
use crate::support::rest::{Kept, id};
use crate::support::{Line, Reply, Request, Subscriber, id_of};

use super::*;

const ALL: &str = "?format=json&channels=orders,accounts,instruments";
const LIMIT: &str = r#""stoks": "EURUSD", "type": "limit""#;

fn clients_only() -> Venue {
    own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.market = Market::None;
    })
}

/// Frames up to the one of this number.
async fn heard(subscriber: &mut Subscriber, upto: u64) -> Vec<Value> {
    let mut frames = Vec::new();
    loop {
        let frame = subscriber.json().await;
        let number = frame["number"].as_u64().expect("a number");
        frames.push(frame);
        if number >= upto {
            return frames;
        }
    }
}

/// What a handshake is answered.
async fn handshake(venue: &Venue, query: &str) -> Reply {
    let request = Request::new("GET", &format!("/ws{query}")).header("Connection", "Upgrade");
    let request = request.header("Upgrade", "websocket").header("Sec-WebSocket-Version", "13");
    request.header("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==").send(venue.addr).await
}

fn events(frames: &[Value]) -> Vec<String> {
    frames.iter().map(|frame| told(frame, &["number", "event"])).collect()
}

#[tokio::test]
async fn a_native_order_is_accepted_arrives_and_fills_each_told_with_the_order_as_it_was_then() {
    let venue = at_once();
    let mut subscriber = venue.subscribe(ALL).await;
    let order = place(&venue, r#""stoks": "NEW-ONE", "quantity": 5"#).await;
    let frames = heard(&mut subscriber, 4).await;
    assert_eq!(events(&frames), ["1 listed", "2 accepted", "3 arrived", "4 fill"]);
    assert_eq!(frames[0]["channel"], "instruments");
    assert_eq!(frames[0]["instrument"], venue.get("/instruments/NEW-ONE").await.json());
    assert_eq!((&frames[1]["order"], &frames[1]["fill"]), (&order, &Value::Null));
    assert_eq!(told(&frames[2]["order"], &["status", "state", "number", "filled_qty"]), "PENDING new 3 0");
    assert_eq!(frames[2]["order"]["arrived_at"], frames[2]["at"]);
    let now = shown(&venue, &order).await;
    assert_eq!((&frames[3]["order"], &frames[3]["fill"]), (&again(&venue, &order).await, &now["fills"][0]));
    assert_eq!(now["state"], "filled");
}

/// What befalls some orders: how each change is told, in order.
async fn trade(venue: &Venue) -> (u64, Vec<Value>) {
    let mut subscriber = venue.subscribe(ALL).await;
    let sell = place(venue, &format!(r#"{LIMIT}, "side": "sell", "qty": "10", "limit_price": "1.09""#)).await;
    place(venue, &format!(r#"{LIMIT}, "qty": "4", "limit_price": "1.09""#)).await;
    venue.patch(&path(&sell), r#"{"qty": "8", "limit_price": "1.10"}"#).await;
    place(venue, &format!(r#"{LIMIT}, "qty": "1", "limit_price": "1.2""#)).await;
    venue.patch(&path(&sell), r#"{"qty": "7"}"#).await;
    place(venue, &format!(r#"{LIMIT}, "qty": "9", "limit_price": "1.0", "time_in_force": "ioc""#)).await;
    place(venue, &format!(r#"{LIMIT}, "qty": "1", "limit_price": "1.2", "post_only": true"#)).await;
    place(venue, r#""stoks": "NEW-ONE", "quantity": 3"#).await;
    assert_eq!(venue.post("/accounts", r#"{"id": "bot"}"#).await.status, 201);
    assert_eq!(venue.post("/accounts/bot/transfers", r#"{"currency": "USD", "amount": "-5"}"#).await.status, 201);
    place(venue, &format!(r#"{LIMIT}, "qty": "2", "limit_price": "1.12", "account": "bot""#)).await;
    place(venue, r#""stoks": "EURUSD", "side": "sell", "type": "stop", "qty": "1", "stop_price": "1.3""#).await;
    let native = place(venue, r#""stoks": "EURUSD", "side": "sell", "qty": "1""#).await;
    assert_eq!(venue.post(&format!("{}/replace", path(&native)), "{}").await.status, 409);
    let rests = place(venue, &format!(r#"{LIMIT}, "qty": "3", "limit_price": "1.01""#)).await;
    let instead = venue.post(&format!("{}/replace", path(&rests)), r#"{"qty": "2"}"#).await.json();
    let quote = Request::new("PUT", "/market/EURUSD").body(r#"{"bid": "1.2", "ask": "1.3"}"#);
    assert_eq!(quote.send(venue.addr).await.status, 200);
    venue.delete(&path(&sell)).await;
    venue.delete(&path(&instead)).await;
    let last = shown(venue, &instead).await["number"].as_u64().expect("a number");
    (last, heard(&mut subscriber, last).await)
}

#[tokio::test]
async fn changes_have_no_gap_and_the_past_is_told_as_it_was_told_live() {
    let venue = clients_only();
    let (last, live) = trade(&venue).await;
    let numbers: Vec<u64> = live.iter().map(|frame| frame["number"].as_u64().expect("a number")).collect();
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>());
    let names = live.iter().map(|frame| told(frame, &["event"])).collect::<Vec<_>>();
    for name in [
        "accepted",
        "arrived",
        "fill",
        "amended",
        "triggered",
        "canceled",
        "rejected",
        "replaced",
        "listed",
        "quoted",
        "opened",
        "transferred",
    ] {
        assert!(names.iter().any(|other| other == name), "{name} in {names:?}");
    }
    for after in 0..=last {
        let mut late = venue.subscribe(&format!("{ALL}&after={after}")).await;
        if after < last {
            assert_eq!(heard(&mut late, last).await, live[after as usize..], "after {after}");
        }
    }
    let too_new = handshake(&venue, &format!("{ALL}&after={}", last + 1)).await;
    assert_eq!((too_new.status, &too_new.json()["detail"][0]["type"]), (422, &json!("less_than_equal")));
}

#[tokio::test]
async fn a_subscriber_is_told_of_what_it_asks_for_and_of_nothing_else() {
    let venue = clients_only();
    let (mut euros, mut listings) = (
        venue.subscribe("?format=json&channels=orders&symbols=EURUSD,GBPUSD&account=default").await,
        venue.subscribe("?format=json&channels=instruments").await,
    );
    place(&venue, r#""stoks": "USDJPY", "quantity": 3"#).await;
    let euro = place(&venue, r#""stoks": "EURUSD", "quantity": 3"#).await;
    place(&venue, r#""stoks": "LISTED-NOW", "quantity": 3"#).await;
    assert_eq!(euros.json().await["order"]["id"], id(&euro));
    let listed = listings.json().await;
    assert_eq!((&listed["channel"], &listed["instrument"]["symbol"]), (&json!("instruments"), &json!("LISTED-NOW")));
}

#[tokio::test]
async fn accounts_are_told_as_they_are_opened_and_paid_into() {
    let venue = clients_only();
    let mut accounts = venue.subscribe("?format=json&channels=accounts").await;
    let mut of_bot = venue.subscribe("?format=json&channels=orders,accounts&account=default").await;
    let opened = venue.post("/accounts", r#"{"id": "bot", "cash": {"EUR": "2.5"}, "leverage": 2}"#).await.json();
    let paid = venue.post("/accounts/bot/transfers", r#"{"currency": "USD", "amount": "7"}"#).await.json();
    let frame = accounts.json().await;
    assert_eq!(events(std::slice::from_ref(&frame)), ["1 opened"]);
    for (name, value) in frame["account"].as_object().expect("an object") {
        assert_eq!(*value, opened[name], "{name}");
    }
    assert_eq!(frame["account"]["cash"], json!({"EUR": "2.5"}));
    let frame = accounts.json().await;
    assert_eq!(
        told(&frame, &["channel", "number", "at", "event"]),
        format!("accounts 2 {} transferred", told(&paid, &["at"]))
    );
    assert_eq!(frame["transfer"], json!({"account": "bot", "currency": "USD", "amount": "7"}));
    venue.post("/accounts/default/transfers", r#"{"currency": "USD", "amount": "1"}"#).await;
    let frame = of_bot.json().await;
    assert_eq!((&frame["transfer"]["account"], &frame["number"]), (&json!("default"), &json!(3)), "and of no other");
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_refused_before_the_upgrade() {
    let venue = at_once();
    for (query, kinds) in [
        ("?format=json&channels=orders,prints", "unknown_channel"),
        ("?channels=orders", "channels_need_json"),
        ("?format=json&channels=&account=nobody&after=x", "unknown_channel unknown_account int_parsing"),
        ("?format=json&channels=orders&since=1&stoks=A", "beside_channels beside_channels"),
    ] {
        let reply = handshake(&venue, query).await;
        let detail = reply.json()["detail"].as_array().expect("a list").clone();
        let types = detail.iter().map(|flaw| told(flaw, &["type"])).collect::<Vec<_>>().join(" ");
        assert_eq!((reply.status, &*types), (422, kinds), "{query}");
    }
    assert_eq!(handshake(&venue, "?format=json&channels=orders&symbols=NOBODY").await.status, 404);
}

#[tokio::test]
async fn who_asks_for_more_than_is_held_is_told_so_and_of_every_open_order() {
    let venue = own_venue(|config| {
        config.venue.history = 2;
        config.venue.delay = DelayModel::Fixed { us: 3_600_000_000 };
    });
    let mut open = Vec::new();
    for _ in 0..6 {
        open.push(venue.place("EURUSD", 7).await);
    }
    let mut late = venue.subscribe(&format!("{ALL}&after=1")).await;
    assert_eq!(late.json().await, json!({"channel": "lagged", "oldest": 5, "number": 6}));
    for order in &open {
        let frame = late.json().await;
        assert_eq!((&frame["channel"], &frame["event"], &frame["order"]), (&json!("orders"), &Value::Null, order));
    }
    venue.delete(&path(&open[0])).await;
    assert_eq!(events(&[late.json().await]), ["7 canceled"]);
}

#[tokio::test]
async fn a_data_folder_tells_all_of_it_after_a_kill_as_it_was_told() {
    let folder = DataFolder::new();
    let flags = ["--delay", "none", "--market", "none", "--history", "4"];
    let (server, addr) = folder.serve(&flags).await;
    let mut live = Subscriber::connect(addr, ALL).await;
    let mut line = Kept::open(addr).await;
    let limit = |side: &str, quantity: u64, price: &str| {
        let terms = format!(r#""type": "limit", "limit_price": "{price}""#);
        format!(r#"{{"stoks": "EURUSD", "quantity": {quantity}, "side": "{side}", {terms}}}"#)
    };
    let sell = line.ask("POST", "/orders", &limit("sell", 10, "1.09")).await.json();
    let mut last = 0;
    for round in 0..20 {
        line.ask("POST", "/orders", r#"{"stoks": "USDJPY", "quantity": 3}"#).await;
        line.ask("PATCH", &path(&sell), &format!(r#"{{"quantity": {}}}"#, 40 + round % 3)).await;
        let buy = line.ask("POST", "/orders", &limit("buy", 1, "1.1")).await.json();
        last = line.ask("GET", &path(&buy), "").await.json()["number"].as_u64().expect("a number");
    }
    // Both parts of the last trade: the maker's comes second.
    let live = heard(&mut live, last + 1).await;
    server.killed().await;
    folder.check().await;
    let (_server, addr) = folder.serve(&flags).await;
    for after in [0, 1, 7, 50, last] {
        let mut late = Subscriber::connect(addr, &format!("{ALL}&after={after}")).await;
        let told = heard(&mut late, last + 1).await;
        assert_eq!(told, live[after as usize..], "after {after}");
    }
    let mut late = Subscriber::connect(addr, &format!("{ALL}&after=0")).await;
    heard(&mut late, last + 1).await;
    let next = id_of(&Line::open(addr).await.place("EURUSD").await);
    assert_eq!(late.json().await["order"]["id"], next);
}
