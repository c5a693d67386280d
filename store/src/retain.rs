//! What is kept for how long. A closed order beyond it is removed at once by the mark `horizon`: no read shows what was
//! closed by that change. The rows go when nothing in them is left, in small steps.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use rusqlite::Connection;
use tradepit_engine::{Event, Number, Order, Time};

use crate::blocks::{self, Blocks};
use crate::damage::{Failure, Read};
use crate::journal;
use crate::{marks, names, trails};

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
/// Changes that are removed together with a row of orders, more or less.
const CHANGES_OF_A_BLOCK: usize = 256;
/// A row is written without its removed orders when the horizon is so far beyond it: what is open then stays open for
/// long.
const LONG_OPEN: u64 = 65_536;

/// Whether an order is gone for every reader, where this is the horizon.
pub(crate) fn is_removed(order: &Order, horizon: Number) -> bool {
    order.state.is_closed() && order.number <= horizon
}

/// How many orders were removed by this horizon: as many as were closed by it. Each change of status up to it accepted
/// one or closed one.
pub(crate) fn gone(connection: &Connection, horizon: Number) -> Read<u64> {
    let counts = journal::counts_at(connection, horizon)?;
    Ok(counts.map_or(0, |(seq, accepted)| seq.0.saturating_sub(accepted)))
}

/// Removes what need not be kept, oldest first.
#[derive(Debug)]
pub(crate) struct Trim {
    retain: Retain,
    horizon: Number,
    /// Closed orders that were kept at the start, and those that were removed since.
    kept: u64,
    removed: u64,
    /// Orders that were removed before the start.
    gone: u64,
    /// The changes after the horizon, as far as they were read.
    next: VecDeque<Event>,
    /// Rows of orders up to the one of this number have no removed orders but those that were open for long.
    shrunk: Number,
    behind: bool,
}

impl Trim {
    /// Begins with a log of which all is settled.
    pub(crate) fn begin(connection: &Connection, retain: Retain) -> Read<Trim> {
        let horizon = marks::read(connection, marks::HORIZON)?;
        // Otherwise nobody asks.
        let kept = if retain.orders.is_some() { blocks::count_closed_after(connection, horizon)? } else { 0 };
        let (gone, behind) = (gone(connection, horizon)?, retain != Retain::default());
        Ok(Trim { retain, horizon, kept, removed: 0, gone, next: VecDeque::new(), shrunk: Number(0), behind })
    }

    /// Whether there may be something to remove now.
    pub(crate) fn has_work(&self) -> bool {
        self.behind
    }

    /// All orders that were closed by this change are removed.
    pub(crate) fn horizon(&self) -> Number {
        self.horizon
    }

    /// How many orders were ever removed.
    pub(crate) fn gone(&self) -> u64 {
        self.gone + self.removed
    }

    /// Removes some; `closed` orders were closed since the start by what is settled. `changes` is what the transaction
    /// does besides, so that removing keeps up with a busy store.
    ///
    /// Only what is settled is looked at, and the newest change always stays.
    pub(crate) fn step(
        &mut self,
        connection: &Connection,
        (settled, closed): (Number, u64),
        now: Time,
        changes: usize,
    ) -> Read<()> {
        if self.retain == Retain::default() {
            return Ok(());
        }
        let too_old = self.retain.age_us.map(|age_us| now.0.saturating_sub_unsigned(age_us));
        let (before, at_most) = (self.horizon, (2 * changes).max(STEP));
        self.behind = true;
        for _ in 0..at_most {
            if self.horizon >= settled {
                self.behind = false;
                break;
            }
            let event = self.next(connection)?;
            let too_many = self.retain.orders.is_some_and(|orders| self.kept + closed - self.removed > orders);
            let goes = too_many || too_old.is_some_and(|too_old| event.at.0 < too_old);
            if event.number >= settled || !goes {
                self.behind = false;
                self.next.push_front(event);
                break;
            }
            self.removed += u64::from(event.closes());
            self.horizon = event.number;
        }
        if self.horizon > before {
            marks::write(connection, marks::HORIZON, self.horizon)?;
            journal::remove_upto(connection, self.horizon)?;
        }
        let blocks = 1 + at_most / CHANGES_OF_A_BLOCK;
        self.remove_blocks(connection, blocks)?;
        self.shrink_blocks(connection, blocks)
    }

    /// Takes the change after the horizon.
    fn next(&mut self, connection: &Connection) -> Read<Event> {
        if self.next.is_empty() {
            journal::each_after(connection, self.horizon, |batch| {
                self.next.extend(batch.events);
                Ok(ControlFlow::Break(()))
            })?;
        }
        let missing = || Failure::Damage(format!("change {} is missing", self.horizon.next().0));
        self.next.pop_front().ok_or_else(missing)
    }

    /// Removes rows of orders that are all removed.
    fn remove_blocks(&mut self, connection: &Connection, at_most: usize) -> Read<()> {
        let blocks = blocks::closed_by(connection, self.horizon, at_most)?;
        self.behind |= blocks.len() == at_most;
        for block in blocks {
            block.orders.iter().try_for_each(|order| forget(connection, order))?;
            blocks::remove(connection, &block)?;
        }
        Ok(())
    }

    /// Removes the removed orders from rows that others keep.
    fn shrink_blocks(&mut self, connection: &Connection, at_most: usize) -> Read<()> {
        for _ in 0..at_most {
            let Some(mut block) = blocks::next(connection, self.shrunk)? else { return Ok(()) };
            let last = block.orders.last().map_or(block.first_number, |order| order.accepted_number);
            if last.0 + LONG_OPEN > self.horizon.0 {
                return Ok(());
            }
            self.shrunk = block.first_number;
            let removed: Vec<Order> = block.orders.extract_if(.., |order| is_removed(order, self.horizon)).collect();
            if !removed.is_empty() && !block.orders.is_empty() {
                removed.iter().try_for_each(|order| forget(connection, order))?;
                Blocks::prepare(connection)?.write(&block)?;
            }
        }
        Ok(())
    }
}

/// What is kept beside the row of an order goes with it.
fn forget(connection: &Connection, order: &Order) -> Read<()> {
    names::free(connection, order)?;
    Ok(trails::remove(connection, order.accepted_number)?)
}
