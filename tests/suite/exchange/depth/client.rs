//! A client that keeps a book, as anybody would write it: whole where a frame has no `previous`, else level by level.

use std::collections::BTreeMap;

use serde_json::Value;

/// A book as a client knows it, by the digits of its prices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// The `book_number` as of which it is so; `None` before the first frame.
    pub number: Option<u64>,
    bids: BTreeMap<u64, [String; 2]>,
    asks: BTreeMap<u64, [String; 2]>,
}

impl Depth {
    /// Takes in a frame of the channel `book`.
    pub fn take(&mut self, frame: &Value) {
        assert_eq!(frame["channel"], "book");
        let number = frame["book_number"].as_u64().expect("a number");
        assert!(self.number < Some(number) && number < 1 << 53, "{:?} then {frame}", self.number);
        if frame["previous"].is_null() {
            self.bids.clear();
            self.asks.clear();
        } else {
            // Whatever a client missed, it would see here.
            assert_eq!(self.number, frame["previous"].as_u64(), "{frame}");
        }
        self.number = Some(number);
        change(&mut self.bids, &frame["bids"]);
        change(&mut self.asks, &frame["asks"]);
    }

    /// What `GET /book` showed, as many prices of it on each side.
    pub fn shown(book: &Value, depth: usize) -> Depth {
        let mut shown = Depth { number: book["book_number"].as_u64(), ..Depth::default() };
        for (side, levels) in [(&mut shown.bids, &book["bids"]), (&mut shown.asks, &book["asks"])] {
            for level in levels.as_array().expect("levels").iter().take(depth) {
                let (price, level) = read(level);
                side.insert(price, level);
            }
        }
        shown
    }

    /// The same book, whenever that was.
    pub fn is_as(&self, other: &Depth) -> bool {
        (&self.bids, &self.asks) == (&other.bids, &other.asks)
    }

    /// What stands for it among many, whenever that was.
    pub fn fingerprint(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        (&self.bids, &self.asks).hash(&mut hasher);
        hasher.finish()
    }

    /// The best of both sides, as they are told.
    pub fn best(&self) -> [Option<[String; 2]>; 2] {
        [self.bids.last_key_value(), self.asks.first_key_value()].map(|best| best.map(|(_, level)| level.clone()))
    }
}

fn change(side: &mut BTreeMap<u64, [String; 2]>, levels: &Value) {
    for level in levels.as_array().expect("levels") {
        let (price, level) = read(level);
        if level[1] == "0" {
            assert!(side.remove(&price).is_some(), "it was not there: {level:?}");
        } else {
            side.insert(price, level);
        }
    }
}

fn read(level: &Value) -> (u64, [String; 2]) {
    let [price, size] = [0, 1].map(|at| level[at].as_str().expect("a decimal").to_owned());
    // All prices of a book have the decimals of its tick.
    (price.replace('.', "").parse().expect("digits"), [price, size])
}
