//! The whole exchange alone: how long one operation takes, and how it grows with what rests.

#![expect(clippy::disallowed_methods, reason = "an operation takes what the clock says")]

use std::time::Instant;

use super::workloads::{WORKLOADS, around};
use super::{cpu_ns, median, whole};

/// How long operations of W1 take one by one, in nanoseconds; reading the clock is in it.
pub fn latency() {
    let [(_, _, make), ..] = WORKLOADS;
    let ops = make();
    let mut venue = whole::make(ops.len());
    let mut took: Vec<u64> = Vec::with_capacity(ops.len());
    for op in &ops {
        let began = Instant::now();
        venue.run(op);
        took.push(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX));
    }
    // What the first ones take is what it takes to grow warm.
    let mut warm = took.split_off(ops.len() / 10);
    warm.sort_unstable();
    let at = |part: f64| warm[(warm.len() as f64 * part) as usize];
    let (half, p99, p9999) = (at(0.5), at(0.99), at(0.9999));
    println!("W1, one by one: p50 {half} ns, p99 {p99} ns (<= 500), p99.99 {p9999} ns (<= 10 000)");
}

/// What an operation of W3 takes where so many orders rest, and the ratio of most to few.
pub fn resting() {
    const OPS: usize = 200_000;
    let mut rounds = [const { Vec::new() }; 2];
    for _ in 0..super::ROUNDS {
        for (resting, round) in [1_000, 1_000_000].into_iter().zip(&mut rounds) {
            let (before, mix) = around(resting, OPS);
            let mut venue = whole::make(before.len() + mix.len());
            before.iter().for_each(|op| venue.run(op));
            let began = cpu_ns();
            mix.iter().for_each(|op| venue.run(op));
            round.push((cpu_ns() - began) as f64 / mix.len() as f64);
        }
    }
    let [few, many] = rounds;
    let ratios = many.iter().zip(&few).map(|(many, few)| many / few).collect();
    let (few, many, ratio) = (median(few), median(many), median(ratios));
    println!("W3 with 1 000 resting: {few:.0} ns; with 1 000 000: {many:.0} ns, {ratio:.1} times as much (<= 2.5)");
}
