//! What the whole exchange asks of the system's allocator: `cargo bench --bench engine-memory`.
//!
//! How often for each operation once it is warm, which is in the second half of each workload of the engine's bench,
//! and how many bytes a resting limit order takes, everything counted: where 1 000 000 rest, and where fewer do, since
//! what grows keeps room for more. Exit code 1 where a target is missed. It stands apart from what is timed: counting
//! takes time.

#![allow(unreachable_pub, reason = "modules of one program")]

mod whole;
mod workloads;

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use workloads::{Op, WORKLOADS, around};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    let mut is_met = true;
    for (name, _, make) in WORKLOADS {
        let ops = make();
        let (first, second) = ops.split_at(ops.len() / 2);
        let mut venue = whole::make(ops.len());
        first.iter().for_each(|op| venue.run(op));
        let before = asked();
        second.iter().for_each(|op| venue.run(op));
        let each = (asked() - before) as f64 / second.len() as f64;
        // What grows for ever asks for a piece for each 1 024 orders.
        is_met &= each < 0.005;
        assert!(venue.tally().fills > 0, "{name} trades");
        println!("{name}: {each:.4} allocations for each operation (0, and for a book that grows <= 0.005)");
    }
    for resting in [100_000, 300_000, 1_000_000] {
        let each = bytes_of_each(resting);
        is_met &= each <= 240.0 || resting < 1_000_000;
        println!("{resting} resting: {each:.1} bytes each (<= 240 of 1 000 000)");
    }
    std::process::exit(i32::from(!is_met));
}

/// How many bytes a limit order takes where so many rest.
fn bytes_of_each(resting: usize) -> f64 {
    let (ops, _) = around(resting, 0);
    assert!(ops.iter().all(|op| matches!(op, Op::Add { .. })), "nothing but what comes to rest");
    let mut venue = whole::make(ops.len());
    let before = held();
    ops.iter().for_each(|op| venue.run(op));
    (held() - before) as f64 / resting as f64
}

/// How often memory was asked for so far.
fn asked() -> usize {
    let stats = ALLOCATOR.stats();
    stats.allocations + stats.reallocations
}

/// How many bytes are held.
fn held() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}
