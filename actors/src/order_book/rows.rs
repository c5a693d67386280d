//! How the OrderBook takes rows of quotes, and tells what there are.

use tradepit_engine::{Command, Rejection, RowsOf, Symbol};

use super::OrderBook;
use super::answers::Answers;
use crate::ask::{AppendRows, DropRows, ReadRows};

impl Answers<AppendRows> for OrderBook {
    type Answer = Result<RowsOf, Rejection>;

    fn answer(&mut self, AppendRows { symbol, rows }: AppendRows) -> Result<RowsOf, Rejection> {
        self.change_rows(symbol, &Command::AppendRows { symbol, rows })
    }
}

impl Answers<DropRows> for OrderBook {
    type Answer = Result<RowsOf, Rejection>;

    fn answer(&mut self, DropRows { symbol }: DropRows) -> Result<RowsOf, Rejection> {
        self.change_rows(symbol, &Command::DropRows { symbol })
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
    /// Lets an instrument have other rows; returns what there are then.
    fn change_rows(&mut self, symbol: Symbol, command: &Command) -> Result<RowsOf, Rejection> {
        let before = self.exchange.rows_of(symbol).map_or(0, |rows| rows.count);
        self.commit(command)?;
        let rows = self.rows_of(symbol)?;
        self.rows_held = (self.rows_held + rows.count).saturating_sub(before);
        Ok(rows)
    }

    /// What rows there are, once what they bring about at once has happened.
    fn rows_of(&mut self, symbol: Symbol) -> Result<RowsOf, Rejection> {
        self.execute_due();
        self.exchange.rows_of(symbol).ok_or(Rejection::UnknownSymbol)
    }
}
