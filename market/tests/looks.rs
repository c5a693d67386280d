//! It looks like a market: what is known of returns, spreads and trades, of each preset.

#![expect(clippy::float_arithmetic, reason = "statistics of what is made of integers")]

mod common;

use common::{NOW, SYMBOLS, markets};
use tradepit_engine::Side;
use tradepit_market::{Market, Preset};

const MINUTE: u64 = 600;
const DAY: u64 = 864_000;

/// Log returns of the middle, so many of so many steps each.
fn returns(market: &Market, length: u64, count: u64) -> Vec<f64> {
    let middle = |place| {
        let touch = market.touch(NOW + place * length);
        ((touch.bid + touch.ask) as f64).ln()
    };
    (0..count).map(|place| middle(place + 1) - middle(place)).collect()
}

fn mean(of: &[f64]) -> f64 {
    of.iter().sum::<f64>() / of.len() as f64
}

/// The correlation of each with the one so many places later.
fn correlation(of: &[f64], lag: usize) -> f64 {
    let mean = mean(of);
    let product = |one: f64, other: f64| (one - mean) * (other - mean);
    let variance: f64 = of.iter().map(|&one| product(one, one)).sum();
    of.iter().zip(&of[lag..]).map(|(&one, &other)| product(one, other)).sum::<f64>() / variance
}

fn each(run: impl Fn(&str, Preset, &Market)) {
    for preset in [Preset::Calm, Preset::Volatile] {
        for (symbol, market) in SYMBOLS.iter().zip(markets(42, preset)) {
            run(symbol, preset, &market);
        }
    }
}

#[test]
fn returns_of_a_minute_are_uncorrelated_have_fat_tails_and_come_in_clusters() {
    each(|symbol, preset, market| {
        let returns = returns(market, MINUTE, 30_000);
        // Three standard errors of what is uncorrelated and has tails as fat.
        let next = correlation(&returns, 1);
        assert!(next.abs() < 0.03, "{symbol} {preset:?}: {next} from one minute to the next");
        let second = mean(&returns.iter().map(|one| one.powi(2)).collect::<Vec<_>>());
        let fourth = mean(&returns.iter().map(|one| one.powi(4)).collect::<Vec<_>>());
        let tails = fourth / second.powi(2);
        assert!(tails > 4.5, "{symbol} {preset:?}: a kurtosis of {tails}, where a normal one is 3");
        let sizes: Vec<f64> = returns.iter().map(|one| one.abs()).collect();
        for (lag, at_least) in [(1, 0.15), (10, 0.12), (60, 0.08)] {
            let cluster = correlation(&sizes, lag);
            assert!(cluster > at_least, "{symbol} {preset:?}: sizes {lag} minutes apart correlate by {cluster}");
        }
    });
}

#[test]
fn a_day_moves_a_price_by_what_its_preset_says() {
    each(|symbol, preset, market| {
        let returns = returns(market, DAY, 1_500);
        let far = mean(&returns.iter().map(|one| one.powi(2)).collect::<Vec<_>>()).sqrt();
        let share = match preset {
            Preset::Calm => 0.008,
            Preset::Volatile => 0.03,
        };
        let said = match symbol {
            "EURUSD" => share * 0.4,
            "AAPL" => share,
            _ => share * 2.0,
        };
        assert!((0.9..1.1).contains(&(far / said)), "{symbol} {preset:?}: {far} a day, not {said}");
    });
}

#[test]
fn a_price_stays_around_its_reference_for_ever() {
    for preset in [Preset::Calm, Preset::Volatile] {
        for (market, reference) in markets(42, preset).iter().zip([108_500, 19_000, 6_000_000]) {
            // 2 700 years.
            for place in 0..1_000 {
                let touch = market.touch(place * DAY * 1_000);
                assert!((reference / 64..reference * 64).contains(&touch.ask), "{touch:?}");
            }
        }
    }
}

#[test]
fn the_spread_is_about_constant_and_sizes_of_trades_are_skewed() {
    each(|symbol, preset, market| {
        let spreads = (0..20_000).map(|place| market.touch(NOW + place * 617)).map(|touch| touch.ask - touch.bid);
        let mut spreads: Vec<u64> = spreads.collect();
        spreads.sort_unstable();
        let (least, middle, widest) = (spreads[0], spreads[10_000], spreads[19_999]);
        assert_eq!(middle, least, "{symbol} {preset:?}");
        assert!(widest > least && widest <= 2 * least + 1, "{symbol} {preset:?}: {least} to {widest} ticks");

        let prints = market.prints(NOW..NOW + DAY / 4);
        let mut lots: Vec<u64> = prints.iter().map(|print| print.lots).collect();
        lots.sort_unstable();
        let (middle, all) = (lots[lots.len() / 2], lots.iter().map(|&lots| lots as f64).sum::<f64>());
        let skew = all / lots.len() as f64 / middle as f64;
        assert!(skew > 1.8, "{symbol} {preset:?}: the mean is {skew} times the middle one");
        let bought = prints.iter().filter(|print| print.taker == Side::Buy).count() as f64 / prints.len() as f64;
        assert!((0.48..0.52).contains(&bought), "{symbol} {preset:?}: {bought} of the trades buy");
    });
}

#[test]
fn who_buys_low_within_a_day_earns_nothing_by_it() {
    for (symbol, market) in SYMBOLS.iter().zip(markets(42, Preset::Calm)) {
        let middle = |step| {
            let touch = market.touch(step);
            ((touch.bid + touch.ask) as f64).ln()
        };
        // Once an hour: what is below the mean of the last day is bought, what is above sold, for six hours.
        let hour = DAY / 24;
        let won = (0..1_000_u64).map(|day| {
            let won = (0..24).map(|of_day| {
                let now = NOW + day * DAY + of_day * hour;
                let usual = mean(&(1..=24).map(|before| middle(now - before * hour)).collect::<Vec<_>>());
                let goes = middle(now + 6 * hour) - middle(now);
                if middle(now) < usual { goes } else { -goes }
            });
            won.sum::<f64>()
        });
        let won: Vec<f64> = won.collect();
        let (each, spread) = (mean(&won), won.iter().map(|one| one.powi(2)).sum::<f64>().sqrt());
        let significance = each * won.len() as f64 / spread;
        assert!(significance.abs() < 2.0, "{symbol}: {significance} standard errors");
    }
}
