//! What an account may still take on, and whether it can pay for an order when that is accepted, or amended.

use super::Exchange;
use super::worth::{Worth, amount, less, leveraged, plus};
use crate::accounts::account::{Account, AccountKind};
use crate::accounts::commitments::{Commitments, Committed, Far, Instead};
use crate::accounts::ledger::{AccountNumber, InstrumentNumber};
use crate::command::Rejection;
use crate::market::book::Side;
use crate::market::instrument::Instrument;
use crate::market::triggers::Waits;
use crate::orders::terms::{Progress, Terms};
use crate::values::{Money, Symbol, Time};

/// Nobody has anything open.
const NOTHING: &Commitments = &Commitments::NOTHING;

impl Exchange {
    /// Refuses an order for which its account cannot pay, or by which it would sell what it has not.
    #[inline]
    pub(super) fn check_payable(
        &self,
        account: AccountNumber,
        number: InstrumentNumber,
        instead: impl FnOnce() -> Instead,
        at: Time,
    ) -> Result<(), Rejection> {
        // Of most orders nothing is counted: what would be open instead is not asked for.
        if self.is_looked_at(account, number) { self.check_paid(account, number, instead(), at) } else { Ok(()) }
    }

    fn check_paid(
        &self,
        account: AccountNumber,
        number: InstrumentNumber,
        instead: Instead,
        at: Time,
    ) -> Result<(), Rejection> {
        let (Some(settings), Some(with)) = (self.clearing.account(account), instead.with) else { return Ok(()) };
        let (instrument, position) = (self.clearing.instrument(number), self.position_lots(account, number));
        let grows = instead.without.is_none_or(|without| with.lots > without.lots);
        let open = self.open_of(account, number).lots_instead(with.side, instead);
        // What an account that borrows nothing has need not be a position.
        let is_short = with.side == Side::Sell && position.max(0).unsigned_abs() < open;
        if is_short && grows && !instrument.listing().short && settings.kind == AccountKind::Margin {
            return Err(Rejection::ShortNotAllowed);
        }
        if !settings.is_limited() {
            return Ok(());
        }
        self.rate(instrument.listing().quote, settings.currency, at).ok_or(Rejection::NoConversion)?;
        let left = match settings.kind {
            AccountKind::Margin => self.margin_left(account, settings, (number, instead), at),
            AccountKind::Spot => self.spot_left(account, paid_with(instrument, with.side), (number, instead), at),
        };
        let is_reducing = match settings.kind {
            AccountKind::Margin => closing(with.side, position) >= open,
            AccountKind::Spot => false,
        };
        // What takes no more than before is taken, however little is left.
        let takes_more = || {
            let needs = |instead| match settings.kind {
                AccountKind::Margin => self.needed(account, settings.currency, (number, instead), at),
                AccountKind::Spot => self.locked(account, paid_with(instrument, with.side), (number, instead), at),
            };
            grows || needs(instead) > needs(Instead::default())
        };
        match left {
            Some(left) if left >= Money::ZERO || is_reducing || !takes_more() => Ok(()),
            Some(_) => Err(Rejection::InsufficientBuyingPower),
            None => Err(Rejection::OutOfRange),
        }
    }

    /// Whether so much of a currency may leave an account.
    pub(super) fn check_leaving(
        &self,
        (account, settings): (AccountNumber, &Account),
        (code, amount): (Symbol, Money),
        at: Time,
    ) -> Result<(), Rejection> {
        if !settings.is_limited() {
            return Ok(());
        }
        let none = (InstrumentNumber::MAX, Instead::default());
        let left = match settings.kind {
            AccountKind::Margin => {
                let left = self.margin_left(account, settings, none, at);
                let rate = self.rate(code, settings.currency, at);
                let leaves = rate.and_then(|rate| leveraged(settings, rate.convert(amount)?));
                left.zip(leaves).and_then(|(left, leaves)| left.0.checked_sub(leaves.0))
            }
            AccountKind::Spot => self.spot_left(account, code, none, at).and_then(|left| left.0.checked_sub(amount.0)),
        };
        if left.is_some_and(|left| left >= 0) { Ok(()) } else { Err(Rejection::InsufficientBuyingPower) }
    }

    /// What an account may still take on; `None` where it has no limit, or that is out of range.
    pub(super) fn buying_power(&self, account: AccountNumber, settings: &Account, at: Time) -> Option<Money> {
        let none = (InstrumentNumber::MAX, Instead::default());
        match settings.kind {
            _ if !settings.is_limited() => None,
            AccountKind::Margin => self.margin_left(account, settings, none, at),
            AccountKind::Spot => self.spot_left(account, settings.currency, none, at),
        }
    }

    /// Leverage × equity, less the size of all positions, less what open orders would take.
    fn margin_left(
        &self,
        account: AccountNumber,
        settings: &Account,
        instead: (InstrumentNumber, Instead),
        at: Time,
    ) -> Option<Money> {
        let Worth { equity, exposure, .. } = self.worth(account, settings.currency, None, at)?;
        let needed = self.needed(account, settings.currency, instead, at)?;
        less(less(leveraged(settings, equity)?, exposure)?, needed)
    }

    /// What is there of a code, less what open orders hold of it.
    fn spot_left(
        &self,
        account: AccountNumber,
        code: Symbol,
        instead: (InstrumentNumber, Instead),
        at: Time,
    ) -> Option<Money> {
        less(self.spot_total(account, code)?, self.locked(account, code, instead, at)?)
    }

    /// What its open orders hold of a code: buys what they would pay, with the fee, sells what they would give.
    pub(super) fn locked(
        &self,
        account: AccountNumber,
        code: Symbol,
        instead: (InstrumentNumber, Instead),
        at: Time,
    ) -> Option<Money> {
        self.open_instead(account, instead).try_fold(Money::ZERO, |sum, (number, open, instead)| {
            let instrument = self.clearing.instrument(number);
            let (mut sum, listing) = (sum, instrument.listing());
            if listing.quote == code {
                let worth = open.worth_of(Side::Buy, 0, self.far(number, at), instead)?;
                sum = plus(plus(sum, worth)?, instrument.fee(worth, false))?;
            }
            if listing.base == code {
                let lots = i128::try_from(open.lots_instead(Side::Sell, instead)).ok()?;
                sum = plus(sum, amount(instrument, lots)?)?;
            }
            Some(sum)
        })
    }

    /// What open orders would take of buying power, in this currency.
    fn needed(
        &self,
        account: AccountNumber,
        currency: Symbol,
        instead: (InstrumentNumber, Instead),
        at: Time,
    ) -> Option<Money> {
        self.open_instead(account, instead).try_fold(Money::ZERO, |sum, (number, open, instead)| {
            let position = self.position_lots(account, number);
            plus(sum, self.needed_in(number, (open, instead), position, currency, at)?)
        })
    }

    /// The same, in one instrument, beside a position.
    pub(super) fn needed_in(
        &self,
        number: InstrumentNumber,
        (open, instead): (&Commitments, Instead),
        position: i128,
        currency: Symbol,
        at: Time,
    ) -> Option<Money> {
        let instrument = self.clearing.instrument(number);
        let worth = open.beyond_instead(position, self.far(number, at), instead)?;
        let rate = self.rate(instrument.listing().quote, currency, at)?;
        rate.convert(plus(worth, instrument.fee(worth, false))?)
    }

    /// What an account has open, by instrument; in one of them something else.
    fn open_instead(
        &self,
        account: AccountNumber,
        (of, instead): (InstrumentNumber, Instead),
    ) -> impl Iterator<Item = (InstrumentNumber, &Commitments, Instead)> {
        let is_missing = instead.with.is_some() && self.reserved.of(account, of).is_none();
        let missing = is_missing.then_some((of, NOTHING, instead));
        let open = self
            .reserved
            .all_of(account)
            .map(move |(number, open)| (number, open, if number == of { instead } else { Instead::default() }));
        open.chain(missing)
    }

    pub(super) fn open_of(&self, account: AccountNumber, number: InstrumentNumber) -> &Commitments {
        self.reserved.of(account, number).unwrap_or(NOTHING)
    }

    /// What a lot comes to for whoever takes any price: the best of the other side, else the mark.
    pub(super) fn far(&self, number: InstrumentNumber, at: Time) -> Far {
        let instrument = self.clearing.instrument(number);
        let worth = |best: Option<u64>| match best {
            Some(ticks) => instrument.lot_price(ticks),
            None => self.mark(number, at).worth(instrument, 1).unwrap_or_default(),
        };
        let (bid, ask) = self.touch(number, at);
        Far { buy: worth(ask), sell: worth(bid) }
    }
}

/// What an account that borrows nothing pays with.
pub(super) fn paid_with(instrument: &Instrument, side: Side) -> Symbol {
    match side {
        Side::Buy => instrument.listing().quote,
        Side::Sell => instrument.listing().base,
    }
}

/// How many lots of a position this side closes.
pub(super) fn closing(side: Side, position: i128) -> u128 {
    match side {
        Side::Sell if position > 0 => position.unsigned_abs(),
        Side::Buy if position < 0 => position.unsigned_abs(),
        Side::Buy | Side::Sell => 0,
    }
}

impl Committed {
    /// What is left of an order.
    pub(super) fn of(instrument: &Instrument, terms: &Terms, progress: &Progress) -> Committed {
        let Terms { side, order_type, .. } = *terms;
        // A stop without a limit counts at the price that it waits for; one that trails, at the present one.
        let waits_for = || match order_type.waits()? {
            Waits::At(ticks) => Some(ticks),
            Waits::Behind(trail) => trail.price(side, progress.mark?),
        };
        let ticks = terms.limit_ticks().or_else(waits_for);
        let lot_price = ticks.map(|ticks| instrument.lot_price(ticks));
        Committed { side, lots: terms.lots.saturating_sub(progress.filled), lot_price }
    }
}
