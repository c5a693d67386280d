//! Rows of quotes: each is the quote of the house from its time on.

use serde_json::json;

use super::*;
use crate::support::folder::DataFolder;
use crate::support::rest::{Kept, flaw_places};

/// So many milliseconds from now, as it is written.
fn in_ms(ms: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(jiff::Timestamp::now().as_microsecond() + ms * 1_000);
    format!("{:.6}", at.expect("a time of this century"))
}

fn row(at: &str, bid: &str, ask: &str) -> String {
    format!("{{\"at\": \"{at}\", \"bid\": \"{bid}\", \"ask\": {ask}}}\n")
}

#[tokio::test]
async fn a_row_is_the_quote_from_its_time_on_and_what_rests_meets_it_then() {
    let venue = at_once();
    let resting = arrive(&venue, r#""stoks": "EURUSD", "qty": "10", "type": "limit", "limit_price": "1.08400""#).await;
    let (past, soon) = (in_ms(-60_000), in_ms(300));
    let body = row(&past, "1.08400", "1.08600") + "\n" + &row(&soon, "1.08300", "1.08390");
    let reply = venue.post("/replay/EURUSD", &body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    assert_eq!(reply.json(), json!({"symbol": "EURUSD", "count": 2, "first_at": past, "last_at": soon}));
    assert_eq!(venue.get("/replay/EURUSD").await.json(), reply.json());
    let quote = venue.get("/quotes/EURUSD").await.json();
    assert_eq!((&quote["bid"], &quote["ask"]), (&json!("1.08400"), &json!("1.08600")));
    let filled = loop {
        let order = again(&venue, &resting).await;
        if order["state"] != "new" {
            break order;
        }
    };
    assert_eq!(outcome(&filled), "EXECUTED filled 10 1.08400 null");
    assert_eq!(filled["updated_at"], soon, "at the time of the row, however late the server looks");
    let fill = &shown(&venue, &resting).await["fills"][0];
    assert_eq!((&fill["at"], &fill["liquidity"]), (&json!(soon), &json!("maker")));
    assert_eq!(venue.delete("/replay/EURUSD").await.status, 204);
    assert_eq!(venue.delete("/replay/EURUSD").await.status, 204);
    let none = json!({"symbol": "EURUSD", "count": 0, "first_at": null, "last_at": null});
    assert_eq!(venue.get("/replay/EURUSD").await.json(), none);
    assert_eq!(venue.get("/quotes/EURUSD").await.json()["ask"], "1.08501");
}

#[tokio::test]
async fn every_faulty_row_is_told_with_its_line_and_none_of_the_request_is_kept() {
    let venue = at_once();
    let (first, second) = (in_ms(1_000), in_ms(2_000));
    let body = row(&second, "1.08", "1.09") + "\n" + &row(&first, "1.080001", "1.09") + "{\"at\": 5, \"bid\": \"2\"\n";
    let reply = venue.post("/replay/EURUSD", &body).await;
    assert_eq!(reply.status, 422);
    assert_eq!(flaw_places(&reply), ["body.4.19"], "malformed: {reply:?}");
    let body = row(&second, "1.08", "1.09") + &row(&first, "1.080001", "1.09") + &row(&in_ms(3_000), "1.09", "1.09");
    let reply = venue.post("/replay/EURUSD", &body).await;
    assert_eq!(flaw_places(&reply), ["body.2.at", "body.2.bid", "body.3.bid"], "{reply:?}");
    let reply = venue.post("/replay/EURUSD", "{\"at\": \"now\", \"ask_size\": 0}\n{}").await;
    let of_first = ["body.1.ask", "body.1.ask_size", "body.1.at", "body.1.bid"];
    let all = [&of_first[..], &["body.2.ask", "body.2.at", "body.2.bid"]].concat();
    assert_eq!(flaw_places(&reply), all, "{reply:?}");
    assert_eq!(venue.post("/replay/EURUSD", " \n").await.status, 422);
    assert_eq!(venue.post("/replay/NOPE", &row(&first, "1", "2")).await.status, 404);
    assert_eq!(venue.get("/replay/NOPE").await.status, 404);
    assert_eq!(venue.get("/replay/EURUSD").await.json()["count"], 0);
}

#[tokio::test]
async fn rows_are_kept_changes_of_the_channel_of_instruments() {
    let venue = at_once();
    let mut heard = venue.subscribe("?format=json&channels=instruments").await;
    let (first, last) = (in_ms(60_000), in_ms(61_000));
    let body = row(&first, "60000", "60001") + &row(&last, "60000.50", "60001");
    assert_eq!(venue.post("/replay/BTC/USD", &body).await.status, 201);
    assert_eq!(venue.delete("/replay/BTC%2FUSD").await.status, 204);
    let frame = heard.json().await;
    assert_eq!(
        (&frame["channel"], &frame["event"], &frame["number"]),
        (&json!("instruments"), &json!("rows"), &json!(1))
    );
    let rows = json!({"symbol": "BTC/USD", "count": 2, "first_at": first, "last_at": last});
    assert_eq!(frame["rows"], rows);
    let rows = json!({"symbol": "BTC/USD", "count": 0, "first_at": null, "last_at": null});
    assert_eq!(heard.json().await["rows"], rows);
}

#[tokio::test]
async fn who_follows_a_quote_is_told_of_rows_that_stand_that_come_and_that_are_dropped() {
    let venue = at_once();
    let mut heard = venue.subscribe("?format=json&channels=quotes&symbols=EURUSD").await;
    assert_eq!(heard.json().await["ask"], "1.08501");
    let body = row(&in_ms(-60_000), "1.07000", "1.07100") + &row(&in_ms(700), "1.06000", "1.06100");
    assert_eq!(venue.post("/replay/EURUSD", &body).await.status, 201);
    for ask in ["1.07100", "1.06100"] {
        assert_eq!(heard.json().await["ask"], ask);
    }
    assert_eq!(venue.delete("/replay/EURUSD").await.status, 204);
    assert_eq!(heard.json().await["ask"], "1.08501");
}

#[tokio::test]
async fn rows_outlive_a_kill() {
    let folder = DataFolder::new();
    let flags = ["--market", "frozen", "--delay", "none"];
    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    let (first, last) = (in_ms(-60_000), in_ms(3_600_000));
    let body = row(&first, "1.07000", "1.07500") + &row(&last, "1.06000", "1.06500");
    assert_eq!(line.ask("POST", "/replay/EURUSD", &body).await.status, 201);
    assert_eq!(line.ask("POST", "/replay/USDJPY", &row(&first, "150.000", "150.100")).await.status, 201);
    assert_eq!(line.ask("DELETE", "/replay/USDJPY", "").await.status, 204);
    server.killed().await;
    folder.check().await;
    let (_server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    let rows = json!({"symbol": "EURUSD", "count": 2, "first_at": first, "last_at": last});
    assert_eq!(line.ask("GET", "/replay/EURUSD", "").await.json(), rows);
    assert_eq!(line.ask("GET", "/quotes/EURUSD", "").await.json()["ask"], "1.07500");
    assert_eq!(line.ask("GET", "/replay/USDJPY", "").await.json()["count"], 0);
}
