//! The book of one instrument against others' order books: the same orders, in one run, on CPU time.
//!
//! `cargo bench --bench engine` runs all three workloads, `cargo bench --bench engine -- W1` one. Each engine runs each
//! workload in turn, five times; a figure is the median, a ratio the median of the rounds' ratios. All must come to the
//! same fills. Ours is measured twice: whole, with validation, accounts and events, and the book and the matching
//! alone.
//!
//! Of the whole exchange alone, `latency` tells how long single operations of W1 take, by the clock, and `resting` what
//! one of W3 takes where 1 000 000 orders rest, over one where 1 000 do. What it asks of memory tells
//! `cargo bench --bench engine-memory`.
//!
//! Fair is: every engine is given its commands made, and each fill is looked at. Theirs give an order's id to whoever
//! asks, ours the slot in which it rests; finding it by the client's number costs each of them one place in a list.

#![allow(unreachable_pub, reason = "modules of one program")]

mod matchcore;
mod orderbook_rs;
mod ours;
mod whole;
mod whole_alone;
mod workloads;

use workloads::{Engine, Op, WORKLOADS};

/// Makes an engine that has room for so many orders.
type Make = fn(usize) -> Box<dyn Engine>;

const ENGINES: [(&str, Make); 4] = [
    ("whole exchange", whole::make),
    ("its book alone", ours::make),
    ("matchcore", matchcore::make),
    ("orderbook-rs", orderbook_rs::make),
];

const ROUNDS: usize = 5;

/// What is measured of the whole exchange alone: a name, and what prints its row.
const ALONE: [(&str, fn()); 2] = [("latency", whole_alone::latency), ("resting", whole_alone::resting)];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let all: Vec<&str> = WORKLOADS.iter().map(|row| row.0).chain(ALONE.iter().map(|row| row.0)).collect();
    if let Some(unknown) = wanted.iter().find(|name| !all.contains(&name.as_str())) {
        eprintln!("nothing is named {unknown}; there are: {}", all.join(", "));
        std::process::exit(2);
    }
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    println!("| workload | {} |", ENGINES.map(|(name, _)| format!("{name}, ns")).join(" | "));
    println!("|---|{}", "---|".repeat(ENGINES.len()));
    for (name, what, make) in WORKLOADS {
        if is_wanted(name) {
            row(name, what, &make());
        }
    }
    for (_, print_row) in ALONE.iter().filter(|(name, _)| is_wanted(name)) {
        print_row();
    }
}

/// Measures one workload and prints its row.
fn row(name: &str, what: &str, ops: &[Op]) {
    let mut rounds = [const { Vec::new() }; ENGINES.len()];
    let mut agreed = None;
    for _ in 0..ROUNDS {
        for ((engine, make), round) in ENGINES.iter().zip(&mut rounds) {
            let mut venue = make(ops.len());
            let before = cpu_ns();
            for op in ops {
                venue.run(op);
            }
            round.push((cpu_ns() - before) as f64 / ops.len() as f64);
            let tally = venue.tally();
            assert_eq!(*agreed.get_or_insert(tally), tally, "{name}: {engine} comes to other fills");
        }
    }
    let ours = &rounds[0];
    let cells = rounds.iter().enumerate().map(|(place, round)| {
        let ratios = round.iter().zip(ours).map(|(other, own)| other / own).collect();
        let ratio = if place == 0 { String::new() } else { format!(" ({:.1} ×)", median(ratios)) };
        format!("{:.0}{ratio}", median(round.clone()))
    });
    println!(
        "| {name}: {what}, {} fills | {} |",
        agreed.map_or(0, |tally| tally.fills),
        cells.collect::<Vec<_>>().join(" | ")
    );
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// What this thread has had of a processor, in nanoseconds.
fn cpu_ns() -> u64 {
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells it");
    account.split(' ').next().and_then(|ns| ns.parse().ok()).expect("it begins with nanoseconds")
}
