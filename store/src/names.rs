//! The table `names`: under which names clients placed orders. Only orders that have names have rows here.
//!
//! A `client_order_id` stays when its order is removed, and then stands for one that is no longer kept; an idempotency
//! key goes with its order, at the latest when another order takes it.

use rusqlite::{Connection, OptionalExtension, Statement, params};
use tradepit_engine::{Name, Number, Order};

use crate::damage::{Failure, Read};
use crate::sum::Sum;

/// Stands for the order of a name whose order was removed before version 2 of the tables: no change has this number.
pub(crate) const RETIRED: Number = Number(0);

const INSERT: &str = "INSERT INTO names VALUES (?1, ?2, ?3, ?4)";
const REPLACE: &str = "UPDATE names SET order_number = ?3, crc = ?4 WHERE kind = ?1 AND name = ?2";

fn parts(name: &Name) -> (i64, &str) {
    match name {
        Name::ClientOrderId(key) => (0, key.as_str()),
        Name::IdempotencyKey(key) => (1, key.as_str()),
    }
}

fn sum(kind: i64, name: &str, order_number: i64) -> i64 {
    Sum::new(&[kind, order_number]).text(Some(name)).done()
}

pub(crate) struct Names<'a> {
    insert: Statement<'a>,
    replace: Statement<'a>,
}

impl<'a> Names<'a> {
    pub(crate) fn prepare(connection: &'a Connection) -> rusqlite::Result<Names<'a>> {
        Ok(Names { insert: connection.prepare(INSERT)?, replace: connection.prepare(REPLACE)? })
    }

    /// Gives a name that nothing has; fails where something has it.
    pub(crate) fn give(&mut self, name: &Name, order: Number) -> rusqlite::Result<()> {
        let ((kind, name), order) = (parts(name), order.0.cast_signed());
        self.insert.execute(params![kind, name, order, sum(kind, name, order)]).map(drop)
    }

    pub(crate) fn give_on(&mut self, name: &Name, order: Number) -> rusqlite::Result<()> {
        let ((kind, name), order) = (parts(name), order.0.cast_signed());
        self.replace.execute(params![kind, name, order, sum(kind, name, order)]).map(drop)
    }
}

/// The change that accepted the order of this name; the order may be removed.
pub(crate) fn order_of(connection: &Connection, name: &Name) -> Read<Option<Number>> {
    let (kind, name) = parts(name);
    let select = "SELECT order_number, crc FROM names WHERE kind = ?1 AND name = ?2";
    let mut statement = connection.prepare_cached(select)?;
    let found: Option<(i64, i64)> =
        statement.query_row(params![kind, name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match found {
        Some((order, crc)) if crc == sum(kind, name, order) => Ok(Some(Number(order.cast_unsigned()))),
        Some(_) => Err(Failure::Damage(format!("the name {name:?} is not what was written"))),
        None => Ok(None),
    }
}

/// Frees the names of an order that is removed, as far as they become free.
pub(crate) fn free(connection: &Connection, order: &Order) -> rusqlite::Result<()> {
    for name in order.names() {
        let (kind, text) = parts(&name);
        if matches!(name, Name::IdempotencyKey(_)) {
            let delete = "DELETE FROM names WHERE kind = ?1 AND name = ?2 AND order_number = ?3";
            connection.prepare_cached(delete)?.execute(params![kind, text, order.accepted_number.0.cast_signed()])?;
        }
    }
    Ok(())
}

/// Every name must be what was written.
pub(crate) fn check(connection: &Connection) -> Read<()> {
    let mut statement = connection.prepare("SELECT kind, name, order_number, crc FROM names")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (kind, name, order) = (row.get(0)?, row.get_ref(1)?.as_str()?, row.get(2)?);
        if row.get::<_, i64>(3)? != sum(kind, name, order) {
            return Err(Failure::Damage(format!("the name {name:?} is not what was written")));
        }
    }
    Ok(())
}
