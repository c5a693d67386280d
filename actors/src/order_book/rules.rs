//! How the OrderBook has rules set, and tells what there are.

use tradepit_engine::{Command, Rulebook};

use super::OrderBook;
use super::answers::Answers;
use crate::ask::{ReadRules, SetRules};

impl Answers<SetRules> for OrderBook {
    /// What there is from now on; `None` where that is none.
    type Answer = Option<Rulebook>;

    fn answer(&mut self, SetRules(rules): SetRules) -> Option<Rulebook> {
        // Nothing speaks against it.
        let _ = self.commit(&Command::SetRules { rules, seed: self.chance.number() });
        self.exchange.rulebook().cloned()
    }
}

impl Answers<ReadRules> for OrderBook {
    const CHANGES: bool = false;

    /// `None` where there are none.
    type Answer = Option<Rulebook>;

    fn answer(&mut self, ReadRules: ReadRules) -> Option<Rulebook> {
        self.exchange.rulebook().cloned()
    }
}
