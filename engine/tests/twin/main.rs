//! The engine beside its twin, under the same seeded random commands: event by event, rejection by rejection and
//! read by read they must agree. A failure names its world and step and shows the last commands.
//!
//! A random test that never meets a case tests nothing: each test here also names all that its world must meet.

use std::collections::BTreeMap;

use tradepit_engine::{Body, Event, HouseTrade, Number, OrderId, Seq, Time};

mod commands;
mod life;
mod naive;

use commands::World;
use life::Life;

const TINY: World = World {
    seed: 1,
    max_orders: 3,
    reach: 8,
    commands: 60_000,
    begins_at: 0,
    executes_once_in: 4,
    names: 0,
    recent: None,
};
const SMALL: World = World { seed: 2, max_orders: 50, reach: 120, begins_at: -1_000_000, ..TINY };
const LARGE: World = World { seed: 3, max_orders: 600, reach: 3_000, commands: 20_000, executes_once_in: 300, ..TINY };
const ENDLESS: World = World { seed: 4, max_orders: usize::MAX, reach: 3_000, commands: 10_000, ..TINY };
const ENDING: World = World { seed: 5, commands: 10_000, begins_at: i64::MAX - 1_000_000, ..SMALL };

const NAMED: World = World { seed: 8, commands: 20_000, names: 30, ..SMALL };
const BACKED: World = World { seed: 9, commands: 20_000, recent: Some(5), ..SMALL };

/// The kinds of outcome that worlds with names meet beside.
const NAMES: [&str; 3] = ["key taken", "own id taken", "repeated"];

/// The kinds of outcome that every world meets.
const ALWAYS: [&str; 5] = ["accepted", "cancelled", "executed", "left as closed", "unknown"];

#[test]
fn a_tiny_book_agrees_with_its_twin() {
    for seed in 100..105 {
        agree(World { seed, commands: TINY.commands / 5, ..TINY }, &["forgot", "full", "nothing due"]);
    }
}

#[test]
fn a_small_book_agrees_with_its_twin() {
    agree(SMALL, &["forgot", "full", "nothing due"]);
}

#[test]
fn a_large_book_with_bursts_agrees_with_its_twin() {
    agree(LARGE, &["forgot", "full", "full batch", "nothing due"]);
}

#[test]
fn an_endless_book_agrees_with_its_twin() {
    agree(ENDLESS, &["nothing due"]);
}

#[test]
fn a_book_at_the_end_of_time_agrees_with_its_twin() {
    let life = agree(ENDING, &["forgot", "full", "nothing due"]);
    assert_eq!(life.record.last().map(|event| event.at), Some(Time(i64::MAX)));
}

#[test]
fn a_book_of_named_orders_agrees_with_its_twin() {
    agree(NAMED, &[&["forgot", "full", "nothing due"], &NAMES[..]].concat());
    for seed in 200..203 {
        let tiny = World { seed, commands: 5_000, names: 4, ..TINY };
        agree(tiny, &[&["forgot", "full", "nothing due"], &NAMES[..]].concat());
    }
}

#[test]
fn a_book_in_front_of_a_store_agrees_with_its_twin() {
    agree(BACKED, &["forgot", "forgot as stored", "full", "nothing due"]);
    // With no recent orders there is none to forget for room.
    let both = &["forgot", "forgot as stored"][..];
    for (seed, recent, forgets) in [(300, 0, &both[1..]), (301, 1, both), (302, 7, both)] {
        let tiny = World { seed, commands: 5_000, names: 4, recent: Some(recent), ..TINY };
        agree(tiny, &[forgets, &["full", "nothing due"], &NAMES].concat());
    }
}

#[test]
fn the_same_commands_give_the_same_events_invariant_2() {
    let world = World { seed: 6, commands: 10_000, ..SMALL };
    assert_eq!(Life::live(world).record, Life::live(world).record);
    assert_ne!(Life::live(world).record, Life::live(World { seed: 7, ..world }).record);
}

/// Lives through `world` and requires that it met all that is always met and `also`, and nothing else.
fn agree(world: World, also: &[&str]) -> Life {
    let life = Life::live(world);
    assert_eq!(life.met, ALWAYS.iter().chain(also).copied().collect());
    check_record(&life.record);
    life
}

/// Holds what every record must: numbers rise by one (invariant 4), times never fall (8), an order that was accepted
/// has exactly one terminal event (5), and it executes at its time or later.
fn check_record(record: &[Event]) {
    let mut open: BTreeMap<OrderId, Time> = BTreeMap::new();
    let mut last_at = Time(i64::MIN);
    let mut last = Number(0);
    for (seq, event) in (1..).zip(record) {
        assert_eq!(event.number.0, last.0 + event.body.changes(), "{event:?}");
        assert_eq!(event.seq, Seq(seq), "{event:?}");
        last = event.number;
        assert!(event.at >= last_at, "{event:?} after {last_at:?}");
        last_at = event.at;
        match &event.body {
            Body::Accepted(accepted) => {
                let due_at = accepted.due_at.expect("nobody holds it");
                assert_eq!(open.insert(accepted.id, due_at), None, "{event:?}");
            }
            Body::Cancelled(order) => assert!(open.remove(&order.id).is_some(), "{event:?}"),
            Body::Bought(HouseTrade { order, .. }) => {
                assert!(open.remove(&order.id).is_some_and(|due_at| due_at <= event.at), "{event:?}");
            }
            other => panic!("nothing of that kind happens to native orders: {other:?}"),
        }
    }
    assert_eq!(open, BTreeMap::new(), "without a terminal event, though all was cancelled in the end");
}
