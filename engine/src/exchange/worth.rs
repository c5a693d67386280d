//! What an account has, as it is worth in one currency.

use super::Exchange;
use crate::accounts::account::Account;
use crate::accounts::ledger::{AccountNumber, InstrumentNumber};
use crate::market::instrument::Instrument;
use crate::values::{Money, Symbol, Time};

/// What an account has, in its own currency.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Worth {
    /// Cash and positions.
    pub(super) equity: Money,
    /// The size of all positions.
    pub(super) exposure: Money,
    /// What was won by what is closed, before fees.
    pub(super) realized: Money,
    /// What would be won by closing what is open, before fees.
    pub(super) unrealized: Money,
    /// What was paid in fees.
    pub(super) fees: Money,
}

impl Exchange {
    /// What an account has, in a currency, but for its position in one instrument; `None` where it is out of range, or
    /// nothing leads to that currency.
    pub(super) fn worth(
        &self,
        account: AccountNumber,
        currency: Symbol,
        but: Option<InstrumentNumber>,
        at: Time,
    ) -> Option<Worth> {
        let holdings = self.clearing.ledger().holdings(account)?;
        let mut worth = Worth::default();
        for (&own, &cash) in holdings.cash.iter().filter(|(_, cash)| **cash != Money::ZERO) {
            let rate = self.rate(self.clearing.currency(own)?, currency, at)?;
            worth.equity = plus(worth.equity, rate.convert(cash)?)?;
        }
        for (&own, payments) in holdings.payments.iter().filter(|(_, payments)| payments.fees != Money::ZERO) {
            let rate = self.rate(self.clearing.currency(own)?, currency, at)?;
            worth.fees = plus(worth.fees, rate.convert(payments.fees)?)?;
        }
        for (&number, position) in holdings.positions.iter().filter(|(number, _)| Some(**number) != but) {
            let instrument = self.clearing.instrument(number);
            if position.lots == 0 && position.realized == Money::ZERO {
                continue;
            }
            let rate = self.rate(instrument.listing().quote, currency, at)?;
            worth.realized = plus(worth.realized, rate.convert(position.realized)?)?;
            if position.lots != 0 {
                let value = self.mark(number, at).worth(instrument, position.lots)?;
                let own = rate.convert(value)?;
                worth.equity = plus(worth.equity, own)?;
                worth.exposure = plus(worth.exposure, Money(own.0.checked_abs()?))?;
                worth.unrealized = plus(worth.unrealized, rate.convert(less(value, position.cost)?)?)?;
            }
        }
        Some(worth)
    }

    pub(super) fn position_lots(&self, account: AccountNumber, number: InstrumentNumber) -> i128 {
        let holdings = self.clearing.ledger().holdings(account);
        holdings.and_then(|holdings| holdings.positions.get(&number)).map_or(0, |position| position.lots)
    }

    /// What an account that borrows nothing has of a code: cash, and what was bought of it.
    pub(super) fn spot_total(&self, account: AccountNumber, code: Symbol) -> Option<Money> {
        let holdings = self.clearing.ledger().holdings(account)?;
        let currency = self.clearing.find_currency(code);
        let cash = currency.and_then(|currency| holdings.cash.get(&currency)).copied().unwrap_or_default();
        holdings.positions.iter().try_fold(cash, |sum, (&number, position)| {
            let instrument = self.clearing.instrument(number);
            if instrument.listing().base == code { plus(sum, amount(instrument, position.lots)?) } else { Some(sum) }
        })
    }
}

/// So many lots, as an amount of what is bought and sold.
pub(super) fn amount(instrument: &Instrument, lots: i128) -> Option<Money> {
    Some(Money(lots.checked_mul(instrument.lot().size().units(Money::DECIMALS)?)?))
}

pub(super) fn leveraged(settings: &Account, equity: Money) -> Option<Money> {
    let decimals = settings.leverage.decimals();
    let times = u128::try_from(settings.leverage.units(decimals)?).ok()?;
    equity.share(times, 10_u128.checked_pow(decimals)?)
}

pub(super) fn plus(one: Money, other: Money) -> Option<Money> {
    one.0.checked_add(other.0).map(Money)
}

pub(super) fn less(one: Money, other: Money) -> Option<Money> {
    one.0.checked_sub(other.0).map(Money)
}
