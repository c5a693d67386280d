//! The orders that rest in one instrument: by price, and at one price in line.
//!
//! An order that rests has a slot here, by which it is found again without a search; the slot is its own until it
//! leaves. What is read is in the order in which it would trade.

use std::num::NonZero;

use super::ladder::{Ladder, Level, Rank};
use crate::sheets::Numbered;

/// Which side an order is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// It buys; the highest price is the best.
    Buy,
    /// It sells; the lowest price is the best.
    Sell,
}

impl Side {
    /// The side that it trades with.
    #[must_use]
    pub fn other(self) -> Side {
        match self {
            Side::Buy => Side::Sell,
            Side::Sell => Side::Buy,
        }
    }

    /// Whether whoever is on this side, and asks for no worse than `limit`, takes an offer at this price.
    #[must_use]
    pub fn takes(self, limit: u64, offered: u64) -> bool {
        self.other().rank(offered) <= self.other().rank(limit)
    }

    /// The better of two prices that this side offers, where there are any.
    pub(crate) fn better(self, one: Option<u64>, other: Option<u64>) -> Option<u64> {
        one.into_iter().chain(other).min_by_key(|&price| self.rank(price))
    }

    /// How far a price is from the best one of this side; and the other way round.
    fn rank(self, price: u64) -> Rank {
        match self {
            Side::Buy => u64::MAX - price,
            Side::Sell => price,
        }
    }

    fn price(self, rank: Rank) -> u64 {
        self.rank(rank)
    }
}

/// Where an order rests. Another one may rest there after it has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(NonZero<u32>);

impl Slot {
    fn of(place: u32) -> Slot {
        Slot(NonZero::new(place).expect("nobody rests in the first place"))
    }

    fn place(self) -> u32 {
        self.0.get()
    }
}

/// Where nobody rests.
const NONE: u32 = 0;

/// An order that rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resting {
    /// Whoever rests it knows it by this.
    pub order: u64,
    /// Its price in ticks: 1 to 2^63 - 1.
    pub price: u64,
    /// What is left of it, in lots: 1 or more.
    pub left: u64,
    /// Whose it is.
    pub account: u32,
    /// Which side it is on.
    pub side: Side,
}

/// A resting order in line.
#[derive(Clone, Copy, Debug)]
struct Placed {
    resting: Resting,
    /// The one before it at its price, and the one behind; of an empty slot, the next empty one.
    before: u32,
    behind: u32,
}

/// All orders of one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceLevel {
    /// In ticks.
    pub price: u64,
    /// What is left of them together, in lots.
    pub total: u128,
    /// How many there are.
    pub orders: u32,
}

/// The orders that rest in one instrument.
#[derive(Clone, Debug)]
pub struct Book {
    /// By side.
    ladders: [Ladder; 2],
    /// Nobody rests in the first place: what is told of it is forgotten, so that whoever has nobody before him need not
    /// look whether he has.
    placed: Numbered<Placed>,
    /// The slot that was left last.
    empty: u32,
    count: usize,
}

impl Default for Book {
    fn default() -> Book {
        Book { ladders: Default::default(), placed: Numbered::default(), empty: NONE, count: 0 }
    }
}

/// The orders of a side, one after the other.
struct Line<'a> {
    book: &'a Book,
    side: Side,
    /// The price at which the next one stands, if one does there.
    level: Option<Rank>,
    next: u32,
}

impl<'a> Iterator for Line<'a> {
    type Item = (Slot, &'a Resting);

    fn next(&mut self) -> Option<(Slot, &'a Resting)> {
        if self.next == NONE {
            let ladder = self.book.ladder(self.side);
            let rank = match self.level {
                None => ladder.best()?,
                Some(level) => ladder.next(level.checked_add(1)?)?,
            };
            (self.level, self.next) = (Some(rank), ladder.get(rank)?.first);
        }
        let slot = Slot(NonZero::new(self.next)?);
        let placed = &self.book.placed[slot.place()];
        self.next = placed.behind;
        Some((slot, &placed.resting))
    }
}

impl Book {
    /// How many orders rest.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether none does.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The best price of a side, in ticks.
    #[must_use]
    pub fn best(&self, side: Side) -> Option<u64> {
        self.ladder(side).best().map(|rank| side.price(rank))
    }

    /// The order that rests in this slot.
    #[must_use]
    pub fn get(&self, slot: Slot) -> &Resting {
        &self.placed[slot.place()].resting
    }

    /// The prices of a side that have orders, the best first.
    pub fn levels(&self, side: Side) -> impl Iterator<Item = PriceLevel> {
        self.ranks(side).map(move |(rank, level)| PriceLevel {
            price: side.price(rank),
            total: level.total,
            orders: level.orders,
        })
    }

    /// The order of a side that would trade first.
    #[must_use]
    pub fn first(&self, side: Side) -> Option<(Slot, &Resting)> {
        let ladder = self.ladder(side);
        let first = Slot(NonZero::new(ladder.get(ladder.best()?)?.first)?);
        Some((first, self.get(first)))
    }

    /// The orders of a side, as they would trade: the best price first, then whoever has been there longest.
    pub fn line(&self, side: Side) -> impl Iterator<Item = (Slot, &Resting)> {
        Line { book: self, side, level: None, next: NONE }
    }

    /// Puts an order at the end of the line of its price.
    pub fn rest(&mut self, resting: Resting) -> Slot {
        self.count += 1;
        let slot = self.empty;
        if slot == NONE {
            return self.rest_in_new_slot(resting);
        }
        self.empty = self.placed[slot].behind;
        let before = self.join(slot, &resting);
        self.placed[slot] = Placed { resting, before, behind: NONE };
        Slot::of(slot)
    }

    fn rest_in_new_slot(&mut self, resting: Resting) -> Slot {
        if self.placed.len() == 0 {
            self.placed.push(Placed { resting, before: NONE, behind: NONE });
        }
        let slot = u32::try_from(self.placed.len()).expect("orders held are fewer than 2^32");
        let before = self.join(slot, &resting);
        self.placed.push(Placed { resting, before, behind: NONE });
        Slot::of(slot)
    }

    /// Takes so many lots of an order; returns what is left of it. One of which nothing is left leaves the book.
    pub fn fill(&mut self, slot: Slot, lots: u64) -> u64 {
        let left = self.get(slot).left.saturating_sub(lots);
        if left == 0 {
            self.remove(slot);
        } else {
            self.reduce(slot, left);
        }
        left
    }

    /// Leaves less of an order; it keeps its place in line. Where nothing is left, it is to be removed instead.
    pub fn reduce(&mut self, slot: Slot, left: u64) {
        let resting = &mut self.placed[slot.place()].resting;
        let less = u128::from(resting.left.saturating_sub(left));
        resting.left = left.min(resting.left);
        let (side, price) = (resting.side, resting.price);
        if let Some(level) = self.ladder_mut(side).get_mut(side.rank(price)) {
            level.total -= less;
        }
    }

    /// Puts an order at the end of the line of another price, or of its own, with this much left.
    pub fn move_to(&mut self, slot: Slot, price: u64, left: u64) {
        let slot = slot.place();
        let resting = Resting { price, left, ..self.leave(slot) };
        let before = self.join(slot, &resting);
        self.placed[slot] = Placed { resting, before, behind: NONE };
    }

    /// Takes an order out of the book.
    pub fn remove(&mut self, slot: Slot) -> Resting {
        let resting = self.leave(slot.place());
        self.count -= 1;
        self.placed[slot.place()].behind = self.empty;
        self.empty = slot.place();
        resting
    }

    /// A copy shares it from now on.
    pub(crate) fn share(&mut self) {
        self.ladders.iter_mut().for_each(Ladder::share);
        self.placed.share();
    }

    fn ranks(&self, side: Side) -> impl Iterator<Item = (Rank, &Level)> {
        let ladder = self.ladder(side);
        let mut from = Some(0);
        std::iter::from_fn(move || {
            let rank = ladder.next(from?)?;
            from = rank.checked_add(1);
            Some((rank, ladder.get(rank)?))
        })
    }

    fn ladder(&self, side: Side) -> &Ladder {
        &self.ladders[side as usize]
    }

    fn ladder_mut(&mut self, side: Side) -> &mut Ladder {
        &mut self.ladders[side as usize]
    }

    /// Puts what will stand in a slot at the end of its price's line; returns who stands before it.
    fn join(&mut self, slot: u32, resting: &Resting) -> u32 {
        let Resting { side, price, left, .. } = *resting;
        let level = self.ladder_mut(side).entry(side.rank(price));
        let last = level.last;
        level.first = if last == NONE { slot } else { level.first };
        level.last = slot;
        level.orders += 1;
        level.total += u128::from(left);
        if last != NONE {
            self.placed[last].behind = slot;
        }
        last
    }

    /// Takes what stands in a slot out of its line; returns it.
    fn leave(&mut self, slot: u32) -> Resting {
        let Placed { resting, before, behind } = self.placed[slot];
        self.placed[before].behind = behind;
        self.placed[behind].before = before;
        let Resting { side, price, left, .. } = resting;
        let rank = side.rank(price);
        let ladder = self.ladder_mut(side);
        let Some(level) = ladder.get_mut(rank) else { return resting };
        level.orders -= 1;
        level.total -= u128::from(left);
        level.first = if before == NONE { behind } else { level.first };
        level.last = if behind == NONE { before } else { level.last };
        if level.orders == 0 {
            ladder.remove(rank);
        }
        resting
    }
}
