//! The book beside its twin, which keeps a list and sorts it: order by order, level by level they must agree.

use tradepit_engine::{Book, PriceLevel, Resting, Side, Slot};
use tradepit_kit::Dice;

/// The greatest price.
const GREATEST: u64 = i64::MAX.cast_unsigned();

/// Orders in the order in which they joined their lines, the oldest first.
#[derive(Default)]
struct Naive(Vec<(Slot, Resting)>);

impl Naive {
    fn line(&self, side: Side) -> Vec<(Slot, Resting)> {
        let mut line: Vec<_> = self.0.iter().copied().filter(|(_, resting)| resting.side == side).collect();
        line.sort_by_key(|(_, resting)| match side {
            Side::Buy => u64::MAX - resting.price,
            Side::Sell => resting.price,
        });
        line
    }

    fn best(&self, side: Side) -> Option<u64> {
        let prices = self.0.iter().filter(|(_, resting)| resting.side == side).map(|(_, resting)| resting.price);
        match side {
            Side::Buy => prices.max(),
            Side::Sell => prices.min(),
        }
    }

    fn levels(&self, side: Side) -> Vec<PriceLevel> {
        let mut levels: Vec<PriceLevel> = Vec::new();
        for (_, Resting { price, left, .. }) in self.line(side) {
            match levels.last_mut() {
                Some(last) if last.price == price => {
                    last.total += u128::from(left);
                    last.orders += 1;
                }
                _ => levels.push(PriceLevel { price, total: u128::from(left), orders: 1 }),
            }
        }
        levels
    }
}

/// What prices a world has: where they are, how far apart they lie, and how far the touch wanders.
#[derive(Clone, Copy, Debug)]
struct World {
    seed: u64,
    steps: u64,
    /// About how many orders rest.
    size: u64,
    spread: u64,
    start: u64,
    wander: u64,
    /// One price in so many is anywhere at all.
    anywhere: u64,
}

const NEAR: World =
    World { seed: 1, steps: 12_000, size: 60, spread: 40, start: 10_000, wander: 3, anywhere: u64::MAX };

#[test]
fn near_the_touch_the_book_agrees_with_its_twin() {
    agree(NEAR);
}

#[test]
fn while_the_touch_wanders_far_the_book_agrees_with_its_twin() {
    agree(World { seed: 2, spread: 200, wander: 400, ..NEAR });
    agree(World { seed: 3, spread: 9_000, wander: 3_000, start: 1_000_000, ..NEAR });
    agree(World { seed: 4, spread: 300, wander: 20_000, start: 1 << 40, ..NEAR });
}

#[test]
fn with_prices_anywhere_the_book_agrees_with_its_twin() {
    agree(World { seed: 5, anywhere: 4, ..NEAR });
    agree(World { seed: 6, anywhere: 1, size: 20, ..NEAR });
    agree(World { seed: 7, anywhere: 20, spread: 5_000, size: 300, steps: 6_000, ..NEAR });
}

#[test]
fn at_the_least_and_the_greatest_prices_the_book_agrees_with_its_twin() {
    agree(World { seed: 8, start: 1, ..NEAR });
    agree(World { seed: 9, start: GREATEST, wander: 90, ..NEAR });
    agree(World { seed: 10, start: 1, wander: 5_000, spread: 4_000, ..NEAR });
}

/// The touch leaves, and what was far comes near: whatever far is, nothing is lost on the way.
#[test]
fn what_was_far_is_found_when_the_touch_comes_to_it() {
    let sell = |order, price| Resting { order, price, left: 1, account: 0, side: Side::Sell };
    for far in 12_000..16_000 {
        let mut book = Book::default();
        let touch = book.rest(sell(1, 10_000));
        let mut prices = [11_429, far, 14_000];
        for (order, price) in (2..).zip(&prices[..2]) {
            book.rest(sell(order, *price));
        }
        book.remove(touch);
        book.rest(sell(4, prices[2]));
        prices.sort_unstable();
        assert!(book.levels(Side::Sell).flat_map(|level| vec![level.price; level.orders as usize]).eq(prices), "{far}");
    }
}

fn agree(world: World) {
    let mut dice = Dice::seeded(world.seed);
    let (mut book, mut naive) = (Book::default(), Naive::default());
    let mut touch = world.start;
    let mut met = [0; 4];
    for step in 0..world.steps {
        touch = near(&mut dice, touch, world.wander);
        let price = match dice.below(world.anywhere) {
            0 => 1 + dice.below(GREATEST),
            _ => near(&mut dice, touch, world.spread),
        };
        let count = naive.0.len() as u64;
        let adds = dice.below(2 * world.size) >= count;
        let what = if adds { 0 } else { 1 + dice.below(3) };
        met[what as usize] += 1;
        if adds {
            let side = if dice.below(2) == 0 { Side::Buy } else { Side::Sell };
            let resting = Resting { order: step, price, left: amount(&mut dice), account: dice.below(5) as u32, side };
            let slot = book.rest(resting);
            naive.0.push((slot, resting));
        } else {
            let place = dice.below(count) as usize;
            let (slot, resting) = naive.0[place];
            match what {
                1 => {
                    assert_eq!(book.remove(slot), resting);
                    naive.0.remove(place);
                }
                2 if resting.left > 1 => {
                    let left = 1 + dice.below(resting.left - 1);
                    book.reduce(slot, left);
                    naive.0[place].1.left = left;
                }
                _ => {
                    let price = if dice.below(3) == 0 { resting.price } else { price };
                    let left = amount(&mut dice);
                    book.move_to(slot, price, left);
                    naive.0.remove(place);
                    naive.0.push((slot, Resting { price, left, ..resting }));
                }
            }
        }
        compare(&book, &naive, step % 32 == 0, (world, step));
    }
    assert!(met.iter().all(|&times| times > 100), "{met:?}");
    while let Some((slot, resting)) = naive.0.pop() {
        assert_eq!(book.remove(slot), resting);
    }
    compare(&book, &naive, true, (world, world.steps));
}

fn compare(book: &Book, naive: &Naive, whole: bool, at: (World, u64)) {
    assert_eq!(book.len(), naive.0.len(), "{at:?}");
    for side in [Side::Buy, Side::Sell] {
        assert_eq!(book.best(side), naive.best(side), "{at:?}");
        if whole {
            assert_eq!(book.levels(side).collect::<Vec<_>>(), naive.levels(side), "{at:?}");
            let line: Vec<_> = book.line(side).map(|(slot, resting)| (slot, *resting)).collect();
            assert_eq!(line, naive.line(side), "{at:?}");
            assert!(line.iter().all(|(slot, resting)| book.get(*slot) == resting), "{at:?}");
        }
    }
}

/// A price no further from this one than so far.
fn near(dice: &mut Dice, price: u64, far: u64) -> u64 {
    let away = dice.below(2 * far + 1);
    (price.saturating_sub(far).max(1)).saturating_add(away).min(GREATEST)
}

fn amount(dice: &mut Dice) -> u64 {
    match dice.below(10) {
        0 => u64::MAX - dice.below(5),
        _ => 1 + dice.below(1_000),
    }
}
