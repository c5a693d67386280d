//! What the changes say of where an instrument stood at an earlier moment: which of them was the latest by then of its
//! trades, of its quotes by hand, of what it was set to.

use std::collections::BTreeMap;

use crate::event::{Body, Event};
use crate::market::by_hand::HandQuote;
use crate::market::instrument::{Instrument, Trading};
use crate::values::{Number, Symbol, Time};

/// What is sought of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seek {
    /// Its last trade.
    Trade,
    /// What the house quoted by hand.
    Quote,
    /// Whether it traded.
    Status,
}

/// The answer, as of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The price of the last trade, in ticks, if there was one.
    Trade(Option<u64>),
    /// The quote by hand as it was set, if there was one.
    Quote(Option<HandQuote>),
    /// Whether it traded, beside its hours.
    Status(Trading),
}

impl Seek {
    /// How it was before anything happened.
    #[must_use]
    pub fn at_first(self) -> Known {
        match self {
            Seek::Trade => Known::Trade(None),
            Seek::Quote => Known::Quote(None),
            Seek::Status => Known::Status(Trading::Open),
        }
    }

    /// How it is of an instrument that last traded at this price, and is quoted by hand like this.
    pub(crate) fn now(self, instrument: &Instrument, last_ticks: Option<u64>, by_hand: Option<HandQuote>) -> Known {
        match self {
            Seek::Trade => Known::Trade(last_ticks),
            Seek::Quote => Known::Quote(by_hand),
            Seek::Status => Known::Status(instrument.status),
        }
    }
}

/// The latest change that says something of an instrument, of those by a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceOf {
    /// Of which.
    pub symbol: Symbol,
    /// What of it.
    pub seek: Seek,
    /// At this time or earlier …
    pub by: Time,
    /// … and before this change.
    pub before: Number,
}

impl TraceOf {
    /// What a change says of what is sought, if that is it.
    #[must_use]
    pub fn found_in(&self, event: &Event) -> Option<Trace> {
        if event.number >= self.before || event.at > self.by {
            return None;
        }
        let known = match self.seek {
            Seek::Trade => {
                let print = event.print().filter(|print| print.symbol == self.symbol)?;
                Known::Trade(Some(print.ticks))
            }
            Seek::Quote => {
                let Body::Quoted(quoted) = &event.body else { return None };
                Known::Quote((quoted.symbol == self.symbol).then_some(quoted.quote)?)
            }
            Seek::Status => {
                let Body::InstrumentChanged(changed) = &event.body else { return None };
                Known::Status((changed.symbol == self.symbol).then_some(changed.status)?)
            }
        };
        Some(Trace { since: event.at, known })
    }
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Since when it was so; of what always was, the beginning of time.
    pub since: Time,
    /// What.
    pub known: Known,
}

/// What is known of instruments at a moment that goes back from one question to the next.
#[derive(Clone, Debug, Default)]
pub struct Traces(BTreeMap<(Symbol, Seek), Trace>);

impl Traces {
    /// This was the latest by some moment that is asked for.
    pub fn learn(&mut self, symbol: Symbol, seek: Seek, trace: Trace) {
        self.0.insert((symbol, seek), trace);
    }

    /// Whether anything was found of it, of whatever moment.
    #[must_use]
    pub fn knows(&self, symbol: Symbol, seek: Seek) -> bool {
        self.0.contains_key(&(symbol, seek))
    }

    /// How it was at this time, where that is known.
    pub(crate) fn at(&self, symbol: Symbol, seek: Seek, at: Time) -> Option<Known> {
        self.0.get(&(symbol, seek)).filter(|trace| trace.since <= at).map(|trace| trace.known)
    }
}
