//! The same with many venues at once, each kept by itself: what one was told is there, and stands in no other.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use crate::support::folder::DataFolder;
use crate::support::process::Process;
use crate::support::rest::{Kept, id, listed, next_page};
use crate::support::{Dice, Request, Venue, pause, until};

const VENUES: usize = 20;

/// What a client of one venue knows.
#[derive(Default)]
struct Told {
    /// Orders that were answered, by their names, each with its id.
    answered: BTreeMap<String, String>,
    /// How many were asked for.
    asked: usize,
}

fn name(venue: usize) -> String {
    format!("crash-{venue}")
}

#[tokio::test]
async fn what_twenty_venues_told_before_a_kill_is_in_each_of_them_after_it() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().expect("a number"));
    let (rounds, seed) = (number("TRADEPIT_VENUES_ROUNDS").unwrap_or(5), number("TRADEPIT_CRASH_SEED").unwrap_or(1));
    let (folder, mut dice) = (DataFolder::new(), Dice::seeded(seed));
    let mut told: Vec<Told> = (0..VENUES).map(|_| Told::default()).collect();
    for round in 0..rounds {
        let (process, addr) = folder.serve(&["--delay", "1ms..30ms"]).await;
        let server = Venue::of(addr);
        if round == 0 {
            for venue in 0..VENUES {
                let body = json!({"name": name(venue), "durable": true}).to_string();
                assert_eq!(server.post("/venues", &body).await.status, 201);
            }
        }
        look_through(&server, &told).await;
        let answered = Cell::new(0);
        let lives = async {
            until("some were answered", async || (answered.get() >= 2 * VENUES).then_some(())).await;
            pause(Duration::from_millis(dice.below(200))).await;
            process.killed().await
        };
        let trade = told.iter_mut().enumerate().map(|(venue, told)| trade(addr, venue, told, &answered));
        let trade = join_all(trade);
        tokio::join!(lives, trade);
    }
    let (process, addr) = folder.serve(&[]).await;
    look_through(&Venue::of(addr), &told).await;
    process.signal("TERM");
    assert_eq!(process.ended().await.code, Some(0));
    for venue in 0..VENUES {
        let dir = folder.file("venues").join(name(venue));
        let checked = Process::start(&["check", "--data-dir", dir.to_str().expect("a plain path")]).ended().await;
        assert_eq!((checked.code, checked.stderr.as_str()), (Some(0), ""), "{venue}: {checked:?}");
    }
    let answered: usize = told.iter().map(|told| told.answered.len()).sum();
    eprintln!("{answered} orders were answered in {rounds} rounds");
    assert!(answered >= 2 * VENUES * rounds as usize, "there was hardly any load");
}

/// Places orders in a venue, one after the other, until the server is gone.
async fn trade(addr: SocketAddr, venue: usize, told: &mut Told, answered: &Cell<usize>) {
    let mut line = Kept::open(addr).await;
    loop {
        let order = format!("{venue}-{}", told.asked);
        told.asked += 1;
        let body = json!({"stoks": "EURUSD", "quantity": venue + 1, "client_order_id": order}).to_string();
        let (path, length) = (format!("/venues/{}/orders", name(venue)), body.len());
        let request = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{body}");
        let _ = line.try_write(request.as_bytes()).await;
        let Some(reply) = line.reply("POST").await else { return };
        assert_eq!(reply.status, 200, "{reply:?}");
        told.answered.insert(order, id(&reply.json()).to_owned());
        answered.set(answered.get() + 1);
    }
}

/// Requires that each venue has what was answered, once, and beside it at most what was asked for and not answered.
async fn look_through(server: &Venue, told: &[Told]) {
    for (venue, told) in told.iter().enumerate() {
        let mut there = BTreeMap::new();
        let mut next = Some(format!("/venues/{}/orders?limit=1000", name(venue)));
        while let Some(path) = next {
            let page = Request::new("GET", &path).send(server.addr).await;
            next = next_page(&page);
            for (id, order) in listed(&page) {
                let own = order["client_order_id"].as_str().expect("each has one").to_owned();
                assert_eq!(order["quantity"], venue + 1, "an order of another venue: {order}");
                assert_eq!(there.insert(own, id), None, "{order}");
            }
        }
        assert!(there.len() <= told.asked, "{} of {}", there.len(), told.asked);
        for (order, id) in &told.answered {
            assert_eq!(there.get(order), Some(id), "{order} was answered");
        }
    }
}
