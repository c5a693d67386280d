//! How far orders that trail the market have followed it: the table `trails`, a row an order.
//!
//! That is shown with its order and is no change: nothing else tells it, so it is kept here as it comes, in the same
//! transaction as the changes that moved the market.

use rusqlite::{Connection, OptionalExtension, params};
use tradepit_engine::{Followed, Number, Order, OrderType};

use crate::damage::{Failure, Read};
use crate::sum::Sum;

/// Keeps how far an order has followed the market.
pub(crate) fn keep(connection: &Connection, followed: &Followed) -> rusqlite::Result<()> {
    let (order, ticks) = (followed.order.accepted_number.0.cast_signed(), followed.mark.cast_signed());
    let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO trails VALUES (?1, ?2, ?3)")?;
    statement.execute(params![order, ticks, sum(order, ticks)]).map(drop)
}

/// Brings an order up to how far it has followed.
pub(crate) fn complete(connection: &Connection, order: &mut Order) -> Read<()> {
    let rich = order.rich.as_deref();
    if !rich.is_some_and(|rich| matches!(rich.terms.order_type, OrderType::TrailingStop { .. })) {
        return Ok(());
    }
    let number = order.accepted_number.0.cast_signed();
    let mut statement = connection.prepare_cached("SELECT ticks, crc FROM trails WHERE order_number = ?1")?;
    let found: Option<(i64, i64)> = statement.query_row([number], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match found {
        None => Ok(()),
        Some((ticks, crc)) => match u64::try_from(ticks) {
            Ok(mark) if crc == sum(number, ticks) => {
                order.follow(mark);
                Ok(())
            }
            _ => Err(wrong(number)),
        },
    }
}

/// Reads every row.
pub(crate) fn check(connection: &Connection) -> Read<()> {
    let mut statement = connection.prepare("SELECT order_number, ticks, crc FROM trails")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (order, ticks): (i64, i64) = (row.get(0)?, row.get(1)?);
        if ticks <= 0 || row.get::<_, i64>(2)? != sum(order, ticks) {
            return Err(wrong(order));
        }
    }
    Ok(())
}

/// An order is removed.
pub(crate) fn remove(connection: &Connection, accepted: Number) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("DELETE FROM trails WHERE order_number = ?1")?;
    statement.execute([accepted.0.cast_signed()]).map(drop)
}

fn wrong(order: i64) -> Failure {
    Failure::Damage(format!("how far the order of change {order} trails is not what was written"))
}

fn sum(order: i64, ticks: i64) -> i64 {
    Sum::new(&[order, ticks]).done()
}
