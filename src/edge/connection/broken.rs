//! What clients send that never becomes a request: counted by reason, and told to the operator now and then.
//!
//! Any client can send it as often as it likes, so a line for each is only for who asks for debugging.

use std::fmt::Display;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tradepit_actors::Clock;

use super::handshake::Failed;
use crate::edge::refusal::Refusal;

/// The name that operators filter these lines by (RUST_LOG), wherever this file lies.
const LOG: &str = "tradepit::connection::broken";
/// At most one warning in this time.
const WARN_EVERY: Duration = Duration::from_secs(60);

/// Why it became none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It is not HTTP/1.1: a broken head, or another protocol, such as TLS; or, where TLS is spoken, it is not that.
    Malformed,
    /// Its head is larger than it may be.
    TooLarge,
    /// Its head, or its TLS handshake, was not complete in time.
    Late,
    /// Its TLS handshake was refused, by the server or by the client, or broke off.
    Handshake,
}

/// How often it happened, in the whole server.
#[derive(Debug, Default)]
pub(crate) struct Broken {
    counts: [AtomicU64; Reason::ALL.len()],
    warned: Mutex<Warned>,
}

/// The last warning.
#[derive(Debug, Default)]
struct Warned {
    at: Option<Instant>,
    /// How many came since, or ever.
    since: u64,
}

impl Reason {
    pub(crate) const ALL: [Reason; 4] = [Reason::Malformed, Reason::TooLarge, Reason::Late, Reason::Handshake];

    pub(crate) fn label(self) -> &'static str {
        match self {
            Reason::Malformed => "malformed",
            Reason::TooLarge => "too_large",
            Reason::Late => "late",
            Reason::Handshake => "handshake",
        }
    }

    /// The reason for which a client is told this, if it sent no request.
    fn of(told: &Refusal) -> Option<Reason> {
        match told {
            Refusal::BrokenHead | Refusal::PlainHttp => Some(Reason::Malformed),
            Refusal::HeadTooLarge => Some(Reason::TooLarge),
            Refusal::HeadTimeout => Some(Reason::Late),
            _ => None,
        }
    }
}

impl Broken {
    /// How many for this reason, since start.
    pub(crate) fn count(&self, reason: Reason) -> u64 {
        self.counts[reason as usize].load(Ordering::Relaxed)
    }

    /// A client is told why what it sent is none.
    pub(super) fn note(&self, told: &Refusal) {
        if let Some(reason) = Reason::of(told) {
            self.count_one(reason, told);
        }
    }

    /// A handshake came to nothing.
    pub(super) fn note_handshake(&self, failed: &Failed) {
        match failed {
            // Who has opened a connection and sent nothing has broken nothing.
            Failed::Other(_) | Failed::Silent => {}
            Failed::Late => self.count_one(Reason::Late, &"a TLS handshake was not complete in 10 s"),
            Failed::Refused(why, _) => self.count_one(Reason::Handshake, why),
        }
    }

    fn count_one(&self, reason: Reason, told: &dyn Display) {
        self.counts[reason as usize].fetch_add(1, Ordering::Relaxed);
        log::debug!(target: LOG, "a broken request ({}): {told}", reason.label());
        let due = self.warned.lock().unwrap_or_else(PoisonError::into_inner).note(Clock::monotonic());
        if let Some(count) = due {
            log::warn!(
                target: LOG,
                "{count} broken request(s), the last one {}: {told}. /metrics counts them (tradepit_broken_requests), \
                 RUST_LOG=debug shows each",
                reason.label()
            );
        }
    }
}

impl Warned {
    /// One more. How many have gathered, where it is time to tell.
    fn note(&mut self, now: Instant) -> Option<u64> {
        self.since += 1;
        if self.at.is_some_and(|at| now.duration_since(at) < WARN_EVERY) {
            return None;
        }
        self.at = Some(now);
        Some(std::mem::take(&mut self.since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_comes_at_once_and_then_at_most_once_a_minute() {
        let (mut warned, start) = (Warned::default(), Clock::monotonic());
        let mut told = Vec::new();
        for second in 0..200 {
            told.extend(warned.note(start + Duration::from_secs(second)).map(|count| (second, count)));
        }
        assert_eq!(told, [(0, 1), (60, 60), (120, 60), (180, 60)]);
    }

    #[test]
    fn what_was_a_request_is_not_counted_here() {
        let broken = Broken::default();
        for told in [Refusal::BrokenHead, Refusal::BrokenHead, Refusal::HeadTimeout, Refusal::BrokenBody] {
            broken.note(&told);
        }
        assert_eq!(Reason::ALL.map(|reason| broken.count(reason)), [2, 0, 1, 0]);
    }
}
