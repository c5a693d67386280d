//! What can be asked of the exchange, and how it can refuse.

use std::sync::Arc;

use crate::accounts::account::{AccountId, AccountKind, Transferred};
use crate::market::by_hand::{AskedQuote, QuoteFault};
use crate::market::hours::Hours;
use crate::market::instrument::{InstrumentChange, InvalidListing, Listing};
use crate::market::matching::SelfTrade;
use crate::market::replay::{AskedRow, RowFault};
use crate::orders::group::AskedGroup;
use crate::orders::origin::{Name, Origin};
use crate::orders::reason_text::ReasonText;
use crate::orders::terms::{Amendment, Asked, OrderFault};
use crate::rules::rule::Rule;
use crate::values::{Decimal, Money, Number, OrderId, Quantity, Symbol};

/// The whole of what can be asked, in the imperative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Accept a new order.
    Submit(Submit),
    /// Accept a new order, and the legs that it has.
    SubmitGroup(Box<SubmitGroup>),
    /// Cancel an order that is still pending; a closed one stays as it is.
    Cancel {
        /// Which order: the change that accepted it.
        accepted_number: Number,
    },
    /// Ask for something else of an order that is open.
    Amend {
        /// Which order: the change that accepted it.
        accepted_number: Number,
        /// What shall be otherwise.
        amendment: Amendment,
        /// How much in all, rounded up to whole ones, where that shall be otherwise.
        quantity: Option<Quantity>,
    },
    /// Place another order in place of one that is open.
    Replace(Replace),
    /// Make something happen to an order that is open.
    Act {
        /// Which order: the change that accepted it.
        accepted_number: Number,
        /// What.
        act: Act,
    },
    /// List an instrument.
    List {
        /// What it is.
        listing: Box<Listing>,
        /// When it trades, where that is said; else as others of its class.
        hours: Option<Hours>,
    },
    /// Let an instrument be otherwise: whether it trades, what that costs, who may sell.
    ChangeInstrument {
        /// Which one.
        symbol: Symbol,
        /// What of it.
        change: InstrumentChange,
    },
    /// Set what the house quotes in an instrument, in place of what it quotes by itself.
    Quote {
        /// In which.
        symbol: Symbol,
        /// What; `None` takes back what was set.
        quote: Option<AskedQuote>,
    },
    /// Append rows of quotes to those of an instrument; each stands in place of what the house quotes from its time on.
    AppendRows {
        /// In which.
        symbol: Symbol,
        /// What, rising by time.
        rows: Vec<AskedRow>,
    },
    /// Drop all rows of an instrument.
    DropRows {
        /// Of which.
        symbol: Symbol,
    },
    /// Amend, or replace, as was asked before and put off: it is decided now.
    Decided(Box<Command>),
    /// Open an account.
    OpenAccount(OpenAccount),
    /// Let money come in from outside, or go out.
    Transfer(Transferred),
    /// Have these rules, in place of all there are: whatever they counted is forgotten, also where they are the same.
    SetRules {
        /// The rules: at most [`Rule::AT_MOST`].
        rules: Arc<[Rule]>,
        /// What their chance follows from.
        seed: u64,
    },
    /// Do what is due by now, earliest first: at most [`crate::EXECUTE_AT_MOST`] native orders at a time, or as much of
    /// one that trades in pieces. While one does, this is asked before anything is cancelled or amended: all its pieces
    /// are one trade with what was there when it came.
    ExecuteDue,
}

/// A new order, to reach the exchange `delay_us` microseconds from now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submit {
    /// The new order's identity; the caller sees to it that none is used twice.
    pub id: OrderId,
    /// What is ordered.
    pub symbol: Symbol,
    /// How much of it, rounded up to whole ones.
    pub quantity: Quantity,
    /// Microseconds from acceptance to arrival.
    pub delay_us: u64,
    /// Under which names: an order that has one of them already is never placed again.
    pub origin: Option<Arc<Origin>>,
    /// What is asked for beside. Without it this is a native order.
    pub asked: Option<Asked>,
}

/// A new order with others that hang on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmitGroup {
    /// The identity of the order that is placed; the caller sees to it that none is used twice.
    pub id: OrderId,
    /// Those of the legs, as many as there are: the one that takes a profit comes first.
    pub legs: [OrderId; 2],
    /// What is ordered.
    pub symbol: Symbol,
    /// How much of it, rounded up to whole ones.
    pub quantity: Quantity,
    /// Microseconds from acceptance to arrival.
    pub delay_us: u64,
    /// Under which names the order is placed; its legs have none.
    pub origin: Option<Arc<Origin>>,
    /// What is asked for.
    pub asked: Asked,
    /// And of the others.
    pub group: AskedGroup,
}

/// A new order in place of one that is open. It has no delay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replace {
    /// In place of which: the change that accepted it.
    pub accepted_number: Number,
    /// The new order's identity; the caller sees to it that none is used twice.
    pub id: OrderId,
    /// What it shall have otherwise. Its quantity is its own; what was left of the old one where nothing is said.
    pub amendment: Amendment,
    /// How much, rounded up to whole ones, where that is said.
    pub quantity: Option<Quantity>,
    /// Under which names.
    pub origin: Option<Arc<Origin>>,
}

/// What is made to happen to an order, in place of what would by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// It reaches the exchange now.
    Arrive,
    /// The house trades with it.
    Fill {
        /// How much; all that is left where nothing is said.
        qty: Option<Decimal>,
        /// At which price; where nothing is said, the worst that it takes, and where it takes any, the best price of
        /// the other side.
        price: Option<Decimal>,
    },
    /// The exchange does not take it.
    Reject {
        /// Why, in words.
        text: Option<ReasonText>,
    },
    /// It is cancelled, and not by its client.
    Cancel,
    /// Its time ends.
    Expire,
    /// It stays on its way until another act.
    Hold,
    /// One that is held so reaches the exchange now.
    Release,
}

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAccount {
    /// By what it shall be known; without it, by a name that nothing has.
    pub id: Option<AccountId>,
    /// What it may borrow.
    pub kind: AccountKind,
    /// In which currency it is told what it is worth.
    pub currency: Symbol,
    /// How many times its equity its positions may be: 1 to [`OpenAccount::MOST_LEVERAGE`].
    pub leverage: Decimal,
    /// What becomes of an order of it that meets another one of it.
    pub self_trade: SelfTrade,
    /// What it begins with, each currency once, none below zero.
    pub cash: Vec<(Symbol, Money)>,
}

impl OpenAccount {
    /// The most times its equity that an account's positions may be.
    pub const MOST_LEVERAGE: u8 = 100;
}

/// What a new account, or a transfer, has wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountFault {
    /// The name is one of the house's.
    Reserved,
    /// The account's own currency is unknown, or nothing leads from others to it.
    Currency,
    /// A currency is unknown, or worth nothing in the account's own.
    CashCurrency(Symbol),
    /// An amount is below zero.
    CashAmount(Symbol),
    /// The leverage is not from 1 to the most there may be, or not 1 where nothing is borrowed.
    Leverage,
    /// An amount of nothing.
    Amount,
}

/// Where an order stands, that this cannot be made to happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// It has not reached the exchange.
    NotArrived,
    /// It has, or waits outside the book since it came.
    HasArrived,
    /// It is a leg that waits for its parent.
    WaitsForParent,
    /// It waits for a price.
    WaitsForPrice,
    /// Its instrument does not trade.
    NotTrading,
    /// It is on its way, and no act holds it.
    NotOnHold,
    /// Something was asked of it that is not yet decided.
    Undecided,
}

/// Why a command was refused: a fact, in the order in which the checks are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The exchange holds no order that this change accepted.
    UnknownOrder,
    /// An order of one of its names is held, and it is the same order: the request was sent twice. The change that
    /// accepted it.
    AlreadyPlaced(Number),
    /// An order of one of its names is held, and it is another one.
    NameTaken(Name),
    /// The order is closed: nothing of it can be otherwise.
    OrderClosed,
    /// The order is open, and stands so that this cannot happen to it.
    Hindered(Hindrance),
    /// No instrument has this symbol, and the order is no native one, which would list it.
    UnknownSymbol,
    /// What the instrument does not allow: all of it.
    Faulty(Vec<OrderFault>),
    /// What the instrument does not allow of a quote: all of it.
    FaultyQuote(Vec<QuoteFault>),
    /// What is wrong with rows of quotes: all of it, each with how many rows are before it.
    FaultyRows(Vec<(usize, RowFault)>),
    /// The instrument would have more rows than there may be.
    TooManyRows,
    /// What an instrument that shall be listed, or be otherwise, has wrong: all of it.
    FaultyListing(Vec<InvalidListing>),
    /// An instrument has this symbol already.
    AlreadyListed,
    /// What an account, or a transfer, has wrong: all of it.
    AccountFaulty(Vec<AccountFault>),
    /// There is no account of this number, or it takes no orders.
    UnknownAccount,
    /// An account has this name already.
    AccountTaken,
    /// There are as many accounts as there may be.
    TooManyAccounts,
    /// The instrument takes no orders, but native ones.
    InstrumentClosed,
    /// Nothing leads from the instrument's currency to that of the account.
    NoConversion,
    /// The account has not what is to be sold, and this instrument is sold by whoever has it.
    ShortNotAllowed,
    /// The account cannot pay for it.
    InsufficientBuyingPower,
    /// At the highest price it, and all open orders, could come to more than is counted.
    OutOfRange,
    /// A rule refuses it, for this reason.
    Ruled(ReasonText),
    /// The exchange holds as many orders as it may, and all of them are open.
    BookFull,
    /// The symbol is unknown, and no more may be listed.
    TooManyInstruments,
}

impl Rejection {
    /// Whether the same command can succeed later without anybody changing it.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Rejection::BookFull
            | Rejection::OutOfRange
            | Rejection::ShortNotAllowed
            | Rejection::InstrumentClosed
            | Rejection::Hindered(_)
            | Rejection::InsufficientBuyingPower
            | Rejection::Ruled(_) => true,
            Rejection::UnknownOrder
            | Rejection::AlreadyPlaced(_)
            | Rejection::NameTaken(_)
            | Rejection::OrderClosed
            | Rejection::UnknownSymbol
            | Rejection::Faulty(_)
            | Rejection::FaultyQuote(_)
            | Rejection::FaultyRows(_)
            | Rejection::TooManyRows
            | Rejection::FaultyListing(_)
            | Rejection::AlreadyListed
            | Rejection::AccountFaulty(_)
            | Rejection::UnknownAccount
            | Rejection::AccountTaken
            | Rejection::TooManyAccounts
            | Rejection::NoConversion
            | Rejection::TooManyInstruments => false,
        }
    }
}
