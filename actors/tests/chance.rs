//! Chance through the public door: the shape of each delay model, and the literal values that a seed promises.
//!
//! Seeds are fixed, so each test gives the same on every run; the bounds are wide all the same, so that another
//! generator of the same quality would pass.

use std::collections::HashSet;

use tradepit_actors::{Chance, DELAY_CAP_US, DelayModel, Delays};
use tradepit_engine::{Number, OrderId};

const DRAWS: u64 = 10_000;

/// The delays of the first orders, ascending.
fn delays(model: DelayModel) -> Vec<u64> {
    let mut drawing = Delays::new(Chance::seeded(42));
    let mut delays: Vec<u64> = (0..DRAWS).map(|before| drawing.order_us(before, &model)).collect();
    delays.sort_unstable();
    delays
}

fn mean(values: &[u64]) -> f64 {
    values.iter().sum::<u64>() as f64 / values.len() as f64
}

/// The value below which this share of all lies.
fn quantile(ascending: &[u64], share: f64) -> u64 {
    ascending[(ascending.len() as f64 * share) as usize]
}

fn within(value: f64, expected: f64, tolerance: f64) {
    assert!((value / expected - 1.0).abs() <= tolerance, "{value} instead of {expected}");
}

#[test]
fn no_delay_is_none_and_a_fixed_one_always_the_same() {
    assert!(delays(DelayModel::None).iter().all(|&us| us == 0));
    assert!(delays(DelayModel::Fixed { us: 1_500_001 }).iter().all(|&us| us == 1_500_001));
}

#[test]
fn a_uniform_delay_is_even_between_its_bounds() {
    let delays = delays(DelayModel::Uniform { min_us: 100_000, max_us: 1_000_000 });
    let (min, max) = (delays[0], delays[delays.len() - 1]);
    assert!((100_000..102_000).contains(&min) && (998_000..=1_000_000).contains(&max), "{min} to {max}");
    within(mean(&delays), 550_000.0, 0.02);
    for tenth in 1..10 {
        let share = f64::from(tenth) / 10.0;
        within(quantile(&delays, share) as f64, 100_000.0 + share * 900_000.0, 0.05);
    }
}

#[test]
fn both_bounds_of_a_uniform_delay_are_drawn() {
    let seen: HashSet<u64> = delays(DelayModel::Uniform { min_us: 5, max_us: 8 }).into_iter().collect();
    assert_eq!(seen, HashSet::from([5, 6, 7, 8]));
    assert!(delays(DelayModel::Uniform { min_us: 9, max_us: 9 }).iter().all(|&us| us == 9));
}

#[test]
fn a_log_normal_delay_has_its_median_and_spread() {
    let delays = delays(DelayModel::LogNormal { median_us: 250_000, sigma: 0.5 });
    within(quantile(&delays, 0.5) as f64, 250_000.0, 0.05);
    // One standard deviation of the logarithm: 15.9 % lie below, 84.1 % below its other side.
    within(quantile(&delays, 0.159) as f64, 250_000.0 * (-0.5_f64).exp(), 0.05);
    within(quantile(&delays, 0.841) as f64, 250_000.0 * 0.5_f64.exp(), 0.05);
    within(mean(&delays), 250_000.0 * 0.125_f64.exp(), 0.05);
}

#[test]
fn a_log_normal_delay_is_at_most_an_hour() {
    let delays = delays(DelayModel::LogNormal { median_us: DELAY_CAP_US / 2, sigma: 3.0 });
    assert_eq!(delays[delays.len() - 1], 3_600_000_000);
    let capped = delays.iter().filter(|&&us| us == DELAY_CAP_US).count() as f64 / delays.len() as f64;
    // ln 2 / 3 standard deviations: 40.9 % lie above the cap.
    within(capped, 0.409, 0.05);
    assert!(quantile(&delays, 0.5) < DELAY_CAP_US, "the cap is no floor");
}

#[test]
fn a_log_normal_delay_without_spread_is_its_median() {
    assert!(delays(DelayModel::LogNormal { median_us: 777, sigma: 0.0 }).iter().all(|&us| us == 777));
    assert!(delays(DelayModel::LogNormal { median_us: 0, sigma: 2.0 }).iter().all(|&us| us == 0));
}

#[test]
fn ids_are_uuids_of_version_4_and_none_comes_twice() {
    let chance = Chance::seeded(42);
    let mut seen = HashSet::new();
    for number in 1..=DRAWS {
        let OrderId(bytes) = chance.id(Number(number));
        assert_eq!((bytes[6] >> 4, bytes[8] >> 6), (4, 0b10), "{bytes:x?}");
        assert!(seen.insert(bytes), "{bytes:x?} twice");
    }
}

#[test]
fn a_delay_depends_on_the_orders_place_alone_not_on_what_was_drawn_before() {
    // A log-normal one draws as often as it must, and orders that follow each other share their work.
    for model in
        [DelayModel::Uniform { min_us: 0, max_us: 1_000_000 }, DelayModel::LogNormal { median_us: 1_000, sigma: 2.0 }]
    {
        let mut drawing = Delays::new(Chance::seeded(3));
        let backwards: Vec<u64> = (0..1_000).rev().map(|before| drawing.order_us(before, &model)).collect();
        let forwards: Vec<u64> =
            (0..1_000).map(|before| Delays::new(Chance::seeded(3)).order_us(before, &model)).collect();
        assert!(backwards.iter().rev().eq(forwards.iter()));
    }
}

#[test]
fn two_orders_have_nothing_of_each_others_delay() {
    let mut drawing = Delays::new(Chance::seeded(3));
    let model = DelayModel::Uniform { min_us: 0, max_us: u64::MAX };
    let drawn: HashSet<u64> = (0..DRAWS).map(|before| drawing.order_us(before, &model)).collect();
    assert_eq!(drawn.len() as u64, DRAWS);
}

#[test]
fn routes_sleep_by_their_own_draws() {
    let chance = Chance::seeded(3);
    let model = DelayModel::Uniform { min_us: 0, max_us: u64::MAX };
    let mut drawing = Delays::new(chance);
    let orders: HashSet<u64> = (0..1_000).map(|before| drawing.order_us(before, &model)).collect();
    let routes: HashSet<u64> = (0..1_000).map(|request| chance.route_us(request, &model)).collect();
    assert_eq!((orders.len(), routes.len()), (1_000, 1_000));
    assert!(orders.is_disjoint(&routes));
}

#[test]
fn different_seeds_and_starts_have_nothing_in_common() {
    let ids = |chance: Chance| (1..=100).map(move |number| chance.id(Number(number)).0);
    let chances = [Chance::seeded(0), Chance::seeded(1), Chance::seeded(u64::MAX), Chance::random(), Chance::random()];
    let all: HashSet<_> = chances.into_iter().flat_map(ids).collect();
    assert_eq!(all.len(), 500);
}

/// Literals: an upgrade of `rand` or `rand_distr` that draws otherwise must not pass unseen.
#[test]
fn seed_1_draws_these_values() {
    let chance = Chance::seeded(1);
    let usual = DelayModel::Uniform { min_us: 100_000, max_us: 1_000_000 };
    let heavy = DelayModel::LogNormal { median_us: 250_000, sigma: 0.5 };
    let mut delays = Delays::new(chance);
    let drawn = [1, 2, 3].map(|number| {
        let id = format!("{:?}", chance.id(Number(number)));
        (id, delays.order_us(number - 1, &usual), delays.order_us(number - 1, &heavy), chance.route_us(number, &usual))
    });
    let expected = [
        ("604be002d3f142faabebc19c30da8bf1", 201_232, 130_683, 697_770),
        ("58705360e654405895582c1108a3e6a5", 131_295, 127_865, 418_504),
        ("4beddf7e1e514009a7bd1ad28bc58ffb", 187_434, 107_570, 368_872),
    ];
    assert_eq!(drawn, expected.map(|(id, usual_us, heavy_us, route_us)| (id.to_owned(), usual_us, heavy_us, route_us)));
}

mod sealed_ids {
    use tradepit_actors::Ids;

    use super::*;

    fn id_of(chance: &Chance, number: u64) -> OrderId {
        chance.id(Number(number))
    }

    /// Small numbers, numbers about each power of two, and some in between.
    fn numbers() -> impl Iterator<Item = u64> {
        let powers = (0..=61).flat_map(|power| [(1_u64 << power) - 1, 1 << power, (1 << power) + 1]);
        let between = (1..=300).map(|number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 2);
        (1..=300).chain(powers).chain(between)
    }

    #[test]
    fn whoever_holds_the_key_finds_the_number_in_an_id() {
        for chance in [Chance::seeded(0), Chance::seeded(1), Chance::seeded(u64::MAX), Chance::random()] {
            for number in numbers() {
                let id = id_of(&chance, number);
                assert_eq!(chance.number_of(id), Some(Number(number)), "{id:?}");
            }
        }
    }

    #[test]
    fn the_id_of_every_number_is_a_uuid_of_version_4() {
        let chance = Chance::seeded(5);
        for number in numbers() {
            let uuid = uuid::Uuid::from_bytes(id_of(&chance, number).0);
            assert_eq!((uuid.get_version_num(), uuid.get_variant()), (4, uuid::Variant::RFC4122), "{uuid} of {number}");
        }
    }

    #[test]
    fn a_key_that_was_kept_goes_on_as_it_began() {
        let chance = Chance::random();
        let kept = Chance::from_key(chance.key());
        assert_eq!(id_of(&kept, 7), id_of(&chance, 7));
        assert_eq!(kept.number_of(id_of(&chance, 7)), Some(Number(7)));
    }

    #[test]
    fn the_id_of_another_key_says_nothing() {
        let (own, other) = (Chance::seeded(1), Chance::seeded(2));
        for number in numbers() {
            assert_eq!(own.number_of(id_of(&other, number)), None, "{number}");
        }
    }

    #[test]
    fn a_uuid_from_elsewhere_says_nothing() {
        let chance = Chance::seeded(1);
        let bits = |number| u128::from(chance.route_us(number, &DelayModel::Uniform { min_us: 0, max_us: u64::MAX }));
        for number in 0..1_000 {
            let drawn = (bits(2 * number) << 64 | bits(2 * number + 1)).to_be_bytes();
            let version_4 = uuid::Builder::from_random_bytes(drawn).into_uuid();
            let counter = <[u8; 10]>::try_from(&drawn[6..]).expect("ten of sixteen bytes");
            let version_7 = uuid::Builder::from_unix_timestamp_millis(1_800_000_000_000 + number, &counter).into_uuid();
            for uuid in [version_4, version_7, uuid::Uuid::from_bytes(drawn)] {
                assert_eq!(chance.number_of(OrderId(uuid.into_bytes())), None, "{uuid}");
            }
        }
        for id in [OrderId([0; 16]), OrderId([0xff; 16])] {
            assert_eq!(chance.number_of(id), None);
        }
    }

    #[test]
    fn an_id_with_any_one_bit_changed_says_nothing() {
        let chance = Chance::seeded(1);
        for number in (1..=100).chain([1 << 32, 1 << 61]) {
            let id = u128::from_be_bytes(id_of(&chance, number).0);
            for bit in 0..128 {
                let changed = OrderId((id ^ 1 << bit).to_be_bytes());
                assert_eq!(chance.number_of(changed), None, "bit {bit} of {number}");
            }
        }
    }

    #[test]
    fn each_key_finds_what_was_given_from_its_first_number_on() {
        let (first, second) = (Chance::seeded(1), Chance::seeded(2));
        let ids = Ids::new([(Number(1), first), (Number(100), second)].into_iter());
        #[rustfmt::skip]
        let table = [
            (first,              1,    Some(Number(1))),
            (first,              99,   Some(Number(99))),
            (second,             100,  Some(Number(100))),
            (second,             101,  Some(Number(101))),
            (second,             99,   None), // it was not in use yet
            (second,             1,    None),
            (Chance::seeded(3),  50,   None),
        ];
        for (chance, number, found) in table {
            assert_eq!(ids.number_of(id_of(&chance, number)), found, "{number}");
        }
    }

    /// A server that is started with one seed, then another, then the first one again.
    #[test]
    fn a_key_that_comes_back_finds_what_it_gave_before_as_well() {
        let (first, second) = (Chance::seeded(1), Chance::seeded(2));
        let ids = Ids::new([(Number(10), first), (Number(100), second), (Number(200), first)].into_iter());
        for (chance, number, found) in [(first, 10, true), (second, 150, true), (first, 250, true), (first, 9, false)] {
            assert_eq!(ids.number_of(id_of(&chance, number)), found.then_some(Number(number)));
        }
    }

    #[test]
    fn without_a_key_no_id_was_ever_given() {
        assert_eq!(Ids::default().number_of(id_of(&Chance::seeded(1), 1)), None);
    }
}
