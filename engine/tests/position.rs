//! Positions by example, and beside a twin that keeps every trade.

use tradepit_engine::{Money, Position, Side, Trade};
use tradepit_kit::Dice;

/// A side, how many lots, and what each came to.
type Part = (Side, u128, i128);

/// Trades, and the position after them: lots, cost, realized.
type Case<'a> = (&'a [Part], (i128, i128, i128));

fn after(position: Position, trades: &[Part]) -> Position {
    trades.iter().fold(position, |position, &(side, lots, price)| {
        position.after(Trade { side, lots, lot_price: Money(price) }).expect("within range")
    })
}

#[test]
fn a_closed_part_takes_its_share_of_the_cost() {
    use Side::{Buy, Sell};
    let cases: [Case<'_>; 8] = [
        (&[(Buy, 10, 100)], (10, 1_000, 0)),
        (&[(Buy, 10, 100), (Buy, 5, 130)], (15, 1_650, 0)),
        (&[(Buy, 10, 100), (Sell, 4, 110)], (6, 600, 40)),
        (&[(Buy, 10, 100), (Sell, 10, 90)], (0, 0, -100)),
        // Crossing zero begins anew.
        (&[(Buy, 10, 100), (Sell, 15, 110)], (-5, -550, 100)),
        (&[(Sell, 10, 100), (Buy, 4, 90)], (-6, -600, 40)),
        // A third of 100 is 33, of what is left the half is 33.5, which goes to the even neighbour: 34.
        (&[(Buy, 1, 33), (Buy, 1, 33), (Buy, 1, 34), (Sell, 1, 50)], (2, 67, 17)),
        (&[(Buy, 1, 33), (Buy, 1, 33), (Buy, 1, 34), (Sell, 1, 50), (Sell, 1, 50), (Sell, 1, 50)], (0, 0, 50)),
    ];
    for (trades, (lots, cost, realized)) in cases {
        let expected = Position { lots, cost: Money(cost), realized: Money(realized) };
        assert_eq!(after(Position::default(), trades), expected, "{trades:?}");
    }
}

/// What was paid is in the cost and in what was realized, to the unit, however it was rounded on the way.
#[test]
fn nothing_is_lost_by_rounding() {
    let mut dice = Dice::seeded(7);
    for _ in 0..200 {
        let mut position = Position::default();
        let (mut lots, mut paid) = (0_i128, 0_i128);
        for _ in 0..200 {
            let side = dice.of(&[Side::Buy, Side::Sell]);
            let (many, price) = (1 + u128::from(dice.below(1_000_u64)), i128::from(dice.below(1_000_000_u64)));
            position = after(position, &[(side, many, price)]);
            let signed = many.cast_signed() * if side == Side::Buy { 1 } else { -1 };
            (lots, paid) = (lots + signed, paid + signed * price);
            assert_eq!(position.lots, lots);
            assert_eq!(position.cost.0 - position.realized.0, paid);
            assert!(lots != 0 || position.cost == Money::ZERO, "what is flat costs nothing");
            assert!(position.cost.0 == 0 || position.cost.0.signum() == lots.signum());
        }
    }
}

#[test]
fn what_leaves_the_range_is_none() {
    let trade = |lots, price| Trade { side: Side::Buy, lots, lot_price: Money(price) };
    assert_eq!(Position::default().after(trade(u128::MAX, 1)), None);
    assert_eq!(Position::default().after(trade(1 << 100, 1 << 30)), None);
    let large = Position::default().after(trade(1 << 62, 1 << 62)).expect("within range");
    assert_eq!(large.after(trade(i128::MAX.cast_unsigned(), 0)), None);
    // The share of a large cost is exact all the same.
    let closed =
        large.after(Trade { side: Side::Sell, lots: 1 << 61, lot_price: Money(1 << 62) }).expect("within range");
    assert_eq!((closed.lots, closed.cost, closed.realized), (1 << 61, Money(1 << 123), Money::ZERO));
}
