//! Any rule that a record can be of, drawn from a seed.

use std::sync::Arc;

use tradepit_engine::{
    AccountId, Bound, Compares, Conditions, Decimal, Does, Fate, Noticed, OrderKind, Pace, Parts, Pattern, Plan,
    Probability, PutOff, ReasonText, Rule, Share, Side, TimeInForce, Way,
};
use tradepit_kit::Dice;

use super::samples::{decimal, symbol, time};
use super::version_3::Word;

fn maybe<T>(dice: &mut Dice, draw: impl FnOnce(&mut Dice) -> T) -> Option<T> {
    dice.once_in(2).then(|| draw(dice))
}

fn count(dice: &mut Dice) -> u64 {
    dice.number() >> dice.below(63_u64).max(1)
}

pub(super) fn reason(dice: &mut Dice) -> ReasonText {
    let texts = ["insufficient margin", "\"", "\\", "[null, \"x\"]", "zu spät – 10 €", "!"];
    ReasonText::new(dice.of(&texts)).expect("it is one")
}

pub(super) fn noticed(dice: &mut Dice) -> Vec<Noticed> {
    let one =
        |dice: &mut Dice| Noticed { rule: dice.below(100_u64) as u16, matched: dice.once_in(2), used: dice.once_in(2) };
    (0..dice.below(4_u64)).map(|_| one(dice)).collect()
}

pub(super) fn rule(dice: &mut Dice) -> Rule {
    Rule {
        name: maybe(dice, reason),
        conditions: conditions(dice),
        does: match dice.below(3_u64) {
            0 => Does::Nothing,
            1 => Does::Reject(reason(dice)),
            _ => Does::Plan(plan(dice)),
        },
        times: maybe(dice, count),
    }
}

fn conditions(dice: &mut Dice) -> Conditions {
    Conditions {
        symbol: maybe(dice, symbol),
        account: maybe(dice, |dice| AccountId::new(dice.of(&["alice", "default", "a.b-c_d"])).expect("an id")),
        side: maybe(dice, |dice| dice.of(Side::ALL)),
        kind: maybe(dice, |dice| dice.of(OrderKind::ALL)),
        time_in_force: maybe(dice, |dice| dice.of(TimeInForce::ALL)),
        client_order_id: maybe(dice, |dice| Pattern::new(dice.of(&["*", "slow-*", "\"\\*", "a"])).expect("one")),
        quantity: maybe(dice, |dice| Bound { compares: dice.of(Compares::ALL), number: decimal(dice) }),
        nth: maybe(dice, count),
        every: maybe(dice, count),
        probability: maybe(dice, |dice| {
            let units = i128::from(dice.below(1_000_u64));
            Decimal::new(units, 3).and_then(Probability::new).expect("it is between 0 and 1")
        }),
    }
}

pub(super) fn plan(dice: &mut Dice) -> Plan {
    let way = match dice.below(6_u64) {
        0 => Way::Usual,
        1 => Way::Held,
        2 => Way::Delayed(Pace::None),
        3 => Way::Delayed(Pace::Fixed { us: count(dice) }),
        4 => Way::Delayed(Pace::Uniform { min_us: count(dice), max_us: count(dice) }),
        _ => Way::Delayed(Pace::LogNormal { median_us: count(dice), sigma_bits: 0.5_f64.to_bits() }),
    };
    let fate = match dice.below(5_u64) {
        0 => None,
        1 => Some(Fate::Cancel),
        2 => Some(Fate::Expire),
        3 => Some(Fate::Reject(reason(dice))),
        _ => Some(Fate::Fill(parts(dice))),
    };
    let put_off = maybe(dice, |dice| (dice.of(PutOff::ALL), time(dice)));
    Plan { way, fate, cancel_us: maybe(dice, count), replace_us: maybe(dice, count), put_off }
}

fn parts(dice: &mut Dice) -> Parts {
    let share = |dice: &mut Dice| {
        let number = decimal(dice);
        if dice.once_in(2) { Share::Quantity(number) } else { Share::Percent(number) }
    };
    let shares: Vec<Share> = (0..dice.below(4_u64)).map(|_| share(dice)).collect();
    Parts { shares: Arc::from(shares), every_us: count(dice), price: maybe(dice, decimal), next_at: maybe(dice, time) }
}
