//! Seeded schedules: clients, subscribers, time and a capricious store, interleaved as chance has it.
//!
//! A failure names its schedule and shows the steps. A schedule that never meets a case tests nothing: each test also
//! names all that its schedules must meet.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinHandle, LocalSet};
use tradepit_actors::{Chance, Delay, List, Start, Submit};
use tradepit_engine::{
    ChangeFilter, Command, Direction, Event, Exchange, Label, Name, Number, OrderFilter, OrderId, OrderRef, Origin,
    Status, Time,
};
use tradepit_kit::{Dice, label, quantity, symbol};
use tradepit_world::{pass, skip};

use crate::world::{Beginning, World, client};

/// Schedules in each of the five tests.
const SCHEDULES: u64 = 2_000;
const SYMBOLS: [&str; 2] = ["EURUSD", "GOLD"];

/// What the schedules of a test have in common.
#[derive(Clone, Copy, Debug)]
struct Kind {
    first_seed: u64,
    max_orders: usize,
    mailbox: usize,
    /// The store holds an earlier life.
    restored: bool,
    fails: bool,
    /// Of so many steps one lets time pass: seldom, and turns are long.
    time_once_in: usize,
}

const USUAL: Kind =
    Kind { first_seed: 0, max_orders: 1_000, mailbox: 1_000, restored: false, fails: false, time_once_in: 6 };

/// What every kind of schedule meets.
const ALWAYS: [&str; 18] = [
    "a batch of several changes",
    "a part was confirmed",
    "again",
    "an old number was confirmed",
    "cancelled",
    "found",
    "lagged",
    "listed",
    "name taken",
    "new",
    "not found",
    "refused: full",
    "the store was asked for a list",
    "the store was asked for a name",
    "the store was asked for an order",
    "the store was asked for changes",
    "the store was asked for open orders",
    "the store was busy",
];

#[test]
fn a_new_store() {
    run(USUAL, &[]);
}

#[test]
fn a_store_that_holds_an_earlier_life() {
    run(Kind { first_seed: 10_000, restored: true, ..USUAL }, &[]);
}

#[test]
fn long_turns_of_a_crowd() {
    run(Kind { first_seed: 20_000, restored: true, time_once_in: 20, ..USUAL }, &[]);
}

#[test]
fn little_room() {
    run(Kind { first_seed: 30_000, max_orders: 3, mailbox: 6, restored: true, ..USUAL }, &["book full"]);
}

#[test]
fn a_store_that_fails() {
    run(Kind { first_seed: 40_000, restored: true, fails: true, ..USUAL }, &["refused: stopped"]);
}

fn run(kind: Kind, also: &[&'static str]) {
    let mut met = BTreeSet::new();
    for seed in kind.first_seed..kind.first_seed + SCHEDULES {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        let runtime = runtime.expect("a runtime");
        met.extend(LocalSet::new().block_on(&runtime, schedule(kind, seed)));
    }
    assert_eq!(met, ALWAYS.iter().chain(also).copied().collect());
}

/// Tells which schedule it was, where one goes wrong.
struct Steps(u64, RefCell<Vec<String>>);

impl Drop for Steps {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("schedule {}:\n{}", self.0, self.1.borrow().join("\n"));
        }
    }
}

async fn schedule(kind: Kind, seed: u64) -> BTreeSet<&'static str> {
    let mut dice = Dice::seeded(seed);
    let steps = Steps(seed, RefCell::default());
    let earlier = Chance::seeded(if dice.below(2) == 0 { 1 } else { 2 });
    let log = if kind.restored { earlier_life(&mut dice, earlier) } else { Vec::new() };
    let beginning = Beginning {
        max_orders: kind.max_orders,
        recent: dice.of(&[0, 1, 4, 100]),
        history: dice.of(&[0, 2, 10, 1_000]),
        mailbox: kind.mailbox,
        log,
        earlier,
        fails_at: kind.fails.then(|| 1 + dice.below(40)),
    };
    let world = World::begin(beginning).await;
    let mut clients = Vec::new();
    let mut listeners = Vec::new();
    let mut gone = 0;
    for _ in 0..12 + dice.below(20) {
        let step = step(&world, &mut dice, kind.time_once_in, &mut clients, &mut listeners).await;
        steps.1.borrow_mut().push(step);
        if dice.below(2) == 0 {
            tokio::task::yield_now().await;
        }
        if !clients.is_empty() && dice.below(30) == 0 {
            // Somebody does not wait for the answer.
            let place = dice.below(clients.len());
            if !clients[place].is_finished() {
                clients.swap_remove(place).abort();
                gone += 1;
            }
        }
    }
    come_to_rest(&world, kind.fails).await;
    for client in clients {
        assert!(client.is_finished(), "somebody waits for ever");
        client.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
    }
    for listener in listeners {
        if listener.is_finished() {
            listener.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        }
    }
    world.judge(!kind.fails);
    if kind.fails {
        world.judge_failure().await;
    } else {
        let accepted = usize::try_from(world.stats.accepted.get()).expect("few");
        assert!((world.new_orders()..=world.new_orders() + gone).contains(&accepted), "{accepted} orders");
        let gauges = [&world.stats.mailbox, &world.stats.open, &world.stats.unconfirmed].map(|gauge| gauge.get());
        assert_eq!(gauges, [0; 3], "waiting, open, unconfirmed");
        assert!(world.venue.take_failure().is_none());
    }
    world.all_met()
}

/// The store keeps up until all that is open fell due, every question is answered and every replay came to its end.
async fn come_to_rest(world: &Rc<World>, fails: bool) {
    if fails {
        world.fake.fail();
    }
    let mut rounds_at_rest = 0;
    for _ in 0..100 {
        world.fake.catch_up();
        world.settle().await;
        rounds_at_rest = if world.is_at_rest() { rounds_at_rest + 1 } else { 0 };
        // Who was refused may yet ask again.
        if rounds_at_rest == 2 {
            return;
        }
        pass(Duration::from_millis(100)).await;
    }
    panic!("it does not come to rest");
}

async fn step(
    world: &Rc<World>,
    dice: &mut Dice,
    time_once_in: usize,
    clients: &mut Vec<JoinHandle<()>>,
    listeners: &mut Vec<JoinHandle<()>>,
) -> String {
    if dice.below(time_once_in) == 0 {
        let us = dice.of(&[1, 1_000, 20_000, 100_000, 300_000]);
        if dice.below(2) == 0 {
            skip(us);
            return format!("{us} us are skipped");
        }
        pass(Duration::from_micros(us)).await;
        return format!("{us} us pass");
    }
    let store = |what: &str| format!("{what}: {} of {} durable", world.fake.durable(), world.fake.appended());
    let world = Rc::clone(world);
    match dice.below(22) {
        0..7 => {
            let submit = submit(dice);
            clients.push(client(Rc::clone(&world).place(submit.clone())));
            // The same request sent twice at once.
            if dice.below(4) == 0 {
                clients.push(client(world.place(submit.clone())));
            }
            format!("{submit:?}")
        }
        7..10 => {
            let id = some_id(&world, dice);
            clients.push(client(world.cancel(id)));
            format!("cancel {id:?}")
        }
        10..12 => {
            let id = some_id(&world, dice);
            clients.push(client(world.find(id)));
            format!("find {id:?}")
        }
        12 => {
            let name = origin(dice).and_then(|origin| origin.names().next());
            let name = name.unwrap_or_else(|| Name::IdempotencyKey(key("k", dice)));
            clients.push(client(world.find_named(name.clone())));
            format!("find {name:?}")
        }
        13..15 => {
            let scan = scan(&world, dice);
            clients.push(client(world.list(scan)));
            format!("{scan:?}")
        }
        15 => {
            let since = (dice.below(3) > 0).then(|| dice.below(5));
            let one = symbol(dice.of(&SYMBOLS));
            let filter = ChangeFilter { order: None, symbol: (dice.below(4) == 0).then_some(one) };
            listeners.push(client(world.listen(since, filter)));
            format!("listen since {since:?} quarters, {filter:?}")
        }
        16..18 => {
            world.fake.confirm_some(dice);
            store("confirm")
        }
        18..20 => {
            world.fake.answer_some(dice);
            store("answer")
        }
        20 => {
            world.fake.trim_some(dice);
            store("trim")
        }
        _ => {
            world.settle().await;
            "settle".to_owned()
        }
    }
}

fn key(prefix: &str, dice: &mut Dice) -> Label {
    label(&format!("{prefix}{}", dice.below(4)))
}

/// None, one or both names, of a few.
fn origin(dice: &mut Dice) -> Option<Arc<Origin>> {
    let own = (dice.below(3) == 0).then(|| key("o", dice));
    let request = (dice.below(3) == 0).then(|| key("k", dice));
    Origin::new(own, request)
}

fn submit(dice: &mut Dice) -> Submit {
    Submit {
        symbol: symbol(dice.of(&SYMBOLS)),
        quantity: quantity(7),
        delay: if dice.below(8) == 0 { Delay::Long } else { Delay::Usual },
        origin: origin(dice),
        asked: None,
        group: None,
    }
}

/// Mostly one that was given.
fn some_id(world: &World, dice: &mut Dice) -> OrderId {
    let ids = world.ids.borrow();
    if ids.is_empty() || dice.below(8) == 0 { OrderId([7; 16]) } else { ids[dice.below(ids.len())] }
}

fn scan(world: &World, dice: &mut Dice) -> List {
    let symbol = (dice.below(3) == 0).then(|| symbol(dice.of(&SYMBOLS)));
    let status = dice.of(&[None, None, Some(Status::Pending), Some(Status::Executed), Some(Status::Cancelled)]);
    let start = if dice.below(2) == 0 { Start::First } else { Start::After(some_id(world, dice)) };
    let direction = dice.of(&[Direction::OldestFirst, Direction::NewestFirst]);
    let filter = OrderFilter { status, symbol, ..OrderFilter::default() };
    List { start, filter, limit: dice.of(&[0, 1, 3, 100]), direction }
}

/// What an engine did before, from some time before or after the new clock's beginning.
fn earlier_life(dice: &mut Dice, chance: Chance) -> Vec<Event> {
    let mut exchange = Exchange::new(1_000);
    let mut log: Vec<Event> = Vec::new();
    let mut now = Time(dice.of(&[-5_000_000, -100_000, 3_000_000]));
    for _ in 0..dice.below(12) {
        now = now.plus_us(dice.of(&[0, 1_000, 50_000]));
        let Submit { symbol, quantity, origin, .. } = submit(dice);
        let (id, delay_us) = (chance.id(exchange.next_accepted(symbol)), dice.below(300_001));
        let command = match dice.below(6) {
            0 if !log.is_empty() => {
                let orders: Vec<OrderRef> = log.iter().filter_map(Event::order).collect();
                let order = dice.of(&orders);
                Command::Cancel { accepted_number: order.accepted_number }
            }
            1 => Command::ExecuteDue,
            _ => Command::Submit(tradepit_engine::Submit { id, symbol, quantity, delay_us, origin, asked: None }),
        };
        let events = exchange.decide(now, &command).unwrap_or_default();
        events.iter().for_each(|event| exchange.apply(event));
        log.extend(events);
    }
    let mut last = Number(0);
    for event in &log {
        assert_eq!(event.number.0, last.0 + event.body.changes());
        last = event.number;
    }
    log
}
