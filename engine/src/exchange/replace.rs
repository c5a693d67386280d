//! A new order in place of one that is open: at one moment, without delay, last in line.

use super::Exchange;
use super::amend::replaced_terms;
use super::native::rich_native;
use super::telling::Telling;
use crate::accounts::commitments::Instead;
use crate::command::{Rejection, Replace};
use crate::event::{Accepted, Body, Replaced};
use crate::market::instrument::Trading;
use crate::orders::kin::Kin;
use crate::orders::terms::{Progress, Rich};
use crate::values::Quantity;

impl Exchange {
    /// The old order ends, and the new one is accepted; it arrives before anything else happens.
    pub(super) fn replace(&self, telling: &mut Telling<'_>, replace: &Replace) -> Result<(), Rejection> {
        let row = self.orders.get(replace.accepted_number).ok_or(Rejection::UnknownOrder)?;
        let (account, origin) = (self.account_of(row), replace.origin.as_deref());
        self.check_names(origin, account, |order| order.is_in_place_of(row.id, &replace.amendment, origin))?;
        if !row.is_open() {
            return Err(Rejection::OrderClosed);
        }
        let instrument = self.pit(row).0;
        let before = self.rich_of(row, instrument).unwrap_or_else(|| rich_native(row, instrument));
        let terms = replaced_terms(&before, &replace.amendment, instrument, telling.at)?;
        let whole =
            || u64::try_from(instrument.rounded_up(terms.lots)).ok().and_then(|whole| Quantity::new(whole).ok());
        let quantity = replace.quantity.or_else(whole).unwrap_or(row.quantity.get());
        if instrument.status == Trading::Closed && !self.is_native(row, account, &terms, quantity) {
            return Err(Rejection::InstrumentClosed);
        }
        let legs = self.held_legs(row).count() as u128;
        self.check_range(instrument, instrument.most_lots(&terms).saturating_mul(1 + legs))?;
        let instead = || Instead {
            without: self.committed(row).map(|(_, before)| before),
            with: self.committed_instead(row, &terms, &Progress::accepted(telling.at)),
        };
        self.check_payable(account, row.instrument, instead, telling.at)?;
        let (order, by, at) = (self.refer(row), replace.id, telling.at);
        let of_native = row.rich.get().is_none().then_some(before);
        telling.tell(Body::Replaced(Box::new(Replaced { order, by, rich: of_native })));
        let group = before.kin.group.map(|group| self.in_place_of(row, group));
        let kin = Kin { replaces: Some(row.id), replaced_by: None, group };
        let rich = telling.told.rich(|| Rich { terms, progress: Progress::accepted(at), first: None, kin, ..before });
        let (symbol, origin) = (order.symbol, replace.origin.clone());
        let accepted = Accepted { id: by, symbol, quantity, due_at: Some(at), origin, rich: Some(rich) };
        telling.tell(Body::Accepted(accepted));
        self.amend_legs(telling, row, &before, &terms);
        Ok(())
    }
}
