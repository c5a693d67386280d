//! Prices, ladders and bars as they were when this was written: the same on every machine, and for ever. They change
//! only where a stated reason in the documents says why.
//!
//! `TRADEPIT_GOLDEN=write cargo test -p tradepit-market --test golden` writes them anew.

mod common;

use std::fmt::Write;

use common::{NOW, SYMBOLS, markets};
use tradepit_engine::Offer;
use tradepit_market::{Bar, Market, Preset};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden.txt");

#[test]
fn prices_ladders_and_bars_are_what_they_were() {
    let mut told = String::new();
    for (seed, preset) in [(42, Preset::Calm), (7, Preset::Volatile)] {
        for (symbol, market) in SYMBOLS.iter().zip(markets(seed, preset)) {
            // The first step of all, and nine more, years apart.
            for step in (0..10).map(|place| place * (NOW / 8)) {
                tell(&mut told, &format!("{symbol} {preset:?} {seed} @{step}"), &market, step);
            }
        }
    }
    if std::env::var("TRADEPIT_GOLDEN").is_ok_and(|what| what == "write") {
        std::fs::write(FILE, &told).expect("it can be written");
    }
    let written = std::fs::read_to_string(FILE).expect("it is there");
    for (now, then) in told.lines().zip(written.lines()) {
        assert_eq!(now, then);
    }
    assert_eq!(told.lines().count(), written.lines().count());
}

fn tell(told: &mut String, name: &str, market: &Market, step: u64) {
    let ladder = market.ladder(step);
    let side = |offers: &mut dyn Iterator<Item = Offer>| {
        offers.map(|offer| format!("{}x{}", offer.ticks, offer.lots)).collect::<Vec<_>>().join(" ")
    };
    let bids = side(&mut ladder.bids.into_iter().flatten());
    let asks = side(&mut ladder.asks.into_iter());
    writeln!(told, "{name} bids {bids} asks {asks}").expect("a string has room");
    for (what, length) in [("1s", 10), ("1m", 600), ("1h", 36_000), ("1d", 864_000)] {
        let first = step / length * length;
        let bar = market.bar(first..first + length).map_or_else(
            || "nothing".to_owned(),
            |Bar { open, high, low, close, lots, count, .. }| format!("{open} {high} {low} {close} {lots} {count}"),
        );
        writeln!(told, "{name} {what} {bar}").expect("a string has room");
    }
}
