//! How the open loop stood to its schedule: whether it kept it, and if not, what held it up.
//!
//! Owns the figures and the judgement, which is a function of them. `open` tells when a connection begins to wait for a
//! reply and when it has it, and takes the figures once, when the schedule ends: what was not sent by then came too
//! late, though it is still sent.

use std::cell::Cell;

use super::clock::{Clock, Micros};
use super::usage::Usage;

/// The tool is behind when the next order is late by so much of the time that passed …
const SHARE: f64 = 0.01;

/// … but by no less than this: a machine's hiccup at the very end is no shortfall.
const SLACK: Micros = 50_000;

/// A thread that was at work, or waited for a processor, for so much of the time can do no more.
const WORN_OUT: f64 = 0.90;

/// Connections that waited for replies for so much of the time could carry no more.
const TAKEN: f64 = 0.90;

/// What held a run up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Limit {
    /// This tool, or the processors that it runs on.
    Client,
    /// The server, or too few connections to it.
    Server,
}

/// The figures of a schedule, from its start to its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Orders a second that were asked for.
    pub(super) asked: f64,
    /// Orders that were sent, or begun to be.
    pub(super) sent: u64,
    /// How long after its moment the next order had still not left.
    pub(super) behind: Micros,
    /// From the start to the end.
    pub(super) length: Micros,
    pub(super) connections: u64,
    /// How long they waited for replies, all together.
    pub(super) awaited: Micros,
    /// What the tool's thread used; `None` where the kernel does not tell.
    pub(super) used: Option<Usage>,
}

impl Pace {
    /// Orders sent per second.
    pub(super) fn rate(&self) -> f64 {
        self.sent as f64 * 1e6 / self.length.max(1) as f64
    }

    /// How much of the time a connection waited for a reply, on average.
    pub(super) fn connections_busy(&self) -> f64 {
        self.share(self.awaited) / self.connections.max(1) as f64
    }

    /// How much of the time the tool ran.
    pub(super) fn ran(&self) -> Option<f64> {
        self.used.map(|used| self.share(used.ran))
    }

    /// How much of the time the tool waited for a processor.
    pub(super) fn waited(&self) -> Option<f64> {
        self.used.map(|used| self.share(used.waited))
    }

    fn share(&self, time: Micros) -> f64 {
        time as f64 / self.length.max(1) as f64
    }

    /// What held the run up, where it fell behind its schedule.
    ///
    /// A tool that is worn out reads replies late, so that connections seem to wait for the server: its own state
    /// counts first. Where connections were free and orders late all the same, the tool released them late.
    pub(super) fn limit(&self) -> Option<Limit> {
        if self.behind <= SLACK.max((self.length as f64 * SHARE) as Micros) {
            return None;
        }
        let worn_out = self.used.is_some_and(|used| self.share(used.ran + used.waited) >= WORN_OUT);
        let server = !worn_out && self.connections_busy() >= TAKEN;
        Some(if server { Limit::Server } else { Limit::Client })
    }

    /// That the run fell behind, by how much, and why, in two lines; `things` were to be sent.
    pub(super) fn shortfall(&self, things: &str) -> Option<String> {
        let limit = self.limit()?;
        let (rate, asked, behind) = (self.rate(), self.asked, self.behind as f64 / 1e6);
        let connections =
            format!("its {} connections waited for replies for {}", self.connections, percent(self.connections_busy()));
        let tool = match (self.ran(), self.waited()) {
            (Some(ran), Some(waited)) => {
                let (ran, waited) = (percent(ran), percent(waited));
                format!("this tool was at work for {ran} of the time and waited for a processor for {waited}")
            }
            _ => "how much this tool was at work is not known here".to_owned(),
        };
        let (who, advice) = match limit {
            Limit::Client => ("this tool", ""),
            Limit::Server => ("the server", " More --connections may find room."),
        };
        let reason = format!("The limit was {who}: {tool}; {connections}.{advice}");
        Some(format!(
            "Fell behind: {rate:.0} of {asked} {things}/s were sent, and in the end they left {behind:.1} s late.\n\
             {reason}"
        ))
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// Watches a run from the moment at which its schedule starts.
pub(super) struct Watch {
    clock: Clock,
    asked: f64,
    connections: u64,
    start: Micros,
    used: Option<Usage>,
    /// Connections that wait for a reply at present, and since when it is so many.
    waiting: Cell<u64>,
    since: Cell<Micros>,
    awaited: Cell<Micros>,
    closed: Cell<Option<Pace>>,
}

impl Watch {
    /// Starts now, on the thread that sends: so many orders a second, over so many connections.
    pub(super) fn begin(clock: Clock, asked: f64, connections: u64) -> Self {
        let start = clock.now();
        Self {
            clock,
            asked,
            connections,
            start,
            used: Usage::now(),
            waiting: Cell::new(0),
            since: Cell::new(start),
            awaited: Cell::new(0),
            closed: Cell::new(None),
        }
    }

    pub(super) fn start(&self) -> Micros {
        self.start
    }

    /// A connection begins to wait for a reply.
    pub(super) fn asked(&self) {
        self.count(self.clock.now());
        self.waiting.set(self.waiting.get() + 1);
    }

    /// A connection has its reply, or will not get it.
    pub(super) fn answered(&self) {
        self.count(self.clock.now());
        self.waiting.set(self.waiting.get().saturating_sub(1));
    }

    fn count(&self, now: Micros) {
        let passed = now - self.since.replace(now);
        self.awaited.set(self.awaited.get() + passed * Micros::try_from(self.waiting.get()).unwrap_or(Micros::MAX));
    }

    /// The figures at this moment, where so much is `sent` and the next order was due at `next`. The first closing
    /// counts.
    pub(super) fn close(&self, sent: u64, next: Option<Micros>) -> Pace {
        if let Some(pace) = self.closed.get() {
            return pace;
        }
        let now = self.clock.now();
        self.count(now);
        let pace = Pace {
            asked: self.asked,
            sent,
            behind: next.map_or(0, |next| (now - next).max(0)),
            length: now - self.start,
            connections: self.connections,
            awaited: self.awaited.get(),
            used: Usage::now().zip(self.used).map(|(now, then)| now.since(then)),
        };
        self.closed.set(Some(pace));
        pace
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two seconds of 16 connections: how far behind, how much of the time these waited, and what the tool used of it.
    fn pace(behind_ms: Micros, busy: f64, used: Option<(f64, f64)>) -> Pace {
        let length = 2_000_000;
        let part = |share: f64| (share * length as f64) as Micros;
        Pace {
            asked: 1_000.0,
            sent: 1_500,
            behind: behind_ms * 1_000,
            length,
            connections: 16,
            awaited: part(busy) * 16,
            used: used.map(|(ran, waited)| Usage { ran: part(ran), waited: part(waited) }),
        }
    }

    #[test]
    fn a_schedule_that_was_kept_has_no_limit_however_busy_all_were() {
        for behind in [0, 1, 50] {
            assert_eq!(pace(behind, 1.0, Some((0.99, 0.01))).limit(), None, "{behind} ms");
        }
        assert_eq!(Pace { length: 20_000_000, ..pace(200, 1.0, None) }.limit(), None, "a hundredth of the time");
        assert_eq!(pace(51, 1.0, None).limit(), Some(Limit::Server));
    }

    #[test]
    fn who_held_it_up_follows_from_who_was_busy() {
        let judged = [
            // Connections all waited, and the tool had time: it waited for the server.
            (0.99, Some((0.30, 0.05)), Limit::Server),
            (0.99, None, Limit::Server),
            // A tool that cannot keep up reads replies late: its connections seem to wait.
            (0.99, Some((0.97, 0.01)), Limit::Client),
            // It wanted to work, and others had the processors.
            (0.99, Some((0.50, 0.46)), Limit::Client),
            // Connections were free, and orders left late.
            (0.40, Some((0.30, 0.10)), Limit::Client),
            (0.40, None, Limit::Client),
        ];
        for (busy, used, limit) in judged {
            assert_eq!(pace(500, busy, used).limit(), Some(limit), "{busy} {used:?}");
        }
    }

    #[test]
    fn what_was_missed_is_told_with_its_evidence() {
        assert_eq!(pace(0, 1.0, None).shortfall("orders"), None);
        assert_eq!(
            pace(500, 0.987, Some((0.3, 0.05))).shortfall("orders").unwrap(),
            "Fell behind: 750 of 1000 orders/s were sent, and in the end they left 0.5 s late.\n\
             The limit was the server: this tool was at work for 30 % of the time and waited for a processor for 5 %; \
             its 16 connections waited for replies for 99 %. More --connections may find room."
        );
        assert_eq!(
            pace(500, 0.4, None).shortfall("orders").unwrap().lines().nth(1).unwrap(),
            "The limit was this tool: how much this tool was at work is not known here; its 16 connections waited for \
             replies for 40 %."
        );
    }
}
