//! What a venue can be asked, and what it replies: plain data. How it is answered stands in `order_book/answers.rs`,
//! and of what the OrderBook no longer holds in `venue.rs`.

use std::sync::Arc;

use tradepit_engine::{
    ChangeFilter, Direction, Name, Number, Order, OrderFilter, OrderId, Origin, Quantity, Symbol, Time,
};

/// Which of the two delay models an order asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    /// The ordinary one.
    Usual,
    /// The long one (`long_pending`).
    Long,
}

/// Accept a new order.
#[derive(Clone, Debug)]
pub struct Submit {
    /// What is ordered.
    pub symbol: Symbol,
    /// How much of it.
    pub quantity: Quantity,
    /// How long it shall wait.
    pub delay: Delay,
    /// Under which names.
    pub origin: Option<Arc<Origin>>,
}

/// What became of a new order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    /// It was accepted.
    New(Order),
    /// It had been accepted before, under the same name; this is how it stood then.
    Again(Order),
}

/// Cancel an order that is pending; leave a closed one as it is.
#[derive(Clone, Copy, Debug)]
pub struct Cancel(pub OrderId);

/// One order, as it stands now.
#[derive(Clone, Copy, Debug)]
pub struct Find(pub OrderId);

/// The order of a name, as it stands now.
#[derive(Clone, Debug)]
pub struct FindNamed(pub Name);

/// Where a list starts.
#[derive(Clone, Copy, Debug)]
pub enum Start {
    /// At the oldest order, or the newest, as the list's direction is.
    First,
    /// After this order, in that direction.
    After(OrderId),
    /// After the order that this change accepted: where an earlier piece ended.
    At(Number),
}

/// The orders that match.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// Where to start.
    pub start: Start,
    /// Which orders count.
    pub filter: OrderFilter,
    /// How many are wanted.
    pub limit: usize,
    /// In which order they come.
    pub direction: Direction,
}

/// Some orders of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Those asked for.
    pub orders: Vec<Order>,
    /// Whether more of them match.
    pub has_more: bool,
}

/// The next piece of the changes after `after`.
#[derive(Clone, Copy, Debug)]
pub struct ReadChanges {
    /// The change before the first one wanted.
    pub after: Number,
    /// Which changes count.
    pub filter: ChangeFilter,
}

/// The next piece of the orders that were open right after the change `as_of`.
#[derive(Clone, Copy, Debug)]
pub struct ReadOpenOrders {
    /// The change in question.
    pub as_of: Number,
    /// Where the piece before this one ended; 0 at first.
    pub after: Number,
    /// Which orders count.
    pub filter: ChangeFilter,
}

/// Compare the venue's clock with the machine's: where it is behind by the slack or more, it is set forward.
#[derive(Clone, Copy, Debug)]
pub struct Compare {
    /// Reads the machine's clock.
    pub machine: fn() -> Time,
    /// Clocks that differ by less agree.
    pub slack_us: i64,
}

/// Let a virtual clock go on to this time, from one due time to the next: everything that falls due on the way happens,
/// each at its own time, in order.
#[derive(Clone, Copy, Debug)]
pub struct Advance {
    /// Until when.
    pub to: Time,
}

/// Why a clock does not advance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotAdvance {
    /// It is real: it runs by itself.
    RealClock,
    /// It shows this time already, and time never goes back.
    Backwards(Time),
}
