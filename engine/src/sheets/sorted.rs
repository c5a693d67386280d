//! Things by a key, in order.

use super::sheet::Sheet;

/// So many are on one sheet at most.
const AT_MOST: usize = 128;

/// Things, each by its key, in the order of these; copies may share them.
#[derive(Clone, Debug)]
pub(crate) struct Sorted<K, V> {
    /// In order, each with a key that is no greater than any on it, and greater than any on the one before. None is
    /// empty.
    sheets: Vec<(K, Sheet<(K, V)>)>,
    len: usize,
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Sorted<K, V> {
        Sorted::NOTHING
    }
}

impl<K, V> Sorted<K, V> {
    /// None.
    pub(crate) const NOTHING: Sorted<K, V> = Sorted { sheets: Vec::new(), len: 0 };

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All, in order.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.sheets.iter().flat_map(|(_, sheet)| sheet.as_slice()).map(|(key, value)| (key, value))
    }

    /// The first.
    pub(crate) fn first(&self) -> Option<(&K, &V)> {
        self.sheets.first()?.1.get(0).map(|(key, value)| (key, value))
    }

    /// The last.
    pub(crate) fn last(&self) -> Option<(&K, &V)> {
        self.sheets.last()?.1.as_slice().last().map(|(key, value)| (key, value))
    }

    /// A copy shares it from now on.
    pub(crate) fn share(&mut self) {
        self.sheets.iter_mut().for_each(|(_, sheet)| sheet.share());
    }

    /// The same, where what is in the things is to be shared before.
    pub(crate) fn share_each(&mut self, mut share: impl FnMut(&mut V)) {
        self.sheets.iter_mut().for_each(|(_, sheet)| sheet.share_each(|(_, value)| share(value)));
    }
}

impl<K: Copy + Ord, V: Clone> Sorted<K, V> {
    /// The sheet that a key is on, if it is anywhere.
    fn sheet_of(&self, key: &K) -> usize {
        match &*self.sheets {
            [] | [_] => 0,
            sheets => sheets.partition_point(|(first, _)| first <= key).saturating_sub(1),
        }
    }

    /// Which sheet that is, and where it is there, or would be.
    fn place(&self, key: &K) -> (usize, Result<usize, usize>) {
        let number = self.sheet_of(key);
        let things = self.things(number);
        (number, things.binary_search_by(|(own, _)| own.cmp(key)))
    }

    fn things(&self, sheet: usize) -> &[(K, V)] {
        self.sheets.get(sheet).map_or(&[], |(_, sheet)| sheet.as_slice())
    }

    /// The thing of this key.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let (sheet, place) = self.place(key);
        self.things(sheet).get(place.ok()?).map(|(_, value)| value)
    }

    /// Whether there is one.
    pub(crate) fn contains(&self, key: &K) -> bool {
        self.place(key).1.is_ok()
    }

    /// The thing of this key, to be changed.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let (sheet, place) = self.place(key);
        let place = place.ok()?;
        Some(&mut self.sheets[sheet].1[place].1)
    }

    /// The thing of this key, which is there from now on.
    pub(crate) fn entry(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let (mut sheet, mut place) = self.place(&key);
        if let Err(new) = place {
            self.insert_at(sheet, new, key, V::default());
            (sheet, place) = self.place(&key);
        }
        let place = place.unwrap_or_else(|place| place);
        &mut self.sheets[sheet].1[place].1
    }

    /// Adds a thing; one of the same key gives way to it.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            (sheet, Ok(place)) => Some(std::mem::replace(&mut self.sheets[sheet].1[place].1, value)),
            (sheet, Err(place)) => {
                self.insert_at(sheet, place, key, value);
                None
            }
        }
    }

    fn insert_at(&mut self, number: usize, place: usize, key: K, value: V) {
        self.len += 1;
        let (is_last, sheet) = (number + 1 >= self.sheets.len(), self.sheets.get_mut(number));
        let Some((first, sheet)) = sheet else { return self.sheets.push((key, vec![(key, value)].into())) };
        *first = key.min(*first);
        let own = sheet.own();
        own.insert(place, (key, value));
        if own.len() > AT_MOST {
            // What comes in order fills one after the other.
            let stay = if is_last { AT_MOST } else { AT_MOST / 2 };
            let behind = own.split_off(stay);
            self.sheets.insert(number + 1, (behind[0].0, behind.into()));
        }
    }

    /// Takes the thing of this key out.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let (sheet, place) = self.place(key);
        Some(self.remove_at(sheet, place.ok()?).1)
    }

    /// Takes the first out.
    pub(crate) fn pop_first(&mut self) -> Option<(K, V)> {
        (self.len > 0).then(|| self.remove_at(0, 0))
    }

    fn remove_at(&mut self, number: usize, place: usize) -> (K, V) {
        self.len -= 1;
        let own = self.sheets[number].1.own();
        let thing = own.remove(place);
        if own.is_empty() {
            self.sheets.remove(number);
        } else if own.capacity() > 8 * own.len() {
            own.shrink_to(2 * own.len());
        }
        thing
    }

    /// Those of this key and greater ones, in order.
    pub(crate) fn since(&self, key: K) -> impl Iterator<Item = (&K, &V)> {
        let number = self.sheet_of(&key);
        let begun = self.things(number);
        let begun = &begun[begun.partition_point(|(own, _)| *own < key)..];
        let others = self.sheets.iter().skip(number + 1).flat_map(|(_, sheet)| sheet.as_slice());
        begun.iter().chain(others).map(|(key, value)| (key, value))
    }

    /// Those of lesser keys, the greatest first.
    pub(crate) fn below(&self, key: K) -> impl Iterator<Item = (&K, &V)> {
        let number = self.sheet_of(&key);
        let begun = self.things(number);
        let begun = &begun[..begun.partition_point(|(own, _)| *own < key)];
        let others = self.sheets[..number.min(self.sheets.len())].iter().rev();
        let others = others.flat_map(|(_, sheet)| sheet.as_slice().iter().rev());
        begun.iter().rev().chain(others).map(|(key, value)| (key, value))
    }

    /// Keeps those that may stay, as they are left.
    pub(crate) fn retain(&mut self, mut stays: impl FnMut(&K, &mut V) -> bool) {
        self.sheets.retain_mut(|(_, sheet)| {
            let own = sheet.own();
            own.retain_mut(|(key, value)| stays(key, value));
            !own.is_empty()
        });
        self.len = self.sheets.iter().map(|(_, sheet)| sheet.len()).sum();
    }
}

impl<K: Copy + Ord, V: Clone> Extend<(K, V)> for Sorted<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, things: I) {
        for (key, value) in things {
            self.insert(key, value);
        }
    }
}

/// Keys alone, in any order; each is there once.
impl<K: Copy + Ord> FromIterator<K> for Sorted<K, ()> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Sorted<K, ()> {
        let mut keys: Vec<(K, ())> = keys.into_iter().map(|key| (key, ())).collect();
        keys.sort_unstable();
        keys.dedup();
        let sheets = keys.chunks(AT_MOST).map(|some| (some[0].0, some.to_vec().into())).collect();
        Sorted { sheets, len: keys.len() }
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for Sorted<K, V> {
    fn eq(&self, other: &Sorted<K, V>) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for Sorted<K, V> {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use tradepit_kit::Dice;

    type Both = (Sorted<u32, u32>, BTreeMap<u32, u32>);

    fn change((sorted, map): &mut Both, dice: &mut Dice, (keys, step): (u32, u32)) {
        let (key, grows) = (dice.below(keys), step / 4_000 % 2 == 0);
        match dice.below(if grows { 6_u32 } else { 12 }) {
            0..4 => assert_eq!(sorted.insert(key, step), map.insert(key, step)),
            4 => {
                *sorted.entry(key) += 1;
                *map.entry(key).or_default() += 1;
            }
            5..8 => {
                let key = map.range(key..).next().map_or(key, |(key, _)| *key);
                sorted.get_mut(&key).into_iter().chain(map.get_mut(&key)).for_each(|value| *value += 1);
                assert_eq!(sorted.remove(&key), map.remove(&key));
            }
            8 if dice.once_in(200) => {
                sorted.retain(|key, _| key % 3 > 0);
                map.retain(|key, _| key % 3 > 0);
            }
            _ => assert_eq!(sorted.pop_first(), map.pop_first()),
        }
    }

    fn look((sorted, map): &Both, key: u32) {
        assert_eq!((sorted.len(), sorted.is_empty()), (map.len(), map.is_empty()));
        assert_eq!((sorted.first(), sorted.last()), (map.first_key_value(), map.last_key_value()));
        assert_eq!((sorted.get(&key), sorted.contains(&key)), (map.get(&key), map.contains_key(&key)));
        assert!(sorted.since(key).take(200).eq(map.range(key..).take(200)));
        assert!(sorted.below(key).take(200).eq(map.range(..key).rev().take(200)));
    }

    #[test]
    fn it_is_as_any_other_map_also_beside_its_copy() {
        for (seed, keys) in [(1, 40), (2, 3_000), (3, 1_000_000)] {
            let mut dice = Dice::seeded(seed);
            let mut both = Both::default();
            let mut earlier = both.clone();
            for step in 0..24_000_u32 {
                change(&mut both, &mut dice, (keys, step));
                look(&both, dice.below(keys));
                if dice.once_in(200) {
                    assert!(earlier.0.iter().eq(&earlier.1), "what one does shows in the other");
                    both.0.share();
                    earlier = both.clone();
                    // The copy goes on too.
                    (step..step + 20).for_each(|step| change(&mut earlier, &mut dice, (keys, step)));
                    assert!(both.0.iter().eq(&both.1));
                }
            }
            let keys: Sorted<u32, ()> = both.1.keys().chain(both.1.keys()).rev().copied().collect();
            assert_eq!(keys.len(), both.1.len());
            assert!(keys.iter().map(|(key, ())| key).eq(both.1.keys()));
        }
    }
}
