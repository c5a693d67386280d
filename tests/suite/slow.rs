//! Clients that read slowly or not at all: what becomes of them, and that nobody waits for them (contract,
//! "WebSocket"; invariant 6).

use std::cell::Cell;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tradepit_actors::DelayModel;

use crate::support::raw_ws::{CLOSE, FIN, PING, PONG, frame};
use crate::support::{
    Line, RawSocket, Recorder, Venue, clock, figures, id_of, in_time, own_venue, pause, seq_of, spawned, until,
};

/// A symbol of the greatest length: a change is announced in about 200 bytes.
const SYMBOL: &str = "SLOW-SLOW-SLOW-SLOW-SLOW-SLOW-32";

/// A venue whose orders execute at once: two changes an order.
fn quick_venue() -> Venue {
    own_venue(|config| config.venue.delay = DelayModel::None)
}

/// Whoever sees all must be told the numbers from 1 on; returns how many bytes of text that was.
async fn sees_all(subscriber: &mut Recorder, numbers: std::ops::RangeInclusive<u64>) -> usize {
    let mut bytes = 0;
    for seq in numbers {
        let told = subscriber.text().await;
        assert_eq!(seq_of(&told), seq);
        bytes += told.len();
    }
    bytes
}

#[tokio::test]
async fn a_client_that_never_reads_is_cut_off_and_the_others_see_everything() {
    let venue = quick_venue();
    let mut subscriber = Recorder::subscribe(venue.addr, "?format=json").await;
    let mut jammed = [
        RawSocket::open_narrow(venue.addr, "?format=json").await,
        RawSocket::open_narrow(venue.addr, "?format=json&stoks=SLOW-SLOW-SLOW-SLOW-SLOW-SLOW-32").await,
        RawSocket::open_narrow(venue.addr, "?format=json&since=0").await,
    ];
    let mut line = Line::open(venue.addr).await;
    let mut placed = 0;
    while figures::dropped(venue.addr, "slow").await < 3 {
        line.place_many(SYMBOL, 128).await;
        placed += 128;
        assert!(placed < 4_000, "not cut off though 1.5 MB wait");
    }
    // Its connection goes too, whether it reads or not.
    until("they are gone", async || (figures::subscribers(venue.addr).await == 1).then_some(())).await;
    sees_all(&mut subscriber, 1..=2 * placed).await;
    for jammed in &mut jammed {
        in_time("the end of the connection", async { while jammed.read_at_most(64 * 1024).await {} }).await;
    }
    let id = id_of(&line.place(SYMBOL).await);
    assert!(subscriber.text_of(&id).await.contains("PENDING"));
}

#[tokio::test]
async fn a_client_that_reads_but_too_slowly_is_closed_with_1013_between_two_frames() {
    let venue = quick_venue();
    let mut slow = RawSocket::open_narrow(venue.addr, "?format=json").await;
    let mut line = Line::open(venue.addr).await;
    let cut = Cell::new(false);
    let load = async {
        while figures::dropped(venue.addr, "slow").await == 0 {
            line.place_many(SYMBOL, 128).await;
        }
        cut.set(true);
    };
    let reading = async {
        let mut next = 1;
        loop {
            // 10 KB a second while it falls behind; faster when it is cut off, to see it before its time is up.
            pause(Duration::from_millis(if cut.get() { 5 } else { 400 })).await;
            let _ = slow.stream.write_all(&frame(FIN | PONG, "")).await;
            let stands = slow.read_at_most(4 * 1024).await;
            while let Some(frame) = slow.buffered() {
                if frame.first == FIN | CLOSE {
                    assert_eq!(frame.close_code(), 1013);
                    return next;
                }
                if frame.first != FIN | PING {
                    assert_eq!(seq_of(frame.text()), next, "a gap before the cut");
                    next += 1;
                }
            }
            assert!(stands, "the connection ended after {next} changes without a close frame");
        }
    };
    let (read, ()) = tokio::join!(reading, load);
    assert!(read > 1);
    slow.end().await;
}

#[tokio::test]
async fn a_client_less_than_256_kib_behind_is_never_cut_off_though_it_pauses_for_12_s() {
    let venue = quick_venue();
    let mut subscriber = Recorder::subscribe(venue.addr, "?format=json").await;
    let mut pausing = [
        RawSocket::open_narrow(venue.addr, "?format=json").await,
        RawSocket::open_narrow(venue.addr, &format!("?format=json&stoks={SYMBOL}")).await,
    ];
    let mut line = Line::open(venue.addr).await;
    let mut seq = 0;
    for (orders, pauses_s) in [(650, 12), (650, 1), (650, 1)] {
        line.place_many(SYMBOL, orders).await;
        let texts = sees_all(&mut subscriber, seq + 1..=seq + 2 * orders as u64).await;
        let bytes = texts + 2 * orders * 4;
        assert!((230 * 1024..256 * 1024).contains(&bytes), "it is {bytes} bytes behind: adjust the test");
        pause(Duration::from_secs(pauses_s)).await;
        for pausing in &mut pausing {
            // It is not silent either, however long this machine takes.
            pausing.send(frame(FIN | PONG, "")).await;
            for number in seq + 1..=seq + 2 * orders as u64 {
                assert_eq!(seq_of(&pausing.text().await), number);
            }
        }
        seq += 2 * orders as u64;
    }
    assert_eq!(figures::dropped(venue.addr, "slow").await, 0);
    assert_eq!(figures::subscribers(venue.addr).await, 3);
}

#[tokio::test]
async fn a_burst_cuts_off_nobody_who_has_read_all_before() {
    // The server stands still (a paused container, a machine without time to spare) while orders fall due: then all
    // of them execute at once. Who was not behind before is not cut off for it.
    const ORDERS: usize = 4_000;
    let server = spawned(&["--delay", "25s"]);
    let mut lines = join_all((0..4).map(|_| Line::open(server.addr))).await;
    let started = clock();
    join_all(lines.iter_mut().map(|line| line.place_many(SYMBOL, ORDERS / 4))).await;
    let queries = ["", "?format=json", &format!("?format=json&stoks={SYMBOL}")];
    let mut subscribers = join_all(queries.map(|query| Recorder::subscribe(server.addr, query))).await;
    assert!(started.elapsed() < Duration::from_secs(24), "this machine is too slow for the test");
    server.signal("STOP");
    pause(Duration::from_millis(25_500)).await;
    server.signal("CONT");
    for subscriber in &mut subscribers {
        for _ in 0..ORDERS {
            assert!(subscriber.text().await.contains("EXECUTED"));
        }
    }
    assert_eq!(figures::dropped(server.addr, "slow").await, 0);
}

#[tokio::test]
async fn clients_that_never_read_cost_at_most_1_mib_each() {
    const CLIENTS: u64 = 24;
    let server = spawned(&["--delay", "none", "--max-orders", "1000", "--history", "1000"]);
    let mut line = Line::open(server.addr).await;
    line.place_many(SYMBOL, 1_100).await;
    let before = server.memory();
    // The filter lets everything through, but such a subscriber's frames are its own.
    let query = format!("?format=json&stoks={SYMBOL}");
    let jammed = join_all((0..CLIENTS).map(|_| RawSocket::open_narrow(server.addr, &query))).await;
    let (mut most, mut placed) = (before, 0);
    while figures::dropped(server.addr, "slow").await < CLIENTS {
        line.place_many(SYMBOL, 64).await;
        placed += 64;
        most = most.max(server.memory());
        assert!(placed < 4_000, "not all were cut off though 1.5 MB wait for each");
    }
    let grown = most - before;
    assert!(grown < (CLIENTS + 8) << 20, "{CLIENTS} clients cost {} KiB", grown >> 10);
    drop(jammed);
}

#[tokio::test]
async fn a_jammed_client_delays_nobody() {
    let venue = quick_venue();
    let jammed = join_all((0..20).map(|_| RawSocket::open_narrow(venue.addr, "?format=json"))).await;
    let mut subscriber = Recorder::subscribe(venue.addr, "?format=json").await;
    let mut line = Line::open(venue.addr).await;
    let mut slowest = Duration::ZERO;
    for _ in 0..40 {
        let orders: Vec<Value> = line.place_many(SYMBOL, 32).await;
        let told_by = clock();
        let last = id_of(&orders[31]);
        while !subscriber.text_of(&last).await.contains("EXECUTED") {}
        slowest = slowest.max(told_by.elapsed());
    }
    assert!(slowest < Duration::from_secs(1), "a change took {slowest:?} to come");
    drop(jammed);
}
