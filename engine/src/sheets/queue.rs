//! Things in line: who comes first leaves first.

use std::collections::VecDeque;

use super::sheet::{SHEET, Sheet};

/// Things in line, which copies may share.
#[derive(Clone, Debug)]
pub struct Queue<T> {
    /// All but the last are full.
    sheets: VecDeque<Sheet<T>>,
    /// How many of the first sheet have left: they stay where they are until all of it have.
    left: usize,
    len: usize,
}

impl<T> Default for Queue<T> {
    fn default() -> Queue<T> {
        Queue { sheets: VecDeque::new(), left: 0, len: 0 }
    }
}

impl<T: Clone> Queue<T> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Who leaves next.
    #[must_use]
    pub fn front(&self) -> Option<&T> {
        self.sheets.front()?.get(self.left)
    }

    /// Who came last.
    #[must_use]
    pub fn back(&self) -> Option<&T> {
        self.get(self.len.checked_sub(1)?)
    }

    /// The same, to be changed.
    pub fn back_mut(&mut self) -> Option<&mut T> {
        if self.is_empty() { None } else { self.sheets.back_mut()?.own().last_mut() }
    }

    /// The one before which so many leave.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<&T> {
        let place = self.left + place;
        self.sheets.get(place / SHEET)?.get(place % SHEET)
    }

    /// One more comes.
    #[inline]
    pub fn push_back(&mut self, thing: T) {
        let room = match self.sheets.back() {
            Some(last) if last.len() < SHEET => None,
            Some(_) => Some(SHEET),
            None => Some(0),
        };
        if let Some(room) = room {
            self.sheets.push_back(Sheet::with_room(room));
        }
        if let Some(last) = self.sheets.back_mut() {
            last.own().push(thing);
            self.len += 1;
        }
    }

    /// The first leaves.
    pub fn pop_front(&mut self) -> Option<T> {
        let thing = self.front()?.clone();
        (self.left, self.len) = (self.left + 1, self.len - 1);
        if self.left == SHEET {
            self.left = 0;
            self.sheets.pop_front();
        } else if self.len == 0 {
            // It is filled anew.
            self.left = 0;
            self.sheets.iter_mut().for_each(Sheet::clear);
        }
        Some(thing)
    }

    /// How many come before the first that is not so; all that are so come before all that are not.
    pub fn partition_point(&self, mut is_so: impl FnMut(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle).is_some_and(&mut is_so) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// All of them in line.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.sheets.iter().flat_map(Sheet::as_slice).skip(self.left)
    }

    /// A copy shares it from now on.
    pub fn share(&mut self) {
        self.sheets.iter_mut().for_each(Sheet::share);
    }
}

impl<T: Clone + PartialEq> PartialEq for Queue<T> {
    fn eq(&self, other: &Queue<T>) -> bool {
        self.iter().eq(other.iter())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use tradepit_kit::Dice;

    #[test]
    fn a_line_is_as_any_other_also_beside_its_copy() {
        let mut dice = Dice::seeded(1);
        let (mut queue, mut plain) = (Queue::default(), VecDeque::new());
        let mut earlier = (queue.clone(), plain.clone());
        for step in 0..40_000_u32 {
            match dice.below(if step / 4_000 % 2 == 0 { 3_u32 } else { 5 }) {
                0 | 3 | 4 => assert_eq!(queue.pop_front(), plain.pop_front()),
                _ => {
                    queue.push_back(step);
                    plain.push_back(step);
                }
            }
            if dice.once_in(500) {
                assert!(earlier.0.iter().eq(&earlier.1));
                queue.share();
                earlier = (queue.clone(), plain.clone());
            }
            assert_eq!((queue.len(), queue.front(), queue.back()), (plain.len(), plain.front(), plain.back()));
            let place = dice.below(plain.len() + 1);
            assert_eq!(queue.get(place), plain.get(place));
            let is_before = |thing: &u32| *thing < step / 2;
            assert_eq!(queue.partition_point(is_before), plain.partition_point(is_before));
        }
        assert!(queue.iter().eq(&plain));
    }
}
