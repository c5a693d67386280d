//! A walk along the orders, from one on, in either direction: what lists are drawn by. It looks at a bounded number,
//! and says where to go on.
//!
//! Where a list has a range of times the walk begins at that range: times rise with numbers, so halving finds it.

use std::ops::{Bound, ControlFlow};

use rusqlite::Connection;
use tradepit_engine::{Direction, Number, Order, OrderFilter};

use crate::damage::Read;
use crate::query::Late;
use crate::retain::is_removed;
use crate::{blocks, marks};

/// Orders that one piece of a list looks at.
const LOOK_AT_MOST: usize = 20_000;

/// Where a walk leads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    /// From after this one, as the direction goes.
    pub(crate) after: Number,
    pub(crate) direction: Direction,
    /// Of which the walk itself looks at the times.
    pub(crate) filter: OrderFilter,
}

impl Way {
    /// Along all orders younger than this one.
    pub(crate) fn after(after: Number) -> Way {
        Way { after, direction: Direction::OldestFirst, filter: OrderFilter::default() }
    }

    /// Whether the walk has not yet come to where it begins.
    fn is_before_start(&self, order: &Order) -> bool {
        let has_begun = self.direction.follows(order.accepted_number, self.after);
        !has_begun || !(self.filter.spans(order.accepted_at) || self.is_over_at(order))
    }

    fn is_over_at(&self, order: &Order) -> bool {
        self.filter.ends_before(order.accepted_at, self.direction)
    }
}

/// Looks through a bounded number of orders; returns what `pick` picks, at most `limit`, and where to go on.
pub(crate) fn walk(
    connection: &Connection,
    way: Way,
    limit: usize,
    pick: impl Fn(Order) -> Option<Order>,
) -> Read<(Vec<Order>, Option<Number>)> {
    let (late, horizon) = (Late::read(connection)?, marks::read(connection, marks::HORIZON)?);
    let mut walk = Walk { orders: Vec::new(), last: way.after, looked_at: 0, end: None, way, limit, pick };
    match way.direction {
        Direction::OldestFirst => {
            walk.along_rows(connection, &late, horizon)?;
            walk.along(late.accepted.range((Bound::Excluded(way.after), Bound::Unbounded)).map(|(_, order)| order));
        }
        Direction::NewestFirst => {
            walk.along(late.accepted.range(..way.after).rev().map(|(_, order)| order));
            walk.along_rows(connection, &late, horizon)?;
        }
    }
    Ok((walk.orders, walk.end.flatten()))
}

struct Walk<P> {
    orders: Vec<Order>,
    /// The last one that was looked at.
    last: Number,
    looked_at: usize,
    /// Where to go on, once the walk is over; nowhere where it has come to the end of its range.
    end: Option<Option<Number>>,
    way: Way,
    limit: usize,
    pick: P,
}

impl<P: Fn(Order) -> Option<Order>> Walk<P> {
    /// Along the rows of the table.
    fn along_rows(&mut self, connection: &Connection, late: &Late, horizon: Number) -> Read<()> {
        let Way { after, direction, filter } = self.way;
        if self.end.is_some() {
            return Ok(());
        }
        let mut along_row = |orders: &mut dyn Iterator<Item = Order>| -> Read<ControlFlow<()>> {
            for order in orders {
                if !is_removed(&order, horizon) && !self.way.is_before_start(&order) {
                    self.look_at(late.bring_up_to_date(order)?);
                }
                if self.end.is_some() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        };
        match direction {
            Direction::OldestFirst => {
                // The row before may end within the range.
                let first = filter.from.map_or(Ok(Number(0)), |from| blocks::first_since(connection, from))?;
                let rows = after.max(Number(first.0.saturating_sub(1)));
                blocks::each_after(connection, rows, |block| along_row(&mut block.orders.into_iter()))
            }
            Direction::NewestFirst => {
                let end = filter.until.map_or(Ok(after), |until| blocks::first_since(connection, until))?;
                blocks::each_before(connection, after.min(end), |block| along_row(&mut block.orders.into_iter().rev()))
            }
        }
    }

    /// Along orders that are not in the table.
    fn along<'a>(&mut self, orders: impl Iterator<Item = &'a Order>) {
        for order in orders {
            if self.end.is_some() {
                return;
            }
            if !self.way.is_before_start(order) {
                self.look_at(order.clone());
            }
        }
    }

    /// Looks at an order, or is over before it.
    fn look_at(&mut self, order: Order) {
        if self.way.is_over_at(&order) {
            self.end = Some(None);
        } else if self.looked_at == LOOK_AT_MOST || self.orders.len() == self.limit {
            self.end = Some(Some(self.last));
        } else {
            self.looked_at += 1;
            self.last = order.accepted_number;
            self.orders.extend((self.pick)(order));
        }
    }
}
