//! The state machine of an order: one table.

use std::fmt;

use super::terms::Ending;

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// On its way to the exchange.
    Accepted,
    /// A leg that waits for its parent.
    Held,
    /// At the exchange, and nothing of it has traded.
    New,
    /// At the exchange, and a part of it has traded.
    PartiallyFilled,
    /// All of it has traded.
    Filled,
    /// It was cancelled, by its client or by its own terms.
    Cancelled,
    /// Its time ended.
    Expired,
    /// The exchange did not take it when it arrived.
    Rejected,
    /// Another order stands in its place.
    Replaced,
}

/// What befalls an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happens {
    /// It reached the exchange.
    Arrives,
    /// A part of it traded, and some is left.
    Trades,
    /// All that was left of it traded.
    Fills,
    /// It reached the exchange, and all of it traded there at once.
    ArrivesAndFills,
    /// It ended without being filled.
    Ends(Ending),
    /// It reached the exchange again, where a part of it had traded.
    Returns,
    /// Its client asks for something else now.
    Amends,
    /// The same, and it waits outside the book until its instrument trades.
    Waits,
    /// The price came about that it waited for.
    Triggers,
    /// It is on its way otherwise: it arrives at another time, or waits for an act.
    Reschedules,
}

/// What everybody knows of an order: the three words of the native contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It may still trade.
    Pending,
    /// All of it traded.
    Executed,
    /// It ended otherwise.
    Cancelled,
}

impl State {
    /// All there are.
    pub const ALL: [State; 9] = [
        State::Accepted,
        State::Held,
        State::New,
        State::PartiallyFilled,
        State::Filled,
        State::Cancelled,
        State::Expired,
        State::Rejected,
        State::Replaced,
    ];

    /// The state after this happened; `None` where it cannot happen in this state.
    #[must_use]
    #[inline]
    pub fn after(self, what: Happens) -> Option<State> {
        #[rustfmt::skip]
        let next = match (self, what) {
            (State::Accepted,        Happens::Arrives)               => Some(State::New),
            (State::Accepted,        Happens::ArrivesAndFills)       => Some(State::Filled),
            (State::Accepted,        Happens::Trades | Happens::Fills | Happens::Triggers) => None,
            (State::Accepted,        Happens::Ends(ending))          => Some(ending.state()),
            (State::Accepted,        Happens::Amends | Happens::Waits | Happens::Reschedules) => Some(State::Accepted),
            (State::Accepted,        Happens::Returns)               => Some(State::PartiallyFilled),
            (State::Held,            Happens::Arrives)               => Some(State::New),
            (State::Held,            Happens::Ends(ending))          => Some(ending.state()),
            (State::Held,            Happens::Amends)                => Some(State::Held),
            (
                State::Held,
                Happens::Trades
                | Happens::Fills
                | Happens::ArrivesAndFills
                | Happens::Triggers
                | Happens::Waits
                | Happens::Returns
                | Happens::Reschedules,
            ) => None,
            (State::New,             Happens::Trades)                => Some(State::PartiallyFilled),
            (State::New,             Happens::Fills)                 => Some(State::Filled),
            (State::New,             Happens::Ends(ending))          => Some(ending.state()),
            (State::New,             Happens::Amends | Happens::Triggers) => Some(State::New),
            (State::New,             Happens::Waits)                 => Some(State::Accepted),
            (
                State::New,
                Happens::Arrives | Happens::Returns | Happens::ArrivesAndFills | Happens::Reschedules,
            ) => None,
            (State::PartiallyFilled, Happens::Trades)                => Some(State::PartiallyFilled),
            (State::PartiallyFilled, Happens::Fills)                 => Some(State::Filled),
            (State::PartiallyFilled, Happens::Ends(ending))          => Some(ending.state()),
            (State::PartiallyFilled, Happens::Amends)                => Some(State::PartiallyFilled),
            (State::PartiallyFilled, Happens::Waits)                 => Some(State::Accepted),
            (
                State::PartiallyFilled,
                Happens::Arrives
                | Happens::Returns
                | Happens::ArrivesAndFills
                | Happens::Triggers
                | Happens::Reschedules,
            ) => None,
            (
                State::Filled | State::Cancelled | State::Expired | State::Rejected | State::Replaced,
                _,
            ) => None,
        };
        next
    }

    /// What the native contract calls it.
    #[must_use]
    pub fn status(self) -> Status {
        match self {
            State::Accepted | State::Held | State::New | State::PartiallyFilled => Status::Pending,
            State::Filled => Status::Executed,
            State::Cancelled | State::Expired | State::Rejected | State::Replaced => Status::Cancelled,
        }
    }

    /// Whether nothing happens to the order any more.
    #[must_use]
    pub fn is_closed(self) -> bool {
        self.status() != Status::Pending
    }

    /// Its name to clients.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Accepted => "accepted",
            State::Held => "held",
            State::New => "new",
            State::PartiallyFilled => "partially_filled",
            State::Filled => "filled",
            State::Cancelled => "canceled",
            State::Expired => "expired",
            State::Rejected => "rejected",
            State::Replaced => "replaced",
        }
    }
}

impl Ending {
    /// The state of an order that ended so.
    #[must_use]
    pub fn state(self) -> State {
        match self {
            Ending::Client
            | Ending::ImmediateOrCancel
            | Ending::FillOrKill
            | Ending::SelfTrade
            | Ending::InsufficientBuyingPower
            | Ending::NoLiquidity
            | Ending::NotTrading
            | Ending::Script
            | Ending::Group => State::Cancelled,
            Ending::Expired => State::Expired,
            Ending::PostOnly | Ending::Refused => State::Rejected,
            Ending::Replaced => State::Replaced,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
