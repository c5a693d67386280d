//! Asking for the past: what was announced is told again, and goes on live (contract, "WebSocket"; invariant 4).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tradepit::config::Config;
use tradepit_actors::DelayModel;
use tradepit_places::everywhere;

use crate::support::folder::DataFolder;
use crate::support::raw_ws::{ask, handshake};
use crate::support::rest::native_fields;
use crate::support::{
    Dice, Line, RawSocket, Recorder, Request, Venue, figures, id_of, own_venue, pause, seq_of, text_at, venue,
};

fn parse(told: &str) -> Value {
    serde_json::from_str(told).unwrap_or_else(|error| panic!("{error} in {told}"))
}

/// A venue whose ordinary orders execute at once and whose long ones stay open.
fn venue_with_history(history: usize) -> Venue {
    own_venue(|config| {
        config.venue.history = history;
        config.venue.delay = DelayModel::None;
        config.venue.long_delay = DelayModel::Fixed { us: 3_600_000_000 };
    })
}

/// Everything told up to this number.
async fn told_up_to(subscriber: &mut Recorder, seq: u64) -> Vec<String> {
    let mut told = Vec::new();
    loop {
        let text = subscriber.text().await;
        let number = seq_of(&text);
        told.push(text);
        if number >= seq {
            assert_eq!(number, seq);
            return told;
        }
    }
}

/// The orders that are pending, by id, as `GET /orders` shows them to native clients.
async fn open_orders(venue: &Venue) -> BTreeMap<String, Value> {
    let orders = venue.get("/orders?status=PENDING").await.json();
    orders.as_object().expect("an object").iter().map(|(id, order)| (id.clone(), native_fields(order))).collect()
}

#[everywhere]
async fn what_was_announced_is_replayed_byte_for_byte() {
    let mut live = Recorder::subscribe(venue(), "?format=json").await;
    let mut line = Line::open(venue()).await;
    let mut ids: Vec<String> = line.place_many("SINCE-BYTES", 40).await.iter().map(id_of).collect();
    ids.push(id_of(&line.place_long("SINCE-BYTES").await));
    for id in ids.iter().skip(30) {
        assert_eq!(line.cancel(id).await, 204);
    }
    let announced = live.until_closed(&ids).await;
    let (first, last) = (seq_of(&announced[0]), seq_of(announced.last().expect("there are changes")));
    for since in [first - 1, first, first + 7, last - 1] {
        let mut replay = Recorder::subscribe(venue(), &format!("?since={since}&format=json")).await;
        let replayed = told_up_to(&mut replay, last).await;
        let after = usize::try_from(since + 1 - first).expect("it is short");
        assert_eq!(replayed, announced[after..], "since {since}");
    }
}

#[tokio::test]
async fn since_0_replays_everything_from_the_first_change_on() {
    let venue = venue_with_history(100_000);
    let mut early = Recorder::subscribe(venue.addr, "?format=json&since=0").await;
    let mut line = Line::open(venue.addr).await;
    // More than a few pieces of any size.
    line.place_many("SINCE-0", 1_000).await;
    let announced = told_up_to(&mut early, 2_000).await;
    assert_eq!(announced.len(), 2_000);
    let mut late = Recorder::subscribe(venue.addr, "?format=json&since=0").await;
    assert_eq!(told_up_to(&mut late, 2_000).await, announced);
    let order = line.place("SINCE-0").await;
    for subscriber in [&mut early, &mut late] {
        assert_eq!(text_at(&parse(&subscriber.text().await), "id"), id_of(&order), "live after the replay");
    }
}

#[tokio::test]
async fn since_the_newest_change_is_live_at_once_and_a_later_one_is_refused() {
    let venue = venue_with_history(100_000);
    let reply = ask(venue.addr, &handshake("?format=json&since=1")).await;
    assert_eq!((reply.status, &reply.json()["detail"][0]["loc"]), (422, &json!(["query", "since"])));
    let mut fresh = Recorder::subscribe(venue.addr, "?format=json&since=0").await;
    let mut line = Line::open(venue.addr).await;
    line.place_many("SINCE-NEW", 5).await;
    let reply = ask(venue.addr, &handshake("?format=json&since=11")).await;
    assert_eq!((reply.status, &reply.json()["detail"][0]["loc"]), (422, &json!(["query", "since"])));
    let mut newest = Recorder::subscribe(venue.addr, "?format=json&since=10").await;
    line.place("SINCE-NEW").await;
    assert_eq!(seq_of(&newest.text().await), 11);
    assert_eq!(told_up_to(&mut fresh, 11).await.len(), 11);
}

#[tokio::test]
async fn a_replay_goes_on_live_without_gap_or_repeat_while_orders_are_placed() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::Uniform { min_us: 0, max_us: 200_000 });
    let mut live = Recorder::subscribe(venue.addr, "?format=json").await;
    let mut lines = join_all((0..2).map(|_| Line::open(venue.addr))).await;
    let load = async |line: &mut Line| -> Vec<Value> {
        let mut orders = Vec::new();
        for _ in 0..30 {
            orders.extend(line.place_many("SINCE-LIVE", 40).await);
            tokio::task::yield_now().await;
        }
        orders
    };
    let [first, second] = &mut lines[..] else { panic!("there are two lines") };
    let joining = async {
        let (mut dice, mut line) = (Dice::seeded(5), Line::open(venue.addr).await);
        let mut replays = Vec::new();
        for _ in 0..15 {
            let newest = usize::try_from(line.place("SINCE-JOIN").await["seq"].as_u64().expect("a number"));
            let since = dice.below(newest.expect("it is small") + 1) as u64;
            replays.push((since, Recorder::subscribe(venue.addr, &format!("?format=json&since={since}")).await));
        }
        replays
    };
    let (_, _, mut replays) = tokio::join!(load(first), load(second), joining);
    let total = 2 * (2 * 30 * 40 + 15);
    let announced = told_up_to(&mut live, total).await;
    for (since, replay) in &mut replays {
        let told = told_up_to(replay, total).await;
        assert!(told == announced[usize::try_from(*since).expect("it is small")..], "since {since} differs");
    }
}

#[tokio::test]
async fn a_replay_is_filtered_as_the_live_changes_are() {
    let venue = venue_with_history(100_000);
    let mut live = Recorder::subscribe(venue.addr, "?format=json").await;
    let mut line = Line::open(venue.addr).await;
    for _ in 0..300 {
        line.place("SINCE-X").await;
        line.place("SINCE-Y").await;
    }
    let long = id_of(&line.place_long("SINCE-X").await);
    line.place_many("SINCE-Y", 300).await;
    let by_symbol = Recorder::subscribe(venue.addr, "?format=json&stoks=SINCE-X&since=100").await;
    let by_order = Recorder::subscribe(venue.addr, &format!("?format=json&order_id={long}&since=100")).await;
    line.place_many("SINCE-Y", 10).await;
    assert_eq!(line.cancel(&long).await, 204);
    let newest = line.get(&format!("/orders/{long}")).await["seq"].as_u64().expect("a number");
    let announced = told_up_to(&mut live, newest).await;
    let wanted = |key: &str, value: &str| -> Vec<String> {
        announced[100..].iter().filter(|told| parse(told)[key] == value).cloned().collect()
    };
    for (mut subscriber, wanted) in [(by_symbol, wanted("stoks", "SINCE-X")), (by_order, wanted("id", &long))] {
        assert_eq!(told_up_to(&mut subscriber, newest).await, wanted);
    }
}

/// 100 changes, of which 40 are held; returns the id of an open order.
async fn venue_that_has_forgotten() -> (Venue, Line, String) {
    let venue = venue_with_history(40);
    let mut line = Line::open(venue.addr).await;
    let mut open = Vec::new();
    for turn in 0..16 {
        open.push(id_of(&line.place_long(["LAG-A", "LAG-B"][turn % 2]).await));
    }
    line.place_many("LAG-A", 38).await;
    for id in &open[..6] {
        assert_eq!(line.cancel(id).await, 204);
    }
    assert_eq!(line.place_long("LAG-A").await["seq"], 99);
    assert_eq!(line.place_long("LAG-B").await["seq"], 100);
    (venue, line, open.remove(10))
}

#[tokio::test]
async fn a_change_that_is_no_longer_held_is_replaced_by_lagged_and_the_open_orders() {
    let (venue, mut line, _) = venue_that_has_forgotten().await;
    let open = open_orders(&venue).await;
    assert_eq!(open.len(), 12);
    let mut subscribers = Vec::new();
    for since in [0, 1, 30, 59] {
        subscribers.push((since, Recorder::subscribe(venue.addr, &format!("?format=json&since={since}")).await));
    }
    line.place_many("LAG-C", 3).await;
    for (since, subscriber) in &mut subscribers {
        let lagged = parse(&subscriber.text().await);
        assert_eq!(lagged, json!({"type": "lagged", "oldest": 61, "seq": 100}), "since {since}");
        let mut told = BTreeMap::new();
        for _ in 0..open.len() {
            let mut order = parse(&subscriber.text().await);
            assert_eq!(order.as_object_mut().expect("an object").remove("type"), Some("order".into()), "{order}");
            assert!(told.insert(id_of(&order), order).is_none(), "twice");
        }
        assert_eq!(told, open, "since {since}");
        for seq in 101..=106 {
            assert_eq!(seq_of(&subscriber.text().await), seq, "since {since}");
        }
    }
}

#[tokio::test]
async fn a_change_that_is_just_still_held_is_replayed() {
    let (venue, _, _) = venue_that_has_forgotten().await;
    let mut subscriber = Recorder::subscribe(venue.addr, "?format=json&since=60").await;
    assert_eq!(seq_of(&subscriber.text().await), 61);
    assert_eq!(told_up_to(&mut subscriber, 100).await.len(), 39);
}

#[tokio::test]
async fn the_open_orders_after_a_gap_are_filtered_too() {
    let (venue, mut line, one) = venue_that_has_forgotten().await;
    let open = open_orders(&venue).await;
    let symbol = |order: &Value| text_at(order, "stoks");
    let wanted_of_b: BTreeSet<&String> = open.iter().filter(|(_, o)| symbol(o) == "LAG-B").map(|(id, _)| id).collect();
    let of_b = Recorder::subscribe(venue.addr, "?format=json&since=1&stoks=LAG-B").await;
    let of_one = Recorder::subscribe(venue.addr, &format!("?format=json&since=1&order_id={one}")).await;
    let of_c = Recorder::subscribe(venue.addr, "?format=json&since=1&stoks=LAG-C").await;
    line.place("LAG-C").await;
    assert_eq!(line.cancel(&one).await, 204);
    line.place("LAG-B").await;
    let wanted_of_one = BTreeSet::from([&one]);
    assert!(!wanted_of_b.contains(&one) && wanted_of_b.len() == 6, "{open:?}");
    let cases = [(of_b, wanted_of_b, 104), (of_one, wanted_of_one, 103), (of_c, BTreeSet::new(), 101)];
    for (mut subscriber, wanted, next) in cases {
        assert_eq!(parse(&subscriber.text().await), json!({"type": "lagged", "oldest": 61, "seq": 100}));
        let mut told = Vec::new();
        for _ in 0..wanted.len() {
            let order = parse(&subscriber.text().await);
            assert_eq!((&order["type"], &order["status"]), (&json!("order"), &json!("PENDING")));
            told.push(id_of(&order));
        }
        assert_eq!(told.iter().collect::<BTreeSet<_>>(), wanted);
        let change = parse(&subscriber.text().await);
        assert_eq!((&change["seq"], change.get("type")), (&json!(next), None));
    }
}

#[tokio::test]
async fn an_order_whose_changes_are_no_longer_held_is_told_whatever_the_cursor() {
    let venue = venue_with_history(10);
    let mut line = Line::open(venue.addr).await;
    let mine = id_of(&line.place_long("MINE").await);
    for _ in 0..10 {
        line.place_long("OTHERS").await;
    }
    for cursor in ["since=0", "last=1000", "last=11"] {
        let mut subscriber = Recorder::subscribe(venue.addr, &format!("?format=json&{cursor}&stoks=MINE")).await;
        let lagged = parse(&subscriber.text().await);
        assert_eq!(lagged, json!({"type": "lagged", "oldest": 2, "seq": 11}), "{cursor}");
        let order = parse(&subscriber.text().await);
        assert_eq!((&order["type"], id_of(&order)), (&json!("order"), mine.clone()), "{cursor}");
    }
}

/// Keeps the open orders from what it is told alone.
#[derive(Default)]
struct Mirror {
    seq: u64,
    open: BTreeSet<String>,
}

impl Mirror {
    fn hear(&mut self, told: &Value) {
        match (told["type"].as_str(), told["status"].as_str()) {
            (Some("lagged"), _) => {
                self.open.clear();
                self.seq = told["seq"].as_u64().expect("a number");
            }
            (Some("order"), Some("PENDING")) => {
                assert!(told["seq"].as_u64().expect("a number") <= self.seq && told["closed_at"].is_null(), "{told}");
                assert!(self.open.insert(id_of(told)), "twice: {told}");
            }
            (None, Some(status)) => {
                assert_eq!(told["seq"], self.seq + 1, "{told}");
                self.seq += 1;
                let id = id_of(told);
                let fits = if status == "PENDING" { self.open.insert(id) } else { self.open.remove(&id) };
                assert!(fits, "it does not fit to what was told before: {told}");
            }
            _ => panic!("neither a notice nor a change: {told}"),
        }
    }
}

#[tokio::test]
async fn whoever_lagged_arrives_at_what_rest_shows() {
    let venue = own_venue(|config| {
        config.venue.history = 64;
        config.venue.delay = DelayModel::Uniform { min_us: 0, max_us: 50_000 };
        config.venue.long_delay = DelayModel::Fixed { us: 3_600_000_000 };
    });
    let mut placing = Line::open(venue.addr).await;
    placing.place_many("MIRROR", 200).await;
    let trading = async {
        let mut dice = Dice::seeded(64);
        let mut long = Vec::new();
        for _ in 0..150 {
            match dice.below(6) {
                0 | 1 => long.push(id_of(&placing.place_long("MIRROR").await)),
                2 if !long.is_empty() => {
                    let id = long.swap_remove(dice.below(long.len()));
                    assert_eq!(placing.cancel(&id).await, 204);
                }
                _ => drop(placing.place_many("MIRROR", 8).await),
            }
        }
        // When this one is told of, so is all before it: its end is the last change.
        pause(Duration::from_millis(60)).await;
        placing.place_long("MIRROR").await["seq"].as_u64().expect("a number")
    };
    let joining = async {
        let mut subscribers = Vec::new();
        for since in 0..20 {
            subscribers.push(Recorder::subscribe(venue.addr, &format!("?format=json&since={since}")).await);
            pause(Duration::from_millis(20)).await;
        }
        subscribers
    };
    let (last, subscribers) = tokio::join!(trading, joining);
    let open: BTreeSet<String> = open_orders(&venue).await.into_keys().collect();
    assert!(open.len() > 1);
    for mut subscriber in subscribers {
        let mut mirror = Mirror::default();
        let first = parse(&subscriber.text().await);
        assert_eq!(first["type"], "lagged");
        mirror.hear(&first);
        // The orders still to come count as well.
        while mirror.seq < last || mirror.open != open {
            mirror.hear(&parse(&subscriber.text().await));
        }
        assert_eq!(mirror.seq, last);
    }
}

#[tokio::test]
async fn a_replay_that_is_read_slowly_never_counts_as_slow() {
    const BEFORE: usize = 2_500;
    const MEANWHILE: usize = 1_800;
    let venue = venue_with_history(1_000_000);
    let symbol = "SINCE-SLOWLY-SINCE-SLOWLY-SINCE-";
    let mut line = Line::open(venue.addr).await;
    line.place_many(symbol, BEFORE).await;
    let mut replays = [
        RawSocket::open_narrow(venue.addr, "?format=json&since=0").await,
        RawSocket::open_narrow(venue.addr, &format!("?format=json&since=0&stoks={symbol}")).await,
    ];
    // Announced while they read: some 700 KB, which would be far too much for a subscriber that is live.
    let load = line.place_many(symbol, MEANWHILE);
    let reading = join_all(replays.iter_mut().map(async |replay| {
        for _ in 0..200 {
            pause(Duration::from_millis(20)).await;
            assert!(replay.read_at_most(2 * 1024).await, "it was cut off");
        }
    }));
    tokio::join!(load, reading);
    let total = 2 * (BEFORE + MEANWHILE) as u64;
    for replay in &mut replays {
        for seq in 1..=total {
            assert_eq!(seq_of(&replay.text().await), seq);
        }
    }
    line.place(symbol).await;
    for replay in &mut replays {
        assert_eq!(seq_of(&replay.text().await), total + 1, "it is live");
    }
    assert_eq!(figures::dropped(venue.addr, "slow").await, 0);
}

/// Places an order under these names, whichever there are; the order.
async fn place_named(venue: &Venue, names: [Option<&str>; 2]) -> Value {
    let [client_order_id, key] = names;
    let mut body = json!({"stoks": "SINCE-NAMED", "quantity": 7});
    if let Some(name) = client_order_id {
        body["client_order_id"] = json!(name);
    }
    let request = Request::new("POST", "/orders").body(body.to_string());
    let request = key.into_iter().fold(request, |request, key| request.header("Idempotency-Key", key));
    let reply = request.send(venue.addr).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

/// How the acceptance of an order is announced, byte for byte.
fn frame(order: &Value, name: &str) -> String {
    let [seq, at, id, due_at] = ["seq", "accepted_at", "id", "due_at"].map(|field| order[field].to_string());
    let begin = format!(r#"{{"seq":{seq},"at":{at},"id":{id},"stoks":"SINCE-NAMED","quantity":7"#);
    format!(r#"{begin},"status":"PENDING","due_at":{due_at}{name}}}"#)
}

/// From memory, and with a folder from the store: the history holds next to nothing.
#[tokio::test]
async fn a_pending_frame_tells_the_clients_own_id_and_so_do_replays() {
    let folder = DataFolder::new();
    let stay_open = |config: &mut Config| config.venue.delay = DelayModel::Fixed { us: 3_600_000_000 };
    let stored = folder.venue(|config| {
        stay_open(config);
        config.venue.history = 1;
    });
    for venue in [own_venue(stay_open), stored] {
        let mut live = Recorder::subscribe(venue.addr, "?format=json").await;
        let mut text = Recorder::subscribe(venue.addr, "").await;
        let mut expected = Vec::new();
        for (names, told) in [
            ([None, None], ""),
            ([Some("bot-7/42"), None], r#","client_order_id":"bot-7/42""#),
            ([None, Some("key-1")], ""),
            ([Some(r#"a"b\c"#), Some("key-2")], r#","client_order_id":"a\"b\\c""#),
        ] {
            let order = place_named(&venue, names).await;
            expected.push(frame(&order, told));
            assert_eq!(text.text().await, format!("{} is PENDING", id_of(&order)));
        }
        let named: Value = parse(&expected[1]);
        assert_eq!(venue.delete(&format!("/orders/{}", id_of(&named))).await.status, 204);
        let mut announced = told_up_to(&mut live, 5).await;
        assert!(!announced[4].contains("client_order_id"), "{}", announced[4]);
        for query in ["since=0", "last=5", "since=0&client_order_id=bot-7%2F42"] {
            let mut replay = Recorder::subscribe(venue.addr, &format!("?format=json&{query}")).await;
            assert_eq!(told_up_to(&mut replay, 5).await, announced, "{query}");
        }
        announced.pop();
        assert_eq!(announced, expected);
    }
}
