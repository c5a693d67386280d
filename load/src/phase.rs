//! The course of a run: running, ending, broken off.
//!
//! Owns the time limit and Ctrl-C. The first of them ends the placing of orders;
//! those outstanding are still waited for, until Ctrl-C comes (once more). Who
//! places orders holds a [`Course`] and asks it.

use std::time::Duration;

use tokio::sync::watch;

use super::clock;
use super::say::complain;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    /// Orders are placed.
    Running,
    /// No new orders; outstanding ones are waited for.
    Ending,
    /// Nothing is waited for.
    BrokenOff,
}

/// A view of where the run stands.
#[derive(Clone)]
pub(super) struct Course {
    phase: watch::Receiver<Phase>,
}

impl Course {
    /// Begins a run of at most `limit` on the current `LocalSet`.
    pub(super) fn begin(limit: Duration) -> Self {
        let (sender, phase) = watch::channel(Phase::Running);
        tokio::task::spawn_local(async move {
            tokio::select! {
                () = clock::sleep(limit) => {}
                () = interrupted() => {
                    complain("Ending: waiting for outstanding orders (Ctrl-C again to stop now).");
                }
            }
            sender.send_replace(Phase::Ending);
            interrupted().await;
            sender.send_replace(Phase::BrokenOff);
            // Whoever still looks at the course finds it in place.
            sender.closed().await;
        });
        Self { phase }
    }

    /// Whether orders may be placed.
    pub(super) fn running(&self) -> bool {
        *self.phase.borrow() == Phase::Running
    }

    /// Returns when no more orders may be placed.
    pub(super) async fn ended(&mut self) {
        self.reach(Phase::Ending).await;
    }

    /// Returns when nothing may be waited for any more.
    pub(super) async fn broken_off(&mut self) {
        self.reach(Phase::BrokenOff).await;
    }

    /// Waits for `time`, but not beyond the end of the run.
    pub(super) async fn pause(&mut self, time: Duration) {
        clock::within(time, self.ended()).await;
    }

    async fn reach(&mut self, phase: Phase) {
        // An error means that the sender is gone with its runtime: nothing to wait for.
        drop(self.phase.wait_for(|now| *now >= phase).await);
    }
}

/// Returns at Ctrl-C, and never where the system does not tell of it.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
