//! What the venue counts. The OrderBook and the Feeds write, the metrics route reads: plain atomics, so that the
//! figures are there also when the OrderBook's mailbox is full.

use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering::Relaxed};

use tradepit_engine::Time;

/// A number that only rises.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, n: u64) {
        self.0.fetch_add(n, Relaxed);
    }

    /// The number now.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// A number that rises and falls.
#[derive(Debug, Default)]
pub struct Gauge(AtomicUsize);

impl Gauge {
    pub(crate) fn set(&self, n: usize) {
        self.0.store(n, Relaxed);
    }

    pub(crate) fn rise(&self) -> usize {
        self.0.fetch_add(1, Relaxed)
    }

    pub(crate) fn fall(&self) {
        self.0.fetch_sub(1, Relaxed);
    }

    /// The number now.
    pub fn get(&self) -> usize {
        self.0.load(Relaxed)
    }
}

/// Why a subscriber was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropReason {
    /// It read too slowly (1013).
    Slow,
    /// It sent nothing, no pong either, for too long.
    Silent,
    /// It broke the protocol (1002, 1007, 1009).
    Breach,
    /// Its Feed lost an announcement because it was too far behind (1013).
    FeedBehind,
}

impl DropReason {
    /// Every reason, in the order of [`Stats::dropped`].
    pub const ALL: [DropReason; 4] = [DropReason::Slow, DropReason::Silent, DropReason::Breach, DropReason::FeedBehind];

    /// The reason as a metric's label.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            DropReason::Slow => "slow",
            DropReason::Silent => "silent",
            DropReason::Breach => "protocol_error",
            DropReason::FeedBehind => "feed_behind",
        }
    }
}

/// How late executions came: counts by upper bound.
#[derive(Debug, Default)]
pub struct Lateness {
    counts: [Counter; Lateness::BOUNDS_US.len() + 1],
    sum_us: Counter,
}

impl Lateness {
    /// Upper bounds of the buckets, in microseconds; one more bucket holds the rest.
    pub const BOUNDS_US: [u64; 12] =
        [100, 250, 500, 1_000, 2_000, 4_000, 6_000, 10_000, 25_000, 50_000, 100_000, 1_000_000];

    pub(crate) fn observe_us(&self, late_us: u64) {
        let bucket = Lateness::BOUNDS_US.partition_point(|&bound| bound < late_us);
        self.counts[bucket].add(1);
        self.sum_us.add(late_us);
    }

    /// How many fell into each bucket, the last one without bound.
    pub fn counts(&self) -> impl Iterator<Item = u64> {
        self.counts.iter().map(Counter::get)
    }

    /// The sum of all, in microseconds.
    pub fn sum_us(&self) -> u64 {
        self.sum_us.get()
    }
}

/// What venues that are no more had counted.
#[derive(Debug, Default)]
pub struct Ended {
    /// How many there are of them.
    pub venues: Counter,
    /// Orders accepted.
    pub accepted: Counter,
    /// Orders executed.
    pub executed: Counter,
    /// Orders cancelled.
    pub cancelled: Counter,
}

impl Ended {
    pub(crate) fn add(&self, stats: &Stats) {
        self.venues.add(1);
        self.accepted.add(stats.accepted.get());
        self.executed.add(stats.executed.get());
        self.cancelled.add(stats.cancelled.get());
    }
}

/// All counts of one venue.
#[derive(Debug, Default)]
pub struct Stats {
    /// Orders accepted since start.
    pub accepted: Counter,
    /// Orders executed since start.
    pub executed: Counter,
    /// Orders cancelled since start.
    pub cancelled: Counter,
    /// Orders open now.
    pub open: Gauge,
    /// Orders held in memory now.
    pub held: Gauge,
    /// Changes held in memory now.
    pub changes: Gauge,
    /// What is held beside orders and changes, roughly, in bytes.
    beside: Gauge,
    /// Orders that a list can show: those held, or with a store all that it keeps.
    pub listed: Gauge,
    /// From due time to execution.
    pub lateness: Lateness,
    /// Requests that wait for the OrderBook now, or for what they are told of to be durable.
    pub mailbox: Gauge,
    /// Messages refused because the mailbox was full.
    pub refused: Counter,
    /// Commits of the store since start.
    pub commits: Counter,
    /// Changes that are not durable yet.
    pub unconfirmed: Gauge,
    /// WebSocket subscribers now.
    pub subscribers: Gauge,
    /// The venue's time at the end of the OrderBook's last turn.
    shown: AtomicI64,
    /// Subscribers dropped since start, by [`DropReason`].
    dropped: [Counter; DropReason::ALL.len()],
}

impl Stats {
    /// What a venue takes by itself, with what is built in.
    const OWN_BYTES: usize = 48 * 1024;
    const INSTRUMENT_BYTES: usize = 1_024;
    const ACCOUNT_BYTES: usize = 512;
    const ROW_BYTES: usize = 64;
    /// What an order takes that asks for a price and has names, and what a change of such a one does: few take more.
    const ORDER_BYTES: usize = 512;
    const CHANGE_BYTES: usize = 128;

    /// What is held in memory, roughly, in bytes.
    pub(crate) fn held_bytes(&self) -> usize {
        let orders = self.held.get().saturating_mul(Stats::ORDER_BYTES);
        let changes = self.changes.get().saturating_mul(Stats::CHANGE_BYTES);
        Stats::OWN_BYTES + orders + changes + self.beside.get()
    }

    /// How many instruments, accounts and rows of quotes there are now.
    pub(crate) fn note_beside(&self, instruments: usize, accounts: usize, rows: usize) {
        let accounts = accounts * Stats::ACCOUNT_BYTES;
        self.beside.set(instruments * Stats::INSTRUMENT_BYTES + accounts + rows * Stats::ROW_BYTES);
    }

    /// It is this time in the venue.
    pub(crate) fn note_time(&self, now: Time) {
        self.shown.store(now.0, Relaxed);
    }

    /// The venue's time, as of the last thing that happened there.
    pub(crate) fn time(&self) -> Time {
        Time(self.shown.load(Relaxed))
    }

    pub(crate) fn drop_one(&self, reason: DropReason) {
        self.dropped[reason as usize].add(1);
    }

    /// Subscribers dropped since start for this reason.
    pub fn dropped(&self, reason: DropReason) -> u64 {
        self.dropped[reason as usize].get()
    }
}
