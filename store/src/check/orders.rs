//! Whether the table of orders is what the changes make of it.

use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;

use rusqlite::Connection;
use tradepit_engine::{Event, Number, Order, OrderRef};

use super::Check;
use crate::blocks::{self, Block};
use crate::damage::{Damage, Failure, Read};
use crate::fold::has_been;
use crate::names;
use crate::retain::is_removed;

/// Rows of orders that are kept at hand: those of the last second of a busy store.
const BLOCKS_AT_HAND: usize = 128;

/// What the changes so far say of orders.
#[derive(Default)]
pub(super) struct Orders {
    /// Orders that they accepted and closed, as far as the table shall have them.
    accepted: u64,
    closed: u64,
    /// Orders that are closed, but not in the table.
    closed_late: u64,
    /// Orders of before the horizon whose newest change in the table was found.
    older_found: u64,
    /// The open orders as the changes so far made them, where it is known what they were at first.
    made: BTreeMap<Number, Made>,
    /// Rows that were looked at last.
    at_hand: VecDeque<Block>,
}

/// An order as the changes so far made it.
struct Made {
    order: Order,
    /// Whether it was found to be what the table says, as of the newest change that this knows.
    is_found: bool,
}

impl Check<'_> {
    pub(super) fn accepts(&mut self, order: Order) -> rusqlite::Result<()> {
        let accepted = order.accepted_number;
        let mut is_found = true;
        if accepted > self.settled {
            self.report.orders += 1;
            if !is_named(self.connection, &order)? {
                self.damaged(format!("a name of the order of change {} is missing", accepted.0));
            }
        } else {
            self.orders.accepted += 1;
            let Some(row) = self.row(accepted)? else { return Ok(()) };
            is_found = row.number == accepted;
            if is_found && row != order {
                self.damaged(not_recorded(accepted));
            }
        }
        self.orders.made.insert(accepted, Made { order, is_found });
        Ok(())
    }

    pub(super) fn changes(&mut self, of: OrderRef, event: &Event) -> rusqlite::Result<()> {
        let accepted = of.accepted_number;
        let row = if accepted > self.settled { None } else { self.row(accepted)? };
        // An order may be written as it stood later than what is settled.
        let is_in_row = row.as_ref().is_some_and(|row| event.number <= row.number);
        let closes = u64::from(event.closes());
        if is_in_row {
            self.orders.closed += closes
        } else {
            self.orders.closed_late += closes
        }
        let is_newest = row.as_ref().is_some_and(|row| event.number == row.number);
        self.orders.older_found += u64::from(is_newest && accepted <= self.horizon);
        let mut made = self.orders.made.remove(&accepted).or_else(|| match &row {
            Some(row) if !is_in_row => Some(Made { order: row.clone(), is_found: true }),
            // It was accepted before the horizon, and was native.
            Some(row) if row.rich.is_none() => Some(Made { order: row.as_accepted(), is_found: false }),
            Some(_) | None => None,
        });
        let is_right = match (&mut made, &row) {
            // The quantity of an amendment is the new one.
            (Some(Made { order, .. }), _) => order.change(event) && OrderRef::from(&*order) == of,
            // It was accepted before the horizon: how far it was then is not known.
            (None, Some(row)) => may_be_of(row, of) && has_been(row, event),
            // What is missing was told.
            (None, None) => return Ok(()),
        };
        let is_settled = is_in_row || accepted > self.settled || event.number > self.settled;
        let is_as_in_row = !is_newest || made.as_ref().is_none_or(|made| Some(&made.order) == row.as_ref());
        if !(is_right && is_settled && is_as_in_row) {
            self.damaged(not_recorded(accepted));
        } else if let Some(Made { order, is_found }) = made.filter(|_| !event.closes() || !is_newest && is_in_row) {
            self.orders.made.insert(accepted, Made { order, is_found: is_found || is_newest });
        }
        Ok(())
    }

    /// Requires that the orders are those that the changes made, where `older` ones were accepted up to the horizon and
    /// are not removed.
    pub(super) fn count_orders(&mut self, older: u64, newest: Number) -> Read<()> {
        let (mut orders, mut closed) = (0, 0);
        let (mut unnamed, mut unordered, mut older_changed) = (None, None, 0);
        let mut last = Number(0);
        let (connection, horizon) = (self.connection, self.horizon);
        blocks::each_after(connection, Number(0), |block| {
            for order in &block.orders {
                if order.accepted_number <= last {
                    unordered = Some(order.accepted_number);
                }
                last = order.accepted_number;
                if !is_removed(order, horizon) {
                    orders += 1;
                    closed += u64::from(order.state.is_closed());
                    older_changed += u64::from(order.accepted_number <= horizon && order.number > horizon);
                    if !is_named(connection, order)? {
                        unnamed = Some(order.accepted_number);
                    }
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if let Some(number) = unordered {
            self.damaged(format!("the order of change {} is out of its place", number.0));
        }
        if let Some(number) = unnamed {
            self.damaged(format!("a name of the order of change {} is missing", number.0));
        }
        let unfound = self.orders.made.iter().filter(|(_, made)| !made.is_found).map(|(accepted, _)| *accepted);
        unfound.collect::<Vec<_>>().into_iter().for_each(|accepted| self.damaged(not_recorded(accepted)));
        if older_changed != self.orders.older_found {
            self.damaged(format!("orders of before change {} are not what was recorded", horizon.next().0));
        }
        if last > self.settled {
            self.damaged(format!("the order of change {} came before its change", last.0));
        }
        if (orders, closed) != (older + self.orders.accepted, self.orders.closed) {
            let (of, of_closed) = (older + self.orders.accepted, self.orders.closed);
            self.damaged(format!("there are {of} orders, {of_closed} closed, but {orders} and {closed} in the table"));
        }
        // So far it has those that are not settled.
        self.report.orders += orders;
        self.report.open_orders = (self.report.orders - closed).saturating_sub(self.orders.closed_late);
        self.report.changes = newest.0 - horizon.0 + older;
        Ok(())
    }

    /// An order of the table; that it is not there, or cannot be read, is noted.
    fn row(&mut self, accepted: Number) -> rusqlite::Result<Option<Order>> {
        let found = self.order(accepted);
        let found = self.note(found)?;
        if let Some(None) = found {
            self.damaged(format!("the order of change {} is missing", accepted.0));
        }
        Ok(found.flatten())
    }

    /// An order of the table, by way of the rows at hand.
    fn order(&mut self, accepted: Number) -> Read<Option<Order>> {
        let find = |block: &Block| block.find(accepted).cloned();
        if let Some(order) = self.orders.at_hand.iter().rev().find_map(find) {
            return Ok(Some(order));
        }
        let Some(block) = blocks::holding(self.connection, accepted)? else { return Ok(None) };
        let order = find(&block);
        if self.orders.at_hand.len() == BLOCKS_AT_HAND {
            self.orders.at_hand.pop_front();
        }
        self.orders.at_hand.push_back(block);
        Ok(order)
    }
}

fn not_recorded(accepted: Number) -> Damage {
    format!("the order of change {} is not what was recorded", accepted.0)
}

/// Whether the names of an order lead to it. A name that is damaged leads nowhere; that it is was told already.
fn is_named(connection: &Connection, order: &Order) -> rusqlite::Result<bool> {
    for name in order.names() {
        match names::order_of(connection, &name) {
            Ok(found) if found == Some(order.accepted_number) => {}
            Ok(_) | Err(Failure::Damage(_)) => return Ok(false),
            Err(Failure::Sqlite(error)) => return Err(error),
        }
    }
    Ok(true)
}

/// Whether an order, as it stands now, may be the one that a change is about.
fn may_be_of(order: &Order, of: OrderRef) -> bool {
    let is_amended = order.rich.as_ref().is_some_and(|rich| rich.first.is_some());
    let quantity = if is_amended { of.quantity } else { order.quantity };
    OrderRef { quantity, ..OrderRef::from(order) } == of
}
