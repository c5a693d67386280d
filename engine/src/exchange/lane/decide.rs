//! What is told where a plain limit order is placed, arrives, or is amended. `None` leaves it to the general way: then
//! nothing was told.

use super::super::Exchange;
use super::super::arrive::{TRADES_AT_MOST, end};
use super::super::part::{Part, Traded};
use super::super::telling::Telling;
use super::{is_open, take};
use crate::accounts::ledger::Party;
use crate::command::Submit;
use crate::event::{Accepted, Amended, Arrived, Body, Then};
use crate::market::book::Resting;
use crate::market::instrument::{Instrument, Trading};
use crate::market::pit::Pit;
use crate::orders::line::InLine;
use crate::orders::state::State;
use crate::orders::terms::{Amendment, Asked, First, OrderType, Progress, Rich, Terms, TimeInForce};
use crate::values::{Number, Quantity};

impl Exchange {
    /// A plain limit order is placed.
    #[inline]
    pub(in super::super) fn submit_plainly(&self, telling: &mut Telling<'_>, submit: &Submit) -> Option<()> {
        let Submit { id, symbol, quantity, delay_us, origin: None, asked: Some(ref asked) } = *submit else {
            return None;
        };
        if self.rulebook.is_some() {
            return None;
        }
        let &Asked { account, side, limit_price: Some(ref price), stop: None, notional: None, .. } = asked else {
            return None;
        };
        let Asked { time_in_force, post_only, ref qty, .. } = *asked;
        let number = self.clearing.find(symbol)?;
        let instrument = self.clearing.instrument(number);
        self.trading_account(account).ok().filter(|_| is_open() && !self.is_looked_at(account, number))?;
        let (lots, ticks) = (instrument.lots_asked(*qty).ok()?, instrument.ticks(*price)?);
        if instrument.status == Trading::Closed {
            return None;
        }
        self.check_range(instrument, lots).ok()?;
        self.check_room(1).ok()?;
        let (at, tick, lot) = (telling.at, instrument.tick(), instrument.lot());
        let expires_at = time_in_force.ends_after(instrument.listing().hours, at);
        let order_type = OrderType::Limit { ticks };
        let terms = Terms { side, order_type, time_in_force, post_only, lots, expires_at };
        let blank = || Rich::blank(tick, lot);
        let rich = telling.told.rich_in_place(blank, |rich| {
            rich.write_plain((account, tick, lot), terms, Progress::accepted(at));
            rich.first = None;
        });
        let due_at = Some(at.plus_us(delay_us));
        telling.tell(Body::Accepted(Accepted { id, symbol, quantity, due_at, origin: None, rich: Some(rich) }));
        take(())
    }

    /// What is due first is a plain limit order that reaches the exchange.
    #[inline]
    pub(in super::super) fn reach_plainly(&self, telling: &mut Telling<'_>) -> Option<()> {
        let at = telling.at;
        let due = self.agenda.first().filter(|due| due.at <= at && is_open() && self.is_quiet(at))?;
        let row = self.orders.get(due.accepted())?;
        let plain = self.rich[row.rich.get()?].plain()?;
        let (instrument, pit) = self.pit(row);
        let limit = plain.limit()?;
        let comes = row.state == State::Accepted && pit.outside.is_empty() && instrument.trades(at);
        let is_over = plain.expires_at().is_some_and(|expires_at| expires_at <= at);
        if !comes || is_over || plain.time_in_force == TimeInForce::FillOrKill {
            return None;
        }
        let crosses = self.crosses((row.instrument, pit), plain, limit, at)?;
        if crosses && plain.post_only {
            return None;
        }
        let (order, is_partly) = (self.refer(row), plain.filled > 0);
        let rests = !crosses && plain.time_in_force.stands();
        telling.tell(Body::Arrived(Arrived { order, rests, waited: false, is_partly, rich: None }));
        if !rests {
            let taker = Part::of_plain(order, plain);
            self.trade_plainly(telling, taker, (instrument, pit), limit, plain.time_in_force);
        }
        take(())
    }

    /// A plain limit order in the book is to have another price, or quantity.
    #[inline]
    pub(in super::super) fn amend_plainly(
        &self,
        telling: &mut Telling<'_>,
        accepted_number: Number,
        amendment: &Amendment,
        quantity: Option<Quantity>,
    ) -> Option<()> {
        let Amendment { qty, limit_price, stop: None, time_in_force: None } = amendment else { return None };
        let row = self.orders.get(accepted_number)?;
        let held = &self.rich[row.rich.get()?];
        let plain = held.plain()?;
        let ((instrument, pit), at) = (self.pit(row), telling.at);
        let is_in_book = matches!(row.state, State::New | State::PartiallyFilled) && instrument.trades(at);
        if !is_open() || !is_in_book || !self.plans.is_empty() || self.is_looked_at(plain.account, row.instrument) {
            return None;
        }
        let asked = qty.map_or(Ok(plain.lots.into()), |qty| instrument.lots_asked(qty));
        let lots = asked.ok().and_then(|lots| u64::try_from(lots).ok()).filter(|&lots| lots > plain.filled)?;
        let before = plain.limit()?;
        let ticks = limit_price.map_or(Some(before), |price| instrument.ticks(price))?;
        if let Some(more) = lots.checked_sub(plain.lots).filter(|&more| more > 0) {
            self.check_range(instrument, more.into()).ok()?;
        }
        let crosses = self.crosses((row.instrument, pit), plain, ticks, at)?;
        if crosses && plain.post_only {
            return None;
        }
        let place = match crosses {
            true => InLine::Leaves,
            false if ticks == before && lots <= plain.lots => InLine::Keeps,
            false => InLine::GoesToEnd,
        };
        let mut order = self.refer(row);
        order.quantity = quantity.unwrap_or(order.quantity);
        let (tick, lot, asked) = (instrument.tick(), instrument.lot(), plain.terms());
        let blank = || Amended { order, rich: Rich::blank(tick, lot), place };
        telling.tell_amended_in_place(blank, |amended| {
            let terms = Terms { order_type: OrderType::Limit { ticks }, lots: lots.into(), ..asked };
            (amended.order, amended.place) = (order, place);
            amended.rich.write_plain((plain.account, tick, lot), terms, plain.progress(row.changed_at));
            let first = || First { quantity: row.quantity.get(), terms: asked };
            amended.rich.first = Some(self.rich.first(held).copied().unwrap_or_else(first));
        });
        if crosses {
            let taker = Part::of_plain(order, plain).asking_for(lots.into());
            self.trade_plainly(telling, taker, (instrument, pit), ticks, plain.time_in_force);
        }
        take(())
    }

    /// Trades as much as is decided at a time, with clients alone; what is left when nobody trades with it rests, or
    /// ends.
    fn trade_plainly(
        &self,
        telling: &mut Telling<'_>,
        mut taker: Part,
        (instrument, pit): (&Instrument, &Pit),
        limit: u64,
        time_in_force: TimeInForce,
    ) {
        let side = taker.side;
        let mut line = pit.book.line(side.other()).map(|(_, resting)| resting);
        let takes = |resting: &&Resting| side.takes(limit, resting.price);
        let mut next = line.next().filter(takes);
        for trades in 1.. {
            let Some(resting) = next else { break };
            let Some(mut maker) = self.resting(Number(resting.order)) else { break };
            let lots = taker.left().min(resting.left.into());
            let is_all = lots == taker.left();
            next = if is_all { None } else { line.next().filter(takes) };
            let then = match next {
                _ if is_all => Then::Closes,
                None if time_in_force.stands() => Then::Rests,
                _ => Then::GoesOn,
            };
            let trade = Traded::next(telling, instrument, resting.price, lots);
            let fee = instrument.fee(trade.worth, true);
            taker.fill(telling, &trade, Some(Party { account: maker.account, fee }), then);
            let of_maker = if maker.left() == lots { Then::Closes } else { Then::Rests };
            maker.fill(telling, &trade.for_maker(), None, of_maker);
            if then != Then::GoesOn || (next.is_some() && trades == TRADES_AT_MOST) {
                return;
            }
        }
        telling.tell(end(taker.order, time_in_force.ends_rest()));
    }
}
