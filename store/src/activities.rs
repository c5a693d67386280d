//! Reads of what moved an account's cash: drawn from the changes, in whose table it is found by `finds.rs`, but for
//! what native orders did and the house.

use std::collections::HashMap;

use rusqlite::Connection;
use tradepit_engine::{
    ActivitiesOf, Activity, ActivityKind, Body, Clearing, Direction, Event, Ledger, Number, Order, OrderRef, Stretch,
};

use crate::damage::Read;
use crate::finds::{self, Key};
use crate::query::Late;
use crate::traces::latest;
use crate::{blocks, journal, marks};

/// Rows of the journal that one piece of a list looks at.
const ROWS_AT_MOST: usize = 32;
/// Rows that are looked at at a time for what an order asked for.
const ROWS_AT_A_TIME: usize = 64;

/// The next piece of a list.
pub(crate) fn activities(connection: &Connection, question: &ActivitiesOf) -> Read<Stretch<Activity>> {
    let horizon = marks::read(connection, marks::HORIZON)?;
    let rows = rows(connection, question, horizon)?;
    let mut asked = Asked { connection, horizon, late: None, orders: HashMap::new(), lots: HashMap::new() };
    let mut piece = Stretch { items: Vec::new(), next: None };
    for &first in &rows {
        if piece.items.len() >= question.limit {
            return Ok(piece);
        }
        let Some(entry) = journal::row(connection, first)? else { continue };
        let is_kept = |event: &&Event| event.number > horizon;
        let last = match question.direction {
            Direction::OldestFirst => {
                for event in entry.events.iter().filter(is_kept) {
                    asked.pick(question, event, &mut piece.items)?;
                }
                entry.end().number
            }
            Direction::NewestFirst => {
                for event in entry.events.iter().rev().filter(is_kept) {
                    asked.pick(question, event, &mut piece.items)?;
                }
                // Times rise with numbers: what is before a change that is too old is, too.
                if entry.events.first().is_some_and(|first| first.at <= question.since) {
                    return Ok(Stretch { next: None, ..piece });
                }
                entry.first
            }
        };
        piece.next = Some(last);
    }
    piece.next = piece.next.filter(|_| rows.len() == ROWS_AT_MOST);
    Ok(piece)
}

/// The rows in which the list goes on, in its order.
fn rows(connection: &Connection, question: &ActivitiesOf, horizon: Number) -> Read<Vec<i64>> {
    let (number, place) = question.after;
    let bound = match question.direction {
        Direction::OldestFirst => {
            let from = if place == u32::MAX { number.next() } else { number };
            journal::row_holding(connection, from.max(horizon.next()))?
        }
        Direction::NewestFirst => {
            let upto = if place == 0 { number.0.saturating_sub(1) } else { number.0 };
            i64::try_from(upto).unwrap_or(i64::MAX)
        }
    };
    let mut rows = Vec::new();
    match (keys(question), question.direction) {
        (None, Direction::OldestFirst) => return Ok(journal::rows_from(connection, bound, ROWS_AT_MOST)?),
        (None, Direction::NewestFirst) => return Ok(journal::rows_upto(connection, bound, ROWS_AT_MOST)?),
        (Some(keys), Direction::OldestFirst) => {
            for key in keys {
                rows.extend(finds::rows_from(connection, key, bound, ROWS_AT_MOST)?);
            }
            rows.sort_unstable();
        }
        (Some(keys), Direction::NewestFirst) => {
            for key in keys {
                rows.extend(finds::rows_upto(connection, key, bound, ROWS_AT_MOST)?);
            }
            rows.sort_unstable_by(|one, other| other.cmp(one));
        }
    }
    rows.dedup();
    rows.truncate(ROWS_AT_MOST);
    Ok(rows)
}

/// By what the list is found; `None` where all rows are looked at.
fn keys(question: &ActivitiesOf) -> Option<Vec<Key>> {
    let (number, kind) = (question.whose.number, question.kind);
    let transfers = [Key::Transfers(number), Key::Opened(question.whose.id)];
    let is_found = ![Clearing::DEFAULT, Ledger::HOUSE, Ledger::FEES].contains(&number);
    match kind {
        Some(ActivityKind::Transfer) => Some(transfers.to_vec()),
        Some(ActivityKind::Fill | ActivityKind::Fee) if is_found => Some(vec![Key::Account(number)]),
        None if is_found => Some(transfers.into_iter().chain([Key::Account(number)]).collect()),
        Some(ActivityKind::Fill | ActivityKind::Fee) | None => None,
    }
}

/// What orders asked for.
struct Asked<'a> {
    connection: &'a Connection,
    horizon: Number,
    late: Option<Late>,
    /// As they stand now.
    orders: HashMap<Number, Option<Order>>,
    lots: HashMap<Number, Lots>,
}

/// How much an order asked for, from one change to another.
#[derive(Clone, Copy)]
struct Lots {
    since: Number,
    until: Number,
    lots: u128,
}

impl Asked<'_> {
    fn pick(&mut self, question: &ActivitiesOf, event: &Event, items: &mut Vec<Activity>) -> Read<()> {
        for mut activity in question.pick(event) {
            if let Some(order) = activity.lacks().filter(|_| question.tells_left)
                && let Some(lots) = self.lots_at(order, event.number)?
            {
                activity.complete(lots);
            }
            items.push(activity);
        }
        Ok(())
    }

    /// How many lots an order asked for right after this change; `None` where that is removed.
    fn lots_at(&mut self, order: OrderRef, at: Number) -> Read<Option<u128>> {
        let accepted = order.accepted_number;
        let Some(rich) = self.order(accepted)?.and_then(|order| order.rich.clone()) else { return Ok(None) };
        let Some(first) = rich.first else { return Ok(Some(rich.terms.lots)) };
        let known = self.lots.get(&accepted).copied();
        if let Some(known) = known.filter(|known| known.since <= at && at <= known.until) {
            return Ok(Some(known.lots));
        }
        let found = self.amended(accepted, at, known.filter(|known| known.until < at))?;
        let at_first = || (accepted > self.horizon).then_some((accepted, first.terms.lots));
        let Some((since, lots)) = found.or_else(at_first) else { return Ok(None) };
        self.lots.insert(accepted, Lots { since, until: at, lots });
        Ok(Some(lots))
    }

    /// The last change by this one that says how much an order asks for; or what is known of before.
    fn amended(&self, accepted: Number, at: Number, known: Option<Lots>) -> Read<Option<(Number, u128)>> {
        let horizon = self.horizon;
        let own = |event: &Event| (horizon.next()..=at).contains(&event.number) && event.about() == Some(accepted);
        let found = latest(self.connection, (Key::Order(accepted), at.0.cast_signed()), ROWS_AT_A_TIME, |event| {
            if !own(event) {
                return None;
            }
            match known.filter(|known| event.number <= known.until) {
                Some(known) => Some((known.since, known.lots)),
                None => asks_for(event).map(|lots| (event.number, lots)),
            }
        })?;
        Ok(found.or_else(|| known.map(|known| (known.since, known.lots))))
    }

    /// An order as it stands now, if it is kept.
    fn order(&mut self, accepted: Number) -> Read<Option<&Order>> {
        if !self.orders.contains_key(&accepted) {
            let late = match self.late.take() {
                Some(late) => late,
                None => Late::read(self.connection)?,
            };
            let late = self.late.insert(late);
            let found = match blocks::find(self.connection, accepted)? {
                Some(order) => Some(late.bring_up_to_date(order)?),
                None => late.accepted.get(&accepted).cloned(),
            };
            self.orders.insert(accepted, found);
        }
        Ok(self.orders.get(&accepted).and_then(Option::as_ref))
    }
}

/// How many lots the order asks for since this change, where it says that.
fn asks_for(event: &Event) -> Option<u128> {
    if let Body::Amended(amended) = &event.body {
        return Some(amended.rich.terms.lots);
    }
    let Body::Arrived(arrived) = &event.body else { return None };
    arrived.rich.as_ref().map(|rich| rich.terms.lots)
}
