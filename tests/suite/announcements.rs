//! What a subscriber is told, and in which order (contract, "WebSocket"; invariant 4).

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use serde_json::Value;
use tradepit_places::everywhere;

use crate::support::raw_ws::{FIN, PING, TEXT};
use crate::support::{
    Dice, Line, RawSocket, Recorder, as_text, change, id_of, own_venue, seq_of, text_at, until, venue,
};

async fn recorder(query: &str) -> Recorder {
    Recorder::subscribe(venue(), query).await
}

async fn line() -> Line {
    Line::open(venue()).await
}

fn parse(told: &str) -> Value {
    serde_json::from_str(told).unwrap_or_else(|error| panic!("{error} in {told}"))
}

fn keys(json: &Value) -> BTreeSet<&str> {
    json.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// Places so many orders and cancels some of them while they may still be pending; returns all ids.
async fn trade(stoks: &str, count: usize, mut dice: Dice) -> Vec<String> {
    let mut line = line().await;
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(id_of(&line.place(stoks).await));
        if dice.below(3) == 0 {
            assert_eq!(line.cancel(&ids[dice.below(ids.len())]).await, 204);
        }
    }
    ids
}

/// Places an order that falls due after this time, and returns its id: when it was executed, so was all that was due.
async fn place_due_after(line: &mut Line, stoks: &str, due_at: &str) -> String {
    loop {
        let order = line.place(stoks).await;
        if text_at(&order, "due_at").as_str() > due_at {
            return id_of(&order);
        }
    }
}

#[everywhere]
async fn an_announcement_is_one_unmasked_text_frame_with_exactly_the_words_of_the_contract() {
    let mut subscriber = RawSocket::open(venue(), "").await;
    let id = id_of(&line().await.place("WS-WORDS").await);
    let mut told = Vec::new();
    while told.len() < 2 {
        let frame = subscriber.frame().await.expect("the connection stands");
        if frame.first != FIN | PING {
            assert_eq!(frame.first, FIN | TEXT, "{frame:?}");
            if frame.text().contains(&id) {
                told.push(frame.text().to_owned());
            }
        }
    }
    assert_eq!(told, [format!("{id} is PENDING"), format!("{id} is EXECUTED")]);
}

#[everywhere]
async fn an_order_is_announced_pending_and_then_with_one_end_only() {
    let (mut subscriber, mut line) = (recorder("").await, line().await);
    let executed = line.place("WS-ENDS").await;
    let cancelled = line.place("WS-ENDS").await;
    assert_eq!(line.cancel(&id_of(&cancelled)).await, 204);
    assert_eq!(line.cancel(&id_of(&cancelled)).await, 204, "a second time");
    let executed_id = id_of(&executed);
    until("the execution", async || {
        (line.get(&format!("/orders/{executed_id}")).await["status"] == "EXECUTED").then_some(())
    })
    .await;
    assert_eq!(line.cancel(&executed_id).await, 204, "too late");
    let due_at = text_at(&executed, "due_at").max(text_at(&cancelled, "due_at"));
    let last = place_due_after(&mut line, "WS-ENDS", &due_at).await;
    let told = subscriber.until_closed([&last]).await;
    let of = |order: &Value| -> Vec<String> {
        let id = id_of(order);
        told.iter().map(|told| change(told)).filter(|(of, _)| *of == id).map(|(_, status)| status).collect()
    };
    assert_eq!(of(&executed), ["PENDING", "EXECUTED"]);
    assert_eq!(of(&cancelled), ["PENDING", "CANCELLED"]);
}

#[everywhere]
async fn five_subscribers_under_load_see_every_change_once_and_in_one_global_order() {
    let queries = ["", "?format=json", "?format=text", "?format=json", ""];
    let mut subscribers = join_all(queries.map(recorder)).await;
    let traders = (0..4).map(|seed| trade("WS-FIVE", 60, Dice::seeded(seed)));
    let ids = join_all(traders).await.concat();
    let streams = join_all(subscribers.iter_mut().map(|subscriber| subscriber.until_closed(&ids))).await;

    let ours: BTreeSet<&String> = ids.iter().collect();
    // Others trade here too. From our first order on all five were subscribed, so they were told the same.
    let streams: Vec<Vec<String>> = streams
        .iter()
        .map(|told| told.iter().map(|told| as_text(told)).skip_while(|told| !ours.contains(&change(told).0)).collect())
        .collect();
    for (stream, query) in streams.iter().zip(queries) {
        assert_eq!(stream, &streams[0], "{query:?} differs from the first");
    }
    let mut changes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, status) in streams[0].iter().map(|told| change(told)).filter(|(id, _)| ours.contains(id)) {
        changes.entry(id).or_default().push(status);
    }
    assert_eq!(changes.len(), ids.len());
    for (id, statuses) in changes {
        assert!(statuses == ["PENDING", "EXECUTED"] || statuses == ["PENDING", "CANCELLED"], "{id}: {statuses:?}");
    }
}

#[everywhere]
async fn a_subscriber_misses_nothing_from_its_101_on() {
    let load = async {
        join_all((0..3).map(|seed| trade("WS-101", 150, Dice::seeded(10 + seed)))).await;
    };
    let joining = async {
        let mut line = line().await;
        for turn in 0..40 {
            let query = ["", "?format=json", "?stoks=WS-101-NEW"][turn % 3];
            let mut subscriber = RawSocket::open(venue(), query).await;
            // The very next thing after the 101 was read.
            let id = id_of(&line.place("WS-101-NEW").await);
            assert_eq!(as_text(&subscriber.text_of(&id).await), format!("{id} is PENDING"), "{query}");
            assert_eq!(line.cancel(&id).await, 204);
            let end = change(&subscriber.text_of(&id).await).1;
            assert!(end == "CANCELLED" || end == "EXECUTED", "{end}");
        }
    };
    tokio::join!(load, joining);
}

#[everywhere]
async fn the_json_form_has_exactly_the_fields_of_the_contract_and_agrees_with_rest() {
    let (mut subscriber, mut line) = (recorder("?format=json").await, line().await);
    let placed = line.place("WS-JSON").await;
    let doomed = line.place_long("WS-JSON").await;
    let (id, doomed_id) = (id_of(&placed), id_of(&doomed));
    assert_eq!(line.cancel(&doomed_id).await, 204);

    let told = subscriber.until_closed([&id, &doomed_id]).await;
    let told: Vec<Value> = told.iter().map(|told| parse(told)).collect();
    let find = |id: &str, status: &str| {
        told.iter().find(|told| told["id"] == id && told["status"] == status).expect("it was announced")
    };
    let open_keys = BTreeSet::from(["seq", "at", "id", "stoks", "quantity", "status", "due_at"]);
    let closed_keys = BTreeSet::from(["seq", "at", "id", "stoks", "quantity", "status"]);

    for order in [&placed, &doomed] {
        let pending = find(&id_of(order), "PENDING");
        assert_eq!(keys(pending), open_keys);
        assert_eq!((&pending["stoks"], &pending["quantity"]), (&"WS-JSON".into(), &7.into()));
        assert_eq!(pending["seq"], order["seq"]);
        assert_eq!(pending["at"], order["accepted_at"]);
        assert_eq!(pending["due_at"], order["due_at"]);
    }
    for (id, status) in [(&id, "EXECUTED"), (&doomed_id, "CANCELLED")] {
        let (end, order) = (find(id, status), line.get(&format!("/orders/{id}")).await);
        assert_eq!(keys(end), closed_keys);
        assert_eq!((&end["stoks"], &end["quantity"]), (&"WS-JSON".into(), &7.into()));
        assert_eq!(end["seq"], order["seq"]);
        assert_eq!(end["at"], order["closed_at"]);
        assert_eq!(end["status"], order["status"]);
    }
    let executed_at = text_at(find(&id, "EXECUTED"), "at");
    assert!(executed_at >= text_at(&placed, "due_at"), "executed at {executed_at}: {placed}");
    for told in &told {
        let at = text_at(told, "at");
        assert!(at.len() == "2026-11-22T08:00:00.123456Z".len() && at.ends_with('Z') && &at[19..20] == ".", "{at}");
    }
}

#[everywhere]
async fn an_order_executes_at_the_time_that_its_pending_announcement_tells() {
    let (mut subscriber, mut line) = (recorder("?format=json&stoks=WS-DUE").await, line().await);
    let orders = line.place_many("WS-DUE", 50).await;
    let ids: Vec<String> = orders.iter().map(id_of).collect();
    let told = subscriber.until_closed(&ids).await;
    let mut due_at = BTreeMap::new();
    for told in told.iter().map(|told| parse(told)) {
        match told.get("due_at") {
            Some(due) => drop(due_at.insert(id_of(&told), due.clone())),
            None => {
                let due = text_at(&serde_json::json!({"due_at": due_at[&id_of(&told)]}), "due_at");
                assert!(text_at(&told, "at") >= due, "early: due at {due}, {told}");
            }
        }
    }
    assert_eq!(due_at.len(), ids.len());
}

#[tokio::test]
async fn numbers_start_at_1_and_rise_by_exactly_1() {
    let venue = own_venue(|_| {});
    let mut subscriber = Recorder::subscribe(venue.addr, "?format=json").await;
    let mut line = Line::open(venue.addr).await;
    let orders = line.place_many("WS-SEQ", 100).await;
    let ids: Vec<String> = orders.iter().map(id_of).collect();
    for id in ids.iter().step_by(7) {
        assert_eq!(line.cancel(id).await, 204);
    }
    let told = subscriber.until_closed(&ids).await;
    let numbers: Vec<u64> = told.iter().map(|told| seq_of(told)).collect();
    assert_eq!(numbers, (1..=200).collect::<Vec<u64>>());
}

#[everywhere]
async fn numbers_have_no_gap_for_whoever_sees_all() {
    let mut subscriber = recorder("?format=json").await;
    let ids = trade("WS-GAPS", 80, Dice::seeded(3)).await;
    let told = subscriber.until_closed(&ids).await;
    let numbers: Vec<u64> = told.iter().map(|told| seq_of(told)).collect();
    let whole: Vec<u64> = (numbers[0]..).take(numbers.len()).collect();
    assert_eq!(numbers, whole);
}

#[everywhere]
async fn a_filter_by_symbol_lets_through_all_of_that_symbol_and_nothing_else() {
    for format in ["", "format=json&"] {
        let mut line = line().await;
        let symbol = if format.is_empty() { "WS-A/1" } else { "WS-A/2" };
        let escaped = symbol.replace('/', "%2F");
        let mut plain = recorder(&format!("?{format}stoks={symbol}")).await;
        let mut encoded = recorder(&format!("?stoks={escaped}&{format}")).await;
        let mut wanted = Vec::new();
        for turn in 0..30 {
            // Neither a longer nor a shorter symbol is the same, nor one in other case.
            let other = [format!("{symbol}2"), symbol[..5].to_owned(), symbol.to_lowercase()];
            line.place(&other[turn % 3]).await;
            wanted.push(id_of(&line.place(symbol).await));
        }
        for subscriber in [&mut plain, &mut encoded] {
            let told = subscriber.until_closed(&wanted).await;
            assert_eq!(told.len(), 2 * wanted.len(), "{told:?}");
            let told: BTreeSet<String> = told.iter().map(|told| change(told).0).collect();
            assert_eq!(told, wanted.iter().cloned().collect());
        }
    }
}

#[everywhere]
async fn a_filter_by_order_lets_through_the_rest_of_that_order_and_nothing_else() {
    let mut line = line().await;
    let order = line.place_long("WS-ONE").await;
    let id = id_of(&order);
    let queries = [
        format!("?order_id={id}"),
        format!("?order_id={id}&format=json"),
        format!("?format=json&order_id={id}&stoks=WS-ONE"),
        format!("?order_id={id}&unknown=1"),
    ];
    let mut subscribers = join_all(queries.iter().map(|query| recorder(query))).await;
    let mut other_symbol = recorder(&format!("?order_id={id}&stoks=WS-TWO")).await;
    let decoy = line.place("WS-TWO").await;
    line.place_many("WS-ONE", 20).await;
    assert_eq!(line.cancel(&id_of(&decoy)).await, 204);
    assert_eq!(line.cancel(&id).await, 204);
    for subscriber in &mut subscribers {
        assert_eq!(as_text(&subscriber.text().await), format!("{id} is CANCELLED"), "the first thing that it is told");
    }
    // Both filters count: this one can never be told anything. It is not slow either: its connection answers.
    let silence = tokio::time::timeout(std::time::Duration::from_millis(500), other_symbol.text()).await;
    assert!(silence.is_err(), "{silence:?}");
}

#[everywhere]
async fn what_a_reply_has_told_is_on_its_way_to_every_subscriber() {
    let queries = ["", "?format=json", "?stoks=WS-AGREE"];
    let one_order = async |cancel: bool| {
        let mut subscribers = join_all(queries.map(recorder)).await;
        let mut line = line().await;
        let id = id_of(&line.place("WS-AGREE").await);
        for subscriber in &mut subscribers {
            assert_eq!(as_text(&subscriber.text_of(&id).await), format!("{id} is PENDING"));
        }
        let path = format!("/orders/{id}");
        if cancel {
            assert_eq!(line.cancel(&id).await, 204);
        }
        let status = until("its end", async || {
            let status = text_at(&line.get(&path).await, "status");
            assert!(!(cancel && status == "PENDING"), "a cancelled order is pending");
            (status != "PENDING").then_some(status)
        })
        .await;
        for subscriber in &mut subscribers {
            assert_eq!(as_text(&subscriber.text_of(&id).await), format!("{id} is {status}"));
        }
    };
    join_all((0..12).map(|turn| one_order(turn % 2 == 0))).await;
}

#[everywhere]
async fn what_was_announced_is_what_rest_tells() {
    let mut subscriber = recorder("?format=json&stoks=WS-THEN").await;
    let (mut placing, mut asking) = (line().await, line().await);
    let placed = placing.place_many("WS-THEN", 40);
    let checked = async {
        for _ in 0..80 {
            let told = parse(&subscriber.text().await);
            let order = asking.get(&format!("/orders/{}", id_of(&told))).await;
            if told["status"] == "PENDING" {
                assert!(order["seq"].as_u64() >= told["seq"].as_u64(), "{told} but {order}");
            } else {
                assert_eq!((&order["status"], &order["seq"]), (&told["status"], &told["seq"]));
            }
        }
    };
    tokio::join!(placed, checked);
}

#[everywhere]
async fn a_cancelled_order_is_never_announced_as_executed() {
    // Cancelled around the time at which they fall due: either end is right, both are not.
    let mut subscriber = recorder("?stoks=WS-RACE").await;
    let mut line = line().await;
    let orders = line.place_many("WS-RACE", 200).await;
    let ids: Vec<String> = orders.iter().map(id_of).collect();
    for id in &ids {
        assert_eq!(line.cancel(id).await, 204);
    }
    let mut ends = BTreeMap::new();
    for id in &ids {
        ends.insert(id.clone(), text_at(&line.get(&format!("/orders/{id}")).await, "status"));
    }
    let due_at = orders.iter().map(|order| text_at(order, "due_at")).max().expect("there are orders");
    let last = place_due_after(&mut line, "WS-RACE", &due_at).await;
    let told = subscriber.until_closed([&last]).await;
    let mut told_ends: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, status) in
        told.iter().map(|told| change(told)).filter(|(id, status)| status != "PENDING" && ends.contains_key(id))
    {
        told_ends.entry(id).or_default().push(status);
    }
    for (id, end) in ends {
        assert_eq!(told_ends[&id], [end], "{id}");
    }
}
