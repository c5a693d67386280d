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

/// So many spots, side by side: of a known number, so that none is looked for beyond them.
type Chunk<T> = Box<[Spot<T>; CHUNK]>;

/// Things, each in its place.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    chunks: Vec<Chunk<T>>,
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
    #[inline(always)]
    pub(crate) fn insert(&mut self, thing: T) -> Place {
        if self.free == NONE {
            self.add_chunk();
        }
        let place = Place(self.free);
        let spot = self.spot_mut(place);
        let Spot::Free(next) = *spot else { unreachable!("nothing is in a free place") };
        *spot = Spot::Taken(thing);
        self.free = next;
        place
    }

    /// Frees a place; what was there is gone.
    #[inline]
    pub(crate) fn free(&mut self, place: Place) {
        let free = self.free;
        let spot = self.spot_mut(place);
        if let Spot::Free(_) = spot {
            unreachable!("a place is known only to whoever put a thing there");
        }
        *spot = Spot::Free(free);
        self.free = place.0;
    }

    /// Adds places, which are taken in their order.
    #[cold]
    fn add_chunk(&mut self) {
        let first = u32::try_from(self.chunks.len() * CHUNK).expect("things are fewer than 2^32");
        let spots: Box<[Spot<T>]> =
            (1..CHUNK as u32).map(|next| Spot::Free(first + next)).chain([Spot::Free(NONE)]).collect();
        let Ok(chunk) = spots.try_into() else { unreachable!("there are as many") };
        self.chunks.push(chunk);
        self.free = first;
    }

    fn spot(&self, place: Place) -> &Spot<T> {
        &self.chunks[place.0 as usize / CHUNK][place.0 as usize % CHUNK]
    }

    fn spot_mut(&mut self, place: Place) -> &mut Spot<T> {
        &mut self.chunks[place.0 as usize / CHUNK][place.0 as usize % CHUNK]
    }
}

impl<T> Index<Place> for Slab<T> {
    type Output = T;

    fn index(&self, place: Place) -> &T {
        match self.spot(place) {
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
