//! `--retain` and `--retain-orders`: what is removed is gone with its changes, and whoever asks for it is told so.

use std::time::Duration;

use serde_json::{Value, json};
use tradepit::config::Config;
use tradepit_actors::DelayModel;

use crate::support::folder::DataFolder;
use crate::support::rest::{flaw_places, id, listed, listed_ids, native_fields, path};
use crate::support::{Line, Recorder, Request, Venue, pause, seq_of, until};

fn keep_ten(config: &mut Config) {
    config.venue.delay = DelayModel::None;
    config.venue.long_delay = DelayModel::Fixed { us: 3_600_000_000 };
    config.venue.history = 10;
    config.venue.retain_orders = 10.try_into().ok();
}

fn parse(told: &str) -> Value {
    serde_json::from_str(told).unwrap_or_else(|error| panic!("{error} in {told}"))
}

/// Waits until so many orders are left, open and closed.
async fn until_left(venue: &Venue, count: usize) -> Vec<(String, Value)> {
    until("the old orders to be removed", async || {
        let orders = listed(&venue.get("/orders").await);
        (orders.len() == count).then_some(orders)
    })
    .await
}

/// Two open orders, and ten closed ones that are left of 300.
async fn venue_that_removed(folder: &DataFolder) -> (Venue, Vec<Value>, Vec<Value>) {
    let venue = folder.venue(keep_ten);
    let mut line = Line::open(venue.addr).await;
    let open = vec![line.place_long("OPEN").await, line.place_long("OPEN").await];
    let closed = line.place_many("CLOSED", 300).await;
    until_left(&venue, 12).await;
    (venue, open, closed)
}

#[tokio::test]
async fn closed_orders_beyond_the_limit_are_removed_oldest_first_and_open_ones_stay() {
    let folder = DataFolder::new();
    let (venue, open, closed) = venue_that_removed(&folder).await;
    let left: Vec<&str> = open.iter().chain(&closed[290..]).map(id).collect();
    assert_eq!(listed_ids(&venue.get("/orders").await), left);
    assert_eq!(venue.get(&path(&closed[289])).await.status, 404);
    assert_eq!(venue.delete(&path(&closed[289])).await.status, 404);
    assert_eq!(venue.get(&path(&closed[290])).await.status, 200);
    let unknown = venue.get(&format!("/orders?after={}", id(&closed[0]))).await;
    assert_eq!(flaw_places(&unknown), ["query.after"]);
    assert!(folder.check().await.contains("12 (2 open)"), "beside the server");
    drop(venue);
    folder.check().await;
    let venue = folder.venue(keep_ten);
    assert_eq!(listed_ids(&venue.get("/orders").await), left);
    assert_eq!(venue.delete(&path(&open[0])).await.status, 204);
    until_left(&venue, 11).await;
    folder.check().await;
}

#[tokio::test]
async fn a_since_before_what_is_kept_is_told_of_the_gap_and_the_open_orders_before_and_after_a_restart() {
    let folder = DataFolder::new();
    let (venue, open, _) = venue_that_removed(&folder).await;
    hear_of_the_gap(&venue, &open, 602).await;
    drop(venue);
    hear_of_the_gap(&folder.venue(keep_ten), &open, 604).await;
}

/// The newest change is `newest`; two more are made.
async fn hear_of_the_gap(venue: &Venue, open: &[Value], newest: u64) {
    let mut from_the_first = Recorder::subscribe(venue.addr, "?format=json&since=0").await;
    let oldest = parse(&from_the_first.text().await)["oldest"].as_u64().expect("the first change is gone");
    assert!(newest - oldest >= 19, "the changes of the last ten orders are held, at least: {oldest}");
    let mut just_held = Recorder::subscribe(venue.addr, &format!("?format=json&since={}", oldest - 1)).await;
    assert_eq!(seq_of(&just_held.text().await), oldest, "no gap: it is just still held");
    let subscribe = async |query: &str| Recorder::subscribe(venue.addr, &format!("?format=json&since={query}")).await;
    let mut lagging = [subscribe("1").await, subscribe(&(oldest - 2).to_string()).await];
    let mut of_another = subscribe("0&stoks=CLOSED").await;
    for subscriber in lagging.iter_mut().chain([&mut of_another]) {
        assert_eq!(parse(&subscriber.text().await), json!({"type": "lagged", "oldest": oldest, "seq": newest}));
    }
    let next = Line::open(venue.addr).await.place_long("NEXT").await;
    for subscriber in &mut lagging {
        for order in open {
            let mut told = parse(&subscriber.text().await);
            assert_eq!(told.as_object_mut().and_then(|told| told.remove("type")), Some(json!("order")));
            assert_eq!(told, native_fields(order));
        }
        assert_eq!(parse(&subscriber.text().await)["id"], next["id"]);
    }
    assert_eq!(venue.delete(&path(&next)).await.status, 204);
}

#[tokio::test]
async fn the_name_of_a_removed_order_stays_taken_and_its_key_is_free_again() {
    let folder = DataFolder::new();
    let venue = folder.venue(keep_ten);
    let place = async || {
        let body = r#"{"stoks": "NAMED", "quantity": 1, "client_order_id": "mine"}"#;
        Request::new("POST", "/orders").body(body).send(venue.addr).await
    };
    let place_keyed = async || {
        let body = r#"{"stoks": "KEYED", "quantity": 1}"#;
        Request::new("POST", "/orders").header("Idempotency-Key", "once").body(body).send(venue.addr).await
    };
    let (named, keyed) = (place().await, place_keyed().await);
    Line::open(venue.addr).await.place_many("CLOSED", 30).await;
    until_left(&venue, 10).await;
    assert_eq!(venue.get(&path(&named.json())).await.status, 404);
    assert_eq!(venue.get("/orders?client_order_id=mine").await.body, "{}");
    assert_eq!(flaw_places(&place().await), ["body.client_order_id"]);
    let again = place_keyed().await;
    assert_eq!((again.status, again.header("idempotent-replayed")), (200, None), "{again:?}");
    assert_ne!(again.json()["id"], keyed.json()["id"]);
    folder.check().await;
}

#[tokio::test]
async fn orders_are_removed_so_long_after_they_were_closed() {
    let folder = DataFolder::new();
    let venue = folder.venue(|config| {
        keep_ten(config);
        config.venue.retain_orders = None;
        config.venue.retain = Some(1_000_000);
    });
    let mut line = Line::open(venue.addr).await;
    line.place_many("OLD", 20).await;
    let open = line.place_long("OLD").await;
    pause(Duration::from_millis(1_100)).await;
    // Age is counted back from the newest change.
    assert_eq!(listed(&venue.get("/orders").await).len(), 21);
    let young = line.place("YOUNG").await;
    let left = until_left(&venue, 2).await;
    assert_eq!(left.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), [id(&open), id(&young)]);
    folder.check().await;
}

#[tokio::test]
async fn removing_keeps_up_with_a_busy_server_and_check_holds_all_the_time() {
    let folder = DataFolder::new();
    let venue = folder.venue(keep_ten);
    let mut line = Line::open(venue.addr).await;
    for _ in 0..8 {
        line.place_many("BUSY", 100).await;
        line.place_long("OPEN").await;
        folder.check().await;
    }
    until_left(&venue, 18).await;
    let before = venue.get("/orders").await.body;
    venue.stop().expect("it ends in order");
    folder.check().await;
    assert_eq!(folder.venue(keep_ten).get("/orders").await.body, before);
}

#[tokio::test]
async fn a_limit_set_later_removes_what_is_beyond_it_at_the_next_start() {
    let folder = DataFolder::new();
    let venue = folder.venue(|config| config.venue.delay = DelayModel::None);
    let closed = Line::open(venue.addr).await.place_many("CLOSED", 50).await;
    drop(venue);
    let venue = folder.venue(keep_ten);
    let left = until_left(&venue, 10).await;
    assert!(left.iter().map(|(id, _)| id.as_str()).eq(closed[40..].iter().map(id)));
    folder.check().await;
}
