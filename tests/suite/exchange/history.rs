//! What an account was worth from time to time.

use std::time::Duration;

use tradepit::config::Market;

use super::*;
use crate::support::folder::DataFolder;
use crate::support::pause;
use crate::support::rest::{Kept, micros, next_page};

/// A server's answers, one connection for all.
struct Desk {
    line: Kept,
    /// Since when the account was worth how much, and had won how much.
    worth: Vec<(i64, String)>,
}

impl Desk {
    async fn open(addr: std::net::SocketAddr) -> Desk {
        Desk { line: Kept::open(addr).await, worth: Vec::new() }
    }

    async fn ask(&mut self, method: &str, path: &str, body: &str, status: u16) -> Value {
        let reply = self.line.ask(method, path, body).await;
        assert_eq!(reply.status, status, "{method} {path} {body}: {reply:?}");
        reply.json()
    }

    async fn history(&mut self, query: &str) -> Vec<Value> {
        let (mut moments, mut next) = (Vec::new(), Some(format!("/accounts/alice/history?{query}")));
        while let Some(path) = next {
            let reply = self.line.ask("GET", &path, "").await;
            assert_eq!(reply.status, 200, "{path}: {reply:?}");
            next = next_page(&reply);
            moments.extend(reply.json().as_array().expect("a list").iter().cloned());
        }
        moments
    }

    /// Something happened at this time: the account is worth that from then on, as itself and its history tell.
    async fn is_worth(&mut self, at: i64, equity: &str, profit: &str) {
        let account = self.ask("GET", "/accounts/alice", "", 200).await;
        assert_eq!(account["equity"], equity);
        let now = self.history("").await.pop().expect("it has a moment of now");
        assert!(micros(&now["at"]) >= at);
        assert_eq!(told(&now, &["equity", "profit"]), format!("{equity} {profit}"));
        self.worth.push((at, format!("{equity} {profit}")));
    }

    /// Until the next whole second has passed.
    async fn next_second(&mut self) {
        let now = micros(&self.ask("GET", "/quotes/EURUSD", "", 200).await["at"]);
        let rest = 1_000_000 - now.rem_euclid(1_000_000) + 2_000;
        pause(Duration::from_micros(rest.unsigned_abs())).await;
    }

    /// Each moment is one of a whole second, and tells what the account was worth then.
    fn agrees(&self, moments: &[Value]) {
        assert!(moments.is_sorted_by_key(|moment| micros(&moment["at"])));
        for moment in moments {
            let at = micros(&moment["at"]);
            assert_eq!(at % 1_000_000, 0);
            let since = self.worth.partition_point(|(since, _)| *since <= at);
            assert_eq!(told(moment, &["equity", "profit"]), self.worth[since - 1].1, "{moment}");
        }
        let told: Vec<String> = moments.iter().map(|moment| told(moment, &["equity", "profit"])).collect();
        assert!(self.worth.iter().all(|(_, worth)| told.contains(worth)), "{:?} in {told:?}", self.worth);
    }
}

#[tokio::test]
async fn it_tells_what_the_account_was_worth_then_also_after_a_kill() {
    let flags = ["--market", "frozen", "--delay", "none"];
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&flags).await;
    let mut desk = Desk::open(addr).await;
    let body = r#"{"id": "alice", "cash": {"USD": 100000, "EUR": 1000}, "leverage": 4}"#;
    let opened = micros(&desk.ask("POST", "/accounts", body, 201).await["created_at"]);
    // The mark of a currency counts, too.
    desk.is_worth(opened, "101085", "0").await;
    desk.next_second().await;
    let order = r#"{"stoks": "BTC/USD", "qty": "0.5", "account": "alice"}"#;
    let order = desk.ask("POST", "/orders", order, 200).await;
    let order = desk.ask("GET", &path(&order), "", 200).await;
    desk.is_worth(micros(&order["fills"][0]["at"]), "101084.995", "-0.005").await;
    desk.next_second().await;
    let quote = desk.ask("PUT", "/market/BTC%2FUSD", r#"{"bid": "66000", "ask": "66002"}"#, 200).await;
    desk.is_worth(micros(&quote["at"]), "101585.495", "500.495").await;
    desk.next_second().await;
    let transfer = desk.ask("POST", "/accounts/alice/transfers", r#"{"currency": "USD", "amount": "-85"}"#, 201).await;
    desk.is_worth(micros(&transfer["at"]), "101500.495", "500.495").await;
    desk.next_second().await;
    let quote = desk.ask("PUT", "/market/EURUSD", r#"{"bid": "1.18", "ask": "1.19"}"#, 200).await;
    desk.is_worth(micros(&quote["at"]), "101600.495", "500.495").await;
    desk.next_second().await;
    assert_eq!(desk.line.ask("DELETE", "/market/BTC%2FUSD", "").await.status, 204);

    let now = desk.history("").await.pop().expect("it has a moment of now");
    assert_eq!(told(&now, &["equity", "profit"]), "101099.995 -0.005");
    let end = now["at"].as_str().expect("a time").to_owned();
    let whole = desk.history(&format!("timeframe=1s&end={end}")).await;
    desk.agrees(&whole);
    assert_eq!(desk.history(&format!("timeframe=1s&end={end}&limit=2")).await, whole);
    let from = whole[2]["at"].as_str().expect("a time");
    assert_eq!(desk.history(&format!("timeframe=1s&start={from}&end={end}")).await, whole[2..]);
    assert_eq!(desk.history(&format!("timeframe=1s&start={from}&end={from}")).await, [Value::Null; 0]);
    assert_eq!(desk.history("start=2999-01-01T00:00:00Z").await, [Value::Null; 0]);
    server.killed().await;
    folder.check().await;

    let (_server, addr) = folder.serve(&flags).await;
    let mut again = Desk::open(addr).await;
    assert_eq!(again.history(&format!("timeframe=1s&end={end}")).await, whole);
}

#[tokio::test]
async fn where_nobody_quotes_the_last_price_counts_and_what_is_halted_is_not_quoted() {
    let venue = own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.market = Market::None;
    });
    let mut desk = Desk::open(venue.addr).await;
    desk.ask("POST", "/accounts", r#"{"id": "alice", "leverage": 2}"#, 201).await;
    let limit = r#""stoks": "AAPL", "type": "limit", "qty": 10"#;
    // Each time it buys ten more at the last price.
    for (price, expected) in [("200", "100000 0"), ("210", "100100 100"), ("190", "99700 -300")] {
        let price = format!(r#""limit_price": "{price}""#);
        desk.ask("POST", "/orders", &format!(r#"{{{limit}, {price}, "side": "sell"}}"#), 200).await;
        desk.ask("POST", "/orders", &format!(r#"{{{limit}, {price}, "account": "alice"}}"#), 200).await;
        let now = desk.history("").await.pop().expect("it has a moment of now");
        assert_eq!(told(&now, &["equity", "profit"]), expected, "at {price}");
    }
    desk.ask("PUT", "/market/AAPL", r#"{"bid": "299", "ask": "301"}"#, 200).await;
    let quoted = desk.history("").await.pop().expect("it has a moment of now");
    assert_eq!(told(&quoted, &["equity", "profit"]), "103000 3000");
    desk.ask("PATCH", "/instruments/AAPL", r#"{"status": "halted"}"#, 200).await;
    let halted = desk.history("").await.pop().expect("it has a moment of now");
    assert_eq!(told(&halted, &["equity", "profit"]), "99700 -300");
    // Those on the other side lost as much.
    let other = desk.ask("GET", "/accounts/default/history", "", 200).await;
    let now = other.as_array().expect("a list").last().expect("it has a moment of now").clone();
    assert_eq!(told(&now, &["equity", "profit"]), "300 300");
}
