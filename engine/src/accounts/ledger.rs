//! Who has what: cash by currency, positions by instrument, of every account.
//!
//! What one has another had: over all accounts, cash sums to what was transferred in, and positions to zero. The house
//! and the fees are accounts too.

use std::collections::BTreeMap;

use super::position::{Position, Trade};
use crate::market::book::Side;
use crate::values::Money;

/// An account, by its place in the ledger.
pub type AccountNumber = u32;
/// An instrument, by the order in which it was listed.
pub type InstrumentNumber = u32;
/// A currency, by the order in which it came up.
pub type CurrencyNumber = u32;

/// One side of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Party {
    /// Whose side it is.
    pub account: AccountNumber,
    /// What the account pays for it beside.
    pub fee: Money,
}

/// A trade, as it is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// What changes hands.
    pub instrument: InstrumentNumber,
    /// In which currency it is paid.
    pub currency: CurrencyNumber,
    /// How much, in lots.
    pub lots: u128,
    /// What one lot comes to.
    pub lot_price: Money,
    /// Who gets it.
    pub buyer: Party,
    /// Who gives it.
    pub seller: Party,
}

/// What an account has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Cash by currency; below zero what is owed.
    pub cash: BTreeMap<CurrencyNumber, Money>,
    /// What came and went beside trades, by currency.
    pub payments: BTreeMap<CurrencyNumber, Payments>,
    /// Positions by instrument, those that are flat again too.
    pub positions: BTreeMap<InstrumentNumber, Position>,
}

/// What an account got and paid of one currency, beside its trades.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payments {
    /// What came in from outside, less what went out.
    pub paid_in: Money,
    /// What was paid in fees.
    pub fees: Money,
}

/// All accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    accounts: Vec<Holdings>,
    /// All that ever came in or went out: no sum over accounts is greater.
    moved: Money,
    /// The largest sum of money that there ever was in it, whatever its sign.
    extent: Money,
}

impl Default for Ledger {
    /// The house and the fees, with nothing.
    fn default() -> Ledger {
        Ledger { accounts: vec![Holdings::default(); 2], moved: Money::ZERO, extent: Money::ZERO }
    }
}

impl Ledger {
    /// The account that quotes.
    pub const HOUSE: AccountNumber = 0;
    /// The account that gets all fees.
    pub const FEES: AccountNumber = 1;

    /// Opens an account that has nothing.
    pub fn open(&mut self) -> AccountNumber {
        self.accounts.push(Holdings::default());
        u32::try_from(self.accounts.len() - 1).expect("accounts are fewer than 2^32")
    }

    /// How many accounts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.accounts.len()
    }

    /// Whether there is none; the house is always there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// What an account has.
    #[must_use]
    pub fn holdings(&self, account: AccountNumber) -> Option<&Holdings> {
        self.accounts.get(account as usize)
    }

    /// Whether a transfer leaves all within the range of what is counted.
    #[must_use]
    pub fn can_transfer(&self, account: AccountNumber, currency: CurrencyNumber, amount: Money) -> bool {
        self.holdings(account).is_some_and(|holdings| holdings.cash_after(currency, amount).is_some())
    }

    /// Money comes in from outside, or goes out: see [`Ledger::can_transfer`].
    pub fn transfer(&mut self, account: AccountNumber, currency: CurrencyNumber, amount: Money) {
        if let Some(holdings) = self.accounts.get_mut(account as usize)
            && let Some(cash) = holdings.cash_after(currency, amount)
        {
            holdings.cash.insert(currency, cash);
            let Payments { paid_in, .. } = holdings.payments.entry(currency).or_default();
            paid_in.0 = paid_in.0.saturating_add(amount.0);
            self.note(cash);
            self.count_moved(amount);
        }
    }

    /// An account has this of a currency: as a store knows it.
    pub(crate) fn restore_cash(&mut self, account: AccountNumber, currency: CurrencyNumber, amount: Money) {
        self.note(amount);
        if let Some(holdings) = self.accounts.get_mut(account as usize) {
            holdings.cash.insert(currency, amount);
        }
    }

    /// An account had these payments: as a store knows it.
    pub(crate) fn restore_payments(&mut self, account: AccountNumber, currency: CurrencyNumber, payments: Payments) {
        self.count_moved(payments.paid_in);
        if let Some(holdings) = self.accounts.get_mut(account as usize) {
            holdings.payments.insert(currency, payments);
        }
    }

    /// Whether a trade leaves all within the range of what is counted.
    #[must_use]
    pub fn can_settle(&self, settlement: &Settlement) -> bool {
        self.after(settlement).is_some()
    }

    /// Settles a trade: see [`Ledger::can_settle`]. One that may not be settled changes nothing.
    pub fn settle(&mut self, settlement: &Settlement) {
        if self.settle_plainly(settlement).is_some() {
            return;
        }
        let Some(touched) = self.after(settlement) else { return };
        for Party { account, fee } in [settlement.buyer, settlement.seller] {
            self.pay_fee(account, settlement.currency, fee);
        }
        for After { account, cash, position } in touched.into_iter().flatten() {
            self.note(cash);
            if let Some(Position { cost, realized, .. }) = position {
                self.note(cost);
                self.note(realized);
            }
            let Some(holdings) = self.accounts.get_mut(account as usize) else { continue };
            holdings.cash.insert(settlement.currency, cash);
            if let Some(position) = position {
                holdings.positions.insert(settlement.instrument, position);
            }
        }
    }

    fn pay_fee(&mut self, account: AccountNumber, currency: CurrencyNumber, fee: Money) {
        if let Some(holdings) = self.accounts.get_mut(account as usize).filter(|_| fee != Money::ZERO) {
            let Payments { fees, .. } = holdings.payments.entry(currency).or_default();
            fees.0 = fees.0.saturating_add(fee.0);
        }
    }

    /// Settles a trade without fees, of so little that nothing can leave the range: nearly all are so, and need not be
    /// looked at twice. `None`, and nothing is done, where it is another.
    fn settle_plainly(&mut self, settlement: &Settlement) -> Option<()> {
        const LITTLE: i128 = i128::MAX / 4;
        let Settlement { instrument, currency, lots, lot_price, buyer, seller } = *settlement;
        let is_plain = (buyer.fee, seller.fee) == (Money::ZERO, Money::ZERO);
        if is_plain && buyer.account == seller.account && self.has_traded_to_nothing(buyer.account, settlement) {
            return Some(());
        }
        let worth = lot_price.times(lots)?.0;
        if !is_plain || self.extent.0 > LITTLE || worth > LITTLE || lots > LITTLE.unsigned_abs() >> 64 {
            return None;
        }
        self.accounts.get(buyer.account.max(seller.account) as usize)?;
        let in_range = "neither its worth nor its count of lots comes near the range";
        if buyer.account == seller.account {
            // What it pays it gets. Who has nothing of it has nothing again.
            let holdings = &mut self.accounts[buyer.account as usize];
            holdings.cash.entry(currency).or_default();
            let position = holdings.positions.entry(instrument).or_default();
            if position.lots != 0 {
                let bought = position.after(Trade { side: Side::Buy, lots, lot_price }).expect(in_range);
                *position = bought.after(Trade { side: Side::Sell, lots, lot_price }).expect(in_range);
                let Position { cost, realized, .. } = *position;
                [cost, realized].into_iter().for_each(|money| self.note(money));
            }
            return Some(());
        }
        for (account, side, paid) in [(buyer.account, Side::Buy, worth), (seller.account, Side::Sell, -worth)] {
            let holdings = &mut self.accounts[account as usize];
            let cash = holdings.cash.entry(currency).or_default();
            cash.0 -= paid;
            let position = holdings.positions.entry(instrument).or_default();
            let after = position.after(Trade { side, lots, lot_price });
            *position = after.expect(in_range);
            let (cash, Position { cost, realized, .. }) = (*cash, *position);
            [cash, cost, realized].into_iter().for_each(|money| self.note(money));
        }
        Some(())
    }

    /// Whether an account has traded this before, and has nothing of it: what it sells itself changes nothing.
    #[inline]
    fn has_traded_to_nothing(&self, account: AccountNumber, settlement: &Settlement) -> bool {
        let Some(Holdings { cash, positions, .. }) = self.holdings(account) else { return false };
        let position = positions.get(&settlement.instrument);
        position.is_some_and(|position| position.lots == 0) && cash.contains_key(&settlement.currency)
    }

    /// An account has this position: as a store knows it.
    pub(crate) fn restore_position(
        &mut self,
        account: AccountNumber,
        instrument: InstrumentNumber,
        position: Position,
    ) {
        self.note(position.cost);
        self.note(position.realized);
        if let Some(holdings) = self.accounts.get_mut(account as usize) {
            holdings.positions.insert(instrument, position);
        }
    }

    /// The largest sum of money that there ever was in it, whatever its sign: how much of the range of what is counted
    /// was needed so far.
    #[must_use]
    pub fn extent(&self) -> Money {
        self.extent
    }

    fn count_moved(&mut self, amount: Money) {
        self.moved.0 = self.moved.0.saturating_add(amount.0.saturating_abs());
        self.note(self.moved);
    }

    fn note(&mut self, money: Money) {
        self.extent = self.extent.max(Money(money.0.saturating_abs()));
    }

    /// What buyer, seller and fees have afterwards, each account once: two of them may be the same.
    fn after(&self, settlement: &Settlement) -> Option<[Option<After>; 3]> {
        let Settlement { lots, lot_price, buyer, seller, .. } = *settlement;
        let worth = lot_price.times(lots)?.0;
        let mut touched = [None; 3];
        for (party, side, paid) in [(buyer, Side::Buy, worth), (seller, Side::Sell, -worth)] {
            let own = self.touch(&mut touched, party.account, settlement)?;
            own.cash = Money(own.cash.0.checked_sub(paid)?.checked_sub(party.fee.0)?);
            own.position = Some(own.position.unwrap_or_default().after(Trade { side, lots, lot_price })?);
        }
        if (buyer.fee, seller.fee) != (Money::ZERO, Money::ZERO) {
            let fees = self.touch(&mut touched, Ledger::FEES, settlement)?;
            fees.cash = Money(fees.cash.0.checked_add(buyer.fee.0.checked_add(seller.fee.0)?)?);
        }
        Some(touched)
    }

    /// An account among those that are touched: as it was left there, or as it stands.
    fn touch<'a>(
        &self,
        touched: &'a mut [Option<After>; 3],
        account: AccountNumber,
        settlement: &Settlement,
    ) -> Option<&'a mut After> {
        let place = touched.iter().position(|after| after.is_none_or(|after| after.account == account))?;
        if touched[place].is_none() {
            let holdings = self.holdings(account)?;
            let cash = holdings.cash.get(&settlement.currency).copied().unwrap_or_default();
            let position = holdings.positions.get(&settlement.instrument).copied();
            touched[place] = Some(After { account, cash, position });
        }
        touched[place].as_mut()
    }
}

/// What an account has of one currency and one instrument.
#[derive(Clone, Copy)]
struct After {
    account: AccountNumber,
    cash: Money,
    position: Option<Position>,
}

impl Holdings {
    fn cash_after(&self, currency: CurrencyNumber, amount: Money) -> Option<Money> {
        let cash = self.cash.get(&currency).copied().unwrap_or_default();
        cash.0.checked_add(amount.0).map(Money)
    }
}
