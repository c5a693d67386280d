//! What a venue can be asked, and what it replies: plain data. How it is answered stands in `order_book/answers.rs`,
//! and of what the OrderBook no longer holds in `venue.rs`.

mod accounts;
mod clock;
mod market;
mod rules;

use std::sync::Arc;

use tradepit_engine::{
    AccountNumber, Act, Amendment, Asked, AskedGroup, ChangeFilter, Command, Decimal, Direction, FillFilter, Label,
    Name, Number, Order, OrderFilter, OrderId, Origin, Quantity, Rejection, Seq, Symbol, Time, Transferred,
};

pub use accounts::{Moments, ReadActivities, ReadHistory};
pub(crate) use accounts::{ReadHad, ReadTrace, TakeBack, Value, Valued};
pub(crate) use clock::ReadClock;
pub use clock::{Advance, Advanced, CannotAdvance, ClockStanding, RunClock};
pub use market::{
    AppendRows, BarsTold, ChangeInstrument, DropRows, ListInstrument, ReadBars, ReadInstruments, ReadOffered, ReadRows,
    ReadTrades, SetQuote, Trade, TradeId, Which,
};
pub(crate) use rules::ReadRules;
pub use rules::SetRules;

/// Which of the two delay models an order asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    /// The ordinary one.
    Usual,
    /// The long one (`long_pending`).
    Long,
}

/// Accept a new order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submit {
    /// What is ordered.
    pub symbol: Symbol,
    /// How much of it.
    pub quantity: Quantity,
    /// How long it shall wait.
    pub delay: Delay,
    /// Under which names.
    pub origin: Option<Arc<Origin>>,
    /// What is asked for beside, where this is no native order: few are, and they alone carry it.
    pub asked: Option<Box<Asked>>,
    /// And of its legs, where it has some.
    pub group: Option<Box<AskedGroup>>,
}

/// Place an order in place of one that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replace {
    /// Of which order.
    pub id: OrderId,
    /// What it shall have otherwise.
    pub amendment: Amendment,
    /// How much, rounded up to whole ones, where that is said.
    pub quantity: Option<Quantity>,
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

/// Cancel open orders: the next few of those that match.
#[derive(Clone, Copy, Debug)]
pub struct CancelOpen {
    /// Which orders count; of each whether it is open is looked at.
    pub filter: OrderFilter,
    /// Where the piece before this one ended; 0 at first.
    pub after: Number,
    /// The newest order that counts: what is placed meanwhile stays. At first all.
    pub upto: Option<Number>,
}

/// A piece of the orders that were cancelled.
#[derive(Clone, Debug)]
pub struct CancelledOpen {
    /// Those that were, oldest first; each with whether that is decided, for a rule may let it take its time.
    pub ids: Vec<(OrderId, bool)>,
    /// Where to go on; `None` at the end.
    pub next: Option<CancelOpen>,
}

/// Ask for something else of an order that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amend {
    /// Which order.
    pub id: OrderId,
    /// What shall be otherwise.
    pub amendment: Amendment,
    /// How much in all, rounded up to whole ones, where that shall be otherwise.
    pub quantity: Option<Quantity>,
}

/// Make something happen to an order that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActOn {
    /// Which order.
    pub id: OrderId,
    /// What.
    pub act: Act,
}

/// One order, as it stands now.
#[derive(Clone, Copy, Debug)]
pub struct Find(pub OrderId);

/// One order, as it stands now, and its newest fills.
#[derive(Clone, Copy, Debug)]
pub struct FindFilled {
    /// Which order.
    pub id: OrderId,
    /// At most so many fills.
    pub at_most: usize,
}

/// Fills.
#[derive(Clone, Copy, Debug)]
pub struct ReadFills {
    /// Only those of this order.
    pub order: Option<OrderId>,
    /// Which fills count.
    pub filter: FillFilter,
    /// The change before the first one wanted, as the list goes; from where that begins where none is said.
    pub after: Option<Number>,
    /// In which order they come.
    pub direction: Direction,
    /// How many are wanted.
    pub limit: usize,
}

/// The order of a name, as it stands now.
#[derive(Clone, Debug)]
pub struct FindNamed(pub Name);

/// Something to be done, beside others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Accept a new order.
    Place(Submit),
    /// Ask for something else of an order that is open.
    Amend(Amend),
    /// Accept a new order in place of one that is open.
    Replace(Replace),
    /// Cancel an order that is pending.
    Cancel(OrderId),
}

impl Deed {
    /// The order that it is done to, where that is there already.
    pub(crate) fn of(&self) -> Option<OrderId> {
        match self {
            Deed::Place(_) => None,
            Deed::Amend(Amend { id, .. }) | Deed::Replace(Replace { id, .. }) | Deed::Cancel(id) => Some(*id),
        }
    }
}

/// Do these in one turn, in order, each on its own.
#[derive(Clone, Debug)]
pub struct DoTogether {
    /// Nothing is done in the place of one that could not be read.
    pub deeds: Vec<Option<Deed>>,
    /// Under which name all of it is asked, so that it can be asked again.
    pub key: Option<Label>,
}

/// What became of all.
#[derive(Clone, Debug)]
pub enum DoneTogether {
    /// Each was done.
    Done {
        /// What became of each, in order.
        done: Vec<Done>,
        /// Whether that was before, and nothing was done now.
        again: bool,
    },
    /// Under this key something else was asked.
    KeyTaken,
}

/// What became of one of them.
#[derive(Clone, Debug)]
pub enum Done {
    /// See [`crate::Venue::place`].
    Placed(Result<Placed, Rejection>),
    /// See [`crate::Venue::replace`].
    Replaced(Result<Placed, Rejection>),
    /// See [`crate::Venue::amend`].
    Amended(Result<Order, Rejection>),
    /// See [`crate::Venue::cancel`].
    Cancelled(bool),
    /// It could not be read.
    Nothing,
}

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

/// The next piece of the kept changes after `after`, each with its order as that stood then.
#[derive(Clone, Copy, Debug)]
pub struct ReadKept {
    /// The change before the first one wanted.
    pub after: Number,
}

/// After which change those come that clients count from after this one on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LocateSeq(pub(crate) Seq);

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

/// Open an account.
#[derive(Clone, Debug)]
pub struct OpenAccount(pub tradepit_engine::OpenAccount);

/// Let money come in from outside, or go out.
#[derive(Clone, Copy, Debug)]
pub struct Transfer(pub Transferred);

/// What a command would be refused for, if it were given now; nothing is done.
#[derive(Clone, Debug)]
pub struct Would(pub Command);

/// Which accounts.
#[derive(Clone, Copy, Debug)]
pub enum WhichAccount {
    /// The one of this number.
    One(AccountNumber),
    /// So many, in the order in which they were opened.
    Page {
        /// After this one; from the first on where none is said.
        after: Option<AccountNumber>,
        /// At most so many.
        limit: usize,
    },
}

/// How accounts stand.
#[derive(Clone, Copy, Debug)]
pub struct ReadAccounts(pub WhichAccount);

/// Which positions of an account: none that is flat.
#[derive(Clone, Copy, Debug)]
pub enum WhichPositions {
    /// The one in the instrument of this symbol.
    One(Symbol),
    /// So many, in the order in which instruments were listed.
    Page {
        /// After the one in this; from the first on where none is said.
        after: Option<Symbol>,
        /// At most so many.
        limit: usize,
    },
}

/// How positions stand.
#[derive(Clone, Copy, Debug)]
pub struct ReadPositions {
    /// Of this account.
    pub account: AccountNumber,
    /// These.
    pub which: WhichPositions,
}

/// Close a position, or a part of it, at any price.
#[derive(Clone, Copy, Debug)]
pub struct ClosePosition {
    /// Of this account.
    pub account: AccountNumber,
    /// In the instrument of this symbol.
    pub symbol: Symbol,
    /// How much of it; all where nothing is said.
    pub qty: Option<Decimal>,
}

/// What became of a position that shall be closed.
#[derive(Clone, Debug)]
pub enum Closing {
    /// This order closes it.
    Closes(Box<Order>),
    /// There is none.
    Flat,
    /// It is less than shall be closed, or that is no multiple of the lot.
    Beyond,
    /// The order was refused.
    Rejected(Rejection),
}

/// Some of what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<T> {
    /// One for each instrument.
    pub items: Vec<T>,
    /// Whether there are more.
    pub has_more: bool,
}

impl<T> Piece<T> {
    /// The first of these, at most so many.
    pub(crate) fn cut(mut items: Vec<T>, limit: usize) -> Piece<T> {
        let has_more = items.len() > limit;
        items.truncate(limit);
        Piece { items, has_more }
    }

    /// What each of them becomes.
    pub(crate) fn map<U>(self, into: impl FnMut(T) -> U) -> Piece<U> {
        Piece { items: self.items.into_iter().map(into).collect(), has_more: self.has_more }
    }
}

/// Compare the venue's clock with the machine's: where it is behind by the slack or more, it is set forward.
#[derive(Clone, Copy, Debug)]
pub struct Compare {
    /// Reads the machine's clock.
    pub machine: fn() -> Time,
    /// Clocks that differ by less agree.
    pub slack_us: i64,
}
