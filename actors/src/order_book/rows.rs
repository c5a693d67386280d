//! How the OrderBook takes rows of quotes, and tells what there are.

use tradepit_engine::{Command, Rejection, RowsOf, Symbol};

use super::OrderBook;
use super::answers::Answers;
use crate::ask::{AppendRows, DropRows, ReadRows};

impl Answers<AppendRows> for OrderBook {
    type Answer = Result<RowsOf, Rejection>;

    fn answer(&mut self, AppendRows { symbol, rows }: AppendRows) -> Result<RowsOf, Rejection> {
        self.commit(&Command::AppendRows { symbol, rows })?;
        self.rows_of(symbol)
    }
}

impl Answers<DropRows> for OrderBook {
    type Answer = Result<RowsOf, Rejection>;

    fn answer(&mut self, DropRows { symbol }: DropRows) -> Result<RowsOf, Rejection> {
        self.commit(&Command::DropRows { symbol })?;
        self.rows_of(symbol)
    }
}

impl Answers<ReadRows> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Result<RowsOf, Rejection>;

    fn answer(&mut self, ReadRows { symbol }: ReadRows) -> Result<RowsOf, Rejection> {
        self.rows_of(symbol)
    }
}

impl OrderBook {
    /// What rows there are, once what they bring about at once has happened.
    fn rows_of(&mut self, symbol: Symbol) -> Result<RowsOf, Rejection> {
        self.execute_due();
        self.exchange.rows_of(symbol).ok_or(Rejection::UnknownSymbol)
    }
}
