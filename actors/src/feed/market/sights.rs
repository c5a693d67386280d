//! What the OrderBook and a Feed share of the market: what somebody there follows, and what has come of that.
//!
//! Bounded: of an instrument for which enough waits already the OrderBook shows no more, until the Feed has taken what
//! there is and wakes it. What changed meanwhile is in the next sight.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use tradepit_engine::Symbol;

use super::{Sight, Sought, What};

/// So many sights of an instrument wait for a Feed, at most …
pub(super) const SIGHTS_AT_MOST: usize = 16;
/// … and fewer where they are of many prices.
pub(super) const PRICES_AT_MOST: usize = 4_096;

/// What is shared.
#[derive(Default)]
pub(crate) struct Sights {
    shared: Mutex<Shared>,
    /// Rises whenever somebody follows something that nobody did, or nobody does any more.
    version: AtomicU64,
    has_come: AtomicBool,
}

#[derive(Default)]
struct Shared {
    followed: BTreeMap<Symbol, Followed>,
    /// What came of those since the Feed looked last.
    come: BTreeMap<Symbol, VecDeque<Arc<Sight>>>,
    /// Those of which something else is followed than the OrderBook knows.
    changed: BTreeSet<Symbol>,
    /// Wakes the OrderBook, which has more to show than there was room for.
    owed: Option<Waker>,
}

/// What of an instrument is to be seen, and for how many subscribers.
#[derive(Default)]
struct Followed(Vec<(Sought, usize)>);

impl Followed {
    fn sought(&self) -> Option<Sought> {
        self.0.iter().map(|(sought, _)| *sought).reduce(Sought::with)
    }

    fn add(&mut self, sought: Sought) {
        match self.0.iter_mut().find(|(known, _)| *known == sought) {
            Some((_, count)) => *count += 1,
            None => self.0.push((sought, 1)),
        }
    }

    fn remove(&mut self, sought: Sought) {
        self.0.retain_mut(|(known, count)| {
            *count -= usize::from(*known == sought);
            *count > 0
        });
    }
}

impl Shared {
    fn has_room(&self, symbol: Symbol) -> bool {
        let Some(come) = self.come.get(&symbol) else { return true };
        let prices: usize = come.iter().map(|sight| sight.prices()).sum();
        come.len() < SIGHTS_AT_MOST && prices < PRICES_AT_MOST
    }
}

/// What a Feed took: the sights of each instrument, the oldest first, and who waits for the room.
pub(super) type Taken = (Vec<Arc<Sight>>, Option<Waker>);

impl Sights {
    /// Somebody follows this from now on.
    pub(super) fn follow(&self, symbol: Symbol, what: What) {
        self.change(symbol, what, Followed::add);
    }

    /// One of those who did does no more.
    pub(super) fn leave(&self, symbol: Symbol, what: What) {
        self.change(symbol, what, Followed::remove);
    }

    fn change(&self, symbol: Symbol, what: What, change: fn(&mut Followed, Sought)) {
        let Some(sought) = what.sought() else { return };
        let mut shared = self.lock();
        let followed = shared.followed.entry(symbol).or_default();
        let before = followed.sought();
        change(followed, sought);
        let after = followed.sought();
        if after.is_none() {
            shared.followed.remove(&symbol);
            shared.come.remove(&symbol);
        }
        if before != after {
            shared.changed.insert(symbol);
            self.version.fetch_add(1, Ordering::Release);
        }
    }

    /// Whether anything is followed otherwise than when this was the same.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// What is followed otherwise since this was asked last.
    pub(crate) fn changed(&self) -> BTreeSet<Symbol> {
        std::mem::take(&mut self.lock().changed)
    }

    /// What is to be seen of an instrument, where somebody follows it.
    pub(crate) fn sought(&self, symbol: Symbol) -> Option<Sought> {
        self.lock().followed.get(&symbol).and_then(Followed::sought)
    }

    /// Whether a sight of this instrument is wanted. Where it would be but for what waits, `task` is woken when there
    /// is room.
    pub(crate) fn wants(&self, symbol: Symbol, task: &Waker) -> bool {
        let mut shared = self.lock();
        let is_followed = shared.followed.contains_key(&symbol);
        let has_room = shared.has_room(symbol);
        if is_followed && !has_room {
            shared.owed = Some(task.clone());
        }
        is_followed && has_room
    }

    /// Shows a sight to whoever follows that here, in place of the newest where there is no room; returns whether the
    /// Feed is to be woken for it.
    pub(crate) fn show(&self, sight: &Arc<Sight>) -> bool {
        let mut shared = self.lock();
        let symbol = sight.offered.symbol;
        if !shared.followed.contains_key(&symbol) {
            return false;
        }
        let has_room = shared.has_room(symbol);
        let come = shared.come.entry(symbol).or_default();
        if !has_room {
            come.pop_back();
        }
        come.push_back(Arc::clone(sight));
        !self.has_come.swap(true, Ordering::AcqRel)
    }

    /// Whether anything has come.
    pub(crate) fn has_come(&self) -> bool {
        self.has_come.load(Ordering::Acquire)
    }

    /// Takes what has come.
    pub(super) fn take(&self) -> Taken {
        let mut shared = self.lock();
        self.has_come.store(false, Ordering::Release);
        (std::mem::take(&mut shared.come).into_values().flatten().collect(), shared.owed.take())
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Sights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sights").field("has_come", &self.has_come).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::task::Wake;

    use tradepit_engine::{Decimal, Offered, Offers, Step, Time, Timeframe};

    use super::*;

    fn symbol() -> Symbol {
        Symbol::new("A").expect("a symbol")
    }

    fn sight(number: u64, prices: usize) -> Arc<Sight> {
        let step = Step::new(Decimal::new(1, 0).expect("a decimal")).expect("a step");
        let bids = vec![Offers { ticks: 1, lots: 1 }; prices];
        let (symbol, at) = (symbol(), Time(0));
        let offered = Offered { symbol, tick: step, lot: step, at, number, bids, asks: Vec::new(), last_ticks: None };
        Arc::new(Sight { offered, depth: 20, printing: None })
    }

    fn numbers(sights: &Sights) -> Vec<u64> {
        sights.take().0.iter().map(|sight| sight.offered.number).collect()
    }

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn the_deepest_that_is_followed_is_looked_at_and_only_what_changes_is_told() {
        let (sights, one) = (Sights::default(), BTreeSet::from([symbol()]));
        let stands = |depth, prints, changed: &BTreeSet<Symbol>, version| {
            let sought = Some(Sought { depth, prints });
            assert_eq!((sights.sought(symbol()), &sights.changed(), sights.version()), (sought, changed, version));
        };
        sights.follow(symbol(), What::Book(20));
        stands(20, false, &one, 1);
        sights.follow(symbol(), What::Quote);
        stands(20, false, &BTreeSet::new(), 1);
        sights.follow(symbol(), What::Prints);
        stands(20, true, &one, 2);
        sights.leave(symbol(), What::Book(20));
        stands(1, true, &one, 3);
        sights.leave(symbol(), What::Prints);
        stands(1, false, &one, 4);
        sights.show(&sight(1, 1));
        sights.leave(symbol(), What::Quote);
        assert_eq!((sights.sought(symbol()), sights.changed(), numbers(&sights)), (None, one, Vec::new()));
        assert!(!sights.show(&sight(2, 1)) && !sights.wants(symbol(), Waker::noop()), "nobody follows it any more");
        sights.follow(symbol(), What::Bars(Timeframe::Second));
        assert!(!sights.wants(symbol(), Waker::noop()), "bars are asked for");
    }

    #[test]
    fn what_waits_is_bounded_the_newest_is_never_lost_and_who_has_more_is_woken() {
        for (prices, at_most) in [(1, SIGHTS_AT_MOST), (1_500, 3)] {
            let (sights, woken) = (Sights::default(), Arc::new(Woken::default()));
            let task = Waker::from(Arc::clone(&woken));
            sights.follow(symbol(), What::Book(20));
            let shown = (1..).take_while(|number| {
                let wants = sights.wants(symbol(), &task);
                assert_eq!(sights.show(&sight(*number, prices)), *number == 1, "the Feed is woken once");
                wants
            });
            // The last of these was shown though there was no room: where another Feed wanted it.
            let shown = shown.count() as u64;
            assert_eq!(shown, at_most as u64);
            let taken = sights.take();
            let numbers: Vec<u64> = taken.0.iter().map(|sight| sight.offered.number).collect();
            assert_eq!(numbers, (1..shown).chain([shown + 1]).collect::<Vec<_>>());
            taken.1.expect("somebody waits").wake();
            assert_eq!(woken.0.load(Ordering::Relaxed), 1);
            assert!(sights.wants(symbol(), &task) && sights.take().1.is_none());
        }
    }
}
