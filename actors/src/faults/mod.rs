//! Faults: what is made to go wrong on purpose of what subscribers are told, and which it is, of whatever a fault looks
//! at, that meets it.
//!
//! A venue has a board of the faults of its streams: whoever serves it puts them there, and each socket takes from
//! there what concerns it (`feed/way.rs`). Faults of requests are the matter of whoever answers them; [`Choice`] says
//! of both which one it is. Knows no JSON and no status code; nothing of it reaches the OrderBook.

mod board;

use std::num::NonZeroU64;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tradepit_engine::{AccountId, Decimal, Time};

use crate::chance::{DelayModel, FaultDraws};
pub(crate) use board::Board;
pub use board::StreamFaults;

/// How often something happens, in parts of a thousand millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probability {
    billionths: u64,
}

impl Probability {
    /// What always happens.
    pub(crate) const BILLIONTHS: u64 = 1_000_000_000;

    /// A decimal from 0 to 1, of nine digits after the point at most.
    #[must_use]
    pub fn of(part: Decimal) -> Option<Probability> {
        let billionths = part.units(9).and_then(|billionths| u64::try_from(billionths).ok())?;
        Some(Probability { billionths }).filter(|_| billionths <= Probability::BILLIONTHS)
    }

    pub(crate) fn billionths(self) -> u64 {
        self.billionths
    }
}

/// Which it is, of the things that a fault looks at: it must meet all that is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only this one; the first is 1.
    pub nth: Option<NonZeroU64>,
    /// Each so many.
    pub every: Option<NonZeroU64>,
    /// So often.
    pub probability: Option<Probability>,
}

impl Choice {
    /// Whether it is the one of this number.
    #[must_use]
    pub fn meets(&self, number: u64, draws: &mut FaultDraws) -> bool {
        self.nth.is_none_or(|nth| nth.get() == number)
            && self.every.is_none_or(|every| number.is_multiple_of(every.get()))
            && self.probability.is_none_or(|probability| draws.happens(probability))
    }
}

/// How often a fault met something, which may be bounded.
#[derive(Clone, Debug)]
pub struct Matched {
    count: Arc<AtomicU64>,
    /// Then it meets nothing more.
    times: u64,
}

impl Matched {
    /// Not yet; where a number is given, at most so often.
    #[must_use]
    pub fn at_most(times: Option<NonZeroU64>) -> Matched {
        Matched { count: Arc::default(), times: times.map_or(u64::MAX, NonZeroU64::get) }
    }

    /// Another one that has met as much by now.
    #[must_use]
    pub fn copied(&self) -> Matched {
        Matched { count: Arc::new(AtomicU64::new(self.count())), times: self.times }
    }

    /// How often.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Once more; returns whether that may be.
    #[must_use]
    pub fn note(&self) -> bool {
        let more = |count| (count < self.times).then_some(count + 1);
        self.count.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok()
    }
}

/// A span of a venue's time: from the first moment until before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between(pub Time, pub Time);

impl Between {
    /// Whether this moment is within.
    #[must_use]
    pub fn has(self, at: Time) -> bool {
        self.0 <= at && at < self.1
    }
}

/// What becomes of a subscriber's frames.
#[derive(Clone, Debug)]
pub struct StreamFault {
    /// Only of this stream: a channel, or `orders`.
    pub stream: Option<&'static str>,
    /// Only of sockets that listen for this account.
    pub account: Option<AccountId>,
    /// Only in this time of the venue.
    pub between: Option<Between>,
    /// Of the frames that meet this, by socket.
    pub choice: Choice,
    /// What is done.
    pub deed: StreamDeed,
}

/// What is done to a frame, or to its socket in its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StreamDeed {
    /// The socket is closed with this code.
    Close(u16),
    /// The socket ends without a close frame.
    Drop,
    /// Nothing is written for so long, in microseconds; then the frame comes.
    Stall(u64),
    /// It comes so much later, and what is behind it not before.
    Delay(DelayModel),
    /// It comes twice.
    Duplicate,
    /// It comes behind one of so many that follow.
    Reorder(u64),
    /// It never comes.
    Skip,
}

/// The account of whoever names none.
pub const DEFAULT_ACCOUNT: &str = "default";

impl StreamFault {
    /// Whether a frame of this stream is looked at, on a socket that listens for this account, at this time.
    pub(crate) fn concerns(&self, stream: &str, account: Option<AccountId>, at: Time) -> bool {
        let named = account.as_ref().map_or(DEFAULT_ACCOUNT, AccountId::as_str);
        self.stream.is_none_or(|own| own == stream)
            && self.account.is_none_or(|own| own.as_str() == named)
            && self.between.is_none_or(|between| between.has(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    fn met(choice: Choice, seed: u64) -> Vec<u64> {
        (1..=1_000).filter(|&number| choice.meets(number, &mut Chance::seeded(seed).fault(3, 0, number))).collect()
    }

    fn part(text: &str) -> Option<Probability> {
        Probability::of(Decimal::parse(text).expect("a decimal"))
    }

    #[test]
    fn one_or_each_so_many_is_chosen() {
        assert_eq!(met(Choice { nth: NonZeroU64::new(7), ..Choice::default() }, 1), [7]);
        assert_eq!(met(Choice { every: NonZeroU64::new(400), ..Choice::default() }, 1), [400, 800]);
        let both = Choice { nth: NonZeroU64::new(7), every: NonZeroU64::new(2), ..Choice::default() };
        assert!(met(both, 1).is_empty(), "all that is said must be met");
        assert_eq!(met(Choice::default(), 1).len(), 1_000);
    }

    #[test]
    fn what_is_drawn_follows_from_the_seed_and_is_about_as_often_as_it_shall_be() {
        let choice = Choice { probability: part("0.1"), ..Choice::default() };
        let drawn = met(choice, 1);
        assert!((60..140).contains(&drawn.len()), "{}", drawn.len());
        assert_eq!(met(choice, 1), drawn);
        assert_ne!(met(choice, 2), drawn);
        assert!(met(Choice { probability: part("0"), ..Choice::default() }, 1).is_empty());
        assert_eq!(met(Choice { probability: part("1"), ..Choice::default() }, 1).len(), 1_000);
        for text in ["-0.1", "1.000000001", "0.0000000001", "2"] {
            assert_eq!(part(text), None, "{text}");
        }
    }

    #[test]
    fn it_meets_no_more_than_it_may() {
        let matched = Matched::at_most(NonZeroU64::new(2));
        assert_eq!([matched.note(), matched.note(), matched.note()], [true, true, false]);
        assert_eq!(matched.count(), 2);
    }
}
