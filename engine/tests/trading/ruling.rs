//! Rules, each case a sentence of the contract.
//!
//! `rule symbol EURUSD nth 3 -> reject no margin` appends a rule to those that there are; all count anew then. What
//! rules had to say is told as their places, with an `m` where one matched and a `u` where it decided.

use std::sync::Arc;

use tradepit_engine::{
    AccountId, Body, Bound, Command, Compares, Conditions, Does, Fate, Noticed, OrderKind, Pace, Parts, Pattern, Plan,
    Probability, ReasonText, Rule, Rulebook, Share, Side, TimeInForce, Way,
};

use crate::door::{check, number, symbol};

pub(crate) fn set(before: Option<&Rulebook>, words: &[&str]) -> Command {
    let before = before.into_iter().flat_map(|rulebook| rulebook.rules().iter().cloned());
    let rules: Arc<[Rule]> = match words {
        ["none"] => Arc::default(),
        words => before.chain([rule(words)]).collect(),
    };
    Command::SetRules { rules, seed: 42 }
}

fn text(words: &[&str]) -> ReasonText {
    ReasonText::new(&words.join(" ")).expect("a text")
}

fn rule(words: &[&str]) -> Rule {
    let end = words.iter().position(|word| *word == "->").expect("an arrow");
    let (mut conditions, mut times) = (Conditions::default(), None);
    for pair in words[..end].chunks(2) {
        let value = pair[1];
        match pair[0] {
            "symbol" => conditions.symbol = Some(symbol(value)),
            "account" => conditions.account = Some(AccountId::new(value).expect("an id")),
            "side" => conditions.side = Some(if value == "buy" { Side::Buy } else { Side::Sell }),
            "type" => {
                let kinds = [("market", OrderKind::Market), ("limit", OrderKind::Limit), ("stop", OrderKind::Stop)];
                conditions.kind = kinds.into_iter().find(|(name, _)| *name == value).map(|(_, kind)| kind);
            }
            "ioc" => conditions.time_in_force = Some(TimeInForce::ImmediateOrCancel),
            "name" => conditions.client_order_id = Pattern::new(value),
            "above" => {
                conditions.quantity = Some(Bound { compares: Compares::Above, number: number(value) });
            }
            "nth" => conditions.nth = value.parse().ok(),
            "every" => conditions.every = value.parse().ok(),
            "probability" => conditions.probability = Probability::new(number(value)),
            "times" => times = value.parse().ok(),
            _ => panic!("no such condition: {}", pair[0]),
        }
    }
    Rule { name: None, conditions, does: does(&words[end + 1..]), times }
}

fn does(words: &[&str]) -> Does {
    let mut plan = Plan::default();
    match words {
        ["nothing"] => return Does::Nothing,
        ["reject", reason @ ..] => return Does::Reject(text(reason)),
        ["delay", us] => plan.way = Way::Delayed(Pace::Fixed { us: us.parse().expect("a number") }),
        ["hold"] => plan.way = Way::Held,
        ["arrival", reason @ ..] => plan.fate = Some(Fate::Reject(text(reason))),
        ["cancel"] => plan.fate = Some(Fate::Cancel),
        ["expire"] => plan.fate = Some(Fate::Expire),
        ["fill", every_us, price, parts @ ..] => {
            let share = |text: &&str| match text.strip_suffix('%') {
                Some(percent) => Share::Percent(number(percent)),
                None => Share::Quantity(number(text)),
            };
            plan.fate = Some(Fate::Fill(Parts {
                shares: parts.iter().map(share).collect(),
                every_us: every_us.parse().expect("a number"),
                price: (*price != "-").then(|| number(price)),
                next_at: None,
            }));
        }
        ["cancels", us] => plan.cancel_us = us.parse().ok(),
        ["replaces", us] => plan.replace_us = us.parse().ok(),
        _ => panic!("no such outcome: {}", words.join(" ")),
    }
    Does::Plan(plan)
}

/// What an event says of rules.
pub(crate) fn told(body: &Body) -> String {
    match body {
        Body::RulesSet(set) => format!("{} rules", set.rules.len()),
        Body::Ruled(ruled) => format!("ruled{}", by(&ruled.noticed)),
        Body::Refused(refused) => format!("refused: {},{}", refused.reason.as_str(), by(&refused.noticed)),
        _ => String::new(),
    }
}

fn by(noticed: &[Noticed]) -> String {
    let one = |noticed: &Noticed| {
        let (matched, used) = (if noticed.matched { "m" } else { "" }, if noticed.used { "u" } else { "" });
        format!(" {}{matched}{used}", noticed.rule)
    };
    noticed.iter().map(one).collect()
}

/// What each rule counted: orders that met its conditions, that it was about, that it decided.
pub(crate) fn counts(rulebook: Option<&Rulebook>) -> String {
    let counts = rulebook.into_iter().flat_map(Rulebook::counts);
    let counts: Vec<String> = counts.map(|of| format!("{}/{}/{}", of.met, of.matched, of.used)).collect();
    format!("counts {}", counts.join(" "))
}

#[test]
fn the_third_one_is_refused_and_nothing_of_it_is_kept() {
    check(
        "
        nobody
        rule symbol EURUSD side buy nth 3 -> reject insufficient margin
        a buys 1 EURUSD at 1
        b buys 1 EURUSD at 1
        x sells 1 EURUSD at 2
        y buys 1 AAPL at 1
        c buys 1 EURUSD at 1
        d buys 1 EURUSD at 1
        counts
        ",
        "
        1 0 - 1 rules
        2 1 a accepted
        2 1 a ruled 0
        3 1 a arrived, rests
        4 2 b accepted
        4 2 b ruled 0
        5 2 b arrived, rests
        6 3 x accepted
        7 3 x arrived, rests
        8 4 y accepted
        9 4 y arrived, rests
        10 4 - refused: insufficient margin, 0mu
        11 5 d accepted
        11 5 d ruled 0
        12 5 d arrived, rests
        counts 4/1/1
        ",
    );
}

#[test]
fn the_first_that_matches_and_is_not_used_up_decides_and_all_count() {
    check(
        "
        nobody
        rule times 1 -> reject once
        rule every 2 -> reject each second
        rule -> nothing
        rule -> reject never
        a native 1 EURUSD
        b native 1 EURUSD
        c native 1 EURUSD delay 5
        d native 1 EURUSD
        counts
        ",
        "
        1 0 - 1 rules
        2 0 - 2 rules
        3 0 - 3 rules
        4 0 - 4 rules
        5 0 - refused: once, 0mu 1 2m 3m
        6 0 - refused: each second, 0m 1mu 2m 3m
        7 1 c accepted
        7 1 c ruled 0m 1 2mu 3m
        8 1 - refused: each second, 0m 1mu 2m 3m
        counts 4/4/1 4/2/2 4/4/1 4/4/0
        ",
    );
}

#[test]
fn what_is_refused_for_something_else_is_not_counted() {
    check(
        "
        nobody
        open alice margin 10 USD
        rule nth 2 -> reject the second
        a buys 1000 EURUSD at 1.08 by alice
        b buys 0.5 EURUSD at 1.08
        c buys 1 NOBODY at 1
        d buys 1 EURUSD at 1
        e buys 1000 EURUSD at 1.08 by alice
        counts
        ",
        "
        1 0 - opened alice
        2 0 - 1 rules
        ! InsufficientBuyingPower
        ! Faulty([QuantityLot])
        ! UnknownSymbol
        3 1 d accepted
        3 1 d ruled 0
        4 1 d arrived, rests
        5 1 - refused: the second, 0mu
        counts 2/1/1
        ",
    );
}

#[test]
fn every_condition_must_hold() {
    check(
        "
        nobody
        open alice margin 100000 USD
        rule account alice -> reject account
        rule type stop -> reject type
        rule ioc - -> reject time
        rule above 5 type limit -> reject quantity
        a buys 1 EURUSD at 1 by alice
        b buys 1 EURUSD stop 2
        c buys 1 EURUSD at 1 ioc
        d buys 5.1 BTC/USD at 1
        e buys 5 BTC/USD at 1
        ",
        "
        1 0 - opened alice
        2 0 - 1 rules
        3 0 - 2 rules
        4 0 - 3 rules
        5 0 - 4 rules
        6 0 - refused: account, 0mu
        7 0 - refused: type, 1mu
        8 0 - refused: time, 2mu
        9 0 - refused: quantity, 3mu
        10 1 e accepted
        11 1 e arrived, rests
        ",
    );
}

#[test]
fn the_same_rules_set_again_begin_anew_and_none_are_none() {
    check(
        "
        nobody
        rule nth 1 -> reject the first
        a native 1 EURUSD
        rule none
        counts
        b native 1 EURUSD delay 9
        rule nth 1 -> reject the first
        c native 1 EURUSD
        counts
        ",
        "
        1 0 - 1 rules
        2 0 - refused: the first, 0mu
        3 0 - 0 rules
        counts
        4 1 b accepted
        5 1 - 1 rules
        6 1 - refused: the first, 0mu
        counts 1/1/1
        ",
    );
}
