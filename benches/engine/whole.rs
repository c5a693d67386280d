//! The whole exchange: each order is validated, accepted, reaches the exchange, trades, is settled in the accounts, and
//! is told in events, which are applied.
//!
//! It stands in front of a store that has kept everything, as a server with a data folder does: what is closed is
//! forgotten.

use tradepit_engine::{
    Amendment, Asked, Body, Clearing, Command, Decimal, Exchange, Instrument, Listing, Number, OrderId, Quantity,
    Quoting, Rules, Side, Submit, Symbol, Time, TimeInForce, Told,
};

use super::workloads::{Engine, Op, Tally};

/// What is closed is forgotten so often, in operations.
const STORED_EVERY: u32 = 256;

/// No price and no quantity comes to so much.
const MOST_TICKS: u64 = 20_000;
const MOST_LOTS: u32 = 200_000;

struct Whole {
    exchange: Exchange,
    symbol: Symbol,
    /// Prices and quantities as a client writes them, by their number of ticks and of lots.
    prices: Vec<Decimal>,
    quantities: Vec<Decimal>,
    /// The change that accepted an order, by its number.
    accepted: Vec<Number>,
    told: Told,
    ops: u32,
    tally: Tally,
}

pub fn make(orders: usize) -> Box<dyn Engine> {
    let symbol = Symbol::new("BENCH").expect("it is a symbol");
    let listing = Listing::of_unknown(symbol);
    let rules = Rules { quoting: Quoting::Nobody, listings: vec![listing], ..Rules::default() };
    let exchange = Exchange::with_rules(usize::MAX, rules).in_front_of_store(0);
    let instrument = Instrument::new(listing).expect("it can be listed");
    let prices = (0..MOST_TICKS).map(|ticks| instrument.price(ticks)).collect();
    let quantities = (0..MOST_LOTS).map(|lots| instrument.quantity(lots.into()).expect("it is short")).collect();
    let (accepted, told, tally) = (vec![Number(0); orders], Told::default(), Tally::default());
    Box::new(Whole { exchange, symbol, prices, quantities, accepted, told, ops: 0, tally })
}

impl Engine for Whole {
    fn run(&mut self, op: &Op) {
        match *op {
            Op::Add { order, side, price, lots, lasts } => self.add(order, side, price, lots, lasts),
            Op::Cancel { order } => {
                let accepted_number = self.accepted[order as usize];
                self.obey(&Command::Cancel { accepted_number });
            }
            Op::Move { order, price } => {
                let accepted_number = self.accepted[order as usize];
                let amendment = Amendment { limit_price: Some(self.prices[price as usize]), ..Amendment::default() };
                self.obey(&Command::Amend { accepted_number, amendment, quantity: None });
            }
        }
        self.ops += 1;
        if self.ops.is_multiple_of(STORED_EVERY) {
            self.exchange.stored(self.exchange.last_number());
        }
    }

    fn tally(&self) -> Tally {
        self.tally
    }
}

impl Whole {
    fn add(&mut self, order: u32, side: Side, price: u64, lots: u64, lasts: bool) {
        let time_in_force = if lasts { TimeInForce::GoodTillCancelled } else { TimeInForce::ImmediateOrCancel };
        let (qty, limit_price) = (self.quantities[lots as usize], Some(self.prices[price as usize]));
        self.obey(&Command::Submit(Submit {
            id: OrderId(u128::from(order).to_be_bytes()),
            symbol: self.symbol,
            quantity: Quantity::new(lots).expect("in range"),
            delay_us: 0,
            origin: None,
            asked: Some(Asked {
                account: Clearing::DEFAULT,
                side,
                limit_price,
                stop: None,
                time_in_force,
                post_only: false,
                qty,
                notional: None,
            }),
        }));
        self.accepted[order as usize] = self.exchange.last_number();
        self.obey(&Command::ExecuteDue);
    }

    /// Decides and applies, and looks at each fill.
    fn obey(&mut self, command: &Command) {
        // What has closed meanwhile can neither be cancelled nor moved.
        if self.exchange.decide_into(Time(0), command, &mut self.told).is_err() {
            return;
        }
        for event in self.told.iter() {
            self.exchange.apply(event);
            if let Body::Filled(filled) = &event.body
                && filled.is_maker
            {
                let maker = u128::from_be_bytes(filled.order.id.0) as u64;
                let lots = u64::try_from(filled.lots).expect("no more than there was");
                self.tally.count(maker, filled.ticks, lots);
            }
        }
    }
}
