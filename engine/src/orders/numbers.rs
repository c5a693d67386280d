//! Where the order of each number is, of numbers that come in order and nearly without gaps: read by place.
//!
//! They lie in leaves of a thousand, which copies may share. One that nothing is left in is used again for the numbers
//! that come next, so that nothing is copied or asked for as numbers rise, whatever stays behind.

use std::collections::VecDeque;

use super::slab::{MaybePlace, Place};
use crate::sheets::Leaf;

/// So many numbers stand in one leaf.
const LEAF: usize = 1_024;

/// So many empty leaves are kept to be used again.
const SPARE_AT_MOST: usize = 16;

/// The numbers that follow each other from a multiple of [`LEAF`] on.
#[derive(Clone, Debug)]
struct Places {
    places: [MaybePlace; LEAF],
    /// How many of them are places.
    held: usize,
}

impl Places {
    const NONE: Places = Places { places: [MaybePlace::NONE; LEAF], held: 0 };
}

/// Where the order of each number is.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    /// Those that have places, and between them nothing for those that have none; the first and the last are there.
    leaves: VecDeque<Leaf<Places>>,
    /// Which leaf the first is.
    first: u64,
    /// Leaves without places.
    spare: Vec<Leaf<Places>>,
}

/// The leaf that a number stands in, and where.
fn split(number: u64) -> (u64, usize) {
    (number / LEAF as u64, (number % LEAF as u64) as usize)
}

impl Numbers {
    /// Whether none has a leaf.
    pub(super) fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// The first number that has a place in a leaf.
    pub(super) fn first(&self) -> u64 {
        self.first * LEAF as u64
    }

    /// The first that has none behind the others.
    pub(super) fn end(&self) -> u64 {
        (self.first + self.leaves.len() as u64) * LEAF as u64
    }

    /// Where the order of this number is.
    #[inline(always)]
    pub(super) fn get(&self, number: u64) -> Option<Place> {
        let (leaf, at) = split(number);
        let leaf = self.leaves.get(leaf.wrapping_sub(self.first) as usize)?.get()?;
        leaf.places[at].get()
    }

    /// The order of this number, which is not lower than the first, has come to this place.
    #[inline]
    pub(super) fn put(&mut self, number: u64, place: Place) {
        let (leaf, at) = split(number);
        if self.leaves.is_empty() {
            self.first = leaf;
        }
        if leaf - self.first >= self.leaves.len() as u64 {
            self.grow(leaf);
        }
        let leaf = &mut self.leaves[(leaf - self.first) as usize];
        if leaf.get().is_none() {
            *leaf = self.spare.pop().unwrap_or_else(|| Places::NONE.into());
        }
        leaf.held += usize::from(leaf.places[at] == MaybePlace::NONE);
        leaf.places[at] = place.into();
    }

    /// The order of this number is gone.
    #[inline]
    pub(super) fn remove(&mut self, number: u64) {
        let (leaf, at) = split(number);
        let behind = leaf.wrapping_sub(self.first) as usize;
        let Some(leaf) = self.leaves.get_mut(behind).and_then(Leaf::own) else { return };
        leaf.held -= usize::from(leaf.places[at] != MaybePlace::NONE);
        leaf.places[at] = MaybePlace::NONE;
        // More is to come in the last one.
        if leaf.held == 0 && behind + 1 < self.leaves.len() {
            self.drop_leaf(behind);
        }
    }

    /// Takes the first leaf out; tells which numbers were in it, and where their orders are.
    pub(super) fn pop_first(&mut self) -> impl Iterator<Item = (u64, Place)> + use<> {
        let (first, leaf) = (self.first(), self.leaves.pop_front());
        self.first += 1;
        self.pass_over_nothing();
        let places = leaf.as_ref().and_then(Leaf::get).map(|leaf| leaf.places);
        let places = places.into_iter().flatten();
        (first..).zip(places).filter_map(|(number, place)| Some((number, place.get()?)))
    }

    /// Where the orders of these numbers and later ones are, in order.
    pub(super) fn since(&self, number: u64) -> impl Iterator<Item = Place> {
        let (leaf, at) = split(number.max(self.first()));
        let behind = usize::try_from(leaf - self.first).unwrap_or(usize::MAX).min(self.leaves.len());
        let mut leaves = self.leaves.range(behind..);
        let begun = leaves.next().and_then(Leaf::get).map_or(&[][..], |leaf| &leaf.places[at..]);
        let others = leaves.filter_map(Leaf::get).flat_map(|leaf| &leaf.places);
        begun.iter().chain(others).filter_map(|place| place.get())
    }

    /// Where the orders of lower numbers are, the highest first.
    pub(super) fn below(&self, number: u64) -> impl Iterator<Item = Place> {
        let (leaf, at) = split(number.clamp(self.first(), self.end()));
        let behind = (leaf - self.first) as usize;
        let begun = self.leaves.get(behind).and_then(Leaf::get).map_or(&[][..], |leaf| &leaf.places[..at]);
        let others = self.leaves.range(..behind).rev().filter_map(Leaf::get).flat_map(|leaf| leaf.places.iter().rev());
        begun.iter().rev().chain(others).filter_map(|place| place.get())
    }

    /// There is this leaf from now on, the last one.
    #[cold]
    fn grow(&mut self, leaf: u64) {
        let (last, behind) = (self.leaves.len().checked_sub(1), (leaf - self.first) as usize);
        self.leaves.resize_with(behind + 1, Leaf::default);
        self.leaves[behind] = self.spare.pop().unwrap_or_else(|| Places::NONE.into());
        // It was kept since it was the last one.
        if let Some(last) = last.filter(|&last| self.leaves[last].get().is_some_and(|leaf| leaf.held == 0)) {
            self.drop_leaf(last);
        }
    }

    #[cold]
    fn drop_leaf(&mut self, behind: usize) {
        let empty = std::mem::take(&mut self.leaves[behind]);
        if self.spare.len() < SPARE_AT_MOST && empty.is_own() {
            self.spare.push(empty);
        }
        self.pass_over_nothing();
    }

    /// A copy shares it from now on.
    pub(super) fn share(&mut self) {
        self.spare.clear();
        self.leaves.iter_mut().for_each(Leaf::share);
    }

    fn pass_over_nothing(&mut self) {
        while self.leaves.front().is_some_and(|leaf| leaf.get().is_none()) {
            self.leaves.pop_front();
            self.first += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::orders::slab::Slab;
    use tradepit_kit::Dice;

    /// As many places as are asked for.
    fn places(count: u64) -> Vec<Place> {
        let mut slab = Slab::default();
        (0..count).map(|thing| slab.insert(thing)).collect()
    }

    #[test]
    fn numbers_are_found_as_a_map_finds_them() {
        let places = places(64);
        for seed in 0..8 {
            let (mut dice, mut numbers, mut map) = (Dice::seeded(seed), Numbers::default(), BTreeMap::new());
            let mut next = dice.below(5_000_u64);
            for _ in 0..3_000 {
                if dice.once_in(2) || map.is_empty() {
                    next += 1 + if dice.once_in(50) { dice.below(20_000_u64) } else { dice.below(3_u64) };
                    let place = dice.of(&places);
                    numbers.put(next, place);
                    map.insert(next, place);
                } else {
                    let held: Vec<u64> = map.keys().copied().collect();
                    let number = dice.of(&held[..held.len().min(20)]);
                    numbers.remove(number);
                    map.remove(&number);
                }
                let asked = dice.below(next + 2_000);
                assert_eq!(numbers.get(asked), map.get(&asked).copied());
                assert!(numbers.since(asked).take(9).eq(map.range(asked..).map(|(_, place)| *place).take(9)));
                assert!(numbers.below(asked).take(9).eq(map.range(..asked).rev().map(|(_, place)| *place).take(9)));
            }
            while !numbers.is_empty() {
                for (number, place) in numbers.pop_first() {
                    assert_eq!(map.remove(&number), Some(place));
                }
            }
            assert!(map.is_empty());
        }
    }

    #[test]
    fn numbers_that_come_and_go_take_no_more_room() {
        let place = places(1)[0];
        let mut numbers = Numbers::default();
        numbers.put(7, place);
        for number in 10..50 * LEAF as u64 {
            numbers.put(number, place);
            numbers.remove(number);
        }
        // What stays behind keeps its own leaf alone.
        assert!(numbers.leaves.iter().filter_map(Leaf::get).count() + numbers.spare.len() <= 3);
        assert_eq!(numbers.get(7), Some(place));
        numbers.remove(7);
        assert_eq!((numbers.leaves.len(), numbers.end()), (1, 50 * LEAF as u64));
    }
}
