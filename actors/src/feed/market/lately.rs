//! How a book or a quote stood lately: each version is written once for all who are told of it.

use std::cell::OnceCell;
use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use tradepit_engine::{Offered, Offers};

use super::Sight;
use super::sights::{PRICES_AT_MOST, SIGHTS_AT_MOST};
use crate::feed::channels::ChannelVoice;
use crate::feed::voice::Frames;

/// How a book or a quote stood lately.
pub(super) struct Lately {
    /// Prices on each side.
    depth: usize,
    says: Says,
    /// The newest last; of a quote that one alone.
    versions: VecDeque<Version>,
    /// The newest, whole.
    whole: OnceCell<Bytes>,
}

/// What is said of it.
enum Says {
    /// How it stands now.
    Quote(fn(&Offered, &mut Vec<u8>)),
    /// What changed.
    Book(fn(&Offered, Option<u64>, &mut Vec<u8>)),
}

/// How it stood from a moment on.
struct Version {
    sight: Arc<Sight>,
    /// What changed by it, once somebody was told so.
    change: OnceCell<Bytes>,
}

impl Lately {
    /// Nothing of a quote was seen yet.
    pub(super) fn of_quote(voice: &ChannelVoice) -> Lately {
        Lately::of(1, Says::Quote(voice.quote))
    }

    /// Nothing of a book was seen yet, of which so many prices on each side are told.
    pub(super) fn of_book(depth: usize, voice: &ChannelVoice) -> Lately {
        Lately::of(depth, Says::Book(voice.book))
    }

    fn of(depth: usize, says: Says) -> Lately {
        Lately { depth, says, versions: VecDeque::new(), whole: OnceCell::new() }
    }

    /// Sees how it stands now; whether that is otherwise than before.
    pub(super) fn see(&mut self, sight: &Arc<Sight>) -> bool {
        let newest = self.versions.back().map(|version| &version.sight.offered);
        let is_news = newest
            .is_none_or(|before| before.number < sight.offered.number && self.is_otherwise(before, &sight.offered));
        // What was looked at for others may not reach as far as this does.
        if sight.depth < self.depth || !is_news {
            return false;
        }
        self.versions.push_back(Version { sight: Arc::clone(sight), change: OnceCell::new() });
        self.whole = OnceCell::new();
        let mut prices: usize = self.versions.iter().map(|version| version.sight.prices()).sum();
        let at_most = if self.is_quote() { 1 } else { SIGHTS_AT_MOST };
        while self.versions.len() > at_most || (self.versions.len() > 1 && prices > PRICES_AT_MOST) {
            let gone = self.versions.pop_front();
            prices -= gone.map_or(0, |gone| gone.sight.prices());
        }
        true
    }

    /// The number of the newest version, once there is one.
    pub(super) fn number(&self) -> Option<u64> {
        Some(self.versions.back()?.sight.offered.number)
    }

    /// Tells what came after the version of this number: each change, or where that version is no longer here, or there
    /// was none, the newest whole.
    pub(super) fn tell_after(&self, told: Option<u64>, mut tell: impl FnMut(Bytes)) {
        let number_of = |version: &Version| version.sight.offered.number;
        let known = told.and_then(|told| self.versions.iter().position(|version| number_of(version) == told));
        match known {
            Some(known) => {
                for (before, version) in self.versions.iter().zip(self.versions.iter().skip(1)).skip(known) {
                    tell(version.change.get_or_init(|| self.write_change(before, version)).clone());
                }
            }
            None => {
                let Some(newest) = self.versions.back() else { return };
                tell(self.whole.get_or_init(|| self.write_whole(&newest.sight.offered)).clone());
            }
        }
    }

    fn is_quote(&self) -> bool {
        matches!(self.says, Says::Quote(_))
    }

    fn is_otherwise(&self, before: &Offered, now: &Offered) -> bool {
        let differs = |before, now| seen(before, self.depth) != seen(now, self.depth);
        let last_differs = self.is_quote() && before.last_ticks != now.last_ticks;
        differs(&before.bids, &now.bids) || differs(&before.asks, &now.asks) || last_differs
    }

    fn write_whole(&self, offered: &Offered) -> Bytes {
        let whole = || with_sides(offered, seen(&offered.bids, self.depth), seen(&offered.asks, self.depth));
        let mut frames = Frames::default();
        match self.says {
            Says::Quote(quote) => frames.push(|out| quote(offered, out)),
            Says::Book(book) => frames.push(|out| book(&whole(), None, out)),
        }
        frames.finish()
    }

    fn write_change(&self, before: &Version, version: &Version) -> Bytes {
        let (before, now, depth) = (&before.sight.offered, &version.sight.offered, self.depth);
        let bids = difference(seen(&before.bids, depth), seen(&now.bids, depth), |price, other| price > other);
        let asks = difference(seen(&before.asks, depth), seen(&now.asks, depth), |price, other| price < other);
        let mut frames = Frames::default();
        match self.says {
            Says::Quote(quote) => frames.push(|out| quote(now, out)),
            Says::Book(book) => {
                frames.push(|out| book(&with_sides(now, &bids, &asks), Some(before.number), out));
            }
        }
        frames.finish()
    }
}

/// What of a side is seen.
fn seen(offers: &[Offers], depth: usize) -> &[Offers] {
    &offers[..offers.len().min(depth)]
}

fn with_sides(offered: &Offered, bids: &[Offers], asks: &[Offers]) -> Offered {
    Offered { bids: bids.to_vec(), asks: asks.to_vec(), ..*offered }
}

/// The prices at which something else is offered now, with nothing where nothing is, or where that is out of sight; the
/// best first.
fn difference(before: &[Offers], now: &[Offers], is_better: fn(u64, u64) -> bool) -> Vec<Offers> {
    let gone = |offers: &Offers| Offers { lots: 0, ..*offers };
    let (mut before, mut now, mut changes) = (before.iter().peekable(), now.iter().peekable(), Vec::new());
    loop {
        match (before.peek(), now.peek()) {
            (None, None) => return changes,
            (Some(old), Some(new)) if old.ticks == new.ticks => {
                if old.lots != new.lots {
                    changes.push(**new);
                }
                before.next();
                now.next();
            }
            (Some(old), Some(new)) if is_better(old.ticks, new.ticks) => {
                changes.push(gone(old));
                before.next();
            }
            (Some(old), None) => {
                changes.push(gone(old));
                before.next();
            }
            (_, Some(new)) => {
                changes.push(**new);
                now.next();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tradepit_engine::{Decimal, Step, Symbol, Time};

    use super::*;
    use crate::accounts::AccountIds;

    /// Says numbers, and what is offered at which price.
    static VOICE: ChannelVoice = ChannelVoice {
        change: |_, _, _, _: &AccountIds, _| {},
        lagged: |_, _| {},
        order: |_, _, _| {},
        print: |_, _| {},
        bar: |_, _| {},
        quote: |offered, out| out.extend_from_slice(format!("{}", offered.number).as_bytes()),
        book: |offered, previous, out| {
            let side = |offers: &[Offers]| {
                let one = |offers: &Offers| format!("{}x{}", offers.lots, offers.ticks);
                offers.iter().map(one).collect::<Vec<_>>().join(" ")
            };
            let (bids, asks) = (side(&offered.bids), side(&offered.asks));
            out.extend_from_slice(format!("{previous:?} {} {bids} | {asks}", offered.number).as_bytes());
        },
        channel: |_| "",
    };

    fn sight(number: u64, bids: &[(u64, u128)], asks: &[(u64, u128)]) -> Arc<Sight> {
        let side = |side: &[(u64, u128)]| side.iter().map(|&(ticks, lots)| Offers { ticks, lots }).collect();
        let step = Step::new(Decimal::new(1, 0).expect("a decimal")).expect("a step");
        let symbol = Symbol::new("A").expect("a symbol");
        let (bids, asks) = (side(bids), side(asks));
        let offered = Offered { symbol, tick: step, lot: step, at: Time(0), number, bids, asks, last_ticks: None };
        Arc::new(Sight { offered, depth: 3, printing: None })
    }

    fn told(view: &Lately, after: Option<u64>) -> Vec<String> {
        let mut told = Vec::new();
        view.tell_after(after, |frame| told.push(String::from_utf8_lossy(&frame[2..]).into_owned()));
        told
    }

    #[test]
    fn a_book_is_told_whole_to_who_is_new_and_change_by_change_to_who_was_there() {
        let mut view = Lately::of_book(2, &VOICE);
        assert!(told(&view, None).is_empty());
        assert!(view.see(&sight(5, &[(9, 1), (8, 1), (7, 1)], &[])));
        assert!(!view.see(&sight(6, &[(9, 1), (8, 1), (7, 2)], &[])), "that is out of sight");
        assert!(view.see(&sight(8, &[(9, 2), (7, 2), (6, 1)], &[(11, 4)])));
        assert!(view.see(&sight(9, &[(10, 1), (9, 2), (7, 2)], &[])));
        assert!(!view.see(&sight(7, &[], &[])), "older than what is here");
        assert_eq!(told(&view, None), ["None 9 1x10 2x9 | "]);
        assert_eq!(told(&view, Some(5)), ["Some(5) 8 2x9 0x8 2x7 | 4x11", "Some(8) 9 1x10 0x7 | 0x11"]);
        assert_eq!(told(&view, Some(8)), ["Some(8) 9 1x10 0x7 | 0x11"]);
        assert!(told(&view, Some(9)).is_empty());
        assert_eq!(told(&view, Some(6)), ["None 9 1x10 2x9 | "], "what it was told is no version of this");
    }

    #[test]
    fn who_is_further_behind_than_is_kept_is_told_the_whole_and_all_are_told_the_same_bytes() {
        let mut view = Lately::of_book(3, &VOICE);
        for number in 1..=40 {
            assert!(view.see(&sight(number, &[(9, number.into())], &[])));
        }
        assert_eq!(view.versions.len(), SIGHTS_AT_MOST);
        assert_eq!(told(&view, Some(24)), ["None 40 40x9 | "]);
        assert_eq!(told(&view, Some(25)).len(), 15);
        let place = |after| {
            let mut places = Vec::new();
            view.tell_after(after, |frame| places.push(frame.as_ptr()));
            places
        };
        assert_eq!((place(None), place(Some(39))), (place(None), place(Some(39))));
        assert_eq!(place(Some(38))[1], place(Some(39))[0]);
    }

    #[test]
    fn large_books_are_kept_in_fewer_versions_and_a_quote_in_one() {
        let deep: Vec<(u64, u128)> = (0..1_500).map(|at| (9_000 - at, 1)).collect();
        let (mut book, mut quote) = (Lately::of_book(3, &VOICE), Lately::of_quote(&VOICE));
        for number in 1..=9 {
            let mut bids = deep.clone();
            bids[0].1 = number.into();
            assert!(book.see(&sight(number, &bids, &[])) && quote.see(&sight(number, &bids, &[])));
        }
        assert_eq!((book.versions.len(), quote.versions.len()), (2, 1));
        assert_eq!((told(&quote, Some(8)), told(&quote, Some(9))), (vec!["9".to_owned()], Vec::new()));
        assert!(!quote.see(&sight(10, &[(9_000, 9), (1, 1)], &[])), "the best is as it was");
        assert!(!Lately::of_book(4, &VOICE).see(&sight(10, &[], &[])), "it was not looked at as deep as that");
    }
}
