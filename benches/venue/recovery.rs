//! A start on a large store: how long it takes, and what the store's orders take in memory.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tradepit_engine::{
    Accepted, Asked, Body, Command, Decimal, Event, Exchange, Number, OrderId, OrderRef, Quantity, Seq, Submit, Symbol,
    Time,
};
use tradepit_store::{Confirm, Folder, Opened, Retain, SqliteStore, Store};

use super::durable::DataDir;
use super::process::{Bench, Server};

const CLOSED: u64 = 1_000_000;
const OPEN: u64 = 100_000;

/// A million closed orders and a hundred thousand open ones.
pub fn of_a_million(bench: &mut Bench) {
    let (_, empty) = started_on(native_orders(0, 0));
    let (_, open) = started_on(native_orders(0, OPEN));
    let (ready, all) = started_on(native_orders(CLOSED, OPEN));
    let seconds = ready.as_secs_f64();
    let what = "1 000 000 closed and 100 000 open orders stored: ready after";
    bench.result(what, &format!("{seconds:.2} s"), "<= 2 s", ready <= Duration::from_secs(2));
    let each = (all - empty) / OPEN as f64;
    bench.result("  resident bytes per open order, all told", &format!("{each:.0}"), "<= 400", each <= 400.0);
    let megabytes = (all - open) / 1e6;
    bench.result(
        "  of that for the closed ones",
        &format!("{megabytes:.1} MB"),
        "<= 10 MiB",
        all - open <= 10.0 * 1024.0 * 1024.0,
    );
    let (ready, with_limit) = started_on(limit_orders(CLOSED, OPEN));
    let seconds = ready.as_secs_f64();
    let what = "1 000 000 closed and 100 000 resting limit orders stored: ready after";
    bench.result(what, &format!("{seconds:.2} s"), "<= 3 s", ready <= Duration::from_secs(3));
    let each = (with_limit - empty) / OPEN as f64;
    bench.result("  resident bytes per resting order, all told", &format!("{each:.0}"), "<= 800", each <= 800.0);
}

/// How long it takes until a server is ready that starts on these changes, and what it then has in memory.
fn started_on(changes: impl Iterator<Item = Event>) -> (Duration, f64) {
    let data = DataDir::new();
    fill(&data, changes);
    let started = Instant::now();
    let server = Server::start(&["--data-dir", data.text(), "--delay", "1h"]);
    let ready = started.elapsed();
    // A large database is checked in the background: what that takes shall be seen too.
    server.rest();
    (ready, server.memory() as f64)
}

fn now() -> Time {
    Time(SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_micros() as i64)
}

fn native_orders(closed: u64, open: u64) -> impl Iterator<Item = Event> {
    let now = now().0;
    let changes = (0..closed).flat_map(move |order| [accepted(2 * order + 1, now), executed(2 * order + 2, now)]);
    changes.chain((0..open).map(move |order| accepted(2 * closed + order + 1, now)))
}

/// Orders that come to rest at some hundred prices below the market; the first ones are cancelled.
fn limit_orders(closed: u64, open: u64) -> impl Iterator<Item = Event> {
    let (now, mut exchange) = (now(), Exchange::backed(usize::MAX, 0));
    (0..closed + open).flat_map(move |number| {
        let mut told = Vec::new();
        let mut obey = |exchange: &mut Exchange, command: &Command| {
            let events = exchange.decide(now, command).expect("it is taken");
            events.iter().for_each(|event| exchange.apply(event));
            told.extend(events);
        };
        obey(&mut exchange, &Command::Submit(limit_order(number)));
        let accepted_number = exchange.last_number();
        obey(&mut exchange, &Command::ExecuteDue);
        if number < closed {
            obey(&mut exchange, &Command::Cancel { accepted_number });
            exchange.stored(exchange.last_number());
        }
        told
    })
}

fn limit_order(number: u64) -> Submit {
    let OrderRef { id, symbol, quantity, .. } = order(number + 1);
    let limit_price = Decimal::new(100_000 + i128::from(number % 500), 5);
    let qty = Decimal::new(quantity.get().into(), 0).expect("it is short");
    let asked = Asked { limit_price, ..Asked::native(Quantity::ONE).expect("it is short") };
    Submit { id, symbol, quantity, delay_us: 0, origin: None, asked: Some(Asked { qty, ..asked }) }
}

/// Writes a store of these changes, as a server would.
fn fill(data: &DataDir, changes: impl Iterator<Item = Event>) {
    let opened = Opened::open(&Folder::new(data.path())).expect("an empty folder");
    let store = SqliteStore::new(opened, Retain::default()).expect("it can be read");
    let (tell, told) = mpsc::channel();
    let tell = Mutex::new(tell);
    let confirm: Confirm = Arc::new(move |stored| {
        let stored = stored.expect("the disk works");
        let _ = tell.lock().expect("nobody panics with it").send(stored.durable);
    });
    let store = store.start(&confirm).expect("threads can be started");
    let (mut batch, mut durable, mut last) = (Vec::new(), Number(0), Number(0));
    for event in changes {
        let number = event.number.0;
        last = event.number;
        batch.push(event);
        if batch.len() == 4_096 {
            store.append(batch.drain(..).collect());
        }
        // Memory for some batches is enough.
        while number > durable.0 + 65_536 {
            durable = told.recv().expect("the store works");
        }
    }
    store.append(batch.drain(..).collect());
    while durable < last {
        durable = told.recv().expect("the store works");
    }
    store.close();
}

fn accepted(number: u64, now: i64) -> Event {
    let OrderRef { id, symbol, quantity, .. } = order(number);
    // Due in an hour: whoever is still open stays so.
    let due_at = Time(now + 3_600_000_000);
    let body = Body::Accepted(Accepted { id, symbol, quantity, due_at: Some(due_at), origin: None, rich: None });
    Event { number: Number(number), seq: Seq(number), at: Time(now), body }
}

fn executed(number: u64, now: i64) -> Event {
    Event { number: Number(number), seq: Seq(number), at: Time(now), body: Body::Executed(order(number - 1)) }
}

fn order(accepted: u64) -> OrderRef {
    OrderRef {
        accepted_number: Number(accepted),
        id: OrderId(u128::from(accepted).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).to_be_bytes()),
        symbol: Symbol::new("EURUSD").expect("a symbol"),
        quantity: Quantity::new(123).expect("a quantity"),
    }
}
