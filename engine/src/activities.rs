//! What moved an account's cash, drawn from the events that tell of it: fills, fees, transfers; and what can be asked
//! of it.

use crate::accounts::account::AccountId;
use crate::accounts::clearing::Clearing;
use crate::accounts::ledger::{AccountNumber, Ledger};
use crate::event::{Body, Event, Filled, HouseTrade, OrderRef, Then};
use crate::market::book::Side;
use crate::market::instrument::worth_of_a_step;
use crate::reads::Direction;
use crate::values::{Decimal, Money, Number, Step, Symbol, Time};

/// Something that moved an account's cash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// The change that tells of it …
    pub number: Number,
    /// … and which it is of those that this tells of that account.
    pub place: u32,
    /// When it happened.
    pub at: Time,
    /// By how much; below zero what was paid.
    pub amount: Money,
    /// What it was.
    pub what: Moved,
}

/// What moves cash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// Money of this currency came in from outside, or went out.
    Transfer(Symbol),
    /// A part in a trade.
    Fill(Part),
    /// What was paid beside such a part.
    Fee(Part),
}

/// The same, without what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityKind {
    /// A part in a trade.
    Fill,
    /// What was paid beside it.
    Fee,
    /// What came in from outside, or went out.
    Transfer,
}

/// An account's part in a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The account's order; of what the house trades, none.
    pub order: Option<OrderRef>,
    /// What was traded.
    pub symbol: Symbol,
    /// The trade, by the number of its first part.
    pub trade: Number,
    /// Which side the account was on.
    pub side: Side,
    /// The price, in ticks.
    pub ticks: u64,
    /// What prices are multiples of.
    pub tick: Step,
    /// How much, in lots.
    pub lots: u128,
    /// What these are multiples of.
    pub lot: Step,
    /// Whether the account was there first.
    pub is_maker: bool,
    /// How much of the order had traded then, in lots.
    pub filled: Option<u128>,
    /// How much of it was left then, in lots; `None` where that is nowhere told any more.
    pub left: Option<u128>,
}

/// An account, by both of its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    /// By which it is known to trades.
    pub number: AccountNumber,
    /// By which it was opened.
    pub id: AccountId,
}

impl Activity {
    /// What kind it is of.
    #[must_use]
    pub fn kind(&self) -> ActivityKind {
        match self.what {
            Moved::Fill(_) => ActivityKind::Fill,
            Moved::Fee(_) => ActivityKind::Fee,
            Moved::Transfer(_) => ActivityKind::Transfer,
        }
    }

    /// The part in a trade that it tells of, if it does.
    #[must_use]
    pub fn part(&self) -> Option<&Part> {
        match &self.what {
            Moved::Fill(part) | Moved::Fee(part) => Some(part),
            Moved::Transfer(_) => None,
        }
    }

    /// The order of which it must still be looked up how much it asked for then.
    #[must_use]
    pub fn lacks(&self) -> Option<OrderRef> {
        let Moved::Fill(Part { order, filled: Some(_), left: None, .. }) = self.what else { return None };
        order
    }

    /// Its order asked for so many lots then.
    pub fn complete(&mut self, lots: u128) {
        if let Moved::Fill(Part { filled: Some(filled), left, .. }) = &mut self.what {
            *left = Some(lots.saturating_sub(*filled));
        }
    }
}

impl Event {
    /// What it tells of that moved the cash of an account, each at its place.
    #[must_use]
    pub fn activities(&self, whose: Whose) -> Vec<Activity> {
        match &self.body {
            Body::Bought(trade) => self.of_house_trade(trade, whose.number),
            Body::Filled(filled) => self.of_fill(filled, whose.number),
            Body::AccountOpened(opened) if opened.id == whose.id => {
                let cash = (0..).zip(&opened.cash).filter(|(_, (_, amount))| *amount != Money::ZERO);
                cash.map(|(place, (code, amount))| self.moved(place, *amount, Moved::Transfer(*code))).collect()
            }
            Body::Transferred(transferred) if transferred.account == whose.number => {
                vec![self.moved(0, transferred.amount, Moved::Transfer(transferred.currency))]
            }
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
            | Body::Refused(_) => Vec::new(),
        }
    }

    fn of_house_trade(&self, trade: &HouseTrade, account: AccountNumber) -> Vec<Activity> {
        let HouseTrade { order, ticks, tick, fee } = *trade;
        let lots = order.quantity.get().into();
        let lot = Step::new(Decimal::ONE).expect("one is a step");
        let (filled, left) = (Some(lots), Some(0));
        let (side, symbol, trade) = (Side::Buy, order.symbol, self.number);
        let order = Some(order);
        let part = Part { order, symbol, trade, side, ticks, tick, lots, lot, is_maker: false, filled, left };
        self.of_part(part, fee, (Clearing::DEFAULT, Some(Ledger::HOUSE)), account)
    }

    fn of_fill(&self, filled: &Filled, account: AccountNumber) -> Vec<Activity> {
        let Filled { order, trade, ticks, tick, lots, lot, side, party, settles_with, is_maker, .. } = *filled;
        let left = (filled.then == Then::Closes).then_some(0);
        let (symbol, filled) = (order.symbol, Some(filled.filled));
        let part = Part { order: Some(order), symbol, trade, side, ticks, tick, lots, lot, is_maker, filled, left };
        let other = settles_with.map(|other| other.account).filter(|&other| other == Ledger::HOUSE);
        self.of_part(part, party.fee, (party.account, other), account)
    }

    /// What a part in a trade is to an account: to the one whose it is, to the house on the other side, to the fees.
    fn of_part(
        &self,
        part: Part,
        fee: Money,
        (owner, house): (AccountNumber, Option<AccountNumber>),
        account: AccountNumber,
    ) -> Vec<Activity> {
        let has_fee = fee != Money::ZERO;
        if account == owner {
            let fill = self.moved(0, part.amount(), Moved::Fill(part));
            let fee = has_fee.then(|| self.moved(1, Money(-fee.0), Moved::Fee(part)));
            return [fill].into_iter().chain(fee).collect();
        }
        if house == Some(account) {
            let (side, is_maker) = (part.side.other(), !part.is_maker);
            let other = Part { order: None, side, is_maker, filled: None, left: None, ..part };
            return vec![self.moved(0, other.amount(), Moved::Fill(other))];
        }
        let gets_fee = has_fee && account == Ledger::FEES;
        Vec::from_iter(gets_fee.then(|| self.moved(1, fee, Moved::Fee(part))))
    }

    fn moved(&self, place: u32, amount: Money, what: Moved) -> Activity {
        Activity { number: self.number, place, at: self.at, amount, what }
    }
}

impl Part {
    /// What the account got for it; below zero what it paid. What is more than is counted was not settled.
    fn amount(&self) -> Money {
        let of_one = worth_of_a_step(self.tick.size(), self.lot.size()).and_then(|one| one.times(self.ticks.into()));
        let worth = of_one.and_then(|one| one.times(self.lots)).unwrap_or_default();
        match self.side {
            Side::Buy => Money(-worth.0),
            Side::Sell => worth,
        }
    }
}

/// What a list of an account's activities shall show.
#[derive(Clone, Copy, Debug)]
pub struct ActivitiesOf {
    /// Whose.
    pub whose: Whose,
    /// Only those of this kind.
    pub kind: Option<ActivityKind>,
    /// After the one at this place of this change, as the list goes.
    pub after: (Number, u32),
    /// Only those later than this time: the newest first, it ends there.
    pub since: Time,
    /// In which order they come.
    pub direction: Direction,
    /// How many are wanted. A piece may have some more: it ends with a change.
    pub limit: usize,
    /// Whether it shall be looked up what was left of orders.
    pub tells_left: bool,
}

impl ActivitiesOf {
    /// Where a list starts that shows all.
    #[must_use]
    pub fn start(direction: Direction) -> (Number, u32) {
        match direction {
            Direction::OldestFirst => (Number(0), u32::MAX),
            Direction::NewestFirst => (Number(u64::MAX), u32::MAX),
        }
    }

    /// The rest of the list, after a piece that says to go on there.
    #[must_use]
    pub fn go_on(self, next: Number) -> ActivitiesOf {
        let place = match self.direction {
            Direction::OldestFirst => u32::MAX,
            Direction::NewestFirst => 0,
        };
        ActivitiesOf { after: (next, place), ..self }
    }

    /// Picks what of a change belongs to the list.
    pub fn pick(&self, event: &Event) -> impl Iterator<Item = Activity> {
        let question = *self;
        let mut found = event.activities(self.whose);
        if self.direction == Direction::NewestFirst {
            found.reverse();
        }
        found.into_iter().filter(move |activity| question.wants(activity))
    }

    fn wants(&self, activity: &Activity) -> bool {
        let own = (activity.number, activity.place);
        let comes_after = match self.direction {
            Direction::OldestFirst => own > self.after,
            Direction::NewestFirst => own < self.after,
        };
        comes_after && activity.at > self.since && self.kind.is_none_or(|kind| kind == activity.kind())
    }
}
