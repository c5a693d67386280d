//! A subscriber's place in what it follows: what it was told last, and of what it may be told more.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use bytes::{Bytes, BytesMut};
use tradepit_engine::Symbol;

use super::desk::Desk;
use super::{Following, What};
use crate::feed::channels::ChannelVoice;

/// About so much is drawn at a time: what is written with it is old by the time that the client reads it.
const CHUNK_BYTES: usize = 16 * 1024;

/// A subscriber that follows something, for as long as this lives.
pub(crate) struct Follower {
    desk: Rc<Desk>,
    voice: &'static ChannelVoice,
    place: RefCell<Place>,
}

struct Place {
    /// By symbol.
    wants: Vec<Want>,
    /// Those that may have news, each once, in the order in which that came.
    pending: VecDeque<usize>,
}

/// One thing that is followed.
struct Want {
    symbol: Symbol,
    what: What,
    /// The version that it was told last.
    told: Option<u64>,
    is_pending: bool,
}

impl Follower {
    /// Follows all this from now on.
    pub(crate) fn begin(desk: Rc<Desk>, voice: &'static ChannelVoice, following: &Following) -> Follower {
        let symbols: BTreeSet<Symbol> = following.symbols.iter().copied().collect();
        let wanted = symbols.iter().flat_map(|&symbol| following.what().map(move |what| (symbol, what)));
        let want = |(symbol, what)| Want { symbol, what, told: desk.join(symbol, what, voice), is_pending: true };
        let wants: Vec<Want> = wanted.map(want).collect();
        let pending = (0..wants.len()).collect();
        Follower { desk, voice, place: RefCell::new(Place { wants, pending }) }
    }

    /// Notes what of these may be news; whether any of it is.
    pub(crate) fn note(&self, changed: &BTreeSet<Symbol>) -> bool {
        let Place { wants, pending } = &mut *self.place.borrow_mut();
        let mut has_news = false;
        for symbol in changed {
            let first = wants.partition_point(|want| want.symbol < *symbol);
            for (at, want) in wants.iter_mut().enumerate().skip(first).take_while(|(_, want)| want.symbol == *symbol) {
                if want.is_pending {
                    has_news = true;
                } else if self.desk.number(want.symbol, want.what, self.voice) > want.told {
                    want.is_pending = true;
                    pending.push_back(at);
                    has_news = true;
                }
            }
        }
        has_news
    }

    /// The next of what it is to be told: as it stands now, written once for all who stand where it does.
    pub(crate) fn next(&self) -> Option<Bytes> {
        let Place { wants, pending } = &mut *self.place.borrow_mut();
        let (mut frames, mut bytes) = (Vec::new(), 0);
        while let Some(want) = pending.pop_front().and_then(|at| wants.get_mut(at)) {
            want.is_pending = false;
            let followed = (want.symbol, want.what, self.voice);
            let newest = self.desk.tell_after(followed, want.told, |told| {
                bytes += told.len();
                frames.push(told);
            });
            want.told = newest.or(want.told);
            if bytes >= CHUNK_BYTES {
                break;
            }
        }
        if frames.len() <= 1 {
            return frames.pop();
        }
        let mut chunk = BytesMut::with_capacity(bytes);
        frames.iter().for_each(|told| chunk.extend_from_slice(told));
        Some(chunk.freeze())
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        for want in &self.place.borrow().wants {
            self.desk.leave(want.symbol, want.what, self.voice);
        }
    }
}
