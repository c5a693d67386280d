//! With `--data-dir`: what was answered is there after a restart, whatever happened to it meanwhile.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::{Value, json};
use tradepit::config::Config;
use tradepit_actors::DelayModel;

use crate::support::folder::DataFolder;
use crate::support::rest::{Kept, assert_detail, id, listed, listed_ids, micros, next_page, path};
use crate::support::{Line, Recorder, Request, Venue, figures, id_of, pause, seq_of, text_at, until};

/// Ordinary orders execute at once, long ones stay open.
fn at_once_or_never(config: &mut Config) {
    config.venue.delay = DelayModel::None;
    config.venue.long_delay = DelayModel::Fixed { us: 3_600_000_000 };
}

/// Everything that is told after `since`, up to the number `upto`.
async fn replay(venue: &Venue, query: &str, upto: u64) -> Vec<String> {
    let mut subscriber = Recorder::subscribe(venue.addr, &format!("?format=json&{query}")).await;
    let mut told: Vec<String> = Vec::new();
    while told.last().is_none_or(|last| seq_of(last) < upto) {
        told.push(subscriber.text().await);
    }
    told
}

/// Every page of a list, in order.
async fn all_pages(venue: &Venue, first: &str) -> Vec<Vec<(String, Value)>> {
    let mut line = Kept::open(venue.addr).await;
    let (mut pages, mut next) = (Vec::new(), Some(first.to_owned()));
    while let Some(page) = next {
        let reply = line.ask("GET", &page, "").await;
        next = next_page(&reply);
        pages.push(listed(&reply));
    }
    pages
}

#[tokio::test]
async fn open_executed_and_cancelled_orders_are_shown_after_a_restart_as_before() {
    let folder = DataFolder::new();
    let venue = folder.venue(at_once_or_never);
    let (executed, open, cancelled) =
        (venue.place("A", 1).await, venue.place_long("B", 2).await, venue.place_long("C", 3).await);
    assert_eq!(venue.delete(&path(&cancelled)).await.status, 204);
    let before = venue.get("/orders").await.body;
    venue.stop().expect("it ends in order");
    let venue = folder.venue(at_once_or_never);
    assert_eq!(venue.get("/orders").await.body, before);
    for (order, status) in [(&executed, "EXECUTED"), (&open, "PENDING"), (&cancelled, "CANCELLED")] {
        let mut shown = venue.get(&path(order)).await.json();
        assert_eq!(shown["status"], status);
        // A list has none.
        shown.as_object_mut().expect("an object").remove("fills");
        assert_eq!(shown, serde_json::from_str::<Value>(&before).expect("JSON")[id(order)]);
    }
    assert_eq!(venue.get(&path(&open)).await.json(), open);
    assert_detail(&venue.get("/orders/1d70aeaa-658c-4799-819f-79c436d2dd18").await, 404, "Order not found");
}

#[tokio::test]
async fn deleting_a_closed_order_is_204_after_a_restart_and_changes_nothing() {
    let folder = DataFolder::new();
    let venue = folder.venue(at_once_or_never);
    let (executed, cancelled) = (venue.place("A", 1).await, venue.place_long("A", 1).await);
    assert_eq!(venue.delete(&path(&cancelled)).await.status, 204);
    let before = venue.get("/orders").await.body;
    drop(venue);
    let venue = folder.venue(at_once_or_never);
    for order in [&executed, &cancelled, &executed] {
        let reply = venue.delete(&path(order)).await;
        assert_eq!((reply.status, reply.body.as_str()), (204, ""), "{reply:?}");
    }
    assert_eq!(venue.get("/orders").await.body, before);
    assert_eq!(venue.place_long("A", 1).await["seq"], 5, "a cancel that changes nothing takes no number");
    assert_detail(&venue.delete("/orders/1d70aeaa-658c-4799-819f-79c436d2dd18").await, 404, "Order not found");
}

#[tokio::test]
async fn an_open_order_of_before_can_be_cancelled_and_executes_in_its_time() {
    let folder = DataFolder::new();
    let venue = folder.venue(|config| config.venue.delay = DelayModel::Fixed { us: 1_500_000 });
    let (first, second) = (venue.place("A", 1).await, venue.place("A", 2).await);
    drop(venue);
    let venue = folder.venue(at_once_or_never);
    let mut live = Recorder::subscribe(venue.addr, "?format=json&since=2").await;
    assert_eq!(venue.delete(&path(&first)).await.status, 204);
    assert_eq!(venue.get(&path(&first)).await.json()["status"], "CANCELLED");
    let cancelled: Value = serde_json::from_str(&live.text().await).expect("JSON");
    assert_eq!((&cancelled["id"], &cancelled["seq"]), (&first["id"], &json!(3)));
    let executed: Value = serde_json::from_str(&live.text().await).expect("JSON");
    assert_eq!((&executed["id"], &executed["status"]), (&second["id"], &json!("EXECUTED")));
    assert!(micros(&executed["at"]) >= micros(&second["due_at"]), "early: {executed}, {second}");
}

#[tokio::test]
async fn orders_that_fell_due_while_the_server_was_down_execute_at_once_under_new_numbers() {
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&["--delay", "2s", "--long-delay", "1h"]).await;
    let mut line = Line::open(addr).await;
    let open = line.place_long("DUE").await;
    // More than are executed in one go.
    let orders = line.place_many("DUE", 300).await;
    server.killed().await;
    let stored = folder.check().await;
    let stored = stored.strip_prefix("changes: ").and_then(|rest| rest.split(' ').next()?.parse::<usize>().ok());
    // Each order is accepted, the first one lists its symbol; one that executes tells two changes, and one status.
    let executed = (stored.expect("it counts changes") - 302) / 2;
    pause(Duration::from_millis(2_050)).await;
    let venue = folder.venue(|_| {});
    // The first thing that anybody is told.
    let shown = venue.get("/orders?status=PENDING").await;
    assert_eq!(listed_ids(&shown), [id(&open)]);
    let told = replay(&venue, "since=0", 601).await;
    let told: Vec<Value> = told.iter().map(|text| serde_json::from_str(text).expect("JSON")).collect();
    // On a slow machine the first ones were executed before the kill; the last one was not.
    let late = &told[301 + executed..];
    assert!(!late.is_empty() && late.iter().all(|change| change["status"] == "EXECUTED"), "{executed}");
    let executed = told.iter().filter(|change| change["status"] == "EXECUTED");
    for (order, change) in orders.iter().zip(executed) {
        assert_eq!(change["id"], order["id"], "in order of due time");
        assert!(micros(&change["at"]) >= micros(&order["due_at"]), "early: {change}, {order}");
    }
}

#[tokio::test]
async fn ids_and_delays_go_on_with_the_seed_as_without_a_restart() {
    let seeded = |config: &mut Config| {
        config.venue.seed = Some(7);
        config.venue.delay = DelayModel::Uniform { min_us: 1_000_000_000, max_us: 3_000_000_000 };
    };
    let drawn = |order: &Value| (id_of(order), micros(&order["due_at"]) - micros(&order["accepted_at"]));
    let in_memory = crate::support::own_venue(seeded);
    let mut expected = Vec::new();
    for _ in 0..9 {
        expected.push(drawn(&in_memory.place("SEED", 1).await));
    }
    let folder = DataFolder::new();
    let mut found = Vec::new();
    for _ in 0..3 {
        let venue = folder.venue(seeded);
        for _ in 0..3 {
            found.push(drawn(&venue.place("SEED", 1).await));
        }
    }
    assert_eq!(found, expected);
}

#[tokio::test]
async fn no_id_is_given_twice_and_each_is_found_whatever_the_seeds_were() {
    let folder = DataFolder::new();
    let mut placed: Vec<Value> = Vec::new();
    for seed in [None, Some(1), Some(2), Some(1), None, Some(1), Some(2), None] {
        let venue = folder.venue(|config| {
            at_once_or_never(config);
            config.venue.seed = seed;
        });
        for order in &placed {
            let shown = venue.get(&path(order)).await;
            assert_eq!((shown.status, shown.json()["accepted_at"].clone()), (200, order["accepted_at"].clone()));
        }
        for _ in 0..2 {
            placed.push(venue.place("SEED", 1).await);
        }
    }
    let different: HashSet<String> = placed.iter().map(id_of).collect();
    assert_eq!(different.len(), placed.len());
}

#[tokio::test]
async fn a_replay_reaches_further_back_than_memory_and_over_a_restart() {
    let folder = DataFolder::new();
    let small = |config: &mut Config| {
        at_once_or_never(config);
        config.venue.history = 10;
    };
    let venue = folder.venue(small);
    let mut live = Recorder::subscribe(venue.addr, "?format=json").await;
    let mut line = Line::open(venue.addr).await;
    // More than a few pieces of any size.
    for stoks in ["LONG-AGO", "SINCE", "LONG-AGO"] {
        line.place_many(stoks, 700).await;
    }
    let one = line.place_long("SINCE").await;
    let mut told = Vec::new();
    for _ in 0..4_201 {
        told.push(live.text().await);
    }
    let venue = {
        compare(&venue, &told, &one).await;
        drop(venue);
        folder.venue(small)
    };
    compare(&venue, &told, &one).await;
    let mut newest = Recorder::subscribe(venue.addr, "?format=json&since=4201").await;
    let next = venue.place_long("SINCE", 1).await;
    assert_eq!(text_at(&serde_json::from_str(&newest.text().await).expect("JSON"), "id"), id(&next));
    let refused = Request::new("GET", "/ws?format=json&since=4203").header("Upgrade", "websocket");
    let refused = refused.header("Connection", "Upgrade").header("Sec-WebSocket-Version", "13");
    let refused = refused.header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==").send(venue.addr).await;
    assert_eq!((refused.status, &refused.json()["detail"][0]["loc"]), (422, &json!(["query", "since"])));
}

async fn compare(venue: &Venue, told: &[String], one: &Value) {
    for since in [0, 1, 2, 999, 4_095, 4_096, 4_190, 4_191, 4_200] {
        let again = replay(venue, &format!("since={since}"), 4_201).await;
        assert!(again == told[since..], "since {since} differs");
    }
    let of = |part: &str| told.iter().filter(|text| text.contains(part)).cloned().collect::<Vec<_>>();
    assert!(replay(venue, "since=0&stoks=SINCE", 4_201).await == of(r#""SINCE""#));
    assert!(replay(venue, &format!("since=0&order_id={}", id(one)), 4_201).await == of(id(one)));
}

#[tokio::test]
async fn every_stored_order_is_on_a_page_before_and_after_a_restart() {
    let folder = DataFolder::new();
    let venue = folder.venue(at_once_or_never);
    let mut line = Line::open(venue.addr).await;
    let mut ids: Vec<String> = Vec::new();
    ids.push(id_of(&line.place_long("FIRST").await));
    ids.extend(line.place_many("PAGES", 1_100).await.iter().map(id_of));
    for _ in 0..5 {
        ids.push(id_of(&line.place_long("LAST").await));
    }
    drop(line);
    let before = all_pages(&venue, "/orders").await;
    drop(venue);
    let venue = folder.venue(at_once_or_never);
    let pages = all_pages(&venue, "/orders").await;
    assert!(pages == before, "the restart changed the list");
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [1_000, 106]);
    assert!(pages.concat().into_iter().map(|(id, _)| id).eq(ids.iter().cloned()), "not in order of creation");
    let of = async |query: &str| all_pages(&venue, query).await.concat().into_iter().map(|(id, _)| id).collect();
    let found: Vec<String> = of("/orders?limit=300&status=EXECUTED").await;
    assert_eq!(found, ids[1..1_101]);
    let found: Vec<String> = of("/orders?limit=2&status=PENDING").await;
    assert_eq!(found, [&ids[..1], &ids[1_101..]].concat());
    let found: Vec<String> = of("/orders?stoks=LAST&limit=4").await;
    assert_eq!(found, ids[1_101..]);
    let found: Vec<String> = of(&format!("/orders?after={}", ids[1_104])).await;
    assert_eq!(found, ids[1_105..]);
    let unknown = venue.get("/orders?after=1d70aeaa-658c-4799-819f-79c436d2dd18").await;
    assert_eq!((unknown.status, &unknown.json()["detail"][0]["loc"]), (422, &json!(["query", "after"])));
}

#[tokio::test]
async fn closed_orders_leave_the_memory_and_only_open_ones_count_as_held() {
    let folder = DataFolder::new();
    let venue = folder.venue(|config| {
        at_once_or_never(config);
        config.venue.max_orders = 3.try_into().expect("not zero");
    });
    let mut line = Line::open(venue.addr).await;
    let orders = line.place_many("MANY", 200).await;
    until("the closed orders to leave", async || {
        (figures::figure(venue.addr, "tradepit_orders_held").await <= 3).then_some(())
    })
    .await;
    for order in orders.iter().step_by(20) {
        assert_eq!(venue.get(&path(order)).await.json()["status"], "EXECUTED");
        assert_eq!(venue.delete(&path(order)).await.status, 204);
    }
    assert_eq!(all_pages(&venue, "/orders?stoks=MANY").await.concat().len(), 200);
    for _ in 0..3 {
        line.place_long("OPEN").await;
    }
    let refused = venue.post("/orders", r#"{"stoks": "OPEN", "quantity": 1}"#).await;
    crate::support::rest::assert_overloaded(&refused);
}

#[tokio::test]
async fn nothing_is_lost_when_a_busy_server_is_told_to_stop() {
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&["--delay", "20ms"]).await;
    let mut live = Recorder::subscribe(addr, "?format=json").await;
    let trade = async || {
        let mut line = Line::open(addr).await;
        let mut placed = Vec::new();
        let body = r#"{"stoks": "STOP", "quantity": 7}"#;
        loop {
            let length = body.len();
            let head = format!("POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n");
            line.try_send(head + body).await;
            match line.try_reply().await {
                Some(reply) if reply.status == 200 => placed.push(id_of(&reply.json())),
                Some(reply) => assert_eq!(reply.status, 503, "{reply:?}"),
                None => return placed,
            }
        }
    };
    let stop = async {
        // Once it is busy.
        for _ in 0..100 {
            live.text().await;
        }
        server.signal("TERM");
        server.ended().await
    };
    let (ended, first, second) = tokio::join!(stop, trade(), trade());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    folder.check().await;
    let venue = folder.venue(|_| {});
    let kept: HashSet<String> = all_pages(&venue, "/orders").await.concat().into_iter().map(|(id, _)| id).collect();
    for id in first.iter().chain(&second) {
        assert!(kept.contains(id), "{id} was answered with 200, and is gone");
    }
    assert!(first.len() + second.len() > 40, "there was hardly any load");
}

#[tokio::test]
async fn commits_are_counted_and_nothing_is_left_unconfirmed() {
    let folder = DataFolder::new();
    let venue = folder.venue(at_once_or_never);
    let before = figures::figure(venue.addr, "tradepit_store_commits_total").await;
    venue.place_long("A", 1).await;
    venue.place_long("A", 2).await;
    let after = figures::figure(venue.addr, "tradepit_store_commits_total").await;
    // One after the other: neither could share the other's sync.
    assert!(after >= before + 2, "{before} and {after}");
    assert_eq!(figures::figure(venue.addr, "tradepit_store_unconfirmed").await, 0);
}
