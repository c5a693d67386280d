//! What the log has is brought into the tables of orders and accounts, oldest first.

use rusqlite::Connection;
use tradepit_engine::{Event, Number, Order};

use crate::accounts::Accounts;
use crate::blocks::{BLOCK, Blocks};
use crate::damage::Read;
use crate::fold::{Backlog, Step};
use crate::marks;
use crate::stamp::Stamp;

/// Where settling ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    /// After as many changes as were asked for.
    AsTheyCome,
    /// A little later, if the last row is full then: a row that is not would be read and written once more.
    Full,
}

/// What changes are settled in.
pub(crate) struct Tables<'a, 'b> {
    pub(crate) blocks: &'a mut Blocks<'b>,
    pub(crate) accounts: &'a mut Accounts,
}

/// Brings changes of the backlog into the tables of orders and accounts, oldest first, and says so in the mark; returns
/// how many.
pub(crate) fn settle(
    connection: &Connection,
    backlog: &mut Backlog,
    Tables { blocks, accounts }: Tables<'_, '_>,
    count: usize,
    rows: Rows,
) -> Read<usize> {
    let room = if rows == Rows::Full { blocks.room()? } else { 0 };
    let (mut orders, mut changes) = (Vec::new(), Vec::new());
    let is_full = |orders: &Vec<Order>| orders.len() >= room && (orders.len() - room).is_multiple_of(BLOCK);
    let at_most = if rows == Rows::Full { count + 2 * BLOCK } else { count };
    let all = backlog.len();
    let settled = |backlog: &Backlog| all - backlog.len();
    while settled(backlog) < count || (settled(backlog) < at_most && !is_full(&orders)) {
        match backlog.pop() {
            Some(Step::Insert(order)) => orders.push(order),
            Some(Step::Change(event)) => {
                accounts.apply(&event)?;
                changes.push(event);
            }
            Some(Step::Aside(event)) => accounts.apply(&event)?,
            None => break,
        }
    }
    blocks.change(&changes)?;
    blocks.add(orders)?;
    accounts.write(connection)?;
    marks::write(connection, marks::SETTLED, backlog.settled())?;
    Ok(settled(backlog))
}

/// Brings what a crash left unsettled, after the change `settled`, into the tables of orders and accounts.
///
/// Commits in any case: the crash may have come before the log's last sync, and what is read from here on must stay.
pub(crate) fn catch_up(connection: &Connection, stamp: &Stamp, settled: Number, events: &[Event]) -> Read<()> {
    let transaction = connection.unchecked_transaction()?;
    stamp.write_if_due(connection)?;
    let mut backlog = Backlog::of(settled, events)?;
    let count = backlog.len();
    let (mut blocks, mut accounts) = (Blocks::prepare(connection)?, Accounts::read(connection)?);
    accounts.check_total(connection)?;
    let tables = Tables { blocks: &mut blocks, accounts: &mut accounts };
    settle(connection, &mut backlog, tables, count, Rows::AsTheyCome)?;
    Ok(transaction.commit()?)
}
