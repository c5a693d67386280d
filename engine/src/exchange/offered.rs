//! What is offered in an instrument at a moment: what clients rest, and what the house quotes beside.

use super::Exchange;
use crate::accounts::ledger::InstrumentNumber;
use crate::market::book::Side;
use crate::market::quoting::Quoting;
use crate::values::{Step, Symbol, Time};

/// What is offered in an instrument, best prices first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// In which.
    pub symbol: Symbol,
    /// What its prices are multiples of.
    pub tick: Step,
    /// What its quantities are multiples of.
    pub lot: Step,
    /// When.
    pub at: Time,
    /// Of two moments between which something changed here, the later one has the greater number. Other changes of the
    /// venue, and steps of its market, count too.
    pub number: u64,
    /// By those who buy.
    pub bids: Vec<Offers>,
    /// By those who sell.
    pub asks: Vec<Offers>,
    /// The price of the last trade, in ticks.
    pub last_ticks: Option<u64>,
}

/// All that is offered at one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offers {
    /// The price, in ticks.
    pub ticks: u64,
    /// How much, in lots.
    pub lots: u128,
}

impl Exchange {
    /// What is offered in an instrument at this time, at most `depth` prices on each side.
    ///
    /// A time before the newest event counts as the time of that event.
    #[must_use]
    pub fn offered(&self, number: InstrumentNumber, at: Time, depth: usize) -> Offered {
        let (instrument, pit) = (self.clearing.instrument(number), &self.pits[number as usize]);
        // What rests trades with a new quote before anybody sees that.
        let at = pit.meets_at.map_or(at, |meets_at| at.min(Time(meets_at.0.saturating_sub(1)))).max(self.last_at);
        let house = self.house(number, at);
        let side = |side: Side| {
            let clients = pit.book.levels(side).map(|level| Offers { ticks: level.price, lots: level.total });
            let house = house.offers(side).map(|offer| Offers { ticks: offer.ticks, lots: offer.lots.into() });
            merged(side, clients.take(depth).chain(house.take(depth)).collect(), depth)
        };
        Offered {
            symbol: instrument.listing().symbol,
            tick: instrument.tick(),
            lot: instrument.lot(),
            at,
            // Both only rise, and nothing changes a book but a change of the venue or another quote of its house.
            number: self.last_number.0.saturating_add(pit.quoted_since(at).0.unsigned_abs()),
            bids: side(Side::Buy),
            asks: side(Side::Sell),
            last_ticks: self.clearing.last_ticks(number),
        }
    }

    /// When what is offered in an instrument may next change by itself after this time, without a change of the venue;
    /// `None` where it does not.
    ///
    /// A time before the newest event counts as the time of that event.
    #[must_use]
    pub fn offer_changes_after(&self, number: InstrumentNumber, at: Time) -> Option<Time> {
        if !self.is_quoted(number) {
            return None;
        }
        let at = at.max(self.last_at);
        // With a session the house begins to quote, or ends.
        let session = self.clearing.instrument(number).listing().hours.changes_after(at);
        let pit = &self.pits[number as usize];
        let quote = self.quoting.changes_after(pit, at).filter(|next| match self.quoting {
            // What is taken of a quote by hand does not come back.
            _ if self.clearing.by_hand(number).is_some() => false,
            _ if pit.rows.next_after(at) == Some(*next) => true,
            Quoting::Frozen => self.house(number, at) != self.house(number, *next),
            Quoting::Moving(_) | Quoting::Nobody => self.trades(number, at),
        });
        session.into_iter().chain(quote).min()
    }
}

/// The best of these, each price once.
fn merged(side: Side, mut offers: Vec<Offers>, depth: usize) -> Vec<Offers> {
    offers.sort_by_key(|offer| match side {
        Side::Buy => u64::MAX - offer.ticks,
        Side::Sell => offer.ticks,
    });
    offers.dedup_by(|next, kept| {
        let is_same = next.ticks == kept.ticks;
        if is_same {
            kept.lots += next.lots;
        }
        is_same
    });
    offers.truncate(depth);
    offers
}
