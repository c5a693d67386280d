//! Rules by themselves: patterns, bounds, chance; and that a rule counts and draws alike whatever stands beside it.

use std::sync::Arc;

use tradepit_engine::{
    AccountId, Bound, Compares, Conditions, Decimal, Does, Looked, OrderKind, Pattern, Probability, ReasonText, Rule,
    Rulebook, Side, Symbol, TimeInForce,
};
use tradepit_kit::Dice;

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).expect("a decimal")
}

#[test]
fn a_pattern_holds_for_what_fits_between_its_stars() {
    for (pattern, text, holds) in [
        ("slow-*", "slow-1", true),
        ("slow-*", "slow-", true),
        ("slow-*", "slow", false),
        ("slow-*", "not-slow-1", false),
        ("*", "anything", true),
        ("*-b-*", "a-b-c", true),
        ("*-b-*", "a-b-b-", true),
        ("*-b-*", "a-bb-", false),
        ("a*b*c", "aXbXbYc", true),
        ("a*b*c", "aXcXb", false),
        ("**", "x", true),
        ("abc", "abc", true),
        ("abc", "abcd", false),
        ("*abab", "aababab", true),
    ] {
        assert_eq!(Pattern::new(pattern).expect("a pattern").holds_for(text), holds, "{pattern} {text}");
    }
    assert_eq!([Pattern::new(""), Pattern::new("a b"), Pattern::new(&"*".repeat(256))], [None, None, None]);
}

#[test]
fn a_bound_compares_by_value() {
    for (compares, below, equal, above) in [
        (Compares::Equal, false, true, false),
        (Compares::Above, false, false, true),
        (Compares::AtLeast, false, true, true),
        (Compares::Below, true, false, false),
        (Compares::AtMost, true, true, false),
    ] {
        let bound = Bound { compares, number: decimal("100.5") };
        let holds = ["100.49999999999", "100.500", "101"].map(|text| bound.holds_for(decimal(text)));
        assert_eq!(holds, [below, equal, above], "{compares:?}");
    }
}

#[test]
fn decimals_are_in_the_order_of_their_values() {
    let rising = [
        "-100000000000000000000000000000000000",
        "-2.5",
        "-2.49",
        "-0.1",
        "0",
        "0.000000000000000000000000000000000001",
        "0.1",
        "1",
        "1.000000000000000000000001",
        "99999999999999999999999999999999999",
        "100000000000000000000000000000000000",
    ];
    for (place, one) in rising.iter().enumerate() {
        for (other_place, other) in rising.iter().enumerate() {
            assert_eq!(decimal(one).cmp(&decimal(other)), place.cmp(&other_place), "{one} {other}");
        }
    }
}

#[test]
fn a_probability_comes_about_that_often() {
    let probability = |text: &str| Probability::new(decimal(text));
    let [never, half, always] = ["0", "0.5", "1"].map(|text| probability(text).expect("one"));
    assert!([0, u64::MAX].iter().all(|draw| !never.comes_about(*draw) && always.comes_about(*draw)));
    assert!(half.comes_about((1 << 63) - 1) && !half.comes_about(1 << 63));
    assert_eq!([probability("1.1"), probability("-0.1"), probability("0.0000000000000000001")], [None, None, None]);
}

/// A rule that decides by all three ways to count.
fn drawn(dice: &mut Dice) -> Rule {
    let symbols = [None, Some("EURUSD"), Some("AAPL")];
    let conditions = Conditions {
        symbol: dice.of(&symbols).map(|text| Symbol::new(text).expect("a symbol")),
        side: dice.of(&[None, Some(Side::Buy), Some(Side::Sell)]),
        nth: dice.once_in(4).then(|| 1 + dice.below(9_u64)),
        every: dice.once_in(3).then(|| 1 + dice.below(4_u64)),
        probability: dice.once_in(2).then(|| Probability::new(decimal(dice.of(&["0.1", "0.5", "0.9"]))).expect("one")),
        ..Conditions::default()
    };
    let does = if dice.once_in(2) { Does::Nothing } else { Does::Reject(ReasonText::new("no").expect("a text")) };
    Rule { name: None, conditions, does, times: dice.once_in(3).then(|| 1 + dice.below(5_u64)) }
}

fn looked(dice: &mut Dice) -> Looked<'static> {
    Looked {
        symbol: Symbol::new(dice.of(&["EURUSD", "AAPL"])).expect("a symbol"),
        account: AccountId::new("default").expect("an id"),
        side: dice.of(&[Side::Buy, Side::Sell]),
        kind: OrderKind::Market,
        time_in_force: TimeInForce::Day,
        client_order_id: None,
        quantity: decimal("1"),
    }
}

/// Which of so many orders each rule was about.
fn lived(rules: &Arc<[Rule]>, orders: &[Looked<'_>]) -> (Vec<Vec<usize>>, Rulebook) {
    let mut rulebook = Rulebook::new(Arc::clone(rules), 7);
    let mut matched = vec![Vec::new(); rules.len()];
    for (place, order) in orders.iter().enumerate() {
        let judged = rulebook.judge(order);
        let hits = judged.noticed.iter().filter(|noticed| noticed.matched);
        hits.for_each(|noticed| matched[usize::from(noticed.rule)].push(place));
        assert_eq!(judged.noticed.iter().filter(|noticed| noticed.used).count(), usize::from(judged.decides.is_some()));
        rulebook.count(&judged.noticed);
    }
    (matched, rulebook)
}

#[test]
fn a_rule_counts_and_draws_alike_whatever_rules_stand_beside_it() {
    for seed in 0..200 {
        let dice = &mut Dice::seeded(seed);
        let rules: Arc<[Rule]> = (0..1 + dice.below(6_u64)).map(|_| drawn(dice)).collect();
        let orders: Vec<Looked<'_>> = (0..60).map(|_| looked(dice)).collect();
        let (together, rulebook) = lived(&rules, &orders);
        for (place, rule) in rules.iter().enumerate() {
            if rules.iter().filter(|other| *other == rule).count() > 1 {
                continue;
            }
            let (alone, _) = lived(&Arc::from([rule.clone()]), &orders);
            assert_eq!(alone[0], together[place], "seed {seed}: {rule:?}");
            let counts = rulebook.counts()[place];
            assert_eq!(counts.matched, together[place].len() as u64);
            assert!(counts.used <= counts.matched && rule.times.is_none_or(|times| counts.used <= times));
        }
    }
}

#[test]
fn rules_that_say_the_same_draw_apart_and_other_seeds_draw_otherwise() {
    let half = Conditions { probability: Probability::new(decimal("0.5")), ..Conditions::default() };
    let rule = Rule { name: None, conditions: half, does: Does::Nothing, times: None };
    let orders: Vec<Looked<'_>> = (0..400).map(|_| looked(&mut Dice::seeded(1))).collect();
    let (matched, _) = lived(&Arc::from([rule.clone(), rule.clone()]), &orders);
    assert_ne!(matched[0], matched[1]);
    assert!(matched.iter().all(|matched| (150..250).contains(&matched.len())), "{matched:?}");
    let draws = |seed| {
        let rulebook = Rulebook::new(Arc::from([rule.clone()]), seed);
        rulebook.judge(&orders[0]).decides.is_some()
    };
    assert!((0..64).any(draws) && !(0..64).all(draws));
}

/// What rules draw stays what it is: histories that were recorded are made again by the same requests.
#[test]
fn draws_are_what_they_always_were() {
    let conditions = Conditions {
        symbol: Symbol::new("EURUSD").ok(),
        probability: Probability::new(decimal("0.3")),
        ..Conditions::default()
    };
    let rule = Rule { name: ReasonText::new("now and then").ok(), conditions, does: Does::Nothing, times: None };
    let order = Looked { symbol: Symbol::new("EURUSD").expect("a symbol"), ..looked(&mut Dice::seeded(1)) };
    let (matched, _) = lived(&Arc::from([rule]), &[order; 20]);
    assert_eq!(matched, [[2, 4, 6, 11, 15, 18]]);
}
