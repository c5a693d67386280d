//! How the OrderBook lists instruments, and changes them.

use tradepit_engine::{Command, Instrument, Rejection, Symbol};

use super::OrderBook;
use super::answers::Answers;
use crate::ask::{ChangeInstrument, ListInstrument};

impl Answers<ListInstrument> for OrderBook {
    type Answer = Result<Instrument, Rejection>;

    fn answer(&mut self, ListInstrument { listing, hours }: ListInstrument) -> Result<Instrument, Rejection> {
        let symbol = listing.symbol;
        self.commit(&Command::List { listing: Box::new(listing), hours })?;
        self.listed(symbol)
    }
}

impl Answers<ChangeInstrument> for OrderBook {
    /// As it is once all has happened that follows.
    type Answer = Result<Instrument, Rejection>;

    fn answer(&mut self, ChangeInstrument { symbol, change }: ChangeInstrument) -> Result<Instrument, Rejection> {
        self.commit(&Command::ChangeInstrument { symbol, change })?;
        self.execute_due();
        self.listed(symbol)
    }
}

impl OrderBook {
    fn listed(&self, symbol: Symbol) -> Result<Instrument, Rejection> {
        self.exchange.instrument(symbol).cloned().ok_or(Rejection::UnknownSymbol)
    }
}
