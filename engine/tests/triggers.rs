//! Stops: what is triggered first, how far what trails has followed; by example, and beside a twin that looks at all.

use tradepit_engine::{Decimal, Side, Trail, Triggers, Waits};
use tradepit_kit::Dice;

use Side::{Buy, Sell};

fn percent(text: &str) -> Option<Trail> {
    Trail::percent(Decimal::parse(text).expect("a number"))
}

/// An order waits, whose place in line is its number too; one that trails begins with the market as it stands.
fn add(triggers: &mut Triggers, order: u64, side: Side, waits: Waits, bid: Option<u64>, ask: Option<u64>) {
    triggers.add(order, order, side, waits, None);
    follow(triggers, bid, ask);
}

/// All that trail follow the market.
fn follow(triggers: &mut Triggers, bid: Option<u64>, ask: Option<u64>) {
    while let Some((order, mark)) = triggers.behind(bid, ask) {
        triggers.follow(order, mark);
    }
}

#[test]
fn a_buy_waits_for_the_ask_a_sell_for_the_bid() {
    let cases = [
        (Buy, 105, Some(104), None),
        (Buy, 105, Some(105), Some(7)),
        (Buy, 105, Some(110), Some(7)),
        (Sell, 95, Some(96), None),
        (Sell, 95, Some(95), Some(7)),
        (Sell, 95, Some(90), Some(7)),
    ];
    for (side, price, best, triggered) in cases {
        let mut triggers = Triggers::default();
        add(&mut triggers, 7, side, Waits::At(price), None, None);
        let (bid, ask) = if side == Buy { (None, best) } else { (best, None) };
        assert_eq!(triggers.next(bid, ask), triggered, "{side:?} at {price} beside {best:?}");
        assert_eq!(triggers.next(ask, bid), None, "the other side's best is nothing to it");
    }
}

#[test]
fn the_nearest_to_its_best_comes_first_then_who_came_first() {
    let mut triggers = Triggers::default();
    let orders =
        [(1, Sell, 98), (2, Sell, 93), (3, Sell, 93), (4, Buy, 99), (5, Buy, 92), (6, Sell, 80), (7, Buy, 120)];
    for (order, side, price) in orders {
        add(&mut triggers, order, side, Waits::At(price), None, None);
    }
    let mut order = Vec::new();
    while let Some(next) = triggers.next(Some(90), Some(100)) {
        order.push(next);
        triggers.remove(next);
    }
    // 1 from 100, 3 from 90 twice, 8 from either twice.
    assert_eq!(order, [4, 2, 3, 1, 5]);
    assert_eq!(triggers.len(), 2);
}

#[test]
fn what_trails_follows_and_never_goes_back() {
    let mut triggers = Triggers::default();
    add(&mut triggers, 1, Sell, Waits::Behind(Trail::Ticks(10)), Some(100), Some(102));
    add(&mut triggers, 2, Buy, Waits::Behind(Trail::Ticks(10)), Some(100), Some(102));
    assert_eq!((triggers.get(1), triggers.get(2)), (Some((Some(90), Some(100))), Some((Some(112), Some(102)))));
    follow(&mut triggers, Some(105), Some(107));
    assert_eq!((triggers.get(1), triggers.get(2)), (Some((Some(95), Some(105))), Some((Some(112), Some(102)))));
    follow(&mut triggers, Some(97), Some(99));
    assert_eq!((triggers.get(1), triggers.get(2)), (Some((Some(95), Some(105))), Some((Some(109), Some(99)))));
    assert_eq!(triggers.next(Some(97), Some(99)), None);
    assert_eq!(triggers.next(Some(95), Some(97)), Some(1));
}

#[test]
fn without_a_market_what_trails_waits_for_one() {
    let mut triggers = Triggers::default();
    add(&mut triggers, 1, Sell, Waits::Behind(Trail::Ticks(10)), None, None);
    add(&mut triggers, 2, Buy, Waits::Behind(Trail::Ticks(10)), None, None);
    assert_eq!((triggers.get(1), triggers.get(2)), (Some((None, None)), Some((None, None))));
    assert_eq!(triggers.next(Some(1), Some(u64::MAX)), None);
    follow(&mut triggers, Some(50), Some(60));
    assert_eq!((triggers.get(1), triggers.get(2)), (Some((Some(40), Some(50))), Some((Some(70), Some(60)))));
}

#[test]
fn a_percentage_is_rounded_to_the_tick_away_from_the_market() {
    let half = percent("0.5").expect("a percentage");
    assert_eq!((half.price(Sell, 1_000), half.price(Buy, 1_000)), (Some(995), Some(1_005)));
    assert_eq!((half.price(Sell, 1_001), half.price(Buy, 1_001)), (Some(995), Some(1_007)));
    assert_eq!((half.price(Sell, 1), half.price(Buy, 1)), (None, Some(2)));
    assert_eq!(half.price(Buy, i64::MAX as u64), Some(9_269_488_897_039_049_687));
    assert_eq!(Trail::Ticks(5).price(Sell, 5), None);
    for text in ["0", "-1", "100", "0.0000001", "1e30"] {
        assert_eq!(percent(text), None, "{text}");
    }
}

/// Looks at every order, each time.
#[derive(Default)]
struct Naive(Vec<(u64, Side, Waits, Option<u64>)>);

impl Naive {
    fn price(side: Side, waits: Waits, mark: Option<u64>) -> Option<u64> {
        match waits {
            Waits::At(price) => Some(price),
            Waits::Behind(trail) => trail.price(side, mark?),
        }
    }

    fn follow(&mut self, bid: Option<u64>, ask: Option<u64>) {
        for (_, side, waits, mark) in &mut self.0 {
            if matches!(waits, Waits::Behind(_)) {
                *mark = match side {
                    Sell => (*mark).max(bid),
                    Buy => (*mark).into_iter().chain(ask).min(),
                };
            }
        }
    }

    fn next(&self, bid: Option<u64>, ask: Option<u64>) -> Option<u64> {
        let far = |&(order, side, waits, mark): &(u64, Side, Waits, Option<u64>)| {
            let price = Naive::price(side, waits, mark)?;
            let far = if side == Buy { ask?.checked_sub(price)? } else { price.checked_sub(bid?)? };
            Some((far, order))
        };
        self.0.iter().filter_map(far).min().map(|(_, order)| order)
    }
}

#[test]
fn triggers_agree_with_their_twin() {
    let mut dice = Dice::seeded(21);
    let (mut fired, mut order) = (0, 0);
    for _ in 0..60 {
        let (mut triggers, mut naive, mut middle) = (Triggers::default(), Naive::default(), 1_000_u64);
        for _ in 0..400 {
            middle = (middle + dice.below(21_u64)).saturating_sub(10).max(20);
            let bid = (!dice.once_in(20)).then(|| middle - dice.below(3_u64));
            let ask = (!dice.once_in(20)).then(|| middle + 1 + dice.below(3_u64));
            follow(&mut triggers, bid, ask);
            naive.follow(bid, ask);
            if !dice.once_in(3) {
                order += 1;
                let side = dice.of(&[Buy, Sell]);
                let waits = match dice.below(3_u32) {
                    0 => Waits::At(middle + dice.below(60_u64) - 30.min(middle - 1)),
                    1 => Waits::Behind(Trail::Ticks(1 + dice.below(40_u64))),
                    _ => Waits::Behind(percent(dice.of(&["0.5", "1.25", "3", "90"])).expect("a percentage")),
                };
                add(&mut triggers, order, side, waits, bid, ask);
                let mark = if matches!(waits, Waits::At(_)) || side == Buy { None } else { bid };
                naive.0.push((order, side, waits, mark));
                naive.follow(bid, ask);
            } else if !naive.0.is_empty() {
                let (gone, ..) = naive.0.swap_remove(dice.below(naive.0.len()));
                triggers.remove(gone);
            }
            while let Some(next) = naive.next(bid, ask) {
                assert_eq!(triggers.next(bid, ask), Some(next));
                triggers.remove(next);
                naive.0.retain(|(order, ..)| *order != next);
                fired += 1;
            }
            assert_eq!(triggers.next(bid, ask), None);
            assert_eq!(triggers.len(), naive.0.len());
            for &(order, side, waits, mark) in &naive.0 {
                assert_eq!(triggers.get(order), Some((Naive::price(side, waits, mark), mark)));
            }
        }
    }
    assert!(fired > 5_000, "{fired}");
}
