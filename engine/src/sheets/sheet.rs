//! Things side by side.

use std::mem;
use std::ops::{Index, IndexMut};
use std::sync::Arc;

/// So many things are on one sheet of those that are filled one after the other: copying one takes microseconds.
pub(crate) const SHEET: usize = 256;

/// Things side by side, which copies may share.
#[derive(Clone, Debug)]
pub(crate) struct Sheet<T> {
    /// All there are; while they are shared, nothing. So whoever looks for one by its place sees by that alone where
    /// it is.
    own: Vec<T>,
    shared: Option<Arc<Vec<T>>>,
}

impl<T> Default for Sheet<T> {
    fn default() -> Sheet<T> {
        Sheet::with_room(0)
    }
}

impl<T> From<Vec<T>> for Sheet<T> {
    fn from(own: Vec<T>) -> Sheet<T> {
        Sheet { own, shared: None }
    }
}

impl<T> Sheet<T> {
    /// An empty one, with room for so many.
    pub(crate) fn with_room(room: usize) -> Sheet<T> {
        Sheet { own: Vec::with_capacity(room), shared: None }
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        match &self.shared {
            None => &self.own,
            Some(shared) => shared,
        }
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.as_slice().len()
    }

    pub(crate) fn get(&self, at: usize) -> Option<&T> {
        self.as_slice().get(at)
    }

    /// A copy shares it from now on.
    pub(crate) fn share(&mut self) {
        if !self.own.is_empty() {
            self.shared = Some(Arc::new(mem::take(&mut self.own)));
        }
    }

    /// The same, where what is in the things is to be shared before. What is shared already is so to its ground.
    pub(crate) fn share_each(&mut self, share: impl FnMut(&mut T)) {
        self.own.iter_mut().for_each(share);
        self.share();
    }

    /// Nothing is on it any more.
    pub(crate) fn clear(&mut self) {
        self.own.clear();
        self.shared = None;
    }

    #[cold]
    fn shared_at(&self, at: usize) -> &T {
        self.shared.as_deref().and_then(|shared| shared.get(at)).expect("whoever knows the place has put it there")
    }
}

impl<T: Clone> Sheet<T> {
    /// All there are, to be changed.
    #[inline]
    pub(crate) fn own(&mut self) -> &mut Vec<T> {
        if self.shared.is_some() {
            self.take_back();
        }
        &mut self.own
    }

    /// What is there is its own from now on: taken back where nobody shares it any more, else copied, with its room.
    #[cold]
    #[inline(never)]
    fn take_back(&mut self) {
        let Some(shared) = self.shared.take() else { return };
        self.own = Arc::try_unwrap(shared).unwrap_or_else(|shared| {
            let mut own = Vec::with_capacity(shared.capacity());
            own.extend_from_slice(&shared);
            own
        });
    }

    #[cold]
    fn own_at(&mut self, at: usize) -> &mut T {
        self.take_back();
        &mut self.own[at]
    }
}

impl<T> Index<usize> for Sheet<T> {
    type Output = T;

    #[inline(always)]
    fn index(&self, at: usize) -> &T {
        match self.own.get(at) {
            Some(thing) => thing,
            None => self.shared_at(at),
        }
    }
}

impl<T: Clone> IndexMut<usize> for Sheet<T> {
    #[inline(always)]
    fn index_mut(&mut self, at: usize) -> &mut T {
        if at < self.own.len() { &mut self.own[at] } else { self.own_at(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_is_copied_by_who_changes_it_and_taken_back_by_who_is_alone() {
        let mut sheet = Sheet::with_room(8);
        sheet.own().extend([1, 2, 3]);
        let place = sheet.as_slice().as_ptr();
        sheet.share();
        let mut copy = sheet.clone();
        assert_eq!((copy.as_slice().as_ptr(), copy[2]), (place, 3), "nothing was copied");
        copy[1] = 7;
        assert_eq!((copy.as_slice(), sheet.as_slice()), (&[1, 7, 3][..], &[1, 2, 3][..]));
        assert_eq!(copy.own().capacity(), 8, "a copy has the room that it was copied from");
        sheet[0] = 5;
        assert_eq!((sheet.as_slice(), sheet.as_slice().as_ptr()), (&[5, 2, 3][..], place), "it was taken back");
    }
}
