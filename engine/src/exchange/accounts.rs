//! Accounts that clients open, and money that comes in from outside or goes out.

use super::Exchange;
use super::telling::Telling;
use crate::accounts::account::{Account, AccountId, AccountKind, AccountOpened, Transferred};
use crate::accounts::clearing::Clearing;
use crate::accounts::ledger::{AccountNumber, Ledger};
use crate::command::{AccountFault, OpenAccount, Rejection};
use crate::event::Body;
use crate::values::{Decimal, Money, Symbol};

/// How many accounts there may be.
const ACCOUNTS_AT_MOST: usize = 100_000;

/// How many digits of a leverage may follow its point.
const LEVERAGE_DECIMALS: u32 = 9;

impl Exchange {
    pub(super) fn open_account(&self, telling: &mut Telling<'_>, open: &OpenAccount) -> Result<(), Rejection> {
        let OpenAccount { id, kind, currency, leverage, self_trade, ref cash } = *open;
        let found = id.and_then(|id| self.clearing.find_account(id));
        let mut faults = Vec::new();
        if found.is_some_and(|account| account < Clearing::DEFAULT) {
            faults.push(AccountFault::Reserved);
        }
        if !self.clearing.is_currency(currency) {
            faults.push(AccountFault::Currency);
        }
        for &(code, amount) in cash {
            if amount < Money::ZERO {
                faults.push(AccountFault::CashAmount(code));
            }
            if !self.is_worth_something(code, currency)
                && (code != currency || !faults.contains(&AccountFault::Currency))
            {
                faults.push(AccountFault::CashCurrency(code));
            }
        }
        if !is_leverage(leverage, kind) {
            faults.push(AccountFault::Leverage);
        }
        if !faults.is_empty() {
            return Err(Rejection::AccountFaulty(faults));
        }
        if found.is_some() {
            return Err(Rejection::AccountTaken);
        }
        if self.clearing.ledger().len() >= ACCOUNTS_AT_MOST {
            return Err(Rejection::TooManyAccounts);
        }
        cash.iter().try_for_each(|(_, amount)| self.check_sum(*amount))?;
        let (id, cash) = (id.unwrap_or_else(|| self.free_account_id()), cash.clone());
        let opened = AccountOpened { id, kind, currency, leverage, self_trade, cash };
        telling.tell(Body::AccountOpened(Box::new(opened)));
        Ok(())
    }

    pub(super) fn transfer(&self, telling: &mut Telling<'_>, transferred: &Transferred) -> Result<(), Rejection> {
        let Transferred { account, currency, amount } = *transferred;
        let settings = self.trading_account(account)?;
        let mut faults = Vec::new();
        if !self.is_worth_something(currency, settings.currency) {
            faults.push(AccountFault::CashCurrency(currency));
        }
        if amount == Money::ZERO {
            faults.push(AccountFault::Amount);
        }
        if !faults.is_empty() {
            return Err(Rejection::AccountFaulty(faults));
        }
        self.check_sum(amount)?;
        if amount < Money::ZERO {
            self.check_leaving((account, settings), (currency, Money(-amount.0)), telling.at)?;
        }
        telling.tell(Body::Transferred(Box::new(*transferred)));
        Ok(())
    }

    /// An account that clients trade with.
    pub(super) fn trading_account(&self, account: AccountNumber) -> Result<&Account, Rejection> {
        let is_clients = account != Ledger::HOUSE && account != Ledger::FEES;
        self.clearing.account(account).filter(|_| is_clients).ok_or(Rejection::UnknownAccount)
    }

    /// Whether a currency is known, and something leads from it to another one.
    fn is_worth_something(&self, code: Symbol, currency: Symbol) -> bool {
        self.clearing.is_currency(code) && (code == currency || self.rate(code, currency, self.last_at).is_some())
    }

    /// Whatever is transferred, all that is counted stays so.
    fn check_sum(&self, amount: Money) -> Result<(), Rejection> {
        let sum = amount.0.checked_abs().and_then(|sum| sum.checked_add(self.at_stake.0));
        let sum = sum.and_then(|sum| sum.checked_add(self.clearing.ledger().extent().0));
        if sum.is_some_and(|sum| sum <= super::submit::COUNTED_AT_MOST) { Ok(()) } else { Err(Rejection::OutOfRange) }
    }

    /// The name of an account that says none: its number, or the first one after it that nobody took.
    fn free_account_id(&self) -> AccountId {
        let numbers = self.clearing.ledger().len()..;
        let mut ids = numbers.filter_map(|number| AccountId::new(&format!("account-{number}")).ok());
        ids.find(|id| self.clearing.find_account(*id).is_none()).expect("not all are taken")
    }
}

/// Whether an account of this kind may have it.
fn is_leverage(leverage: Decimal, kind: AccountKind) -> bool {
    let most = match kind {
        AccountKind::Margin => OpenAccount::MOST_LEVERAGE.into(),
        AccountKind::Spot => 1,
    };
    let (one, all) = (10_i128.pow(LEVERAGE_DECIMALS), most * 10_i128.pow(LEVERAGE_DECIMALS));
    leverage.units(LEVERAGE_DECIMALS).is_some_and(|units| (one..=all).contains(&units))
}
