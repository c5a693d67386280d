//! One exchange: commands in, events out.
//!
//! Owns the orders, their state machine and the agenda. Knows no clock, chance, I/O, async or JSON:
//! `now`, ids and delays are arguments, so the same commands give the same events on every run and machine.
//! Data comes from the `OrderBook` actor (or, at start-up, from the store's events) and goes back to it.
//!
//! Start reading at [`Exchange`].

mod accounts;
mod agenda;
mod command;
mod event;
mod exchange;
mod market;
mod order;
mod orders;
mod origin;
mod reads;
mod values;

pub use accounts::commitments::Commitments;
pub use accounts::ledger::{AccountNumber, CurrencyNumber, Holdings, InstrumentNumber, Ledger, Party, Settlement};
pub use accounts::position::{Position, Trade};
pub use command::{Command, Rejection};
pub use event::{Accepted, Body, Event, OrderRef};
pub use exchange::{EXECUTE_AT_MOST, Exchange};
pub use market::book::{Book, PriceLevel, Resting, Side, Slot};
pub use market::built_in::built_in;
pub use market::house::{House, Offer};
pub use market::instrument::{Class, Hours, Instrument, InvalidListing, Listing, Trading};
pub use market::matching::{Incoming, Next, SelfTrade, With};
pub use market::triggers::{Trail, Triggers, Waits};
pub use order::{Order, State};
pub use origin::{InvalidLabel, Label, Name, Origin};
pub use reads::{
    ChangeFilter, Changes, Direction, Found, Lost, Named, OpenOrders, OrderFilter, Page, PageOf, PageStart, Status,
};
pub use values::{
    Decimal, InvalidDecimal, InvalidQuantity, InvalidSymbol, Money, Number, OrderId, Quantity, Symbol, Time,
};
