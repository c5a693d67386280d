//! Repeating a request: under one name there is one order, and the first reply is given again.

mod client_order_ids;
mod keys;
mod stored;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tradepit_actors::DelayModel;
use tradepit_places::everywhere;

use crate::support::folder::DataFolder;
use crate::support::rest::{assert_overloaded, flaw_places, id, listed, listed_ids, path, symbol};
use crate::support::{Base, Recorder, Reply, Request, own_venue, venue};

/// Places an order with these names.
async fn place(at: impl Into<Base>, key: Option<&str>, body: &str) -> Reply {
    let request = Request::new("POST", "/orders").body(body);
    let request = match key {
        Some(key) => request.header("Idempotency-Key", key),
        None => request,
    };
    request.send(at).await
}

fn body(stoks: &str, quantity: u64) -> String {
    json!({"stoks": stoks, "quantity": quantity}).to_string()
}

fn named(stoks: &str, quantity: u64, client_order_id: &str) -> String {
    json!({"stoks": stoks, "quantity": quantity, "client_order_id": client_order_id}).to_string()
}

fn is_replayed(reply: &Reply) -> bool {
    match reply.header("idempotent-replayed") {
        None => false,
        value => value == Some("true") || panic!("{reply:?}"),
    }
}

/// A first reply, and the same one again.
#[track_caller]
fn assert_again(first: &Reply, again: &Reply) {
    assert_eq!((first.status, is_replayed(first)), (200, false), "{first:?}");
    assert_eq!((again.status, is_replayed(again)), (200, true), "{again:?}");
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("content-type"), first.header("content-type"));
}

/// The one flaw of a refused name.
#[track_caller]
fn assert_taken(reply: &Reply, place: &str) {
    assert_eq!(flaw_places(reply), [place], "{reply:?}");
    assert!(!is_replayed(reply));
}
