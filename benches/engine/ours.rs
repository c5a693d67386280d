//! Our book: what arrives is matched trade by trade, what is left of it rests.

use tradepit_engine::{Book, House, Incoming, Next, Resting, SelfTrade, Side, Slot, With};

use super::workloads::{Engine, Op, Tally};

#[derive(Default)]
struct Ours {
    book: Book,
    house: House,
    /// Where an order rests, by its number.
    slots: Vec<Option<Slot>>,
    tally: Tally,
}

pub fn make(orders: usize) -> Box<dyn Engine> {
    Box::new(Ours { slots: vec![None; orders], ..Ours::default() })
}

impl Engine for Ours {
    fn run(&mut self, op: &Op) {
        match *op {
            Op::Add { order, side, price, lots, lasts } => {
                let left = self.arrive(side, price, lots);
                if left > 0 && lasts {
                    self.slots[order as usize] = Some(self.book.rest(resting(order, side, price, left)));
                }
            }
            Op::Cancel { order } => {
                if let Some(slot) = self.slots[order as usize].take() {
                    self.book.remove(slot);
                }
            }
            Op::Move { order, price } => self.move_to(order, price),
        }
    }

    fn tally(&self) -> Tally {
        self.tally
    }
}

impl Ours {
    fn move_to(&mut self, order: u32, price: u64) {
        let Some(slot) = self.slots[order as usize] else { return };
        let Resting { side, left, .. } = *self.book.get(slot);
        let crosses = |best: u64| if side == Side::Buy { best <= price } else { best >= price };
        if !self.book.best(side.other()).is_some_and(crosses) {
            return self.book.move_to(slot, price, left);
        }
        self.slots[order as usize] = None;
        self.book.remove(slot);
        let left = self.arrive(side, price, left);
        if left > 0 {
            self.slots[order as usize] = Some(self.book.rest(resting(order, side, price, left)));
        }
    }

    /// Lets an order trade; returns what is left of it.
    fn arrive(&mut self, side: Side, price: u64, lots: u64) -> u64 {
        let mut arriving =
            Incoming { side, limit: Some(price), left: lots.into(), account: 0, self_trade: SelfTrade::Allow };
        while let Next::Trade { with: With::Client(slot), ticks, lots } = arriving.next(&self.book, &self.house) {
            arriving.left -= lots;
            let lots = u64::try_from(lots).expect("no more than there was");
            let maker = *self.book.get(slot);
            self.tally.count(maker.order, ticks, lots);
            if self.book.fill(slot, lots) == 0 {
                self.slots[maker.order as usize] = None;
            }
        }
        u64::try_from(arriving.left).expect("no more than it was")
    }
}

fn resting(order: u32, side: Side, price: u64, left: u64) -> Resting {
    Resting { order: order.into(), price, left, account: 0, side }
}
