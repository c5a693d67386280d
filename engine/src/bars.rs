//! Bars: what was traded in an instrument in a span of time, in one line; and how they grow, one trade after the other.

use crate::event::{Body, Event, HouseTrade};
use crate::reads::Direction;
use crate::values::{Money, Symbol, Time};

/// How long a bar is. Each begins at a multiple of its length since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timeframe {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// Five minutes.
    FiveMinutes,
    /// A quarter of an hour.
    Quarter,
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl Timeframe {
    /// All of them, the shortest first: each is a multiple of the one before it.
    pub const ALL: [Timeframe; 6] = [
        Timeframe::Second,
        Timeframe::Minute,
        Timeframe::FiveMinutes,
        Timeframe::Quarter,
        Timeframe::Hour,
        Timeframe::Day,
    ];

    /// Its length, in seconds.
    #[must_use]
    pub fn seconds(self) -> i64 {
        match self {
            Timeframe::Second => 1,
            Timeframe::Minute => 60,
            Timeframe::FiveMinutes => 300,
            Timeframe::Quarter => 900,
            Timeframe::Hour => 3_600,
            Timeframe::Day => 86_400,
        }
    }

    /// Its length, in microseconds.
    #[must_use]
    pub fn us(self) -> i64 {
        self.seconds() * 1_000_000
    }

    /// When the bar of this moment begins.
    #[must_use]
    pub fn begin(self, at: Time) -> Time {
        Time(at.0.saturating_sub(at.0.rem_euclid(self.us())))
    }
}

/// What was traded in a span of time. Prices in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// When the span begins.
    pub at: Time,
    /// When the first trade was.
    pub first_at: Time,
    /// When the last one was.
    pub last_at: Time,
    /// The first price.
    pub open: u64,
    /// The highest.
    pub high: u64,
    /// The lowest.
    pub low: u64,
    /// The last.
    pub close: u64,
    /// How much, in units of 10^-12.
    pub volume: u128,
    /// How many trades.
    pub count: u64,
}

impl Bar {
    /// The bar of one trade, by itself.
    #[must_use]
    pub fn of(at: Time, ticks: u64, volume: u128) -> Bar {
        let (open, high, low, close) = (ticks, ticks, ticks, ticks);
        Bar { at, first_at: at, last_at: at, open, high, low, close, volume, count: 1 }
    }

    /// Both as one, which begins where this one does. Of what is at one moment, `other` comes later.
    #[must_use]
    pub fn with(self, other: &Bar) -> Bar {
        let (opens, closes) = (self.first_at <= other.first_at, self.last_at > other.last_at);
        Bar {
            at: self.at,
            first_at: self.first_at.min(other.first_at),
            last_at: self.last_at.max(other.last_at),
            open: if opens { self.open } else { other.open },
            high: self.high.max(other.high),
            low: self.low.min(other.low),
            close: if closes { self.close } else { other.close },
            volume: self.volume.saturating_add(other.volume),
            count: self.count.saturating_add(other.count),
        }
    }
}

/// Which bars shall be told.
#[derive(Clone, Copy, Debug)]
pub struct BarsOf {
    /// Of which instrument.
    pub symbol: Symbol,
    /// How long.
    pub timeframe: Timeframe,
    /// Those that begin at this time or later …
    pub start: Time,
    /// … and before this one.
    pub end: Time,
    /// Which of them, where there are more than are wanted: those at which end.
    pub direction: Direction,
    /// At most so many.
    pub limit: usize,
}

/// The bars of an instrument that are not over, one of each length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Growing([Option<Bar>; Timeframe::ALL.len()]);

impl Growing {
    /// The one of this length.
    #[must_use]
    pub fn bar(&self, timeframe: Timeframe) -> Option<&Bar> {
        self.0[timeframe as usize].as_ref()
    }

    /// Sets the one of this length.
    pub fn set(&mut self, timeframe: Timeframe, bar: Bar) {
        self.0[timeframe as usize] = Some(bar);
    }

    /// Adds the trade that comes next, as the bar of it alone; tells those that are over by it, the shortest first.
    pub fn add(&mut self, trade: &Bar, mut over: impl FnMut(Timeframe, Bar)) {
        for (timeframe, bar) in Timeframe::ALL.into_iter().zip(&mut self.0) {
            let at = timeframe.begin(trade.at);
            match bar {
                // Time does not go back; if it did, that would be no reason to lose a trade.
                Some(bar) if at <= bar.at => *bar = bar.with(trade),
                _ => {
                    let before = bar.replace(Bar { at, ..*trade });
                    before.into_iter().for_each(|bar| over(timeframe, bar));
                }
            }
        }
    }
}

/// A unit of volume is so small that one is so many.
const ONE: u128 = 10_u128.pow(Money::DECIMALS);

impl Event {
    /// The trade whose first part it tells of, as the bar of it alone: of each trade one part counts.
    #[must_use]
    pub fn traded(&self) -> Option<(Symbol, Bar)> {
        match &self.body {
            Body::Bought(HouseTrade { order, ticks, .. }) => {
                let volume = u128::from(order.quantity.get()) * ONE;
                Some((order.symbol, Bar::of(self.at, *ticks, volume)))
            }
            Body::Filled(filled) if filled.trade == self.number => {
                // A lot has no more decimals than money has.
                let lot = filled.lot.size().units(Money::DECIMALS).unwrap_or(0).unsigned_abs();
                Some((filled.order.symbol, Bar::of(self.at, filled.ticks, lot.saturating_mul(filled.lots))))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trades_grow_into_bars_of_every_length() {
        let (mut growing, mut over) = (Growing::default(), Vec::new());
        let mut trade = |at_ms: i64, ticks| {
            let trade = Bar::of(Time(at_ms * 1_000), ticks, 5);
            growing.add(&trade, |timeframe, bar| over.push((timeframe, bar)));
        };
        [(100, 7), (900, 9), (1_000, 8), (60_000, 3)].into_iter().for_each(|(at, ticks)| trade(at, ticks));
        let told: Vec<_> = over.iter().map(|(timeframe, bar)| (*timeframe, bar.at.0, bar.count, bar.close)).collect();
        let expected =
            [(Timeframe::Second, 0, 2, 9), (Timeframe::Second, 1_000_000, 1, 8), (Timeframe::Minute, 0, 3, 8)];
        assert_eq!(told, expected);
        let day = growing.bar(Timeframe::Day).expect("it is not over");
        assert_eq!((day.open, day.high, day.low, day.close, day.volume, day.count), (7, 9, 3, 3, 20, 4));
        assert_eq!((day.at, day.first_at, day.last_at), (Time(0), Time(100_000), Time(60_000_000)));
    }

    #[test]
    fn what_is_told_beside_opens_and_closes_by_its_time() {
        let [early, late] = [1, 9].map(|at| Bar::of(Time(at), at.unsigned_abs(), 1));
        let both = Bar { count: 2, volume: 2, ..Bar { first_at: Time(1), open: 1, low: 1, ..late } };
        assert_eq!(Bar { at: Time(9), ..early.with(&late) }, both);
        assert_eq!(late.with(&early), both);
        let again = Bar::of(Time(9), 5, 1);
        assert_eq!((late.with(&again).open, late.with(&again).close), (9, 5), "of one moment, the other is later");
    }

    #[test]
    fn before_1970_bars_begin_at_multiples_too() {
        assert_eq!(Timeframe::Minute.begin(Time(-1)), Time(-60_000_000));
        assert_eq!(Timeframe::Day.begin(Time(i64::MIN)), Time(i64::MIN));
    }
}
