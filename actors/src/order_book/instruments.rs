//! How the OrderBook lists instruments, changes and shows them, and what is offered there.

use tradepit_engine::{Command, Instrument, InstrumentNumber, Offered, Rejection, Symbol};

use super::OrderBook;
use super::answers::Answers;
use crate::ask::{ChangeInstrument, ListInstrument, Piece, ReadInstruments, ReadOffered, SetQuote, Which};

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

impl OrderBook {
    /// The numbers of these instruments; `None` where one of those named is unknown.
    fn instruments(&self, which: &Which) -> Option<Piece<InstrumentNumber>> {
        let clearing = self.exchange.clearing();
        match which {
            Which::Named(symbols) => {
                let items = symbols.iter().map(|&symbol| clearing.find(symbol)).collect::<Option<_>>()?;
                Some(Piece { items, has_more: false })
            }
            &Which::Page { after, limit } => {
                let first = after.map_or(Some(0), |after| Some(clearing.find(after)? + 1))?;
                let end = InstrumentNumber::try_from(clearing.instruments().len()).unwrap_or(InstrumentNumber::MAX);
                let mut numbers = first..end;
                let items = numbers.by_ref().take(limit).collect();
                Some(Piece { items, has_more: !numbers.is_empty() })
            }
        }
    }
}

impl Answers<ReadInstruments> for OrderBook {
    const CHANGES: bool = false;

    /// `None` where one of those named is unknown.
    type Answer = Option<Piece<Instrument>>;

    fn answer(&mut self, ReadInstruments(which): ReadInstruments) -> Option<Piece<Instrument>> {
        let show = |number| self.exchange.clearing().instrument(number).clone();
        self.instruments(&which).map(|numbers| numbers.map(show))
    }
}

impl Answers<ReadOffered> for OrderBook {
    const CHANGES: bool = false;

    /// `None` where one of those named is unknown.
    type Answer = Option<Piece<Offered>>;

    fn answer(&mut self, ReadOffered { which, depth }: ReadOffered) -> Option<Piece<Offered>> {
        let show = |number| self.exchange.offered(number, self.now, depth);
        self.instruments(&which).map(|numbers| numbers.map(show))
    }
}

impl Answers<SetQuote> for OrderBook {
    /// What is offered afterwards: also once what rests there has traded with it.
    type Answer = Result<Offered, Rejection>;

    fn answer(&mut self, SetQuote { symbol, quote }: SetQuote) -> Result<Offered, Rejection> {
        let number = self.exchange.clearing().find(symbol).ok_or(Rejection::UnknownSymbol)?;
        self.commit(&Command::Quote { symbol, quote })?;
        self.execute_due();
        Ok(self.exchange.offered(number, self.now, 1))
    }
}
