//! What is due: orders reach the exchange, trade, rest, expire.
//!
//! A native order that buys all from the house at one price is one event, and many of them are decided in one go.
//! Whatever trades in pieces is decided by itself, and so are its pieces: [`TRADES_AT_MOST`] at a time.

use super::Exchange;
use super::native::Bought;
use super::telling::Telling;
use crate::accounts::clearing::{Clearing, HOUSE};
use crate::accounts::ledger::{AccountNumber, InstrumentNumber, Party};
use crate::event::{Arrived, Body, Ended, Filled, OrderRef, Then};
use crate::market::book::{Resting, Side};
use crate::market::house::House;
use crate::market::instrument::Instrument;
use crate::market::matching::{Incoming, Next, SelfTrade, With};
use crate::market::pit::Pit;
use crate::orders::kin::Kin;
use crate::orders::row::Row;
use crate::orders::state::State;
use crate::orders::terms::{Ending, OrderType, Progress, Rich, Terms, TimeInForce};
use crate::values::{Money, Number, Quantity, Time};

/// How many trades of one order are decided at a time.
pub(super) const TRADES_AT_MOST: usize = 256;

impl Exchange {
    /// What is due first, or as much of it as is decided at a time.
    pub(super) fn execute_due(&self, telling: &mut Telling<'_>) {
        telling.at = self.moment(telling.at);
        if let Some(row) = self.acting.and_then(|acting| self.orders.get(acting)) {
            return self.trade(telling, row);
        }
        if let Some(row) = self.arriving.and_then(|arriving| self.orders.get(arriving)) {
            return self.reach(telling, row);
        }
        let (meets, restless) = (self.first_to_meet(telling.at), self.first_restless());
        let waits = self.first_outside(telling.at);
        if meets.is_some() || restless.is_some() || waits.is_some() {
            return match (self.first_to_expire(telling.at), meets, restless, waits) {
                (Some(row), ..) => self.reach(telling, row),
                (None, Some(number), ..) => self.meet_house(telling, number),
                (None, None, Some(number), _) => self.trigger(telling, number),
                (None, None, None, row) => row.into_iter().for_each(|row| self.reach(telling, row)),
            };
        }
        let Some(first) = self.agenda.first() else { return };
        // A rich order is decided by itself; whatever else is due waits.
        let is_rich = |row: &&Row| row.rich.get().is_some();
        if first.at <= telling.at
            && let Some(row) = self.orders.get(first.accepted()).filter(is_rich)
        {
            return self.reach(telling, row);
        }
        let mut bought = Bought::default();
        let due = self.open_and_due(telling.at);
        telling.told.reserve(due.len());
        for row in due {
            let trade = if row.rich.get().is_none() { self.buy_at_once(row, telling.at, &mut bought) } else { None };
            match trade {
                Some(trade) => {
                    telling.tell(Body::Bought(trade));
                    if bought.stirs {
                        // Whom that triggers comes before whoever arrives next.
                        break;
                    }
                }
                None if telling.told.is_empty() => return self.reach(telling, row),
                None => break,
            }
        }
    }

    /// The order that is due first, where it expires by `now`: that comes before the house's quote and before triggers.
    fn first_to_expire(&self, now: Time) -> Option<&Row> {
        let first = self.agenda.first().filter(|due| due.at <= now)?;
        self.orders.get(first.accepted()).filter(|row| self.expires_by(row, now))
    }

    /// Whether an order expires by `now`, and does not arrive before.
    fn expires_by(&self, row: &Row, now: Time) -> bool {
        let expires_at = row.rich.get().and_then(|place| self.rich[place].expires_at());
        let arrives_before = |at| row.state == State::Accepted && at > row.due_at && self.outside(row).is_none();
        expires_at.is_some_and(|at| at <= now && !arrives_before(at))
    }

    /// The instrument of an order, and where it trades.
    pub(super) fn pit(&self, row: &Row) -> (&Instrument, &Pit) {
        (self.clearing.instrument(row.instrument), &self.pits[row.instrument as usize])
    }

    /// What a due order does: it expires, or reaches the exchange.
    fn reach(&self, telling: &mut Telling<'_>, row: &Row) {
        let order = self.refer(row);
        let held = row.rich.get().map(|place| &self.rich[place]);
        if self.expires_by(row, telling.at) {
            telling.tell(Body::Ended(Ended { order, ending: Ending::Expired }));
            return;
        }
        let (instrument, pit) = self.pit(row);
        let rich = held.is_none().then(|| telling.told.rich(rich_native(row, instrument)));
        let (account, terms, progress) = match (held, rich.as_deref()) {
            (Some(held), _) => (held.account(), held.terms(), held.progress(row.changed_at)),
            (None, Some(rich)) => (rich.account, rich.terms, rich.progress),
            (None, None) => return,
        };
        let (waited, is_partly) = (self.outside(row).is_some(), progress.filled > 0);
        let arrives = |rests, rich| Body::Arrived(Arrived { order, rests, waited, is_partly, rich });
        if !instrument.trades(telling.at) {
            if !self.is_native(account, &terms, (row.instrument, order.quantity)) {
                // Whoever would stay waits outside.
                telling.tell(end(order, Ending::NotTrading));
                return;
            }
            telling.tell(arrives(false, rich));
            let taker = Part::of((order, account), &terms, progress);
            return self.end_rest(telling, row.instrument, taker, &terms);
        }
        if terms.order_type.waits().is_some() {
            telling.tell(arrives(true, rich));
            return;
        }
        let house = self.house_for(row.instrument, &terms, telling.at);
        let arriving = self.incoming(account, &terms, progress.filled);
        let would_trade = || !matches!(arriving.next(&pit.book, &house), Next::Nothing);
        let ending = match terms.post_only && would_trade() {
            true => Some(Ending::PostOnly),
            false => self.killed(row, &terms, &arriving, &house, telling.at),
        };
        if ending.is_none() && !self.clear_the_way(telling, pit, &house, &arriving, TRADES_AT_MOST) {
            // More of it is cancelled before it arrives.
            return;
        }
        let rests = terms.rests() && !arriving.acts(&pit.book, &house);
        telling.tell(arrives(rests, rich));
        match ending {
            Some(ending) => drop(telling.tell(Body::Ended(Ended { order, ending }))),
            None if rests => {}
            None => self.trade_with(telling, (row, order), &house, account, &terms, &progress),
        }
    }

    /// Goes on with an order that trades in pieces.
    fn trade(&self, telling: &mut Telling<'_>, row: &Row) {
        if let Some(held) = row.rich.get().map(|place| &self.rich[place]) {
            let (terms, progress) = (held.terms(), held.progress(row.changed_at));
            let house = self.house_for(row.instrument, &terms, telling.at);
            let order = self.refer(row);
            self.trade_with(telling, (row, order), &house, held.account(), &terms, &progress);
        }
    }

    /// Trades as much of an order as is decided at a time; what is left when nobody trades with it rests, or ends.
    pub(super) fn trade_with(
        &self,
        telling: &mut Telling<'_>,
        (row, order): (&Row, OrderRef),
        house: &House,
        account: AccountNumber,
        terms: &Terms,
        progress: &Progress,
    ) {
        let (instrument, pit) = self.pit(row);
        let mut taker = Part::of((order, account), terms, *progress);
        let arriving = self.incoming(account, terms, progress.filled);
        let mut purse = self.purse(row, account, telling.at);
        // What it has cancelled was cancelled before.
        let is_there =
            move |next: &Next| arriving.self_trade != SelfTrade::CancelOldest || !matches!(next, Next::Meets(_));
        let mut walk = arriving.walk(&pit.book, house).filter(is_there).peekable();
        let mut trades = 0;
        while let Some(next) = walk.next() {
            let (with, ticks, lots) = match next {
                Next::Trade { with, ticks, lots } => (with, ticks, lots),
                Next::Meets(slot) => return self.meet_oneself(telling, &taker, pit.book.get(slot), &arriving),
                Next::Nothing => break,
            };
            let wanted = lots;
            let lots = purse.as_mut().map_or(lots, |purse| purse.pay(terms.side, with, pit, ticks, lots));
            if lots == 0 {
                telling.tell(end(taker.order, Ending::InsufficientBuyingPower));
                return;
            }
            trades += 1;
            let (goes_on, pauses) = (walk.peek().is_some(), trades == TRADES_AT_MOST);
            let then = match taker.left() == lots {
                true => Then::Closes,
                false if !goes_on && lots == wanted && terms.rests() => Then::Rests,
                false => Then::GoesOn,
            };
            let trade = Number(telling.number.0 + 1);
            match with {
                With::House => taker.fill(telling, instrument, trade, (ticks, lots), false, Some(HOUSE), then),
                With::Client(slot) => {
                    let resting = pit.book.get(slot);
                    let Some(mut maker) = self.resting(Number(resting.order)) else { break };
                    let fee = instrument.fee(worth_of(instrument, ticks, lots), true);
                    let other = Party { account: maker.account, fee };
                    taker.fill(telling, instrument, trade, (ticks, lots), false, Some(other), then);
                    let then = if maker.left() == lots { Then::Closes } else { Then::Rests };
                    maker.fill(telling, instrument, trade, (ticks, lots), true, None, then);
                }
            }
            if lots < wanted {
                telling.tell(end(taker.order, Ending::InsufficientBuyingPower));
                return;
            }
            if then != Then::GoesOn || (pauses && goes_on) {
                return;
            }
        }
        self.end_rest(telling, row.instrument, taker, terms);
    }

    /// Why an order that is to trade whole or not at all does not trade: it cannot, or its account cannot pay for it.
    pub(super) fn killed(
        &self,
        row: &Row,
        terms: &Terms,
        arriving: &Incoming,
        house: &House,
        at: Time,
    ) -> Option<Ending> {
        if terms.time_in_force != TimeInForce::FillOrKill {
            return None;
        }
        let (_, pit) = self.pit(row);
        if !arriving.fills(&pit.book, house) {
            return Some(Ending::FillOrKill);
        }
        let purse = self.purse(row, arriving.account, at)?;
        let pays = purse.pays_for(terms.side, pit, arriving.walk(&pit.book, house));
        (!pays).then_some(Ending::InsufficientBuyingPower)
    }

    /// An order meets another one of its account, with which it shall not trade.
    fn meet_oneself(&self, telling: &mut Telling<'_>, taker: &Part, resting: &Resting, arriving: &Incoming) {
        if arriving.self_trade == SelfTrade::CancelBoth
            && let Some(row) = self.orders.get(Number(resting.order))
        {
            telling.tell(end(self.refer(row), Ending::SelfTrade));
        }
        telling.tell(end(taker.order, Ending::SelfTrade));
    }

    /// Cancels what an order comes to of its own account, at most so many, where its account wants that; returns
    /// whether no more is in its way.
    pub(super) fn clear_the_way(
        &self,
        telling: &mut Telling<'_>,
        pit: &Pit,
        house: &House,
        arriving: &Incoming,
        at_most: usize,
    ) -> bool {
        let mut cancelled = arriving.cancels(&pit.book, house);
        for slot in cancelled.by_ref().take(at_most) {
            if let Some(row) = self.orders.get(Number(pit.book.get(slot).order)) {
                telling.tell(end(self.refer(row), Ending::SelfTrade));
            }
        }
        cancelled.next().is_none()
    }

    /// Nobody trades with what is left of an order that does not rest.
    fn end_rest(&self, telling: &mut Telling<'_>, number: InstrumentNumber, mut taker: Part, terms: &Terms) {
        let instrument = self.clearing.instrument(number);
        if self.is_native(taker.account, terms, (number, taker.order.quantity)) {
            // A native order executes whole, whoever is there.
            let (trade, left) = (Number(telling.number.0 + 1), taker.left());
            let ticks = match instrument.trades(telling.at) {
                true => instrument.reference_ticks(),
                false => self.mark_above(number, telling.at),
            };
            let at = (ticks, left);
            return taker.fill(telling, instrument, trade, at, false, Some(HOUSE), Then::Closes);
        }
        let ending = match terms.time_in_force {
            TimeInForce::ImmediateOrCancel => Ending::ImmediateOrCancel,
            TimeInForce::FillOrKill => Ending::FillOrKill,
            TimeInForce::GoodTillCancelled | TimeInForce::Day => Ending::NoLiquidity,
        };
        telling.tell(Body::Ended(Ended { order: taker.order, ending }));
    }

    /// A resting order as it takes part in a trade.
    pub(super) fn resting(&self, accepted: Number) -> Option<Part> {
        let row = self.orders.get(accepted)?;
        let held = &self.rich[row.rich.get()?];
        Some(Part::of((self.refer(row), held.account()), &held.terms(), held.progress(row.changed_at)))
    }
}

/// An order as it takes part in trades.
pub(super) struct Part {
    pub(super) order: OrderRef,
    pub(super) expires_at: Option<Time>,
    account: AccountNumber,
    side: Side,
    lots: u128,
    progress: Progress,
}

impl Part {
    fn of((order, account): (OrderRef, AccountNumber), terms: &Terms, progress: Progress) -> Part {
        Part { order, expires_at: terms.expires_at, account, side: terms.side, lots: terms.lots, progress }
    }

    pub(super) fn left(&self) -> u128 {
        self.lots.saturating_sub(self.progress.filled)
    }

    /// Takes part in one more trade.
    #[expect(clippy::too_many_arguments, reason = "a trade has so many sides")]
    pub(super) fn fill(
        &mut self,
        telling: &mut Telling<'_>,
        instrument: &Instrument,
        trade: Number,
        (ticks, lots): (u64, u128),
        is_maker: bool,
        settles_with: Option<Party>,
        then: Then,
    ) {
        let worth = worth_of(instrument, ticks, lots);
        self.progress.filled += lots;
        self.progress.cost.0 = self.progress.cost.0.saturating_add(worth.0);
        let party = Party { account: self.account, fee: instrument.fee(worth, is_maker) };
        let Part { order, side, progress: Progress { filled, cost, .. }, .. } = *self;
        let (tick, lot) = (instrument.tick(), instrument.lot());
        let filled =
            Filled { order, trade, ticks, tick, lots, lot, side, party, settles_with, is_maker, filled, cost, then };
        let filled = telling.told.filled(filled);
        telling.tell(filled);
    }
}

/// What a trade comes to. All that could be at stake was looked at when its orders were accepted: none leaves the
/// range.
pub(super) fn worth_of(instrument: &Instrument, ticks: u64, lots: u128) -> Money {
    instrument.lot_price(ticks).times(lots).unwrap_or(Money(i128::MAX))
}

impl Exchange {
    /// An order as it meets the book.
    pub(super) fn incoming(&self, account: AccountNumber, terms: &Terms, filled: u128) -> Incoming {
        let (side, limit, left) = (terms.side, terms.limit_ticks(), terms.lots.saturating_sub(filled));
        let self_trade = self.clearing.account(account).map_or(SelfTrade::Allow, |account| account.self_trade);
        Incoming { side, limit, left, account, self_trade }
    }
}

fn end(order: OrderRef, ending: Ending) -> Body {
    Body::Ended(Ended { order, ending })
}

/// What a rich order would ask for that is this native one.
pub(super) fn native_terms(quantity: Quantity, instrument: &Instrument) -> Terms {
    Terms {
        side: Side::Buy,
        order_type: OrderType::Market,
        time_in_force: TimeInForce::GoodTillCancelled,
        post_only: false,
        lots: instrument.whole_lots(quantity),
        expires_at: None,
    }
}

pub(super) fn rich_native(row: &Row, instrument: &Instrument) -> Rich {
    let (tick, lot) = (instrument.tick(), instrument.lot());
    let (terms, progress) = (native_terms(row.quantity.get(), instrument), Progress::accepted(row.accepted_at));
    Rich { account: Clearing::DEFAULT, tick, lot, terms, progress, first: None, kin: Kin::default() }
}
