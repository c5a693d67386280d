//! Bars and trades of all that is traded: what clients do and what the simulated market prints, as one.

use std::collections::BTreeMap;

use tokio::task::LocalSet;
use tradepit_actors::{Clock, ListInstrument, Piece, ReadBars, ReadTrades, Setup, Trade, TradeId};
use tradepit_engine::{Bar, Decimal, Hours, Listing, Money, Number, Side, Symbol, Time, Timeframe};
use tradepit_kit::{Dice, symbol};
use tradepit_market::{Preset, Simulated};
use tradepit_world::{World, fixed, submit_of};

const SECOND_US: i64 = 1_000_000;
const HOUR_US: i64 = 3_600 * SECOND_US;
/// 2026-11-19T14:00:00Z: a Thursday, half an hour before the exchange in New York opens.
const BEGINNING: i64 = 1_795_096_800 * SECOND_US;

fn started(simulated: Option<Simulated>, history: usize) -> World {
    let clock = Clock::starting_at(Time(BEGINNING));
    World::start(Setup { simulated, history, clock, ..fixed(1_000) })
}

const CALM: Option<Simulated> = Some(Simulated { seed: 3, preset: Preset::Calm });

async fn page(world: &World, symbol: Symbol, before: Option<TradeId>, limit: usize) -> Piece<Trade> {
    let read = ReadTrades { symbol, before, limit };
    world.venue.trades(read).await.expect("the mailbox has room").expect("it is listed")
}

/// All trades since a time, the oldest first, by pages of this size.
async fn trades(world: &World, symbol: Symbol, since: Time, limit: usize) -> Vec<Trade> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let Piece { items, has_more } = page(world, symbol, before, limit).await;
        assert!(items.len() <= limit);
        before = items.last().map(|last| last.id);
        all.extend(items);
        if !has_more || all.last().is_some_and(|last| last.at < since) {
            break;
        }
    }
    all.retain(|trade| trade.at >= since);
    all.reverse();
    all
}

/// All bars of a span, by pages of this size.
async fn bars(world: &World, symbol: Symbol, timeframe: Timeframe, span: [Time; 2], limit: usize) -> Vec<Bar> {
    let (mut all, [mut start, end]) = (Vec::new(), span);
    loop {
        let read = ReadBars { symbol, timeframe, start: Some(start), end: Some(end), limit };
        let told = world.venue.bars(read).await.expect("the mailbox has room").expect("it is listed");
        assert!(told.bars.len() <= limit);
        all.extend(told.bars);
        match told.next {
            Some(next) => start = next,
            None => return all,
        }
    }
}

fn naive(trades: &[Trade], timeframe: Timeframe) -> Vec<Bar> {
    let mut bars: BTreeMap<Time, Bar> = BTreeMap::new();
    for trade in trades {
        let volume = trade.qty.expect("it is short").units(Money::DECIMALS).expect("so are its decimals");
        let at = Time(trade.at.0.div_euclid(timeframe.us()) * timeframe.us());
        let alone = Bar { at, ..Bar::of(trade.at, trade.ticks, volume.unsigned_abs()) };
        bars.entry(at)
            .and_modify(|bar| {
                bar.high = bar.high.max(trade.ticks);
                bar.low = bar.low.min(trade.ticks);
                (bar.close, bar.last_at) = (trade.ticks, trade.at);
                bar.volume += alone.volume;
                bar.count += 1;
            })
            .or_insert(alone);
    }
    bars.into_values().collect()
}

/// Some orders: at times so that one trades at the moment of a print.
async fn live(world: &World, name: &str, until: i64, dice: &mut Dice) -> i64 {
    let mut now = BEGINNING;
    let mut orders = 0;
    while now < until {
        now += dice.below(400 * SECOND_US.unsigned_abs()).cast_signed();
        if dice.below(2) == 0 {
            now = now / 100_000 * 100_000 + 99_000;
        }
        world.sleep_until(now).await;
        for _ in 0..=dice.below(3) {
            world.submit_as(submit_of(name)).await;
            orders += 1;
        }
    }
    world.sleep_until(now + SECOND_US / 3).await;
    orders
}

/// How many were printed, and how many are of clients.
fn kinds(trades: &[Trade]) -> (usize, usize) {
    let printed = trades.iter().filter(|trade| matches!(trade.id, TradeId::Printed(_))).count();
    (printed, trades.len() - printed)
}

#[tokio::test(start_paused = true)]
async fn bars_of_every_length_are_what_the_trades_of_their_time_come_to() {
    let run = async {
        for (seed, simulated) in [(1, CALM), (2, None)] {
            let world = started(simulated, 100_000);
            let euro = symbol("EURUSD");
            let orders = live(&world, "EURUSD", BEGINNING + 2 * HOUR_US, &mut Dice::seeded(seed)).await;
            let begin = Time(BEGINNING - HOUR_US);
            let all = trades(&world, euro, begin, 1_000).await;
            let (printed, of_clients) = kinds(&all);
            assert_eq!(of_clients as i64, orders);
            assert_eq!(printed > 5_000, simulated.is_some(), "{printed}");
            assert!(all.is_sorted_by_key(|trade| trade.at));
            let span = [begin, Time(BEGINNING + 9 * HOUR_US)];
            for timeframe in Timeframe::ALL.into_iter().filter(|timeframe| *timeframe < Timeframe::Day) {
                let expected = naive(&all, timeframe);
                assert_eq!(bars(&world, euro, timeframe, span, 1_000).await, expected, "{timeframe:?}");
                let read = ReadBars { symbol: euro, timeframe, start: None, end: None, limit: 9 };
                let newest = world.venue.bars(read).await.expect("room").expect("it is listed");
                // There may be older ones, of before the trades that were asked for.
                let same = expected.len().min(9);
                assert_eq!(newest.bars[newest.bars.len() - same..], expected[expected.len() - same..]);
                assert_eq!(newest.next, None);
            }
        }
    };
    LocalSet::new().run_until(run).await;
}

#[tokio::test(start_paused = true)]
async fn longer_bars_are_made_of_exactly_the_shorter_ones() {
    let run = async {
        let world = started(CALM, 100_000);
        let euro = symbol("EURUSD");
        live(&world, "EURUSD", BEGINNING + HOUR_US, &mut Dice::seeded(5)).await;
        let day = Time(BEGINNING / (24 * HOUR_US) * 24 * HOUR_US);
        let span = [Time(day.0 - 24 * HOUR_US), Time(day.0 + 24 * HOUR_US)];
        let lengths = [Timeframe::Minute, Timeframe::FiveMinutes, Timeframe::Quarter, Timeframe::Hour, Timeframe::Day];
        let mut shorter = bars(&world, euro, Timeframe::Minute, span, 1_000).await;
        for timeframe in lengths {
            let longer = bars(&world, euro, timeframe, span, 7).await;
            let mut made: Vec<Bar> = Vec::new();
            for bar in &shorter {
                let at = timeframe.begin(bar.at);
                match made.last_mut().filter(|last| last.at == at) {
                    Some(last) => *last = last.with(bar),
                    None => made.push(Bar { at, ..*bar }),
                }
            }
            assert_eq!(longer, made, "{timeframe:?}");
            shorter = longer;
        }
        assert_eq!(shorter.len(), 2);
    };
    LocalSet::new().run_until(run).await;
}

#[tokio::test(start_paused = true)]
async fn pages_of_trades_have_each_once_whatever_their_size() {
    let run = async {
        let world = started(CALM, 100_000);
        let euro = symbol("EURUSD");
        live(&world, "EURUSD", BEGINNING + HOUR_US / 6, &mut Dice::seeded(7)).await;
        let all = trades(&world, euro, Time(BEGINNING), 1_000).await;
        let (printed, of_clients) = kinds(&all);
        assert!(printed > 300 && of_clients > 3, "{printed}, {of_clients}");
        let at_one_moment = all.windows(2).filter(|two| two[0].at == two[1].at && two[0].side == two[1].side);
        assert!(at_one_moment.count() > 0, "some are at one moment");
        for limit in [1, 2, 3, 7] {
            assert_eq!(trades(&world, euro, Time(BEGINNING), limit).await, all, "by {limit}");
        }
        // What is no trade's id says when it would have been.
        let odd = page(&world, euro, Some(TradeId::Kept(Number(u64::MAX))), 5).await;
        assert_eq!(odd.items.iter().rev().copied().collect::<Vec<_>>(), all[all.len() - 5..]);
        let first = all.iter().find(|trade| matches!(trade.id, TradeId::Kept(_))).expect("there is one");
        let TradeId::Kept(number) = first.id else { unreachable!("it is one") };
        let before = page(&world, euro, Some(TradeId::Kept(Number(number.0 - 1))), 1).await.items[0];
        assert!(before.at <= first.at && before.id != first.id);
    };
    LocalSet::new().run_until(run).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_printed_later_than_now_nor_outside_the_hours() {
    let run = async {
        let world = started(CALM, 100_000);
        let name = symbol("HOURLY");
        let listing =
            Listing { reference_price: Decimal::parse("100").expect("a number"), ..Listing::of_unknown(name) };
        let list = ListInstrument { listing, hours: Some(Hours::Nyse) };
        world.venue.list_instrument(list).await.expect("room").expect("it is new");
        world.sleep_until(BEGINNING + HOUR_US).await;
        let hours = bars(&world, name, Timeframe::Hour, [Time(BEGINNING - 24 * HOUR_US), Time(i64::MAX)], 100).await;
        let begin: Vec<i64> = hours.iter().map(|bar| (bar.at.0 - BEGINNING) / HOUR_US).collect();
        // From 14:30 to 21:00 UTC the day before, and since 14:30 today; at 15:00 one may be printed just now.
        assert_eq!(begin[..8], [-24, -23, -22, -21, -20, -19, -18, 0]);
        assert!(hours[0].first_at >= Time(BEGINNING - 24 * HOUR_US + HOUR_US / 2));
        assert!(hours.iter().all(|bar| bar.last_at <= Time(BEGINNING + HOUR_US)));
        let days = ReadBars { symbol: name, timeframe: Timeframe::Day, start: None, end: None, limit: 7 };
        let days = world.venue.bars(days).await.expect("room").expect("it is listed").bars;
        // Six days ago it was a Friday, and before that a weekend did not count.
        let day = |bar: &Bar| bar.at.0.div_euclid(24 * HOUR_US) - BEGINNING.div_euclid(24 * HOUR_US);
        assert_eq!(days.iter().map(day).collect::<Vec<_>>(), [-8, -7, -6, -3, -2, -1, 0]);
        let newest = page(&world, name, None, 1).await.items[0];
        assert!(newest.at <= Time(BEGINNING + HOUR_US) && [Side::Buy, Side::Sell].contains(&newest.side));
        let old = page(&world, name, Some(TradeId::Printed(0)), 5).await;
        assert_eq!((old.items.len(), old.has_more), (0, false));
    };
    LocalSet::new().run_until(run).await;
}

/// A world that holds few changes, in which something was bought in each of forty seconds.
async fn forty(simulated: Option<Simulated>) -> World {
    let world = started(simulated, 60);
    for second in 0..40 {
        world.sleep_until(BEGINNING + second * SECOND_US).await;
        world.submit_as(submit_of("EURUSD")).await;
    }
    world.sleep_until(BEGINNING + 41 * SECOND_US).await;
    world
}

#[tokio::test(start_paused = true)]
async fn what_is_no_longer_held_is_in_no_bar_and_nothing_is_before_it() {
    let run = async {
        let euro = symbol("EURUSD");
        let world = forty(CALM).await;
        assert_eq!(page(&world, euro, Some(TradeId::Kept(Number(4))), 5).await.items, []);
        let nobody = ReadTrades { symbol: symbol("NOBODY"), before: None, limit: 1 };
        assert_eq!(world.venue.trades(nobody).await, Ok(None));

        let world = forty(None).await;
        let span = [Time(BEGINNING), Time(i64::MAX)];
        assert_eq!(bars(&world, euro, Timeframe::Second, span, 3).await.len(), 10);
        assert_eq!(bars(&world, euro, Timeframe::Minute, span, 3).await[0].count, 40);
        assert_eq!(page(&world, euro, Some(TradeId::Kept(Number(4))), 5).await.items, []);
    };
    LocalSet::new().run_until(run).await;
}
