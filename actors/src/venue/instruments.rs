//! What a venue is asked of instruments and quotes: its OrderBook has all there are.

use tradepit_engine::{Instrument, Offered, Rejection, RowsOf};

use super::Venue;
use crate::ask::{
    AppendRows, ChangeInstrument, DropRows, ListInstrument, Piece, ReadInstruments, ReadOffered, ReadRows, SetQuote,
};
use crate::order_book::addr::Refused;

impl Venue {
    /// Lists an instrument; returns it.
    pub async fn list_instrument(&self, list: ListInstrument) -> Result<Result<Instrument, Rejection>, Refused> {
        self.order_book.ask(list).await
    }

    /// Lets an instrument be otherwise; returns it.
    pub async fn change_instrument(&self, change: ChangeInstrument) -> Result<Result<Instrument, Rejection>, Refused> {
        self.order_book.ask(change).await
    }

    /// Instruments, of which all that are listed are held; `None` where one of those named is unknown.
    pub async fn instruments(&self, read: ReadInstruments) -> Result<Option<Piece<Instrument>>, Refused> {
        self.order_book.ask(read).await
    }

    /// What is offered in instruments, at one moment; `None` where one of those named is unknown.
    pub async fn offered(&self, read: ReadOffered) -> Result<Option<Piece<Offered>>, Refused> {
        self.order_book.ask(read).await
    }

    /// Appends rows of quotes to those of an instrument; returns what there are then.
    pub async fn append_rows(&self, append: AppendRows) -> Result<Result<RowsOf, Rejection>, Refused> {
        self.order_book.ask(append).await
    }

    /// Drops all rows of an instrument.
    pub async fn drop_rows(&self, drop: DropRows) -> Result<Result<RowsOf, Rejection>, Refused> {
        self.order_book.ask(drop).await
    }

    /// What rows an instrument has.
    pub async fn rows(&self, read: ReadRows) -> Result<Result<RowsOf, Rejection>, Refused> {
        self.order_book.ask(read).await
    }

    /// Sets what the house quotes in an instrument, or takes it back; returns what is offered there afterwards.
    pub async fn set_quote(&self, set: SetQuote) -> Result<Result<Offered, Rejection>, Refused> {
        self.order_book.ask(set).await
    }
}
