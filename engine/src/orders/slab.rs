//! Things in places that they keep until they leave.
//!
//! What is there stays where it is when more comes: nothing is copied to make room, but of the first few, for which
//! little room is kept at first.

use std::ops::{Index, IndexMut};

use crate::sheets::{SHEET, Sheet};

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

/// The first sheet begins with so many, and doubles until it is whole: a venue in which little happens takes little.
const FIRST: usize = 16;

/// No place.
const NONE: u32 = u32::MAX;

/// A thing, or, where none is, the next place without one.
#[derive(Clone, Debug)]
enum Spot<T> {
    Taken(T),
    Free(u32),
}

/// Things, each in its place.
#[derive(Clone, Debug)]
pub(crate) struct Slab<T> {
    /// Of [`SHEET`] spots each but the first, which may have fewer.
    sheets: Vec<Sheet<Spot<T>>>,
    free: u32,
}

impl<T> Default for Slab<T> {
    fn default() -> Slab<T> {
        Slab { sheets: Vec::new(), free: NONE }
    }
}

impl<T: Clone> Slab<T> {
    #[cfg(test)]
    pub(crate) const BYTES_OF_EACH: usize = size_of::<Spot<T>>();

    /// Puts a thing in a place of its own.
    #[inline(always)]
    pub(crate) fn insert(&mut self, thing: T) -> Place {
        if self.free == NONE {
            self.add_sheet();
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
    fn add_sheet(&mut self) {
        let (number, begin, end) = match &*self.sheets {
            [] => (0, 0, FIRST),
            [first] if first.len() < SHEET => (0, first.len(), (2 * first.len()).min(SHEET)),
            sheets => (sheets.len(), 0, SHEET),
        };
        if number == self.sheets.len() {
            self.sheets.push(Sheet::default());
        }
        let sheet = self.sheets[number].own();
        sheet.reserve_exact(end - begin);
        let place = |at: usize| u32::try_from(number * SHEET + at).expect("things are fewer than 2^32");
        sheet.extend((begin + 1..end).map(|next| Spot::Free(place(next))).chain([Spot::Free(NONE)]));
        self.free = place(begin);
    }

    /// A copy shares it from now on.
    pub(crate) fn share(&mut self) {
        self.sheets.iter_mut().for_each(Sheet::share);
    }

    fn spot(&self, place: Place) -> &Spot<T> {
        &self.sheets[place.0 as usize / SHEET][place.0 as usize % SHEET]
    }

    fn spot_mut(&mut self, place: Place) -> &mut Spot<T> {
        &mut self.sheets[place.0 as usize / SHEET][place.0 as usize % SHEET]
    }
}

impl<T: Clone> Index<Place> for Slab<T> {
    type Output = T;

    fn index(&self, place: Place) -> &T {
        match self.spot(place) {
            Spot::Taken(thing) => thing,
            Spot::Free(_) => unreachable!("a place is known only to whoever put a thing there"),
        }
    }
}

impl<T: Clone> IndexMut<Place> for Slab<T> {
    fn index_mut(&mut self, place: Place) -> &mut T {
        match self.spot_mut(place) {
            Spot::Taken(thing) => thing,
            Spot::Free(_) => unreachable!("a place is known only to whoever put a thing there"),
        }
    }
}
