//! The crate matchcore: one command at a time, with what it brought about.

use matchcore::{
    AmendCmd, AmendPatch, CancelCmd, Command, CommandKind, CommandMeta, CommandOutcome, CommandReport, LimitOrder,
    LimitOrderPatch, NewOrder, OrderBook, OrderFlags, OrderId, OrderKind, Price, Quantity, QuantityPolicy,
    SequenceNumber, Side, SubmitCmd, TimeInForce, Timestamp,
};

use super::workloads::{Engine, Op, Tally};

struct Theirs {
    book: OrderBook,
    /// The id of an order, by its number, and the other way round.
    ids: Vec<u64>,
    orders: Vec<u32>,
    next: u64,
    tally: Tally,
}

pub fn make(orders: usize) -> Box<dyn Engine> {
    Box::new(Theirs {
        book: OrderBook::new("EURUSD"),
        ids: vec![0; orders],
        orders: vec![0; orders],
        next: 0,
        tally: Tally::default(),
    })
}

impl Engine for Theirs {
    fn run(&mut self, op: &Op) {
        let sequence = self.next;
        self.next += 1;
        let kind = match *op {
            Op::Add { order, side, price, lots, lasts } => {
                // An order's id is the number of the command that placed it.
                self.ids[order as usize] = sequence;
                self.orders[sequence as usize] = order;
                let side = if side == tradepit_engine::Side::Buy { Side::Buy } else { Side::Sell };
                let flags = OrderFlags::new(side, false, if lasts { TimeInForce::Gtc } else { TimeInForce::Ioc });
                let policy = QuantityPolicy::Standard { quantity: Quantity(lots) };
                CommandKind::Submit(SubmitCmd { order: NewOrder::Limit(LimitOrder::new(Price(price), policy, flags)) })
            }
            Op::Cancel { order } => {
                let order_id = OrderId(self.ids[order as usize]);
                CommandKind::Cancel(CancelCmd { order_id, order_kind: OrderKind::Limit })
            }
            Op::Move { order, price } => {
                let patch = AmendPatch::Limit(LimitOrderPatch::new().with_price(Price(price)));
                CommandKind::Amend(AmendCmd { order_id: OrderId(self.ids[order as usize]), patch })
            }
        };
        let meta = CommandMeta { sequence_number: SequenceNumber(sequence), timestamp: Timestamp(sequence) };
        let outcome = self.book.execute(&Command { meta, kind });
        if let CommandOutcome::Applied(CommandReport::Submit(effects) | CommandReport::Amend(effects)) = &outcome {
            for trade in effects.target_order().match_result().into_iter().flat_map(|result| result.trades()) {
                let maker = self.orders[trade.maker_order_id().0 as usize];
                self.tally.count(maker.into(), trade.price().0, trade.quantity().0);
            }
        }
    }

    fn tally(&self) -> Tally {
        self.tally
    }
}
