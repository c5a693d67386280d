//! Native orders: many that buy all from the house at one price are decided in one go; one that does otherwise is what
//! a rich order is that asks for the same.

use super::telling::Telling;
use super::{EXECUTE_AT_MOST, Exchange};
use crate::accounts::clearing::Clearing;
use crate::accounts::ledger::InstrumentNumber;
use crate::event::{Body, HouseTrade};
use crate::market::book::Side;
use crate::market::instrument::Instrument;
use crate::market::quoting::Quote;
use crate::orders::kin::Kin;
use crate::orders::row::Row;
use crate::orders::terms::{OrderType, Progress, Rich, Terms, TimeInForce};
use crate::values::{Quantity, Time};

impl Exchange {
    /// The native orders that are due buy, each all from the house at one price; returns the first where that does
    /// otherwise, or is none.
    pub(super) fn buy_due(&self, telling: &mut Telling<'_>, now: Time) -> Option<&Row> {
        let mut bought = Bought::default();
        let due = self.open_and_due(self.in_one_go(telling.at, now));
        telling.told.reserve(due.len());
        for row in due {
            if self.moves() {
                telling.at = row.due_at().map_or(telling.at, |due_at| telling.at.max(due_at));
            }
            let trade = if row.rich.get().is_none() && self.plan_of(row).is_none() {
                self.buy_at_once(row, telling.at, &mut bought)
            } else {
                None
            };
            match trade {
                Some(trade) => {
                    telling.tell(Body::Bought(trade));
                    if bought.is_spent {
                        // Whom that triggers comes before whoever arrives next, and finds another price.
                        break;
                    }
                }
                None if telling.told.is_empty() => return Some(row),
                None => break,
            }
        }
        None
    }

    /// The orders that are due by `now` and open, earliest first, at most [`EXECUTE_AT_MOST`].
    ///
    /// They were last touched when they were accepted, so each waits for memory: here they wait together, and whoever
    /// uses them next does not.
    fn open_and_due(&self, now: Time) -> Vec<&Row> {
        let mut due = self.agenda.by(now);
        let (mut open, mut looked_at) = (Vec::new(), Vec::new());
        loop {
            let next = due.by_ref().take(EXECUTE_AT_MOST - open.len());
            looked_at.extend(next.map(|due| (due, self.orders.get(due.accepted()))));
            if looked_at.is_empty() {
                return open;
            }
            open.extend(looked_at.drain(..).filter_map(|(due, row)| row.filter(|row| self.is_awaited(row, due))));
        }
    }

    /// The trade by which a native order buys all from the house at one price; `None` where that is not what happens.
    fn buy_at_once(&self, row: &Row, now: Time, bought: &mut Bought) -> Option<HouseTrade> {
        let (instrument, pit) = self.pit(row);
        let lots = instrument.whole_lots(row.quantity.get());
        if !instrument.trades(now) {
            let ticks = self.mark_above(row.instrument, now);
            let fee = instrument.fee(instrument.lot_price(ticks).times(lots)?, false);
            return Some(HouseTrade { order: self.refer(row), ticks, tick: instrument.tick(), fee });
        }
        let ticks = match (self.sells(row.instrument, now), pit.book.best(Side::Sell)) {
            // At one price clients come first.
            (Some(house), Some(client)) if client <= house.ticks => return None,
            (None, Some(_)) => return None,
            (Some(house), _) => {
                let (all, left) = (bought.of(row, pit.quote_at(now)), u128::from(house.left));
                let before = *all;
                *all = all.checked_add(lots).filter(|&all| all <= left || house.is_endless)?;
                bought.is_spent = before < left && *all >= left;
                house.ticks
            }
            (None, None) => instrument.reference_ticks(),
        };
        let fee = instrument.fee(instrument.lot_price(ticks).times(lots)?, false);
        Some(HouseTrade { order: self.refer(row), ticks, tick: instrument.tick(), fee })
    }
}

/// How much was bought from the house in each instrument, of which quote, by the orders that are decided in one go.
#[derive(Default)]
struct Bought {
    of: Vec<(InstrumentNumber, Quote, u128)>,
    /// Whether the last one took all there was at its price.
    is_spent: bool,
}

impl Bought {
    fn of(&mut self, row: &Row, quote: Quote) -> &mut u128 {
        let number = row.instrument;
        let place = self.of.iter().position(|bought| bought.0 == number).unwrap_or_else(|| {
            self.of.push((number, quote, 0));
            self.of.len() - 1
        });
        let bought = &mut self.of[place];
        if bought.1 != quote {
            *bought = (number, quote, 0);
        }
        &mut bought.2
    }
}

/// What a rich order would ask for that is this native one.
pub(super) fn native_terms(quantity: Quantity, instrument: &Instrument) -> Terms {
    Terms {
        side: Side::Buy,
        order_type: OrderType::Market,
        time_in_force: TimeInForce::GoodTillCancelled,
        post_only: false,
        lots: instrument.whole_lots(quantity),
        expires_at: None,
    }
}

pub(super) fn rich_native(row: &Row, instrument: &Instrument) -> Rich {
    let (tick, lot) = (instrument.tick(), instrument.lot());
    let (terms, progress) = (native_terms(row.quantity.get(), instrument), Progress::accepted(row.accepted_at));
    Rich { account: Clearing::DEFAULT, tick, lot, terms, progress, first: None, kin: Kin::default() }
}
