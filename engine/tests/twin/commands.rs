//! The commands of a life, drawn from a seed.

use std::sync::Arc;

use tradepit_engine::{Command, Label, Number, OrderId, Origin, Quantity, Submit, Symbol, Time};
use tradepit_kit::{Dice, label};

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
    pub(crate) fn command(&self, dice: &mut Dice, now: &mut Time, last_number: u64) -> Command {
        *now = Time(now.0.saturating_add(step_us(dice)));
        let id = OrderId(u128::from(dice.number()).to_be_bytes());
        if dice.below(self.executes_once_in) == 0 {
            return Command::ExecuteDue;
        }
        match dice.below(3) {
            0 => Command::Cancel { accepted_number: self.recent(dice, last_number) },
            _ => Command::Submit(Submit {
                id,
                symbol: symbol(dice),
                // Orders with names are repeated: they must be alike at times.
                quantity: if self.names > 0 { alike(dice) } else { quantity(dice) },
                delay_us: delay_us(dice),
                origin: self.origin(dice),
                asked: None,
            }),
        }
    }
}

impl World {
    /// The number of a recent change, or the next one.
    pub(crate) fn recent(&self, dice: &mut Dice, last_number: u64) -> Number {
        Number((last_number + 1).saturating_sub(dice.below(self.reach)))
    }

    /// None, one or both.
    fn origin(&self, dice: &mut Dice) -> Option<Arc<Origin>> {
        let mut name = || {
            let named = self.names > 0 && dice.below(3) == 0;
            named.then(|| key(dice.below(self.names)))
        };
        Origin::new(name(), name())
    }
}

/// Both kinds of names are drawn from the same keys: they must not meet.
pub(crate) fn key(number: u64) -> Label {
    label(&format!("k{number}"))
}

fn alike(dice: &mut Dice) -> Quantity {
    Quantity::new(1 + dice.below(2)).expect("in range")
}

/// Often none, mostly forwards, at times far, at times backwards.
fn step_us(dice: &mut Dice) -> i64 {
    let far = dice.below(5_000);
    match dice.below(10) {
        0..4 => 0,
        4..8 => far / 100,
        8 => far,
        _ => -far / 2,
    }
}

/// Short ones on a coarse grid, so that many fall due at the same moment; none; and some beyond the end of time.
fn delay_us(dice: &mut Dice) -> u64 {
    match dice.below(20) {
        0 => 0,
        1 => u64::MAX,
        2 => dice.below(1 << 63),
        3..10 => 100 * dice.below(10),
        _ => dice.below(20_000),
    }
}

fn symbol(dice: &mut Dice) -> Symbol {
    Symbol::new(dice.of(&["EURUSD", "GBPUSD", "BTC/USD", "BRK.B"])).expect("a symbol")
}

fn quantity(dice: &mut Dice) -> Quantity {
    // The greatest ones, of the dearest, are refused: what they come to is more than is counted.
    Quantity::new(1 + dice.below(Quantity::MAX >> 16)).expect("in range")
}
