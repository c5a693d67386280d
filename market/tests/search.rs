//! What is found from coarse to fine is what a walk along the steps finds.

mod common;

use std::ops::Range;

use common::{NOW, markets};
use tradepit_engine::{Awaited, Side};
use tradepit_kit::Dice;
use tradepit_market::{Bar, Market, Preset, Print};

/// Steps to look at: of all lengths up to two hours, anywhere.
fn some_steps(dice: &mut Dice) -> Range<u64> {
    let first = NOW + dice.below(400_000_000);
    let length = 1 << dice.below(17);
    first..first + 1 + dice.below(length)
}

fn both_presets() -> impl Iterator<Item = Market> {
    [Preset::Calm, Preset::Volatile].into_iter().flat_map(|preset| markets(3, preset))
}

#[test]
fn a_price_is_first_reached_at_the_first_step_that_has_it() {
    let mut dice = Dice::seeded(11);
    let (mut found, mut not) = (0, 0);
    for market in both_presets() {
        for _ in 0..60 {
            let steps = some_steps(&mut dice);
            let touch = market.touch(steps.start);
            let away = dice.below(touch.bid / 1_000 + 3);
            let nothing = Awaited::default();
            let all = [
                Awaited { ask_falls_to: Some(touch.ask.saturating_sub(away)), ..nothing },
                Awaited { bid_rises_to: Some(touch.bid + away), ..nothing },
                Awaited { ask_rises_to: Some(touch.ask + away), ..nothing },
                Awaited { bid_falls_to: Some(touch.bid.saturating_sub(away)), ..nothing },
                // Either of two.
                Awaited {
                    ask_falls_to: Some(touch.ask.saturating_sub(3 * away)),
                    bid_rises_to: Some(touch.bid + 2 * away),
                    ..nothing
                },
            ];
            for awaited in &all {
                let walked = steps.clone().find(|&step| awaited.is_reached(market.touch(step)));
                assert_eq!(market.first_reached(awaited, steps.clone()), walked, "{awaited:?} in {steps:?}");
                *(if walked.is_some() { &mut found } else { &mut not }) += 1;
            }
        }
    }
    assert!(found > 300 && not > 300, "{found} found, {not} not");
}

#[test]
fn a_bar_is_what_its_trades_come_to() {
    let mut dice = Dice::seeded(12);
    let mut empty = 0;
    for market in both_presets() {
        for _ in 0..150 {
            let steps = some_steps(&mut dice);
            let prints = market.prints(steps.clone());
            let at_most = dice.below(40) as usize;
            let last: Vec<Print> = prints.iter().rev().take(at_most).copied().collect();
            assert_eq!(market.last_prints(steps.clone(), at_most), last);
            let ticks = || prints.iter().map(|print| print.ticks);
            let bar = prints.first().zip(prints.last()).map(|(first, last)| Bar {
                first: first.step,
                last: last.step,
                open: first.ticks,
                high: ticks().max().expect("there is one"),
                low: ticks().min().expect("there is one"),
                close: last.ticks,
                lots: prints.iter().map(|print| print.lots).sum(),
                count: prints.len() as u64,
            });
            assert_eq!(market.bar(steps.clone()), bar, "{steps:?}");
            empty += usize::from(bar.is_none());
        }
    }
    assert!(empty > 10, "{empty} without a trade");
}

#[test]
fn bars_that_are_worked_out_together_are_those_of_each_span() {
    let mut dice = Dice::seeded(13);
    // Where two of the longest spans meet, some 310 days each.
    let seam = (NOW >> 28) << 28;
    for market in both_presets() {
        for length in [1, 10, 36_000, 864_000] {
            let mut next = if dice.below(2) == 0 { seam - 2 * length - 7 } else { NOW + dice.below(400_000_000) };
            let mut spans = Vec::new();
            while spans.len() < 6 {
                // Some apart, some empty, and one far off.
                next += dice.below(4) / 3 * length + if spans.len() == 5 { 900_000_000 } else { 0 };
                let end = next + dice.below(5).min(1) * length;
                spans.push(next..end);
                next = end;
            }
            let each: Vec<_> = spans.iter().map(|span| market.bar(span.clone())).collect();
            assert_eq!(market.bars(&spans), each, "{spans:?}");
        }
    }
}

#[test]
fn longer_bars_are_made_of_exactly_the_shorter_ones() {
    for market in both_presets() {
        let hour = NOW / 36_000 * 36_000;
        for (long, short) in [(36_000, 600), (864_000, 36_000)] {
            let whole = market.bar(hour..hour + long).expect("something is traded");
            let parts = (0..long / short).filter_map(|part| {
                let first = hour + part * short;
                market.bar(first..first + short)
            });
            let joined = parts.reduce(|one, next| Bar {
                first: one.first,
                last: next.last,
                open: one.open,
                high: one.high.max(next.high),
                low: one.low.min(next.low),
                close: next.close,
                lots: one.lots + next.lots,
                count: one.count + next.count,
            });
            assert_eq!(joined, Some(whole));
        }
    }
}

#[test]
fn trades_are_at_the_best_price_of_the_side_that_is_taken() {
    for market in both_presets() {
        let prints = market.prints(NOW..NOW + 20_000);
        assert!(prints.is_sorted_by(|one, next| one.step < next.step), "one a step at most");
        for Print { step, taker, ticks, lots } in prints {
            let touch = market.touch(step);
            let best = if taker == Side::Buy { touch.ask } else { touch.bid };
            assert_eq!(ticks, best);
            assert!(lots > 0);
        }
    }
}

#[test]
fn a_ladder_begins_with_the_best_prices_and_never_meets_itself() {
    for market in both_presets() {
        for step in (0..2_000).map(|place| NOW + place * 997) {
            let (touch, ladder) = (market.touch(step), market.ladder(step));
            let bids: Vec<_> = ladder.bids.into_iter().flatten().collect();
            assert_eq!((bids[0].ticks, ladder.asks[0].ticks), (touch.bid, touch.ask));
            assert!(touch.bid < touch.ask);
            assert!(bids.is_sorted_by(|best, next| best.ticks > next.ticks));
            assert!(ladder.asks.is_sorted_by(|best, next| best.ticks < next.ticks));
            assert!(bids.iter().chain(&ladder.asks).all(|offer| offer.lots > 0));
        }
    }
}
