//! What is kept for how long: closed orders beyond it are removed with their events, in small steps.

use rusqlite::{Connection, OptionalExtension, params};
use tradepit_engine::Seq;

use crate::marks;
use crate::record::{Fault, sum_of_retired};

/// What to keep. Both limits count; without either everything is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retain {
    /// For how long after it was closed an order is kept, in microseconds before the newest change.
    pub age_us: Option<u64>,
    /// How many closed orders are kept.
    pub orders: Option<u64>,
}

/// Changes that one step looks at, at least.
const STEP: usize = 256;

/// Removes what need not be kept, oldest first.
pub(crate) struct Trim {
    retain: Retain,
    horizon: Seq,
    /// Closed orders in the table; known only where their number is limited.
    closed: u64,
    counted: Seq,
    behind: bool,
}

impl Trim {
    pub(crate) fn begin(connection: &Connection, retain: Retain) -> rusqlite::Result<Trim> {
        let horizon = marks::read(connection, marks::HORIZON)?.unwrap_or_default();
        let counted = marks::last_seq(connection)?;
        let closed = match retain.orders {
            Some(_) => connection.query_row("SELECT count(*) FROM events WHERE kind > 0", [], |row| row.get(0))?,
            None => 0,
        };
        Ok(Trim { retain, horizon, closed, counted, behind: retain != Retain::default() })
    }

    /// Whether there may be something to remove now.
    pub(crate) fn has_work(&self) -> bool {
        self.behind
    }

    /// All orders that were closed by this change were removed.
    pub(crate) fn horizon(&self) -> Seq {
        self.horizon
    }

    /// Removes some; `changes` is what the transaction does besides, so that removing keeps up with a busy store.
    ///
    /// Only what is settled is looked at, and the newest change always stays.
    pub(crate) fn step(
        &mut self,
        connection: &Connection,
        settled: Seq,
        changes: usize,
    ) -> rusqlite::Result<Result<(), Fault>> {
        if self.retain == Retain::default() {
            return Ok(Ok(()));
        }
        self.count(connection, settled)?;
        let newest = marks::last_at(connection)?.unwrap_or_default();
        let too_old = self.retain.age_us.map(|age_us| newest.0.saturating_sub_unsigned(age_us));
        let before = self.horizon;
        self.behind = true;
        for _ in 0..(2 * changes).max(STEP) {
            let next = self.horizon.next();
            if next >= settled {
                self.behind = false;
                break;
            }
            let event: Option<(i64, i64, i64)> = connection
                .prepare_cached("SELECT kind, at, order_seq FROM events WHERE seq = ?1")?
                .query_row([next.0.cast_signed()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            let Some((kind, at, order_seq)) = event else {
                return Ok(Err(format!("change {} is missing", next.0)));
            };
            let too_many = self.retain.orders.is_some_and(|orders| self.closed > orders);
            if !too_many && too_old.is_none_or(|too_old| at >= too_old) {
                self.behind = false;
                break;
            }
            if kind > 0 {
                remove(connection, next, order_seq)?;
                self.closed = self.closed.saturating_sub(1);
            }
            self.horizon = next;
        }
        if self.horizon > before {
            marks::write(connection, marks::HORIZON, self.horizon)?;
        }
        Ok(Ok(()))
    }

    /// Counts the orders closed since the last step.
    fn count(&mut self, connection: &Connection, settled: Seq) -> rusqlite::Result<()> {
        if self.retain.orders.is_some() && settled > self.counted {
            let mut since =
                connection.prepare_cached("SELECT count(*) FROM events WHERE seq > ?1 AND seq <= ?2 AND kind > 0")?;
            let closed: u64 =
                since.query_row([self.counted.0.cast_signed(), settled.0.cast_signed()], |row| row.get(0))?;
            self.closed += closed;
            self.counted = settled;
        }
        Ok(())
    }
}

/// Removes an order, closed by the change `closing`, with all that happened to it. Its client's name for it stays taken.
fn remove(connection: &Connection, closing: Seq, order_seq: i64) -> rusqlite::Result<()> {
    let named = "SELECT client_order_id FROM settled WHERE seq = ?1 AND client_order_id IS NOT NULL";
    let name: Option<String> = connection.prepare_cached(named)?.query_row([order_seq], |row| row.get(0)).optional()?;
    if let Some(name) = name {
        let retire = "INSERT OR IGNORE INTO retired VALUES (?1, ?2)";
        connection.prepare_cached(retire)?.execute(params![name, sum_of_retired(&name)])?;
    }
    connection.prepare_cached("DELETE FROM settled WHERE seq = ?1")?.execute([order_seq])?;
    let mut delete = connection.prepare_cached("DELETE FROM events WHERE seq = ?1")?;
    delete.execute([order_seq])?;
    delete.execute([closing.0.cast_signed()]).map(drop)
}
