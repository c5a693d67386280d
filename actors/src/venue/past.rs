//! What a venue is asked of an account's past: what moved it, and what it was worth from time to time.
//!
//! What an account had at an earlier moment is what it has now, less what moved it since: so that is read newest first,
//! in pieces, past the OrderBook where there is a store.

use std::collections::VecDeque;

use tradepit_engine::{
    ActivitiesOf, Activity, ChangeFilter, Changes, Direction, Had, Known, Moment, Moved, Number, Seek, Stretch, Symbol,
    Time, Trace, TraceOf, Traces, Whose,
};

use super::Venue;
use crate::ask::{
    Moments, Piece, ReadActivities, ReadChanges, ReadHad, ReadHistory, ReadInstruments, ReadTrace, TakeBack, Value,
    Valued, Which,
};
use crate::order_book::addr::Refused;
use crate::order_book::answers::Lookup;

/// Activities that are taken back at a time.
const AT_A_TIME: usize = 1_024;
/// So many things are valued for one request, or some more: of an account that has very many, fewer moments are told.
const VALUED_AT_MOST: usize = 100_000;

/// Something that moved an account's cash, and in which currency.
pub type Coded = (Activity, Option<Symbol>);

impl Venue {
    /// What moved an account's cash, at most `read.limit`.
    pub async fn activities(&self, read: ReadActivities) -> Result<Piece<Coded>, Refused> {
        let ReadActivities { account, kind, after, direction, limit } = read;
        let Some(id) = self.accounts().id(account) else { return Ok(Piece::cut(Vec::new(), limit)) };
        let (wanted, after) = (limit + 1, after.unwrap_or_else(|| ActivitiesOf::start(direction)));
        let whose = Whose { number: account, id };
        let since = Time(i64::MIN);
        let mut question = ActivitiesOf { whose, kind, after, since, direction, limit: wanted, tells_left: true };
        let mut items = Vec::new();
        loop {
            question.limit = wanted - items.len();
            let Stretch { items: found, next } = self.ask_activities(question).await?;
            items.extend(found);
            match next.filter(|_| items.len() < wanted) {
                Some(next) => question = question.go_on(next),
                None => return self.coded(Piece::cut(items, limit)).await,
            }
        }
    }

    async fn ask_activities(&self, question: ActivitiesOf) -> Result<Stretch<Activity>, Refused> {
        match self.order_book.ask(question).await? {
            Lookup::Here(stretch) => Ok(stretch),
            Lookup::InStore(()) | Lookup::Nowhere => {
                self.ask_store(|store, answer| store.activities(question, answer)).await
            }
        }
    }

    /// Each with its currency, which is no part of a trade: its instrument says it.
    async fn coded(&self, piece: Piece<Activity>) -> Result<Piece<Coded>, Refused> {
        let traded = |activity: &Activity| activity.part().map(|part| part.symbol);
        let mut symbols: Vec<Symbol> = piece.items.iter().filter_map(traded).collect();
        symbols.sort_unstable();
        symbols.dedup();
        let mut codes = Vec::new();
        if !symbols.is_empty() {
            // What was traded is listed, and stays so.
            let listed = self.order_book.ask(ReadInstruments(Which::Named(symbols))).await?;
            codes = listed.map(|listed| listed.items).unwrap_or_default();
        }
        let code_of = |symbol: Symbol| {
            let found = codes.binary_search_by_key(&symbol, |instrument| instrument.listing().symbol).ok()?;
            Some(codes[found].listing().quote)
        };
        Ok(piece.map(|activity| {
            let currency = match activity.what {
                Moved::Transfer(code) => Some(code),
                Moved::Fill(part) | Moved::Fee(part) => code_of(part.symbol),
            };
            (activity, currency)
        }))
    }

    /// What an account was worth from time to time, at most `read.limit` times.
    pub async fn history(&self, read: ReadHistory) -> Result<Option<Moments>, Refused> {
        let Some(had) = self.order_book.ask(ReadHad(read.account)).await? else { return Ok(None) };
        let told_from = self.first_kept().await?.unwrap_or(had.now);
        let first = read.start.into_iter().chain(had.opened_at).fold(told_from, Time::max);
        let limit = read.limit.min(VALUED_AT_MOST / had.size().max(1)).max(1);
        let (times, next) = times(&read, first, had.now, limit);
        let question = ActivitiesOf {
            whose: had.whose,
            kind: None,
            after: (had.as_of, u32::MAX),
            since: times.first().copied().unwrap_or(had.now),
            direction: Direction::NewestFirst,
            limit: AT_A_TIME,
            tells_left: false,
        };
        let (unread, traces) = (VecDeque::new(), Traces::default());
        let mut back = Back { venue: self, had, traces, question: Some(question), unread };
        let mut moments = Vec::with_capacity(times.len());
        for &at in times.iter().rev() {
            let (there, moment) = back.take_back_to(at).await?.value(at).await?;
            moments.push(moment);
            back = there;
        }
        // What was forgotten meanwhile could not be taken back.
        let told_from = self.first_kept().await?.unwrap_or(told_from);
        moments.retain(|moment| moment.at >= told_from);
        moments.reverse();
        Ok(Some(Moments { moments, next }))
    }

    /// When the oldest change happened that is kept.
    async fn first_kept(&self) -> Result<Option<Time>, Refused> {
        let (mut after, filter) = (Number(0), ChangeFilter::default());
        loop {
            match self.changes(ReadChanges { after, filter }).await? {
                Changes::Held { events, .. } => return Ok(events.first().map(|first| first.at)),
                Changes::Lost(lost) => after = lost.before,
            }
        }
    }
}

/// At which times an account shall be valued, and the one after these, if there is one: at the multiples of a step, and
/// now.
fn times(read: &ReadHistory, first: Time, now: Time, limit: usize) -> (Vec<Time>, Option<Time>) {
    let step = read.step_us.max(1);
    let before = read.end.map_or(i64::MAX, |end| end.0);
    let last = now.0.min(before.saturating_sub(1));
    let beyond = first.0.rem_euclid(step);
    let multiple = if beyond == 0 { first.0 } else { first.0.saturating_add(step - beyond) };
    let multiples = std::iter::successors(Some(multiple), |time| time.checked_add(step));
    let is_wanted = now >= first && now.0 < before && now.0.rem_euclid(step) != 0;
    let mut all = multiples.take_while(|time| *time <= last).chain(is_wanted.then_some(now.0)).map(Time);
    let times = all.by_ref().take(limit).collect();
    (times, all.next())
}

/// An account on the way back.
struct Back<'a> {
    venue: &'a Venue,
    had: Box<Had>,
    traces: Traces,
    /// What moved it before, unless all is read.
    question: Option<ActivitiesOf>,
    unread: VecDeque<Activity>,
}

impl Back<'_> {
    /// Takes back what moved it after this time.
    async fn take_back_to(mut self, at: Time) -> Result<Self, Refused> {
        loop {
            let later = self.unread.iter().take_while(|activity| activity.at > at).count();
            if later > 0 {
                let activities = self.unread.drain(..later).collect();
                self.had = self.venue.order_book.ask(TakeBack(self.had, activities)).await?;
            }
            if !self.unread.is_empty() {
                return Ok(self);
            }
            let Some(question) = self.question.take() else { return Ok(self) };
            let Stretch { items, next } = self.venue.ask_activities(question).await?;
            self.unread.extend(items);
            self.question = next.map(|next| question.go_on(next));
        }
    }

    /// What it was worth at this time.
    async fn value(mut self, at: Time) -> Result<(Self, Moment), Refused> {
        loop {
            let ask = Value { had: self.had, traces: self.traces, at };
            let Valued { had, traces, worth } = self.venue.order_book.ask(ask).await?;
            (self.had, self.traces) = (had, traces);
            match worth {
                Ok(moment) => return Ok((self, moment)),
                Err(missing) => {
                    for (symbol, seek) in missing {
                        self.learn(symbol, seek, at).await?;
                    }
                }
            }
        }
    }

    /// Learns where an instrument stood at this time.
    async fn learn(&mut self, symbol: Symbol, seek: Seek, at: Time) -> Result<(), Refused> {
        let always = |known| Trace { since: Time(i64::MIN), known };
        if !self.traces.knows(symbol, seek) {
            let (now, newest) = self.trace(symbol, seek, Time(i64::MAX)).await?;
            let newest = newest.unwrap_or(always(now));
            self.traces.learn(symbol, seek, newest);
            if newest.since <= at {
                return Ok(());
            }
        }
        let (_, found) = self.trace(symbol, seek, at).await?;
        self.traces.learn(symbol, seek, found.unwrap_or(always(seek.at_first())));
        Ok(())
    }

    async fn trace(&self, symbol: Symbol, seek: Seek, by: Time) -> Result<(Known, Option<Trace>), Refused> {
        let mut question = TraceOf { symbol, seek, by, before: Number(u64::MAX) };
        loop {
            let (now, lookup) = self.venue.order_book.ask(ReadTrace(question)).await?;
            let Stretch { items, next } = match lookup {
                Lookup::Here(stretch) => stretch,
                Lookup::InStore(()) | Lookup::Nowhere => {
                    self.venue.ask_store(|store, answer| store.trace(question, answer)).await?
                }
            };
            match next.filter(|_| items.is_empty()) {
                Some(next) => question.before = next,
                None => return Ok((now, items.first().copied())),
            }
        }
    }
}
