//! Things in places that they keep until they leave.
//!
//! What is there stays where it is when more comes: nothing is ever copied to make room.

use std::ops::{Index, IndexMut};

/// Where a thing is. Another one may be there after it has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(u32);

/// A place, or none; in 4 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MaybePlace(u32);

impl MaybePlace {
    pub(crate) const NONE: MaybePlace = MaybePlace(NONE);

    pub(crate) fn get(self) -> Option<Place> {
        (self != MaybePlace::NONE).then_some(Place(self.0))
    }
}

impl From<Place> for MaybePlace {
    fn from(place: Place) -> MaybePlace {
        MaybePlace(place.0)
    }
}

/// So many things are kept in one piece.
const CHUNK: usize = 1_024;

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
    /// All but the last are full.
    chunks: Vec<Vec<Spot<T>>>,
    free: u32,
}

impl<T> Default for Slab<T> {
    fn default() -> Slab<T> {
        Slab { chunks: Vec::new(), free: NONE }
    }
}

impl<T> Slab<T> {
    #[cfg(test)]
    pub(crate) const BYTES_OF_EACH: usize = size_of::<Spot<T>>();

    /// Puts a thing in a place of its own.
    pub(crate) fn insert(&mut self, thing: T) -> Place {
        if self.free == NONE {
            return self.add(thing);
        }
        let place = Place(self.free);
        let spot = self.spot_mut(place);
        let before = std::mem::replace(spot, Spot::Taken(thing));
        self.free = if let Spot::Free(next) = before { next } else { NONE };
        place
    }

    /// Frees a place.
    pub(crate) fn remove(&mut self, place: Place) -> T {
        let free = self.free;
        let spot = std::mem::replace(self.spot_mut(place), Spot::Free(free));
        self.free = place.0;
        match spot {
            Spot::Taken(thing) => thing,
            Spot::Free(_) => unreachable!("a place is known only to whoever put a thing there"),
        }
    }

    /// Puts a thing behind all others.
    fn add(&mut self, thing: T) -> Place {
        if self.chunks.last().is_none_or(|last| last.len() == CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        let full = (self.chunks.len() - 1) * CHUNK;
        let last = self.chunks.last_mut().expect("one was added");
        last.push(Spot::Taken(thing));
        Place(u32::try_from(full + last.len() - 1).expect("things are fewer than 2^32"))
    }

    fn spot_mut(&mut self, place: Place) -> &mut Spot<T> {
        &mut self.chunks[place.0 as usize / CHUNK][place.0 as usize % CHUNK]
    }
}

impl<T> Index<Place> for Slab<T> {
    type Output = T;

    fn index(&self, place: Place) -> &T {
        match &self.chunks[place.0 as usize / CHUNK][place.0 as usize % CHUNK] {
            Spot::Taken(thing) => thing,
            Spot::Free(_) => unreachable!("a place is known only to whoever put a thing there"),
        }
    }
}

impl<T> IndexMut<Place> for Slab<T> {
    fn index_mut(&mut self, place: Place) -> &mut T {
        match self.spot_mut(place) {
            Spot::Taken(thing) => thing,
            Spot::Free(_) => unreachable!("a place is known only to whoever put a thing there"),
        }
    }
}
