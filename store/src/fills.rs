//! Reads of fills and trades: drawn from the changes, in whose table they are found by `finds.rs`.

use std::ops::ControlFlow;

use rusqlite::Connection;
use tradepit_engine::{Clearing, Direction, Event, Fill, FillFilter, FillsOf, Number, Print, PrintsOf, Stretch, Time};

use crate::damage::Read;
use crate::finds::{self, Key};
use crate::journal::{self, Entry};
use crate::marks;

/// Changes that one piece of a list looks at, where it looks at all of them.
const LOOK_AT_MOST: usize = 4_096;
/// Rows of the journal that one piece looks at, where they are found.
const ROWS_AT_MOST: usize = 32;

/// The next piece of a list of fills.
pub(crate) fn fills(connection: &Connection, question: &FillsOf) -> Read<Stretch<Fill>> {
    let horizon = marks::read(connection, marks::HORIZON)?;
    let FillFilter { order, account, symbol } = question.filter;
    let account = account.filter(|&account| account != Clearing::DEFAULT);
    let key = order.map(Key::Order).or(account.map(Key::Account)).or(symbol.map(Key::Trades));
    if question.direction == Direction::NewestFirst {
        return newest_first(connection, key, question, horizon);
    }
    let mut picked = Picked { items: Vec::new(), last: question.after.max(horizon), question };
    let goes_on = match key {
        Some(key) => picked.along_found(connection, key)?,
        None => picked.along_all(connection)?,
    };
    Ok(Stretch { items: picked.items, next: Some(picked.last).filter(|_| goes_on) })
}

/// The next piece of a list that goes from the newest on.
fn newest_first(connection: &Connection, key: Option<Key>, question: &FillsOf, horizon: Number) -> Read<Stretch<Fill>> {
    let FillsOf { after: before, upto: first, filter, limit, .. } = *question;
    let bound = i64::try_from(before.0.saturating_sub(1)).unwrap_or(i64::MAX);
    let rows = match key {
        Some(key) => finds::rows_upto(connection, key, bound, ROWS_AT_MOST)?,
        None => journal::rows_upto(connection, bound, ROWS_AT_MOST)?,
    };
    let mut piece = Stretch { items: Vec::new(), next: None };
    let mut last = before;
    for &row in &rows {
        let Some(entry) = journal::row(connection, row)? else { continue };
        for event in entry.events.iter().rev().filter(|event| event.number < before) {
            if event.number <= horizon || event.number < first {
                return Ok(piece);
            }
            if piece.items.len() == limit {
                return Ok(Stretch { next: Some(last), ..piece });
            }
            last = event.number;
            piece.items.extend(event.fill().filter(|fill| filter.matches(fill)));
        }
    }
    piece.next = rows.last().filter(|_| rows.len() == ROWS_AT_MOST).map(|&row| Number(row.cast_unsigned()));
    Ok(piece)
}

struct Picked<'a> {
    items: Vec<Fill>,
    /// The last change that was looked at.
    last: Number,
    question: &'a FillsOf,
}

impl Picked<'_> {
    /// Returns whether there may be more.
    fn along_found(&mut self, connection: &Connection, key: Key) -> Read<bool> {
        let from = journal::row_holding(connection, self.last.next())?;
        let rows = finds::rows_from(connection, key, from, ROWS_AT_MOST)?;
        let all = rows.len() < ROWS_AT_MOST;
        for first in rows {
            let Some(entry) = journal::row(connection, first)? else { continue };
            let end = entry.end().number;
            if self.look_at(&entry.events).is_break() {
                return Ok(self.last < self.question.upto);
            }
            self.last = self.last.max(end);
        }
        Ok(!all)
    }

    fn along_all(&mut self, connection: &Connection) -> Read<bool> {
        let (mut looked_at, mut ends) = (0, true);
        journal::each_after(connection, self.last, |entry| {
            looked_at += entry.events.len();
            let goes_on = self.look_at(&entry.events).is_continue() && looked_at < LOOK_AT_MOST;
            ends &= goes_on;
            Ok(if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(!ends && self.last < self.question.upto)
    }

    /// Picks what is wanted; breaks where nothing more is.
    fn look_at(&mut self, events: &[Event]) -> ControlFlow<()> {
        let known = events.partition_point(|event| event.number <= self.last);
        for event in &events[known..] {
            if event.number > self.question.upto {
                self.last = self.question.upto;
                return ControlFlow::Break(());
            }
            if self.items.len() == self.question.limit {
                return ControlFlow::Break(());
            }
            self.last = event.number;
            self.items.extend(event.fill().filter(|fill| self.question.filter.matches(fill)));
        }
        ControlFlow::Continue(())
    }
}

/// The newest fills of the rich order that this change accepted, up to a change; the newest first.
pub(crate) fn newest(connection: &Connection, accepted: Number, upto: Number, at_most: usize) -> Read<Vec<Fill>> {
    let horizon = marks::read(connection, marks::HORIZON)?;
    let (mut fills, mut from) = (Vec::new(), upto.0.cast_signed());
    loop {
        let rows = finds::rows_upto(connection, Key::Order(accepted), from, ROWS_AT_MOST)?;
        for &first in &rows {
            let Some(entry) = journal::row(connection, first)? else { continue };
            for event in entry.events.iter().rev().filter(|event| event.number <= upto && event.number > horizon) {
                if fills.len() == at_most {
                    return Ok(fills);
                }
                fills.extend(event.fill().filter(|fill| fill.order.accepted_number == accepted));
            }
        }
        match rows.last() {
            Some(&last) if rows.len() == ROWS_AT_MOST => from = last - 1,
            _ => return Ok(fills),
        }
    }
}

/// The next piece of a list of trades, the newest first.
pub(crate) fn prints(connection: &Connection, question: &PrintsOf) -> Read<Stretch<Print>> {
    let PrintsOf { before, until, symbol, limit } = *question;
    let horizon = marks::read(connection, marks::HORIZON)?;
    let mut upto = i64::try_from(before.0.saturating_sub(1)).unwrap_or(i64::MAX);
    if until < Time(i64::MAX) {
        let last = journal::row_by(connection, Time(until.0.saturating_sub(1)))?;
        upto = upto.min(last.unwrap_or(0));
    }
    let rows = finds::rows_upto(connection, Key::Trades(symbol), upto, ROWS_AT_MOST)?;
    let mut piece = Stretch { items: Vec::new(), next: None };
    for &first in &rows {
        let Entry { events, .. } = match journal::row(connection, first)? {
            Some(entry) => entry,
            None => continue,
        };
        for event in events.iter().rev().filter(|event| event.number < before && event.number > horizon) {
            let print = event.print().filter(|print| print.symbol == symbol && print.at < until);
            let Some(print) = print else { continue };
            if piece.items.len() == limit {
                piece.next = piece.items.last().map(|last: &Print| last.trade);
                return Ok(piece);
            }
            piece.items.push(print);
        }
    }
    piece.next = rows.last().filter(|_| rows.len() == ROWS_AT_MOST).map(|&last| Number(last.cast_unsigned()));
    Ok(piece)
}
