//! The faults in force at a venue: how much each has looked at and met, and what a request meets of them.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use tokio::sync::Notify;
use tokio::time::Instant;
use tradepit_actors::{Chance, Matched, StreamFaults};
use tradepit_engine::{AccountNumber, Time};

use super::rate::Buckets;
use super::reply::too_many;
use super::{Fault, Faults, Of, RequestDeed, RequestFault, When};
use crate::edge::route::Route;

/// Requests of one venue that may wait for a fault at a time; one more is told so. Half of those that it may have in
/// flight: others get through meanwhile, and so does who lifts the fault.
const WAITING_AT_MOST: usize = 500;

#[derive(Debug)]
pub(crate) struct InForce {
    pub(crate) faults: Faults,
    counts: Box<[Count]>,
    chance: Chance,
    waiting: AtomicUsize,
    /// Others are in force.
    is_lifted: AtomicBool,
    lift: Notify,
}

/// What a fault has done.
#[derive(Debug)]
struct Count {
    /// Requests that it looked at.
    looked: AtomicU64,
    matched: Matched,
    buckets: Buckets,
}

/// What must be known of a request, beside its method and route.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asks {
    /// Whose it is.
    pub(crate) account: bool,
    /// Which time it is in the venue.
    pub(crate) time: bool,
}

/// A request, as faults look at it.
pub(crate) struct Looked<'a> {
    pub(crate) method: &'a Method,
    pub(crate) route: &'a Route,
    /// The account that it names, and the number of that; of `default` where it names none that there is.
    pub(crate) account: (&'a str, AccountNumber),
    /// The venue's time, where that was asked for.
    pub(crate) time: Option<Time>,
    pub(crate) now: Instant,
}

/// What becomes of a request.
#[derive(Debug, Default)]
pub(crate) struct Fate {
    /// The names of the faults that touch its reply.
    pub(crate) names: Vec<HeaderValue>,
    pub(crate) delay: Duration,
    /// The answer, where it is not handled.
    pub(crate) answer: Option<HttpResponse>,
    pub(crate) cut: Option<When>,
    /// Of the reply's body so much comes, where it is longer: the fault of this name sees to that.
    pub(crate) shortens: Option<(usize, HeaderValue)>,
}

/// A request that waits.
#[derive(Debug)]
pub(crate) struct Waits<'a>(&'a AtomicUsize);

impl InForce {
    /// From now on, with all counts at 0; draws follow from this chance.
    pub(super) fn begin(faults: Faults, chance: Chance) -> InForce {
        let count = |fault: &Fault| Count {
            looked: AtomicU64::new(0),
            matched: Matched::at_most(fault.times),
            buckets: Buckets::default(),
        };
        let counts = faults.0.iter().map(count).collect();
        let (waiting, is_lifted, lift) = (AtomicUsize::new(0), AtomicBool::new(false), Notify::new());
        InForce { faults, counts, chance, waiting, is_lifted, lift }
    }

    /// The same, as far as they have come by now.
    pub(super) fn copied(&self, chance: Chance) -> InForce {
        let copied = InForce::begin(self.faults.clone(), chance);
        let counts = self.counts.iter().map(Count::copied).collect();
        InForce { counts, ..copied }
    }

    /// Others are in force from now on: who waits for these waits no longer.
    pub(super) fn lift(&self) {
        self.is_lifted.store(true, Ordering::Release);
        self.lift.notify_waiters();
    }

    /// Waits until they are lifted.
    pub(crate) async fn lifted(&self) {
        // Registered before the flag is read: a lift in between is not missed.
        let lifted = self.lift.notified();
        if !self.is_lifted.load(Ordering::Acquire) {
            lifted.await;
        }
    }

    /// Each fault, and how often it met something.
    pub(crate) fn counted(&self) -> impl Iterator<Item = (&Fault, u64)> {
        self.faults.0.iter().zip(&self.counts).map(|(fault, count)| (fault, count.matched.count()))
    }

    /// Those of streams, for the venue.
    pub(super) fn of_streams(&self) -> StreamFaults {
        let faults = self.placed().filter_map(|(place, fault, count)| match &fault.of {
            Of::Streams(fault) => Some((place, fault.clone(), count.matched.clone())),
            Of::Requests(_) => None,
        });
        StreamFaults::new(self.chance, faults.collect())
    }

    fn placed(&self) -> impl Iterator<Item = (u32, &Fault, &Count)> {
        (0..).zip(self.faults.0.iter().zip(&self.counts)).map(|(place, (fault, count))| (place, fault, count))
    }

    fn of_requests(&self) -> impl Iterator<Item = (u32, &Fault, &RequestFault, &Count)> {
        self.placed().filter_map(|(place, fault, count)| match &fault.of {
            Of::Requests(of) => Some((place, fault, of, count)),
            Of::Streams(_) => None,
        })
    }

    /// What must be known of a request with this method to this route; nothing where no fault looks at such.
    pub(crate) fn asks(&self, method: &Method, route: &Route) -> Option<Asks> {
        let looking = self.of_requests().filter(|(_, _, of, _)| of.is_of(method, route));
        looking.fold(None, |asks, (_, _, of, _)| {
            let Asks { account, time } = asks.unwrap_or_default();
            Some(Asks { account: account || of.asks_account(), time: time || of.between.is_some() })
        })
    }

    /// What becomes of this request: all that match apply, in order. Delays add up; of answers the first stands.
    pub(crate) fn meet(&self, looked: &Looked<'_>) -> Fate {
        let mut fate = Fate::default();
        for (place, fault, of, count) in self.of_requests() {
            if !of.looks_at(looked) {
                continue;
            }
            let number = count.looked.fetch_add(1, Ordering::AcqRel) + 1;
            let mut draws = self.chance.fault(place, 0, number);
            if !(of.choice.meets(number, &mut draws) && count.matched.note()) {
                continue;
            }
            match &of.deed {
                RequestDeed::Answer(answer) => fate.be_answered(answer.response(), &fault.name),
                RequestDeed::Delay(model) => {
                    fate.delay += Duration::from_micros(draws.delay_us(model));
                    fate.names.push(fault.name.clone());
                }
                RequestDeed::Drop(when) => fate.cut = fate.cut.filter(|cut| *cut == When::Before).or(Some(*when)),
                RequestDeed::Truncate(to) => fate.be_shortened(*to, &fault.name),
                RequestDeed::Limit(rate) => {
                    if let Err(again_in) = count.buckets.take(*rate, looked.account.1, looked.now) {
                        fate.be_answered(too_many(again_in), &fault.name);
                    }
                }
            }
        }
        fate
    }

    /// One more waits; nothing where as many do as may.
    pub(crate) fn wait(&self) -> Option<Waits<'_>> {
        let before = self.waiting.fetch_add(1, Ordering::AcqRel);
        let waits = Waits(&self.waiting);
        (before < WAITING_AT_MOST).then_some(waits)
    }
}

impl Count {
    fn copied(&self) -> Count {
        let looked = AtomicU64::new(self.looked.load(Ordering::Acquire));
        Count { looked, matched: self.matched.copied(), buckets: self.buckets.copied() }
    }
}

impl Fate {
    fn be_answered(&mut self, answer: HttpResponse, by: &HeaderValue) {
        if self.answer.is_none() {
            self.answer = Some(answer);
            self.names.push(by.clone());
        }
    }

    fn be_shortened(&mut self, to: usize, by: &HeaderValue) {
        if self.shortens.as_ref().is_none_or(|(shorter, _)| to < *shorter) {
            self.shortens = Some((to, by.clone()));
        }
    }
}

impl RequestFault {
    fn looks_at(&self, looked: &Looked<'_>) -> bool {
        self.is_of(looked.method, looked.route)
            && self.account.as_ref().is_none_or(|own| **own == *looked.account.0)
            && self.between.is_none_or(|between| looked.time.is_some_and(|time| between.has(time)))
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
