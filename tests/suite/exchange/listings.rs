//! `--instruments`, `--unknown-symbols` and `--max-instruments`: what is listed, and what may be.

use crate::support::folder::DataFolder;
use crate::support::rest::{Kept, assert_detail, flaw_places};

use super::*;

const FILE: &str = r#"
built_in = false
[[instrument]]
symbol = "ACME"
class = "equity"
quote = "USD"
tick = "0.05"
lot = "0.5"
reference_price = "12.50"
"#;

#[tokio::test]
async fn a_file_lists_what_is_traded_and_what_nobody_knows_is_refused_where_that_is_said() {
    let (folder, files) = (DataFolder::new(), tempfile::tempdir().expect("there is room"));
    let path = files.path().join("instruments.toml");
    std::fs::write(&path, FILE).expect("it can be written");
    let path = path.to_str().expect("it is text");
    let flags = ["--market", "frozen", "--delay", "none", "--instruments", path, "--unknown-symbols", "refuse"];
    let (server, addr) = folder.serve(&flags).await;
    let mut line = Kept::open(addr).await;
    let listed = line.ask("GET", "/instruments", "").await.json();
    assert_eq!(
        (listed.as_array().map(Vec::len), told(&listed[0], &["symbol", "tick"])),
        (Some(1), "ACME 0.05".to_owned())
    );
    assert_eq!(told(&line.ask("GET", "/quotes/ACME", "").await.json(), &["bid", "ask"]), "12.45 12.55");
    let refused = line.ask("POST", "/orders", r#"{"stoks": "EURUSD", "quantity": 1}"#).await;
    assert_eq!(flaw_places(&refused), ["body.stoks"]);
    assert_eq!(line.ask("POST", "/orders", r#"{"stoks": "ACME", "qty": "2.5"}"#).await.status, 200);
    server.killed().await;
    // What was listed stays as it was, and what is built in comes beside.
    let (server, addr) = folder.serve(&["--market", "frozen", "--delay", "none", "--max-instruments", "31"]).await;
    let mut line = Kept::open(addr).await;
    let listed = line.ask("GET", "/instruments", "").await.json();
    assert_eq!(
        (listed.as_array().map(Vec::len), told(&listed[0], &["symbol", "tick"])),
        (Some(31), "ACME 0.05".to_owned())
    );
    let refused = line.ask("POST", "/orders", r#"{"stoks": "NOBODY", "quantity": 1}"#).await;
    assert_detail(&refused, 503, "No instrument has this symbol, and there are as many as there may be");
    server.signal("TERM");
    server.ended().await;
    folder.check().await;
}
