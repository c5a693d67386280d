//! What rests in front of a data folder rests after a restart, in line as before, and the accounts go on.

use crate::support::folder::DataFolder;
use crate::support::rest::Kept;

use super::*;

const FLAGS: [&str; 4] = ["--delay", "none", "--market", "none"];

#[tokio::test]
async fn what_rests_is_in_its_place_after_a_kill_and_trades_on() {
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&FLAGS).await;
    let mut line = Kept::open(addr).await;
    let limit = |side: &str, quantity: u64, price: &str| {
        let terms = format!(r#""type": "limit", "limit_price": "{price}""#);
        format!(r#"{{"stoks": "EURUSD", "quantity": {quantity}, "side": "{side}", {terms}}}"#)
    };
    let place = async |line: &mut Kept, body: String| {
        let order = line.ask("POST", "/orders", &body).await.json();
        line.ask("GET", &crate::support::rest::path(&order), "").await.json()
    };
    let first = place(&mut line, limit("buy", 10, "1.08")).await;
    let second = place(&mut line, limit("buy", 10, "1.08")).await;
    place(&mut line, limit("sell", 4, "1.08")).await;
    // More of the first: it stands behind the second from now on.
    let path = crate::support::rest::path;
    line.ask("PATCH", &path(&first), r#"{"quantity": 20}"#).await;
    let first = line.ask("GET", &path(&first), "").await.json();
    assert_eq!(outcome(&first), "PENDING partially_filled 4 1.08000 null");
    let fills = line.ask("GET", "/fills", "").await.json();
    let trades = line.ask("GET", "/trades/EURUSD", "").await.json();
    assert_eq!((fills.as_array().map(Vec::len), trades.as_array().map(Vec::len)), (Some(2), Some(1)));
    let before = line.ask("GET", "/book/EURUSD", "").await.json();
    server.killed().await;
    folder.check().await;

    let (server, addr) = folder.serve(&FLAGS).await;
    let mut line = Kept::open(addr).await;
    let after = line.ask("GET", "/book/EURUSD", "").await.json();
    assert_eq!((&after["bids"], &after["asks"]), (&before["bids"], &before["asks"]));
    assert_eq!(line.ask("GET", &path(&first), "").await.json(), first);
    assert_eq!(line.ask("GET", "/fills", "").await.json(), fills);
    assert_eq!(line.ask("GET", "/trades/EURUSD", "").await.json(), trades);
    let exported = folder.tool("export", &["--format", "jsonl", "--what", "fills"]).await.stdout;
    let exported = exported.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    assert_eq!(exported.collect::<Vec<Value>>(), *fills.as_array().expect("a list"));
    let accounts = folder.tool("export", &["--format", "csv", "--what", "accounts"]).await.stdout;
    // It bought from itself.
    let names = "account,currency,cash,symbol,qty,cost,realized";
    assert_eq!(accounts, format!("{names}\ndefault,USD,0,,,,\ndefault,,,EURUSD,0,0,0\n"));
    let sold = place(&mut line, limit("sell", 12, "1.07")).await;
    assert_eq!(outcome(&sold), "EXECUTED filled 12 1.08000 null");
    assert_eq!(outcome(&line.ask("GET", &path(&second), "").await.json()), "EXECUTED filled 10 1.08000 null");
    let first = line.ask("GET", &path(&first), "").await.json();
    assert_eq!(outcome(&first), "PENDING partially_filled 6 1.08000 null");
    server.signal("TERM");
    server.ended().await;
    folder.check().await;
    // Also where it was ended in order, and the order is written as it is now.
    let (_server, addr) = folder.serve(&FLAGS).await;
    assert_eq!(Kept::open(addr).await.ask("GET", &path(&first), "").await.json(), first);
}
