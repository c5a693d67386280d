//! Fills and trades as they are told, drawn from the events that tell of them; and what can be asked of them.

use crate::accounts::clearing::Clearing;
use crate::accounts::ledger::AccountNumber;
use crate::event::{Body, Event, OrderRef};
use crate::market::book::Side;
use crate::orders::order::Order;
use crate::reads::Direction;
use crate::values::{Decimal, Money, Number, Step, Symbol, Time};

/// One order's part in a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The order.
    pub order: OrderRef,
    /// Whose it is.
    pub account: AccountNumber,
    /// Which side it is on.
    pub side: Side,
    /// The trade, by the number of its first part.
    pub trade: Number,
    /// The change that it is.
    pub number: Number,
    /// When it happened.
    pub at: Time,
    /// The price, in ticks.
    pub ticks: u64,
    /// What prices are multiples of.
    pub tick: Step,
    /// How much; `None` where that has more digits than a decimal.
    pub qty: Option<Decimal>,
    /// Whether the order was there first.
    pub is_maker: bool,
    /// What its account paid beside.
    pub fee: Money,
}

/// A trade, as everybody is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Print {
    /// The number of its first part.
    pub trade: Number,
    /// What was traded.
    pub symbol: Symbol,
    /// When.
    pub at: Time,
    /// The price, in ticks.
    pub ticks: u64,
    /// What prices are multiples of.
    pub tick: Step,
    /// How much; `None` where that has more digits than a decimal.
    pub qty: Option<Decimal>,
    /// The side of whoever came later.
    pub side: Side,
}

impl Event {
    /// The fill that it tells of, if it does.
    #[must_use]
    pub fn fill(&self) -> Option<Fill> {
        let Event { number, at, .. } = *self;
        match &self.body {
            Body::Bought(trade) => Some(Fill {
                order: trade.order,
                account: Clearing::DEFAULT,
                side: Side::Buy,
                trade: number,
                number,
                at,
                ticks: trade.ticks,
                tick: trade.tick,
                qty: whole(trade.order),
                is_maker: false,
                fee: trade.fee,
            }),
            Body::Filled(filled) => Some(Fill {
                order: filled.order,
                account: filled.party.account,
                side: filled.side,
                trade: filled.trade,
                number,
                at,
                ticks: filled.ticks,
                tick: filled.tick,
                qty: filled.lot.times(filled.lots),
                is_maker: filled.is_maker,
                fee: filled.party.fee,
            }),
            Body::Accepted(_)
            | Body::Executed(_)
            | Body::Cancelled(_)
            | Body::Arrived(_)
            | Body::Ended(_)
            | Body::Replaced(_)
            | Body::Rescheduled(_)
            | Body::Scripted(_)
            | Body::Amended(_)
            | Body::Triggered(_)
            | Body::Followed(_)
            | Body::Listed(_)
            | Body::InstrumentChanged(_)
            | Body::Quoted(_)
            | Body::RowsChanged(_)
            | Body::AccountOpened(_)
            | Body::Transferred(_)
            | Body::RulesSet(_)
            | Body::Ruled(_)
            | Body::Refused(_) => None,
        }
    }

    /// The trade whose first part it tells of, if it does.
    #[must_use]
    pub fn print(&self) -> Option<Print> {
        self.fill().filter(|fill| fill.trade == fill.number).map(|fill| {
            let Fill { trade, order: OrderRef { symbol, .. }, at, ticks, tick, qty, side, .. } = fill;
            Print { trade, symbol, at, ticks, tick, qty, side }
        })
    }
}

impl Order {
    /// The one fill of a native order that bought all from the house.
    #[must_use]
    pub fn only_fill(&self) -> Option<Fill> {
        let (bought, at) = (self.bought?, self.closed_at?);
        let order = OrderRef::from(self);
        Some(Fill {
            order,
            account: self.account(),
            side: self.side(),
            trade: self.number,
            number: self.number,
            at,
            ticks: bought.ticks,
            tick: bought.tick,
            qty: whole(order),
            is_maker: false,
            fee: bought.fee,
        })
    }

    /// Whether it has fills that only the changes tell of.
    #[must_use]
    pub fn has_told_fills(&self) -> bool {
        self.rich.as_ref().is_some_and(|rich| rich.progress.filled > 0)
    }
}

fn whole(order: OrderRef) -> Option<Decimal> {
    Decimal::new(order.quantity.get().into(), 0)
}

/// Which fills are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FillFilter {
    /// Only those of the order that this change accepted.
    pub order: Option<Number>,
    /// Only those of this account.
    pub account: Option<AccountNumber>,
    /// Only those of this symbol.
    pub symbol: Option<Symbol>,
}

impl FillFilter {
    /// Whether this one is.
    #[must_use]
    pub fn matches(&self, fill: &Fill) -> bool {
        self.order.is_none_or(|accepted| accepted == fill.order.accepted_number)
            && self.account.is_none_or(|account| account == fill.account)
            && self.symbol.is_none_or(|symbol| symbol == fill.order.symbol)
    }
}

/// What a list of fills shall show.
#[derive(Clone, Copy, Debug)]
pub struct FillsOf {
    /// From after this change on, as the list goes …
    pub after: Number,
    /// … to this one.
    pub upto: Number,
    /// In which order they come.
    pub direction: Direction,
    /// Which fills count.
    pub filter: FillFilter,
    /// How many are wanted.
    pub limit: usize,
}

/// What a list of trades shall show, newest first.
#[derive(Clone, Copy, Debug)]
pub struct PrintsOf {
    /// From before this change on.
    pub before: Number,
    /// Only those before this time.
    pub until: Time,
    /// Of which symbol.
    pub symbol: Symbol,
    /// How many are wanted.
    pub limit: usize,
}

/// A piece of a list of what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch<T> {
    /// What matches, in the list's order.
    pub items: Vec<T>,
    /// Where to go on: after this change, or before it where the newest come first. `None` at the end.
    pub next: Option<Number>,
}
