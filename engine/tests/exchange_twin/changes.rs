//! Instruments that are listed or changed, as it is drawn.

use tradepit_engine::{Command, Decimal, InstrumentChange, Listing, Trading};
use tradepit_kit::symbol;

use crate::commands::Drawing;
use crate::naive::Naive;

impl Drawing {
    pub(crate) fn halts(&mut self) -> bool {
        self.world.halts_once_in > 0 && self.dice.once_in(self.world.halts_once_in)
    }

    /// What does not trade is mostly opened; what does is halted, closed, costs something else, or is listed.
    pub(crate) fn change(&mut self, twin: &Naive) -> Command {
        if self.dice.once_in(20) {
            let named = self.dice.of(&["NOBODY", "KNOWS", "NEW", "ODD"]);
            return Command::List { listing: Box::new(Listing::of_unknown(symbol(named))), hours: None };
        }
        let named = self.dice.of(self.world.symbols);
        let named = symbol(if self.dice.once_in(20) { "NEW" } else { named });
        let status = twin.markets.iter().find(|market| market.symbol == named).map(|market| market.status);
        let fee = |text: &str| Decimal::parse(text).expect("a number");
        let fees = ["0", "0.001", "0.0012345", "1", "1.5", "-0.1"].map(fee);
        let mut change = InstrumentChange::default();
        if named.as_str() == "OWN" && self.dice.once_in(2) {
            // What was sold short before may be more than is held.
            change.short = Some(self.dice.once_in(2));
            return Command::ChangeInstrument { symbol: named, change };
        }
        match self.dice.below(8) {
            0 => change.maker_fee = Some(self.dice.of(&fees)),
            1 => change.taker_fee = Some(self.dice.of(&fees)),
            _ if status == Some(Trading::Open) => {
                change.status = Some(self.dice.of(&[Trading::Halted, Trading::Halted, Trading::Closed]));
            }
            2 => change.status = Some(self.dice.of(&[Trading::Halted, Trading::Closed])),
            _ => change.status = Some(Trading::Open),
        }
        Command::ChangeInstrument { symbol: named, change }
    }
}
