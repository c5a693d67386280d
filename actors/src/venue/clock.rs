//! What a venue's clock is asked, and told.

use tokio::sync::oneshot;
use tradepit_engine::Time;

use super::Venue;
use crate::ask::{Advance, Advanced, CannotAdvance, ClockStanding, Compare, ReadClock, RunClock};
use crate::order_book::addr::Refused;

impl Venue {
    /// Which time it is there, as it can be seen without asking.
    #[must_use]
    pub fn now(&self) -> Time {
        self.dial.now()
    }

    /// How its clock stands.
    pub async fn clock(&self) -> Result<ClockStanding, Refused> {
        self.order_book.ask(ReadClock).await
    }

    /// Lets a virtual clock go on; answered when all that is due by then has happened and was announced.
    ///
    /// In slices, between which whoever reads is answered, as of the time of that slice. What would change something
    /// waits for the end.
    pub async fn advance(&self, advance: Advance) -> Result<Result<Advanced, CannotAdvance>, Refused> {
        self.arrive(self.order_book.ask(advance).await?).await
    }

    /// Lets its clock run otherwise.
    pub async fn run_clock(&self, run: RunClock) -> Result<Result<Advanced, CannotAdvance>, Refused> {
        self.arrive(self.order_book.ask(run).await?).await
    }

    /// Waits until time has gone as far as it was to, and that is kept.
    async fn arrive(
        &self,
        under_way: Result<oneshot::Receiver<Advanced>, CannotAdvance>,
    ) -> Result<Result<Advanced, CannotAdvance>, Refused> {
        let arrives = match under_way {
            Ok(arrives) => arrives,
            Err(cannot) => return Ok(Err(cannot)),
        };
        let advanced = arrives.await.map_err(|_| Refused::Stopped)?;
        if self.store.is_some() {
            self.ask_store(|store, answer| store.keep_clock(advanced.now, answer)).await?;
        }
        Ok(Ok(advanced))
    }

    /// Compares the venue's clock with the machine's; returns how far it was ahead of that, in microseconds.
    pub async fn compare_clocks(&self, compare: Compare) -> Result<i64, Refused> {
        self.order_book.ask(compare).await
    }
}
