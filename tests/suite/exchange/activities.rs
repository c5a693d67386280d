//! What moved an account's cash, as it is listed: fills, fees and transfers.

use std::collections::BTreeMap;

use serde_json::json;
use tradepit::config::Market;
use tradepit_engine::{Decimal, Money};

use super::*;
use crate::support::folder::DataFolder;
use crate::support::id_of;
use crate::support::rest::{Kept, flaw_places, next_page};

/// A list, page by page, by whatever asks for one.
async fn all(ask: &mut impl AsyncFnMut(&str) -> crate::support::Reply, path: &str) -> Vec<Value> {
    let (mut items, mut next) = (Vec::new(), Some(path.to_owned()));
    while let Some(path) = next {
        let reply = ask(&path).await;
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
        next = next_page(&reply);
        items.extend(reply.json().as_array().expect("a list").iter().cloned());
    }
    items
}

async fn of(venue: &Venue, path: &str) -> Vec<Value> {
    all(&mut async |path: &str| venue.get(path).await, path).await
}

const FILL: [&str; 8] = ["kind", "amount", "currency", "price", "qty", "cumulative_qty", "left_qty", "liquidity"];

fn lines(activities: &[Value], fields: &[&str]) -> Vec<String> {
    activities.iter().map(|activity| told(activity, fields)).collect()
}

/// An instrument with fees, and an account that trades it.
async fn with_fees(venue: &Venue) {
    let reply = venue.patch("/instruments/EURUSD", r#"{"maker_fee": "0.001", "taker_fee": "0.002"}"#).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let body = r#"{"id": "alice", "cash": {"USD": 1000, "EUR": "2.5", "JPY": 0}}"#;
    assert_eq!(venue.post("/accounts", body).await.status, 201);
}

#[tokio::test]
async fn each_tells_its_amount_and_a_fill_how_far_its_order_was() {
    let venue = own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.market = Market::None;
    });
    with_fees(&venue).await;
    assert_eq!(venue.post("/accounts/alice/transfers", r#"{"currency": "USD", "amount": "-0.5"}"#).await.status, 201);
    let limit = r#""stoks": "EURUSD", "type": "limit", "limit_price": "1.09""#;
    let maker = place(&venue, &format!(r#"{limit}, "side": "sell", "qty": "100", "account": "alice""#)).await;
    place(&venue, &format!(r#"{limit}, "qty": "30""#)).await;
    assert_eq!(venue.patch(&path(&maker), r#"{"qty": "60"}"#).await.status, 200);
    place(&venue, &format!(r#"{limit}, "qty": "10""#)).await;
    place(&venue, &format!(r#"{limit}, "qty": "20""#)).await;

    let own = of(&venue, "/accounts/alice/activities").await;
    assert_eq!(
        lines(&own, &FILL),
        [
            "transfer 1000 USD null null null null null",
            "transfer 2.5 EUR null null null null null",
            "transfer -0.5 USD null null null null null",
            "fill 32.7 USD 1.09000 30 30 70 maker",
            "fee -0.0327 USD null null null null null",
            "fill 10.9 USD 1.09000 10 40 20 maker",
            "fee -0.0109 USD null null null null null",
            "fill 21.8 USD 1.09000 20 60 0 maker",
            "fee -0.0218 USD null null null null null",
        ]
    );
    let fills = of(&venue, &format!("/fills?order_id={}", id_of(&maker))).await;
    for (fill, activity) in fills.iter().zip(own.iter().filter(|one| one["kind"] == "fill")) {
        let both = ["number", "at", "trade_id", "order_id", "symbol", "side", "price", "qty", "liquidity"];
        assert_eq!(told(fill, &both), told(activity, &both));
        assert_eq!(activity["id"], json!(activity["number"].to_string()));
    }
    let fee = &own[4];
    assert_eq!(told(fee, &["order_id", "symbol", "side"]), format!("{} EURUSD sell", id_of(&maker)));
    assert_eq!(told(fee, &["id", "number"]), format!("{0}.1 {0}", own[3]["number"]));
    assert_eq!(told(&own[1], &["id", "order_id", "symbol", "side", "trade_id"]), "2.1 null null null null");
}

#[tokio::test]
async fn a_page_goes_on_where_the_last_ended_in_both_directions_and_for_each_kind() {
    let venue = at_once();
    with_fees(&venue).await;
    for side in ["buy", "sell", "buy"] {
        place(&venue, &format!(r#""stoks": "EURUSD", "qty": "7", "side": "{side}", "account": "alice""#)).await;
    }
    let own = of(&venue, "/accounts/alice/activities").await;
    assert_eq!(own.len(), 8, "{own:?}");
    let reversed: Vec<Value> = own.iter().rev().cloned().collect();
    for limit in [1, 2, 3, 7, 8] {
        assert_eq!(of(&venue, &format!("/accounts/alice/activities?limit={limit}")).await, own);
        assert_eq!(of(&venue, &format!("/accounts/alice/activities?order=desc&limit={limit}")).await, reversed);
    }
    for (at, activity) in own.iter().enumerate() {
        let after = format!("/accounts/alice/activities?after={}", activity["id"].as_str().expect("a text"));
        assert_eq!(of(&venue, &after).await, own[at + 1..]);
        assert_eq!(of(&venue, &format!("{after}&order=desc&limit=2")).await, reversed[own.len() - at..]);
    }
    for kind in ["fill", "fee", "transfer"] {
        let of_kind: Vec<&Value> = own.iter().filter(|one| one["kind"] == kind).collect();
        for query in [format!("kind={kind}"), format!("kind={kind}s&limit=1")] {
            let found = of(&venue, &format!("/accounts/alice/activities?{query}")).await;
            assert_eq!(found.iter().collect::<Vec<_>>(), of_kind, "{query}");
        }
    }
    assert_eq!(of(&venue, "/accounts/default/activities").await, [Value::Null; 0]);
}

#[tokio::test]
async fn native_orders_move_default_and_the_house_is_on_the_other_side() {
    let venue = at_once();
    with_fees(&venue).await;
    let order = place(&venue, r#""stoks": "EURUSD", "quantity": 100"#).await;
    let own = of(&venue, "/accounts/default/activities").await;
    let fields = ["id", "kind", "amount", "qty", "cumulative_qty", "left_qty", "order_id"];
    let id = id_of(&order);
    let number = own[0]["number"].as_u64().expect("a number");
    assert_eq!(
        lines(&own, &fields),
        [format!("{number} fill -108.501 100 100 0 {id}"), format!("{number}.1 fee -0.217002 null null null {id}"),]
    );
    let house = of(&venue, "/accounts/house/activities").await;
    assert_eq!(lines(&house, &fields), [format!("{number} fill 108.501 100 null null null")]);
    assert_eq!(told(&house[0], &["side", "liquidity"]), "sell maker");
    let fees = of(&venue, "/accounts/fees/activities").await;
    assert_eq!(lines(&fees, &["kind", "amount", "symbol"]), ["fee 0.217002 EURUSD"]);
}

#[tokio::test]
async fn every_fault_of_the_query_is_told_and_examples_of_the_document_are_taken() {
    let venue = at_once();
    let reply = venue.get("/accounts/default/activities?kind=dividend&limit=0&after=1.x&order=up").await;
    assert_eq!(flaw_places(&reply), ["query.after", "query.kind", "query.limit", "query.order"]);
    let reply = venue.get("/accounts/default/history?timeframe=2m&limit=x&start=now&end=2026").await;
    assert_eq!(flaw_places(&reply), ["query.end", "query.limit", "query.start", "query.timeframe"]);
    for path in ["activities", "history"] {
        assert_eq!(venue.get(&format!("/accounts/nobody/{path}")).await.status, 404);
        assert_eq!(venue.post(&format!("/accounts/default/{path}"), "{}").await.status, 405);
    }
    let document = venue.get("/openapi.json").await.json();
    for path in ["/accounts/{id}/activities", "/accounts/{id}/history"] {
        let parameters = document["paths"][path]["get"]["parameters"].as_array().expect("a list");
        let query = parameters.iter().filter(|one| one["in"] == "query").map(|one| {
            let example = one["example"].as_str().map_or_else(|| one["example"].to_string(), str::to_owned);
            assert_ne!(example, "null", "{one}");
            format!("{}={}", one["name"].as_str().expect("a name"), example.replace('+', "%2B"))
        });
        let query: Vec<String> = query.collect();
        assert_eq!(query.len(), 4, "{query:?}");
        let reply = venue.get(&format!("{}?{}", path.replace("{id}", "default"), query.join("&"))).await;
        assert_eq!(reply.status, 200, "{query:?}: {reply:?}");
    }
}

/// The sum of what moved each currency.
fn sums(activities: &[Value]) -> BTreeMap<String, Money> {
    let mut sums = BTreeMap::<String, Money>::new();
    for activity in activities {
        let amount = Decimal::parse(activity["amount"].as_str().expect("a text")).ok().and_then(Money::of);
        let code = activity["currency"].as_str().expect("a text").to_owned();
        sums.entry(code).or_default().0 += amount.expect("money").0;
    }
    sums.retain(|_, sum| *sum != Money::ZERO);
    sums
}

#[tokio::test]
async fn after_a_kill_the_same_is_told_and_all_amounts_sum_to_the_cash_of_every_account() {
    let flags = ["--market", "frozen", "--delay", "none"];
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    let fees = r#"{"maker_fee": "0.001", "taker_fee": "0.0015"}"#;
    assert_eq!(line.ask("PATCH", "/instruments/BTC%2FUSD", fees).await.status, 200);
    let body = r#"{"id": "alice", "cash": {"USD": 1000000, "EUR": 7}, "leverage": "3"}"#;
    assert_eq!(line.ask("POST", "/accounts", body).await.status, 201);
    let order = async |line: &mut Kept, fields: &str| {
        let reply = line.ask("POST", "/orders", &format!(r#"{{"stoks": "BTC/USD", {fields}}}"#)).await;
        assert_eq!(reply.status, 200, "{fields}: {reply:?}");
        reply.json()
    };
    let rest = r#""type": "limit", "limit_price": "65000", "side": "sell", "account": "alice""#;
    let maker = order(&mut line, &format!(r#"{rest}, "qty": "1.5""#)).await;
    for qty in ["0.25", "0.1"] {
        order(&mut line, &format!(r#""qty": "{qty}""#)).await;
    }
    line.ask("PATCH", &path(&maker), r#"{"qty": "1"}"#).await;
    order(&mut line, r#""qty": "0.3""#).await;
    order(&mut line, r#""quantity": 2"#).await;
    order(&mut line, r#""qty": "0.5", "account": "alice""#).await;
    line.ask("POST", "/accounts/alice/transfers", r#"{"currency": "JPY", "amount": "300"}"#).await;
    let mut before = Vec::new();
    for account in ["house", "fees", "default", "alice"] {
        let path = format!("/accounts/{account}/activities?limit=2");
        let own = all(&mut async |path: &str| line.ask("GET", path, "").await, &path).await;
        let cash = line.ask("GET", &format!("/accounts/{account}"), "").await.json()["cash"].clone();
        let sums: BTreeMap<String, String> =
            sums(&own).into_iter().map(|(code, sum)| (code, sum.to_string())).collect();
        assert_eq!(json!(sums), cash, "{account}");
        before.push((path, own));
    }
    let left = lines(&before[3].1, &["left_qty"]);
    assert!(["1.25", "1.15", "0.35"].iter().all(|qty| left.contains(&(*qty).to_owned())), "{left:?}");
    server.killed().await;
    folder.check().await;

    let (_server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    for (path, own) in before {
        assert_eq!(all(&mut async |path: &str| line.ask("GET", path, "").await, &path).await, own, "{path}");
        let desc = format!("{path}&order=desc");
        let mut reversed = all(&mut async |path: &str| line.ask("GET", path, "").await, &desc).await;
        reversed.reverse();
        assert_eq!(reversed, own, "{desc}");
    }
}
