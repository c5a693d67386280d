//! The bars of an instrument, of one length, as they grow. They are asked for once a second, each time from the one on
//! that was not over at the last time: so what is told of it in the end is what `GET /bars` tells.

use tradepit_engine::{Bar, Symbol, Time, Timeframe};

use super::strip::{PIECES_AT_MOST, Strip};
use crate::ask::{BarsTold, ReadBars};
use crate::feed::channels::{Growth, SayBar};
use crate::feed::voice::text_frames;

/// Bars as they were told.
pub(super) struct Grown {
    symbol: Symbol,
    timeframe: Timeframe,
    bar: SayBar,
    /// Those that begin before are over and were told.
    since: Option<Time>,
    /// The newest, and whether it is over.
    newest: Option<(Bar, bool)>,
    pub(super) strip: Strip,
}

impl Grown {
    /// Nothing was asked yet.
    pub(super) fn of(symbol: Symbol, timeframe: Timeframe, bar: SayBar) -> Grown {
        Grown { symbol, timeframe, bar, since: None, newest: None, strip: Strip::default() }
    }

    /// What is to be asked; at first the newest alone.
    pub(super) fn asks(&self) -> ReadBars {
        let Grown { symbol, timeframe, since, .. } = *self;
        let limit = if since.is_some() { PIECES_AT_MOST } else { 1 };
        ReadBars { symbol, timeframe, start: since, end: None, limit }
    }

    /// Takes the answer in; whether it tells anything new.
    pub(super) fn take(&mut self, told: &BarsTold) -> bool {
        let before = self.strip.number();
        self.since = self.since.max(Some(self.timeframe.begin(told.now)));
        for bar in &told.bars {
            let is_over = bar.at.0.saturating_add(self.timeframe.us()) <= told.now.0;
            let growth = Growth { symbol: self.symbol, timeframe: self.timeframe, bar, tick: told.tick, is_over };
            let known = self.newest.filter(|(newest, _)| newest.at >= bar.at);
            if known.is_some_and(|(newest, was_over)| newest.at > bar.at || (newest, was_over) == (*bar, is_over)) {
                continue;
            }
            let frame = text_frames([&growth], self.bar);
            if known.is_some() {
                self.strip.replace(frame)
            } else {
                self.strip.add(frame)
            }
            self.newest = Some((*bar, is_over));
        }
        self.strip.number() != before
    }
}

#[cfg(test)]
mod tests {
    use tradepit_engine::{Decimal, Step};
    use tradepit_kit::symbol;

    use super::*;

    fn grown() -> Grown {
        let bar: SayBar = |growth, out| {
            let Growth { bar, is_over, .. } = growth;
            let sign = if *is_over { '.' } else { '…' };
            out.extend_from_slice(format!("{}x{}{sign}", bar.at.0 / 1_000_000, bar.count).as_bytes());
        };
        Grown::of(symbol("A"), Timeframe::Second, bar)
    }

    fn take(grown: &mut Grown, now_us: i64, bars: &[(i64, u64)]) -> bool {
        let tick = Step::new(Decimal::new(1, 0).expect("a decimal")).expect("a step");
        let bar = |&(second, count): &(i64, u64)| Bar { count, ..Bar::of(Time(second * 1_000_000), 7, 1) };
        let bars = bars.iter().map(bar).collect();
        grown.take(&BarsTold { bars, tick, next: None, now: Time(now_us) })
    }

    fn told(grown: &Grown, after: Option<u64>) -> Vec<String> {
        let mut told = Vec::new();
        grown.strip.tell_after(after, |frame| told.push(String::from_utf8_lossy(&frame[2..]).into_owned()));
        told
    }

    #[test]
    fn a_bar_is_told_as_it_grows_and_once_more_when_it_is_over() {
        let mut grown = grown();
        assert_eq!((grown.asks().start, grown.asks().limit), (None, 1));
        assert!(take(&mut grown, 3_500_000, &[(3, 1)]) && !take(&mut grown, 3_600_000, &[(3, 1)]));
        assert_eq!((grown.asks().start, told(&grown, None)), (Some(Time(3_000_000)), vec!["3x1…".to_owned()]));
        assert!(take(&mut grown, 3_700_000, &[(3, 2)]));
        assert!(take(&mut grown, 4_000_000, &[(3, 2), (4, 1)]), "it is over, and the next has begun");
        assert_eq!(told(&grown, Some(0)), ["3x2.", "4x1…"]);
        assert_eq!((grown.asks().start, grown.asks().limit), (Some(Time(4_000_000)), PIECES_AT_MOST));
        assert!(take(&mut grown, 9_000_000, &[(4, 1), (7, 5)]));
        assert_eq!(told(&grown, Some(0)), ["3x2.", "4x1.", "7x5."]);
        assert!(!take(&mut grown, 9_500_000, &[]) && !take(&mut grown, 9_600_000, &[(7, 5)]), "nothing new");
        assert_eq!(grown.asks().start, Some(Time(9_000_000)));
    }
}
