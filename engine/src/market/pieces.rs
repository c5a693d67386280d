//! Things by number, in pieces: what is there stays where it is when more comes, and nothing is copied to make room.
//!
//! The first piece begins small, so that few things take little.

use std::ops::{Index, IndexMut};

/// So many things are kept in one piece.
const PIECE: usize = 1_024;

/// Things, each by its number: the first is 0, each next one greater by 1.
#[derive(Debug)]
pub(super) struct Pieces<T>(Vec<Vec<T>>);

impl<T> Default for Pieces<T> {
    fn default() -> Pieces<T> {
        Pieces(Vec::new())
    }
}

impl<T> Pieces<T> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * PIECE + last.len())
    }

    /// One more, of the next number.
    pub(super) fn push(&mut self, thing: T) {
        match self.0.last_mut() {
            Some(last) if last.len() < PIECE => return last.push(thing),
            Some(_) => self.0.push(Vec::with_capacity(PIECE)),
            None => self.0.push(Vec::new()),
        }
        self.push(thing);
    }
}

impl<T> Index<u32> for Pieces<T> {
    type Output = T;

    #[inline]
    fn index(&self, number: u32) -> &T {
        &self.0[number as usize / PIECE][number as usize % PIECE]
    }
}

impl<T> IndexMut<u32> for Pieces<T> {
    #[inline]
    fn index_mut(&mut self, number: u32) -> &mut T {
        &mut self.0[number as usize / PIECE][number as usize % PIECE]
    }
}
