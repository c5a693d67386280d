//! What a venue is asked of instruments and quotes: its OrderBook has all there are.

use tradepit_engine::{Instrument, Offered, Rejection};

use super::Venue;
use crate::ask::{ChangeInstrument, ListInstrument, Piece, ReadInstruments, ReadOffered, SetQuote};
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

    /// Sets what the house quotes in an instrument, or takes it back; returns what is offered there afterwards.
    pub async fn set_quote(&self, set: SetQuote) -> Result<Result<Offered, Rejection>, Refused> {
        self.order_book.ask(set).await
    }
}
