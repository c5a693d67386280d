//! Things by number: what is there stays where it is when more comes, and nothing is copied to make room.
//!
//! The first sheet begins small, so that few things take little.

use std::ops::{Index, IndexMut};

use super::sheet::{SHEET, Sheet};

/// Things, each by its number: the first is 0, each next one greater by 1.
#[derive(Clone, Debug)]
pub(crate) struct Numbered<T>(Vec<Sheet<T>>);

impl<T> Default for Numbered<T> {
    fn default() -> Numbered<T> {
        Numbered(Vec::new())
    }
}

impl<T: Clone> Numbered<T> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * SHEET + last.len())
    }

    /// One more, of the next number.
    pub(crate) fn push(&mut self, thing: T) {
        match self.0.last_mut() {
            Some(last) if last.len() < SHEET => return last.own().push(thing),
            Some(_) => self.0.push(Sheet::with_room(SHEET)),
            None => self.0.push(Sheet::default()),
        }
        self.push(thing);
    }

    /// How many come before the first that is not so; all that are so come before all that are not.
    pub(crate) fn partition_point(&self, mut is_so: impl FnMut(&T) -> bool) -> usize {
        let sheets = self.0.partition_point(|sheet| sheet.get(0).is_some_and(&mut is_so));
        let Some(last) = sheets.checked_sub(1) else { return 0 };
        last * SHEET + self.0[last].as_slice().partition_point(is_so)
    }

    /// Those of these numbers, which are on one sheet.
    pub(crate) fn within(&self, first: usize, end: usize) -> &[T] {
        let (sheet, at) = (self.0.get(first / SHEET).map_or(&[][..], Sheet::as_slice), first % SHEET);
        sheet.get(at..at + (end - first)).unwrap_or_default()
    }

    /// The one of this number.
    pub(crate) fn get(&self, number: usize) -> Option<&T> {
        self.0.get(number / SHEET)?.get(number % SHEET)
    }

    /// The last one.
    pub(crate) fn last(&self) -> Option<&T> {
        self.0.last()?.as_slice().last()
    }

    /// The first one.
    pub(crate) fn first(&self) -> Option<&T> {
        self.0.first()?.get(0)
    }

    /// A copy shares it from now on.
    pub(crate) fn share(&mut self) {
        self.0.iter_mut().for_each(Sheet::share);
    }
}

impl<T> Index<u32> for Numbered<T> {
    type Output = T;

    #[inline]
    fn index(&self, number: u32) -> &T {
        &self.0[number as usize / SHEET][number as usize % SHEET]
    }
}

impl<T: Clone> IndexMut<u32> for Numbered<T> {
    #[inline]
    fn index_mut(&mut self, number: u32) -> &mut T {
        &mut self.0[number as usize / SHEET][number as usize % SHEET]
    }
}
