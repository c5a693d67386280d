//! Things in places that they keep until they leave.

use std::ops::{Index, IndexMut};

/// Where a thing is. Another one may be there after it has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(pub(super) u32);

/// No place.
const NONE: u32 = u32::MAX;

/// A thing, or, where none is, the next place without one.
#[derive(Debug)]
enum Spot<T> {
    Taken(T),
    Free(u32),
}

/// Things, each in its place.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    spots: Vec<Spot<T>>,
    free: u32,
}

impl<T> Default for Slab<T> {
    fn default() -> Slab<T> {
        Slab { spots: Vec::new(), free: NONE }
    }
}

impl<T> Slab<T> {
    /// Puts a thing in a place of its own.
    pub(crate) fn insert(&mut self, thing: T) -> Place {
        let free = self.free;
        match self.spots.get_mut(free as usize) {
            Some(spot) => {
                self.free = if let Spot::Free(next) = spot { *next } else { NONE };
                *spot = Spot::Taken(thing);
                Place(free)
            }
            None => {
                self.spots.push(Spot::Taken(thing));
                Place(u32::try_from(self.spots.len() - 1).expect("things are fewer than 2^32"))
            }
        }
    }

    /// Frees a place.
    pub(crate) fn remove(&mut self, place: Place) {
        self.spots[place.0 as usize] = Spot::Free(self.free);
        self.free = place.0;
    }
}

impl<T> Index<Place> for Slab<T> {
    type Output = T;

    fn index(&self, place: Place) -> &T {
        match &self.spots[place.0 as usize] {
            Spot::Taken(thing) => thing,
            Spot::Free(_) => unreachable!("a place is known only to whoever put a thing there"),
        }
    }
}

impl<T> IndexMut<Place> for Slab<T> {
    fn index_mut(&mut self, place: Place) -> &mut T {
        match &mut self.spots[place.0 as usize] {
            Spot::Taken(thing) => thing,
            Spot::Free(_) => unreachable!("a place is known only to whoever put a thing there"),
        }
    }
}
