//! What the account of an order that trades can pay: looked at again on each trade.

use super::Exchange;
use super::buying_power::{closing, paid_with};
use super::marks::{Mark, Rate};
use super::part::worth_of;
use super::worth::{Worth, amount, less, leveraged, plus};
use crate::accounts::account::{Account, AccountKind};
use crate::accounts::commitments::{Commitments, Far, Instead};
use crate::accounts::ledger::{AccountNumber, InstrumentNumber};
use crate::market::book::Side;
use crate::market::instrument::Instrument;
use crate::market::matching::{Next, With};
use crate::market::pit::Pit;
use crate::orders::row::Row;
use crate::values::{Money, Time};

impl Exchange {
    /// What the account of an order that arrives, or goes on to trade, can pay; `None` where it has no limit.
    pub(super) fn purse(&self, row: &Row, account: AccountNumber, at: Time) -> Option<Purse<'_>> {
        let settings = self.clearing.account(account).filter(|settings| settings.is_limited())?;
        let instead = Instead { without: self.committed(row).map(|(_, own)| own), with: None };
        let number = row.instrument;
        let has = self.has(number, (account, settings), instead, at).unwrap_or(Has::Nothing);
        let (position, open) = (self.position_lots(account, number), self.open_of(account, number));
        let instrument = self.clearing.instrument(number);
        Some(Purse { settings, account, instrument, has, open, instead, position, paid: Money::ZERO, given: 0 })
    }

    /// What there is before an order trades, without what it holds itself; `None` where that is out of range.
    fn has(
        &self,
        number: InstrumentNumber,
        (account, settings): (AccountNumber, &Account),
        instead: Instead,
        at: Time,
    ) -> Option<Has> {
        let instrument = self.clearing.instrument(number);
        let quote = instrument.listing().quote;
        let others = self.reserved.all_of(account).filter(|(other, _)| *other != number);
        let needed = others.into_iter().try_fold(Money::ZERO, |sum, (other, open)| {
            let position = self.position_lots(account, other);
            plus(sum, self.needed_in(other, (open, Instead::default()), position, settings.currency, at)?)
        });
        let held = |side| {
            let code = paid_with(instrument, side);
            less(self.spot_total(account, code)?, self.locked(account, code, (number, instead), at)?)
        };
        Some(match settings.kind {
            AccountKind::Margin => Has::Margin {
                worth: self.worth(account, settings.currency, Some(number), at)?,
                needed: needed?,
                rate: self.rate(quote, settings.currency, at)?,
                mark: self.mark(number, at),
                far: self.far(number, at),
            },
            AccountKind::Spot => Has::Spot { quote: held(Side::Buy)?, base: held(Side::Sell)? },
        })
    }
}

/// What an account can pay while one of its orders trades.
#[derive(Clone, Copy)]
pub(super) struct Purse<'a> {
    settings: &'a Account,
    account: AccountNumber,
    instrument: &'a Instrument,
    has: Has,
    /// What is open in the instrument; without the order that trades.
    open: &'a Commitments,
    instead: Instead,
    /// As it is after what traded so far.
    position: i128,
    /// What was paid so far, fees too.
    paid: Money,
    /// What was sold so far, less what was bought.
    given: i128,
}

/// What there was before the order traded.
#[derive(Clone, Copy)]
enum Has {
    Margin {
        worth: Worth,
        needed: Money,
        rate: Rate,
        mark: Mark,
        far: Far,
    },
    Spot {
        quote: Money,
        base: Money,
    },
    /// It is more than is counted.
    Nothing,
}

impl Purse<'_> {
    /// How many of these lots it can pay for; they are paid. What closes a position is always paid.
    pub(super) fn pay(&mut self, side: Side, with: With, pit: &Pit, ticks: u64, lots: u128) -> u128 {
        if let With::Client(slot) = with
            && pit.book.get(slot).account == self.account
        {
            // It pays itself: nothing but the fees is gone.
            let worth = worth_of(self.instrument, ticks, lots);
            let fees = [true, false].map(|is_maker| self.instrument.fee(worth, is_maker).0);
            self.paid.0 = self.paid.0.saturating_add(fees[0]).saturating_add(fees[1]);
            return lots;
        }
        let closing = match self.settings.kind {
            AccountKind::Margin => closing(side, self.position).min(lots),
            AccountKind::Spot => 0,
        };
        let mut payable = closing;
        if payable < lots && self.after(side, ticks, lots).is_affordable(side) {
            payable = lots;
        }
        let mut beyond = lots;
        while beyond - payable > 1 {
            let middle = payable + (beyond - payable) / 2;
            if self.after(side, ticks, middle).is_affordable(side) {
                payable = middle;
            } else {
                beyond = middle;
            }
        }
        *self = self.after(side, ticks, payable);
        payable
    }

    /// Whether it can pay for all that comes.
    pub(super) fn pays_for(mut self, side: Side, pit: &Pit, walk: impl Iterator<Item = Next>) -> bool {
        let mut trades = walk.filter_map(|next| match next {
            Next::Trade { with, ticks, lots } => Some((with, ticks, lots)),
            Next::Meets(_) | Next::Nothing => None,
        });
        trades.all(|(with, ticks, lots)| self.pay(side, with, pit, ticks, lots) == lots)
    }

    fn after(&self, side: Side, ticks: u64, lots: u128) -> Self {
        let worth = worth_of(self.instrument, ticks, lots);
        let (fee, signed) = (self.instrument.fee(worth, false), lots.cast_signed());
        let (lots, paid) = match side {
            Side::Buy => (signed, worth.0),
            Side::Sell => (-signed, -worth.0),
        };
        let paid = Money(self.paid.0.saturating_add(paid).saturating_add(fee.0));
        let (position, given) = (self.position.saturating_add(lots), self.given.saturating_sub(lots));
        Purse { position, paid, given, ..*self }
    }

    fn is_affordable(&self, side: Side) -> bool {
        self.left(side).is_some_and(|left| left >= Money::ZERO)
    }

    /// What is left of what this side pays with.
    fn left(&self, side: Side) -> Option<Money> {
        match self.has {
            Has::Nothing => None,
            Has::Spot { quote, base } => match side {
                Side::Buy => less(quote, self.paid),
                Side::Sell => less(base, amount(self.instrument, self.given)?),
            },
            Has::Margin { worth, needed, rate, mark, far } => {
                let value = mark.worth(self.instrument, self.position)?;
                let equity = plus(worth.equity, rate.convert(less(value, self.paid)?)?)?;
                let exposure = plus(worth.exposure, rate.convert(Money(value.0.checked_abs()?))?)?;
                let open = self.open.beyond_instead(self.position, far, self.instead)?;
                let open = rate.convert(plus(open, self.instrument.fee(open, false))?)?;
                less(less(leveraged(self.settings, equity)?, exposure)?, plus(needed, open)?)
            }
        }
    }
}
