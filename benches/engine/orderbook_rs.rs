//! The crate orderbook-rs: fills are told to a listener, as with whatever uses it.

use std::sync::{Arc, Mutex, PoisonError};

use orderbook_rs::prelude::{Id, OrderBook, Side, TimeInForce, TradeResult};
use pricelevel::{OrderUpdate, Price};

use super::workloads::{Engine, Op, Tally};

struct Theirs {
    book: OrderBook<()>,
    tally: Arc<Mutex<Tally>>,
}

pub fn make(_: usize) -> Box<dyn Engine> {
    let tally = Arc::new(Mutex::new(Tally::default()));
    let counted = Arc::clone(&tally);
    let listener = Arc::new(move |result: &TradeResult| {
        let mut tally = counted.lock().unwrap_or_else(PoisonError::into_inner);
        for trade in result.match_result.trades().as_vec() {
            let Id::Sequential(maker) = trade.maker_order_id() else { continue };
            let (price, lots) = (trade.price().as_u128(), trade.quantity().as_u64());
            tally.count(maker, u64::try_from(price).unwrap_or(u64::MAX), lots);
        }
    });
    Box::new(Theirs { book: OrderBook::with_trade_listener("EURUSD", listener), tally })
}

impl Engine for Theirs {
    fn run(&mut self, op: &Op) {
        // An order that is gone by now is none of our business, as with the others.
        match *op {
            Op::Add { order, side, price, lots, lasts } => {
                let side = if side == tradepit_engine::Side::Buy { Side::Buy } else { Side::Sell };
                let time_in_force = if lasts { TimeInForce::Gtc } else { TimeInForce::Ioc };
                let id = Id::Sequential(order.into());
                drop(self.book.add_limit_order(id, price.into(), lots, side, time_in_force, None));
            }
            Op::Cancel { order } => drop(self.book.cancel_order(Id::Sequential(order.into()))),
            Op::Move { order, price } => {
                let order_id = Id::Sequential(order.into());
                let update = OrderUpdate::UpdatePrice { order_id, new_price: Price::new(price.into()) };
                drop(self.book.update_order(update));
            }
        }
    }

    fn tally(&self) -> Tally {
        *self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
