//! What a rich order asks for beside symbol and quantity, and how far it got.
//!
//! A native order is a market order to buy a whole quantity, good till cancelled: nothing here is kept of it, unless it
//! trades in more than one piece.

use super::kin::Kin;
use crate::accounts::clearing::Clearing;
use crate::accounts::ledger::AccountNumber;
use crate::market::book::Side;
use crate::market::triggers::{Trail, Waits};
use crate::values::{Decimal, Money, Number, Quantity, Step, Time};

/// Of what type an order is, with the prices of that type in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderType {
    /// It takes what there is, at any price.
    Market,
    /// It takes what there is, at any price, up to this sum of the quote currency. How much that is, it knows when it
    /// arrives.
    Notional {
        /// All that it comes to, fees apart.
        sum: Money,
    },
    /// It takes this price or a better one, and rests at it.
    Limit {
        /// In ticks.
        ticks: u64,
    },
    /// It waits for a price, and is a market order then.
    Stop {
        /// In ticks.
        stop: u64,
    },
    /// It waits for a price, and is a limit order then.
    StopLimit {
        /// The price that it waits for, in ticks.
        stop: u64,
        /// The worst price that it takes, in ticks.
        limit: u64,
    },
    /// It waits for a price that follows the market, and is a market order then.
    TrailingStop {
        /// How far behind the market that is.
        trail: Trail,
    },
}

impl OrderType {
    /// What it waits for before it trades, if it does.
    #[must_use]
    pub fn waits(self) -> Option<Waits> {
        match self {
            OrderType::Market | OrderType::Notional { .. } | OrderType::Limit { .. } => None,
            OrderType::Stop { stop } | OrderType::StopLimit { stop, .. } => Some(Waits::At(stop)),
            OrderType::TrailingStop { trail } => Some(Waits::Behind(trail)),
        }
    }
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

impl TimeInForce {
    /// Whether an order that asks for this stands where it does not trade at once.
    #[must_use]
    pub fn stands(self) -> bool {
        match self {
            TimeInForce::GoodTillCancelled | TimeInForce::Day => true,
            TimeInForce::ImmediateOrCancel | TimeInForce::FillOrKill => false,
        }
    }
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
    /// How much, in lots; of a sum what it would buy at the quote of its acceptance, until it arrives.
    pub lots: u128,
    /// When it expires.
    pub expires_at: Option<Time>,
}

impl Terms {
    /// The worst price that it takes, in ticks; `None` for any.
    #[must_use]
    pub fn limit_ticks(&self) -> Option<u64> {
        match self.order_type {
            OrderType::Market
            | OrderType::Notional { .. }
            | OrderType::Stop { .. }
            | OrderType::TrailingStop { .. } => None,
            OrderType::Limit { ticks } | OrderType::StopLimit { limit: ticks, .. } => Some(ticks),
        }
    }

    /// The sum that it trades for, where it says that and no quantity.
    #[must_use]
    pub fn notional(&self) -> Option<Money> {
        match self.order_type {
            OrderType::Notional { sum } => Some(sum),
            _ => None,
        }
    }

    /// Whether what is left of it rests once it has traded.
    #[must_use]
    pub fn rests(&self) -> bool {
        self.time_in_force.stands() && self.limit_ticks().is_some()
    }
}

/// The same as a client asks for it: prices and quantities are not yet counted in an instrument's ticks and lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whose it is.
    pub account: AccountNumber,
    /// Which side it is on.
    pub side: Side,
    /// The worst price that it takes.
    pub limit_price: Option<Decimal>,
    /// What it waits for before it trades.
    pub stop: Option<AskedStop>,
    /// How long it stands.
    pub time_in_force: TimeInForce,
    /// Whether it is rejected rather than trade when it arrives.
    pub post_only: bool,
    /// How much; nothing where it says a sum.
    pub qty: Decimal,
    /// Up to which sum of the quote currency, instead.
    pub notional: Option<Money>,
}

/// What a client's order waits for before it trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedStop {
    /// This price.
    At(Decimal),
    /// A price that is so far behind the market.
    Behind(Decimal),
    /// A price that is so many hundredths of the market's behind it.
    BehindPercent(Decimal),
}

impl Asked {
    /// Whether a native order of this quantity asks for the same.
    #[must_use]
    pub fn is_native(&self, quantity: Quantity) -> bool {
        // Most have a price of their own, and are not looked at further.
        self.limit_price.is_none() && Asked::native(quantity).as_ref() == Some(self)
    }

    /// What a native order asks for.
    #[must_use]
    pub fn native(quantity: Quantity) -> Option<Asked> {
        let (account, side, time_in_force) = (Clearing::DEFAULT, Side::Buy, TimeInForce::GoodTillCancelled);
        let qty = Decimal::new(i128::from(quantity.get()), 0)?;
        Some(Asked {
            account,
            side,
            limit_price: None,
            stop: None,
            time_in_force,
            post_only: false,
            qty,
            notional: None,
        })
    }
}

/// What a client asks to be otherwise, of an order that is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amendment {
    /// How much in all: more than has traded.
    pub qty: Option<Decimal>,
    /// The limit price.
    pub limit_price: Option<Decimal>,
    /// What it waits for, where it does.
    pub stop: Option<AskedStop>,
    /// How long it stands.
    pub time_in_force: Option<TimeInForce>,
}

/// What a request has wrong that only its instrument can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderFault {
    /// A price is no multiple of the tick.
    PriceTick(PriceOf),
    /// A price is less than a tick, or more than the highest price.
    PriceRange(PriceOf),
    /// The percentage is not between 0 and 100, or has too many decimals.
    TrailPercent,
    /// The quantity is no multiple of the lot.
    QuantityLot,
    /// The quantity is less than the least, or more than the greatest of the instrument.
    QuantityRange,
    /// Only a market order says a sum, which is more than nothing, and it says no quantity.
    Notional,
    /// The quantity is no more than has traded.
    QuantityFilled,
    /// The order has no such price.
    No(PriceOf),
    /// The order was triggered: what it waited for is over.
    Triggered,
    /// What is at the exchange stands till cancelled, or for the day.
    TimeInForce,
    /// The order is not to trade when it comes to the exchange, and would.
    PostOnly,
    /// No group has such orders.
    Group,
    /// The quantity follows from the other orders of the group.
    QuantityOfGroup,
    /// The quantity is more than is left.
    QuantityLeft,
    /// The order does not take this price.
    PriceBeyond,
}

/// Which of an order's prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceOf {
    /// The worst that it takes.
    Limit,
    /// The one that it waits for.
    Stop,
    /// How far that is behind the market.
    Trail,
    /// Where the leg of a group takes a profit.
    TakeProfit,
    /// Where the leg of a group stops a loss.
    LossStop,
    /// The worst that this one takes then.
    LossLimit,
    /// The one at which it shall be filled by hand.
    Fill,
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
    /// Whether what it waited for came about.
    pub triggered: bool,
    /// How far the market has gone for it, in ticks, where it trails that.
    pub mark: Option<u64>,
}

impl Progress {
    /// That of an order which was accepted then.
    #[must_use]
    pub fn accepted(at: Time) -> Progress {
        Progress {
            filled: 0,
            cost: Money::ZERO,
            arrived_at: None,
            updated_at: at,
            line: None,
            ending: None,
            triggered: false,
            mark: None,
        }
    }
}

/// Why an order ended without being filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// Its client cancelled it.
    Client,
    /// Its client placed another one in its place.
    Replaced,
    /// It was to trade at once, and no more could.
    ImmediateOrCancel,
    /// It was to trade whole or not at all, and could not.
    FillOrKill,
    /// It met an order of its own account.
    SelfTrade,
    /// Its account could not pay for more.
    InsufficientBuyingPower,
    /// It takes any price, and nobody offered more.
    NoLiquidity,
    /// Its time ended.
    Expired,
    /// It was not to trade when it arrived, and would have.
    PostOnly,
    /// Another order of its group ended it.
    Group,
    /// It was to trade at once, and its instrument does not trade.
    NotTrading,
    /// Somebody, or a rule, made it end.
    Script,
    /// The exchange did not take it, since somebody, or a rule, wanted that.
    Refused,
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
    /// Which other orders it has to do with.
    pub kin: Kin,
}

impl Rich {
    /// That of a plain order: of which account, and what it asks for, is to be written.
    pub(crate) fn blank(tick: Step, lot: Step) -> Rich {
        let (side, time_in_force, post_only) = (Side::Buy, TimeInForce::GoodTillCancelled, false);
        let (order_type, lots, expires_at) = (OrderType::Market, 0, None);
        let terms = Terms { side, order_type, time_in_force, post_only, lots, expires_at };
        let (account, progress) = (Clearing::DEFAULT, Progress::accepted(Time(0)));
        Rich { account, tick, lot, terms, progress, first: None, kin: Kin::NONE }
    }

    /// It is a plain order that asks for this, and is so far.
    #[inline]
    pub(crate) fn write_plain(
        &mut self,
        (account, tick, lot): (AccountNumber, Step, Step),
        terms: Terms,
        progress: Progress,
    ) {
        (self.account, self.tick, self.lot) = (account, tick, lot);
        (self.terms, self.progress) = (terms, progress);
        if !self.kin.is_none() {
            self.kin = Kin::NONE;
        }
    }
}
