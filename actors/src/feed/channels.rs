//! Channels: the kept changes, each with its number and its order whole, for subscribers that ask for some of them.
//!
//! A round says each change once, however many hear it: who hears all of them is given the same bytes, who hears some
//! the frames that are for it. Knows nothing of what is said: that is a [`ChannelVoice`].

use std::cell::RefCell;
use std::sync::Arc;

use bytes::Bytes;
use tradepit_engine::{AccountNumber, Body, Event, Lost, Number, Order, Symbol};

use super::voice::Frames;
use crate::accounts::AccountIds;

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
    /// Only of these symbols, where any are named.
    pub symbols: Vec<Symbol>,
    /// Only of this account.
    pub account: Option<AccountNumber>,
}

impl Channels {
    fn is_all(&self) -> bool {
        self.orders && self.accounts && self.instruments && self.symbols.is_empty() && self.account.is_none()
    }

    fn hears(&self, event: &Event, order: Option<&Order>, accounts: &AccountIds) -> bool {
        match &event.body {
            Body::Listed(listing) => self.instruments && self.hears_symbol(listing.symbol),
            Body::InstrumentChanged(changed) => self.instruments && self.hears_symbol(changed.symbol),
            Body::Quoted(quoted) => self.instruments && self.hears_symbol(quoted.symbol),
            Body::Followed(_) => false,
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
        }
        frames.finish()
    }
}

/// What a round said already of its changes.
#[derive(Default)]
pub(super) struct Said {
    /// Each change, and where its frames end.
    all: RefCell<Option<(Bytes, Vec<usize>)>>,
    /// The same for those who hear some.
    some: RefCell<Vec<(Arc<Channels>, Bytes)>>,
}

impl Said {
    /// The frames of all changes that are heard.
    pub(super) fn frames<'a>(
        &self,
        Listener { voice, channels, accounts }: &Listener,
        changes: impl Iterator<Item = (&'a Event, Option<&'a Order>)> + Clone,
    ) -> Bytes {
        let mut all = self.all.borrow_mut();
        let (all, ends) = all.get_or_insert_with(|| {
            let (mut frames, mut ends) = (Frames::default(), Vec::new());
            for (event, order) in changes.clone() {
                (voice.change)(event, order, Number(0), accounts, &mut frames);
                ends.push(frames.len());
            }
            (frames.finish(), ends)
        });
        if channels.is_all() {
            return all.clone();
        }
        let mut some = self.some.borrow_mut();
        if let Some((_, frames)) = some.iter().find(|(others, _)| Arc::ptr_eq(others, channels) || others == channels) {
            return frames.clone();
        }
        let (mut heard, mut begin) = (Vec::new(), 0);
        for ((event, order), &end) in changes.zip(&*ends) {
            if channels.hears(event, order, accounts) {
                heard.extend_from_slice(&all[begin..end]);
            }
            begin = end;
        }
        let frames = Bytes::from(heard);
        some.push((Arc::clone(channels), frames.clone()));
        frames
    }
}
