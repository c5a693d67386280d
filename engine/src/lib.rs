//! One exchange: commands in, events out.
//!
//! Owns the orders, their state machine and the agenda. Knows no clock, chance, I/O, async or JSON:
//! `now`, ids and delays are arguments, so the same commands give the same events on every run and machine.
//! Data comes from the `OrderBook` actor (or, at start-up, from the store's events) and goes back to it.
//!
//! Start reading at [`Exchange`].

mod accounts;
mod activities;
mod agenda;
mod bars;
mod command;
mod event;
mod exchange;
mod fills;
mod kept;
mod market;
mod orders;
mod reads;
mod rules;
mod sheets;
mod told;
mod traces;
mod values;

pub use accounts::account::{Account, AccountId, AccountKind, AccountOpened, Transferred};
pub use accounts::clearing::Clearing;
pub use accounts::commitments::{Commitments, Committed, Far, Instead};
pub use accounts::ledger::{
    AccountNumber, CurrencyNumber, Holdings, InstrumentNumber, Ledger, Party, Payments, Settlement,
};
pub use accounts::position::{Position, Trade};
pub use activities::{ActivitiesOf, Activity, ActivityKind, Moved, Part, Whose};
pub use bars::{Bar, BarsOf, Growing, Timeframe};
pub use command::{AccountFault, Act, Command, Hindrance, OpenAccount, Rejection, Replace, Submit, SubmitGroup};
pub use event::{
    Accepted, Amended, Arrived, Body, Ended, Event, Filled, Followed, HouseTrade, OrderRef, Refused, Replaced,
    Rescheduled, Ruled, RulesSet, Scripted, Then, Triggered,
};
pub use exchange::offered::{Offered, Offers};
pub use exchange::past::{Had, Missing, Moment};
pub use exchange::ruling::Ordered;
pub use exchange::standing::{AccountStanding, Balance, PositionStanding};
pub use exchange::{EXECUTE_AT_MOST, Exchange, Rules};
pub use fills::{Fill, FillFilter, FillsOf, Print, PrintsOf, Stretch};
pub use kept::{KeptChange, KeptChanges};
pub use market::book::{Book, PriceLevel, Resting, Side, Slot};
pub use market::built_in::built_in;
pub use market::by_hand::{AskedQuote, HandQuote, QuoteFault, Quoted};
pub use market::hours::Hours;
pub use market::house::{House, Offer};
pub use market::instrument::{
    Class, Instrument, InstrumentChange, InstrumentChanged, InvalidListing, Listing, Trading,
};
pub use market::matching::{Incoming, Next, SelfTrade, With};
pub use market::moving::{Awaited, Moves, Moving, Touch};
pub use market::quoting::Quoting;
pub use market::replay::{AskedRow, QuoteRow, ROWS_AT_MOST, RowFault, RowsChanged, RowsOf};
pub use market::steps::{begin_of_step, step_from};
pub use market::triggers::{Trail, Triggers, Waits};
pub use orders::group::{AskedGroup, Group, GroupClass, Legs, Loss, Role};
pub use orders::kin::Kin;
pub use orders::line::InLine;
pub use orders::order::{Bought, Order};
pub use orders::origin::{InvalidLabel, Label, Name, Origin};
pub use orders::reason_text::{InvalidReasonText, ReasonText};
pub use orders::state::{Happens, State, Status};
pub use orders::terms::{
    Amendment, Asked, AskedStop, Ending, First, OrderFault, OrderType, PriceOf, Progress, Rich, Terms, TimeInForce,
};
pub use reads::{
    ChangeFilter, Changes, Direction, Found, Lost, Named, OpenOrders, OrderFilter, Page, PageOf, PageStart,
};
pub use rules::conditions::{Conditions, Looked, OrderKind};
pub use rules::pattern::{Bound, Compares, Pattern, Probability};
pub use rules::rule::{Does, Fate, Pace, Parts, Plan, PutOff, Rule, Share, Way};
pub use rules::rulebook::{Counts, Judged, Noticed, Rulebook};
pub use sheets::{Leaf, Queue, Spread};
pub use told::Told;
pub use traces::{Known, Seek, Trace, TraceOf, Traces};
pub use values::{
    Decimal, Draws, InvalidDecimal, InvalidQuantity, InvalidSymbol, Money, Number, OrderId, Quantity, Seq, Step,
    Symbol, Time,
};
