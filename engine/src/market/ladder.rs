//! One side's prices, the best first: a ring of slots round the touch, one a tick, and a tree for what lies beyond it.
//!
//! Nearly all that happens, happens near the touch, where a price's place is its number: no search, no hash. The
//! ring starts small and grows as far as prices that are used ask for it, so that an instrument with few orders costs
//! little.
//!
//! A price is known here by its rank, of which the lowest is the best: so both sides are one code.

use crate::sheets::{Sheet, Sorted};

/// How far a price is from being the best that there can be.
pub(crate) type Rank = u64;

/// Slots in one word of the ring's bits.
const WORD: usize = u64::BITS as usize;

/// The least and the most slots of a ring, powers of two: the latter is what one word tells the words of.
const LEAST: usize = WORD;
const MOST: usize = WORD * WORD;

/// The orders of one price, in line. The book links them; here they are only held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Level {
    /// The first in line.
    pub(crate) first: u32,
    /// The last.
    pub(crate) last: u32,
    /// How many there are: a level without any is none.
    pub(crate) orders: u32,
    /// What is left of them together, in lots.
    pub(crate) total: u128,
}

/// The levels of one side.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ladder {
    /// The ring: the level of rank `r` stands at `r % length`, where `r` is less than the ring's length from `base`.
    /// Empty until there is a first level.
    ring: Sheet<Level>,
    /// How many slots it has.
    length: usize,
    /// The lowest rank that the ring has a slot for.
    base: Rank,
    /// A bit for each slot that holds a level, and one for each word of them that is not zero.
    held: Vec<u64>,
    words: u64,
    /// How many levels the ring holds.
    in_ring: usize,
    /// Levels of higher ranks. None of them is better than any in the ring.
    beyond: Sorted<Rank, Level>,
    /// The lowest rank that has orders: it is asked for all the time, and seldom changes.
    best: Option<Rank>,
}

impl Ladder {
    /// The best price that has orders.
    pub(crate) fn best(&self) -> Option<Rank> {
        self.best
    }

    /// The best price that has orders and is no better than this one.
    pub(crate) fn next(&self, from: Rank) -> Option<Rank> {
        self.next_in_ring(from).or_else(|| self.beyond.since(from).next().map(|(&rank, _)| rank))
    }

    /// The level of this price, if it has orders.
    pub(crate) fn get(&self, rank: Rank) -> Option<&Level> {
        match self.slot(rank) {
            Some(slot) => Some(&self.ring[slot]).filter(|level| level.orders > 0),
            None => self.beyond.get(&rank),
        }
    }

    /// The same, to be changed. Where its last order goes, [`Ladder::remove`] it.
    #[inline(always)]
    pub(crate) fn get_mut(&mut self, rank: Rank) -> Option<&mut Level> {
        match self.slot(rank) {
            Some(slot) => Some(&mut self.ring[slot]).filter(|level| level.orders > 0),
            None => self.beyond.get_mut(&rank),
        }
    }

    /// The level of this price, which is there from now on: whoever asks adds an order to it.
    pub(crate) fn entry(&mut self, rank: Rank) -> &mut Level {
        let slot = self.slot(rank).or_else(|| {
            self.make_room(rank);
            self.slot(rank)
        });
        if self.best.is_none_or(|best| rank < best) {
            self.best = Some(rank);
        }
        match slot {
            Some(slot) => self.occupy(slot),
            None => self.beyond.entry(rank),
        }
    }

    /// Takes out the level of this price.
    pub(crate) fn remove(&mut self, rank: Rank) {
        match self.slot(rank) {
            Some(slot) => drop(self.vacate(slot)),
            None => drop(self.beyond.remove(&rank)),
        }
        if self.best == Some(rank) {
            self.best = self.next(rank);
        }
    }

    /// A copy shares it from now on.
    pub(crate) fn share(&mut self) {
        self.ring.share();
        self.beyond.share();
    }

    /// Where a rank stands in the ring, if it is one of those that the ring has slots for.
    fn slot(&self, rank: Rank) -> Option<usize> {
        let from_base = usize::try_from(rank.wrapping_sub(self.base)).ok()?;
        (from_base < self.length).then(|| self.at(rank))
    }

    /// The slot of a rank that the ring has one for.
    fn at(&self, rank: Rank) -> usize {
        (rank as usize) & (self.length - 1)
    }

    /// The lowest rank from this one on that the ring holds a level of.
    fn next_in_ring(&self, from: Rank) -> Option<Rank> {
        if self.in_ring == 0 {
            return None;
        }
        let from = from.max(self.base);
        let start = self.slot(from)?;
        let slot = self.next_held(start)?;
        // The ring goes round once: what stands before the start comes after all that stands behind it.
        let rank = from.wrapping_add((slot.wrapping_sub(start) & (self.length - 1)) as u64);
        (rank.wrapping_sub(self.base) < self.length as u64 && rank >= from).then_some(rank)
    }

    /// The first slot that holds a level from this one on, round the ring.
    fn next_held(&self, start: usize) -> Option<usize> {
        let (word, at) = (start / WORD, start % WORD);
        let here = self.held[word] & (u64::MAX << at);
        if here != 0 {
            return Some(word * WORD + here.trailing_zeros() as usize);
        }
        let after = self.words & u64::MAX.checked_shl(word as u32 + 1).unwrap_or(0);
        let words = if after != 0 { after } else { self.words };
        let word = (words != 0).then(|| words.trailing_zeros() as usize)?;
        Some(word * WORD + self.held[word].trailing_zeros() as usize)
    }

    /// The level of a slot, which holds one from now on.
    fn occupy(&mut self, slot: usize) -> &mut Level {
        let word = slot / WORD;
        if self.held[word] & bit(slot) == 0 {
            self.held[word] |= bit(slot);
            self.words |= bit(word);
            self.in_ring += 1;
        }
        &mut self.ring[slot]
    }

    /// Empties a slot; what stood there comes back.
    fn vacate(&mut self, slot: usize) -> Option<Level> {
        let word = slot / WORD;
        if self.held[word] & bit(slot) == 0 {
            return None;
        }
        self.held[word] &= !bit(slot);
        if self.held[word] == 0 {
            self.words &= !bit(word);
        }
        self.in_ring -= 1;
        Some(std::mem::take(&mut self.ring[slot]))
    }

    /// Brings this rank, which the ring has no slot for, into it where that is possible: by a ring that begins
    /// elsewhere, or a larger one.
    #[cold]
    fn make_room(&mut self, rank: Rank) {
        let best = self.best().map_or(rank, |best| best.min(rank));
        // Before the best there is room for better ones, as much as a quarter of the ring.
        let base_for = |length: usize| best.saturating_sub(length as u64 / 4);
        let reaches = |length: usize| rank - base_for(length) < length as u64;
        let mut length = self.length.max(LEAST);
        while !reaches(length) && length < MOST {
            length *= 2;
        }
        if !reaches(length) && rank != best {
            // Far from the touch. The ring follows the touch all the same once that has left its first half.
            let is_behind = best.wrapping_sub(self.base) < self.length as u64 / 2;
            if is_behind {
                return;
            }
            length = self.length.max(LEAST);
        }
        self.lay(base_for(length), length);
    }

    /// Lays the ring anew, from this rank on and of this length.
    fn lay(&mut self, base: Rank, length: usize) {
        let end = base.saturating_add(length as u64);
        // The ring never begins after its best level. Of a ring of the same length those that stay keep their slots.
        let is_new = length != self.length;
        let mut from = if is_new { self.base } else { self.base.max(end) };
        while let Some(rank) = self.next_in_ring(from) {
            let slot = self.at(rank);
            let level = self.vacate(slot);
            self.beyond.extend(level.map(|level| (rank, level)));
            from = rank;
        }
        if is_new {
            (self.ring, self.length) = (vec![Level::default(); length].into(), length);
            self.held = vec![0; length / WORD];
        }
        self.base = base;
        while self.beyond.first().is_some_and(|(rank, _)| *rank < end)
            && let Some((rank, level)) = self.beyond.pop_first()
        {
            let slot = self.at(rank);
            *self.occupy(slot) = level;
        }
    }
}

/// The bit of a slot in its word, or of a word among all.
fn bit(place: usize) -> u64 {
    1 << (place % WORD)
}
