//! Seeded chance, and the commands drawn from it: the same seed draws the same commands on every machine.

use std::sync::Arc;

use tradepit_engine::{Command, Label, OrderId, Origin, Quantity, Seq, Symbol, Time};

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `end`, without `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// A kind of life for an exchange: how much room, how many ids, how long, from when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) max_orders: usize,
    /// Orders are asked for by the numbers of so many newest changes: few enough to meet those that are held.
    pub(crate) reach: u64,
    pub(crate) commands: u64,
    pub(crate) begins_at: i64,
    /// The exchange is asked to execute once in so many commands: seldom, and bursts exceed a batch.
    pub(crate) executes_once_in: u64,
    /// Names of each kind are drawn from so many; 0 where orders have none.
    pub(crate) names: u64,
    /// A store is behind the exchange, and so many closed orders are kept all the same.
    pub(crate) recent: Option<usize>,
}

impl World {
    /// Moves `now` and draws what is asked then.
    pub(crate) fn command(&self, chance: &mut Chance, now: &mut Time, last_seq: u64) -> Command {
        *now = Time(now.0.saturating_add(step_us(chance)));
        let id = OrderId(u128::from(chance.next()).to_be_bytes());
        if chance.below(self.executes_once_in) == 0 {
            return Command::ExecuteDue;
        }
        match chance.below(3) {
            0 => Command::Cancel { accepted_seq: self.recent(chance, last_seq) },
            _ => Command::Submit {
                id,
                symbol: symbol(chance),
                // Orders with names are repeated: they must be alike at times.
                quantity: if self.names > 0 { alike(chance) } else { quantity(chance) },
                delay_us: delay_us(chance),
                origin: self.origin(chance),
            },
        }
    }
}

impl World {
    /// The number of a recent change, or the next one.
    pub(crate) fn recent(&self, chance: &mut Chance, last_seq: u64) -> Seq {
        Seq((last_seq + 1).saturating_sub(chance.below(self.reach)))
    }

    /// None, one or both.
    fn origin(&self, chance: &mut Chance) -> Option<Arc<Origin>> {
        let mut name = || {
            let named = self.names > 0 && chance.below(3) == 0;
            named.then(|| key(chance.below(self.names)))
        };
        Origin::new(name(), name())
    }
}

/// Both kinds of names are drawn from the same keys: they must not meet.
pub(crate) fn key(number: u64) -> Label {
    Label::new(&format!("k{number}")).expect("a key")
}

fn alike(chance: &mut Chance) -> Quantity {
    Quantity::new(1 + chance.below(2)).expect("in range")
}

/// Often none, mostly forwards, at times far, at times backwards.
fn step_us(chance: &mut Chance) -> i64 {
    let far = i64::try_from(chance.below(5_000)).expect("small");
    match chance.below(10) {
        0..4 => 0,
        4..8 => far / 100,
        8 => far,
        _ => -far / 2,
    }
}

/// Short ones on a coarse grid, so that many fall due at the same moment; none; and some beyond the end of time.
fn delay_us(chance: &mut Chance) -> u64 {
    match chance.below(20) {
        0 => 0,
        1 => u64::MAX,
        2 => chance.below(1 << 63),
        3..10 => 100 * chance.below(10),
        _ => chance.below(20_000),
    }
}

fn symbol(chance: &mut Chance) -> Symbol {
    Symbol::new(chance.of(&["EURUSD", "GBPUSD", "BTC/USD", "BRK.B"])).expect("a symbol")
}

fn quantity(chance: &mut Chance) -> Quantity {
    Quantity::new(1 + chance.below(Quantity::MAX)).expect("in range")
}
