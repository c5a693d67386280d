//! What a venue is asked of all that is traded: what clients do, which the OrderBook or the store has, and what the
//! simulated market prints, as one. At one moment a print comes first: the house quotes before clients are heard.

use std::cmp::Reverse;

use tradepit_engine::{
    Bar, BarsOf, ChangeFilter, Changes, Direction, Number, PrintsOf, Time, begin_of_step, step_from,
};

use super::Venue;
use crate::ask::{BarsTold, Piece, ReadBars, ReadChanges, ReadTrades, Trade, TradeId};
use crate::order_book::addr::Refused;
use crate::order_book::answers::Lookup;
use crate::order_book::bars::ReadPrinting;
use crate::printing::Prints;

impl Venue {
    /// Bars of all that was traded, the first first, at most `read.limit`; `None` where the symbol is unknown.
    ///
    /// Without a start those are told that end last. Nothing later than now is told: the bar that is not over has what
    /// was traded by now.
    pub async fn bars(&self, read: ReadBars) -> Result<Option<BarsTold>, Refused> {
        let ReadBars { symbol, timeframe, start, end, limit } = read;
        let Some(printing) = self.order_book.ask(ReadPrinting(symbol)).await? else { return Ok(None) };
        let direction = if start.is_some() { Direction::OldestFirst } else { Direction::NewestFirst };
        let start = start.unwrap_or(Time(i64::MIN));
        let end = end.unwrap_or(Time(i64::MAX)).min(Time(printing.now.0.saturating_add(1)));
        // One more, where the next page is to begin.
        let wanted = limit + usize::from(direction == Direction::OldestFirst);
        let question = BarsOf { symbol, timeframe, start, end, direction, limit: wanted };
        let clients = match self.order_book.ask(question).await? {
            Lookup::Here(bars) => bars,
            Lookup::InStore(()) => self.ask_store(|store, answer| store.bars(question, answer)).await?,
            Lookup::Nowhere => return Ok(None),
        };
        let prints = match &mut Prints::of(&printing) {
            Some(prints) => prints.bars(timeframe, (start, end), direction, wanted).await,
            None => Vec::new(),
        };
        let mut bars = merge(&prints, &clients);
        let mut next = None;
        match direction {
            Direction::OldestFirst => {
                next = bars.get(limit).map(|bar| bar.at);
                bars.truncate(limit);
            }
            Direction::NewestFirst => drop(bars.drain(..bars.len().saturating_sub(limit))),
        }
        Ok(Some(BarsTold { bars, tick: printing.instrument.tick(), next, now: printing.now }))
    }

    /// Trades of an instrument, the newest first, at most `read.limit`; `None` where the symbol is unknown.
    pub async fn trades(&self, read: ReadTrades) -> Result<Option<Piece<Trade>>, Refused> {
        let ReadTrades { symbol, before, limit } = read;
        let Some(printing) = self.order_book.ask(ReadPrinting(symbol)).await? else { return Ok(None) };
        let mut prints = Prints::of(&printing);
        let all = Time(i64::MAX);
        let (number, until, step) = match before {
            None => (Number(u64::MAX), all, u64::MAX),
            Some(TradeId::Printed(step)) => (Number(u64::MAX), begin_of_step(step), step),
            Some(TradeId::Kept(number)) if prints.is_none() => (number, all, 0),
            Some(TradeId::Kept(number)) => {
                match self.time_of(PrintsOf { before: number, until: all, symbol, limit }).await? {
                    // A print of the same moment came before it.
                    Some(at) => (number, all, step_from(Time(at.0.saturating_add(1)))),
                    None => return Ok(Some(Piece { items: Vec::new(), has_more: false })),
                }
            }
        };
        // What is traded while this is asked is not among prints of before it.
        let until = if prints.is_some() { until.min(Time(printing.now.0.saturating_add(1))) } else { until };
        let read = PrintsOf { before: number, until, symbol, limit };
        let Some(clients) = self.prints(read).await? else { return Ok(None) };
        let printed = match &mut prints {
            Some(prints) => prints.newest(step, limit + 1).await,
            None => Vec::new(),
        };
        let has_more = clients.has_more || clients.items.len() + printed.len() > limit;
        let mut items: Vec<Trade> = clients.items.into_iter().map(Trade::from).collect();
        items.extend(printed);
        // Of what happened at one moment, what clients did stays in front.
        items.sort_by_key(|trade| Reverse(trade.at));
        items.truncate(limit);
        Ok(Some(Piece { items, has_more }))
    }

    /// When the trade of this number was, or the change that has it; `None` where that is no longer kept.
    async fn time_of(&self, read: PrintsOf) -> Result<Option<Time>, Refused> {
        let number = read.before;
        let next = Number(number.0.saturating_add(1));
        if let Some(Piece { items, .. }) = self.prints(PrintsOf { before: next, limit: 1, ..read }).await?
            && let Some(found) = items.first().filter(|found| found.trade == number)
        {
            return Ok(Some(found.at));
        }
        let (after, filter) = (Number(number.0.max(1) - 1), ChangeFilter::default());
        match self.changes(ReadChanges { after, filter }).await? {
            // What is yet to come is later than all there is.
            Changes::Held { events, .. } => Ok(Some(events.first().map_or(Time(i64::MAX), |event| event.at))),
            Changes::Lost(_) => Ok(None),
        }
    }
}

/// Both as one, by when they begin.
fn merge(prints: &[Bar], clients: &[Bar]) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::with_capacity(prints.len() + clients.len());
    let mut clients = clients.iter().peekable();
    for print in prints {
        while let Some(client) = clients.next_if(|client| client.at < print.at) {
            bars.push(*client);
        }
        bars.push(match clients.next_if(|client| client.at == print.at) {
            Some(client) => print.with(client),
            None => *print,
        });
    }
    bars.extend(clients);
    bars
}
