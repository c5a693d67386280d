//! What happened, in the past tense: the numbered truth that everything else is drawn from.

mod about;

use std::sync::Arc;

use crate::accounts::account::{AccountOpened, Transferred};
use crate::accounts::clearing::Clearing;
use crate::accounts::ledger::{AccountNumber, Party};
use crate::market::book::Side;
use crate::market::by_hand::Quoted;
use crate::market::instrument::{InstrumentChanged, Listing};
use crate::market::replay::RowsChanged;
use crate::orders::line::InLine;
use crate::orders::origin::{Name, Origin};
use crate::orders::reason_text::ReasonText;
use crate::orders::state::{State, Status};
use crate::orders::terms::{Ending, Rich};
use crate::rules::rule::{Plan, Rule};
use crate::rules::rulebook::Noticed;
use crate::values::{Money, Number, OrderId, Quantity, Seq, Step, Symbol, Time};

/// Something that happened, once and for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number: the first is 1, each next one greater by as many changes as it tells of ([`Body::changes`]).
    pub number: Number,
    /// How many changes of status there were by then: this one too, if it is one.
    pub seq: Seq,
    /// When it happened.
    pub at: Time,
    /// What happened.
    pub body: Body,
}

/// What can happen, each kind with what it tells. Whoever reads events names every kind: one that is added is then
/// missed nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// An order was taken into the exchange.
    Accepted(Accepted),
    /// An order's delay was over, and it executed without a trade: so it was before there was a market.
    Executed(OrderRef),
    /// An order was cancelled by its client.
    Cancelled(OrderRef),
    /// A native order arrived and bought all of its quantity from the house, at one price: two changes told as one.
    Bought(HouseTrade),
    /// An order reached the exchange.
    Arrived(Arrived),
    /// An order traded.
    Filled(Box<Filled>),
    /// An order ended without being filled, by its own terms.
    Ended(Ended),
    /// An order asks for something else from now on.
    Amended(Box<Amended>),
    /// An order ended, and another one is accepted in its place.
    Replaced(Box<Replaced>),
    /// An order on its way arrives at another time from now on, or waits for an act.
    Rescheduled(Rescheduled),
    /// An order ended since somebody made it, by hand or by a rule.
    Scripted(Box<Scripted>),
    /// An instrument was listed.
    Listed(Box<Listing>),
    /// An instrument is otherwise from now on: whether it trades, what that costs, who may sell.
    InstrumentChanged(Box<InstrumentChanged>),
    /// The price came about that an order waited for.
    Triggered(Triggered),
    /// What an order that trails the market waits for has followed that: shown, and no change of its own.
    Followed(Followed),
    /// The house's quote in an instrument was set by hand, or taken back.
    Quoted(Box<Quoted>),
    /// Rows of quotes are appended to those of an instrument, or dropped.
    RowsChanged(Box<RowsChanged>),
    /// An account was opened.
    AccountOpened(Box<AccountOpened>),
    /// Money came in from outside, or went out.
    Transferred(Box<Transferred>),
    /// There are other rules from now on.
    RulesSet(Box<RulesSet>),
    /// What rules had to say of the order that was accepted just before: told with that, and no change of its own.
    Ruled(Box<Ruled>),
    /// A rule refused an order, of which nothing else is kept.
    Refused(Box<Refused>),
}

/// A list of rules, in place of the one before it. Nothing was counted yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesSet {
    /// The rules.
    pub rules: Arc<[Rule]>,
    /// What their chance follows from.
    pub seed: u64,
}

/// What rules had to say of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruled {
    /// The order.
    pub order: OrderRef,
    /// The rules whose conditions it met.
    pub noticed: Vec<Noticed>,
    /// What will be done with it on purpose.
    pub plan: Option<Arc<Plan>>,
}

/// An order that a rule refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why, as its client is told.
    pub reason: ReasonText,
    /// The rules whose conditions it met.
    pub noticed: Vec<Noticed>,
}

/// A new order. It is known by the number of this event from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The order's identity.
    pub id: OrderId,
    /// What is ordered.
    pub symbol: Symbol,
    /// How much of it, rounded up to whole ones.
    pub quantity: Quantity,
    /// When it will reach the exchange; `None` where it waits for an act.
    pub due_at: Option<Time>,
    /// Under which names the client placed it, if there are any.
    pub origin: Option<Arc<Origin>>,
    /// What it asks for beside, where it is no native order.
    pub rich: Option<Arc<Rich>>,
}

/// The order that an event is about, with so much of it that the event can be announced, filtered and replayed without
/// the order at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderRef {
    /// The number of the event that accepted it.
    pub accepted_number: Number,
    /// Its identity.
    pub id: OrderId,
    /// Its symbol.
    pub symbol: Symbol,
    /// Its quantity.
    pub quantity: Quantity,
}

/// What a native order bought from the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HouseTrade {
    /// The order.
    pub order: OrderRef,
    /// The price, in ticks.
    pub ticks: u64,
    /// What prices are multiples of.
    pub tick: Step,
    /// What the order's account paid beside.
    pub fee: Money,
}

/// An arrival at the exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The order.
    pub order: OrderRef,
    /// Whether it rests from now on: nothing of it traded.
    pub rests: bool,
    /// Whether it waited outside the book until its instrument traded.
    pub waited: bool,
    /// Whether a part of it traded before: it was at the exchange, and was amended while its instrument did not trade.
    pub is_partly: bool,
    /// Of a native order that trades in pieces, what a rich order would be that asks for the same; of one that says a
    /// sum, how much that buys.
    pub rich: Option<Arc<Rich>>,
}

/// One order's part in a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The order.
    pub order: OrderRef,
    /// The trade: the number of its first part.
    pub trade: Number,
    /// The price, in ticks.
    pub ticks: u64,
    /// What prices are multiples of.
    pub tick: Step,
    /// How much, in lots.
    pub lots: u128,
    /// What quantities are multiples of.
    pub lot: Step,
    /// Which side the order is on.
    pub side: Side,
    /// Whose it is, and what that account paid beside.
    pub party: Party,
    /// Who was on the other side. The trade is settled by its first part, which tells it.
    pub settles_with: Option<Party>,
    /// Whether the order was there first.
    pub is_maker: bool,
    /// How much of the order has traded by now, in lots.
    pub filled: u128,
    /// What that came to.
    pub cost: Money,
    /// What becomes of the order now.
    pub then: Then,
}

/// What becomes of an order that has traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Nothing is left of it.
    Closes,
    /// It rests, or goes on to rest.
    Rests,
    /// More follows at once.
    GoesOn,
}

/// What an order asks for from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amended {
    /// The order, with its new quantity.
    pub order: OrderRef,
    /// All that it asks for now, and how far it is; of a native order too.
    pub rich: Rich,
    /// What becomes of its place in line, where it has one.
    pub place: InLine,
}

/// The end of an order that was not filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The order.
    pub order: OrderRef,
    /// Why.
    pub ending: Ending,
}

/// The end of an order in whose place another one is accepted: by the event that follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The order.
    pub order: OrderRef,
    /// The other one's identity.
    pub by: OrderId,
    /// Of a native order: what a rich order would be that asks for the same.
    pub rich: Option<Rich>,
}

/// An order on its way, and when it arrives from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rescheduled {
    /// The order.
    pub order: OrderRef,
    /// When it will reach the exchange; `None` where it waits for an act.
    pub due_at: Option<Time>,
    /// Of a native order: what a rich order would be that asks for the same.
    pub rich: Option<Arc<Rich>>,
}

/// The end of an order that somebody made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scripted {
    /// The order.
    pub order: OrderRef,
    /// How it ended.
    pub ending: Ending,
    /// Why, in words, where somebody said it.
    pub text: Option<ReasonText>,
    /// Of a native order: what a rich order would be that asks for the same.
    pub rich: Option<Rich>,
}

/// An order waits no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Triggered {
    /// The order.
    pub order: OrderRef,
    /// Whether it rests from now on: nothing of it trades at once.
    pub rests: bool,
}

/// An order trails the market at this distance from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The order.
    pub order: OrderRef,
    /// How far the market has gone for it, in ticks.
    pub mark: u64,
}

impl Accepted {
    /// Whose it is.
    #[must_use]
    pub fn account(&self) -> AccountNumber {
        self.rich.as_ref().map_or(Clearing::DEFAULT, |rich| rich.account)
    }

    /// Where it stands at first: on its way, or as a leg that waits for its parent.
    #[must_use]
    pub fn state(&self) -> State {
        let is_held = self.rich.as_ref().and_then(|rich| rich.kin.group).is_some_and(|group| group.held);
        if is_held { State::Held } else { State::Accepted }
    }

    /// Under which names it was placed, in its account.
    pub fn names(&self) -> impl Iterator<Item = Name> {
        let account = self.account();
        self.origin.iter().flat_map(move |origin| origin.names_in(account))
    }

    /// Refers to the order, which the event of this number accepts.
    #[must_use]
    pub fn order(&self, number: Number) -> OrderRef {
        let Accepted { id, symbol, quantity, .. } = *self;
        OrderRef { accepted_number: number, id, symbol, quantity }
    }
}

impl Body {
    /// How many changes it tells of: so much greater its number is than that of the event before it.
    #[must_use]
    pub fn changes(&self) -> u64 {
        match self {
            Body::Followed(_) | Body::Ruled(_) => 0,
            Body::Bought(_) => 2,
            Body::Accepted(_)
            | Body::Executed(_)
            | Body::Cancelled(_)
            | Body::Arrived(_)
            | Body::Filled(_)
            | Body::Ended(_)
            | Body::Replaced(_)
            | Body::Rescheduled(_)
            | Body::Scripted(_)
            | Body::Amended(_)
            | Body::Triggered(_)
            | Body::Listed(_)
            | Body::InstrumentChanged(_)
            | Body::Quoted(_)
            | Body::RowsChanged(_)
            | Body::AccountOpened(_)
            | Body::Transferred(_)
            | Body::RulesSet(_)
            | Body::Refused(_) => 1,
        }
    }

    /// Which status its order has from now on, where that changes.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        match self {
            Body::Accepted(_) => Some(Status::Pending),
            Body::Executed(_) | Body::Bought(_) => Some(Status::Executed),
            Body::Cancelled(_) | Body::Ended(_) | Body::Replaced(_) | Body::Scripted(_) => Some(Status::Cancelled),
            Body::Filled(filled) if filled.then == Then::Closes => Some(Status::Executed),
            Body::Arrived(_)
            | Body::Filled(_)
            | Body::Rescheduled(_)
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
}
