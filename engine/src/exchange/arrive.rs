//! What is due: orders reach the exchange, trade, rest, expire.
//!
//! A native order that buys all from the house at one price is one event, and many of them are decided in one go.
//! Whatever trades in pieces is decided by itself, and so are its pieces: [`TRADES_AT_MOST`] at a time.

use super::Exchange;
use super::native::rich_native;
use super::part::{Part, Traded};
use super::telling::Telling;
use crate::accounts::clearing::HOUSE;
use crate::accounts::ledger::{AccountNumber, Party};
use crate::event::{Arrived, Body, Ended, OrderRef, Then};
use crate::market::book::Resting;
use crate::market::house::House;
use crate::market::instrument::Instrument;
use crate::market::matching::{Incoming, Next, SelfTrade, With};
use crate::market::pit::Pit;
use crate::orders::row::Row;
use crate::orders::state::State;
use crate::orders::terms::{Ending, Progress, Rich, Terms, TimeInForce};
use crate::values::{Number, Time};

/// How many trades of one order are decided at a time.
pub(super) const TRADES_AT_MOST: usize = 256;

impl Exchange {
    /// What is due first, or as much of it as is decided at a time.
    pub(super) fn execute_due(&self, telling: &mut Telling<'_>) {
        let now = telling.at;
        telling.at = self.moment(now);
        if self.reach_plainly(telling).is_some() {
            return;
        }
        if let Some(row) = self.acting.and_then(|acting| self.orders.get(acting)) {
            return self.trade(telling, row);
        }
        if let Some(row) = self.arriving.and_then(|arriving| self.orders.get(arriving)) {
            return self.reach(telling, row);
        }
        if let Some(row) = self.first_released(telling.at) {
            return self.reach(telling, row);
        }
        let (meets, restless) = (self.first_to_meet(telling.at), self.first_restless());
        let waits = self.first_let_in(telling.at).or_else(|| self.first_outside(telling.at));
        if meets.is_some() || restless.is_some() || waits.is_some() {
            return match (self.first_to_expire(telling.at), meets, restless, waits) {
                (Some(row), ..) => self.reach(telling, row),
                (None, Some(number), ..) => self.meet_house(telling, number),
                (None, None, Some(number), _) => self.trigger(telling, number),
                (None, None, None, row) => row.into_iter().for_each(|row| self.reach(telling, row)),
            };
        }
        let first = self.agenda.first();
        if let Some((at, row)) = self.first_part(telling.at)
            && first.is_none_or(|first| at <= first.at)
        {
            return self.trade_part(telling, row);
        }
        if let Some((at, row)) = self.first_decision(telling.at)
            && first.is_none_or(|first| at < first.at)
        {
            return self.decide_put_off(telling, row);
        }
        let Some(first) = first else { return };
        // A rich order is decided by itself; whatever else is due waits.
        let is_rich = |row: &&Row| row.rich.get().is_some();
        if first.at <= telling.at
            && let Some(row) = self.orders.get(first.accepted()).filter(is_rich)
        {
            return self.reach(telling, row);
        }
        if let Some(row) = self.buy_due(telling, now) {
            self.reach(telling, row);
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
        let is_due_before = |at| row.due_at().is_some_and(|due_at| at > due_at);
        let arrives_before = |at| row.state == State::Accepted && is_due_before(at) && self.outside(row).is_none();
        expires_at.is_some_and(|at| at <= now && !arrives_before(at))
    }

    /// The instrument of an order, and where it trades.
    pub(super) fn pit(&self, row: &Row) -> (&Instrument, &Pit) {
        (self.clearing.instrument(row.instrument), &self.pits[row.instrument as usize])
    }

    /// Ends an order that is due and expires, or ends since a rule wants that; returns whether it did.
    fn ends_as_it_comes(&self, telling: &mut Telling<'_>, row: &Row) -> bool {
        if !self.expires_by(row, telling.at) {
            return self.end_as_planned(telling, row);
        }
        telling.tell(Body::Ended(Ended { order: self.refer(row), ending: Ending::Expired }));
        true
    }

    /// What a due order does: it expires, or reaches the exchange.
    fn reach(&self, telling: &mut Telling<'_>, row: &Row) {
        let order = self.refer(row);
        let held = row.rich.get().map(|place| &self.rich[place]);
        if self.ends_as_it_comes(telling, row) {
            return;
        }
        let (instrument, pit) = self.pit(row);
        let mut rich = held.is_none().then(|| telling.told.rich(|| rich_native(row, instrument)));
        let (account, mut terms, progress) = match (held, rich.as_deref()) {
            (Some(held), _) => (held.account(), held.terms(), held.progress(row.changed_at)),
            (None, Some(rich)) => (rich.account, rich.terms, rich.progress),
            (None, None) => return,
        };
        let (waited, is_partly) = (self.outside(row).is_some(), progress.filled > 0);
        let arrives = |rests, rich| Body::Arrived(Arrived { order, rests, waited, is_partly, rich });
        if self.parts_of(row).is_some() && terms.order_type.waits().is_none() {
            // The house trades with it alone, part for part.
            telling.tell(arrives(true, rich));
            return;
        }
        if !instrument.trades(telling.at) {
            if !self.is_native(row, account, &terms, order.quantity) {
                // Whoever would stay waits outside.
                telling.tell(end(order, Ending::NotTrading));
                return;
            }
            telling.tell(arrives(false, rich));
            let taker = Part::of((order, account), &terms, &progress);
            return self.end_rest(telling, row, taker, &terms);
        }
        // One that was triggered, and was amended while nothing traded, waits for no price any more.
        if terms.order_type.waits().is_some() && !progress.triggered {
            telling.tell(arrives(true, rich));
            return;
        }
        let house = self.house_for(row.instrument, &terms, telling.at);
        let mut ending = None;
        if let Some(sum) = terms.notional() {
            (terms.lots, ending) = self.comes_to(sum, row, account, &terms, &house);
            let known = self.rich_of(row, instrument).map(|rich| Rich { terms, ..rich });
            rich = known.map(|rich| telling.told.rich(|| rich));
        }
        let arriving = self.incoming(account, &terms, progress.filled);
        let would_trade = || !matches!(arriving.next(&pit.book, &house), Next::Nothing);
        ending = ending.or_else(|| match terms.post_only && would_trade() {
            true => Some(Ending::PostOnly),
            false => self.killed(row, &terms, &arriving, &house, telling.at),
        });
        if ending.is_none() && !self.clear_the_way(telling, pit, &house, &arriving, TRADES_AT_MOST) {
            // More of it is cancelled before it arrives.
            return;
        }
        let rests = ending.is_none() && terms.rests() && !arriving.acts(&pit.book, &house);
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
        let mut taker = Part::of((order, account), terms, progress);
        let arriving = self.incoming(account, terms, progress.filled);
        let mut purse = self.purse(row, account, telling.at);
        // What it has cancelled was cancelled before.
        let is_there =
            move |next: &Next| arriving.self_trade != SelfTrade::CancelOldest || !matches!(next, Next::Meets(_));
        let mut walk = self.walk(&arriving, pit, house).filter(is_there).peekable();
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
            let goes_on = walk.peek().is_some();
            let then = match taker.left() == lots {
                true => Then::Closes,
                false if !goes_on && lots == wanted && terms.rests() => Then::Rests,
                false => Then::GoesOn,
            };
            let trade = Traded::next(telling, instrument, ticks, lots);
            match with {
                With::House => taker.fill(telling, &trade, Some(HOUSE), then),
                With::Client(slot) => {
                    let resting = pit.book.get(slot);
                    let Some(mut maker) = self.resting(Number(resting.order)) else { break };
                    let fee = instrument.fee(trade.worth, true);
                    taker.fill(telling, &trade, Some(Party { account: maker.account, fee }), then);
                    let then = if maker.left() == lots { Then::Closes } else { Then::Rests };
                    maker.fill(telling, &trade.for_maker(), None, then);
                }
            }
            if lots < wanted {
                telling.tell(end(taker.order, Ending::InsufficientBuyingPower));
                return;
            }
            if then != Then::GoesOn || (goes_on && (trades == TRADES_AT_MOST || self.loses(row, with, pit))) {
                return;
            }
        }
        self.end_rest(telling, row, taker, terms);
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
        if !self.fills(arriving, pit, house) {
            return Some(Ending::FillOrKill);
        }
        let purse = self.purse(row, arriving.account, at)?;
        let pays = purse.pays_for(terms.side, pit, self.walk(arriving, pit, house));
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
        if arriving.self_trade != SelfTrade::CancelOldest {
            return true;
        }
        let walk = self.walk(arriving, pit, house);
        let mut cancelled = walk.filter_map(|next| if let Next::Meets(slot) = next { Some(slot) } else { None });
        for slot in cancelled.by_ref().take(at_most) {
            if let Some(row) = self.orders.get(Number(pit.book.get(slot).order)) {
                telling.tell(end(self.refer(row), Ending::SelfTrade));
            }
        }
        cancelled.next().is_none()
    }

    /// Nobody trades with what is left of an order that does not rest.
    fn end_rest(&self, telling: &mut Telling<'_>, row: &Row, mut taker: Part, terms: &Terms) {
        let number = row.instrument;
        if self.is_native(row, taker.account, terms, taker.order.quantity) {
            // A native order executes whole, whoever is there.
            let instrument = self.clearing.instrument(number);
            let ticks = match instrument.trades(telling.at) {
                true => instrument.reference_ticks(),
                false => self.mark_above(number, telling.at),
            };
            let trade = Traded::next(telling, instrument, ticks, taker.left());
            return taker.fill(telling, &trade, Some(HOUSE), Then::Closes);
        }
        telling.tell(end(taker.order, terms.time_in_force.ends_rest()));
    }

    /// A resting order as it takes part in a trade.
    #[inline(always)]
    pub(super) fn resting(&self, accepted: Number) -> Option<Part> {
        let row = self.orders.get(accepted)?;
        let held = &self.rich[row.rich.get()?];
        Some(match held.plain() {
            Some(plain) => Part::of_plain(self.refer(row), plain),
            None => Part::of((self.refer(row), held.account()), &held.terms(), &held.progress(row.changed_at)),
        })
    }

    /// An order as it meets the book.
    pub(super) fn incoming(&self, account: AccountNumber, terms: &Terms, filled: u128) -> Incoming {
        let (side, limit, left) = (terms.side, terms.limit_ticks(), terms.lots.saturating_sub(filled));
        let self_trade = self.clearing.account(account).map_or(SelfTrade::Allow, |account| account.self_trade);
        Incoming { side, limit, left, account, self_trade }
    }
}

impl TimeInForce {
    /// Why the rest of an order ends that does not rest.
    pub(super) fn ends_rest(self) -> Ending {
        match self {
            TimeInForce::ImmediateOrCancel => Ending::ImmediateOrCancel,
            TimeInForce::FillOrKill => Ending::FillOrKill,
            TimeInForce::GoodTillCancelled | TimeInForce::Day => Ending::NoLiquidity,
        }
    }
}

pub(super) fn end(order: OrderRef, ending: Ending) -> Body {
    Body::Ended(Ended { order, ending })
}
