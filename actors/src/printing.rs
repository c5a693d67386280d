//! What the simulated market prints in an instrument, and when: at any time of its hours, also before the venue began.
//!
//! It is worked out where it is asked, from the instrument alone: the OrderBook says what is listed and what time it
//! is. It is cut into pieces, between which others are served.

use std::ops::Range;

use tradepit_engine::{Bar, Direction, Hours, Money, Step, Symbol, Time, Timeframe, begin_of_step, step_from};
use tradepit_market::{self as market, Market};

use crate::ask::{Trade, TradeId};
use crate::order_book::bars::Printing;

const DAY_US: i64 = 86_400_000_000;

/// Bars that are worked out at a time, which takes some 2 ms: others are served in between.
const BARS_AT_A_TIME: usize = 64;
/// Spans that are looked at at a time for whether the instrument trades in them.
const LOOK_AT_MOST: i64 = 100_000;

/// What is printed in an instrument.
pub(crate) struct Prints {
    market: Market,
    symbol: Symbol,
    hours: Hours,
    tick: Step,
    lot: Step,
    /// What is later than now is told to nobody.
    end: Time,
    /// When the instrument trades on the day that was asked for last: no session is on two days, UTC.
    day: Option<(i64, Option<Range<Time>>)>,
}

impl Prints {
    /// `None` where no market is simulated.
    pub(crate) fn of(printing: &Printing) -> Option<Prints> {
        let Printing { instrument, simulated, now } = printing;
        let market = simulated.as_ref()?.of(instrument);
        let (symbol, hours) = (instrument.listing().symbol, instrument.listing().hours);
        let (tick, lot, end) = (instrument.tick(), instrument.lot(), Time(now.0.saturating_add(1)));
        Some(Prints { market, symbol, hours, tick, lot, end, day: None })
    }

    /// The steps of a span, which lies within a day, at which something may be printed.
    fn steps(&mut self, from: Time, to: Time) -> Range<u64> {
        let day = from.0.div_euclid(DAY_US);
        if self.day.as_ref().is_none_or(|(known, _)| *known != day) {
            let begin = Time(day.saturating_mul(DAY_US));
            let end = Time(begin.0.saturating_add(DAY_US));
            let opens = self.hours.opens_by(begin);
            let session = (opens < end).then(|| opens..self.hours.changes_after(opens).unwrap_or(end).min(end));
            self.day = Some((day, session));
        }
        match &self.day {
            Some((_, Some(session))) => {
                step_from(from.max(session.start))..step_from(to.min(session.end).min(self.end))
            }
            _ => 0..0,
        }
    }

    /// The first bars that begin at a time or later and before another, or the last ones, at most so many; the first
    /// first.
    pub(crate) async fn bars(
        &mut self,
        timeframe: Timeframe,
        (start, end): (Time, Time),
        direction: Direction,
        limit: usize,
    ) -> Vec<Bar> {
        let us = timeframe.us();
        let first = |at: Time| at.0.saturating_add(us - 1).div_euclid(us);
        let mut places = first(start.max(Time(0)))..first(end.min(self.end));
        let mut bars = Vec::new();
        while bars.len() < limit && !places.is_empty() {
            let chunk = self.next_spans(us, &mut places, direction);
            let made = self.make(&chunk);
            match direction {
                Direction::OldestFirst => bars.extend(made),
                Direction::NewestFirst => bars.extend(made.into_iter().rev()),
            }
            tokio::task::yield_now().await;
        }
        bars.truncate(limit);
        if direction == Direction::NewestFirst {
            bars.reverse();
        }
        bars
    }

    /// The next of these places in which the instrument trades, each with its steps; the first first.
    fn next_spans(&mut self, us: i64, places: &mut Range<i64>, direction: Direction) -> Vec<(Time, Range<u64>)> {
        let mut spans = Vec::with_capacity(BARS_AT_A_TIME);
        for _ in 0..LOOK_AT_MOST {
            let place = match direction {
                Direction::OldestFirst => places.next(),
                Direction::NewestFirst => places.next_back(),
            };
            let Some(place) = place.filter(|_| spans.len() < BARS_AT_A_TIME) else {
                // The one that found no room comes next.
                match (place, direction) {
                    (Some(place), Direction::OldestFirst) => places.start = place,
                    (Some(place), Direction::NewestFirst) => places.end = place + 1,
                    (None, _) => {}
                }
                break;
            };
            let at = Time(place * us);
            let steps = self.steps(at, Time(at.0.saturating_add(us)));
            if !steps.is_empty() {
                spans.push((at, steps));
            }
        }
        if direction == Direction::NewestFirst {
            spans.reverse();
        }
        spans
    }

    fn make(&self, spans: &[(Time, Range<u64>)]) -> Vec<Bar> {
        let steps: Vec<Range<u64>> = spans.iter().map(|(_, steps)| steps.clone()).collect();
        let made = spans.iter().zip(self.market.bars(&steps));
        made.filter_map(|((at, _), bar)| Some(self.bar(*at, &bar?))).collect()
    }

    fn bar(&self, at: Time, bar: &market::Bar) -> Bar {
        let market::Bar { first, last, open, high, low, close, lots, count } = *bar;
        // A lot has no more decimals than money has.
        let lot = self.lot.size().units(Money::DECIMALS).unwrap_or(0).unsigned_abs();
        let volume = lot.saturating_mul(u128::from(lots));
        Bar { at, first_at: begin_of_step(first), last_at: begin_of_step(last), open, high, low, close, volume, count }
    }

    /// The newest prints before a step, at most so many; the newest first.
    pub(crate) async fn newest(&mut self, before: u64, limit: usize) -> Vec<Trade> {
        let (mut prints, mut to) = (Vec::new(), begin_of_step(before).min(self.end));
        while prints.len() < limit && to > Time(0) {
            to = self.add_of_last_day((Time(0), to), limit, &mut prints);
            tokio::task::yield_now().await;
        }
        prints
    }

    /// The newest prints at this step or later, now that it is so late; at most so many, the newest first.
    pub(crate) fn since(&mut self, step: u64, now: Time, limit: usize) -> Vec<Trade> {
        self.end = Time(now.0.saturating_add(1));
        let (mut prints, from, mut to) = (Vec::new(), begin_of_step(step), self.end);
        while prints.len() < limit && to > from {
            to = self.add_of_last_day((from, to), limit, &mut prints);
        }
        prints
    }

    /// Adds those of the last day of a time, the newest first; returns when that begins.
    fn add_of_last_day(&mut self, (from, to): (Time, Time), limit: usize, prints: &mut Vec<Trade>) -> Time {
        let begin = Time((to.0 - 1).div_euclid(DAY_US) * DAY_US).max(from);
        let steps = self.steps(begin, to);
        let printed = self.market.last_prints(steps, limit.saturating_sub(prints.len()));
        prints.extend(printed.iter().map(|print| self.trade(print)));
        begin
    }

    fn trade(&self, print: &market::Print) -> Trade {
        let market::Print { step, taker, ticks, lots } = *print;
        let (id, at, qty) = (TradeId::Printed(step), begin_of_step(step), self.lot.times(lots.into()));
        Trade { id, symbol: self.symbol, at, ticks, tick: self.tick, qty, side: taker }
    }
}
