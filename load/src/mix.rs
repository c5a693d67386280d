//! What a run sends: native orders alone, or a mix of requests.
//!
//! Owns the tables of weights, and how far from the touch the prices of each are. Chance is an argument; what is sent
//! of it is `desk`'s.

use clap::ValueEnum;
use serde::Serialize;

use super::chance::Chance;
use super::instrument::Instrument;

/// What a run sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Mix {
    /// Native orders, each waited for.
    Native,
    /// Limit orders around the touch, of which many trade: 55 % placed, 20 % amended, 10 % replaced, 15 % cancelled.
    Limit,
    /// exchange-core's mix, most of which rests: 82 % amended, 9 % placed gtc, 3 % placed ioc, 6 % cancelled.
    Book,
}

/// What is done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A limit order that stands until it is cancelled.
    Place,
    /// A limit order at the best price of the other side, which trades at once or not at all.
    Take,
    Amend,
    Replace,
    Cancel,
}

/// On which side an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Buy,
    Sell,
}

/// In how many of a hundred requests each step is drawn.
const LIMIT: &[(u64, Step)] = &[(55, Step::Place), (20, Step::Amend), (10, Step::Replace), (15, Step::Cancel)];
const BOOK: &[(u64, Step)] = &[(82, Step::Amend), (9, Step::Place), (3, Step::Take), (6, Step::Cancel)];

/// `limit`: prices are within so many ticks of the best one of their side, either way.
const AROUND: u64 = 5;

/// `book`: prices are the best one of their side, or up to one less than so many ticks behind it: 750 prices in all.
const BEHIND: u64 = 375;

impl Mix {
    /// Draws what is done next.
    pub(super) fn step(self, chance: &mut Chance) -> Step {
        let table = match self {
            // Never asked: a native run draws nothing.
            Mix::Native => return Step::Place,
            Mix::Limit => LIMIT,
            Mix::Book => BOOK,
        };
        let mut drawn = chance.below(table.iter().map(|(weight, _)| weight).sum());
        for &(weight, step) in table {
            match drawn.checked_sub(weight) {
                Some(rest) => drawn = rest,
                None => return step,
            }
        }
        Step::Place
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Mix::Native => "native",
            Mix::Limit => "limit",
            Mix::Book => "book",
        }
    }

    /// Draws the price of a limit order on `side`, in ticks.
    pub(super) fn price(self, step: Step, side: Side, instrument: &Instrument, chance: &mut Chance) -> u64 {
        let (own, other) = match side {
            Side::Buy => (instrument.bid, instrument.ask),
            Side::Sell => (instrument.ask, instrument.bid),
        };
        let ticks = match (step, self, side) {
            (Step::Take, ..) => other,
            (_, Mix::Book, Side::Buy) => own.saturating_sub(chance.below(BEHIND)),
            (_, Mix::Book, Side::Sell) => own.saturating_add(chance.below(BEHIND)),
            (_, Mix::Native | Mix::Limit, _) => own.saturating_add(chance.below(2 * AROUND + 1)).saturating_sub(AROUND),
        };
        ticks.clamp(1, instrument.highest.max(1))
    }
}

impl Side {
    pub(super) fn draw(chance: &mut Chance) -> Self {
        if chance.below(2) == 0 { Side::Buy } else { Side::Sell }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Side::Buy => "buy",
            Side::Sell => "sell",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_drawn_by_their_weights() {
        for (mix, table) in [(Mix::Limit, LIMIT), (Mix::Book, BOOK)] {
            assert_eq!(table.iter().map(|(weight, _)| weight).sum::<u64>(), 100);
            let mut chance = Chance::seeded(1);
            let steps: Vec<_> = (0..100_000).map(|_| mix.step(&mut chance)).collect();
            for &(weight, step) in table {
                let count = steps.iter().filter(|drawn| **drawn == step).count() as u64;
                assert!(count.abs_diff(weight * 1_000) < 600, "{mix:?} {step:?}: {count}");
            }
        }
    }

    #[test]
    fn prices_of_limit_cross_the_touch_and_those_of_book_do_not() {
        let (instrument, mut chance) = (Instrument::example(), Chance::seeded(1));
        let mut range = |mix: Mix, step, side| {
            let prices = (0..10_000).map(|_| mix.price(step, side, &instrument, &mut chance));
            prices.fold((u64::MAX, 0), |(low, high), price| (low.min(price), high.max(price)))
        };
        assert_eq!(range(Mix::Limit, Step::Place, Side::Buy), (108_494, 108_504));
        assert_eq!(range(Mix::Limit, Step::Amend, Side::Sell), (108_496, 108_506));
        assert_eq!(range(Mix::Book, Step::Amend, Side::Buy), (108_125, 108_499));
        assert_eq!(range(Mix::Book, Step::Place, Side::Sell), (108_501, 108_875));
        assert_eq!(range(Mix::Book, Step::Take, Side::Buy), (108_501, 108_501));
        assert_eq!(range(Mix::Book, Step::Take, Side::Sell), (108_499, 108_499));
    }

    #[test]
    fn a_price_is_at_least_a_tick_and_no_more_than_the_highest() {
        let mut penny = Instrument::example();
        (penny.bid, penny.ask, penny.highest) = (1, 2, 3);
        let mut chance = Chance::seeded(1);
        for side in [Side::Buy, Side::Sell] {
            for mix in [Mix::Limit, Mix::Book] {
                assert!((0..1_000).all(|_| (1..=3).contains(&mix.price(Step::Place, side, &penny, &mut chance))));
            }
        }
    }
}
