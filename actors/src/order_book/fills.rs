//! How the OrderBook answers what it is asked of fills and trades: from the recent changes, which are all there are
//! without a store.

use tradepit_engine::{Fill, FillsOf, Number, Order, Print, PrintsOf, Stretch};

use super::OrderBook;
use super::answers::{Answers, Lookup};
use crate::ask::FindFilled;

impl Answers<FillsOf> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Lookup<Stretch<Fill>, ()>;

    fn answer(&mut self, question: FillsOf) -> Lookup<Stretch<Fill>, ()> {
        if self.store.is_some() { Lookup::InStore(()) } else { Lookup::Here(self.history.fills(&question)) }
    }
}

impl Answers<PrintsOf> for OrderBook {
    const CHANGES: bool = false;

    /// `Nowhere` where the symbol is unknown.
    type Answer = Lookup<Stretch<Print>, ()>;

    fn answer(&mut self, question: PrintsOf) -> Lookup<Stretch<Print>, ()> {
        match self.exchange.instrument(question.symbol) {
            None => Lookup::Nowhere,
            Some(_) if self.store.is_some() => Lookup::InStore(()),
            Some(_) => Lookup::Here(self.history.prints(&question)),
        }
    }
}

/// An order, and what is at hand of its fills.
pub(crate) struct Filled {
    pub(crate) order: Order,
    /// The newest first.
    pub(crate) fills: Vec<Fill>,
    /// Whether the store may have more.
    pub(crate) is_part: bool,
}

impl Answers<FindFilled> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Lookup<Filled, Number>;

    fn answer(&mut self, FindFilled { id, at_most }: FindFilled) -> Lookup<Filled, Number> {
        self.locate(id).map(|order| {
            let fills = match order.only_fill() {
                Some(fill) => vec![fill],
                None if order.has_told_fills() => self.history.newest_fills(order.accepted_number, at_most),
                None => Vec::new(),
            };
            let is_part = self.store.is_some() && order.has_told_fills() && fills.len() < at_most;
            Filled { order, fills, is_part }
        })
    }
}
