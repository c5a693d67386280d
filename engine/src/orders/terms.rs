//! What a rich order asks for beside symbol and quantity, and how far it got.
//!
//! A native order is a market order to buy a whole quantity, good till cancelled: nothing here is kept of it, unless it
//! trades in more than one piece.

use crate::accounts::ledger::AccountNumber;
use crate::market::book::Side;
use crate::values::{Decimal, Money, Number, Quantity, Step, Time};

/// Of what type an order is, with the prices of that type in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderType {
    /// It takes what there is, at any price.
    Market,
    /// It takes this price or a better one, and rests at it.
    Limit {
        /// In ticks.
        ticks: u64,
    },
}

/// How long an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeInForce {
    /// Until it is cancelled.
    GoodTillCancelled,
    /// Until the end of the day.
    Day,
    /// What does not trade at once is cancelled.
    ImmediateOrCancel,
    /// All of it trades at once, or nothing does.
    FillOrKill,
}

/// What a rich order asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Terms {
    /// Which side it is on.
    pub side: Side,
    /// Of what type it is.
    pub order_type: OrderType,
    /// How long it stands.
    pub time_in_force: TimeInForce,
    /// Whether it is rejected rather than trade when it arrives.
    pub post_only: bool,
    /// How much, in lots.
    pub lots: u128,
    /// When it expires.
    pub expires_at: Option<Time>,
}

impl Terms {
    /// The worst price that it takes, in ticks; `None` for any.
    #[must_use]
    pub fn limit_ticks(&self) -> Option<u64> {
        match self.order_type {
            OrderType::Market => None,
            OrderType::Limit { ticks } => Some(ticks),
        }
    }

    /// Whether what is left of it rests once it has traded.
    #[must_use]
    pub fn rests(&self) -> bool {
        let stays = match self.time_in_force {
            TimeInForce::GoodTillCancelled | TimeInForce::Day => true,
            TimeInForce::ImmediateOrCancel | TimeInForce::FillOrKill => false,
        };
        stays && self.limit_ticks().is_some()
    }
}

/// The same as a client asks for it: prices and quantities are not yet counted in an instrument's ticks and lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Which side it is on.
    pub side: Side,
    /// The price of a limit order; without one it is a market order.
    pub limit_price: Option<Decimal>,
    /// How long it stands.
    pub time_in_force: TimeInForce,
    /// Whether it is rejected rather than trade when it arrives.
    pub post_only: bool,
    /// How much.
    pub qty: Decimal,
}

impl Asked {
    /// What a native order asks for.
    #[must_use]
    pub fn native(quantity: Quantity) -> Option<Asked> {
        let (side, time_in_force) = (Side::Buy, TimeInForce::GoodTillCancelled);
        let qty = Decimal::new(i128::from(quantity.get()), 0)?;
        Some(Asked { side, limit_price: None, time_in_force, post_only: false, qty })
    }
}

/// What a client asks to be otherwise, of an order that is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amendment {
    /// How much in all: more than has traded.
    pub qty: Option<Decimal>,
    /// The limit price.
    pub limit_price: Option<Decimal>,
    /// How long it stands.
    pub time_in_force: Option<TimeInForce>,
}

/// What a request has wrong that only its instrument can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderFault {
    /// The limit price is no multiple of the tick.
    LimitPriceTick,
    /// The limit price is less than a tick, or more than the highest price.
    LimitPriceRange,
    /// The quantity is no multiple of the lot.
    QuantityLot,
    /// The quantity is less than the least, or more than the greatest of the instrument.
    QuantityRange,
    /// The quantity is no more than has traded.
    QuantityFilled,
    /// The order has no limit price.
    NoLimitPrice,
    /// What is at the exchange stands till cancelled, or for the day.
    TimeInForce,
    /// The order is not to trade when it comes to the exchange, and would.
    PostOnly,
}

/// How far a rich order got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Progress {
    /// How much of it traded, in lots.
    pub filled: u128,
    /// What that came to, before fees.
    pub cost: Money,
    /// When it reached the exchange.
    pub arrived_at: Option<Time>,
    /// When it last changed.
    pub updated_at: Time,
    /// The change since which it stands in line at its price, where it rests: of two, the lower one trades first.
    pub line: Option<Number>,
    /// Why it ended, where it did without being filled.
    pub ending: Option<Ending>,
}

impl Progress {
    /// That of an order which was accepted then.
    #[must_use]
    pub fn accepted(at: Time) -> Progress {
        Progress { filled: 0, cost: Money::ZERO, arrived_at: None, updated_at: at, line: None, ending: None }
    }
}

/// Why an order ended without being filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// Its client cancelled it.
    Client,
    /// It was to trade at once, and no more could.
    ImmediateOrCancel,
    /// It was to trade whole or not at all, and could not.
    FillOrKill,
    /// It met an order of its own account.
    SelfTrade,
    /// It takes any price, and nobody offered more.
    NoLiquidity,
    /// Its time ended.
    Expired,
    /// It was not to trade when it arrived, and would have.
    PostOnly,
}

/// What was asked for at first, of an order that was amended since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct First {
    /// How much, rounded up to whole ones.
    pub quantity: Quantity,
    /// What else.
    pub terms: Terms,
}

/// All of a rich order that a native one has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rich {
    /// Whose it is.
    pub account: AccountNumber,
    /// What its prices are multiples of.
    pub tick: Step,
    /// What its quantities are multiples of.
    pub lot: Step,
    /// What it asks for.
    pub terms: Terms,
    /// How far it got.
    pub progress: Progress,
    /// What it asked for at first, where that was something else.
    pub first: Option<First>,
}
