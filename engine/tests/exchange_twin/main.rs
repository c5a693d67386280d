//! The exchange beside its twin, under the same seeded random commands: event by event, rejection by rejection, order
//! by order, book by book and account by account they must agree.
//!
//! A failure is shrunk to the shortest list of commands that still fails. For more commands, or others:
//! `TRADEPIT_TWIN_COMMANDS=1000000 TRADEPIT_TWIN_SEED=7 cargo test --release -p tradepit-engine --test exchange_twin`.
//!
//! A random test that never meets a case tests nothing: each world here also names all that it must meet.

use std::collections::BTreeSet;

use tradepit_engine::Quoting;

mod accounts;
mod commands;
mod life;
mod market;
mod naive;
mod outcomes;

use commands::World;
use life::live;

/// Commands of one life: the list of all trades, which the twin walks along, stays short.
const ONE_LIFE: u64 = 1_000;

/// Commands of all worlds together, where nothing is said.
const COMMANDS: u64 = 60_000;

const USUAL: World = World {
    name: "usual",
    seed: 1,
    quoting: Quoting::Frozen,
    symbols: &["EURUSD", "AAPL", "BTC/USD", "ODD", "PENNY", "LUMP"],
    max_orders: 12,
    unknown: 1,
    commands: ONE_LIFE,
    cancels: 3,
    amends: 4,
    executes_once_in: 2,
    native_once_in: 6,
    spread: 5,
    apart: false,
    lots: 20,
    native_bits: 4,
    sweeps_once_in: 0,
    sweeps_beyond: 0,
    names: 6,
    days_once_in: 60,
    quotes_once_in: 0,
};

/// Clients alone: they trade with each other.
const ALONE: World = World { name: "alone", seed: 2, quoting: Quoting::Nobody, days_once_in: 40, ..USUAL };

/// The house has little of each: orders go through several of its prices, and beyond the last.
const SCARCE: World = World {
    name: "scarce",
    seed: 3,
    symbols: &["ODD", "PENNY"],
    spread: 14,
    lots: 37,
    sweeps_once_in: 12,
    days_once_in: 200,
    native_bits: 7,
    ..USUAL
};

/// A tiny exchange, that forgets and is full.
const TINY: World = World { name: "tiny", seed: 4, max_orders: 4, names: 3, symbols: &["AAPL", "ODD"], ..USUAL };

/// Hundreds of small orders rest, and one takes them all.
const CROWDED: World = World {
    name: "crowded",
    seed: 5,
    quoting: Quoting::Nobody,
    symbols: &["EURUSD"],
    max_orders: 900,
    commands: 2_500,
    lots: 2,
    sweeps_once_in: 12,
    sweeps_beyond: 580,
    native_once_in: 40,
    days_once_in: 2_000,
    names: 0,
    spread: 3,
    apart: true,
    native_bits: 1,
    cancels: 1,
    amends: 3,
    executes_once_in: 8,
    ..USUAL
};

/// Hundreds of native orders fall due at once, others between them.
const BURST: World = World {
    name: "burst",
    seed: 6,
    symbols: &["EURUSD", "BTC/USD"],
    max_orders: 800,
    commands: 2_000,
    cancels: 1,
    amends: 0,
    executes_once_in: 700,
    native_once_in: 1,
    native_bits: 1,
    names: 0,
    days_once_in: 400,
    ..USUAL
};

/// Native orders of all that can be ordered: what they could come to is more than is counted.
const VAST: World = World {
    name: "vast",
    seed: 7,
    symbols: &["BTC/USD", "AAPL", "DEAR"],
    max_orders: 100,
    native_once_in: 2,
    native_bits: 53,
    ..USUAL
};

/// What the house has is often all taken, and orders rest where it was: its next quote meets them.
const QUOTED: World = World {
    name: "quoted",
    seed: 8,
    symbols: &["ODD"],
    spread: 3,
    lots: 36,
    native_once_in: 3,
    native_bits: 5,
    cancels: 0,
    amends: 1,
    executes_once_in: 6,
    max_orders: 30,
    days_once_in: 1_000,
    ..SCARCE
};

/// The house quotes what it is told to.
const BY_HAND: World = World {
    name: "by hand",
    seed: 9,
    symbols: &["ODD", "EURUSD"],
    lots: 30,
    quotes_once_in: 12,
    max_orders: 30,
    ..USUAL
};

/// What every world meets.
const ALWAYS: [&str; 3] = ["a native order", "bought", "listed"];

/// What every world meets that has rich orders.
const RICH: [&str; 21] = [
    "a maker filled",
    "a maker filled in part",
    "a rich order",
    "a taker filled",
    "a taker goes on",
    "a taker rests",
    "amended in place",
    "amended on its way",
    "amended to the end",
    "amended to trade",
    "arrived",
    "arrived and rests",
    "cancelled in the book",
    "closed",
    "fok",
    "ioc",
    "left as closed",
    "post only",
    "several faults",
    "unknown order",
    "with a client",
];

/// What is met where anything may be asked.
const ANYTHING: [&str; 27] = [
    "a native order amended",
    "a native order arrived",
    "a native order cancelled",
    "amended again",
    "an amended order traded",
    "a maker's fee",
    "a taker's fee",
    "between two lots",
    "between two ticks",
    "bought with a fee",
    "cancelled on its way",
    "cancelled partly filled",
    "expired in the book",
    "expired on its way",
    "forgot",
    "full",
    "key taken",
    "many bought at once",
    "no limit price",
    "own id taken",
    "price out of range",
    "quantity filled",
    "quantity out of range",
    "repeated",
    "time in force",
    "too many instruments",
    "unknown symbol",
];

#[test]
fn a_small_exchange_agrees_with_its_twin() {
    agree(USUAL, 15, &[&RICH, &ANYTHING, &["the house's best price", "no liquidity", "would trade"]]);
}

#[test]
fn clients_alone_agree_with_their_twin() {
    let also = [
        "expired partly filled",
        "fok without a limit",
        "no liquidity",
        "no liquidity for the day",
        "the reference price",
    ];
    agree(ALONE, 12, &[&RICH, &ANYTHING, &also]);
}

#[test]
fn a_house_that_has_little_agrees_with_its_twin() {
    let of_house = ["the house's best price", "the house's second price", "the house's last price"];
    agree(SCARCE, 12, &[&RICH, &of_house, &["beyond the house's sizes", "a native order arrived"]]);
}

#[test]
fn quotes_that_meet_what_rests_agree_with_their_twin() {
    let also = [
        "a quote met what rests",
        "a quote met a part of what rests",
        "a quote met what rests behind its best price",
        "a quote met who sells",
    ];
    agree(QUOTED, 6, &[&also]);
}

#[test]
fn quotes_by_hand_agree_with_their_twin() {
    let also = [
        "quoted by hand",
        "a quote taken back",
        "a quote met what rests",
        "a quote met a part of what rests",
        "a bid not below its ask",
        "a quote between two ticks",
        "a quote of a size between two lots",
        "a quote of a size out of range",
        "all of a quote taken",
        "beyond a quote by hand",
        "bought",
        "unknown symbol",
    ];
    agree(BY_HAND, 10, &[&RICH, &also]);
}

#[test]
fn a_tiny_exchange_agrees_with_its_twin() {
    agree(TINY, 7, &[&RICH, &["forgot", "full", "repeated", "key taken", "own id taken"]]);
}

#[test]
fn a_crowded_book_agrees_with_its_twin() {
    let also = ["a native order arrived", "amended to trade", "no liquidity", "with a client"];
    agree(CROWDED, 5, &[&["more trades than are told at a time", "trades to its end first"], &also]);
}

#[test]
fn bursts_of_native_orders_agree_with_their_twin() {
    agree(BURST, 4, &[&["full batch", "many bought at once"]]);
}

#[test]
fn what_leaves_the_range_agrees_with_its_twin() {
    agree(VAST, 7, &[&["out of range", "beyond the house's sizes"]]);
}

/// Lives through as many lives of this world as are its share of all commands, of 60, and requires that they met all of
/// these.
fn agree(world: World, share: u64, must: &[&[&str]]) {
    let said = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let commands = said("TRADEPIT_TWIN_COMMANDS").unwrap_or(COMMANDS);
    let first = said("TRADEPIT_TWIN_SEED").unwrap_or(1) * 1_000_000 + world.seed * 100_000;
    let lives = (commands * share / 60).div_ceil(world.commands);
    let met: BTreeSet<&str> = (first..first + lives).flat_map(|seed| live(World { seed, ..world })).collect();
    let missed: Vec<&str> = ALWAYS.iter().chain(must.iter().copied().flatten()).copied().collect();
    let missed: Vec<&str> = missed.into_iter().filter(|kind| !met.contains(kind)).collect();
    // Fewer commands than usual may miss some.
    assert!(missed.is_empty() || commands < COMMANDS, "{} never met {missed:?}, but {met:?}", world.name);
}
