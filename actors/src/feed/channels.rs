//! Channels: the kept changes, each with its number and its order whole, for subscribers that ask for some of them.
//!
//! A round says each change once, however many hear it: who hears all of them is given the same bytes, who hears some
//! the frames that are for it. Knows nothing of what is said: that is a [`ChannelVoice`].

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use tradepit_engine::{AccountNumber, Bar, Body, Event, Lost, Number, Offered, Order, Step, Symbol, Timeframe};

use super::voice::Frames;
use crate::accounts::AccountIds;
use crate::ask::Trade;

/// One way to say kept changes. Accounts are told by their ids.
#[derive(Debug)]
pub struct ChannelVoice {
    /// A change, with its order as of after it: a frame for each change that its event tells of, where that comes after
    /// the one of this number.
    pub change: fn(&Event, Option<&Order>, Number, &AccountIds, &mut Frames),
    /// Some changes are no longer held.
    pub lagged: fn(&Lost, &mut Vec<u8>),
    /// An order that is open after that.
    pub order: fn(&Order, &AccountIds, &mut Vec<u8>),
    /// A trade.
    pub print: fn(&Trade, &mut Vec<u8>),
    /// A bar as it grows, or that is over.
    pub bar: SayBar,
    /// The best that is offered in an instrument, and the last price.
    pub quote: fn(&Offered, &mut Vec<u8>),
    /// A book, whole; or what is otherwise in it than in the one of a number, with nothing offered where that has gone.
    pub book: fn(&Offered, Option<u64>, &mut Vec<u8>),
    /// Of which channel a frame is, by its text.
    pub channel: fn(&[u8]) -> &str,
}

/// How a bar is said.
pub(super) type SayBar = fn(&Growth<'_>, &mut Vec<u8>);

/// A bar as somebody is told of it who follows how it grows.
#[derive(Clone, Copy, Debug)]
pub struct Growth<'a> {
    /// Of which instrument.
    pub symbol: Symbol,
    /// How long it is.
    pub timeframe: Timeframe,
    /// What was traded.
    pub bar: &'a Bar,
    /// What prices are multiples of.
    pub tick: Step,
    /// Nothing more comes to it.
    pub is_over: bool,
}

/// What a subscriber hears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    /// Orders and what befalls them.
    pub orders: bool,
    /// Accounts, and what is transferred.
    pub accounts: bool,
    /// Instruments.
    pub instruments: bool,
    /// Trades of clients.
    pub trades: bool,
    /// Only of these symbols, where any are named.
    pub symbols: Vec<Symbol>,
    /// Only of this account.
    pub account: Option<AccountNumber>,
}

impl Channels {
    fn is_all(&self) -> bool {
        self.is_all_kept() && !self.trades
    }

    /// Whether it hears every kept change.
    fn is_all_kept(&self) -> bool {
        let is_unfiltered = self.symbols.is_empty() && self.account.is_none();
        self.orders && self.accounts && self.instruments && is_unfiltered
    }

    fn is_of_kept(&self) -> bool {
        self.orders || self.accounts || self.instruments
    }

    /// The trade that it hears of by this event, whoever's that is.
    fn print(&self, event: &Event) -> Option<Trade> {
        event.print().filter(|print| self.trades && self.hears_symbol(print.symbol)).map(Trade::from)
    }

    fn hears(&self, event: &Event, order: Option<&Order>, accounts: &AccountIds) -> bool {
        match &event.body {
            Body::Listed(listing) => self.instruments && self.hears_symbol(listing.symbol),
            Body::InstrumentChanged(changed) => self.instruments && self.hears_symbol(changed.symbol),
            Body::Quoted(quoted) => self.instruments && self.hears_symbol(quoted.symbol),
            Body::RowsChanged(changed) => self.instruments && self.hears_symbol(changed.symbol),
            Body::Followed(_) | Body::Ruled(_) => false,
            // They are about everything: who hears all changes hears of them too.
            Body::RulesSet(_) | Body::Refused(_) => self.is_all_kept(),
            Body::AccountOpened(opened) => self.accounts && self.hears_account(accounts.number(opened.id)),
            Body::Transferred(transferred) => self.accounts && self.hears_account(Some(transferred.account)),
            Body::Accepted(_)
            | Body::Executed(_)
            | Body::Cancelled(_)
            | Body::Bought(_)
            | Body::Arrived(_)
            | Body::Filled(_)
            | Body::Ended(_)
            | Body::Replaced(_)
            | Body::Rescheduled(_)
            | Body::Scripted(_)
            | Body::Amended(_)
            | Body::Triggered(_) => order.is_some_and(|order| self.hears_order(order)),
        }
    }

    /// Whether it hears of this order.
    pub(crate) fn hears_order(&self, order: &Order) -> bool {
        self.orders && self.hears_symbol(order.symbol) && self.hears_account(Some(order.account()))
    }

    fn hears_account(&self, account: Option<AccountNumber>) -> bool {
        self.account.is_none() || self.account == account
    }

    fn hears_symbol(&self, symbol: Symbol) -> bool {
        self.symbols.is_empty() || self.symbols.contains(&symbol)
    }
}

/// Somebody who hears channels.
#[derive(Clone)]
pub(crate) struct Listener {
    pub(crate) voice: &'static ChannelVoice,
    pub(crate) channels: Arc<Channels>,
    pub(crate) accounts: Arc<AccountIds>,
    /// Trades are told as they happen: those after this change, which was the newest when it subscribed.
    pub(crate) prints_after: Rc<Cell<Number>>,
}

impl Listener {
    /// The frames of those that are heard, of changes after one.
    pub(crate) fn frames<'a>(
        &self,
        after: Number,
        changes: impl IntoIterator<Item = (&'a Event, Option<&'a Order>)>,
    ) -> Bytes {
        let mut frames = Frames::default();
        for (event, order) in changes {
            if event.number > after && self.channels.hears(event, order, &self.accounts) {
                (self.voice.change)(event, order, after, &self.accounts, &mut frames);
            }
            if event.number > after.max(self.prints_after.get()) {
                let print = self.channels.print(event);
                print.iter().for_each(|print| frames.push(|out| (self.voice.print)(print, out)));
            }
        }
        frames.finish()
    }
}

/// What a round said already of its changes.
#[derive(Default)]
pub(super) struct Said {
    /// Each change, and where its frames end.
    all: RefCell<Option<Ended>>,
    /// The same of trades.
    prints: RefCell<Option<Ended>>,
    /// The same for those who hear some.
    some: RefCell<Vec<(Arc<Channels>, Bytes)>>,
}

impl Said {
    /// The frames of all changes that are heard.
    pub(super) fn frames<'a>(
        &self,
        listener: &Listener,
        changes: impl Iterator<Item = (&'a Event, Option<&'a Order>)> + Clone,
    ) -> Bytes {
        let Listener { voice, channels, accounts, .. } = listener;
        let all = once(&self.all, channels.is_of_kept(), changes.clone(), |(event, order), frames| {
            (voice.change)(event, order, Number(0), accounts, frames);
        });
        if channels.is_all() {
            return all.0;
        }
        let prints = once(&self.prints, channels.trades, changes.clone(), |(event, _), frames| {
            event.print().into_iter().for_each(|print| frames.push(|out| (voice.print)(&Trade::from(print), out)));
        });
        let mut some = self.some.borrow_mut();
        if let Some((_, frames)) = some.iter().find(|(others, _)| Arc::ptr_eq(others, channels) || others == channels) {
            return frames.clone();
        }
        let mut heard = Vec::new();
        for (at, (event, order)) in changes.enumerate() {
            if channels.hears(event, order, accounts) {
                heard.extend_from_slice(frames_at(&all, at));
            }
            if channels.print(event).is_some() {
                heard.extend_from_slice(frames_at(&prints, at));
            }
        }
        let frames = Bytes::from(heard);
        some.push((Arc::clone(channels), frames.clone()));
        frames
    }
}

/// Frames, and where those of each change end.
type Ended = (Bytes, Rc<[usize]>);

/// What was said of these changes already, or is now; nothing where that is not wanted.
fn once<T>(
    said: &RefCell<Option<Ended>>,
    is_wanted: bool,
    changes: impl Iterator<Item = T>,
    say: impl Fn(T, &mut Frames),
) -> Ended {
    if !is_wanted {
        return Ended::default();
    }
    let mut said = said.borrow_mut();
    let said = said.get_or_insert_with(|| {
        let (mut frames, mut ends) = (Frames::default(), Vec::new());
        for change in changes {
            say(change, &mut frames);
            ends.push(frames.len());
        }
        (frames.finish(), ends.into())
    });
    said.clone()
}

/// The frames of the change at this place.
fn frames_at((frames, ends): &Ended, at: usize) -> &[u8] {
    let begin = at.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    ends.get(at).map_or(&[], |&end| &frames[begin..end])
}
