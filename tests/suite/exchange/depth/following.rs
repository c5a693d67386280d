//! Clients that keep a book have the server's own after every change: at full speed, at different depths, with dropped
//! connections, and with reads so slow that most of what happens is never told to them.
//!
//! One client changes the book and asks for it, turn by turn. So each `book_number` that was told falls between two
//! that were asked for, and the book as of it must be the later one. `TRADEPIT_DEPTH_CHANGES` asks for more turns;
//! `TRADEPIT_DEPTH_SEED` repeats the choices of a run, though not its timing.

use std::cell::{Cell, RefCell};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::rc::Rc;

use tokio::sync::watch;
use tokio::task::{LocalSet, spawn_local};
use tradepit::config::Market;
use tradepit_actors::DelayModel;

use super::super::*;
use super::client::Depth;
use crate::support::raw_ws::{self, FIN, PING, PONG};
use crate::support::rest::Kept;
use crate::support::{Dice, RawSocket};

/// How many prices each follower sees; the last is the whole book.
const DEPTHS: [usize; 3] = [3, 20, 1_000];
const WHOLE: usize = 2;
/// Prices are so many ticks of EURUSD around its reference price, those of a sweep too.
const TICKS: u64 = 60;
/// So many turns a follower that reads slowly lets pass each time.
const TURNS_BETWEEN_READS: u64 = 250;

/// What the server's own book was, turn by turn: its number, and what stands for it at each depth.
type Books = Vec<(u64, [u64; DEPTHS.len()])>;

/// What a follower saw: each number that it was told, and what stands for its book then.
#[derive(Default)]
struct Seen {
    books: Vec<(u64, u64)>,
    wholes: usize,
}

impl Seen {
    fn take(&mut self, depth: &mut Depth, frame: &Value) -> u64 {
        self.wholes += usize::from(frame["previous"].is_null());
        depth.take(frame);
        let number = depth.number.expect("a frame has one");
        self.books.push((number, depth.fingerprint()));
        number
    }

    /// Holds what was seen to what was.
    fn check(&self, books: &Books, depth: usize) {
        for (number, fingerprint) in &self.books {
            let then = books.partition_point(|(asked, _)| asked < number);
            let (asked, prints) = books.get(then).unwrap_or_else(|| panic!("{number} is none of the server's"));
            assert_eq!(
                *fingerprint, prints[depth],
                "the book of {number} is not that of {asked}, {} deep",
                DEPTHS[depth]
            );
        }
    }
}

/// The number after which the last change of all comes, once that is known.
type Floor = Rc<Cell<Option<u64>>>;

#[tokio::test]
async fn who_follows_a_book_has_the_servers_own_after_every_change() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let turns = number("TRADEPIT_DEPTH_CHANGES").unwrap_or(1_000);
    let seed = number("TRADEPIT_DEPTH_SEED").unwrap_or_else(|| RandomState::new().build_hasher().finish());
    eprintln!("TRADEPIT_DEPTH_SEED={seed}");
    let venue = own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.market = Market::None;
    });
    let (floor, dice) = (Floor::default(), Dice::seeded(seed));
    LocalSet::new()
        .run_until(async {
            let (turn, turned) = watch::channel(0);
            let steady = [0, 1, WHOLE].map(|depth| spawn_local(follow(venue.addr, depth, Rc::clone(&floor))));
            let dropping = spawn_local(drop_and_return(venue.addr, dice.clone(), Rc::clone(&floor)));
            let slow = spawn_local(read_slowly(venue.addr, turned, Rc::clone(&floor)));
            let books = change(venue.addr, turns, dice, &turn, &floor).await;
            for (depth, steady) in steady.into_iter().enumerate() {
                let seen = steady.await.expect("it follows");
                seen.check(&books, depth);
                eprintln!("{} deep: {} books, {} of them whole", DEPTHS[depth], seen.books.len(), seen.wholes);
            }
            let seen = dropping.await.expect("it follows");
            seen.check(&books, WHOLE);
            eprintln!("dropping: {} books, {} of them whole", seen.books.len(), seen.wholes);
            assert!(seen.wholes > 3, "it hardly ever came back");
            let seen = slow.await.expect("it follows");
            seen.check(&books, WHOLE);
            eprintln!("slow: {} books, {} of them whole", seen.books.len(), seen.wholes);
            assert!(seen.wholes > 1 && seen.books.len() < books.len(), "it was told everything");
        })
        .await;
}

/// Follows at full speed to the end.
async fn follow(addr: std::net::SocketAddr, depth: usize, floor: Floor) -> Seen {
    let (mut seen, mut book) = (Seen::default(), Depth::default());
    let mut subscriber = RawSocket::open(addr, &query(depth)).await;
    while !is_past(seen.take(&mut book, &next(&mut subscriber).await), &floor) {}
    seen
}

/// Follows for some frames, drops the connection, and comes back.
async fn drop_and_return(addr: std::net::SocketAddr, mut dice: Dice, floor: Floor) -> Seen {
    let mut seen = Seen::default();
    loop {
        let mut subscriber = RawSocket::open(addr, &query(WHOLE)).await;
        let mut book = Depth::default();
        for _ in 0..=dice.below(100_u64) {
            if is_past(seen.take(&mut book, &next(&mut subscriber).await), &floor) {
                return seen;
            }
        }
        if dice.once_in(2) {
            subscriber.reset();
        }
    }
}

/// Reads a little, and then not until many turns have passed; its socket holds hardly anything for it.
async fn read_slowly(addr: std::net::SocketAddr, mut turned: watch::Receiver<u64>, floor: Floor) -> Seen {
    let (mut seen, mut book) = (Seen::default(), Depth::default());
    let mut subscriber = RawSocket::open_narrow(addr, &query(WHOLE)).await;
    loop {
        for _ in 0..10 {
            if is_past(seen.take(&mut book, &next(&mut subscriber).await), &floor) {
                return seen;
            }
        }
        // It is slow, but it is there, however long the ping lies in its way.
        subscriber.send(raw_ws::frame(FIN | PONG, "")).await;
        let from = *turned.borrow_and_update();
        // Where nobody turns any more, it reads to the end.
        let _ = turned.wait_for(|turn| *turn >= from.saturating_add(TURNS_BETWEEN_READS)).await;
    }
}

fn query(depth: usize) -> String {
    format!("?format=json&channels=book&symbols=EURUSD&depth={}", DEPTHS[depth])
}

async fn next(subscriber: &mut RawSocket) -> Value {
    loop {
        let frame = subscriber.frame().await.expect("the connection stands");
        if frame.is_text() {
            return serde_json::from_str(frame.text()).expect("JSON");
        }
        assert_eq!(frame.first, FIN | PING, "{frame:?}");
        subscriber.send(raw_ws::frame(FIN | PONG, "")).await;
    }
}

fn is_past(number: u64, floor: &Floor) -> bool {
    floor.get().is_some_and(|floor| number > floor)
}

/// Changes the book so many times, and asks for it after each; at last so that everybody sees it.
async fn change(
    addr: std::net::SocketAddr,
    turns: u64,
    mut dice: Dice,
    turn: &watch::Sender<u64>,
    floor: &Floor,
) -> Books {
    let (mut line, open) = (Kept::open(addr).await, RefCell::new(Vec::new()));
    let mut books = vec![shown(&mut line).await];
    for now in 1..=turns {
        // Now and then everything moves, as where a market maker quotes anew: what that takes fills any buffer.
        let deeds = if dice.once_in(4) { 150 } else { 1 };
        let deeds = (0..deeds).map(|_| deed(&mut dice, &mut open.borrow_mut()));
        // What is placed arrives before whatever comes next: so the last to arrive does it within this turn too.
        let deeds: Vec<String> = deeds.chain([r#"{"cancel": {"id": "none"}}"#.to_owned()]).collect();
        let reply = line.ask("POST", "/batch", &format!("[{}]", deeds.join(","))).await;
        assert_eq!(reply.status, 207, "{reply:?}");
        let placed = reply.json();
        let resting = placed.as_array().expect("rows").iter().filter(|row| row["body"]["id"].is_string());
        open.borrow_mut().extend(resting.map(|row| row["body"]["id"].as_str().unwrap_or_default().to_owned()));
        books.push(shown(&mut line).await);
        turn.send_replace(now);
        tokio::task::yield_now().await;
    }
    floor.set(books.last().map(|(number, _)| *number));
    for (side, price) in [("buy", "1.06"), ("sell", "1.20")] {
        // Nothing else is so far out: so the best of both sides is new for everybody.
        let sweep = r#""stoks": "EURUSD", "type": "limit", "time_in_force": "ioc", "qty": 100000000"#;
        let other = if side == "buy" { "sell" } else { "buy" };
        line.ask("POST", "/orders", &format!(r#"{{{sweep}, "side": "{other}", "limit_price": "{price}"}}"#)).await;
        books.push(shown(&mut line).await);
        let rests = r#""stoks": "EURUSD", "type": "limit", "qty": 77"#;
        line.ask("POST", "/orders", &format!(r#"{{{rests}, "side": "{side}", "limit_price": "{price}"}}"#)).await;
        books.push(shown(&mut line).await);
    }
    turn.send_replace(u64::MAX);
    books
}

/// Places an order at some price, or cancels one of those that may be open.
fn deed(dice: &mut Dice, open: &mut Vec<String>) -> String {
    if !open.is_empty() && dice.once_in(2) {
        let gone = open.swap_remove(dice.below(open.len()));
        return format!(r#"{{"cancel": {{"id": "{gone}"}}}}"#);
    }
    let side = dice.of(&["buy", "sell"]);
    let away = dice.below(TICKS) + dice.below(TICKS);
    let ticks = if side == "buy" { 108_520 - away } else { 108_480 + away };
    let price = format!("{}.{:05}", ticks / 100_000, ticks % 100_000);
    let fields =
        format!(r#""type": "limit", "side": "{side}", "limit_price": "{price}", "qty": {}"#, 1 + dice.below(9_u64));
    format!(r#"{{"place": {{"stoks": "EURUSD", {fields}}}}}"#)
}

/// The server's own book.
async fn shown(line: &mut Kept) -> (u64, [u64; DEPTHS.len()]) {
    let book = line.ask("GET", "/book/EURUSD?depth=1000", "").await.json();
    let number = book["book_number"].as_u64().expect("a number");
    (number, DEPTHS.map(|depth| Depth::shown(&book, depth).fingerprint()))
}
