//! Bars of what clients traded, where there is no store that keeps them. Bounded by number: of each length the one goes
//! first that was begun first.

use std::collections::HashMap;

use tradepit_engine::{Bar, BarsOf, Direction, Event, Exchange, Instrument, Queue, Symbol, Time, Timeframe};
use tradepit_market::Simulated;

use super::OrderBook;
use super::answers::{Answers, Lookup};

const LENGTHS: usize = Timeframe::ALL.len();

/// The bars of all instruments.
#[derive(Clone)]
pub(super) struct Bars {
    of: HashMap<Symbol, [Queue<Bar>; LENGTHS]>,
    /// Whose bars were begun, of each length, in that order.
    begun: [Queue<Symbol>; LENGTHS],
    /// At most so many of each length.
    max: usize,
}

impl Bars {
    /// As many in all as changes of status are held.
    pub(super) fn beside(history: usize) -> Bars {
        Bars { of: HashMap::new(), begun: Default::default(), max: history.div_ceil(LENGTHS) }
    }

    /// What a copy of it holds, which shares all of it.
    pub(super) fn copy(&mut self) -> Bars {
        self.of.values_mut().flatten().for_each(Queue::share);
        self.begun.iter_mut().for_each(Queue::share);
        self.clone()
    }

    /// Adds the changes that come next.
    pub(super) fn extend(&mut self, events: &[Event]) {
        events.iter().filter_map(Event::traded).for_each(|(symbol, trade)| self.add(symbol, &trade));
    }

    fn add(&mut self, symbol: Symbol, trade: &Bar) {
        let own = self.of.entry(symbol).or_default();
        for (timeframe, bars) in Timeframe::ALL.into_iter().zip(own) {
            let at = timeframe.begin(trade.at);
            match bars.back_mut() {
                // Time does not go back; if it did, that would be no reason to lose a trade.
                Some(bar) if at <= bar.at => *bar = bar.with(trade),
                _ => {
                    bars.push_back(Bar { at, ..*trade });
                    self.begun[timeframe as usize].push_back(symbol);
                }
            }
        }
        for length in 0..LENGTHS {
            while self.begun[length].len() > self.max {
                self.drop_oldest(length);
            }
        }
    }

    fn drop_oldest(&mut self, length: usize) {
        let Some(symbol) = self.begun[length].pop_front() else { return };
        let Some(own) = self.of.get_mut(&symbol) else { return };
        own[length].pop_front();
        if own.iter().all(Queue::is_empty) {
            self.of.remove(&symbol);
        }
    }

    fn read(&self, question: &BarsOf) -> Vec<Bar> {
        let BarsOf { symbol, timeframe, start, end, direction, limit } = *question;
        let Some(own) = self.of.get(&symbol) else { return Vec::new() };
        let bars = &own[timeframe as usize];
        let first = bars.partition_point(|bar| bar.at < start);
        let after = bars.partition_point(|bar| bar.at < end).max(first);
        let wanted = match direction {
            Direction::OldestFirst => first..after.min(first.saturating_add(limit)),
            Direction::NewestFirst => first.max(after.saturating_sub(limit))..after,
        };
        wanted.filter_map(|place| bars.get(place).copied()).collect()
    }
}

impl Answers<BarsOf> for OrderBook {
    const CHANGES: bool = false;

    /// `Nowhere` where the symbol is unknown.
    type Answer = Lookup<Vec<Bar>, ()>;

    fn answer(&mut self, question: BarsOf) -> Lookup<Vec<Bar>, ()> {
        match self.exchange.instrument(question.symbol) {
            None => Lookup::Nowhere,
            Some(_) if self.store.is_some() => Lookup::InStore(()),
            Some(_) => Lookup::Here(self.bars.read(&question)),
        }
    }
}

/// In what an instrument's house trades beside clients, and until when by now.
pub(crate) struct ReadPrinting(pub(crate) Symbol);

/// The answer.
#[derive(Debug)]
pub(crate) struct Printing {
    pub(crate) instrument: Instrument,
    pub(crate) simulated: Option<Simulated>,
    pub(crate) now: Time,
}

impl Answers<ReadPrinting> for OrderBook {
    const CHANGES: bool = false;

    /// `None` where the symbol is unknown.
    type Answer = Option<Printing>;

    fn answer(&mut self, ReadPrinting(symbol): ReadPrinting) -> Option<Printing> {
        printing_of(&self.exchange, self.simulated, symbol, self.now)
    }
}

/// In what the house of an instrument trades beside clients; `None` where the symbol is unknown.
pub(super) fn printing_of(
    exchange: &Exchange,
    simulated: Option<Simulated>,
    symbol: Symbol,
    now: Time,
) -> Option<Printing> {
    let instrument = exchange.instrument(symbol)?.clone();
    Some(Printing { instrument, simulated, now })
}

#[cfg(test)]
mod tests {
    use tradepit_kit::symbol;

    use super::*;

    fn trade(bars: &mut Bars, name: &str, seconds: i64) {
        bars.add(symbol(name), &Bar::of(Time(seconds * 1_000_000), seconds.unsigned_abs(), 1));
    }

    fn begin(bars: &Bars, name: &str, timeframe: Timeframe, direction: Direction, limit: usize) -> Vec<i64> {
        let (start, end) = (Time(i64::MIN), Time(i64::MAX));
        let question = BarsOf { symbol: symbol(name), timeframe, start, end, direction, limit };
        bars.read(&question).iter().map(|bar| bar.at.0 / 1_000_000).collect()
    }

    #[test]
    fn of_each_length_as_many_are_kept_and_the_oldest_go_first() {
        let mut bars = Bars::beside(18);
        for (name, seconds) in [("A", 1), ("B", 2), ("A", 3), ("A", 3), ("A", 61), ("A", 62)] {
            trade(&mut bars, name, seconds);
        }
        let all = |name, timeframe| begin(&bars, name, timeframe, Direction::OldestFirst, 10);
        assert_eq!((all("A", Timeframe::Second), all("B", Timeframe::Second)), (vec![3, 61, 62], vec![]));
        assert_eq!((all("A", Timeframe::Minute), all("B", Timeframe::Minute)), (vec![0, 60], vec![0]));
        assert_eq!(begin(&bars, "A", Timeframe::Second, Direction::OldestFirst, 2), [3, 61]);
        assert_eq!(begin(&bars, "A", Timeframe::Second, Direction::NewestFirst, 2), [61, 62]);
        for seconds in 0..40 {
            trade(&mut bars, &format!("C{seconds}"), 100_000 * seconds);
        }
        assert!(bars.of.len() <= 3 * LENGTHS, "what has none is not kept: {}", bars.of.len());
        assert!(bars.begun.iter().all(|begun| begun.len() <= 3));
    }

    #[test]
    fn where_no_history_is_held_no_bars_are() {
        let mut bars = Bars::beside(0);
        trade(&mut bars, "A", 1);
        assert!(bars.of.is_empty());
    }
}
