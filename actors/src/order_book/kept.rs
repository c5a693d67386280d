//! How the OrderBook answers whoever draws the kept changes: with the recent ones, or by sending to the store.

use tradepit_engine::KeptChanges;

use super::OrderBook;
use super::answers::{Answers, Lookup};
use crate::ask::ReadKept;

impl Answers<ReadKept> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Lookup<KeptChanges, ()>;

    fn answer(&mut self, ReadKept { after }: ReadKept) -> Lookup<KeptChanges, ()> {
        match self.history.kept(after, |accepted| self.exchange.order(accepted)) {
            Some(changes) => Lookup::Here(changes),
            None if self.store.is_some() => Lookup::InStore(()),
            None => Lookup::Here(KeptChanges::Lost(self.history.lost())),
        }
    }
}
