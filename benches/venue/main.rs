//! What is measured, against what: every row of the table in docs/performance.md, from outside, on a real server
//! process.
//!
//! `cargo bench --bench venue` measures all rows, `cargo bench --bench venue -- posts memory` some. The server runs on
//! processor 0 and the client on processor 1, unless a row says otherwise. CPU time is the kernel's account of the
//! server process. Ratios come from interleaved pairs of one run, and are medians.

#![expect(clippy::disallowed_methods, reason = "a client measures with its own clock")]
#![allow(unreachable_pub, reason = "modules of one program")]

mod bare;
mod books;
mod client;
mod clocks;
mod copies;
mod durable;
mod fanout;
mod full_rate;
mod latency;
mod market;
mod memory;
mod posting;
mod posts;
mod process;
mod recovery;
mod subscriber;
mod tls;
mod venues;

use process::{Bench, pin_to};

/// A row: its name on the command line, and what measures it.
type Row = (&'static str, fn(&mut Bench));

const ROWS: [Row; 23] = [
    ("users", latency::hundred_users),
    ("open-loop", latency::open_loop),
    ("posts", posting::against_a_bare_handler),
    ("pending", posting::with_many_pending),
    ("resting", posting::resting),
    ("together", posting::together),
    ("tls", tls::against_plain),
    ("fan-out", fanout::many_subscribers),
    ("books", books::many_followers),
    ("awake", market::awake),
    ("bars", market::bars),
    ("stalled", fanout::stalled_subscribers),
    ("memory", memory::per_socket_and_order),
    ("venues", venues::many),
    ("clocks", clocks::time),
    ("copies", copies::of_many),
    ("durable-venues", venues::durable),
    ("durable-cpu", durable::cpu),
    ("durable-rate", durable::rate),
    ("durable-idle", durable::idle),
    ("durable-late", latency::durable_open_loop),
    ("durable-fan-out", fanout::durable_subscribers),
    ("recovery", recovery::of_a_million),
];

fn main() {
    let mut wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    if wanted.first().is_some_and(|arg| arg == bare::ROLE) {
        return bare::serve();
    }
    if let [role, path, ..] = &wanted[..]
        && role == durable::SYNC_ROLE
    {
        return durable::print_sync(path);
    }
    if let Some(unknown) = wanted.iter().find(|name| ROWS.iter().all(|(row, _)| row != name)) {
        let rows: Vec<_> = ROWS.iter().map(|(row, _)| *row).collect();
        eprintln!("no row is named {unknown}; there are: {}", rows.join(", "));
        std::process::exit(2);
    }
    if wanted.is_empty() {
        wanted = ROWS.iter().map(|(row, _)| (*row).to_owned()).collect();
    }
    pin_to(1);
    let mut bench = Bench::default();
    for (_, measure) in ROWS.iter().filter(|(row, _)| wanted.iter().any(|name| name == row)) {
        measure(&mut bench);
    }
    bench.finish();
}
