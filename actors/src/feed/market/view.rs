//! One thing that is followed, for all who are told of it by one voice.

use std::sync::Arc;

use bytes::Bytes;
use tradepit_engine::Symbol;

use super::grown::Grown;
use super::lately::Lately;
use super::tape::Tape;
use super::{Sight, What};
use crate::ask::{BarsTold, ReadBars};
use crate::feed::channels::ChannelVoice;

/// Something followed.
pub(super) struct View {
    pub(super) what: What,
    pub(super) voice: &'static ChannelVoice,
    /// How many follow it.
    pub(super) followers: usize,
    known: Known,
}

/// What is known of it.
enum Known {
    Lately(Lately),
    Tape(Box<Tape>),
    Grown(Grown),
}

impl View {
    /// Nothing of it was seen yet.
    pub(super) fn of(symbol: Symbol, what: What, voice: &'static ChannelVoice) -> View {
        let known = match what {
            What::Quote => Known::Lately(Lately::of_quote(voice)),
            What::Book(depth) => Known::Lately(Lately::of_book(depth, voice)),
            What::Prints => Known::Tape(Box::new(Tape::of(voice.print))),
            What::Bars(timeframe) => Known::Grown(Grown::of(symbol, timeframe, voice.bar)),
        };
        View { what, voice, followers: 0, known }
    }

    /// Sees how the instrument stands now; whether that is news.
    pub(super) fn see(&mut self, sight: &Arc<Sight>) -> bool {
        match &mut self.known {
            Known::Lately(lately) => lately.see(sight),
            Known::Tape(tape) => tape.see(sight),
            Known::Grown(_) => false,
        }
    }

    /// What is to be asked for it from time to time.
    pub(super) fn asks(&self) -> Option<ReadBars> {
        match &self.known {
            Known::Grown(grown) => Some(grown.asks()),
            Known::Lately(_) | Known::Tape(_) => None,
        }
    }

    /// Takes in what was answered; whether that is news.
    pub(super) fn take(&mut self, told: &BarsTold) -> bool {
        match &mut self.known {
            Known::Grown(grown) => grown.take(told),
            Known::Lately(_) | Known::Tape(_) => false,
        }
    }

    /// What whoever follows it from now on needs not be told: prints of before.
    pub(super) fn told_before(&self) -> Option<u64> {
        match &self.known {
            Known::Tape(tape) => Some(tape.strip.number()),
            Known::Lately(_) | Known::Grown(_) => None,
        }
    }

    /// The number of the newest version, once there is one.
    pub(super) fn number(&self) -> Option<u64> {
        match &self.known {
            Known::Lately(lately) => lately.number(),
            Known::Tape(tape) => tape.strip.newest(),
            Known::Grown(grown) => grown.strip.newest(),
        }
    }

    /// Tells what came after the version of this number.
    pub(super) fn tell_after(&self, told: Option<u64>, tell: impl FnMut(Bytes)) {
        match &self.known {
            Known::Lately(lately) => lately.tell_after(told, tell),
            Known::Tape(tape) => tape.strip.tell_after(told, tell),
            Known::Grown(grown) => grown.strip.tell_after(told, tell),
        }
    }
}
