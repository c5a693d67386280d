//! Asking for the newest changes: `last=N` is `since` with the number that a client cannot know (OpenAPI, `/ws`).

use serde_json::{Value, json};
use tradepit::config::Config;
use tradepit_actors::DelayModel;

use crate::support::folder::DataFolder;
use crate::support::{Line, Recorder, Venue, id_of, own_venue, seq_of, text_at};

/// Ordinary orders execute at once, long ones stay open; few changes are held in memory.
fn at_once_or_never(config: &mut Config) {
    config.venue.delay = DelayModel::None;
    config.venue.long_delay = DelayModel::Fixed { us: 3_600_000_000 };
    config.venue.history = 40;
}

fn parse(told: &str) -> Value {
    serde_json::from_str(told).unwrap_or_else(|error| panic!("{error} in {told}"))
}

/// So many texts, asked for with this query.
async fn first_texts(venue: &Venue, query: &str, count: usize) -> Vec<String> {
    let mut subscriber = Recorder::subscribe(venue.addr, &format!("?format=json&{query}")).await;
    let mut told = Vec::new();
    for _ in 0..count {
        told.push(subscriber.text().await);
    }
    told
}

/// 100 changes, the last of which opened an order.
async fn trade(venue: &Venue) -> Line {
    let mut line = Line::open(venue.addr).await;
    line.place_many("LAST-A", 44).await;
    for turn in 0..12 {
        line.place_long(["LAST-A", "LAST-B"][turn % 2]).await;
    }
    line
}

#[tokio::test]
async fn the_newest_changes_are_replayed_as_since_replays_them() {
    let venue = own_venue(at_once_or_never);
    let mut line = trade(&venue).await;
    for last in [1, 7, 39, 40] {
        let replayed = first_texts(&venue, &format!("last={last}"), last).await;
        assert_eq!(replayed, first_texts(&venue, &format!("since={}", 100 - last), last).await, "last {last}");
        assert_eq!((seq_of(&replayed[0]), seq_of(&replayed[last - 1])), (101 - last as u64, 100), "last {last}");
    }
    let mut subscriber = Recorder::subscribe(venue.addr, "?last=3&format=json").await;
    let order = line.place("LAST-B").await;
    for seq in 98..=102 {
        assert_eq!(seq_of(&subscriber.text().await), seq, "it goes on live");
    }
    assert_eq!(order["seq"], 101);
}

#[tokio::test]
async fn the_last_0_changes_are_none_and_it_is_live_at_once() {
    let venue = own_venue(at_once_or_never);
    let mut fresh = Recorder::subscribe(venue.addr, "?format=json&last=0").await;
    let mut line = trade(&venue).await;
    let mut late = Recorder::subscribe(venue.addr, "?format=json&last=0").await;
    line.place_long("LAST-A").await;
    assert_eq!((seq_of(&fresh.text().await), seq_of(&late.text().await)), (1, 101));
}

#[tokio::test]
async fn more_than_there_ever_were_begins_with_the_first_change_of_all() {
    let venue = own_venue(at_once_or_never);
    let mut early = Recorder::subscribe(venue.addr, "?format=json&last=1000").await;
    let mut line = Line::open(venue.addr).await;
    let order = line.place_long("LAST-A").await;
    assert_eq!(text_at(&parse(&early.text().await), "id"), id_of(&order));
    line.place_many("LAST-A", 15).await;
    for query in ["last=31", "last=32", "last=18446744073709551615"] {
        assert_eq!(first_texts(&venue, query, 31).await, first_texts(&venue, "since=0", 31).await, "{query}");
    }
}

#[tokio::test]
async fn what_is_no_longer_held_is_replaced_by_lagged_and_the_open_orders() {
    let venue = own_venue(at_once_or_never);
    trade(&venue).await;
    for last in [41, 99, 100, 1_000] {
        let told = first_texts(&venue, &format!("last={last}"), 13).await;
        assert_eq!(parse(&told[0]), json!({"type": "lagged", "oldest": 61, "seq": 100}), "last {last}");
        for text in &told[1..] {
            let order = parse(text);
            assert_eq!((&order["type"], &order["status"]), (&json!("order"), &json!("PENDING")), "last {last}");
            assert_eq!(order["accepted_seq"], order["seq"], "an open order's only change accepted it: {order}");
        }
    }
}

#[tokio::test]
async fn they_are_counted_before_they_are_filtered() {
    let venue = own_venue(at_once_or_never);
    let mut line = trade(&venue).await;
    let mut subscriber = Recorder::subscribe(venue.addr, "?format=json&last=4&stoks=LAST-B").await;
    line.place_long("LAST-A").await;
    line.place_long("LAST-B").await;
    for seq in [98, 100, 102] {
        assert_eq!(seq_of(&subscriber.text().await), seq);
    }
}

#[tokio::test]
async fn with_a_data_folder_older_ones_come_from_there_before_and_after_a_restart() {
    let folder = DataFolder::new();
    let venue = folder.venue(at_once_or_never);
    trade(&venue).await;
    let all = first_texts(&venue, "since=0", 100).await;
    drop(venue);
    let venue = folder.venue(at_once_or_never);
    for last in [1_usize, 40, 41, 99, 100, 5_000] {
        let count = last.min(100);
        let told = first_texts(&venue, &format!("last={last}"), count).await;
        assert_eq!(told, all[100 - count..], "last {last}");
    }
    let mut subscriber = Recorder::subscribe(venue.addr, "?format=json&last=60").await;
    Line::open(venue.addr).await.place_long("LAST-A").await;
    for seq in 41..=101 {
        assert_eq!(seq_of(&subscriber.text().await), seq);
    }
}
