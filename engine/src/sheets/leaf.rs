//! One thing, on a sheet of its own.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A thing, which copies may share; or none.
#[derive(Clone, Debug)]
#[expect(clippy::redundant_allocation, reason = "nothing is moved to share it, or to take it back")]
pub struct Leaf<T> {
    own: Option<Box<T>>,
    /// Where it is while it is shared: where it was before.
    shared: Option<Arc<Box<T>>>,
}

impl<T> Default for Leaf<T> {
    fn default() -> Leaf<T> {
        Leaf { own: None, shared: None }
    }
}

impl<T> From<T> for Leaf<T> {
    fn from(thing: T) -> Leaf<T> {
        Leaf { own: Some(Box::new(thing)), shared: None }
    }
}

impl<T> Leaf<T> {
    /// What is there.
    #[inline(always)]
    pub(crate) fn get(&self) -> Option<&T> {
        match &self.own {
            Some(own) => Some(own),
            None => self.get_shared(),
        }
    }

    #[cold]
    fn get_shared(&self) -> Option<&T> {
        self.shared.as_deref().map(|shared| &**shared)
    }

    /// Whether it is shared with nobody.
    pub(crate) fn is_own(&self) -> bool {
        self.own.is_some()
    }

    /// A copy shares it from now on.
    pub fn share(&mut self) {
        self.share_by(|_| {});
    }

    /// The same, where what is in it is to be shared before. What is shared already is so to its ground.
    pub(crate) fn share_by(&mut self, share: impl FnOnce(&mut T)) {
        if let Some(mut own) = self.own.take() {
            share(&mut own);
            self.shared = Some(Arc::new(own));
        }
    }
}

impl<T: Clone> Leaf<T> {
    /// What is there, to be changed.
    #[inline(always)]
    pub(crate) fn own(&mut self) -> Option<&mut T> {
        if self.own.is_none() {
            self.take_back();
        }
        self.own.as_deref_mut()
    }

    /// What is there is its own from now on: taken back where nobody shares it any more, else copied.
    #[cold]
    #[inline(never)]
    fn take_back(&mut self) {
        let shared = self.shared.take();
        self.own = shared.map(|shared| Arc::try_unwrap(shared).unwrap_or_else(|shared| Box::clone(&shared)));
    }
}

/// Of one that holds a thing.
impl<T> Deref for Leaf<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        self.get().expect("there is one")
    }
}

impl<T: Clone> DerefMut for Leaf<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        self.own().expect("there is one")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_shared_until_one_changes_it() {
        let mut leaf = Leaf::from([1, 2]);
        leaf.share();
        let mut copy = leaf.clone();
        copy[0] = 7;
        assert_eq!((*leaf, *copy), ([1, 2], [7, 2]));
        drop(copy);
        let place = &raw const *leaf;
        leaf[1] = 3;
        assert_eq!((*leaf, &raw const *leaf), ([1, 3], place), "it was taken back");
        assert_eq!(Leaf::<u8>::default().own(), None);
    }
}
