//! Reads of the kept changes, each with its order as that stood then.
//!
//! An order is brought on from its acceptance by what befell it: by the changes of the piece, and by those before it,
//! which `finds.rs` finds. A native order is closed by the one change that befalls it.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use rusqlite::Connection;
use tradepit_engine::{Event, KeptChange, KeptChanges, Number, Order, OrderRef};

use crate::damage::Read;
use crate::finds::{self, Key};
use crate::journal::{self, Entry};
use crate::query::lost;
use crate::{blocks, marks};

/// Changes in a piece: some 500 KB of JSON.
const PIECE: usize = 512;
/// Rows of changes that are looked at at a time, of those that befell an order.
const ROWS_AT_A_TIME: usize = 64;

/// Rows of changes that are kept at hand.
const ROWS_AT_HAND: usize = 64;

/// The next piece of the kept changes.
pub(crate) fn kept(connection: &Connection, after: Number) -> Read<KeptChanges> {
    let (horizon, newest) = (marks::read(connection, marks::HORIZON)?, journal::last_number(connection)?);
    if after < horizon {
        return Ok(KeptChanges::Lost(lost(connection, horizon, newest)?));
    }
    let mut events = Vec::new();
    journal::each_after(connection, after, |entry| {
        events.extend(entry.events);
        Ok(if events.len() < PIECE { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    events.truncate(PIECE);
    let mut past = Past { connection, horizon, rows: HashMap::new() };
    let (mut orders, mut upto) = (HashMap::<Number, Order>::new(), after);
    let mut changes: Vec<KeptChange> = Vec::with_capacity(events.len());
    for event in events {
        upto = event.number;
        let Some(of) = event.order() else {
            changes.push((event, None));
            continue;
        };
        let order = match event.accepted() {
            Some(accepted) => Some(Order::accepted(&event, accepted)),
            None => match orders.remove(&of.accepted_number) {
                Some(mut order) => order.change(&event).then_some(order),
                None => past.order_after(of, &event)?,
            },
        };
        // What it takes to tell it is removed: whoever asks begins anew.
        let Some(order) = order else { return Ok(KeptChanges::Lost(lost(connection, horizon, newest)?)) };
        changes.push((event, Some(Arc::new(order.clone()))));
        if !order.state.is_closed() {
            orders.insert(of.accepted_number, order);
        }
    }
    Ok(KeptChanges::Held { changes, upto, newest })
}

/// What was before a piece.
struct Past<'a> {
    connection: &'a Connection,
    horizon: Number,
    /// Rows that were read: orders that are accepted together mostly end together.
    rows: HashMap<i64, Entry>,
}

impl Past<'_> {
    /// The order as it stood after this event, which is none that accepts it.
    fn order_after(&mut self, of: OrderRef, event: &Event) -> Read<Option<Order>> {
        let Some(mut order) = self.accepted(of.accepted_number, event)? else { return Ok(None) };
        if order.number == event.number {
            return Ok(Some(order));
        }
        let mut from = journal::row_holding(self.connection, of.accepted_number)?;
        loop {
            let rows = finds::rows_from(self.connection, Key::Order(of.accepted_number), from, ROWS_AT_A_TIME)?;
            for &first in &rows {
                for before in &self.row(first)?.events {
                    let is_of_it = before.order().is_some_and(|order| order.accepted_number == of.accepted_number);
                    if !is_of_it || before.accepted().is_some() || before.number >= event.number {
                        continue;
                    }
                    if !order.change(before) {
                        return Ok(None);
                    }
                }
            }
            match rows.last() {
                Some(&last) if rows.len() == ROWS_AT_A_TIME && last <= event.number.0.cast_signed() => from = last + 1,
                _ => break,
            }
        }
        Ok(order.change(event).then_some(order))
    }

    /// The order as it was accepted; or as of the event, if that is at hand.
    fn accepted(&mut self, number: Number, event: &Event) -> Read<Option<Order>> {
        if number <= self.horizon {
            // The change is removed, and so may be what befell it: of that, arrivals and fills are missed, for nothing
            // that follows can be without them. Amendments are not.
            let found = blocks::find(self.connection, number)?;
            return Ok(found.and_then(|order| match &order.rich {
                _ if order.number == event.number => Some(order),
                Some(rich) if rich.first.is_some() => None,
                _ => Some(order.as_accepted()),
            }));
        }
        let first = journal::row_holding(self.connection, number)?;
        let events = &self.row(first)?.events;
        let event = events.binary_search_by_key(&number, |event| event.number).ok().map(|place| &events[place]);
        Ok(event.and_then(|event| Some(Order::accepted(event, event.accepted()?))))
    }

    fn row(&mut self, first: i64) -> Read<&Entry> {
        if self.rows.len() >= ROWS_AT_HAND {
            self.rows.clear();
        }
        if !self.rows.contains_key(&first)
            && let Some(entry) = journal::row(self.connection, first)?
        {
            self.rows.insert(first, entry);
        }
        self.rows.get(&first).ok_or_else(|| format!("change {first} is missing").into())
    }
}
