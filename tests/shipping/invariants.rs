//! Invariants that the code keeps by who may do what (docs/architecture.md): who calls it is read from the sources.

use std::fs;

use crate::support::{root, sources};

/// The files of these rooms that contain a text, tests of their own left out.
fn who_has(rooms: &[&str], wanted: &str) -> Vec<String> {
    let mut found = Vec::new();
    for room in rooms {
        for file in sources(&root().join(room)) {
            let code = fs::read_to_string(&file).expect("it is there");
            let code = code.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            if code.lines().any(|line| line.contains(wanted) && !line.trim_start().starts_with("//")) {
                found.push(file.strip_prefix(root()).expect("it is in it").display().to_string());
            }
        }
    }
    found.sort_unstable();
    found
}

/// Invariant 1: every change of state goes through `OrderBook::commit`; nothing else calls `apply` but recovery.
#[test]
fn nothing_changes_the_exchange_but_the_order_book_and_recovery() {
    let rooms = ["actors/src", "store/src", "src", "load/src"];
    // The store's accounts follow the same events: they are no exchange.
    let accounts = ["store/src/accounts.rs", "store/src/check/mod.rs", "store/src/settle.rs"];
    assert_eq!(who_has(&rooms, ".apply("), [&["actors/src/order_book/mod.rs"][..], &accounts].concat());
    assert_eq!(who_has(&["actors/src", "src", "load/src"], ".restore("), [""; 0]);
    let order_book = fs::read_to_string(root().join("actors/src/order_book/mod.rs")).expect("it is there");
    let commit = order_book.split("    fn commit(").nth(1).expect("it has one").split("\n    }\n").next();
    assert!(commit.is_some_and(|commit| commit.contains(".apply(")), "it is not in commit");
    assert_eq!(order_book.matches(".apply(").count(), 1);
    assert_eq!(who_has(&rooms, "Exchange::apply"), [""; 0], "under another name");
}

/// Invariant 6: no question makes the OrderBook look at more than a bounded number of orders.
#[test]
fn the_order_book_reads_orders_in_bounded_pieces() {
    assert_eq!(who_has(&["actors/src"], "orders_after("), [""; 0], "the engine has bounded reads");
    let answers = ["actors/src/order_book/answers.rs"];
    assert_eq!(who_has(&["actors/src"], "exchange.page("), answers);
    assert_eq!(who_has(&["actors/src"], ".open_orders_at("), answers);
}

/// Invariant 7: nothing sleeps or waits in a handler of the OrderBook, which has no async function but those of its
/// address.
#[test]
fn the_order_book_waits_for_nothing() {
    let waiting = [".await", "block_on", "sleep(", ".recv()", ".join()", "run_later", "notify_later"];
    for wanted in waiting {
        let who = who_has(&["actors/src/order_book"], wanted);
        assert!(who.iter().all(|file| file == "actors/src/order_book/addr.rs"), "{wanted}: {who:?}");
    }
    assert_eq!(who_has(&["actors/src/order_book"], ".await"), ["actors/src/order_book/addr.rs"], "it is found");
}

/// Invariant 7: a random sleep on a route is slept in that route's future, and nobody else sleeps who serves. Clippy
/// refuses all other sleeps (clippy.toml); these are its exceptions.
#[test]
fn only_a_route_a_replay_and_a_connection_wait_for_time() {
    let rooms = ["actors/src", "engine/src", "src/edge", "src/native", "src/ops"];
    let connection = ["src/edge/connection/limits.rs", "src/edge/connection/mod.rs"];
    let expected = [&["actors/src/session/replay.rs"][..], &connection, &["src/edge/gate/mod.rs"]].concat();
    assert_eq!(who_has(&rooms, "time::sleep("), expected);
}

/// Invariant 2: the engine is a function: it knows no clock, no chance, no I/O, no float; its maps in hash order are
/// looked up and never iterated.
#[test]
fn the_engine_knows_no_clock_no_chance_and_no_float() {
    for foreign in ["std::time", "Instant", "SystemTime", "rand", "std::io", "std::fs", "std::net", "f64", "f32"] {
        assert_eq!(who_has(&["engine/src"], foreign), [""; 0], "{foreign}");
    }
    let hashed = ["engine/src/accounts/account.rs", "engine/src/accounts/clearing.rs", "engine/src/sheets/spread.rs"];
    assert_eq!(who_has(&["engine/src"], "HashMap<"), hashed);
    for (map, rooms) in [("self.by_name", "engine/src/exchange"), ("self.by_symbol", "engine/src/accounts")] {
        let code: String =
            sources(&root().join(rooms)).iter().map(|file| fs::read_to_string(file).expect("it is there")).collect();
        let uses = code.split(map).skip(1);
        let is_lookup =
            |rest: &str| [".get(", ".insert(", ".remove(", ".share("].iter().any(|call| rest.starts_with(call));
        assert!(uses.clone().count() > 1 && uses.clone().all(is_lookup), "{map}: {:?}", uses.collect::<Vec<_>>());
    }
    let manifest = fs::read_to_string(root().join("engine/Cargo.toml")).expect("it is there");
    let dependencies = manifest.split("[dependencies]").nth(1).and_then(|rest| rest.split("\n[").next());
    assert_eq!(dependencies.map(str::trim), Some(""), "it depends on nothing");
}
