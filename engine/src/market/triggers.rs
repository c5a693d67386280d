//! The orders of one instrument that wait for a price: stops, and stops that trail the market.
//!
//! A buy waits for the best ask to rise to its price, a sell for the best bid to fall to it. What trails follows its
//! side's best away from its price, and never back.

use std::cmp::Reverse;

use super::book::Side;
use super::moving::Awaited;
use crate::sheets::Sorted;
use crate::values::Decimal;

/// How far behind the market an order trails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trail {
    /// So many ticks.
    Ticks(u64),
    /// So many hundredths of the best price, in units of ten to the power of -[`Trail::DECIMALS`].
    Percent(u64),
}

impl Trail {
    /// Digits behind the point of a percentage.
    pub const DECIMALS: u32 = 6;

    /// All of it, in units of a percentage.
    const ALL: u64 = 100 * 10_u64.pow(Trail::DECIMALS);

    /// A percentage between 0 and 100, both excluded, of at most [`Trail::DECIMALS`] decimals.
    #[must_use]
    pub fn percent(percent: Decimal) -> Option<Trail> {
        let units = u64::try_from(percent.units(Trail::DECIMALS)?).ok()?;
        (1..Trail::ALL).contains(&units).then_some(Trail::Percent(units))
    }

    /// Where an order of this side is triggered that has followed the market to `mark`: rounded to the tick away from
    /// it; `None` where there is no such price.
    #[must_use]
    pub fn price(self, side: Side, mark: u64) -> Option<u64> {
        let part = |units: u64| (u128::from(mark) * u128::from(units), u128::from(Trail::ALL));
        let price = match (side, self) {
            (Side::Sell, Trail::Ticks(ticks)) => mark.checked_sub(ticks)?,
            (Side::Buy, Trail::Ticks(ticks)) => mark.checked_add(ticks)?,
            (Side::Sell, Trail::Percent(units)) => {
                let (part, all) = part(Trail::ALL - units);
                u64::try_from(part / all).ok()?
            }
            (Side::Buy, Trail::Percent(units)) => {
                let (part, all) = part(Trail::ALL.checked_add(units)?);
                u64::try_from(part.div_ceil(all)).ok()?
            }
        };
        (price > 0).then_some(price)
    }
}

/// What an order waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// This price, in ticks.
    At(u64),
    /// One that trails the market.
    Behind(Trail),
}

/// An order that waits.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    order: u64,
    side: Side,
    waits: Waits,
    /// How far the market has gone for it; `None` where it trails and there was no market yet.
    mark: Option<u64>,
}

impl Waiting {
    fn price(&self) -> Option<u64> {
        match self.waits {
            Waits::At(ticks) => Some(ticks),
            Waits::Behind(trail) => trail.price(self.side, self.mark?),
        }
    }

    /// Who is to follow a falling price: the furthest behind comes first.
    fn as_followed(&self) -> Reverse<u64> {
        Reverse(self.mark.unwrap_or(u64::MAX))
    }
}

/// The orders that wait for a price of one instrument, each by its place in line: who came first has the lowest.
#[derive(Clone, Debug, Default)]
pub struct Triggers {
    waiting: Sorted<u64, Waiting>,
    /// By price, the ones nearest to being triggered last.
    buys: Sorted<(Reverse<u64>, u64), ()>,
    sells: Sorted<(u64, u64), ()>,
    /// Those that trail, by how far they have followed: the next to go on first. One that buys and had nothing to
    /// follow yet stands at the highest price.
    trailing_buys: Sorted<(Reverse<u64>, u64), ()>,
    trailing_sells: Sorted<(Option<u64>, u64), ()>,
}

impl Triggers {
    /// How many orders wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none does.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// An order waits from now on, at this place in line. For one that trails the market has gone as far as `mark`, if
    /// there was one yet.
    pub fn add(&mut self, line: u64, order: u64, side: Side, waits: Waits, mark: Option<u64>) {
        let mark = mark.filter(|_| matches!(waits, Waits::Behind(_)));
        self.remove(line);
        self.place(line, Waiting { order, side, waits, mark });
    }

    /// Who has this place in line waits no longer.
    pub fn remove(&mut self, line: u64) {
        let Some(waiting) = self.waiting.remove(&line) else { return };
        let price = waiting.price();
        match waiting.side {
            Side::Buy => {
                price.map(|price| self.buys.remove(&(Reverse(price), line)));
                self.trailing_buys.remove(&(waiting.as_followed(), line));
            }
            Side::Sell => {
                price.map(|price| self.sells.remove(&(price, line)));
                self.trailing_sells.remove(&(waiting.mark, line));
            }
        }
    }

    /// Where who has this place in line is triggered, and how far the market has gone for it where it trails.
    #[must_use]
    pub fn get(&self, line: u64) -> Option<(Option<u64>, Option<u64>)> {
        self.waiting.get(&line).map(|waiting| (waiting.price(), waiting.mark))
    }

    /// Whether an order follows the market or is triggered, where the best prices are these.
    #[must_use]
    pub fn stir(&self, bid: Option<u64>, ask: Option<u64>) -> bool {
        self.behind(bid, ask).is_some() || self.next(bid, ask).is_some()
    }

    /// What of the house's best prices makes an order follow the market, or triggers one, where clients offer these at
    /// best.
    #[must_use]
    pub fn awaited(&self, bid: Option<u64>, ask: Option<u64>) -> Awaited {
        let lowest_buy = self.buys.last().map(|(&(Reverse(price), _), ())| price);
        let highest_sell = self.sells.last().map(|(&(price, _), ())| price);
        Awaited {
            // What trails and had nothing to follow yet follows whatever comes.
            bid_rises_to: self
                .trailing_sells
                .first()
                .map(|(&(mark, _), ())| mark.map_or(0, |mark| mark.saturating_add(1))),
            ask_falls_to: self.trailing_buys.first().map(|(&(Reverse(mark), _), ())| mark.saturating_sub(1)),
            // Where clients offer more, that changes with them alone.
            ask_rises_to: lowest_buy.filter(|&price| ask.is_none_or(|ask| ask >= price)),
            bid_falls_to: highest_sell.filter(|&price| bid.is_none_or(|bid| bid <= price)),
        }
    }

    /// The next order that trails and has not followed the market to where it stands, and how far it is to.
    #[must_use]
    pub fn behind(&self, bid: Option<u64>, ask: Option<u64>) -> Option<(u64, u64)> {
        let sell = bid.and_then(|bid| {
            let (&(mark, line), ()) = self.trailing_sells.first()?;
            mark.is_none_or(|mark| mark < bid).then_some((line, bid))
        });
        let buy = || {
            let ask = ask?;
            let (&(Reverse(mark), line), ()) = self.trailing_buys.first()?;
            (mark > ask).then_some((line, ask))
        };
        let (line, mark) = sell.or_else(buy)?;
        Some((self.waiting.get(&line)?.order, mark))
    }

    /// Who has this place in line has followed the market to this price.
    pub fn follow(&mut self, line: u64, mark: u64) {
        let Some(waiting) = self.waiting.get(&line).copied() else { return };
        self.remove(line);
        self.place(line, Waiting { mark: Some(mark), ..waiting });
    }

    /// The order that is triggered first: the nearest to its side's best, then whoever has waited longest.
    #[must_use]
    pub fn next(&self, bid: Option<u64>, ask: Option<u64>) -> Option<u64> {
        let buy = ask.and_then(|ask| {
            let (&(Reverse(price), line), ()) = self.buys.since((Reverse(ask), 0)).next()?;
            Some((ask - price, line))
        });
        let sell = bid.and_then(|bid| {
            let (&(price, line), ()) = self.sells.since((bid, 0)).next()?;
            Some((price - bid, line))
        });
        let (_, line) = buy.into_iter().chain(sell).min()?;
        Some(self.waiting.get(&line)?.order)
    }

    /// A copy shares it from now on.
    pub(crate) fn share(&mut self) {
        self.waiting.share();
        self.buys.share();
        self.sells.share();
        self.trailing_buys.share();
        self.trailing_sells.share();
    }

    fn place(&mut self, line: u64, waiting: Waiting) {
        let price = waiting.price();
        let trails = matches!(waiting.waits, Waits::Behind(_));
        match waiting.side {
            Side::Buy => {
                self.buys.extend(price.map(|price| ((Reverse(price), line), ())));
                self.trailing_buys.extend(trails.then_some(((waiting.as_followed(), line), ())));
            }
            Side::Sell => {
                self.sells.extend(price.map(|price| ((price, line), ())));
                self.trailing_sells.extend(trails.then_some(((waiting.mark, line), ())));
            }
        }
        self.waiting.insert(line, waiting);
    }
}
