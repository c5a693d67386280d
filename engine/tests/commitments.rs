//! What open orders take of buying power: by example, and beside a twin that counts lot by lot.

use tradepit_engine::{Commitments, Committed, Far, Instead, Money, Side};
use tradepit_kit::Dice;

use Side::{Buy, Sell};

/// Orders, side, lots and price of a lot each.
type Orders<'a> = &'a [(Side, u128, i128)];

fn open(orders: Orders<'_>) -> Commitments {
    let mut open = Commitments::default();
    for &(side, lots, price) in orders {
        open.with(side, lots, Money(price)).expect("within range");
    }
    open
}

#[test]
fn only_what_leads_further_counts_and_the_dearest_of_it() {
    let cases: [(Orders<'_>, i128, i128); 12] = [
        (&[], 0, 0),
        (&[(Buy, 10, 5)], 0, 50),
        (&[(Sell, 10, 5)], 0, 50),
        // Not both can lead further at once: the greater counts.
        (&[(Buy, 10, 5), (Sell, 8, 7)], 0, 56),
        // Long 10: a sale of 20 leads to 10 short, which is no further.
        (&[(Sell, 20, 5)], 10, 0),
        (&[(Sell, 23, 5)], 10, 15),
        (&[(Sell, 10, 5), (Buy, 2, 5)], 10, 10),
        (&[(Buy, 20, 5)], -10, 0),
        (&[(Buy, 21, 5)], -10, 5),
        // What reduces is taken from the cheapest.
        (&[(Sell, 15, 9), (Sell, 10, 5)], 10, 45),
        (&[(Sell, 5, 5), (Sell, 5, 6), (Sell, 5, 7)], 3, 5 * 7 + 4 * 6),
        (&[(Sell, 1, 5)], i128::MIN, 5),
    ];
    for (orders, position, beyond) in cases {
        assert_eq!(open(orders).beyond(position), Money(beyond), "{orders:?} beside {position}");
    }
}

#[test]
fn what_leaves_the_range_is_not_added() {
    let mut open = open(&[(Buy, 1 << 60, 1 << 60)]);
    let before = open.clone();
    assert_eq!(open.with(Buy, u128::MAX, Money(0)), None);
    assert_eq!(open.with(Buy, 1 << 70, Money(1 << 60)), None);
    assert_eq!(open.with(Buy, (1 << 67) - (1 << 60), Money(1 << 60)), None);
    assert_eq!(open, before);
}

/// Every single lot by its price, and what of them counts by the words of the contract.
struct Naive(Vec<(Side, i128)>);

impl Naive {
    fn beyond(&self, position: i128) -> i128 {
        let side_beyond = |side: Side| {
            let mut prices: Vec<i128> = self.0.iter().filter(|lot| lot.0 == side).map(|lot| lot.1).collect();
            prices.sort_unstable_by(|a, b| b.cmp(a));
            let many = prices.len() as i128;
            let after = if side == Buy { position + many } else { position - many };
            let further = (after.abs() - position.abs()).max(0);
            prices.into_iter().take(further as usize).sum::<i128>()
        };
        side_beyond(Buy).max(side_beyond(Sell))
    }
}

#[test]
fn open_orders_agree_with_their_twin() {
    let mut dice = Dice::seeded(5);
    for _ in 0..300 {
        let (mut open, mut naive) = (Commitments::default(), Naive(Vec::new()));
        for _ in 0..60 {
            if dice.below(3) == 0 && !naive.0.is_empty() {
                let (side, price) = naive.0.swap_remove(dice.below(naive.0.len()));
                open.without(side, 1, Money(price));
            } else {
                let (side, lots, price) =
                    (dice.of(&[Buy, Sell]), 1 + dice.below(9_u64), i128::from(1 + dice.below(12_u64)));
                open.with(side, u128::from(lots), Money(price)).expect("within range");
                naive.0.extend((0..lots).map(|_| (side, price)));
            }
            for side in [Buy, Sell] {
                let many = naive.0.iter().filter(|lot| lot.0 == side).count();
                assert_eq!(open.lots(side), many as u128);
            }
            let position = i128::from(dice.below(60_u64)) - 30;
            assert_eq!(open.beyond(position), Money(naive.beyond(position)), "{open:?} beside {position}");
        }
        for (side, price) in naive.0 {
            open.without(side, 1, Money(price));
        }
        assert_eq!(open, Commitments::default());
    }
}

/// Another order, one less, and whatever takes any price: all at once, beside the same twin.
#[test]
fn what_would_be_open_instead_agrees_with_what_is_open_then() {
    let mut dice = Dice::seeded(6);
    let far = Far { buy: Money(20), sell: Money(40) };
    // So that a twentieth more is a whole number.
    let worth = |order: &Committed| match order.lot_price {
        Some(price) => price.0,
        None => (if order.side == Buy { far.buy.0 } else { far.sell.0 }) * 21 / 20,
    };
    for _ in 0..3_000 {
        let order = |dice: &mut Dice| {
            let lot_price = (!dice.once_in(4)).then(|| Money(i128::from(1 + dice.below(50_u64))));
            Committed { side: dice.of(&[Buy, Sell]), lots: 1 + dice.below(5_u128), lot_price }
        };
        let priced = |order: &Committed| order.lot_price.is_some();
        let mut orders: Vec<Committed> = (0..dice.below(6)).map(|_| order(&mut dice)).filter(priced).collect();
        let mut open = Commitments::default();
        for order in &orders {
            let price = order.lot_price.expect("it has one");
            open.with(order.side, order.lots, price).expect("within range");
        }
        let with = (!dice.once_in(4)).then(|| order(&mut dice));
        let without = (!orders.is_empty() && dice.once_in(2)).then(|| orders.swap_remove(dice.below(orders.len())));
        orders.extend(with);
        let naive = orders.iter().flat_map(|order| (0..order.lots).map(|_| (order.side, worth(order))));
        let naive = Naive(naive.collect());
        let (position, instead) = (i128::from(dice.below(30_u64)) - 15, Instead { without, with });
        let beyond = open.beyond_instead(position, far, instead);
        assert_eq!(beyond, Some(Money(naive.beyond(position))), "{open:?} with {instead:?} beside {position}");
        for side in [Buy, Sell] {
            let many = naive.0.iter().filter(|lot| lot.0 == side).count();
            assert_eq!(open.lots_instead(side, instead), many as u128);
        }
    }
}
