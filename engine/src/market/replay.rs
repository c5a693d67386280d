//! Quotes that clients recorded, or made up: each stands in place of the house's own from its time on, until the next.

use super::book::Side;
use super::by_hand::{AskedQuote, HandQuote, QuoteFault};
use super::moving::{Awaited, Touch};
use crate::sheets::{Numbered, SHEET};
use crate::values::{Step, Symbol, Time};

/// A quote that a client asks for, from a time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedRow {
    /// From when on.
    pub at: Time,
    /// What the house shall quote.
    pub quote: AskedQuote,
}

/// A quote, and from when on it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteRow {
    /// From when on.
    pub at: Time,
    /// What the house quotes.
    pub quote: HandQuote,
}

/// What an instrument has of recorded quotes from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsChanged {
    /// Which.
    pub symbol: Symbol,
    /// What its prices are multiples of.
    pub tick: Step,
    /// What its quantities are multiples of.
    pub lot: Step,
    /// What is appended, rising by time; `None` where all are dropped.
    pub rows: Option<Vec<QuoteRow>>,
}

/// Which rows of quotes there are, or are new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowsOf {
    /// In which instrument.
    pub symbol: Symbol,
    /// How many.
    pub count: usize,
    /// From when on the first of them stands.
    pub first_at: Option<Time>,
    /// From when on the last does.
    pub last_at: Option<Time>,
}

impl RowsChanged {
    /// What is appended: nothing where all are dropped.
    #[must_use]
    pub fn appended(&self) -> RowsOf {
        let rows = self.rows.as_deref().unwrap_or_default();
        let at = |row: Option<&QuoteRow>| row.map(|row| row.at);
        RowsOf { symbol: self.symbol, count: rows.len(), first_at: at(rows.first()), last_at: at(rows.last()) }
    }
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFault {
    /// What the instrument does not allow of its quote.
    Quote(QuoteFault),
    /// Its time is not after that of the row before it.
    NotRising,
}

/// So many rows an instrument has at most.
pub const ROWS_AT_MOST: usize = 1_000_000;

/// Of so many rows in line the extremes are known: of those on a sheet.
const BLOCK: usize = SHEET;

/// The rows of one instrument, rising by time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    rows: Numbered<QuoteRow>,
    blocks: Vec<Extremes>,
}

/// Between what the best prices of some rows lie.
#[derive(Clone, Copy, Debug)]
struct Extremes {
    lowest: Touch,
    highest: Touch,
}

impl Extremes {
    fn with(self, touch: Touch) -> Extremes {
        let Extremes { lowest, highest } = self;
        Extremes {
            lowest: Touch { bid: lowest.bid.min(touch.bid), ask: lowest.ask.min(touch.ask) },
            highest: Touch { bid: highest.bid.max(touch.bid), ask: highest.ask.max(touch.ask) },
        }
    }

    /// Whether one of the rows may have what is waited for.
    fn may_reach(&self, awaited: &Awaited) -> bool {
        awaited.is_reached(Touch { bid: self.lowest.bid, ask: self.highest.ask })
            || awaited.is_reached(Touch { bid: self.highest.bid, ask: self.lowest.ask })
    }
}

impl QuoteRow {
    fn touch(&self) -> Touch {
        Touch { bid: self.quote.offer(Side::Buy).ticks, ask: self.quote.offer(Side::Sell).ticks }
    }
}

impl Rows {
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// A copy shares them from now on.
    pub(crate) fn share(&mut self) {
        self.rows.share();
    }

    /// When the first begins.
    pub(crate) fn begin(&self) -> Option<Time> {
        self.rows.first().map(|row| row.at)
    }

    /// The time of the last.
    pub(crate) fn last_at(&self) -> Option<Time> {
        self.rows.last().map(|row| row.at)
    }

    /// Appends rows that come after all there are.
    pub(crate) fn append(&mut self, rows: &[QuoteRow]) {
        for row in rows {
            let touch = row.touch();
            match self.blocks.last_mut().filter(|_| !self.rows.len().is_multiple_of(BLOCK)) {
                Some(block) => *block = block.with(touch),
                None => self.blocks.push(Extremes { lowest: touch, highest: touch }),
            }
            self.rows.push(*row);
        }
    }

    /// The row that stands at this time, and how many are before it.
    pub(crate) fn at(&self, at: Time) -> Option<(usize, &QuoteRow)> {
        let place = self.rows.partition_point(|row| row.at <= at).checked_sub(1)?;
        Some((place, self.rows.get(place)?))
    }

    /// When the next row begins after this time.
    pub(crate) fn next_after(&self, at: Time) -> Option<Time> {
        self.rows.get(self.rows.partition_point(|row| row.at <= at)).map(|row| row.at)
    }

    /// The first moment from this one on, at which a row stands, when one stands that has what is waited for.
    pub(crate) fn first_reached(&self, awaited: &Awaited, from: Time) -> Option<Time> {
        let mut place = self.rows.partition_point(|row| row.at <= from).saturating_sub(1);
        while place < self.rows.len() {
            let block = place / BLOCK;
            let end = ((block + 1) * BLOCK).min(self.rows.len());
            if self.blocks[block].may_reach(awaited) {
                let reached = self.rows.within(place, end).iter().find(|row| awaited.is_reached(row.touch()));
                if let Some(row) = reached {
                    return Some(row.at.max(from));
                }
            }
            place = end;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::house::Offer;

    fn row(at: i64, bid: u64) -> QuoteRow {
        let offer = |ticks| Offer { ticks, lots: 1 };
        QuoteRow { at: Time(at), quote: HandQuote { bid: offer(bid), ask: offer(bid + 2) } }
    }

    #[test]
    fn what_is_found_by_blocks_is_what_a_walk_along_the_rows_finds() {
        let bid = |place: i64| 1_000 + (place * place * 7_919 % 2_003).unsigned_abs();
        let all: Vec<QuoteRow> = (0..3_000).map(|place| row(10 * place, bid(place))).collect();
        let mut rows = Rows::default();
        all.chunks(700).for_each(|some| rows.append(some));
        assert_eq!((rows.len(), rows.last_at()), (3_000, Some(Time(29_990))));
        let nothing = Awaited::default();
        for price in [900, 1_001, 1_002, 1_600, 2_999, 3_000, 3_004, 4_000] {
            let each = [
                Awaited { ask_falls_to: Some(price), ..nothing },
                Awaited { bid_rises_to: Some(price), ..nothing },
                Awaited { ask_rises_to: Some(price), ..nothing },
                Awaited { bid_falls_to: Some(price), ..nothing },
            ];
            for (awaited, from) in each.iter().flat_map(|awaited| [0, 5, 5_120, 14_999, 29_995].map(|at| (awaited, at)))
            {
                let from = Time(from);
                let stands = |place: usize| all.get(place + 1).is_none_or(|next| next.at > from);
                let walked = (0..all.len()).find(|&place| stands(place) && awaited.is_reached(all[place].touch()));
                let walked = walked.map(|place| all[place].at.max(from));
                assert_eq!(rows.first_reached(awaited, from), walked, "{awaited:?} from {from:?}");
            }
        }
        assert_eq!(rows.at(Time(-1)), None);
        assert_eq!(rows.at(Time(15)), Some((1, &all[1])));
        assert_eq!(rows.next_after(Time(10)), Some(Time(20)));
        assert_eq!(rows.next_after(Time(29_990)), None);
    }
}
