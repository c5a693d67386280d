//! What each account has, by names: cash in a currency, a position in a symbol.

use std::collections::BTreeMap;

use tradepit_engine::Symbol;

pub(crate) const HOUSE: u32 = 0;
pub(crate) const FEES: u32 = 1;
pub(crate) const DEFAULT: u32 = 2;

/// A trade between two accounts, each with the fee that it pays.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deal {
    pub(crate) symbol: Symbol,
    pub(crate) currency: Symbol,
    pub(crate) ticks: u64,
    pub(crate) lots: u128,
    /// What all of them come to.
    pub(crate) worth: i128,
    pub(crate) buyer: (u32, i128),
    pub(crate) seller: (u32, i128),
}

/// How much, with the sign of what is held; what it cost; what was won by what was closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holding {
    pub(crate) lots: i128,
    pub(crate) cost: i128,
    pub(crate) realized: i128,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Accounts {
    pub(crate) cash: BTreeMap<(u32, Symbol), i128>,
    pub(crate) positions: BTreeMap<(u32, Symbol), Holding>,
    /// The largest sum that there ever was after a trade, whatever its sign.
    pub(crate) extent: i128,
}

impl Accounts {
    /// The buyer first: where one account is on both sides, that is what it does first.
    pub(crate) fn settle(&mut self, deal: &Deal) {
        let Deal { symbol, currency, lots, worth, buyer, seller, .. } = *deal;
        for (party, sign) in [(buyer, 1), (seller, -1)] {
            *self.cash.entry((party.0, currency)).or_default() -= sign * worth + party.1;
            let holding = self.positions.entry((party.0, symbol)).or_default();
            *holding = holding.after(sign * lots.cast_signed(), sign * worth);
        }
        if buyer.1 + seller.1 > 0 {
            *self.cash.entry((FEES, currency)).or_default() += buyer.1 + seller.1;
        }
        for account in [buyer.0, seller.0, FEES] {
            let holding = self.positions.get(&(account, symbol)).copied().unwrap_or_default();
            let cash = self.cash.get(&(account, currency)).copied().unwrap_or_default();
            for sum in [cash, holding.cost, holding.realized] {
                self.extent = self.extent.max(sum.abs());
            }
        }
    }

    /// What cash there must be after these trades, each account by itself.
    pub(crate) fn cash_of(deals: &[Deal], account: u32, currency: Symbol) -> i128 {
        let mut cash = 0;
        for deal in deals.iter().filter(|deal| deal.currency == currency) {
            let fees = deal.buyer.1 + deal.seller.1;
            cash += if account == FEES { fees } else { 0 };
            cash -= if deal.buyer.0 == account { deal.worth + deal.buyer.1 } else { 0 };
            cash += if deal.seller.0 == account { deal.worth - deal.seller.1 } else { 0 };
        }
        cash
    }
}

impl Holding {
    /// After so many lots more, or less, that came to this: both have the sign of the trade.
    fn after(self, lots: i128, worth: i128) -> Holding {
        let Holding { lots: held, cost, realized } = self;
        if held == 0 || (held > 0) == (lots > 0) {
            return Holding { lots: held + lots, cost: cost + worth, realized };
        }
        let price = worth / lots;
        if lots.abs() > held.abs() {
            // All that is held is closed, and the rest begins anew.
            let rest = held + lots;
            return Holding { lots: rest, cost: rest * price, realized: realized + held * price - cost };
        }
        let share = share(cost, lots.unsigned_abs(), held.unsigned_abs());
        Holding { lots: held + lots, cost: cost - share, realized: realized - lots * price - share }
    }
}

/// `amount` × `part` / `whole`, half to even. The product is never written down: it is built bit by bit of `part`, and
/// the whole is taken out of it at once.
pub(crate) fn share(amount: i128, part: u128, whole: u128) -> i128 {
    let size = amount.unsigned_abs();
    let (mut all, mut rest) = (0_u128, 0_u128);
    for bit in (0..u128::BITS).rev() {
        let adds = (part >> bit) & 1;
        let (more, over) = (adds * (size / whole), adds * (size % whole));
        let sum = 2 * rest + over;
        (all, rest) = (2 * all + more + sum / whole, sum % whole);
    }
    let rounds_up = 2 * rest > whole || (2 * rest == whole && all % 2 == 1);
    let share = (all + u128::from(rounds_up)).cast_signed();
    if amount < 0 { -share } else { share }
}
