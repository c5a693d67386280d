//! Orders as they take part in trades: what each has traded by then, and what is told of that.

use super::telling::Telling;
use crate::accounts::ledger::{AccountNumber, Party};
use crate::event::{Filled, OrderRef, Then};
use crate::market::book::Side;
use crate::market::instrument::Instrument;
use crate::orders::plain::Plain;
use crate::orders::terms::{Progress, Terms};
use crate::values::{Money, Number, Time};

/// An order as it takes part in trades.
pub(super) struct Part {
    pub(super) order: OrderRef,
    pub(super) expires_at: Option<Time>,
    pub(super) account: AccountNumber,
    pub(super) side: Side,
    lots: u128,
    /// How much of it has traded by now, and what that came to.
    filled: u128,
    cost: Money,
}

impl Part {
    #[inline]
    pub(super) fn of((order, account): (OrderRef, AccountNumber), terms: &Terms, progress: &Progress) -> Part {
        let Terms { side, lots, expires_at, .. } = *terms;
        let Progress { filled, cost, .. } = *progress;
        Part { order, expires_at, account, side, lots, filled, cost }
    }

    /// The same of a plain order.
    #[inline]
    pub(super) fn of_plain(order: OrderRef, plain: &Plain) -> Part {
        let Plain { account, side, lots, filled, .. } = *plain;
        let (lots, filled, cost, expires_at) = (lots.into(), filled.into(), plain.cost(), plain.expires_at());
        Part { order, expires_at, account, side, lots, filled, cost }
    }

    /// The same of an order that asks for so much instead.
    #[inline]
    pub(super) fn asking_for(self, lots: u128) -> Part {
        Part { lots, ..self }
    }

    #[inline]
    pub(super) fn left(&self) -> u128 {
        self.lots.saturating_sub(self.filled)
    }

    /// Takes part in one more trade.
    #[inline]
    pub(super) fn fill(
        &mut self,
        telling: &mut Telling<'_>,
        trade: &Traded<'_>,
        settles_with: Option<Party>,
        then: Then,
    ) {
        let Traded { instrument, trade, ticks, lots, worth, is_maker } = *trade;
        self.filled += lots;
        self.cost.0 = self.cost.0.saturating_add(worth.0);
        let party = Party { account: self.account, fee: instrument.fee(worth, is_maker) };
        let Part { order, side, filled, cost, .. } = *self;
        let (tick, lot) = (instrument.tick(), instrument.lot());
        telling.tell_filled(then == Then::Closes, || Filled {
            order,
            trade,
            ticks,
            tick,
            lots,
            lot,
            side,
            party,
            settles_with,
            is_maker,
            filled,
            cost,
            then,
        });
    }
}

/// A trade, as its parts have it in common.
#[derive(Clone, Copy)]
pub(super) struct Traded<'a> {
    instrument: &'a Instrument,
    /// The number of its first part.
    trade: Number,
    ticks: u64,
    lots: u128,
    pub(super) worth: Money,
    /// Whether this is the part of who was there first.
    is_maker: bool,
}

impl<'a> Traded<'a> {
    /// The trade that is told next, for who comes.
    #[inline]
    pub(super) fn next(telling: &Telling<'_>, instrument: &'a Instrument, ticks: u64, lots: u128) -> Traded<'a> {
        let (trade, worth) = (Number(telling.number.0 + 1), worth_of(instrument, ticks, lots));
        Traded { instrument, trade, ticks, lots, worth, is_maker: false }
    }

    /// The same, for who was there first.
    #[inline]
    pub(super) fn for_maker(self) -> Traded<'a> {
        Traded { is_maker: true, ..self }
    }
}

/// What a trade comes to. All that could be at stake was looked at when its orders were accepted: none leaves the
/// range.
#[inline]
pub(super) fn worth_of(instrument: &Instrument, ticks: u64, lots: u128) -> Money {
    instrument.lot_price(ticks).times(lots).unwrap_or(Money(i128::MAX))
}
