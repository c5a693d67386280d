//! Rows of quotes: what clients append stands in place of what the house quotes, each row from its time on.

use super::Exchange;
use super::telling::Telling;
use crate::accounts::ledger::InstrumentNumber;
use crate::command::Rejection;
use crate::event::Body;
use crate::market::replay::{AskedRow, QuoteRow, ROWS_AT_MOST, RowFault, Rows, RowsChanged, RowsOf};
use crate::values::{Symbol, Time};

impl Exchange {
    /// Appends rows to those of an instrument, or none of them.
    pub(super) fn append_rows(
        &self,
        telling: &mut Telling<'_>,
        symbol: Symbol,
        asked: &[AskedRow],
    ) -> Result<(), Rejection> {
        let number = self.clearing.find(symbol).ok_or(Rejection::UnknownSymbol)?;
        let (instrument, before) = (self.clearing.instrument(number), &self.pits[number as usize].rows);
        let (mut rows, mut faults) = (Vec::with_capacity(asked.len()), Vec::new());
        let mut last = before.last_at();
        for (place, AskedRow { at, quote }) in asked.iter().enumerate() {
            if last.is_some_and(|last| *at <= last) {
                faults.push((place, RowFault::NotRising));
            }
            last = last.max(Some(*at));
            match instrument.quote(quote) {
                Ok(quote) => rows.push(QuoteRow { at: *at, quote }),
                Err(wrong) => faults.extend(wrong.into_iter().map(|fault| (place, RowFault::Quote(fault)))),
            }
        }
        if !faults.is_empty() {
            return Err(Rejection::FaultyRows(faults));
        }
        if before.len() + rows.len() > ROWS_AT_MOST {
            return Err(Rejection::TooManyRows);
        }
        if !rows.is_empty() {
            self.tell_rows(telling, number, Some(rows));
        }
        Ok(())
    }

    /// Drops all rows of an instrument.
    pub(super) fn drop_rows(&self, telling: &mut Telling<'_>, symbol: Symbol) -> Result<(), Rejection> {
        let number = self.clearing.find(symbol).ok_or(Rejection::UnknownSymbol)?;
        if !self.pits[number as usize].rows.is_empty() {
            self.tell_rows(telling, number, None);
        }
        Ok(())
    }

    fn tell_rows(&self, telling: &mut Telling<'_>, number: InstrumentNumber, rows: Option<Vec<QuoteRow>>) {
        let instrument = self.clearing.instrument(number);
        let (symbol, tick, lot) = (instrument.listing().symbol, instrument.tick(), instrument.lot());
        telling.tell(Body::RowsChanged(Box::new(RowsChanged { symbol, tick, lot, rows })));
    }

    /// An instrument has other rows from now on.
    pub(super) fn rows_changed(&mut self, changed: &RowsChanged, at: Time) {
        let Some(number) = self.clearing.find(changed.symbol) else { return };
        match &changed.rows {
            Some(rows) => self.add_rows(number, rows),
            None => {
                let pit = &mut self.pits[number as usize];
                self.replayed -= usize::from(!pit.rows.is_empty());
                pit.drop_rows(at);
            }
        }
        self.look_around(number, at);
    }

    /// Takes rows as a store has them, after those that it was given of this instrument before.
    pub fn restore_rows(&mut self, symbol: Symbol, rows: &[QuoteRow]) {
        let number = self.clearing.find(symbol);
        number.into_iter().for_each(|number| self.add_rows(number, rows));
    }

    fn add_rows(&mut self, number: InstrumentNumber, rows: &[QuoteRow]) {
        let pit = &mut self.pits[number as usize];
        let had: &Rows = &pit.rows;
        self.replayed += usize::from(had.is_empty() && !rows.is_empty());
        pit.rows.append(rows);
    }

    /// What rows an instrument has.
    #[must_use]
    pub fn rows_of(&self, symbol: Symbol) -> Option<RowsOf> {
        let rows = &self.pits[self.clearing.find(symbol)? as usize].rows;
        Some(RowsOf { symbol, count: rows.len(), first_at: rows.begin(), last_at: rows.last_at() })
    }

    /// Whether the house's quote in an instrument changes by itself: what happens does at its time then, however late
    /// anybody looks.
    #[inline]
    pub(super) fn moves(&self) -> bool {
        self.quoting.moves() || self.replayed > 0
    }
}
