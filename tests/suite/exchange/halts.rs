//! `POST /instruments` and `PATCH /instruments/{symbol}`: what is listed, halted, closed, opened, and costs.

use serde_json::json;
use tradepit::config::Market;

use crate::support::folder::DataFolder;
use crate::support::rest::{Kept, assert_detail, flaw_places, flaws, path};
use crate::support::{Reply, Request};

use super::*;

const ACME: &str = r#"{"symbol": "ACME/X", "class": "crypto", "quote": "USD", "tick": "0.05", "lot": 0.5,
    "reference_price": "12.50"}"#;

async fn change(venue: &Venue, symbol: &str, fields: &str) -> Reply {
    Request::new("PATCH", &format!("/instruments/{symbol}")).body(fields).send(venue.addr).await
}

async fn change_to(venue: &Venue, symbol: &str, status: &str) -> Value {
    let reply = change(venue, symbol, &format!(r#"{{"status": "{status}"}}"#)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

/// The places of these fields in a body, sorted.
fn places(fields: &[&str]) -> Vec<String> {
    let mut places: Vec<String> = fields.iter().map(|field| format!("body.{field}")).collect();
    places.sort();
    places
}

/// A venue of clients alone, at which orders arrive as soon as they are accepted.
fn clients_alone() -> Venue {
    own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.market = Market::None;
    })
}

fn limit(side: &str, qty: &str, price: &str) -> String {
    format!(r#""stoks": "EURUSD", "side": "{side}", "qty": "{qty}", "type": "limit", "limit_price": "{price}""#)
}

#[tokio::test]
async fn an_instrument_is_listed_with_what_it_asks_for_and_traded_from_then_on() {
    let venue = own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.max_instruments = std::num::NonZeroUsize::new(31).expect("it is more");
    });
    let reply = venue.post("/instruments", ACME).await;
    assert_eq!((reply.status, reply.header("content-type")), (201, Some("application/json")));
    let listed = json!({
        "symbol": "ACME/X", "class": "crypto", "base": "ACME", "quote": "USD", "tick": "0.05", "lot": "0.5",
        "min_quantity": "0.5", "max_quantity": "1000000000", "reference_price": "12.50", "maker_fee": "0",
        "taker_fee": "0", "short": true, "hours": "always", "status": "open",
    });
    assert_eq!(reply.json(), listed);
    assert_eq!(venue.get("/instruments/ACME/X").await.json(), listed);
    let bought = arrive(&venue, r#""stoks": "ACME/X", "qty": "2.5""#).await;
    assert_eq!(outcome(&bought), "EXECUTED filled 2.5 12.55 null");
    let known = venue.post("/instruments/", ACME).await;
    assert_eq!((known.status, &known.json()["code"]), (409, &json!("instrument_exists")));
    let more = venue.post("/instruments", &ACME.replace("ACME", "MORE")).await;
    assert_detail(&more, 503, "There are as many instruments as may be");
}

#[tokio::test]
async fn all_that_is_wrong_with_a_listing_is_told_at_once() {
    let venue = at_once();
    let none = venue.post("/instruments", "{}").await;
    let needed = ["symbol", "class", "quote", "tick", "lot", "reference_price"];
    assert_eq!(flaw_places(&none), places(&needed));
    let wrong = r#"{"symbol": "A B", "class": "share", "quote": "", "tick": "0.03", "lot": "0.3",
        "reference_price": "1", "min_quantity": 0, "maker_fee": "-0.1", "taker_fee": 2, "short": 1, "hours": "day"}"#;
    let all = [
        "symbol",
        "class",
        "quote",
        "min_quantity",
        "maker_fee",
        "taker_fee",
        "short",
        "hours",
        "lot",
        "reference_price",
    ];
    assert_eq!(flaw_places(&venue.post("/instruments", wrong).await), places(&all));
    // What could not be read is not also what something else does not agree with.
    let half = r#"{"symbol": "A", "class": "equity", "quote": "USD", "tick": "x", "lot": 1, "reference_price": "1.234",
        "max_quantity": "1.5"}"#;
    assert_eq!(flaw_places(&venue.post("/instruments", half).await), places(&["tick", "max_quantity"]));
    let fine = r#"{"symbol": "A", "class": "equity", "quote": "USD", "tick": "0.000000001", "lot": "0.0001",
        "reference_price": "1"}"#;
    assert_eq!(flaw_places(&venue.post("/instruments", fine).await), places(&["lot"]));
    assert_eq!(venue.get("/instruments/A").await.status, 404);
}

#[tokio::test]
async fn only_status_fees_and_short_change_and_what_is_so_already_is_no_change() {
    let venue = clients_alone();
    arrive(&venue, &limit("sell", "10", "1")).await;
    let fees = r#"{"maker_fee": "0.001", "taker_fee": 0.002, "short": false}"#;
    let changed = change(&venue, "EURUSD", fees).await;
    assert_eq!(changed.status, 200);
    assert_eq!(
        told(&changed.json(), &["maker_fee", "taker_fee", "short", "status", "tick"]),
        "0.001 0.002 false open 0.00001"
    );
    assert_eq!(change(&venue, "EURUSD", fees).await.body, changed.body);
    let order = place(&venue, &limit("buy", "10", "1")).await;
    // Two changes of the order that rests, one of the instrument.
    assert_eq!(told(&order, &["number"]), "4");
    assert_eq!(venue.get("/accounts/fees").await.json()["cash"], json!({"USD": "0.03"}));
    let refused = change(&venue, "EURUSD", r#"{"status": "shut", "maker_fee": 1.1, "tick": 1, "hours": "nyse"}"#).await;
    assert_eq!(flaw_places(&refused), places(&["status", "maker_fee", "tick", "hours"]));
    assert_eq!(flaws(&refused)[2].kind, "fixed");
    assert_eq!(change(&venue, "EURUSD", "[]").await.status, 422);
    assert_detail(&change(&venue, "NOBODY", "{}").await, 404, "Instrument not found");
    let short = venue.post("/orders", &format!("{{{}}}", limit("sell", "1", "2"))).await;
    assert_eq!((short.status, &short.json()["code"]), (403, &json!("short_not_allowed")));
}

#[tokio::test]
async fn while_it_is_halted_what_comes_waits_and_once_it_is_open_acts_in_its_order() {
    let venue = clients_alone();
    let resting = arrive(&venue, &limit("sell", "5", "1.09")).await;
    let low = arrive(&venue, &limit("buy", "1", "1")).await;
    assert_eq!(change_to(&venue, "EURUSD", "halted").await["status"], "halted");
    let first = arrive(&venue, &limit("buy", "4", "1.1")).await;
    let second = arrive(&venue, &limit("buy", "4", "1.1")).await;
    assert_eq!(told(&first, &["status", "state", "arrived_at"]), "PENDING accepted null");
    let at_once = arrive(&venue, &format!(r#"{}, "time_in_force": "ioc""#, limit("buy", "4", "1.1"))).await;
    assert_eq!(outcome(&at_once), "CANCELLED canceled 0 null not_trading");
    let native = arrive(&venue, r#""stoks": "EURUSD", "quantity": 3"#).await;
    assert_eq!(outcome(&native), "EXECUTED filled 3 1.04500 null", "the mark is the middle of clients");
    let amended = Request::new("PATCH", &path(&low)).body(r#"{"limit_price": "1.2"}"#).send(venue.addr).await;
    assert_eq!(told(&amended.json(), &["state", "limit_price", "arrived_at"]), "accepted 1.20000 null");
    let book = venue.get("/book/EURUSD").await.json();
    assert_eq!((&book["bids"], &book["asks"]), (&json!([]), &json!([["1.09000", "5"]])));
    assert_eq!(venue.delete(&path(&second)).await.status, 204);
    change_to(&venue, "EURUSD", "open").await;
    assert_eq!(outcome(&again(&venue, &first).await), "EXECUTED filled 4 1.09000 null");
    assert_eq!(outcome(&again(&venue, &low).await), "EXECUTED filled 1 1.09000 null");
    assert_eq!(outcome(&again(&venue, &resting).await), "EXECUTED filled 5 1.09000 null");
    assert_eq!(outcome(&again(&venue, &second).await), "CANCELLED canceled 0 null client");
}

#[tokio::test]
async fn closed_it_takes_no_order_but_native_ones_and_a_quote_by_hand_is_not_shown_before_it_opens() {
    let venue = at_once();
    let resting = arrive(&venue, &limit("buy", "5", "1.08")).await;
    change_to(&venue, "EURUSD", "closed").await;
    let refused = venue.post("/orders", &format!("{{{}}}", limit("buy", "1", "1.08"))).await;
    let error = json!({"detail": "The instrument is closed: it takes no orders", "code": "instrument_closed"});
    assert_eq!((refused.status, refused.json()), (403, error.clone()));
    let replaced = venue.post(&format!("{}/replace", path(&resting)), r#"{"limit_price": "1.07"}"#).await;
    assert_eq!((replaced.status, replaced.json()), (403, error));
    let native = arrive(&venue, r#""stoks": "EURUSD", "quantity": 7"#).await;
    assert_eq!(outcome(&native), "EXECUTED filled 7 1.08500 null", "nothing has traded, and one side offers nothing");
    let quote = Request::new("PUT", "/market/EURUSD").body(r#"{"bid": "1.07", "ask": "1.075"}"#);
    let quote = quote.send(venue.addr).await;
    assert_eq!(told(&quote.json(), &["bid", "ask"]), "1.08000 null");
    change_to(&venue, "EURUSD", "open").await;
    assert_eq!(outcome(&again(&venue, &resting).await), "EXECUTED filled 5 1.08000 null");
    assert_eq!(told(&venue.get("/quotes/EURUSD").await.json(), &["bid", "ask"]), "1.07000 1.07500");
}

#[tokio::test]
async fn old_subscribers_hear_nothing_of_instruments() {
    let venue = at_once();
    let mut subscriber = venue.subscribe("").await;
    assert_eq!(venue.post("/instruments", ACME).await.status, 201);
    change_to(&venue, "EURUSD", "halted").await;
    change_to(&venue, "EURUSD", "open").await;
    let order = place(&venue, r#""stoks": "EURUSD", "quantity": 1"#).await;
    assert_eq!(subscriber.text().await, format!("{} is PENDING", told(&order, &["id"])));
}

#[tokio::test]
async fn what_is_halted_changed_and_waits_is_so_after_a_kill() {
    let folder = DataFolder::new();
    let flags = ["--delay", "none", "--market", "none"];
    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    assert_eq!(line.ask("POST", "/instruments", ACME).await.status, 201);
    let halted = r#"{"status": "halted", "taker_fee": "0.01"}"#;
    let listed = line.ask("PATCH", "/instruments/ACME/X", halted).await.json();
    let order = |side: &str| {
        format!(r#"{{"stoks": "ACME/X", "side": "{side}", "qty": 2, "type": "limit", "limit_price": "12.50"}}"#)
    };
    let buy = line.ask("POST", "/orders", &order("buy")).await.json();
    server.killed().await;
    folder.check().await;
    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    assert_eq!(line.ask("GET", "/instruments/ACME/X", "").await.json(), listed);
    let sell = line.ask("POST", "/orders", &order("sell")).await.json();
    let wait = line.ask("GET", &path(&buy), "").await.json();
    assert_eq!(outcome(&wait), "PENDING accepted 0 null null");
    server.signal("TERM");
    server.ended().await;
    folder.check().await;
    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    let opened = line.ask("PATCH", "/instruments/ACME/X", r#"{"status": "open"}"#).await.json();
    assert_eq!(told(&opened, &["status", "taker_fee"]), "open 0.01");
    for order in [&buy, &sell] {
        let filled = line.ask("GET", &path(order), "").await.json();
        assert_eq!(outcome(&filled), "EXECUTED filled 2 12.50 null");
    }
    assert_eq!(line.ask("GET", "/accounts/fees", "").await.json()["cash"], json!({"USD": "0.25"}));
    server.signal("TERM");
    server.ended().await;
    folder.check().await;
}

#[tokio::test]
async fn equities_have_the_hours_that_are_said() {
    let venue = own_venue(|config| config.venue.hours = tradepit::config::EquityHours::Nyse);
    let hours = async |symbol: &str| told(&venue.get(&format!("/instruments/{symbol}")).await.json(), &["hours"]);
    assert_eq!((hours("AAPL").await, hours("EURUSD").await), ("nyse".to_owned(), "always".to_owned()));
    place(&venue, r#""stoks": "NOBODY", "quantity": 1"#).await;
    assert_eq!(hours("NOBODY").await, "nyse");
    let share = |symbol: &str, more: &str| {
        let steps = r#""tick": 1, "lot": 1, "reference_price": 5"#;
        format!(r#"{{"symbol": "{symbol}", "class": "equity", "quote": "USD", {steps}{more}}}"#)
    };
    assert_eq!(told(&venue.post("/instruments", &share("A", "")).await.json(), &["hours"]), "nyse");
    let always = venue.post("/instruments", &share("B", r#", "hours": "always""#)).await;
    assert_eq!(told(&always.json(), &["hours"]), "always");
}
