//! `/accounts`: opened, paid into, traded with, and refused what they cannot pay.

use super::*;
use crate::support::rest::next_page;

async fn open(venue: &Venue, body: &str) -> Value {
    let reply = venue.post("/accounts", body).await;
    assert_eq!(reply.status, 201, "{body}: {reply:?}");
    reply.json()
}

async fn account(venue: &Venue, id: &str) -> Value {
    let reply = venue.get(&format!("/accounts/{id}")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

fn worth(account: &Value) -> String {
    told(account, &["equity", "exposure", "buying_power", "realized", "unrealized", "fees"])
}

/// The kinds of its flaws, each with its place.
fn flaws(reply: &crate::support::Reply) -> Vec<String> {
    assert_eq!(reply.status, 422, "{reply:?}");
    let detail = reply.json()["detail"].as_array().expect("a list").clone();
    let place = |flaw: &Value| {
        let loc = flaw["loc"].as_array().expect("a list").iter();
        loc.map(|step| step.as_str().expect("a text").to_owned()).collect::<Vec<_>>().join(".")
    };
    detail.iter().map(|flaw| format!("{} {}", flaw["type"].as_str().expect("a text"), place(flaw))).collect()
}

#[tokio::test]
async fn an_account_is_opened_with_what_it_asks_for_and_shown() {
    let venue = at_once();
    let plain = open(&venue, "{}").await;
    assert_eq!(plain["balances"], serde_json::json!({"USD": {"total": "100000", "locked": "0"}}));
    assert_eq!(
        told(&plain, &["id", "kind", "currency", "leverage", "self_trade"]),
        "account-3 margin USD 1 cancel_newest"
    );
    assert_eq!(worth(&plain), "100000 0 100000 0 0 0");
    assert!(plain["created_at"].is_string());
    let body = r#"{"id": "bot.7", "kind": "spot", "currency": "EUR", "cash": {"EUR": 5, "BTC": "0.25"},
        "self_trade": "allow"}"#;
    let spot = open(&venue, body).await;
    assert_eq!(told(&spot, &["id", "kind", "currency", "self_trade", "buying_power"]), "bot.7 spot EUR allow 5");
    assert_eq!(spot["balances"]["BTC"]["total"], "0.25");
    assert_eq!(spot["cash"], serde_json::json!({"BTC": "0.25", "EUR": "5"}));
    assert_eq!(account(&venue, "bot.7").await, spot);
    let ids = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let all = venue.get("/accounts").await;
    assert_eq!(ids(&all.json()), ["house", "fees", "default", "account-3", "bot.7"]);
    let page = venue.get("/accounts?limit=2&after=fees").await;
    assert_eq!(ids(&page.json()), ["default", "account-3"]);
    assert!(page.header("link").is_some_and(|link| link.contains("after=account-3")), "{page:?}");
    assert_eq!(account(&venue, "default").await["buying_power"], Value::Null);
    assert_eq!(venue.get("/accounts/nobody").await.status, 404);
}

#[tokio::test]
async fn every_fault_of_an_account_or_a_transfer_is_told_at_once() {
    let venue = at_once();
    open(&venue, r#"{"id": "alice"}"#).await;
    for (body, expected) in [
        (
            r#"{"id": "a b", "kind": "cash", "currency": "XXX", "leverage": "101", "self_trade": 1, "cash": 7}"#,
            &[
                "account_id body.id",
                "enum body.kind",
                "enum body.self_trade",
                "dict_type body.cash",
                "unknown_currency body.currency",
                "leverage_range body.leverage",
            ][..],
        ),
        (
            r#"{"cash": {"USD": "-1", "XXX": 1, "EUR": "x", "USD": 2}}"#,
            &[
                "decimal_parsing body.cash.EUR",
                "duplicate_key body.cash.USD",
                "greater_than_equal body.cash.USD",
                "unknown_currency body.cash.XXX",
            ],
        ),
        (r#"{"id": "house"}"#, &["reserved body.id"]),
        (r#"{"kind": "spot", "leverage": 2}"#, &["leverage_range body.leverage"]),
        (r#"{"cash": {"USD": "0.0000000000001"}}"#, &["decimal_max_places body.cash.USD"]),
        ("[]", &["model_attributes_type body"]),
    ] {
        assert_eq!(flaws(&venue.post("/accounts", body).await), expected, "{body}");
    }
    let taken = venue.post("/accounts", r#"{"id": "alice"}"#).await;
    assert_eq!((taken.status, taken.json()["code"].clone()), (409, "account_exists".into()));
    assert_eq!(venue.post("/accounts", r#"{"id": "default"}"#).await.status, 409);
    let transfers = "/accounts/alice/transfers";
    for (body, expected) in [
        ("{}", &["missing body.currency", "missing body.amount"][..]),
        (r#"{"currency": "XXX", "amount": "x"}"#, &["decimal_parsing body.amount", "unknown_currency body.currency"]),
        (r#"{"currency": "USD", "amount": 0}"#, &["amount body.amount"]),
    ] {
        assert_eq!(flaws(&venue.post(transfers, body).await), expected, "{body}");
    }
    for id in ["house", "fees", "nobody"] {
        let reply = venue.post(&format!("/accounts/{id}/transfers"), r#"{"currency": "USD", "amount": 1}"#).await;
        assert_eq!(reply.status, 404, "{id}");
    }
}

#[tokio::test]
async fn money_goes_out_as_far_as_buying_power_reaches_and_each_transfer_has_a_number_and_no_seq() {
    let venue = at_once();
    open(&venue, r#"{"id": "alice", "cash": {"USD": 100}, "leverage": "2"}"#).await;
    let transfers = "/accounts/alice/transfers";
    let reply = venue.post(transfers, r#"{"currency": "USD", "amount": "-100.5"}"#).await;
    assert_eq!((reply.status, reply.json()["code"].clone()), (403, "insufficient_buying_power".into()), "{reply:?}");
    let reply = venue.post(transfers, r#"{"currency": "USD", "amount": "-99.75"}"#).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    assert_eq!(told(&reply.json(), &["number", "account", "currency", "amount"]), "2 alice USD -99.75");
    assert_eq!(worth(&account(&venue, "alice").await), "0.25 0 0.5 0 0 0");
    // Orders count from there; status alone counts for native clients.
    let order = place(&venue, r#""stoks": "EURUSD", "quantity": 1"#).await;
    assert_eq!((order["number"].as_u64(), order["seq"].as_u64()), (Some(3), Some(1)));
}

#[tokio::test]
async fn what_an_account_cannot_pay_is_403_and_nothing_of_it_is_kept() {
    let venue = at_once();
    open(&venue, r#"{"id": "alice", "cash": {"USD": 1000}}"#).await;
    let order = r#""stoks": "AAPL", "type": "limit", "limit_price": 200, "account": "alice", "client_order_id": "a""#;
    let large = venue.post("/orders", &format!(r#"{{{order}, "qty": 5.5}}"#)).await;
    assert_eq!((large.status, large.json()["code"].clone()), (403, "insufficient_buying_power".into()), "{large:?}");
    // The name is free: nothing was kept.
    let resting = arrive(&venue, &format!(r#"{order}, "qty": 4"#)).await;
    assert_eq!(told(&resting, &["account", "state", "qty"]), "alice new 4");
    assert_eq!(worth(&account(&venue, "alice").await), "1000 0 200 0 0 0");
    let more = venue.patch(&path(&resting), r#"{"qty": 6}"#).await;
    assert_eq!((more.status, more.json()["code"].clone()), (403, "insufficient_buying_power".into()), "{more:?}");
    assert_eq!(venue.patch(&path(&resting), r#"{"qty": 5}"#).await.status, 200);
    assert_eq!(account(&venue, "alice").await["buying_power"], "0");
}

#[tokio::test]
async fn names_and_filters_are_an_accounts_own() {
    let venue = at_once();
    open(&venue, r#"{"id": "alice"}"#).await;
    let order = r#""stoks": "EURUSD", "type": "limit", "limit_price": 1, "qty": 3, "client_order_id": "same""#;
    let own = arrive(&venue, &format!(r#"{order}, "account": "alice""#)).await;
    let other = arrive(&venue, order).await;
    assert_ne!(own["id"], other["id"]);
    let again = venue.post("/orders", &format!(r#"{{{order}, "account": "alice"}}"#)).await;
    assert_eq!((again.header("idempotent-replayed"), &again.json()["id"]), (Some("true"), &own["id"]));
    let ids = |list: Value| list.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let id = |order: &Value| vec![order["id"].as_str().unwrap().to_owned()];
    for (query, expected) in [
        ("client_order_id=same", id(&other)),
        ("client_order_id=same&account=alice", id(&own)),
        ("account=alice", id(&own)),
        ("account=default", id(&other)),
    ] {
        assert_eq!(ids(venue.get(&format!("/orders?{query}")).await.json()), expected, "{query}");
        assert_eq!(ids(venue.get(&format!("/open-orders?{query}")).await.json()), expected, "{query}");
    }
    assert_eq!(flaws(&venue.get("/orders?account=nobody").await), ["unknown_account query.account"]);
    assert_eq!(flaws(&venue.get("/orders?account=house").await), ["unknown_account query.account"]);
    for account in ["house", "fees", "nobody"] {
        let reply = venue.post("/orders", &format!(r#"{{{order}, "account": "{account}"}}"#)).await;
        assert_eq!(flaws(&reply), ["unknown_account body.account"]);
    }
    let cancelled = venue.delete("/open-orders?account=alice").await.json();
    assert_eq!(cancelled.as_array().map(|rows| rows[0]["id"].clone()), Some(own["id"].clone()));
}

#[tokio::test]
async fn positions_are_shown_and_closed() {
    let venue = at_once();
    open(&venue, r#"{"id": "alice", "cash": {"USD": 100000}, "leverage": 2}"#).await;
    arrive(&venue, r#""stoks": "BTC/USD", "qty": "0.5", "account": "alice""#).await;
    arrive(&venue, r#""stoks": "AAPL", "qty": 10, "side": "sell", "account": "alice""#).await;
    arrive(
        &venue,
        r#""stoks": "BTC/USD", "qty": "0.2", "side": "sell", "type": "limit", "limit_price": 70000,
        "account": "alice""#,
    )
    .await;
    let position = venue.get("/accounts/alice/positions/BTC%2FUSD").await.json();
    let fields =
        ["symbol", "qty", "available", "average_price", "mark", "market_value", "cost", "realized", "unrealized"];
    assert_eq!(told(&position, &fields), "BTC/USD 0.5 0.3 65000.01 65000.00 32500 32500.005 0 -0.005");
    assert_eq!(venue.get("/accounts/alice/positions/BTC/USD").await.json(), position);
    let all = venue.get("/accounts/alice/positions").await.json();
    let short = &all.as_array().unwrap()[0];
    assert_eq!(told(short, &fields), "AAPL -10 10 229.99 230.00 -2300 -2299.9 0 -0.1");
    assert_eq!(venue.get("/accounts/alice/positions/EURUSD").await.status, 404);
    assert_eq!(venue.get("/accounts/nobody/positions").await.status, 404);
    // A part of it, then more than there is, then all.
    let closing = venue.delete("/accounts/alice/positions/BTC/USD?qty=0.1").await;
    assert_eq!(closing.status, 200, "{closing:?}");
    assert_eq!(told(&closing.json(), &["side", "type", "qty", "account"]), "sell market 0.1 alice");
    let beyond = venue.delete("/accounts/alice/positions/BTC/USD?qty=0.5").await;
    assert_eq!(flaws(&beyond), ["quantity_range query.qty"]);
    assert_eq!(flaws(&venue.delete("/accounts/alice/positions?qty=1").await), ["unexpected query.qty"]);
    let rows = venue.delete("/accounts/alice/positions?cancel_orders=true").await;
    assert_eq!(rows.status, 207, "{rows:?}");
    let told_of = |row: &Value| format!("{} {} {}", row["symbol"], row["status"], row["body"]["qty"]);
    let rows: Vec<String> = rows.json().as_array().unwrap().iter().map(told_of).collect();
    assert_eq!(rows, [r#""AAPL" 200 "10""#, r#""BTC/USD" 200 "0.4""#]);
    assert_eq!(venue.get("/accounts/alice/positions").await.json(), serde_json::json!([]));
    assert_eq!(venue.get("/open-orders?account=alice").await.json(), serde_json::json!({}));
    assert_eq!(venue.delete("/accounts/alice/positions/AAPL").await.status, 404);
    let flat = account(&venue, "alice").await;
    assert_eq!(told(&flat, &["exposure", "unrealized", "realized"]), "0 0 -0.21");
}

#[tokio::test]
async fn examples_of_the_document_are_taken() {
    let venue = at_once();
    let document = venue.get("/openapi.json").await.json();
    for path in ["/accounts", "/accounts/{id}/transfers"] {
        let content = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"];
        let examples = content["examples"].as_object().expect("examples");
        assert!(!examples.is_empty());
        for (name, example) in examples {
            let reply = venue.post(&path.replace("{id}", "default"), &example["value"].to_string()).await;
            assert_eq!(reply.status, 201, "{path} {name}: {reply:?}");
        }
    }
}

#[tokio::test]
async fn accounts_outlive_a_kill_with_what_they_have_and_with_the_names_of_their_orders() {
    use crate::support::folder::DataFolder;
    use crate::support::rest::Kept;

    let flags = ["--market", "frozen", "--delay", "none"];
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    let body = r#"{"id": "alice", "cash": {"USD": 1000}, "leverage": "1.5"}"#;
    assert_eq!(line.ask("POST", "/accounts", body).await.status, 201);
    let order = r#"{"stoks": "AAPL", "qty": "2.5", "account": "alice", "client_order_id": "same"}"#;
    let placed = line.ask("POST", "/orders", order).await.json();
    let limit = r#"{"stoks": "AAPL", "qty": 1, "type": "limit", "limit_price": 200, "account": "alice"}"#;
    assert_eq!(line.ask("POST", "/orders", limit).await.status, 200);
    assert_eq!(line.ask("POST", "/accounts/alice/transfers", r#"{"currency": "EUR", "amount": 7}"#).await.status, 201);
    let before = line.ask("GET", "/accounts/alice", "").await.json();
    server.killed().await;
    folder.check().await;
    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    assert_eq!(line.ask("GET", "/accounts/alice", "").await.json(), before);
    assert_eq!(line.ask("POST", "/orders", order).await.json(), placed);
    let own = line.ask("GET", "/orders?account=alice", "").await.json();
    assert_eq!(own.as_object().map(serde_json::Map::len), Some(2));
    server.signal("TERM");
    server.ended().await;
    folder.check().await;
}

/// Each is shown with all its positions at their marks, while nobody else is served.
#[tokio::test]
async fn a_page_of_accounts_ends_where_enough_positions_were_looked_up_and_the_next_goes_on() {
    let venue = at_once();
    let instruments = venue.get("/instruments?limit=1000").await.json();
    let symbols: Vec<&Value> = instruments.as_array().unwrap().iter().map(|one| &one["symbol"]).collect();
    let accounts = 1_024 / symbols.len() + 5;
    for number in 0..accounts {
        let id = format!("a{number}");
        open(&venue, &format!(r#"{{"id": "{id}"}}"#)).await;
        let place = |symbol| serde_json::json!({"place": {"stoks": symbol, "quantity": 1, "account": id}});
        let orders: Vec<Value> = symbols.iter().map(place).collect();
        let reply = venue.post("/batch", &serde_json::json!(orders).to_string()).await;
        assert!(reply.json().as_array().unwrap().iter().all(|one| one["status"] == 200), "{reply:?}");
    }
    let (mut shown, mut pages, mut next) = (Vec::new(), 0, Some("/accounts?limit=1000".to_owned()));
    while let Some(page) = next {
        let reply = venue.get(&page).await;
        shown.extend(reply.json().as_array().unwrap().iter().map(|one| one["id"].clone()));
        (pages, next) = (pages + 1, next_page(&reply));
    }
    let ours = (0..accounts).map(|number| format!("a{number}"));
    let all: Vec<String> = ["house", "fees", "default"].map(str::to_owned).into_iter().chain(ours).collect();
    assert_eq!((serde_json::json!(shown), pages), (serde_json::json!(all), 2));
}
