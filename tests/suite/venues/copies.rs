//! A copy: all that a venue holds at one moment, in a venue of its own.

use serde_json::{Value, json};
use tradepit_actors::DelayModel;

use super::make;
use crate::support::folder::DataFolder;
use crate::support::rest::{Flaw, flaws, id, listed_ids, path};
use crate::support::{Reply, Venue, own_venue, until};

/// A venue that has seen something: orders that wait, rest, were filled and cancelled, some with names and legs.
async fn lived(server: &Venue, name: &str) -> Venue {
    let body = json!({"name": name, "seed": 11, "clock": {"start": "2026-01-05T14:30:00Z"}, "delay": "1s..1h",
        "market": "volatile", "accounts": [{"id": "alice", "cash": {"USD": "1000000"}}]});
    let (venue, _) = make(server, body).await;
    for quantity in 1..40 {
        venue.place("EURUSD", quantity).await;
    }
    live_on(&venue, "a").await;
    venue
}

async fn advance(venue: &Venue, by: &str) {
    let reply = venue.post("/clock/advance", &json!({ "by": by }).to_string()).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

/// An hour in the life of a client, whose names begin so; what it was answered.
async fn live_on(venue: &Venue, names: &str) -> Vec<String> {
    let mut told = Vec::new();
    for body in [
        json!({"stoks": "EURUSD", "quantity": 3}),
        json!({"stoks": names.to_uppercase(), "quantity": 7, "client_order_id": format!("{names}-1")}),
        json!({"stoks": "EURUSD", "qty": "1000", "side": "sell", "type": "limit", "limit_price": "1.50000"}),
        json!({"stoks": "EURUSD", "qty": "900", "side": "buy", "type": "limit", "limit_price": "1.01000"}),
        json!({"stoks": "BTC/USD", "qty": "0.25", "side": "buy", "account": "alice"}),
        json!({"stoks": "BTC/USD", "qty": "0.5", "side": "sell", "type": "stop", "stop_price": "1000"}),
        json!({"stoks": "EURUSD", "qty": "10", "side": "buy", "order_class": "bracket",
            "take_profit": {"limit_price": "1.90000"}, "stop_loss": {"stop_price": "0.50000"}}),
    ] {
        told.push(venue.post("/orders", &body.to_string()).await);
    }
    let again = json!({"place": {"stoks": "EURUSD", "quantity": 1}});
    let batch = venue.ask("POST", "/batch").header("Idempotency-Key", names).body(json!([again]).to_string());
    told.push(batch.send(venue.addr).await);
    told.push(venue.delete(&path(&told[2].json())).await);
    advance(venue, "20m").await;
    told.push(venue.post("/orders", r#"{"stoks": "EURUSD", "quantity": 5}"#).await);
    advance(venue, "40m").await;
    told.into_iter().map(|reply| reply.body).collect()
}

/// All that a venue tells of itself.
async fn told(venue: &Venue) -> Vec<String> {
    let mut told = Vec::new();
    for path in [
        "/orders",
        "/open-orders",
        "/fills",
        "/trades/EURUSD",
        "/bars/EURUSD?timeframe=1m&limit=50",
        "/accounts",
        "/accounts/alice/activities",
        "/accounts/default/positions",
        "/instruments",
        "/quotes",
        "/book/EURUSD",
        "/clock",
    ] {
        let reply = venue.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
        told.push(reply.body);
    }
    let newest = venue.get("/orders").await.json();
    let newest = newest.as_object().expect("orders").values().filter_map(|order| order["seq"].as_u64()).max();
    let mut history = venue.subscribe("?format=json&since=0").await;
    for _ in 0..newest.expect("there are orders") {
        told.push(history.text().await);
    }
    told
}

fn count(reply: &Reply) -> usize {
    listed_ids(reply).len()
}

#[tokio::test]
async fn two_copies_that_are_treated_alike_behave_alike_and_as_the_venue_itself_would() {
    let server = own_venue(|config| config.workers = std::num::NonZeroUsize::new(2));
    let parent = lived(&server, "parent").await;
    let (one, made) = make(&server, json!({"from": "parent", "name": "one"})).await;
    let (other, _) = make(&server, json!({"from": "parent", "name": "other"})).await;
    for (field, value) in [("seed", json!(11)), ("delay", json!("1s..1h")), ("market", json!("volatile"))] {
        assert_eq!(made[field], value, "as there");
    }
    assert_ne!(made["instance"], server.get("/venues/parent").await.json()["instance"], "another venue");
    let before = told(&parent).await;
    assert_eq!((told(&one).await, told(&other).await), (before.clone(), before.clone()));
    let answers = live_on(&one, "b").await;
    assert_eq!(live_on(&other, "b").await, answers, "ids, delays, prices");
    assert_eq!(told(&other).await, told(&one).await);
    assert_eq!(told(&parent).await, before, "of all that the parent sees nothing");
    assert_eq!(live_on(&parent, "b").await, answers, "and goes on as they did");
    assert_eq!(told(&parent).await, told(&one).await);
    assert_ne!(told(&parent).await, before);
}

#[tokio::test]
async fn a_frozen_copy_is_a_snapshot_of_which_others_are_made_whatever_becomes_of_the_first() {
    let server = own_venue(|_| {});
    let parent = lived(&server, "parent").await;
    let (snapshot, _) = make(&server, json!({"from": "parent", "name": "snapshot"})).await;
    let before = told(&snapshot).await;
    let mut hears = snapshot.subscribe("").await;
    live_on(&parent, "b").await;
    assert_eq!(server.delete("/venues/parent").await.status, 204);
    let (copy, _) = make(&server, json!({"from": "snapshot", "name": "copy"})).await;
    assert_eq!((told(&copy).await, told(&snapshot).await), (before.clone(), before.clone()));
    live_on(&copy, "c").await;
    assert_eq!(server.delete("/venues/copy").await.status, 204);
    assert_eq!(told(&snapshot).await, before);
    let own = snapshot.place("EURUSD", 1).await;
    assert_eq!(hears.text().await, format!("{} is PENDING", id(&own)), "nothing of the others came before");
}

#[tokio::test]
async fn what_is_said_of_a_copy_counts_from_then_on() {
    let server = own_venue(|_| {});
    let parent = lived(&server, "parent").await;
    let waits = parent.place("EURUSD", 1).await;
    let listing = json!({"symbol": "ACME", "class": "equity", "quote": "USD", "tick": "0.01", "lot": 1,
        "reference_price": "12.50"});
    let body = json!({"from": "parent", "seed": 12, "delay": "1ms", "long_delay": "2ms", "hours": "nyse", "ttl": "5m",
        "metrics": true, "instruments": [listing], "accounts": [{"id": "bob", "cash": {"USD": "5"}}],
        "clock": {"start": "2026-01-05T15:40:00Z", "speed": 0}});
    let (copy, made) = make(&server, body).await;
    for (field, value) in [("seed", json!(12)), ("delay", json!("1ms")), ("ttl", json!("5m")), ("metrics", json!(true))]
    {
        assert_eq!(made[field], value);
    }
    assert_eq!(made["clock"]["start"], "2026-01-05T15:40:00.000000Z");
    assert_eq!(copy.get("/clock").await.json()["now"], "2026-01-05T15:40:00.000000Z");
    let shown = copy.get(&path(&waits)).await.json();
    assert_eq!(shown["due_at"], waits["due_at"], "what was drawn before stands");
    let is_due = waits["due_at"].as_str() <= Some("2026-01-05T15:40:00.000000Z");
    assert_eq!(shown["status"], if is_due { "EXECUTED" } else { "PENDING" }, "what fell due by then happened");
    assert_eq!(copy.get("/instruments/ACME").await.json()["hours"], "nyse");
    assert_eq!(copy.get("/accounts/bob").await.status, 200);
    let (own, of_parent) = (copy.place("EURUSD", 1).await, parent.place("EURUSD", 1).await);
    assert_eq!(own["due_at"], "2026-01-05T15:40:00.001000Z");
    assert_ne!(id(&own), id(&of_parent), "ids are of the new seed");
    for order in [&own, &waits] {
        assert_eq!(copy.get(&path(order)).await.json()["id"], order["id"], "both kinds are found");
    }
    for of_copy in ["/instruments/ACME", "/accounts/bob"] {
        assert_eq!(parent.get(of_copy).await.status, 404, "{of_copy}");
    }
}

#[tokio::test]
async fn a_key_is_known_in_a_copy() {
    let server = own_venue(|_| {});
    let (parent, _) = make(&server, json!({"name": "p", "clock": "frozen"})).await;
    let order = r#"{"stoks": "A", "quantity": 1}"#;
    let ask = |venue: &Venue| venue.ask("POST", "/orders").header("Idempotency-Key", "k").body(order).send(server.addr);
    let first = ask(&parent).await;
    let (copy, _) = make(&server, json!({"from": "p"})).await;
    let again = ask(&copy).await;
    assert_eq!((again.header("idempotent-replayed"), &again.body), (Some("true"), &first.body));
}

#[tokio::test]
async fn what_a_copy_cannot_be_is_refused_at_its_field() {
    let server = own_venue(|_| {});
    let parent = lived(&server, "parent").await;
    let instrument = json!({"symbol": "EURUSD", "class": "forex", "quote": "USD", "tick": "0.1", "lot": 1,
        "reference_price": "2.0"});
    let cases = [
        (json!({"from": "nobody"}), vec!["unknown_venue at body.from"]),
        (json!({"from": 7, "seed": -1}), vec!["string_type at body.from", "greater_than_equal at body.seed"]),
        (json!({"from": "parent", "market": "calm"}), vec!["not_of_a_copy at body.market"]),
        (
            json!({"from": "parent", "clock": {"start": "2026-01-05T14:30:00Z"}}),
            vec!["time_goes_back at body.clock.start"],
        ),
        (
            json!({"from": "parent", "instruments": [instrument], "accounts": [{"id": "alice"}, {"id": "bob"}]}),
            vec!["instrument_exists at body.instruments.0.symbol", "account_exists at body.accounts.0.id"],
        ),
        (json!({"from": "parent", "durable": true}), vec!["not_of_a_copy at body.durable"]),
    ];
    for (body, expected) in cases {
        let reply = server.post("/venues", &body.to_string()).await;
        assert_eq!(reply.status, 422, "{body}: {reply:?}");
        let mut told: Vec<String> = flaws(&reply).iter().map(flaw_of).collect();
        let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        told.sort();
        expected.sort();
        assert_eq!(told, expected, "{body}");
    }
    let taken = server.post("/venues", r#"{"from": "parent", "name": "main"}"#).await;
    assert_eq!((taken.status, &taken.json()["code"]), (409, &json!("venue_exists")));
    let same = json!({"from": "parent", "market": "volatile", "clock": null, "seed": null});
    let (copy, _) = make(&server, same).await;
    assert_eq!(told(&copy).await, told(&parent).await, "what is as there is no flaw");
    let (ahead, _) = make(&server, json!({"name": "ahead", "clock": {"start": "2999-01-01T00:00:00Z"}})).await;
    ahead.place("EURUSD", 1).await;
    let reply = server.post("/venues", r#"{"from": "ahead", "clock": "real"}"#).await;
    assert_eq!(flaws(&reply).iter().map(flaw_of).collect::<Vec<_>>(), ["time_goes_back at body.clock"]);
    assert_eq!(server.get("/venues").await.json().as_array().map(Vec::len), Some(4), "nothing else was made");
}

fn flaw_of(flaw: &Flaw) -> String {
    format!("{} at {}", flaw.kind, flaw.place())
}

#[tokio::test]
async fn a_copy_that_is_reset_begins_anew_as_the_other_one_was_made() {
    let server = own_venue(|_| {});
    let parent = lived(&server, "parent").await;
    let body = json!({"from": "parent", "name": "copy", "delay": "none", "accounts": [{"id": "bob"}]});
    let (copy, _) = make(&server, body).await;
    let reset = server.post("/venues/copy/reset", "").await;
    assert_eq!((reset.status, &reset.json()["seed"], &reset.json()["delay"]), (200, &json!(11), &json!("none")));
    assert_eq!(copy.get("/orders").await.json(), json!({}));
    assert_eq!(copy.get("/clock").await.json()["now"], "2026-01-05T14:30:00.000000Z", "where the other one began");
    for account in ["alice", "bob"] {
        assert_eq!(copy.get(&format!("/accounts/{account}")).await.status, 200, "{account}");
    }
    assert_eq!(copy.place("EURUSD", 1).await["seq"], 1, "numbers from 1");
    assert_eq!(count(&parent.get("/orders?limit=1").await), 1, "the other one goes on");
}

#[tokio::test]
async fn a_copy_of_main_runs_on_in_real_time_and_stays_for_an_hour() {
    let server = own_venue(|config| config.venue.delay = DelayModel::Fixed { us: 400_000 });
    let order = server.place("EURUSD", 1).await;
    let (copy, made) = make(&server, json!({"from": "main"})).await;
    assert_eq!((&made["ttl"], &made["seed"], &made["clock"]["mode"]), (&json!("1h"), &Value::Null, &json!("real")));
    for venue in [&server, &copy] {
        let executed = async || {
            let shown = venue.get(&path(&order)).await.json();
            (shown["status"] == "EXECUTED").then_some(shown)
        };
        let shown = until("it is executed", executed).await;
        assert!(shown["closed_at"].as_str() >= order["due_at"].as_str(), "not before its time: {shown}");
    }
    let later = copy.place("EURUSD", 2).await;
    assert_eq!(server.get(&path(&later)).await.status, 404, "the same id is another order there, or none");
    let name = made["name"].as_str().expect("a name");
    let reset = server.post(&format!("/venues/{name}/reset"), "").await;
    assert!(reset.json()["seed"].is_u64(), "a seed is drawn: {reset:?}");
}

#[tokio::test]
async fn a_copy_of_a_durable_venue_has_what_is_open_and_what_is_recent() {
    let folder = DataFolder::new();
    let server = folder.venue(|config| config.venue.long_delay = DelayModel::Fixed { us: 3_600_000_000 });
    let mut placed = Vec::new();
    for quantity in 1..=20 {
        placed.push(server.place_long("EURUSD", quantity).await);
    }
    assert_eq!(server.delete(&path(&placed[0])).await.status, 204);
    let (copy, _) = make(&server, json!({"from": "main"})).await;
    assert_eq!(copy.get("/orders").await.json(), server.get("/orders").await.json());
    let mut history = copy.subscribe("?format=json&since=0").await;
    for order in &placed {
        assert_eq!(history.json().await["id"], order["id"]);
    }
    assert_eq!(server.delete(&path(&placed[1])).await.status, 204);
    assert_eq!(copy.get("/orders?status=PENDING").await.json().as_object().map(serde_json::Map::len), Some(19));
    assert_eq!(copy.delete(&path(&placed[2])).await.status, 204);
    assert_eq!(server.get(&path(&placed[2])).await.json()["status"], "PENDING");
}

#[tokio::test]
async fn a_copy_is_one_venue_more_with_all_that_it_holds() {
    let server = own_venue(|config| {
        config.max_venues = std::num::NonZeroUsize::new(2).expect("two");
        config.venues_memory = 300 * 1024;
    });
    let (parent, _) = make(&server, json!({"name": "p", "clock": "frozen"})).await;
    make(&server, json!({"from": "p", "name": "q"})).await;
    let refused = server.post("/venues", r#"{"from": "p"}"#).await;
    assert!(refused.status == 503 && refused.json()["detail"].to_string().contains("--max-venues"), "{refused:?}");
    assert_eq!(server.delete("/venues/q").await.status, 204);
    let batch = json!(vec![json!({"place": {"stoks": "EURUSD", "quantity": 1}}); 100]).to_string();
    for _ in 0..2 {
        assert_eq!(parent.post("/batch", &batch).await.status, 207);
    }
    assert_eq!(count(&parent.get("/orders").await), 200);
    let refused = server.post("/venues", r#"{"from": "p"}"#).await;
    assert!(refused.status == 503 && refused.json()["detail"].to_string().contains("--venues-memory"), "{refused:?}");
    make(&server, json!({"name": "empty"})).await;
}

#[tokio::test]
async fn a_copy_has_the_faults_and_how_far_they_have_come() {
    let server = own_venue(|_| {});
    let faults = json!([{"name": "third", "match": {"route": "GET /orders", "every": 3}, "do": {"status": 503}}]);
    let (venue, _) = make(&server, json!({"name": "faulty", "faults": faults})).await;
    for _ in 0..4 {
        venue.get("/orders").await;
    }
    let (copy, made) = make(&server, json!({"from": "faulty"})).await;
    let (well, _) = make(&server, json!({"from": "faulty", "faults": []})).await;
    assert_eq!(copy.get("/faults").await.json()[0]["matched"], 1);
    for (venue, expected) in
        [(&venue, [200, 503, 200, 200, 503]), (&copy, [200, 503, 200, 200, 503]), (&well, [200; 5])]
    {
        let mut statuses = Vec::new();
        for _ in 0..expected.len() {
            statuses.push(venue.get("/orders").await.status);
        }
        assert_eq!(statuses, expected);
    }
    assert_eq!(made["counts"]["faults"], 1);
    let name = made["name"].as_str().expect("a name");
    assert_eq!(server.post(&format!("/venues/{name}/reset"), "").await.status, 200);
    assert_eq!(copy.get("/faults").await.json()[0]["matched"], 0, "as it was made");
}

#[tokio::test]
async fn a_copy_has_the_rules_and_how_far_they_have_come() {
    let server = own_venue(|_| {});
    let rules = json!([
        {"name": "third", "match": {"every": 3}, "do": {"reject": "third"}},
        {"name": "dice", "match": {"probability": 0.5, "symbol": "EURUSD"}, "do": {"reject": "dice"}},
        {"name": "parts", "do": {"fill": ["40%", "60%"], "every": "1m"}},
    ]);
    let settings = json!({"name": "ruled", "clock": "frozen", "delay": "none", "rules": rules});
    let (venue, _) = make(&server, settings).await;
    let order = |number: u32| {
        let symbol = if number.is_multiple_of(2) { "EURUSD" } else { "BTC/USD" };
        json!({"stoks": symbol, "qty": (10 + number).to_string(), "side": "buy"}).to_string()
    };
    for number in 0..7 {
        venue.post("/orders", &order(number)).await;
    }
    advance(&venue, "1s").await;
    let (copy, made) = make(&server, json!({"from": "ruled"})).await;
    let (free, _) = make(&server, json!({"from": "ruled", "rules": []})).await;
    assert_eq!(copy.get("/rules").await.body, venue.get("/rules").await.body);
    assert!(copy.get("/rules").await.json()[0]["matched"].as_u64() > Some(0));
    let mut outcomes: Vec<Vec<String>> = Vec::new();
    for venue in [&venue, &copy, &free] {
        let mut told = Vec::new();
        for number in 7..30 {
            told.push(venue.post("/orders", &order(number)).await.body);
        }
        // Also what waits since before in parts is filled when its time has come.
        advance(venue, "5m").await;
        told.push(venue.get("/orders").await.body);
        told.push(venue.get("/fills").await.body);
        told.push(venue.get("/rules").await.body);
        outcomes.push(told);
    }
    assert_eq!(outcomes[0], outcomes[1]);
    let refused = |told: &[String]| told[..23].iter().filter(|reply| reply.contains("third")).count();
    // Two of the seven before were, too.
    assert_eq!((refused(&outcomes[0]), refused(&outcomes[2])), (8, 0));
    assert_eq!(outcomes[2].last().map(String::as_str), Some("[]"));
    let name = made["name"].as_str().expect("a name");
    assert_eq!(server.post(&format!("/venues/{name}/reset"), "").await.status, 200);
    assert_eq!(copy.get("/rules").await.json()[0]["matched"], 0, "as it was made");
}
