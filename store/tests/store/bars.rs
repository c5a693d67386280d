//! Bars beside those of a walk along all trades; they stay when orders go, and an older folder gets those of what it
//! has.

use std::collections::BTreeMap;

use std::path::Path;

use rusqlite::Connection;
use tradepit_engine::{Bar, BarsOf, Direction, Event, Money, Symbol, Time, Timeframe};
use tradepit_kit::Dice;
use tradepit_store::{Archive, Folder, Retain, check};

use crate::agree::{Reads, check_holds};
use crate::desk::{Desk, EVERYTHING};
use crate::life::{Life, SYMBOLS};
use crate::twin::Twin;

/// All bars, by adding up trades one by one.
fn naive(events: &[Event], symbol: Symbol, timeframe: Timeframe) -> Vec<Bar> {
    let mut bars: BTreeMap<i64, Vec<(Time, u64, u128)>> = BTreeMap::new();
    for event in events {
        let Some(print) = event.print().filter(|print| print.symbol == symbol) else { continue };
        let qty = print.qty.unwrap().units(Money::DECIMALS).unwrap().unsigned_abs();
        bars.entry(print.at.0.div_euclid(timeframe.us())).or_default().push((print.at, print.ticks, qty));
    }
    let bar = |(place, trades): (i64, Vec<(Time, u64, u128)>)| {
        let (first, last) = (trades[0], trades[trades.len() - 1]);
        Bar {
            at: Time(place * timeframe.us()),
            first_at: first.0,
            last_at: last.0,
            open: first.1,
            high: trades.iter().map(|trade| trade.1).max().unwrap(),
            low: trades.iter().map(|trade| trade.1).min().unwrap(),
            close: last.1,
            volume: trades.iter().map(|trade| trade.2).sum(),
            count: trades.len() as u64,
        }
    };
    bars.into_iter().map(bar).collect()
}

/// Requires of every read of bars that it says what the trades come to; removed ones count too.
pub(crate) fn agree(reads: &impl Reads, twin: &Twin, dice: &mut Dice) {
    let symbols = SYMBOLS.map(|symbol| Symbol::new(symbol).unwrap());
    for symbol in symbols.into_iter().chain([Symbol::new("NONE").unwrap()]) {
        for timeframe in Timeframe::ALL {
            let all = naive(&twin.traded, symbol, timeframe);
            let ends = [Time(i64::MIN), Time(i64::MAX)];
            let mut some = || all.get(dice.below(all.len().max(1))).map_or(Time(5), |bar| bar.at);
            let spans = [ends, [some(), ends[1]], [ends[0], some()], [some(), some()]];
            for [start, end] in spans {
                let expected: Vec<Bar> = all.iter().filter(|bar| start <= bar.at && bar.at < end).copied().collect();
                for limit in [1, 2 + dice.below(4), 10_000] {
                    let ask = |direction| reads.bars(BarsOf { symbol, timeframe, start, end, direction, limit });
                    let many = expected.len().min(limit);
                    assert_eq!(ask(Direction::OldestFirst), expected[..many], "{symbol:?} {timeframe:?}");
                    assert_eq!(
                        ask(Direction::NewestFirst),
                        expected[expected.len() - many..],
                        "{symbol:?} {timeframe:?}"
                    );
                }
            }
        }
    }
}

/// A life of some days, between sleeps of any length.
fn live(life: &mut Life, desk: &mut Desk, twin: &mut Twin, turns: usize) {
    let mut dice = Dice::seeded(turns as u64);
    for _ in 0..turns {
        let longest = dice.of(&[1_000_000, 60_000_000, 1_000_000_000, 40_000_000_000]);
        life.now = Time(life.now.0 + dice.below(longest));
        let batch = life.batch(6);
        twin.extend(&batch);
        desk.append(&batch);
    }
}

#[test]
fn bars_are_what_the_trades_of_their_time_come_to() {
    let few = Retain { orders: Some(40), age_us: None };
    for (seed, retain) in [(141, EVERYTHING), (142, few)] {
        let dir = tempfile::tempdir().unwrap();
        let (mut life, mut twin) = (Life::new(seed), Twin::default());
        for round in 0..3 {
            let (mut desk, exchange, _) = Desk::open(dir.path(), retain);
            life.take_over(exchange);
            live(&mut life, &mut desk, &mut twin, 120);
            agree(&desk.running, &twin, &mut Dice::seeded(round));
            let folder = desk.folder.clone();
            desk.close();
            let archive = Archive::open(&folder).unwrap();
            agree(&archive, &twin, &mut Dice::seeded(round + 10));
            for timeframe in Timeframe::ALL {
                assert!(twin.traded.len() > 100, "something is traded");
                assert!(naive(&twin.traded, Symbol::new(SYMBOLS[0]).unwrap(), timeframe).len() > 1, "{timeframe:?}");
            }
        }
    }
}

/// The same as a build left it that had no bars.
fn without_bars(database: &Path) {
    let connection = Connection::open(database).unwrap();
    let later = ["bars", "quote_rows", "rules", "plans"].map(|table| format!("DROP TABLE {table};"));
    connection.execute_batch(&(later.concat() + "PRAGMA user_version = 3;")).unwrap();
}

#[test]
fn a_folder_without_bars_gets_those_of_its_changes() {
    let dir = tempfile::tempdir().unwrap();
    let (mut life, mut twin) = (Life::new(143), Twin::default());
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    live(&mut life, &mut desk, &mut twin, 150);
    let folder = desk.folder.clone();
    desk.close();
    without_bars(&folder.database());
    let (mut desk, exchange, _) = Desk::open(dir.path(), EVERYTHING);
    agree(&desk.running, &twin, &mut Dice::seeded(1));
    life.take_over(exchange);
    live(&mut life, &mut desk, &mut twin, 20);
    agree(&desk.running, &twin, &mut Dice::seeded(2));
    desk.close();
    check_holds(&folder, &twin);
}

#[test]
fn a_bar_that_is_not_what_was_traded_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    let (mut life, mut twin) = (Life::new(144), Twin::default());
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    live(&mut life, &mut desk, &mut twin, 60);
    let folder = desk.folder.clone();
    desk.close();
    let said = |change: &str| {
        let copy = tempfile::tempdir().unwrap();
        std::fs::copy(folder.database(), copy.path().join("tradepit.db")).unwrap();
        let connection = Connection::open(copy.path().join("tradepit.db")).unwrap();
        assert_eq!(connection.execute(change, []).unwrap(), 1, "{change}");
        drop(connection);
        let archive = Archive::open(&Folder::new(copy.path())).unwrap();
        check::run(&archive, |_, _| {}).unwrap().damage
    };
    let changed = said(&format!("UPDATE bars SET high = high + 1 WHERE {ONE}"));
    assert!(changed.iter().any(|what| what.contains("is not what was written")), "{changed:?}");
    let removed = said(&format!("DELETE FROM bars WHERE {ONE}"));
    assert_eq!(removed, ["the bars are not what was recorded"]);
}

/// One row.
const ONE: &str = "(symbol, seconds, at) = (SELECT symbol, seconds, at FROM bars WHERE seconds = 60 LIMIT 1)";
