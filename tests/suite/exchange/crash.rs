//! Killed at random moments amid orders that rest, trade, and are amended and cancelled, and an instrument that is
//! halted, closed and opened, while much is made to happen by hand: what was told of an order is true of it afterwards,
//! or of what it has become since.
//!
//! As `crash/` does it: real processes, a real SIGKILL, one data folder for all rounds. `TRADEPIT_CRASH_ROUNDS` asks
//! for more; `TRADEPIT_CRASH_SEED` repeats the choices of a run, though not its timing.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::join_all;

use crate::support::folder::DataFolder;
use crate::support::process::Process;
use crate::support::rest::{Kept, listed, next_page};
use crate::support::{Dice, Line, id_of, pause, text_at};

use super::*;

const TRADERS: usize = 4;
const FLAGS: [&str; 6] = ["--market", "none", "--delay", "0ms..5ms", "--retain-orders", "100000"];
/// Prices are so many ticks of EURUSD around its reference price.
const TICKS: u64 = 8;

#[tokio::test]
async fn what_was_told_of_an_order_before_a_kill_is_true_of_it_afterwards() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let rounds = number("TRADEPIT_CRASH_ROUNDS").unwrap_or(20);
    let seed = number("TRADEPIT_CRASH_SEED").unwrap_or_else(|| RandomState::new().build_hasher().finish());
    eprintln!("TRADEPIT_CRASH_SEED={seed}");
    let (folder, mut dice) = (DataFolder::new(), Dice::seeded(seed));
    let mut told: HashMap<String, Value> = HashMap::new();
    let (mut exported, mut traded) = (String::new(), 0);
    for round in 0..rounds {
        let (server, addr) = folder.serve(&FLAGS).await;
        let now = all_orders(addr).await;
        agree(&told, &now, round);
        traded = now.values().filter(|order| order["filled_qty"] != "0").count();
        the_book_is_what_rests(addr, &now, round).await;
        told = now;
        let seeds: Vec<u64> = (0..TRADERS).map(|_| dice.number()).collect();
        let lived = pause(Duration::from_micros(20_000 + dice.number() % 250_000));
        let traders = join_all(seeds.into_iter().map(|seed| trade(addr, seed)));
        let (_, heard) = tokio::join!(kill_after(lived, server), traders);
        for order in heard.into_iter().flatten() {
            let newest = told.entry(id_of(&order)).or_insert_with(|| order.clone());
            if number_of(&order) >= number_of(newest) {
                *newest = order;
            }
        }
        folder.check().await;
        let export = folder.tool("export", &["--format", "jsonl"]).await.stdout;
        assert!(export.starts_with(&exported), "round {round}: what was exported has become something else");
        exported = export;
    }
    assert!(traded as u64 > 2 * rounds, "hardly anything traded: {traded}");
}

async fn kill_after(lived: impl Future<Output = ()>, server: Process) {
    lived.await;
    server.killed().await;
}

/// Places, amends, cancels and looks until the connection breaks; all orders as they were told.
async fn trade(addr: SocketAddr, seed: u64) -> Vec<Value> {
    let (mut line, mut dice) = (Line::open(addr).await, Dice::seeded(seed));
    let (mut told, mut ids) = (Vec::new(), Vec::<String>::new());
    loop {
        let request = match dice.below(12) {
            0 | 1 if !ids.is_empty() => {
                let id = &ids[dice.below(ids.len())];
                let change = match dice.below(3) {
                    0 => format!(r#"{{"quantity": {}}}"#, 1 + dice.below(30)),
                    1 => format!(r#"{{"limit_price": "{}"}}"#, price(&mut dice)),
                    _ => format!(r#"{{"qty": {}, "limit_price": "{}"}}"#, 1 + dice.below(30), price(&mut dice)),
                };
                send("PATCH", &format!("/orders/{id}"), &change)
            }
            2 if !ids.is_empty() => send("GET", &format!("/orders/{}", ids[dice.below(ids.len())]), ""),
            3 if !ids.is_empty() => send("DELETE", &format!("/orders/{}", ids[dice.below(ids.len())]), ""),
            // Mostly it trades.
            8 => {
                let status = dice.of(&["open", "open", "open", "halted", "closed"]);
                send("PATCH", "/instruments/EURUSD", &format!(r#"{{"status": "{status}"}}"#))
            }
            4 => send("POST", "/orders", &format!(r#"{{"stoks": "EURUSD", "quantity": {}}}"#, 1 + dice.below(9))),
            5 => send("POST", "/orders", &with_legs(&mut dice)),
            11 if !ids.is_empty() => {
                let acts = ["arrive", "hold", "hold", "release", "fill", "reject", "cancel", "expire"];
                let act = format!(r#"{{"act": "{}"}}"#, dice.of(&acts));
                send("POST", &format!("/orders/{}/acts", ids[dice.below(ids.len())]), &act)
            }
            _ => {
                let (side, force) = (dice.of(&["buy", "sell"]), dice.of(&["gtc", "gtc", "gtc", "ioc", "fok", "day"]));
                let (price, quantity) = (price(&mut dice), 1 + dice.below(20));
                let terms = format!(r#""type": "limit", "limit_price": "{price}", "time_in_force": "{force}""#);
                let body = format!(r#"{{"stoks": "EURUSD", "quantity": {quantity}, "side": "{side}", {terms}}}"#);
                send("POST", "/orders", &body)
            }
        };
        line.try_send(&request).await;
        let Some(reply) = line.try_reply().await else { return told };
        match reply.status {
            200 if request.starts_with("PATCH /instruments") => {}
            200 => {
                let order = reply.json();
                if request.starts_with("POST /orders HTTP") {
                    ids.push(id_of(&order));
                }
                told.push(plain(order));
            }
            // It has traded more than it is to be, is closed, or stands otherwise; or the instrument is closed.
            204 | 403 | 409 | 422 => {}
            _ => panic!("{request}: {reply:?}"),
        }
    }
}

/// An order as a list has it: without its fills.
fn plain(mut order: Value) -> Value {
    order.as_object_mut().expect("an object").remove("fills");
    order
}

/// An order whose leg takes a profit where others trade, and stops no loss that comes about.
fn with_legs(dice: &mut Dice) -> String {
    let (own, profit, quantity) = (price(dice), price(dice), 1 + dice.below(20));
    let legs = format!(r#""take_profit": {{"limit_price": "{profit}"}}, "stop_loss": {{"stop_price": "0.5"}}"#);
    let order = match dice.below(2) {
        0 => format!(r#""type": "limit", "limit_price": "{own}", "order_class": "bracket""#),
        _ => r#""side": "sell", "order_class": "oco""#.to_owned(),
    };
    format!(r#"{{"stoks": "EURUSD", "quantity": {quantity}, {order}, {legs}}}"#)
}

fn send(method: &str, path: &str, body: &str) -> String {
    let length = body.len();
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{body}")
}

fn price(dice: &mut Dice) -> String {
    format!("1.{:05}", 8_500 - TICKS / 2 + dice.below(TICKS))
}

fn number_of(order: &Value) -> u64 {
    order["number"].as_u64().unwrap_or_else(|| panic!("no number in {order}"))
}

fn filled(order: &Value) -> u64 {
    text_at(order, "filled_qty").parse().unwrap_or_else(|_| panic!("no whole quantity in {order}"))
}

async fn all_orders(addr: SocketAddr) -> HashMap<String, Value> {
    let (mut line, mut orders, mut next) = (Kept::open(addr).await, HashMap::new(), Some("/orders".to_owned()));
    while let Some(page) = next {
        let reply = line.ask("GET", &page, "").await;
        orders.extend(listed(&reply));
        next = next_page(&reply);
    }
    orders
}

/// An order that was told is there, and as it was told, or it has changed since, and only onwards.
fn agree(told: &HashMap<String, Value>, now: &HashMap<String, Value>, round: u64) {
    for (id, before) in told {
        let now = now.get(id).unwrap_or_else(|| panic!("round {round}: {before} is gone"));
        let (was, is) = (number_of(before), number_of(now));
        assert!(is >= was && filled(now) >= filled(before), "round {round}: {before} has become {now}");
        if is == was || before["status"] != "PENDING" {
            assert_eq!(before, now, "round {round}");
        }
    }
}

/// What is offered is what is left of the orders that rest, at each price.
async fn the_book_is_what_rests(addr: SocketAddr, orders: &HashMap<String, Value>, round: u64) {
    let mut line = Kept::open(addr).await;
    let book = line.ask("GET", "/book/EURUSD?depth=1000", "").await.json();
    for (side, levels) in [("buy", "bids"), ("sell", "asks")] {
        let mut left: HashMap<String, u64> = HashMap::new();
        let resting = orders.values().filter(|order| order["side"] == side && order["status"] == "PENDING");
        let resting = resting.filter(|order| !order["arrived_at"].is_null() && order["stop_price"].is_null());
        for order in resting {
            let qty: u64 = text_at(order, "qty").parse().expect("it is whole");
            *left.entry(text_at(order, "limit_price")).or_default() += qty - filled(order);
        }
        let offered = book[levels].as_array().expect("a list").iter();
        let text = |level: &Value, place: usize| level[place].as_str().expect("a text").to_owned();
        let offered = offered.map(|level| (text(level, 0), text(level, 1).parse().expect("it is whole")));
        assert_eq!(offered.collect::<HashMap<String, u64>>(), left, "round {round}: {levels}");
    }
}
