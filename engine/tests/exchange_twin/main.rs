//! The exchange beside its twin, under the same seeded random commands: event by event, rejection by rejection, order
//! by order, book by book and account by account they must agree.
//!
//! A failure is shrunk to the shortest list of commands that still fails. For more commands, or others:
//! `TRADEPIT_TWIN_COMMANDS=1000000 TRADEPIT_TWIN_SEED=7 cargo test --release -p tradepit-engine --test exchange_twin`.
//!
//! A random test that never meets a case tests nothing: each world here also names all that it must meet.

use std::collections::BTreeSet;

mod accounts;
mod acting;
mod changes;
mod commands;
mod copies;
mod groups;
mod life;
mod market;
mod naive;
mod outcomes;
mod owners;
mod resumed;
mod stops;
mod worlds;

use life::live;
use worlds::{
    ACTS, ACTS_IN_SESSIONS, ACTS_OF_PURSES, ACTS_ON_GROUPS, ALONE, BURST, BY_HAND, CROWDED, GROUPS, GROUPS_BY_HAND,
    GROUPS_HALTED, HALTS, HALTS_ALONE, OWNED, PURSES, PURSES_ALONE, QUOTED, REPLACING, REPLACING_GROUPS, SCARCE,
    SESSIONS, STOPS, STOPS_BY_HAND, TINY, USUAL, VAST, World,
};

/// Commands of all worlds together, where nothing is said.
const COMMANDS: u64 = 60_000;

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
const ANYTHING: [&str; 29] = [
    "a native order amended",
    "a native order arrived",
    "a native order cancelled",
    "amended again",
    "an amended order traded",
    "arrived for a sum",
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
    "quantity of a sum",
    "quantity out of range",
    "repeated",
    "time in force",
    "too many instruments",
    "unknown symbol",
];

/// What is met where many wait for a price.
const WAITING: [&str; 37] = [
    "a faulty percentage",
    "a nearer one that came later",
    "a stop between two ticks",
    "a stop limit order waits",
    "a stop limit triggered",
    "a stop order waits",
    "a stop out of range",
    "a stop triggered",
    "a trail between two ticks",
    "a trail out of range",
    "a trailing stop order waits",
    "a trailing stop triggered",
    "already triggered",
    "amended as it waited",
    "amended to another price as it waited",
    "begins to follow",
    "cancelled as it waited",
    "expired as it waited",
    "fok once triggered",
    "follows by percent",
    "follows by price",
    "follows on",
    "follows the ask",
    "follows the bid",
    "in pieces once triggered",
    "ioc once triggered",
    "no stop price",
    "no trail",
    "triggered after a wait",
    "triggered by a cancellation",
    "triggered by its amendment",
    "triggered by what was due",
    "triggered on arrival",
    "triggered to rest",
    "two at one distance",
    "who buys is triggered",
    "who sells is triggered",
];

/// What is met where many orders have legs.
const GROUPED: [&str; 17] = [
    "a bracket",
    "a held leg amended",
    "a held leg cancelled",
    "a leg cancelled",
    "a leg expired",
    "a parent cancelled partly filled",
    "a parent expired",
    "a quantity of its group",
    "acts",
    "amended with its parent",
    "an oco",
    "an oto",
    "ended as a held leg",
    "ended with its group",
    "ended as a parent",
    "loses what the other fills",
    "more than one trade beside a rival",
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
        "what is back is followed",
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

#[test]
fn clients_who_wait_for_a_price_agree_with_their_twin() {
    let also =
        ["a cascade", "nothing to follow yet", "no liquidity once triggered", "triggered by another's amendment"];
    agree(STOPS, 12, &[&RICH, &WAITING, &also]);
}

#[test]
fn who_waits_for_what_is_quoted_agrees_with_its_twin() {
    let also = ["triggered by a quote", "one that buys beside one that sells", "a quote met what rests"];
    agree(STOPS_BY_HAND, 12, &[&RICH, &WAITING, &also]);
}

#[test]
fn orders_that_end_each_other_agree_with_their_twin() {
    let also = ["in the book both", "a leg off tick", "a leg out of range", "no such group", "repeated with legs"];
    agree(GROUPS, 12, &[&RICH, &GROUPED, &also]);
}

#[test]
fn orders_that_end_each_other_under_quotes_agree_with_their_twin() {
    agree(GROUPS_BY_HAND, 8, &[&RICH, &GROUPED, &["a quote met what rests"]]);
}

/// What is met where instruments are halted.
const HALTED: [&str; 15] = [
    "a bought one while nothing traded",
    "a faulty fee",
    "already listed",
    "amended again outside",
    "amended to wait outside",
    "arrived from outside",
    "cancelled outside",
    "closed to orders",
    "expired outside",
    "instrument closed",
    "instrument halted",
    "instrument opened",
    "not trading",
    "rests from outside",
    "traded from outside",
];

#[test]
fn halts_agree_with_their_twin() {
    let also = ["a quote met what rests", "too many instruments", "triggered by an opening"];
    agree(HALTS, 14, &[&RICH, &HALTED, &also]);
}

#[test]
fn halts_among_clients_agree_with_their_twin() {
    let also = ["amended to wait outside, partly filled", "arrived again, partly filled"];
    agree(HALTS_ALONE, 14, &[&RICH, &HALTED, &also]);
}

#[test]
fn groups_of_which_some_wait_outside_agree_with_their_twin() {
    let halted = ["amended to wait outside", "arrived from outside", "not trading", "traded from outside"];
    agree(GROUPS_HALTED, 10, &[&RICH, &GROUPED, &halted]);
}

#[test]
fn sessions_agree_with_their_twin() {
    let also = ["arrived from outside", "expired outside", "not trading", "traded from outside"];
    agree(SESSIONS, 14, &[&also]);
}

/// What is met where orders are placed in place of others.
const REPLACED: [&str; 9] = [
    "closed",
    "repeated",
    "replaced again",
    "replaced as it waited",
    "replaced in the book",
    "replaced on its way",
    "replaced partly filled",
    "rests in place of another",
    "trades in place of another",
];

#[test]
fn orders_in_place_of_others_agree_with_their_twin() {
    let also = ["a native order replaced", "key taken", "own id taken", "quantity of a sum", "triggered on arrival"];
    agree(REPLACING, 12, &[&RICH, &REPLACED, &also]);
}

#[test]
fn orders_in_place_of_those_that_end_each_other_agree_with_their_twin() {
    let also = [
        "a held leg replaced",
        "a leg replaced",
        "a parent replaced",
        "a parent replaced partly filled",
        "came from outside in place of another",
        "legs amended with what was replaced",
        "one of an oco replaced",
        "replaced outside",
    ];
    agree(REPLACING_GROUPS, 14, &[&GROUPED, &REPLACED, &also]);
}

/// What is met where accounts have a limit.
const LIMITED: [&str; 16] = [
    "a faulty leverage",
    "a margin account",
    "a reserved name",
    "a spot account",
    "a transfer beyond buying power",
    "a transfer of nothing",
    "an account taken",
    "an unknown currency",
    "beyond buying power",
    "cash below zero",
    "cash that leads nowhere",
    "changed beyond buying power",
    "money in",
    "money out",
    "no such account",
    "traded with a limit",
];

#[test]
fn what_nobody_sells_short_agrees_with_its_twin() {
    agree(OWNED, 12, &[&RICH, &["sold short", "changed to sell short", "replaced in the book", "an oco"]]);
}

#[test]
fn accounts_that_can_pay_for_little_agree_with_their_twin() {
    let also = ["a quote met what rests", "can pay for a part", "cannot pay", "no conversion", "sold short"];
    agree(PURSES, 14, &[&RICH, &LIMITED, &also]);
}

#[test]
fn accounts_that_meet_themselves_agree_with_their_twin() {
    let also = ["met itself", "several went for one", "went for an amended one", "sold short", "a bracket", "acts"];
    agree(PURSES_ALONE, 14, &[&RICH, &LIMITED, &also]);
}

/// What is met where much is made to happen by hand.
const ACTED: [&str; 15] = [
    "a fill between two ticks",
    "beyond its limit",
    "between two lots",
    "cancelled by hand",
    "closed",
    "expired by hand",
    "filled by hand",
    "filled by hand in part",
    "has arrived",
    "held by hand",
    "let arrive",
    "more than is left",
    "not arrived",
    "rejected by hand",
    "released",
];

#[test]
fn what_is_made_to_happen_agrees_with_its_twin() {
    let also = [
        "a native order ended by hand",
        "a native order held",
        "a native order let arrive",
        "a native order rejected",
        "cancelled by hand, partly filled",
        "ended on hold",
        "expired by hand, partly filled",
        "not on hold",
        "unknown order",
        "waits for a price",
    ];
    agree(ACTS, 12, &[&ACTED, &also]);
}

#[test]
fn what_is_made_to_happen_to_groups_and_while_nothing_trades_agrees_with_its_twin() {
    agree(ACTS_ON_GROUPS, 12, &[&ACTED, &["does not trade", "waits for its parent", "ended with its group"]]);
}

#[test]
fn what_is_made_to_happen_to_accounts_that_can_pay_for_little_agrees_with_its_twin() {
    agree(ACTS_OF_PURSES, 12, &[&ACTED, &["traded with a limit", "cannot pay"]]);
}

#[test]
fn what_is_made_to_happen_in_sessions_agrees_with_its_twin() {
    agree(ACTS_IN_SESSIONS, 12, &[&ACTED, &["does not trade", "arrived from outside", "ended on hold"]]);
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
