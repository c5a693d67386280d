//! Instruments that clients list, and what of one may change.

use super::Exchange;
use super::telling::Telling;
use crate::accounts::clearing::Clearing;
use crate::accounts::ledger::InstrumentNumber;
use crate::command::Rejection;
use crate::event::{Body, Event};
use crate::market::hours::Hours;
use crate::market::instrument::{
    Class, Instrument, InstrumentChange, InstrumentChanged, InvalidListing, Listing, Trading,
};
use crate::orders::group::Group;
use crate::orders::row::Row;
use crate::orders::slab::Place;
use crate::values::{Number, Symbol};

impl Exchange {
    pub(super) fn list(
        &self,
        telling: &mut Telling<'_>,
        listing: &Listing,
        hours: Option<Hours>,
    ) -> Result<(), Rejection> {
        Instrument::new(*listing).map_err(Rejection::FaultyListing)?;
        if self.clearing.find(listing.symbol).is_some() {
            return Err(Rejection::AlreadyListed);
        }
        self.check_instruments()?;
        let hours = hours.unwrap_or_else(|| self.hours_of(listing.class));
        telling.tell(Body::Listed(Box::new(Listing { hours, ..*listing })));
        Ok(())
    }

    /// What is so already is no change.
    pub(super) fn change_instrument(
        &self,
        telling: &mut Telling<'_>,
        symbol: Symbol,
        change: &InstrumentChange,
    ) -> Result<(), Rejection> {
        let number = self.clearing.find(symbol).ok_or(Rejection::UnknownSymbol)?;
        let instrument = self.clearing.instrument(number);
        let changed = instrument.changed_by(change);
        if ![changed.maker_fee, changed.taker_fee].into_iter().all(Instrument::is_fee) {
            return Err(Rejection::FaultyListing(vec![InvalidListing::Fee]));
        }
        if changed != instrument.changed_by(&InstrumentChange::default()) {
            telling.tell(Body::InstrumentChanged(Box::new(changed)));
        }
        Ok(())
    }

    /// What is listed for a symbol that nobody knows.
    pub(super) fn unknown(&self, symbol: Symbol) -> Listing {
        let listing = Listing::of_unknown(symbol);
        Listing { hours: self.hours_of(listing.class), ..listing }
    }

    /// When something of this class trades where nothing is said.
    #[must_use]
    pub fn hours_of(&self, class: Class) -> Hours {
        match class {
            Class::Equity => self.equity_hours,
            Class::Forex | Class::Crypto => Hours::Always,
        }
    }

    pub(super) fn check_instruments(&self) -> Result<(), Rejection> {
        if self.pits.len() >= self.max_instruments { Err(Rejection::TooManyInstruments) } else { Ok(()) }
    }

    /// An instrument is otherwise from now on.
    pub(super) fn changed(&mut self, event: &Event, changed: &InstrumentChanged) {
        let Some(number) = self.clearing.find(changed.symbol) else { return };
        let (was_short, was_open) = {
            let instrument = self.clearing.instrument(number);
            (instrument.listing().short, instrument.status == Trading::Open)
        };
        self.clearing.apply(event);
        if was_open != (changed.status == Trading::Open) {
            self.queue_anew(event.at, |of| of == number);
            self.look_for_parts();
        }
        if was_short != changed.short {
            self.count_default(number);
        }
        self.look_around(number, event.at);
    }

    /// The open orders of the account that has no limit are counted where an instrument is sold by whoever has it: from
    /// now on, or no longer.
    fn count_default(&mut self, number: InstrumentNumber) {
        self.reserved.forget(Clearing::DEFAULT, number);
        if !self.is_looked_at(Clearing::DEFAULT, number) {
            return;
        }
        let rows = self.orders.after(Number(0)).filter(|row| row.is_open() && row.instrument == number);
        // A group is counted as one.
        let is_first = |row: &Row| {
            let first = |group: &Group| self.groups.of(group.first).into_iter().flatten().next();
            self.group_of(row).is_none_or(|group| first(group) == Some(row.accepted_number))
        };
        let of_default = rows.filter(|row| self.account_of(row) == Clearing::DEFAULT && is_first(row));
        let placed: Vec<Place> = of_default.filter_map(|row| self.orders.find(row.accepted_number)).collect();
        placed.into_iter().for_each(|placed| self.reserve(placed));
    }
}
