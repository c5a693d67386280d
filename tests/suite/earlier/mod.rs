//! Data folders as an earlier build left them: each opens with all that was in it, and goes on as that build would
//! have.
//!
//! The build of 2026-11-26 wrote them, before events were more than changes of orders. `stopped` was ended in order;
//! `killed` by SIGKILL, amid its log, after `--retain-orders` had removed its first orders. Both saw several starts,
//! with and without `--seed 7`, names with quotes and backslashes, cancelled orders, and long ones that were open at
//! the end. Beside its files each has what that build said of it: every change by `tradepit export`, every order by the
//! view `orders`, and the orders that it accepted next, on a copy a day later, with `--seed 7 --delay 10s..20s`: by
//! then all that was open was due.

use std::collections::HashMap;
use std::io::Read;
use std::net::SocketAddr;

use serde_json::{Value, json};
use tradepit_actors::Clock;
use tradepit_engine::Exchange;
use tradepit_store::{Folder, Opened};

use crate::support::folder::{DataFolder, write};
use crate::support::rest::{Kept, id, listed, micros, next_page};
use crate::support::{Line, Request, id_of};

/// A folder, and what it holds.
struct Left {
    /// Its files, compressed: what a log has in advance is zeros.
    files: [(&'static str, &'static [u8]); 4],
    changes: &'static str,
    orders: &'static str,
    next: &'static str,
}

macro_rules! left {
    ($name:literal) => {
        Left {
            files: [
                ("tradepit.ack", include_bytes!(concat!($name, "/ack.gz"))),
                ("tradepit.db", include_bytes!(concat!($name, "/db.gz"))),
                ("tradepit.db-shm", include_bytes!(concat!($name, "/db-shm.gz"))),
                ("tradepit.db-wal", include_bytes!(concat!($name, "/db-wal.gz"))),
            ],
            changes: include_str!(concat!($name, "/changes.jsonl")),
            orders: include_str!(concat!($name, "/orders.jsonl")),
            next: include_str!(concat!($name, "/next.jsonl")),
        }
    };
}

const STOPPED: Left = left!("stopped");
const KILLED: Left = left!("killed");

impl Left {
    fn lay(&self) -> DataFolder {
        let folder = DataFolder::new();
        for (name, compressed) in self.files {
            let mut bytes = Vec::new();
            flate2::read::GzDecoder::new(compressed).read_to_end(&mut bytes).expect("it was compressed");
            write(&folder.file(name), bytes);
        }
        folder
    }

    fn orders(&self) -> Vec<Value> {
        lines(self.orders)
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Every order, by id.
async fn all_orders(addr: SocketAddr) -> HashMap<String, Value> {
    let mut line = Kept::open(addr).await;
    let (mut orders, mut next) = (HashMap::new(), Some("/orders?limit=50".to_owned()));
    while let Some(page) = next {
        let reply = line.ask("GET", &page, "").await;
        orders.extend(listed(&reply));
        next = next_page(&reply);
    }
    orders
}

/// Requires that an order is shown as it was left, or, where it was open and is due by now, as executed since.
fn is_as_left(left: &Value, shown: &Value, now_us: i64) {
    let is_open = left["status"] == "PENDING" && micros(&left["due_at"]) <= now_us;
    let fields = left.as_object().expect("an order");
    for (name, value) in
        fields.iter().filter(|(name, _)| !(is_open && ["status", "closed_at", "seq"].contains(&&***name)))
    {
        assert_eq!(&shown[name], value, "{name} of {shown}");
    }
    assert!(!is_open || shown["status"] == "EXECUTED", "{shown}");
}

/// The same request again, by either name, is answered with the order.
async fn replays(addr: SocketAddr, order: &Value) {
    let mut body = json!({"stoks": order["stoks"], "quantity": order["quantity"]});
    if !order["client_order_id"].is_null() {
        body["client_order_id"] = order["client_order_id"].clone();
    }
    let mut request = Request::new("POST", "/orders").body(body.to_string());
    if let Some(key) = order["idempotency_key"].as_str() {
        request = request.header("Idempotency-Key", key);
    }
    let reply = request.send(addr).await;
    assert_eq!((reply.status, reply.header("idempotent-replayed")), (200, Some("true")), "{reply:?}");
    assert_eq!(id_of(&reply.json()), id(order));
}

#[tokio::test]
async fn a_folder_that_an_earlier_build_left_holds_what_it_held_and_goes_on() {
    for left in [STOPPED, KILLED] {
        let folder = left.lay();
        // Tools read folders of their own build only: a start brings others up to date.
        let refused = folder.tool("check", &[]).await;
        assert!(refused.code == Some(2) && refused.stderr.contains("start `tradepit serve`"), "{refused:?}");
        let export = async || folder.tool("export", &["--format", "jsonl"]).await.stdout;

        let (server, addr) = folder.serve(&["--seed", "7", "--delay", "10s..20s"]).await;
        let said = folder.check().await;
        assert!(said.contains(&format!("{} (", left.orders().len())), "{said}");
        assert!(export().await.starts_with(left.changes), "another export");
        // The venue's time is never before its newest change.
        let newest = lines(left.changes).last().map_or(0, |change| micros(&change["at"]));
        let now_us = newest.max(Clock::wall().0);
        let shown = all_orders(addr).await;
        assert_eq!(shown.len(), left.orders().len());
        let mut line = Kept::open(addr).await;
        for order in &left.orders() {
            is_as_left(order, &shown[id(order)], now_us);
            let mut alone = line.ask("GET", &format!("/orders/{}", id(order)), "").await.json();
            // A list has no fills.
            alone.as_object_mut().expect("an object").remove("fills");
            assert_eq!(alone, shown[id(order)]);
        }
        let is_named = |order: &&Value| !(order["client_order_id"].is_null() && order["idempotency_key"].is_null());
        for order in left.orders().iter().filter(is_named) {
            replays(addr, order).await;
        }
        let mut line = Line::open(addr).await;
        for next in lines(left.next) {
            let order = line.place("NEXT").await;
            let delay_us = micros(&order["due_at"]) - micros(&order["accepted_at"]);
            // An id is made of the number of the change that accepts its order: of these there are more now.
            assert_eq!((&order["seq"], json!(delay_us)), (&next["seq"], next["delay_us"].clone()));
        }
        server.signal("TERM");
        assert_eq!(server.ended().await.code, Some(0));
        folder.check().await;
        assert!(export().await.starts_with(left.changes), "another past");
    }
}

#[test]
fn the_open_orders_of_a_folder_that_an_earlier_build_left_are_recovered() {
    for left in [STOPPED, KILLED] {
        let folder = left.lay();
        let mut book = Exchange::backed(usize::MAX, 10);
        let opened = Opened::open(&Folder::new(folder.path())).expect("it is whole");
        let recovered = opened.recover(&mut book).expect("it is whole");
        let orders = left.orders();
        let mut open: Vec<&Value> = orders.iter().filter(|order| order["status"] == "PENDING").collect();
        assert_eq!((recovered.open_orders, book.open_orders()), (open.len(), open.len()));
        let held: Vec<u64> =
            book.orders_after(tradepit_engine::Number(0)).map(|order| order.accepted_number.0).collect();
        assert_eq!(
            held,
            open.iter().map(|order| order["accepted_seq"].as_u64().expect("a number")).collect::<Vec<_>>()
        );
        open.sort_by_key(|order| micros(&order["due_at"]));
        assert_eq!(book.next_due().map(|due| due.0), open.first().map(|order| micros(&order["due_at"])));
    }
}
