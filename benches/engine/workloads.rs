//! What is asked of an engine: drawn from seeds, the same for all.
//!
//! No order that trades at once asks for more than there is within its limit: matchcore 0.4 lets the rest of such an
//! order trade beyond it.

use tradepit_engine::{Book, House, Incoming, Next, Resting, SelfTrade, Side, Slot, With};
use tradepit_kit::Dice;

/// One thing to do. Orders are numbered as they come.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Place a limit order.
    Add { order: u32, side: Side, price: u64, lots: u64, lasts: bool },
    /// Cancel an order that rests.
    Cancel { order: u32 },
    /// Give an order that rests another price.
    Move { order: u32, price: u64 },
}

/// What runs a workload.
pub trait Engine {
    /// Does one thing; fills are counted in the tally.
    fn run(&mut self, op: &Op);

    fn tally(&self) -> Tally;
}

/// What trades came to; in this order, and no other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub fills: u64,
    sum: u64,
}

impl Tally {
    pub fn count(&mut self, maker: u64, price: u64, lots: u64) {
        self.fills += 1;
        let fill = maker ^ price.rotate_left(20) ^ lots.rotate_left(40);
        self.sum = (self.sum ^ fill).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    }
}

/// Name, what it is, and what makes it.
pub type Workload = (&'static str, &'static str, fn() -> Vec<Op>);

pub const WORKLOADS: [Workload; 3] = [
    ("W1", "9 % gtc, 3 % ioc, 6 % cancel, 82 % move, about 1 000 resting", mixed),
    ("W2", "added over 20 prices, half of it matching", added),
    ("W3", "70 % add, 20 % cancel, 10 % match, growing", growing),
];

const OPS: usize = 1_000_000;
const MIDDLE: u64 = 10_000;

/// A side of the book, and what has been asked so far.
struct Draft {
    dice: Dice,
    book: Book,
    /// Where each order rests, by its number.
    slots: Vec<Option<Slot>>,
    live: Vec<u32>,
    /// Where each of them stands there, by its number.
    places: Vec<u32>,
    ops: Vec<Op>,
}

impl Draft {
    fn seeded(seed: u64) -> Draft {
        let (dice, book) = (Dice::seeded(seed), Book::default());
        Draft { dice, book, slots: Vec::new(), live: Vec::new(), places: Vec::new(), ops: Vec::new() }
    }

    fn side(&mut self) -> Side {
        self.dice.of(&[Side::Buy, Side::Sell])
    }

    /// How much of so many lots can trade within a limit.
    fn within(&self, side: Side, price: u64, lots: u64) -> u64 {
        let takes = |other: u64| if side == Side::Buy { other <= price } else { other >= price };
        let there: u128 =
            self.book.levels(side.other()).take_while(|level| takes(level.price)).map(|level| level.total).sum();
        u64::try_from(there.min(u128::from(lots))).expect("no more than the lots")
    }

    /// Places an order; one that would trade asks for no more than it can have.
    fn add(&mut self, side: Side, price: u64, lots: u64, lasts: bool) {
        let order = self.slots.len() as u32;
        let there = self.within(side, price, lots);
        let lots = if there > 0 { there } else { lots };
        if there == 0 && !lasts {
            return;
        }
        self.slots.push(None);
        self.ops.push(Op::Add { order, side, price, lots, lasts });
        self.arrive(order, side, price, lots);
    }

    fn arrive(&mut self, order: u32, side: Side, price: u64, lots: u64) {
        let mut left = lots;
        let house = House::default();
        while left > 0 {
            let arriving =
                Incoming { side, limit: Some(price), left: left.into(), account: 0, self_trade: SelfTrade::Allow };
            let Next::Trade { with: With::Client(slot), lots, .. } = arriving.next(&self.book, &house) else { break };
            let lots = u64::try_from(lots).expect("no more than is left");
            left -= lots;
            let maker = self.book.get(slot).order;
            if self.book.fill(slot, lots) == 0 {
                self.leaves(maker as u32);
            }
        }
        if left > 0 {
            let slot = self.book.rest(Resting { order: order.into(), price, left, account: 0, side });
            self.slots[order as usize] = Some(slot);
            self.places.resize(self.slots.len(), 0);
            self.places[order as usize] = self.live.len() as u32;
            self.live.push(order);
        }
    }

    fn leaves(&mut self, order: u32) {
        self.slots[order as usize] = None;
        let place = self.places[order as usize];
        self.live.swap_remove(place as usize);
        if let Some(moved) = self.live.get(place as usize) {
            self.places[*moved as usize] = place;
        }
    }

    fn any(&mut self) -> Option<(u32, Slot)> {
        let order = *self.live.get(self.dice.below(self.live.len().max(1)))?;
        Some((order, self.slots[order as usize]?))
    }

    fn cancel(&mut self) {
        let Some((order, slot)) = self.any() else { return };
        self.leaves(order);
        self.book.remove(slot);
        self.ops.push(Op::Cancel { order });
    }
}

/// Exchange-core's mix: most of what happens is that orders move.
fn mixed() -> Vec<Op> {
    let mut draft = Draft::seeded(1);
    // Mostly on its own side of the middle, at times a little beyond.
    let price = |dice: &mut Dice, side: Side| {
        let away = dice.below(375_u64) + 1 - 4 * u64::from(dice.once_in(10)).min(1);
        if side == Side::Buy { MIDDLE - away } else { MIDDLE + away }
    };
    while draft.ops.len() < OPS {
        let what = draft.dice.below(100_u32);
        let is_thin = draft.live.len() < 900;
        match what {
            0..9 if draft.live.len() < 1_100 => grow(&mut draft, price),
            9..12 => {
                let (side, lots) = (draft.side(), 1 + draft.dice.below(100_u64));
                let limit = if side == Side::Buy { MIDDLE + 50 } else { MIDDLE - 50 };
                draft.add(side, limit, lots, false);
            }
            12..18 if !is_thin => draft.cancel(),
            _ if is_thin => grow(&mut draft, price),
            _ => {
                let Some((order, slot)) = draft.any() else { continue };
                let Resting { side, left, price: from, .. } = *draft.book.get(slot);
                let to = price(&mut draft.dice, side);
                let there = draft.within(side, to, left);
                if to == from || (there > 0 && there < left) {
                    continue;
                }
                draft.ops.push(Op::Move { order, price: to });
                draft.leaves(order);
                draft.book.remove(slot);
                draft.arrive(order, side, to, left);
            }
        }
    }
    draft.ops
}

fn grow(draft: &mut Draft, price: impl Fn(&mut Dice, Side) -> u64) {
    let side = draft.side();
    let (price, lots) = (price(&mut draft.dice, side), 1 + draft.dice.below(100_u64));
    draft.add(side, price, lots, true);
}

fn added() -> Vec<Op> {
    let mut draft = Draft::seeded(2);
    while draft.ops.len() < OPS {
        grow(&mut draft, |dice, _| MIDDLE + dice.below(20_u64));
    }
    draft.ops
}

fn growing() -> Vec<Op> {
    let mut draft = Draft::seeded(3);
    while draft.ops.len() < OPS {
        let what = draft.dice.below(10_u32);
        draft.add_cancel_or_match(what);
    }
    draft.ops
}

impl Draft {
    /// W3's mix, of ten: seven add, two cancel, one matches.
    fn add_cancel_or_match(&mut self, what: u32) {
        match what {
            0..7 => grow(self, wide),
            7..9 => self.cancel(),
            _ => {
                let (side, lots) = (self.side(), 1 + self.dice.below(100_u64));
                let limit = if side == Side::Buy { MIDDLE + 2_000 } else { MIDDLE - 2_000 };
                self.add(side, limit, lots, false);
            }
        }
    }
}

/// A price on its own side of the middle, of 2 000.
fn wide(dice: &mut Dice, side: Side) -> u64 {
    let away = 1 + dice.below(2_000_u64);
    if side == Side::Buy { MIDDLE - away } else { MIDDLE + away }
}

/// W3 round so many orders that rest: what makes them, and so much of the mix, in which an order is cancelled instead
/// where more rest.
pub fn around(resting: usize, ops: usize) -> (Vec<Op>, Vec<Op>) {
    let mut draft = Draft::seeded(4);
    while draft.live.len() < resting {
        grow(&mut draft, wide);
    }
    let before = draft.ops.len();
    while draft.ops.len() < before + ops {
        let what = draft.dice.below(10_u32);
        draft.add_cancel_or_match(if draft.live.len() > resting { what.max(7) } else { what });
    }
    let mix = draft.ops.split_off(before);
    (draft.ops, mix)
}
