//! Things by a key that clients choose: hashed so that none can make it slow, and looked up, never iterated.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

use super::leaf::Leaf;

/// So many are on one sheet about: copying one takes microseconds, and so does spreading one on two.
const EACH: usize = 256;

/// Things by a hashed key, which copies may share.
///
/// As more come, one sheet after the other is spread on two (linear hashing): nothing is laid anew at once.
#[derive(Clone, Debug)]
pub struct Spread<K, V> {
    sheets: Vec<Leaf<HashMap<K, V>>>,
    hasher: RandomState,
    len: usize,
}

impl<K, V> Default for Spread<K, V> {
    fn default() -> Spread<K, V> {
        Spread { sheets: Vec::new(), hasher: RandomState::new(), len: 0 }
    }
}

/// On which of so many sheets what has this hash is.
fn sheet_of(hash: u64, sheets: usize) -> usize {
    // A table of one sheet goes by the lowest bits and by the highest ones.
    let (bits, whole) = ((hash >> 32) as usize, sheets.next_power_of_two());
    let of_whole = bits & (whole - 1);
    if of_whole < sheets { of_whole } else { of_whole - whole / 2 }
}

impl<K: Clone + Eq + Hash, V: Clone> Spread<K, V> {
    fn sheet(&self, key: &K) -> usize {
        sheet_of(self.hasher.hash_one(key), self.sheets.len())
    }

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

    /// The thing of this key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        if self.is_empty() { None } else { (*self.sheets[self.sheet(key)]).get(key) }
    }

    /// The same, to be changed.
    #[must_use]
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if self.is_empty() {
            return None;
        }
        let sheet = self.sheet(key);
        self.sheets[sheet].get_mut(key)
    }

    /// Adds a thing; one of the same key gives way to it.
    pub fn insert(&mut self, key: K, value: V) {
        if self.len == self.sheets.len() * EACH {
            self.spread();
        }
        let sheet = self.sheet(&key);
        if self.sheets[sheet].insert(key, value).is_none() {
            self.len += 1;
        }
    }

    /// Takes a thing out.
    pub fn remove(&mut self, key: &K) {
        if self.is_empty() {
            return;
        }
        let sheet = self.sheet(key);
        // What is not there is not looked for among what may be changed: that would copy the sheet.
        if self.sheets[sheet].contains_key(key) && self.sheets[sheet].remove(key).is_some() {
            self.len -= 1;
        }
    }

    /// One sheet more, with what belongs there from now on.
    fn spread(&mut self) {
        let (own, hasher) = (self.sheets.len(), &self.hasher);
        let mut new = HashMap::with_hasher(hasher.clone());
        if let Some(bits) = own.checked_ilog2() {
            let goes = |key: &K| sheet_of(hasher.hash_one(key), own + 1) == own;
            // The highest bit of its place is what tells the two apart.
            new.extend(self.sheets[own - (1 << bits)].extract_if(|key, _| goes(key)));
        }
        self.sheets.push(Leaf::from(new));
    }

    /// A copy shares it from now on.
    pub fn share(&mut self) {
        self.sheets.iter_mut().for_each(Leaf::share);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use tradepit_kit::Dice;

    #[test]
    fn it_is_as_any_other_map_also_beside_its_copy() {
        let mut dice = Dice::seeded(7);
        let (mut spread, mut map) = (Spread::default(), HashMap::new());
        let mut earlier = (spread.clone(), map.clone());
        for step in 0..60_000_u32 {
            let key = dice.below(20_000_u32);
            match dice.below(4_u32) {
                0 => {
                    spread.remove(&key);
                    map.remove(&key);
                }
                1 => spread.get_mut(&key).into_iter().chain(map.get_mut(&key)).for_each(|value| *value += 1),
                _ => {
                    spread.insert(key, step);
                    map.insert(key, step);
                }
            }
            assert_eq!((spread.len(), spread.is_empty()), (map.len(), map.is_empty()));
            assert_eq!(spread.get(&key), map.get(&key));
            if dice.once_in(4_000) {
                let key = |key: &u32| earlier.0.get(key) == earlier.1.get(key);
                assert!((0..20_000).all(|number| key(&number)), "what one does shows in the other");
                spread.share();
                earlier = (spread.clone(), map.clone());
            }
        }
        assert!((0..20_000).all(|key| spread.get(&key) == map.get(&key)));
        assert!(spread.sheets.len() > 32 && spread.sheets.iter().all(|sheet| sheet.len() < 3 * EACH));
    }
}
