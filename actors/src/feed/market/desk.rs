//! How everything stands that somebody on this thread follows.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::task::Waker;

use bytes::Bytes;
use tradepit_engine::Symbol;

use super::sights::Sights;
use super::view::View;
use super::{Sight, What};
use crate::ask::{BarsTold, ReadBars};
use crate::feed::channels::ChannelVoice;

/// The views of one worker thread, shared between the Feed and those who follow them.
pub(crate) struct Desk {
    sights: Arc<Sights>,
    stands: RefCell<BTreeMap<Symbol, Stand>>,
}

/// An instrument that somebody follows.
#[derive(Default)]
struct Stand {
    /// There are few: a list is looked through faster than anything else.
    views: Vec<View>,
    newest: Option<Arc<Sight>>,
}

impl Stand {
    fn view(&mut self, what: What, voice: &'static ChannelVoice) -> Option<&mut View> {
        self.views.iter_mut().find(|view| view.what == what && std::ptr::eq(view.voice, voice))
    }
}

impl Desk {
    /// Nobody follows anything yet.
    pub(crate) fn new(sights: Arc<Sights>) -> Desk {
        Desk { sights, stands: RefCell::default() }
    }

    /// Somebody follows this from now on; returns the number of what it needs not be told.
    pub(super) fn join(&self, symbol: Symbol, what: What, voice: &'static ChannelVoice) -> Option<u64> {
        let mut stands = self.stands.borrow_mut();
        let stand = stands.entry(symbol).or_default();
        if stand.view(what, voice).is_none() {
            let mut view = View::of(symbol, what, voice);
            if let Some(newest) = &stand.newest {
                view.see(newest);
            }
            stand.views.push(view);
        }
        self.sights.follow(symbol, what);
        let view = stand.view(what, voice)?;
        view.followers += 1;
        view.told_before()
    }

    /// One of those who did does no more.
    pub(super) fn leave(&self, symbol: Symbol, what: What, voice: &'static ChannelVoice) {
        let mut stands = self.stands.borrow_mut();
        let Some(stand) = stands.get_mut(&symbol) else { return };
        if let Some(view) = stand.view(what, voice) {
            view.followers -= 1;
        }
        stand.views.retain(|view| view.followers > 0);
        if stand.views.is_empty() {
            stands.remove(&symbol);
        }
        self.sights.leave(symbol, what);
    }

    /// Sees what has come; returns in which instruments that changes anything, and whom to wake that waited for the
    /// room.
    pub(crate) fn see(&self) -> (BTreeSet<Symbol>, Option<Waker>) {
        let ((come, owed), mut changed) = (self.sights.take(), BTreeSet::new());
        let mut stands = self.stands.borrow_mut();
        for sight in come {
            let symbol = sight.offered.symbol;
            let Some(stand) = stands.get_mut(&symbol) else { continue };
            for view in &mut stand.views {
                if view.see(&sight) {
                    changed.insert(symbol);
                }
            }
            stand.newest = Some(sight);
        }
        (changed, owed)
    }

    /// What is to be asked from time to time, of each instrument.
    pub(crate) fn asks(&self) -> Vec<ReadBars> {
        let stands = self.stands.borrow();
        stands.values().flat_map(|stand| stand.views.iter().filter_map(View::asks)).collect()
    }

    /// Takes in what was answered; whether that is news to anybody.
    pub(crate) fn take(&self, asked: &ReadBars, told: &BarsTold) -> bool {
        let mut stands = self.stands.borrow_mut();
        let Some(stand) = stands.get_mut(&asked.symbol) else { return false };
        let what = What::Bars(asked.timeframe);
        let mut is_news = false;
        for view in stand.views.iter_mut().filter(|view| view.what == what) {
            is_news |= view.take(told);
        }
        is_news
    }

    /// The number of the newest version of something followed.
    pub(super) fn number(&self, symbol: Symbol, what: What, voice: &'static ChannelVoice) -> Option<u64> {
        self.stands.borrow_mut().get_mut(&symbol)?.view(what, voice)?.number()
    }

    /// Tells what came of something after the version of this number; returns the number of the newest.
    pub(super) fn tell_after(
        &self,
        (symbol, what, voice): (Symbol, What, &'static ChannelVoice),
        told: Option<u64>,
        tell: impl FnMut(Bytes),
    ) -> Option<u64> {
        let mut stands = self.stands.borrow_mut();
        let view = stands.get_mut(&symbol)?.view(what, voice)?;
        view.tell_after(told, tell);
        view.number()
    }
}
