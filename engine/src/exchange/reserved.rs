//! What is open of those accounts that are looked at: kept as events come, so that nobody has to search for it.
//!
//! Those are the accounts that clients opened, and, where an instrument is sold by whoever has it, all.

use super::Exchange;
use crate::accounts::clearing::Clearing;
use crate::accounts::commitments::{Commitments, Committed};
use crate::accounts::ledger::{AccountNumber, InstrumentNumber};
use crate::orders::group::Group;
use crate::orders::row::Row;
use crate::orders::slab::Place;
use crate::orders::state::State;
use crate::orders::terms::{Progress, Terms};
use crate::sheets::Sorted;

/// The open orders of the accounts that are looked at, by account and instrument. None is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reserved(Sorted<(AccountNumber, InstrumentNumber), Commitments>);

impl Reserved {
    pub(super) fn of(&self, account: AccountNumber, number: InstrumentNumber) -> Option<&Commitments> {
        self.0.get(&(account, number))
    }

    /// A copy shares it from now on.
    pub(super) fn share(&mut self) {
        self.0.share_each(Commitments::share);
    }

    /// Nothing is counted of an account in an instrument any more.
    pub(super) fn forget(&mut self, account: AccountNumber, number: InstrumentNumber) {
        self.0.remove(&(account, number));
    }

    /// All of an account.
    pub(super) fn all_of(&self, account: AccountNumber) -> impl Iterator<Item = (InstrumentNumber, &Commitments)> {
        let since = self.0.since((account, InstrumentNumber::MIN));
        since.take_while(move |((own, _), _)| *own == account).map(|((_, number), open)| (*number, open))
    }
}

impl Exchange {
    /// Whose an order is; a native one is the default account's.
    pub(super) fn account_of(&self, row: &Row) -> AccountNumber {
        row.rich.get().map_or(Clearing::DEFAULT, |place| self.rich[place].account())
    }

    /// What an order is counted as, if its account is looked at and it is open.
    pub(super) fn committed(&self, row: &Row) -> Option<(AccountNumber, Committed)> {
        let held = &self.rich[row.rich.get()?];
        if let Some(group) = held.group() {
            return self.committed_by_group(row, group);
        }
        if !row.is_open() || !self.is_looked_at(held.account(), row.instrument) {
            return None;
        }
        let (instrument, progress) = (self.clearing.instrument(row.instrument), held.progress(row.changed_at));
        let committed = Committed::of(instrument, &held.terms(), &progress);
        (committed.lots > 0).then_some((held.account(), committed))
    }

    /// What the orders of a group are counted as together: a parent alone, else the greater of what its legs are. One
    /// that waits for its parent is nothing yet.
    fn committed_by_group(&self, row: &Row, group: &Group) -> Option<(AccountNumber, Committed)> {
        let account = self.account_of(row);
        if !self.is_looked_at(account, row.instrument) {
            return None;
        }
        let acting = self.groups.of(group.first).into_iter().flatten();
        let acting = acting.filter_map(|member| self.orders.get(member)).filter(|row| row.state != State::Held);
        let each = acting.filter_map(|row| self.committed_alone(row));
        each.reduce(Committed::or_greater).map(|greatest| (account, greatest))
    }

    fn committed_alone(&self, row: &Row) -> Option<Committed> {
        let held = &self.rich[row.rich.get()?];
        let (instrument, progress) = (self.clearing.instrument(row.instrument), held.progress(row.changed_at));
        Some(Committed::of(instrument, &held.terms(), &progress)).filter(|committed| committed.lots > 0)
    }

    /// What an open order would be counted as that asks for this instead; nothing where it waits for its parent.
    pub(super) fn committed_instead(&self, row: &Row, terms: &Terms, progress: &Progress) -> Option<Committed> {
        let own = Committed::of(self.clearing.instrument(row.instrument), terms, progress);
        let rival = self.rival(row).and_then(|rival| self.orders.get(rival));
        let rival = rival.filter(|rival| rival.state != State::Held).and_then(|rival| self.committed_alone(rival));
        let both = rival.map_or(own, |rival| own.or_greater(rival));
        (row.state != State::Held).then_some(both)
    }

    /// Whether the open orders of an account in an instrument are counted.
    pub(super) fn is_looked_at(&self, account: AccountNumber, number: InstrumentNumber) -> bool {
        account > Clearing::DEFAULT || !self.clearing.instrument(number).listing().short
    }

    /// An order is open from now on, or otherwise than before.
    #[inline]
    pub(super) fn reserve(&mut self, placed: Place) {
        if self.clearing.has_limits() {
            self.count(placed, |open, committed| {
                // All that could be at stake was looked at when the order was accepted.
                open.add(committed).expect("what is at stake is counted");
            });
        }
    }

    /// An order is about to be otherwise: what it is counted as goes.
    #[inline]
    pub(super) fn release(&mut self, placed: Place) {
        if self.clearing.has_limits() {
            self.count(placed, Commitments::remove);
        }
    }

    #[inline(never)]
    fn count(&mut self, placed: Place, count: impl FnOnce(&mut Commitments, Committed)) {
        let row = &self.orders[placed];
        let Some((account, committed)) = self.committed(row) else { return };
        let key = (account, row.instrument);
        let open = self.reserved.0.entry(key);
        count(open, committed);
        if open.is_empty() {
            self.reserved.0.remove(&key);
        }
    }
}
